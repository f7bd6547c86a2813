/* How often words are said: in each year and in each era, with intervals; for the word explorer and the labs. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { WORLD, interval } = engine;
  const SLICE = 8; // milliseconds of work before the page may answer: a phone takes four times as long

  const rate = (speeches, counts, words) => {
    let said = 0;
    let length = 0;
    for (const speech of speeches) {
      said += counts[speech];
      length += words[speech];
    }
    return { said, length, rate: (1e4 * said) / length };
  };

  // Whole speeches are drawn; where none says the word there is no interval.
  function ends(speeches, counts, words, levels, seed) {
    if (speeches.every((speech) => counts[speech] === 0)) return [null, null];
    const [low, high] = interval(speeches.map((s) => 1e4 * counts[s]), speeches.map((s) => words[s]), levels, seed);
    return [low, high];
  }

  const speechesOf = (index, who) => (who === WORLD ? [...index.words.keys()] : index.byState.get(who));

  // The page stays awake while many speeches are drawn.
  function pacer() {
    let begun = performance.now();
    return async () => {
      if (performance.now() - begun <= SLICE) return;
      await new Promise((resume) => setTimeout(resume));
      begun = performance.now();
    };
  }

  // One point for each year in which somebody spoke.
  async function points(index, counts, who, term) {
    const { words, years } = index;
    const own = speechesOf(index, who);
    const half = who === WORLD ? 0 : (index.window - 1) / 2;
    const found = [];
    const breathe = pacer();
    for (let year = index.span[0]; year <= index.span[1]; year++) {
      await breathe();
      const inYear = own.filter((speech) => years[speech] === year);
      if (!inYear.length) continue;
      const near = half ? own.filter((speech) => Math.abs(years[speech] - year) <= half) : inYear;
      const yearly = rate(inYear, counts, words);
      const [low, high] = ends(near, counts, words, index.levels, `${term}|${who}|${year}`);
      found.push({
        year, speeches: inYear.length, said: yearly.said, words: yearly.length, yearly: yearly.rate,
        drawn: near.length, rate: rate(near, counts, words).rate, low, high,
      });
    }
    return found;
  }

  // The speeches held while an edition was in force, taken together.
  async function eras(index, counts, who, term) {
    const found = [];
    const breathe = pacer();
    for (const [place, [name, first]] of index.eras.entries()) {
      await breathe();
      const last = place + 1 < index.eras.length ? index.eras[place + 1][1] - 1 : index.span[1];
      const own = speechesOf(index, who).filter((s) => index.years[s] >= first && index.years[s] <= last);
      if (!own.length) continue;
      const all = rate(own, counts, index.words);
      const [low, high] = ends(own, counts, index.words, index.levels, `${term}|${who}|${name}`);
      found.push({ name, first: Math.max(first, index.span[0]), last, ...all, low, high, speeches: own.length });
    }
    return found;
  }

  window.manyVectorsExplorer.rates = Object.freeze({ ends, eras, pacer, points, rate, speechesOf });
})();
