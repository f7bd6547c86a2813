/* The word explorer: any word of any state, drawn and tabled in the reader's browser by engine.js. */

(function () {
  "use strict";

  const { engine, parts, rates, vocabulary } = window.manyVectorsExplorer;
  const { DRAWS, WORLD, decimals, edition, number, part, places, toldOf } = engine;
  const { eras, points } = rates;
  const say = sayOf("words"); // its sentences stand in manyvectors/messages/en.json
  const RARE = 5; // speeches: so few are named one by one
  const FEW_YEARS = 3; // so few years are named instead of a height

  const short = (value) => (value === 0 ? "0" : value.toFixed(value >= 9.95 ? 0 : value >= 0.995 ? 1 : 2));
  const columns = (key) => say(key).split("|");

  const rows = (index, series) => series.flatMap(({ name, points }) => points.map((p) => [
    name, String(p.year), decimals(p.rate), decimals(p.low), decimals(p.high), decimals(p.yearly),
    String(p.said), String(p.words), String(p.speeches), String(p.drawn), edition(index, p.year),
  ]));

  function csv(index, term, series, address) {
    const head = [
      say("csv-title", { book: index.book, version: index.version, term }), say("csv-source", { source: index.source }),
      say("csv-line", { window: index.window }), say("csv-intervals", { level: 100 * index.level, draws: DRAWS }),
      say("csv-view", { address }),
    ];
    return engine.sheet(head, columns("year-columns"), rows(index, series));
  }

  const writeHash = (term, who) => `#term=${encodeURIComponent(term)}&who=${who.map(encodeURIComponent).join(",")}`;

  // Words about what is seen ---------------------------------------------------------------------------------------

  const between = (p) => engine.between(p, short);
  const counted = (n) => say("speeches", { n, count: number(n) });

  function inWords(index, term, series) {
    const told = series.map(({ name, who, points }) => {
      const sum = (field) => points.reduce((total, p) => total + p[field], 0);
      const [said, words, speeches] = [sum("said"), sum("words"), sum("speeches")];
      if (!said) return say("never-said", { name, speeches: counted(speeches) });
      // A line over five years would have its height where nobody said it.
      const years = points.filter((p) => p.said).map((p) => p.year);
      if (years.length <= FEW_YEARS) return say("few-years", {
        name, times: say("times", { n: said, count: number(said) }), speeches: counted(speeches), rate: short((1e4 * said) / words), years: years.join(", "),
      });
      const line = [...points].sort((a, b) => a.rate - b.rate);
      const [low, high] = [line[0], line[line.length - 1]];
      const when = who === WORLD ? "in" : "around";
      // With many lines the intervals are left to the table.
      const end = (key, p) => say(`${key}.${when}`, { year: p.year, rate: `${short(p.rate)}${series.length > 2 ? "" : between(p)}` });
      const zeros = points.filter((p) => p.rate === 0).length;
      return say("said", {
        name, times: say("times", { n: said, count: number(said) }), speeches: counted(speeches), rate: short((1e4 * said) / words),
        most: end("highest", high), least: zeros ? say("zeros", { zeros, years: points.length }) : end("lowest", low),
      });
    });
    return `${say("title", { term, from: index.span[0], to: index.span[1] })}\n${told.join("\n")}`;
  }

  // A word of a handful of speeches: which they are.
  function rare(index, counts) {
    const own = [];
    counts.forEach((n, speech) => { if (n) own.push(speech); });
    if (own.length > RARE) return "";
    const which = own.map((s) => `${index.names.get(index.speakers[s])} ${index.years[s]}`).join(", ");
    return `${say(own.length ? "rare" : "rare-none", { speeches: number(counts.length), n: own.length, which })}\n`;
  }

  function atYear(year, series) {
    const told = series.map(({ name, who, points }) => {
      const p = points.find((point) => point.year === year);
      if (!p) return say("no-speech", { name });
      const line = `${short(p.rate)}${between(p)}`;
      return toldOf(name, who === WORLD ? line : say("at-year", { rate: short(p.yearly), line }));
    });
    return engine.inYear(year, told);
  }

  // The page -------------------------------------------------------------------------------------------------------

  let last = null; // what was looked up last: for the table of eras

  const page = {
    opens: (index) => ({ typed: index.first.term, who: index.first.who }),
    first: (index) => index.focus,
    group: (index, view, members) => [
      ...members.filter((code) => index.byState.has(code)), ...(view.who.includes(WORLD) ? [WORLD] : [])],
    read(hash, index) {
      if (hash.term === null && hash.who === null) return null;
      return { typed: hash.term === null ? index.first.term : hash.term };
    },
    hash: (view) => writeHash(view.term, view.who) + (view.apart === null || view.apart === undefined ? "" : `&apart=${Number(view.apart)}`),
    before(view, change) {
      if (change.typed !== undefined) part("term").value = change.typed;
    },
    async answer(index, view, overtaken, show) {
      const found = await vocabulary.resolve(index, view.typed);
      if (overtaken()) return null;
      const instead = (found.instead || []).map((label) => ({ label, change: () => show({ typed: label }), after: part("term") }));
      const reason = found.reason || (view.who.length ? "" : say("pick-state"));
      if (reason) return { reason, instead: found.reason ? instead : [] };
      const order = places(view.who, index.focus);
      const series = [];
      for (const who of view.who) {
        const line = await points(index, found.counts, who, found.term);
        if (overtaken()) return null;
        series.push({ who, name: index.names.get(who), place: order.get(who), points: line });
      }
      view.term = part("term").value = found.term;
      last = found;
      const told = rare(index, found.counts) + inWords(index, found.term, series);
      return {
        key: `${found.term} ${view.who.join(" ")}`, status: found.note ? `${found.note}\n${told}` : told, instead,
        caption: say("caption", { term: found.term }), numbers: say("numbers", { term: found.term }), series,
        frame: { span: index.span, eras: index.eras, atYear: (year) => atYear(year, series) },
        columns: columns("year-columns"), rows: rows(index, series), heads: 1,
        file: `many-vectors_${found.term.replace(/[^\p{L}\p{N}]+/gu, "-")}_${view.who.join("-")}.csv`,
        csv: (address) => csv(index, found.term, series, address),
      };
    },
    async shown(index, view, found, overtaken) {
      const { term, counts } = last;
      const lines = [];
      for (const { who, name } of found.series) {
        for (const era of await eras(index, counts, who, term)) {
          lines.push([name, era.name, String(era.first), String(era.last), decimals(era.rate), decimals(era.low), decimals(era.high),
            String(era.said), String(era.length), String(era.speeches)]);
        }
        if (overtaken()) return;
      }
      part("eras-title").textContent = say("eras", { term });
      engine.fillTable(part("eras"), columns("era-columns"), lines, 1);
    },
    bind({ index, show, safely }) {
      const term = part("term");
      vocabulary.askWord(index, { input: term, list: part("terms"), choose: (typed) => safely(show({ typed })) });
      part("show").addEventListener("click", () => safely(show({ typed: term.value })));
      part("marks").textContent = say("editions", {
        editions: index.editions, years: engine.inWords(index.eras.slice(1).map(([name]) => name), "and"),
      });
      part("size").textContent = say("size", {
        terms: number(index.terms), phrases: number(index.phrases), states: number(index.byState.size),
        speeches: number(index.words.length),
      });
    },
  };

  Object.assign(parts, { points, csv, writeHash });
  engine.start(page, vocabulary.loadIndex);
})();
