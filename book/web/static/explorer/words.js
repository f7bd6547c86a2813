/* The word explorer: any word of any state, drawn and tabled in the reader's browser by engine.js. */

(function () {
  "use strict";

  const { engine, parts } = window.manyVectorsExplorer;
  const { DRAWS, WORLD, decimals, distance, edition, interval, load, number, part, places, plain, toldOf } = engine;
  const say = sayOf("words"); // its sentences stand in manyvectors/messages/en.json
  const SLICE = 8; // milliseconds of work before the page may answer: a phone takes four times as long
  const COMMONER = 30; // times as many speeches: then a word is likelier than the one that was typed
  const ENDING = 4; // letters at most by which a word may go on after the registered part of a phrase
  const RARE = 5; // speeches: so few are named one by one
  const CYRILLIC = /\p{Script=Cyrillic}/u;

  // As manyvectors.text: letters with single inner hyphens or apostrophes. \w of Python knows letters and numbers.
  const LETTER = "[\\p{L}\\p{Nl}\\p{No}]";
  const TOKEN = new RegExp(`${LETTER}+(?:[-'\\u2010\\u2019]${LETTER}+)*`, "gu");

  // Spellings of a name that the data mend are mended in what is typed, too.
  const prepare = (typed, spellings) =>
    spellings.reduce((text, [from, to]) => text.replaceAll(from.toLowerCase(), to.toLowerCase()),
      typed.normalize("NFKC").replace(/[\u00ad\u200b\u2060\ufeff]/g, "").toLowerCase()
        .replace(/\u2019/g, "'").replace(/\u2010/g, "-"))
      .trim().replace(/\s+/g, " ");

  const tokenise = (text, spellings) => prepare(text, spellings).match(TOKEN) || [];

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

  // Speeches are numbered state by state, year by year, as the data pack them.
  async function loadIndex() {
    const index = await load("index");
    const [words, years, speakers, names, byState] = [[], [], [], new Map([[WORLD, say("world")]]), new Map()];
    for (const [code, name, lengths] of index.states) {
      names.set(code, name);
      byState.set(code, []);
      lengths.forEach((length, i) => {
        if (!length) return;
        byState.get(code).push(words.push(length) - 1);
        years.push(index.span[0] + i);
        speakers.push(code);
      });
    }
    return { groups: [], ...index, version: engine.version(), words, years, speakers, names, byState };
  }

  async function lookUp(index, term) {
    let shard = -1;
    while (shard + 1 < index.starts.length && index.starts[shard + 1] <= term) shard++;
    if (shard < 0) return null;
    const [terms, packed] = await load(`terms-${String(shard).padStart(3, "0")}`);
    const at = terms.indexOf(term);
    return at < 0 ? null : parts.unpack(packed[at], index.words.length);
  }

  const known = (index, typed) => {
    const first = typed[0] || "";
    return load(`suggest-${first && index.letters.includes(first) ? first : "other"}`);
  };

  async function beginningWith(index, typed, most) {
    if (!typed) return [];
    const [terms, speeches] = await known(index, typed);
    const found = [];
    for (let i = 0; i < terms.length && found.length < most; i++) {
      if (terms[i].startsWith(typed)) found.push({ value: terms[i], label: terms[i], speeches: speeches[i] });
    }
    return found;
  }

  // Registered phrases that begin with a word.
  async function phrasesNear(index, word) {
    const [terms] = await known(index, word);
    return terms.filter((term) => /[ *]/.test(term) && term.startsWith(word)).slice(0, 6);
  }

  // Words that are spelled nearly so, the nearest and then the most frequent first. Slips in the first letter are rare,
  // and cost a part of the data each: besides its own, only the letter that stands second is looked at.
  async function spelledNearly(index, word) {
    const most = word.length < 5 ? 1 : 2;
    const found = new Map();
    for (const letter of new Set([word[0], word[1] || word[0]])) {
      const [terms, speeches] = await known(index, letter);
      terms.forEach((term, i) => {
        if (term === word || /[ *]/.test(term)) return;
        const steps = distance(word, term, most);
        if (steps < Infinity) found.set(term, { term, steps, speeches: speeches[i] });
      });
    }
    return [...found.values()].sort((a, b) => a.steps - b.steps || b.speeches - a.speeches);
  }

  // Words with as long a beginning in common.
  async function wordsNear(index, word) {
    for (let length = word.length; length > 2; length--) {
      const found = await beginningWith(index, word.slice(0, length), 5);
      if (found.length) return found.map(({ value }) => value);
    }
    return [];
  }

  // What a word of another language is in English: by our table, also where it has another ending, or as a state's name.
  async function inEnglish(index, word) {
    const { aliases, words } = await engine.namesOf();
    const whole = words.filter(([other]) => other === word);
    const stem = (other) => {
      let same = 0;
      while (same < other.length && other[same] === word[same]) same++;
      return same >= 3 && same >= Math.max(other.length, word.length) - 3;
    };
    const found = whole.length ? whole : words.filter(([other]) => stem(other));
    const state = [...aliases].find(([code, others]) => index.names.has(code) && others.some((one) => plain(one) === plain(word)));
    return [...new Set([...found.map(([, english]) => english),
      ...(state ? tokenise(index.names.get(state[0]), index.spellings).slice(-1) : [])])].slice(0, 4);
  }

  // A registered phrase that holds every spelling of what was typed: "multivector" and "Multi-Vector" are "multi-vector*".
  async function registered(index, asked) {
    const bare = (text) => text.replace(/[-\s]/g, "");
    const [terms, speeches] = await known(index, asked);
    const found = terms.map((term, i) => ({ term, speeches: speeches[i] }))
      .filter(({ term }) => {
        const begin = bare(term.slice(0, -1));
        return /[-\s].*\*$/.test(term) && bare(asked).startsWith(begin) && bare(asked).length <= begin.length + ENDING;
      });
    // Of several spellings of one phrase, the one that is found in most speeches.
    return found.length ? found.sort((a, b) => b.speeches - a.speeches)[0].term : null;
  }

  // What can be shown for what was typed: {term, counts, note, instead}, or {reason, instead}.
  async function resolve(index, typed) {
    const asked = prepare(typed, index.spellings);
    if (!asked) return { reason: say("type-word"), instead: [] };
    if (CYRILLIC.test(asked)) {
      const english = await inEnglish(index, asked);
      return english.length
        ? { reason: say("not-english", { word: asked, english: english.join(", ") }), instead: english }
        : { reason: say("not-english-unknown", { word: asked, languages: engine.inWords(index.languages || [], "and") }), instead: [] };
    }
    let counts = await lookUp(index, asked);
    if (counts && counts.some(Boolean)) return { term: asked, counts, ...(await commoner(index, asked, counts)) };
    const tokens = tokenise(asked, index.spellings);
    if (tokens.length && !asked.includes("*")) {
      const phrase = await registered(index, asked);
      if (phrase) return { term: phrase, counts: await lookUp(index, phrase), note: say("spelled-so", { term: phrase }) };
    }
    if (counts) return { term: asked, counts };
    if (!tokens.length) return { reason: say("no-word", { typed: asked }), instead: [] };
    if (tokens.length > 1 || asked.includes("*")) {
      const apart = [...new Set(tokens)].slice(0, 6);
      return {
        reason: tokens.length > 1 ? say("many-words", { typed: asked, phrases: number(index.phrases) }) : say("star", { typed: asked }),
        instead: [...(await phrasesNear(index, tokens[0])), ...apart],
      };
    }
    const [word] = tokens;
    if (word !== asked) {
      counts = await lookUp(index, word);
      if (counts) return { term: word, counts };
    }
    const near = (await spelledNearly(index, word)).slice(0, 5).map(({ term }) => term);
    const floor = say("below-floor", {
      word, floor: index.floor, state: index.focus_name, speeches: number(index.words.length), most: index.floor - 1,
    });
    return {
      reason: near.length ? `${say("did-you-mean", { word, first: near[0] })}\n${floor}` : floor,
      instead: [...new Set([...near, ...(await phrasesNear(index, word)), ...(near.length ? [] : await wordsNear(index, word))])].slice(0, 6),
    };
  }

  // A slip that some speeches have as well: the word that was likely meant is told beside it.
  async function commoner(index, word, counts) {
    if (/[ *]/.test(word) || word.length < 5) return {};
    const speeches = counts.filter(Boolean).length;
    if (speeches > 20) return {};
    const [other] = (await spelledNearly(index, word)).filter(({ steps }) => steps === 1);
    if (!other || other.speeches < COMMONER * speeches) return {};
    return { note: say("commoner", { other: other.term, speeches: number(other.speeches) }), instead: [other.term] };
  }

  // Words about what is seen ---------------------------------------------------------------------------------------

  const between = (p) => engine.between(p, short);
  const counted = (n) => say("speeches", { n, count: number(n) });

  function inWords(index, term, series) {
    const told = series.map(({ name, who, points }) => {
      const sum = (field) => points.reduce((total, p) => total + p[field], 0);
      const [said, words, speeches] = [sum("said"), sum("words"), sum("speeches")];
      if (!said) return say("never-said", { name, speeches: counted(speeches) });
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
      const found = await resolve(index, view.typed);
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
      engine.combobox(term, part("terms"),
        async (typed) => (await beginningWith(index, prepare(typed, index.spellings), 8))
          .map((found) => ({ ...found, note: say("in-speeches", { n: found.speeches, count: number(found.speeches) }) })),
        (option) => safely(show({ typed: option ? option.value : term.value })));
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

  Object.assign(parts, { prepare, tokenise, points, csv, writeHash });
  engine.start(page, loadIndex);
})();
