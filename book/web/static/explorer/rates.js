/* How often words are said: in each year and in each era, with intervals; for the word explorer and the labs. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { WORLD, interval } = engine;

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
  async function ends(speeches, counts, words, levels, seed) {
    if (speeches.every((speech) => counts[speech] === 0)) return [null, null];
    return interval(speeches.map((s) => 1e4 * counts[s]), speeches.map((s) => words[s]), levels, seed);
  }

  const speechesOf = (index, who) => (who === WORLD ? [...index.words.keys()] : index.byState.get(who));

  // One point for each year in which somebody spoke.
  async function points(index, counts, who, term) {
    const { words, years } = index;
    const own = speechesOf(index, who);
    const half = who === WORLD ? 0 : (index.window - 1) / 2;
    const found = [];
    for (let year = index.span[0]; year <= index.span[1]; year++) {
      await engine.breathe();
      const inYear = own.filter((speech) => years[speech] === year);
      if (!inYear.length) continue;
      const near = half ? own.filter((speech) => Math.abs(years[speech] - year) <= half) : inYear;
      const yearly = rate(inYear, counts, words);
      const [low, high] = await ends(near, counts, words, index.levels, `${term}|${who}|${year}`);
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
    for (const [place, [name, first]] of index.eras.entries()) {
      await engine.breathe();
      const last = place + 1 < index.eras.length ? index.eras[place + 1][1] - 1 : index.span[1];
      const own = speechesOf(index, who).filter((s) => index.years[s] >= first && index.years[s] <= last);
      if (!own.length) continue;
      const all = rate(own, counts, index.words);
      const [low, high] = await ends(own, counts, index.words, index.levels, `${term}|${who}|${name}`);
      found.push({ name, first: Math.max(first, index.span[0]), last, ...all, low, high, speeches: own.length });
    }
    return found;
  }

  window.manyVectorsExplorer.rates = Object.freeze({ ends, eras, points, rate, speechesOf });
})();
