/* The effective number of vectors in what a state names, by a map of the reader's own: its interval, and its rank among all states.
As manyvectors.vectors.diversity and compare_states; no page needed. */

(function () {
  "use strict";

  const { parts } = window.manyVectorsExplorer;
  const { generator } = window.manyVectorsLab;
  const [DRAWS, SEED] = [2000, 0]; // as vectors.diversity

  // Which places each speech names, and how often: [place, times, place, times ...]; and whose speech it is.
  function read(held) {
    const [years, rows] = [[], new Map()];
    for (const [code, , packed] of held.states) {
      let year = held.span[0];
      rows.set(code, [...parts.unpackNumbers(packed)].map((step) => years.push((year += step)) - 1));
    }
    const speeches = years.map(() => []);
    held.counts.forEach((packed, place) => {
      parts.unpack(packed, years.length).forEach((times, speech) => { if (times) speeches[speech].push(place, times); });
    });
    return { ...held, years, rows, speeches, names: new Map(held.states) };
  }

  // The speeches of a state in a period, from its first year to the year before the next.
  function spoken(data, who, period) {
    const at = data.eras.findIndex(([name]) => name === period);
    const [first, after] = at < 0 ? [-Infinity, Infinity] : [data.eras[at][1], at + 1 < data.eras.length ? data.eras[at + 1][1] : Infinity];
    return data.rows.get(who).filter((speech) => data.years[speech] >= first && data.years[speech] < after);
  }

  // Mentions of vectors in some speeches. `map`: the vector of each place by number, -1 for none.
  function sums(data, map, vectors, speeches) {
    const found = new Float64Array(vectors);
    for (const speech of speeches) {
      const named = data.speeches[speech];
      for (let i = 0; i < named.length; i += 2) if (map[named[i]] >= 0) found[map[named[i]]] += named[i + 1];
    }
    return found;
  }

  const total = (counts) => counts.reduce((sum, n) => sum + n, 0);

  // As manyvectors.rhetoric.effective_number, without a correction.
  function effective(counts) {
    const all = total(counts);
    if (!all) return NaN;
    let entropy = 0;
    for (const n of counts) if (n) entropy -= (n / all) * Math.log(n / all);
    return Math.exp(entropy);
  }

  /* The same of `size` names drawn from them without putting back, in the mean over all draws. The number of one draw is
     size times the product of n ** (-n / size) over the vectors, so the mean is a coefficient of a product of polynomials:
     exact, where vectors.compare_states(thin=size) draws some hundred times. */
  function thinned(counts, size) {
    const all = total(counts);
    if (all < size) return NaN;
    let product = new Float64Array(size + 1);
    product[0] = 1;
    for (const have of counts) {
      if (!have) continue;
      const [next, ways] = [new Float64Array(size + 1), new Float64Array(Math.min(have, size) + 1)];
      ways[0] = 1;
      for (let n = 1, choose = 1; n < ways.length; n++) {
        choose *= (have - n + 1) / n;
        ways[n] = choose * n ** (-n / size);
      }
      for (let i = 0; i <= size; i++) for (let n = 0; product[i] && n < ways.length && i + n <= size; n++) next[i + n] += product[i] * ways[n];
      product = next;
    }
    let choices = 1;
    for (let n = 1; n <= size; n++) choices *= (all - n + 1) / n;
    return (size * product[size]) / choices;
  }

  /* How often each of some speeches is drawn in each resample: the stream of numpy that the package takes, so the same draws.
     They hang on the number of speeches alone and are kept, so that an interval answers while a place is carried. */
  const kept = new Map();
  function drawn(size) {
    if (!kept.has(size)) {
      const random = generator(SEED);
      const times = new Uint8Array(DRAWS * size);
      for (let draw = 0; draw < DRAWS; draw++) for (let i = 0; i < size; i++) times[draw * size + random.below(size)] += 1;
      kept.set(size, times);
    }
    return kept.get(size);
  }

  // The effective number of vectors in some speeches, with its interval: as vectors.diversity.
  function diversity(data, map, vectors, speeches) {
    const used = new Set(map.filter((vector) => vector >= 0)).size;
    const whole = sums(data, map, vectors, speeches);
    const found = { value: effective(whole), low: null, high: null, speeches: speeches.length, named: total(whole), whole };
    const size = speeches.length;
    if (size < 2 || !found.named) return found;
    const own = speeches.map((speech) => sums(data, map, vectors, [speech]));
    const [times, draws, sum] = [drawn(size), [], new Float64Array(vectors)];
    for (let draw = 0; draw < DRAWS; draw++) {
      sum.fill(0);
      for (let i = 0; i < size; i++) {
        const often = times[draw * size + i];
        for (let vector = 0; often && vector < vectors; vector++) sum[vector] += often * own[i][vector];
      }
      const number = effective(sum);
      if (!Number.isNaN(number)) draws.push(number);
    }
    // A draw misses about as many vectors as the speeches themselves do: it is moved up by twice that.
    const bias = total(draws) / draws.length - found.value;
    draws.sort((a, b) => a - b);
    const tail = (1 - data.levels[size - 2]) / 2;
    const end = (share) => Math.min(Math.max(parts.percentile(draws, share) - 2 * bias, 1), used);
    [found.low, found.high] = [Math.min(end(tail), found.value), Math.max(end(1 - tail), found.value)];
    return found;
  }

  // Where a state stands among all others in a period: as vectors.compare_states.
  function ranked(data, map, vectors, period, thin) {
    const states = [];
    for (const code of data.rows.keys()) {
      const speeches = spoken(data, code, period);
      if (!speeches.length) continue;
      const whole = sums(data, map, vectors, speeches);
      const value = thin ? thinned(whole, data.thin) : effective(whole);
      if (!Number.isNaN(value)) states.push({ code, value, named: total(whole), speeches: speeches.length });
    }
    states.sort((a, b) => b.value - a.value || (a.code < b.code ? -1 : 1));
    for (const state of states) {
      const [above, same] = [states.filter((one) => one.value > state.value).length, states.filter((one) => one.value === state.value).length];
      const others = states.length - 1;
      Object.assign(state, { rank: above + 1, others, lower: others ? (others - above - (same - 1) / 2) / others : NaN });
    }
    return states;
  }

  Object.assign(parts, { effective, thinned });
  window.manyVectorsDiversity = Object.freeze({ DRAWS, diversity, effective, ranked, read, spoken, sums, total });
})();
