/* A dictionary of the reader's own: its hits over time, the speeches that it covers, what else it catches, and whether it says
anything that not everybody says; counted as manyvectors.rhetoric.Dictionary counts all states' speeches. */

(function () {
  "use strict";

  const { engine, parts, vocabulary, rates } = window.manyVectorsExplorer;
  const { joined, once, Unclear } = window.manyVectorsOverlaps;
  const lab = window.manyVectorsLab;
  const { WORLD, make, number, part, press } = engine;
  const say = sayOf("labs.build-a-dictionary"); // its sentences stand in manyvectors/messages/en.json
  const MOST = 40; // entries
  const WIDE = 80; // words that a star may stand for
  const STEM = 3; // letters before a star, at least
  const HALF = 0.5; // of the states: as Dictionary.commonplaces
  const NEARLY = 0.9; // of the speeches: nearly every one
  const [DRAWS, SEED] = [1000, 0];

  // Counts ---------------------------------------------------------------------------------------------------------------

  const ENTRY = /^(?=.*[\p{L}\p{N}])[\p{L}\p{N}*'][\p{L}\p{N} *'.,&/+-]*$/u;
  const EDGE = "[\\p{L}\\p{N}_-]";
  const INNER = "[\\p{L}\\p{N}_-]*";
  const escaped = (text) => text.replace(/[.+?^${}()|[\]\\/]/g, "\\$&");
  const expression = (entry) => new RegExp(`(?<!${EDGE})${escaped(entry).replace(/\*+/g, `${INNER}?`)}(?!${EDGE})`, "gu");

  let ready = null;
  const load = () => (ready = read());
  async function read() {
    const [held, index] = await Promise.all([engine.load("build-a-dictionary"), vocabulary.loadIndex()]);
    const { years, words, byState } = index;
    const apart = new Set(held.apart);
    const listed = held.apart.filter((entry) => !isToken(index, entry));
    return { ...held, index, years, words, byState, apart, listed, book: new Map(held.book), plain: new Map() };
  }

  // Whether whatever an entry matches is one token.
  function isToken(index, entry) {
    const filled = entry.replace(/\*/g, "a");
    const tokens = vocabulary.tokenise(filled, index.spellings);
    return tokens.length === 1 && tokens[0] === filled;
  }

  // How often an entry stands in each speech, inside others or not; null for one that is not counted.
  async function occurrences(data, entry) {
    if (!data.plain.has(entry)) {
      const packed = Object.hasOwn(data.counts, entry) ? data.counts[entry] : null;
      const found = packed !== null ? parts.unpack(packed, data.words.length)
        : isToken(data.index, entry) ? await ofWords(data, entry) : data.apart.has(entry) ? await vocabulary.lookUp(data.index, entry) : null;
      if (!found) return null;
      data.plain.set(entry, found);
    }
    return data.plain.get(entry);
  }

  // An entry of one word is looked for among the words, as if they were a text: "state" also stands in "state's".
  async function ofWords(data, entry) {
    const { index } = data;
    const stem = entry.split("*")[0];
    const starred = stem !== entry;
    if (starred && stem.length < STEM) throw new Unclear(say("short-stem", { entry, n: STEM }));
    const near = starred ? (await vocabulary.beginningWith(index, stem, Infinity)).map(({ value }) => value) : [entry, `${entry}'s`];
    const sought = expression(entry);
    const terms = [...new Set([...near, ...data.odd])].filter((term) => !data.apart.has(term))
      .map((term) => [term, [...term.matchAll(sought)].length]).filter(([, n]) => n);
    if (terms.length > WIDE) throw new Unclear(say("too-wide", { entry, n: terms.length, most: WIDE }));
    const sum = new Uint32Array(data.words.length);
    let any = false;
    for (const [term, n] of terms) {
      const counts = await vocabulary.lookUp(index, term);
      if (!counts) continue;
      any = true;
      counts.forEach((count, speech) => { sum[speech] += n * count; });
    }
    return any ? sum : null;
  }

  // What each entry of a dictionary counts in each speech, and all together.
  async function count(data, entries) {
    const plain = new Map();
    for (const entry of [...entries, ...joined(entries).map(([phrase]) => phrase)]) {
      const found = await occurrences(data, entry);
      if (!found) throw new Unclear(say(entries.includes(entry) ? "not-counted" : "overlap-unknown", { entry }));
      plain.set(entry, found);
      await engine.breathe();
    }
    const each = once(entries, plain);
    const all = new Int32Array(data.words.length);
    for (const counts of each) counts.forEach((n, speech) => { all[speech] += n; });
    return { each, all };
  }

  const sum = (counts, speeches) => speeches.reduce((total, speech) => total + counts[speech], 0);
  const having = (counts, speeches) => speeches.filter((speech) => counts[speech]).length;
  const everyone = (data) => [...data.words.keys()];

  // Hits, rate and covered speeches of every state, the highest rate first.
  function states(data, counts) {
    return [...data.byState].map(([code, speeches]) => {
      const hits = sum(counts, speeches);
      return { code, hits, words: sum(data.words, speeches), speeches: speeches.length, covered: having(counts, speeches), rate: (1e4 * hits) / sum(data.words, speeches) };
    }).sort((a, b) => b.rate - a.rate || (a.code < b.code ? -1 : 1));
  }

  // The part of all other states whose rate is lower: as Dictionary.separates.
  function lower(table, who) {
    const own = table.find(({ code }) => code === who).rate;
    const others = table.filter(({ code }) => code !== who);
    return others.filter(({ rate }) => rate < own - 1e-12).length / others.length;
  }

  const kept = new Map(); // draws by the sizes of what is drawn
  async function drawn(sizes) {
    const key = sizes.join(" ");
    if (!kept.has(key)) {
      const [random, found] = [lab.generator(SEED), []];
      for (const size of sizes) {
        const times = new Uint8Array(DRAWS * size);
        for (let draw = 0; draw < DRAWS; draw++) {
          for (let i = 0; i < size; i++) times[draw * size + random.below(size)] += 1;
          await engine.breathe();
        }
        found.push(times);
      }
      kept.set(key, found);
    }
    return kept.get(key);
  }

  /* How many times as often as its neighbours, and as all others, a state says it, with intervals: as Dictionary.separates
     with as many draws. Its speeches are drawn, those of each neighbour, and all other states as wholes. */
  async function separates(data, counts, who) {
    if (!data.near.length || who !== data.index.focus) return null;
    const speeches = (code) => data.byState.get(code).map((speech) => [counts[speech], data.words[speech]]);
    const rest = [...data.byState.keys()].filter((code) => code !== who && !data.near.includes(code)).sort()
      .map((code) => [sum(counts, data.byState.get(code)), sum(data.words, data.byState.get(code))]);
    const groups = [speeches(who), ...data.near.map(speeches), rest];
    const times = await drawn(groups.map((group) => group.length));
    const drawnSum = (at, draw, column) => groups[at].reduce((total, one, i) => total + times[at][draw * groups[at].length + i] * one[column], 0);
    const wholeSum = (at, _, column) => groups[at].reduce((total, one) => total + one[column], 0);
    const last = groups.length - 1;
    const ratios = (of, draw) => {
      const rate = (...at) => [0, 1].map((column) => at.reduce((total, group) => total + of(group, draw, column), 0)).reduce((top, bottom) => (1e4 * top) / bottom);
      const [own, near, world] = [rate(0), rate(...data.near.map((_, i) => i + 1)), rate(last)];
      return { own, near, world, ratios: [own / near, own / world] };
    };
    const whole = ratios(wholeSum, 0);
    const draws = [];
    for (let draw = 0; draw < DRAWS; draw++) {
      draws.push(ratios(drawnSum, draw).ratios);
      await engine.breathe();
    }
    const tail = (1 - data.levels[groups[0].length - 2]) / 2;
    const ends = [0, 1].map((which) => {
      const known = draws.map((draw) => draw[which]).filter((ratio) => !Number.isNaN(ratio)).sort((a, b) => a - b);
      return known.length ? [tail, 1 - tail].map((share) => known[Math.round(share * (known.length - 1))]) : [null, null];
    });
    const apart = ends.every(([low]) => low > 1) || ends.every(([, high]) => high !== null && high < 1);
    const said = whole.own > 0 && whole.near > 0 && whole.world > 0;
    return { ...whole, ends, verdict: said ? (apart ? "yes" : "no") : "unknown" };
  }

  // The page -----------------------------------------------------------------------------------------------------------

  const short = (value) => (value === null || Number.isNaN(value) ? "" : !Number.isFinite(value) ? "∞" : value === 0 ? "0" : value.toFixed(value >= 9.95 ? 0 : value >= 0.995 ? 1 : 2));
  const exact = (value) => (value === null || value === undefined || Number.isNaN(value) ? "" : Number.isFinite(value) ? value.toFixed(4) : "infinite");
  const percent = (share) => (100 * share).toFixed(0);
  const columns = (key) => say(key).split("|");
  const tidy = (data, typed) => vocabulary.prepare(typed, data.index.spellings);
  const nameOf = (data, code) => data.index.names.get(code);

  // The category of the book with the fewest entries: a short list to begin with.
  const opening = (data) => [...data.book.values()].sort((a, b) => a.length - b.length)[0] || [];

  function build(it) {
    const { data, form } = it;
    const word = lab.suggested({ label: say("add"), note: say("add-note", { phrases: number(data.listed.length) }) });
    const who = lab.suggested({ label: say("state"), most: 60 });
    const start = lab.choice({ label: say("start"), value: "", options: [["", say("choose")], ...[...data.book.keys()].map((name, i) => [name, data.told[i]]), ["none", say("empty")]],
      change: (name) => {
        if (name) it.set({ words: name === "none" ? [] : data.book.get(name) }).then(() => put(it));
        start.put("");
      } });
    const fields = make("div", undefined, { class: "explorer-fields" });
    fields.append(word.box, who.box, start.box);
    const line = make("div", undefined, { class: "explorer-row" });
    word.input.replaceWith(line);
    line.append(word.input, press(say("add-button"), () => add(it, word.input.value), { id: "lab-add" }));
    const chips = make("ul", undefined, { class: "explorer-chips", "aria-label": say("entries") });
    form.append(fields, chips,
      lab.row(press(say("save"), () => save(it))),
      lab.askFiles({ label: say("read"), accept: ".yml,.yaml,.txt", several: false, note: say("read-note"), read: ([file]) => open(it, file) }));
    vocabulary.askWord(data.index, { input: word.input, list: word.list, choose: (typed) => add(it, typed) });
    engine.askState(data.index, { input: who.input, list: who.list, groups: [],
      tell: (said, offered) => it.tell(said, (offered || []).map(({ label, change }) => ({ label, act: change }))),
      add: (code) => (code === WORLD ? undefined : it.set({ who: code }).then(() => put(it))) });
    it.controls = { chips, who, word };
    put(it);
  }

  function put(it) {
    const { word, who } = it.controls;
    who.input.placeholder = nameOf(it.data, it.state.who);
    it.controls.chips.replaceChildren(...it.state.words.map((entry) => {
      const chip = make("li");
      chip.append(make("span", entry), press("×", () => {
        it.set({ words: it.state.words.filter((other) => other !== entry) });
        put(it);
        word.input.focus();
      }, { "aria-label": say("remove", { entry }) }));
      return chip;
    }));
  }

  // An entry is taken if it can be counted; else the reader is told why, and what could be.
  async function add(it, typed) {
    const { data, state } = it;
    const entry = tidy(data, typed);
    const said = (text, instead = []) => it.tell(text, instead.map((label) => ({ label, act: () => add(it, label) })));
    try {
      if (!entry) return said(say("type"));
      if (!ENTRY.test(entry)) return said(say("no-entry", { entry }));
      if (state.words.includes(entry)) return said(say("there-already", { entry }));
      if (state.words.length >= MOST) return said(say("too-many", { most: MOST }));
      if (!(await occurrences(data, entry))) {
        const found = await vocabulary.resolve(data.index, entry);
        if (!found.reason && found.term !== entry) return said(say("spelled-so", { entry }), [found.term]);
        return said(found.reason || say("not-counted", { entry }), found.instead);
      }
      await count(data, [...state.words, entry]);
    } catch (error) {
      return said(error.message);
    }
    it.controls.word.input.value = "";
    it.set({ words: [...it.state.words, entry] });
    return put(it);
  }

  // Files: YAML as quanteda and rhetoric.Dictionary.read take it -----------------------------------------------------

  function save(it) {
    const quoted = (entry) => (/[*:#'&,]|^[-0-9]/.test(entry) ? `"${entry}"` : entry);
    lab.save("my-dictionary.yml", [`# ${say("file-use")}`, `# ${part("link").value}`, "mine:", ...it.state.words.map((entry) => `  - ${quoted(entry)}`), ""].join("\n"), "text/yaml;charset=utf-8");
  }

  async function open(it, { name, text }) {
    const found = new Map();
    let category = name;
    for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
      const [, heading] = line.match(/^([^\s#-][^:#]*):\s*(?:#.*)?$/) || [];
      const [, entry] = line.match(/^\s*-\s+(.+?)\s*(?:\s#.*)?$/) || [];
      if (heading) category = heading.replace(/^["']|["']$/g, "");
      if (entry) found.set(category, [...(found.get(category) || []), tidy(it.data, entry.replace(/^(["'])(.*)\1$/, "$2"))]);
    }
    if (!found.size) return it.tell(say("no-list", { file: name }));
    const take = async ([, entries]) => {
      const taken = [];
      const left = [];
      for (const entry of new Set(entries)) {
        const known = taken.length < MOST && ENTRY.test(entry) && (await occurrences(it.data, entry).catch(() => null));
        (known ? taken : left).push(entry);
      }
      await it.set({ words: taken });
      put(it);
      if (left.length) it.tell(`${part("status").textContent}\n${say("left-out", { n: left.length, entries: left.join(", ") })}`);
    };
    if (found.size === 1) return take([...found][0]);
    return it.tell(say("which", { file: name }), [...found].map((one) => ({ label: one[0], act: () => take(one) })));
  }

  // What is shown ------------------------------------------------------------------------------------------------------

  async function show(it, overtaken) {
    const { data, state } = it;
    const { index } = data;
    if (!state.words.length) return { reason: say("no-entries") };
    let found;
    try {
      found = await count(data, state.words);
    } catch (error) {
      if (error instanceof Unclear) return { reason: error.message };
      throw error;
    }
    const seed = state.words.join("|");
    const series = [];
    for (const [place, who] of [state.who, WORLD].entries()) {
      if (overtaken()) return null;
      series.push({ who, name: nameOf(data, who), place, points: await rates.points(index, found.all, who, seed) });
    }
    const rows = [];
    for (const who of [state.who, WORLD]) {
      for (const era of [...(await rates.eras(index, found.all, who, seed)), null]) {
        const speeches = rates.speechesOf(index, who).filter((speech) => !era || (index.years[speech] >= era.first && index.years[speech] <= era.last));
        const covered = having(found.all, speeches);
        const ends = era ? [] : await rates.ends(speeches, found.all, data.words, index.levels, `${seed}|${who}`);
        const whole = era || { name: say("all"), first: index.span[0], last: index.span[1], said: sum(found.all, speeches), length: sum(data.words, speeches),
          rate: (1e4 * sum(found.all, speeches)) / sum(data.words, speeches), low: ends[0], high: ends[1] };
        rows.push([nameOf(data, who), whole.name, String(whole.first), String(whole.last), String(whole.said), exact(whole.rate), exact(whole.low), exact(whole.high),
          String(speeches.length), String(covered), exact(covered / speeches.length)]);
      }
    }
    const table = states(data, found.all);
    const ratio = await separates(data, found.all, state.who);
    if (overtaken()) return null;
    const own = table.find(({ code }) => code === state.who);
    const test = tested(data, state, found, table, ratio);
    const name = nameOf(data, state.who);
    const all = everyone(data);
    return {
      status: [
        say("answer", { state: name, n: own.hits, hits: number(own.hits), covered: own.covered, speeches: own.speeches, share: percent(own.covered / own.speeches), rate: short(own.rate) }),
        say("world", { hits: number(sum(found.all, all)), share: percent(having(found.all, all) / all.length) }), test.said].join("\n"),
      caption: say("caption", { state: name, n: state.words.length }), marks: say("marks"),
      table: { caption: say("numbers", { state: name }), columns: columns("columns"), rows, heads: 1 },
      more: [{ caption: say("test-title"), columns: columns("test-columns"), rows: test.rows }, await entriesTable(data, state, found), caughtTable(data, table, own),
        await bookTable(data, state, found)], file: `many-vectors_dictionary_${state.who}.csv`,
      head: [say("head-source", { source: index.source }), say("head-entries", { entries: state.words.join("; ") }), say("head-interval", { level: 100 * index.level, draws: engine.DRAWS })],
      series,
    };
  }

  // Does it say anything that not everybody says?
  function tested(data, state, found, table, ratio) {
    const name = nameOf(data, state.who);
    const less = lower(table, state.who);
    const all = everyone(data);
    const share = having(found.all, all) / all.length;
    const ever = table.filter(({ hits }) => hits).length / table.length;
    const rows = [
      [say("test-ever"), `${percent(ever)}%`, say(ever >= HALF ? "common" : "rare")],
      [say("test-often", { state: name }), `${percent(1 - less)}%`, say(1 - less >= HALF ? "common" : "rare")],
      [say("test-speeches"), `${percent(share)}%`, say(share >= NEARLY ? "common" : "rare")],
    ];
    if (ratio) {
      for (const [key, i] of [["near", 0], ["world", 1]]) {
        const [low, high] = ratio.ends[i];
        rows.push([say(`test-${key}`, { state: name }), low === null ? short(ratio.ratios[i]) : say("times", { times: short(ratio.ratios[i]), low: short(low), high: short(high) }),
          say(low !== null && (low > 1 || high < 1) ? "apart" : "not-apart")]);
      }
    }
    const key = !found.all.some(Boolean) || !table.find(({ code }) => code === state.who).hits ? "silent" : share >= NEARLY || 1 - less >= HALF ? "boilerplate"
      : ratio && ratio.verdict === "yes" ? "separates" : "between";
    return { rows, said: say(`verdict.${key}`, { state: name, share: percent(share), often: percent(1 - less), lower: percent(less) }), less, ever, share };
  }

  // What each entry brings in, and whether it is a commonplace: as Dictionary.coverage and Dictionary.commonplaces.
  async function entriesTable(data, state, found) {
    const [all, ours] = [everyone(data), data.byState.get(state.who)];
    const hits = sum(found.all, all);
    const rows = [];
    for (const [i, entry] of state.words.entries()) {
      await engine.breathe();
      const counts = found.each[i];
      const ever = [...data.byState.values()].filter((speeches) => having(counts, speeches)).length / data.byState.size;
      const total = sum(counts, all);
      rows.push([entry, String(sum(counts, ours)), String(total), String(having(counts, all)), hits ? exact(total / hits) : "", exact(ever), say(ever >= HALF ? "yes" : "no")]);
    }
    return { caption: say("entries-title", { state: nameOf(data, state.who) }), columns: columns("entries-columns"), rows };
  }

  const caughtTable = (data, table, own) => ({
    caption: say("caught-title", { state: nameOf(data, own.code), rank: table.indexOf(own) + 1 }), columns: columns("caught-columns"), heads: 1,
    rows: table.map((one, i) => [String(i + 1), nameOf(data, one.code), exact(one.rate), String(one.hits), String(one.speeches), String(one.covered),
      exact(one.covered / one.speeches)]),
  });

  // The same numbers of the book's own categories, and how many of the reader's speeches each of them hits as well.
  async function bookTable(data, state, found) {
    const all = everyone(data);
    const rows = [];
    for (const [at, [name, entries]] of [["", state.words], ...data.book].entries()) {
      const counts = at ? (await count(data, entries)).all : found.all;
      await engine.breathe();
      const theirs = states(data, counts);
      const here = theirs.find(({ code }) => code === state.who);
      const both = all.filter((speech) => found.all[speech] && counts[speech]).length;
      rows.push([at ? data.told[at - 1] : say("mine"), String(entries.length), String(here.hits), exact(here.rate), exact(here.covered / here.speeches),
        exact(having(counts, all) / all.length), exact(lower(theirs, state.who)), exact(both / having(found.all, all))]);
    }
    return { caption: say("book-title", { state: nameOf(data, state.who) }), columns: columns("book-columns"), rows };
  }

  let plots = [];
  function draw(it, stage, width, { series }) {
    plots.forEach((plot) => plot.destroy());
    const holder = make("div", undefined, { class: "explorer-chart", role: "img", "aria-labelledby": "explorer-caption", "aria-describedby": "explorer-status" });
    const readout = make("p", say("point"), { class: "explorer-readout", "data-empty": say("point") });
    stage.replaceChildren(holder, readout);
    const told = (year) => engine.inYear(year, series.map(({ name, points }) => {
      const at = points.find((point) => point.year === year);
      return engine.toldOf(name, at ? `${short(at.rate)}${engine.between(at, short)}` : say("no-speech"));
    }));
    plots = engine.charts({ span: it.data.index.span, eras: it.data.index.eras, atYear: told }, holder, series, readout, false);
  }

  const fields = (data) => ({
    who: lab.oneOf(data.index.focus, [...data.byState.keys()]),
    words: { first: opening(data), write: (words) => words.join("|"),
      read: (text) => [...new Set(text.split("|").map((typed) => tidy(data, typed)).filter((entry) => ENTRY.test(entry)))].slice(0, MOST) },
  });

  Object.assign(parts, { countEntries: async (entries) => count(await ready, entries) });
  lab.start({ load, fields, build, show, draw, put });
})();
