/* The views of a state: what each says and draws of the rows of its record (records.js); what could not be worked out has a
reason instead. */

(function () {
  "use strict";

  const { engine, records, rows: drawn, world } = window.manyVectorsExplorer;
  const { load, make, number, root } = engine;
  const { COLUMNS, cell, digits, ends, lines, only, pointsOf, rowsOf, share, tenths, times, whole, years } = records;
  const say = sayOf("state");
  const MOST = 10; // rows of a chart; the table has all
  const REGION = "region"; // a part of the world among the powers
  const FEWER = 5; // of them, words said less
  const TOLD = 5; // words that a sentence tells
  let index = null;

  // What every view tells --------------------------------------------------------------------------------------------

  // Why a number is not there: sentences, each reason once, with what it concerns.
  function reasonsOf(data, view, wanted = () => true) {
    const found = new Map();
    for (const [where, measure, part, year, why] of data.missing) {
      if (where !== view || !wanted({ measure, part, year })) continue;
      const group = found.get(why) || found.set(why, new Map()).get(why);
      const about = group.get(measure) || group.set(measure, { parts: new Set(), when: new Set() }).get(measure);
      if (part) about.parts.add(part);
      if (year) about.when.add(years(year));
    }
    return [...found].map(([why, group]) => {
      const told = [...group].map(([measure, { parts, when }]) => {
        const named = [...parts].map((part) => (part === REGION ? say("its-region") : called(part))).join(", ") || say("any");
        const what = view !== "breaks" ? say(`measure-${view}-${measure}`, { part: named })
          : measure === "topic" ? say("followed-topics", { n: parts.size }) : say(`followed-${measure}`, { part: named });
        return when.size ? say("in-years", { what, years: [...when].join(", ") }) : what;
      }).join("; ");
      return say("because", { what: opened(told), why: say(`why.${why}`) });
    });
  }

  // Places that are named and have no record; the others of them are known by their names.
  const OTHERS = new Map(say("called").split("|").map((told) => told.split("=")));
  const called = (code) => index.names.get(code) || OTHERS.get(code) || index.places.get(code) || code;
  // As a sentence has it: "the United States".
  const ARTICLE = new Set(say("with-article").split("|"));
  const inText = (code) => (ARTICLE.has(code) ? say("article", { name: called(code) }) : called(code));
  const opened = (sentence) => sentence.replace(/^./u, (letter) => letter.toUpperCase());
  // How many of the other states have more, or do more of what a sentence says of this one.
  const above = (row, key = "place", more = {}) => (row.rank === null ? "" : say(key, { n: row.rank - 1, others: row.of - 1, ...more }));

  // A list whose first entry says in words what its number is; the others have it alone.
  const inWords = (rows, first, then) => rows.map((row, i) => (i ? then : first)(row)).join(", ");

  const columns = (more = []) => [...COLUMNS, ...more].map((key) => say(`column-${key}`));

  // What the table of a view holds: every row of it, as the CSV of all states has it.
  function tableOf(data, view, more = []) {
    const names = Object.keys(data.tables).filter((name) => name.startsWith(`${view}.`));
    const rows = names.flatMap((name) => rowsOf(data, name).map((row) => [
      name.slice(view.length + 1), cell(row.part), cell(row.year), ...[...COLUMNS.slice(3), ...more].map((key) => cell(row[key])),
    ]));
    return rows.length ? { columns: columns(more), rows, heads: 0 } : null;
  }

  const view = (key, { leads = true, choices = [], scale = null, ...rest }) =>
    ({ key, leads, choices, scale, title: say(`title-${key}`), about: say(`about-${key}`), ...rest });
  // `leads`: what the summary tells of a view; the first sentence unless it is said.
  const found = (data, key, { sentences = [], leads, figures = [], reasons = [], more = [] }) => ({
    sentences: sentences.filter(Boolean).map(opened),
    leads: (leads ?? [sentences.find(Boolean)]).filter(Boolean).map(opened),
    figures,
    table: tableOf(data, key, more),
    reasons: figures.length || reasons.length ? reasons : [say("nothing")],
    rests: say(`rests-${key}`, { grade: data.grade || "A" }),
  });

  // The views ---------------------------------------------------------------------------------------------------------

  const RANKS = ["head of state", "head of government", "minister", "representative", "unknown"];
  const rankOf = (rank) => (rank === "deputy minister" ? "minister" : rank); // one shade for both
  const speeches = view("speeches", {
    scale: (several) => [0, 1.05 * Math.max(...several.flatMap((data) => rowsOf(data, "speeches.speech").map((row) => row.estimate)), ...Object.values(index.lengths).flat())],
    make(data, { scale, names }) {
      const each = rowsOf(data, "speeches.speech");
      const [count, length, heads] = ["count", "length", "heads"].map((name) => only(data, `speeches.${name}`));
      const byYear = new Map(each.map((row) => [Number(row.year), row]));
      const all = [];
      for (let year = index.span[0]; year <= index.span[1]; year++) {
        const row = byYear.get(year);
        all.push([year, row ? rankOf(row.part) : null, row ? say("speech", { year, rank: say(`rank-${row.part.replaceAll(" ", "-")}`), words: number(row.estimate) }) : say("speech-none", { year })]);
      }
      const shown = each.map((row) => ({ year: Number(row.year), rate: row.estimate, low: null, high: null }));
      const usually = Object.entries(index.lengths).map(([year, [low, rate, high]]) => ({ year: Number(year), rate, low, high }));
      const name = inText(data.code);
      return found(data, "speeches", {
        sentences: [
          count && say("said-speeches", { name, n: count.estimate, from: index.span[0], to: index.span[1], years: index.span[1] - index.span[0] + 1, place: above(count) }),
          heads && say("said-heads", { share: share(heads.estimate), interval: ends(heads, share), place: above(heads) }),
          length && say("said-length", { words: number(Math.round(length.estimate)), interval: ends(length), place: above(length) }),
        ],
        figures: each.length ? [
          { caption: say("chart-ranks"), body: drawn.squares(all, new Map(RANKS.map((rank) => [rank, say(`rank-${rank.replaceAll(" ", "-")}`)])), say("chart-ranks-alt", { name, n: each.length })) },
          { caption: say("chart-lengths"), ...lines([{ who: engine.WORLD, name: say("usual"), place: 0, points: usually }, { who: data.code, name, place: 0, points: shown }],
            { span: index.span, range: scale, label: say("chart-lengths") }), note: say("chart-lengths-note") },
        ] : [],
        reasons: reasonsOf(data, "speeches", ({ measure }) => measure !== "speech" || !each.length),
      });
    },
  });

  const apart = { name: "apart", label: say("choice-apart"), options: () => [["world", say("apart-world")], ["region", say("apart-region")]] };
  const time = { name: "years", label: say("choice-years"), options: () => [["", say("years-all")], ...index.decades.map((span) => [span, years(span)])] };
  // Times as often on a scale of ratios, on which half as often lies as far from alike as twice; what has no end there, none.
  const power = (n) => (n ? Math.log(n) : null);
  const powersOf = ({ estimate, low, high }) => ({ value: power(estimate), low: power(low), high: power(high) });
  const ended = (row, [least, most]) => ({ ...row, low: row.low === null ? least : row.low, high: row.high === null ? most : row.high });
  const words = view("words", {
    choices: [apart, time],
    scale(several, chosen) {
      const all = several.flatMap((data) => rowsOf(data, `words.${chosen.apart || "world"}`).filter((row) => row.year === chosen.years));
      return all.length ? drawn.bounds(all.map(powersOf), 0) : null;
    },
    make(data, { chosen, scale, names }) {
      const side = chosen.apart || "world";
      const listed = rowsOf(data, `words.${side}`).filter((row) => row.year === chosen.years);
      const more = listed.filter((row) => row.rate > row.reference).slice(0, MOST);
      const less = listed.filter((row) => row.rate <= row.reference).slice(0, FEWER);
      const all = rowsOf(data, "words.world").filter((row) => row.year === "" && row.rate > row.reference).slice(0, TOLD);
      const others = index.names.size - 1;
      const [first] = more;
      const against = side === "world" ? say("apart-world") : say("against-region", { region: inText(data.region) });
      const name = inText(data.code);
      return found(data, "words", {
        more: ["rate", "reference", "oftener"],
        sentences: [
          all.length && say("said-words", { name, words: inWords(all, (row) => say("told-word-first", { word: row.part, n: row.oftener, others }), (row) => say("told-word", { word: row.part, n: row.oftener })) }),
          first && say(first.estimate === null ? "said-word-alone" : "said-word", { word: first.part, times: times(first.estimate), against, low: times(first.low), high: times(first.high), rate: digits(first.rate), reference: digits(first.reference) }),
        ],
        figures: listed.length ? [{
          caption: say("chart-words", { against, years: chosen.years ? years(chosen.years) : say("years-all") }),
          body: drawn.dots([...more, ...less].map((row) => ({ label: row.part, ...ended(powersOf(row), scale), told: times(row.estimate) })),
            { range: scale, zero: 0, foot: [say("foot-less"), say("foot-more")] }),
          note: say("chart-words-note"),
        }] : [],
        reasons: reasonsOf(data, "words", ({ measure, year }) => measure === side && year === chosen.years),
      });
    },
  });

  const [SILENCES, SELDOM] = [3, 0.2]; // runs without a power that are told: so many, and none that chance gives more often
  // A chance as so many of a hundred dealings, or of as many more as it takes.
  const dealings = (chance) => {
    const of = [100, 1000, 10000].find((n) => Math.round(chance * n) >= 1);
    return of ? say("dealings", { n: number(Math.round(chance * of)), of: number(of) }) : say("dealings-fewer", { of: number(10000) });
  };
  const named = view("names", {
    scale(several) {
      const most = (name) => Math.max(0.01, ...several.flatMap((data) => rowsOf(data, name).map((row) => row.high || row.estimate)));
      return { place: [0, most("names.place")], effective: [0, most("names.effective")] };
    },
    make(data, { scale, names }) {
      const places = rowsOf(data, "names.place");
      const rest = rowsOf(data, "names.rest");
      const spread = rowsOf(data, "names.effective").filter((row) => row.year);
      const [effective, even] = ["effective", "evenness"].map((one) => only(data, `names.${one}`));
      const most = Math.max(...places.map((row) => row.estimate), 0);
      // By the root of the share, since a few places take most of it.
      const shades = new Map([...places, ...rest].map((row) => [row.part, Math.sqrt(row.estimate / most)]));
      const name = inText(data.code);
      const silences = rowsOf(data, "names.silence");
      const never = silences.filter((row) => row.kind === "never");
      // Silences that last until now, those that chance gives least often first; other runs are in the table.
      const silent = silences.filter((row) => row.kind === "stopped" && row.estimate <= SELDOM).sort((a, b) => a.estimate - b.estimate);
      const powers = rowsOf(data, "names.power");
      // As many others never name it as do not name it oftener.
      const neverToo = (key) => ({ part }) => {
        const row = powers.find((one) => one.part === part);
        return say(key, { value: inText(part), n: row.of - row.rank });
      };
      const spoken = rowsOf(data, "speeches.speech").map((row) => Number(row.year)).sort((a, b) => a - b);
      const stopped = (row) => {
        const hits = String(powers.find((one) => one.part === row.part).hits);
        return say("said-stopped", {
          power: inText(row.part), last: spoken[hits.lastIndexOf("y")], years: years(row.year), n: row.n, hits: hits.split("y").length - 1, of: hits.length,
          chance: dealings(row.estimate), place: row.of > 1 ? above(row, "place-chance") : "",
        });
      };
      const [thin, least] = ["thinned", "least"].map((one) => only(data, `names.${one}`) || rowsOf(data, `names.${one}`)[0]);
      const figures = [];
      if (places.length) {
        const map = world.coloured(root.querySelector("svg.mv-world"), shades, say("chart-map-alt", { name, places: places.slice(0, 5).map((row) => called(row.part)).join(", ") }));
        const home = map.querySelector(`[data-state="${data.code}"]`);
        if (home) home.classList.add("states-home");
        figures.push({ caption: say("chart-map", { name }), body: map, note: say("chart-map-note", { name }) });
        figures.push({
          caption: say("chart-places"),
          body: drawn.dots(places.slice(0, MOST).map((row) => ({ label: called(row.part), value: row.estimate, low: row.low, high: row.high, told: share(row.estimate) })),
            { range: scale.place, zero: 0, bars: true }),
        });
      }
      if (spread.length) {
        figures.push({
          caption: say("chart-effective"),
          body: drawn.dots(spread.map((row) => ({ label: years(row.year), value: row.estimate, low: row.low, high: row.high, told: tenths(row.estimate) })), { range: scale.effective, zero: 0 }),
          note: say("chart-effective-note"),
        });
      }
      if (powers.length) {
        figures.push({
          caption: say("chart-powers"),
          body: powerRows(data, powers),
          note: say("chart-powers-note"),
        });
      }
      const place = (key) => (row) => say(key, { place: inText(row.part), share: share(row.estimate), n: row.often - 1 });
      const mostly = places.length && say("said-names", { name, from: index.span[0], to: index.span[1], places: inWords(places.filter((row) => row.often), place("told-place-first"), place("told-place")) });
      const unnamed = never.length && say("said-never", { n: never[0].n, powers: inWords(never, neverToo("told-never-first"), neverToo("told-near")) });
      const fallen = silent.length ? silent.slice(0, SILENCES).map(stopped) : [powers.length && say("said-silence-none", { seldom: 100 * SELDOM })];
      return found(data, "names", {
        leads: [mostly, unnamed, fallen[0]],
        sentences: [
          mostly,
          effective && say("said-effective", { n: tenths(effective.estimate), interval: ends(effective, tenths), evenness: even ? `${digits(even.estimate)}${ends(even)}` : say("none") }),
          thin && say("said-thinned", { n: tenths(thin.estimate), interval: ends(thin, tenths), mentions: thin.n, place: above(thin) }),
          unnamed,
          ...fallen,
          least && above(least, "said-least", { powers: least.n, chance: dealings(least.estimate), power: inText(least.power), years: years(least.year), kind: say(`kind-${silences.find((row) => row.part === least.power).kind}`) }),
        ],
        figures,
        reasons: reasonsOf(data, "names"),
        more: ["often", "hits", "kind", "power"],
      });
    },
  });

  // Each power's line of speeches: filled where the speech names it.
  function powerRows(data, powers) {
    const spoken = rowsOf(data, "speeches.speech").map((row) => Number(row.year)).sort((a, b) => a - b);
    const list = make("ul", undefined, { class: "states-rows states-powers" });
    for (const row of powers) {
      const line = make("li");
      const track = make("span", undefined, { class: "states-squares", "aria-hidden": "true" });
      const hits = String(row.hits);
      for (let year = index.span[0]; year <= index.span[1]; year++) {
        const at = spoken.indexOf(year);
        track.append(make("span", undefined, { class: `states-square ${at < 0 ? "states-absent" : hits[at] === "y" ? "states-shade-0" : "states-none"}`, title: String(year) }));
      }
      line.append(make("span", called(row.part), { class: "states-label" }), track, make("span", say("of", { n: hits.split("y").length - 1, of: hits.length }), { class: "states-told" }));
      list.append(line);
    }
    const box = make("div", undefined, { class: "states-chart" });
    box.append(list);
    return box;
  }

  const FOUR = 4; // words by which a topic of its own is called
  // Words of a topic's name that are no subject: spellings, and who was in office.
  const marksOf = (topic) => {
    const told = new Map(); // words of one kind that share what is told of them
    for (const { word, kind, ...more } of index.topic_marks[topic] || []) {
      const key = JSON.stringify([kind, more]);
      told.set(key, { kind, more, words: [...(told.get(key) ? told.get(key).words : []), word] });
    }
    return [...told.values()].map(({ kind, more, words }) => say(`mark-${kind}`, { words: words.map((word) => `“${word}”`).join(", "), n: words.length, ...more })).join("; ");
  };
  const marked = (topic) => (marksOf(topic) ? say("marked", { marks: marksOf(topic) }) : "");
  const aside = (topic) => index.aside.includes(String(topic));
  const topics = view("topics", {
    scale: (several) => [0, Math.max(0.01, ...several.flatMap((data) => rowsOf(data, "topics.world").map((row) => row.high || row.estimate)))],
    make(data, { scale, names }) {
      const name = inText(data.code);
      const world = rowsOf(data, "topics.world").sort((a, b) => b.estimate - a.estimate);
      const own = rowsOf(data, "topics.own").sort((a, b) => b.estimate - a.estimate);
      // Where the state stands highest among all, by its place.
      const [apart] = world.filter((row) => !aside(row.part)).sort((a, b) => a.rank - b.rank || b.estimate - a.estimate);
      const [first] = world;
      const shown = world.slice(0, MOST);
      const notes = shown.filter((row) => marksOf(row.part)).map((row) => say(aside(row.part) ? "note-aside" : "note-marked", { topic: topicOf(row.part), marks: marksOf(row.part) }));
      const figures = [];
      if (world.length) {
        figures.push({
          caption: say("chart-topics"),
          body: drawn.dots(shown.map((row) => ({ label: topicOf(row.part), value: row.estimate, low: row.low, high: row.high, told: share(row.estimate), mark: index.topic_mean[row.part - 1] })),
            { range: scale, zero: 0, bars: true, long: true }),
          note: [say("chart-topics-note"), ...notes].join(" "),
        });
      }
      if (own.length) {
        figures.push({
          caption: say("chart-own", { name }),
          body: drawn.dots(own.map((row) => ({ label: String(row.words).split(" ").slice(0, FOUR).join(", "), value: row.estimate, low: row.low, high: row.high, told: share(row.estimate) })), { zero: 0, bars: true, long: true }),
          note: say("chart-own-note"),
        });
      }
      return found(data, "topics", {
        sentences: [
          apart && say("said-topic", { name, topic: topicOf(apart.part), marked: marked(apart.part), share: share(apart.estimate), interval: ends(apart, share), place: above(apart) }),
          first && first !== apart && say("said-topic-most", { topic: topicOf(first.part), marked: marked(first.part), share: share(first.estimate), interval: ends(first, share), place: above(first) }),
        ],
        figures,
        reasons: reasonsOf(data, "topics"),
        more: ["words", "stability"],
      });
    },
  });

  const votes = view("votes", {
    make(data, { names }) {
      const name = inText(data.code);
      const with_ = (part) => (part === REGION ? say("of-region", { region: called(data.region) }) : called(part));
      const yearly = rowsOf(data, "votes.yearly");
      const whole = rowsOf(data, "votes.agreement").filter((row) => row.year === "");
      const contested = new Map(rowsOf(data, "votes.contested").filter((row) => row.year === "").map((row) => [row.part, row]));
      const sorted = [...whole].sort((a, b) => b.estimate - a.estimate);
      const parts = [...index.powers.filter((code) => code !== data.code), REGION];
      const usually = (part) => Object.entries(index.agreement[part] || {}).map(([year, [low, rate, high]]) => ({ year: Number(year), rate, low, high }));
      const series = parts.map((part) => ({ who: part, name: with_(part), place: 0, points: pointsOf(yearly.filter((row) => row.part === part)), ...(part === REGION ? {} : { usual: usually(part) }) }))
        .filter(({ points }) => points.length);
      const disputed = [...contested.values()].filter((row) => row.part !== REGION).sort((a, b) => b.estimate - a.estimate);
      const figures = [];
      if (whole.length) {
        figures.push({
          caption: say("chart-votes", { name, years: `${index.voted[0]}–${index.voted[1]}` }),
          body: drawn.dots(sorted.map((row) => ({
            label: with_(row.part), own: row.part === REGION, value: row.estimate, low: row.low, high: row.high, told: digits(row.estimate),
            mark: contested.has(row.part) ? contested.get(row.part).estimate : null,
          })), { range: [0, 1], foot: [say("foot-never"), say("foot-always")] }),
          note: say("chart-votes-note"),
        });
      }
      if (series.length) figures.push({ caption: say("chart-votes-years", { name }), ...lines(series, { span: index.voted, range: [0, 1], label: say("chart-votes-years", { name }), apart: true }), note: say("chart-votes-years-note") });
      // The first and the last of the powers: the two of which it is counted for how many states they are so.
      const told = (key, rows, more) => {
        const [most, ...rest] = rows.filter((row) => row.often);
        if (!rest.length) return "";
        const [least] = rest;
        const end = (row, way) => above(row, way, { power: inText(row.part), n: row.often - 1 });
        const alike = (row) => above(row, "place-alike", { power: inText(row.part), name });
        const often = (row) => `${share(row.estimate)}${ends(row, share)}`;
        return say(key, {
          name, most: inText(most.part), high: often(most), first: end(most, "votes-first"), place: alike(most),
          least: inText(least.part), low: often(least), last: end(least, "votes-last"), last_place: alike(least), ...more,
        });
      };
      const own = whole.find((row) => row.part === REGION);
      return found(data, "votes", {
        sentences: [
          told("said-votes", sorted, { powers: sorted.filter((row) => row.part !== REGION).length, from: index.voted[0], to: index.voted[1] }),
          told("said-contested", disputed),
          own && say("said-region", { region: inText(data.region), share: share(own.estimate), interval: ends(own, share), place: above(own, "place-region") }),
        ],
        figures,
        reasons: reasonsOf(data, "votes", ({ part }) => part !== data.code),
      });
    },
  });

  const ideal = view("ideal", {
    scale(several) {
      const all = several.flatMap((data) => rowsOf(data, "ideal.point").flatMap(({ low, high }) => [low, high]));
      return all.length ? [Math.min(...all, -1) - 0.1, Math.max(...all, 1) + 0.1] : null;
    },
    make(data, { scale, names }) {
      const name = inText(data.code);
      const points = rowsOf(data, "ideal.point");
      const [place] = rowsOf(data, "ideal.place");
      const [first, last] = [points[0], points[points.length - 1]];
      // Counted from the end of the line that is nearer in the last year.
      const upper = place && 2 * place.estimate <= last.of;
      const way = upper ? "near" : "far";
      const beyond = (rank, of) => (upper ? rank - 1 : of - rank);
      const [fewest, most] = place ? [place.low, place.high].map((rank) => beyond(rank, last.of)).sort((a, b) => a - b) : [];
      return found(data, "ideal", {
        sentences: [
          place && say(`said-ideal-${way}`, { name, year: place.year, n: beyond(place.estimate, last.of), low: fewest, high: most, others: last.of - 1, point: digits(last.estimate), interval: ends(last) }),
          first && first !== last && say(`said-ideal-moved-${way}`, { year: first.year, n: beyond(first.rank, first.of), others: first.of - 1, point: digits(first.estimate), interval: ends(first) }),
        ],
        figures: points.length ? [{
          caption: say("chart-ideal", { name }), note: say("chart-ideal-note"),
          ...lines([{ who: data.code, name, place: 0, points: pointsOf(points) }], {
            span: index.voted, range: scale, label: say("chart-ideal", { name }),
            ...Object.fromEntries(["up", "down"].map((way, i) => [way, say(`end-${way}`, { states: index.line_ends[i].map(called).join(", "), year: index.voted[1] })])),
          }),
        }] : [],
        reasons: reasonsOf(data, "ideal"),
      });
    },
  });

  const by = { name: "by", label: say("choice-by"), options: () => [["votes", say("by-votes")], ["words", say("by-words")]] };
  const near = view("near", {
    choices: [by],
    make(data, { chosen, names }) {
      const kind = chosen.by || "votes";
      const name = inText(data.code);
      const [nearest, farthest] = ["near", "far"].map((end) => rowsOf(data, `near.${kind}-${end}`));
      const both = [...nearest, ...farthest];
      const range = both.length ? drawn.bounds(both.map(({ estimate, low, high }) => ({ value: estimate, low, high }))) : null;
      const row = ({ part, estimate, low, high, often }) => ({ label: called(part), href: index.names.has(part) ? `#${part}` : "", value: estimate, low, high, told: say("told-near", { value: digits(estimate), n: often - 1 }) });
      const [NEXT, neighbour] = [3, (key) => ({ part, often }) => say(key, { value: inText(part), n: often - 1 })];
      const told = (which, last) => {
        const [close, remote] = ["near", "far"].map((end) => rowsOf(data, `near.${which}-${end}`));
        const list = (rows, first) => inWords(rows.slice(0, NEXT), neighbour(first), neighbour("told-near"));
        return close.length && say(`said-near-${which}`, { name, near: list(close, "told-near-first"), far: list(remote, "told-far-first"), of: close[0].of, from: last - index.late + 1, to: last });
      };
      return found(data, "near", {
        sentences: [
          told("votes", index.voted[1]),
          told("words", index.span[1]),
        ],
        figures: both.length ? [
          { caption: say(`chart-near-${kind}`), body: drawn.dots(nearest.map(row), { range }), note: say("chart-near-often", { of: nearest[0].of }) },
          { caption: say(`chart-far-${kind}`), body: drawn.dots(farthest.map(row), { range }), note: say(`chart-near-${kind}-note`, { years: index.late }) },
        ] : [],
        more: ["often"],
        reasons: reasonsOf(data, "near", ({ measure }) => measure.startsWith(kind)),
      });
    },
  });

  // What is followed from year to year, as a reader calls it.
  const followed = (row) => (row.measure === "topic" ? say("followed-topic", { topic: topicOf(row.part) })
    : say(`followed-${row.measure}`, { part: inText(row.part) }));
  const TENTH = 0.1;
  // A change in the unit in which a reader has it; the table has it as it was worked out.
  const percent = (value) => (100 * value).toFixed(0);
  const UNITS = {
    length: (value) => percent(Math.exp(value) - 1), effective: tenths, named: digits, ideal: digits,
    topic: (value) => (100 * value).toFixed(1), agreement: (value) => (100 * value).toFixed(1),
  };
  const sized = ({ measure }, value) => {
    const told = UNITS[measure](value);
    return Number(told) === 0 ? told.replace(/^[-−]/, "") : `${value < 0 ? "−" : "+"}${told.replace(/^[-−]/, "")}`;
  };
  const change = (row) => say(`change-${row.measure}`, { size: sized(row, row.estimate), low: sized(row, row.low), high: sized(row, row.high) });
  // What a number did by itself: "rose by 2.0 percentage points".
  const moved = (row, value) => {
    const size = UNITS[row.measure](value).replace(/^[-−]/, "");
    return Number(size) === 0 ? say("moved-not") : say(value < 0 ? "moved-down" : "moved-up", { size: say(`unit-${row.measure}`, { size }) });
  };
  // Which series had too few years, in few words.
  const unfollowed = (data) => {
    const count = new Map();
    for (const [where, measure, part, , why] of data.missing) {
      if (where === "breaks" && why === "too-few-years" && measure !== "most") count.set(measure, [...(count.get(measure) || []), part]);
    }
    return [...count].map(([measure, parts]) => say(`left-${measure}`, { n: parts.length })).join(", ");
  };
  const breaks = view("breaks", {
    make(data, { names }) {
      const every = Object.keys(data.tables).filter((one) => one.startsWith("breaks.") && one !== "breaks.most")
        .flatMap((one) => rowsOf(data, one).map((row) => ({ ...row, measure: one.slice("breaks.".length) })))
        .sort((a, b) => a.rank / a.of - b.rank / b.of);
      const [all, left] = [every.filter((row) => row.measure !== "topic" || !aside(row.part)), unfollowed(data)];
      const [chosen] = rowsOf(data, "breaks.most");
      const most = chosen && all.find((row) => `${row.measure} ${row.part}`.trim() === chosen.series);
      const rare = all.filter((row) => row.rank / row.of <= TENTH).length;
      const unusual = most && [
        above(chosen, chosen.rank <= TENTH * chosen.of ? "said-unusual" : "said-usual", { name: inText(data.code) }),
        say("said-break", {
          what: followed(most), marked: most.measure === "topic" ? marked(most.part) : "", year: most.year, n: chosen.n, own: moved(most, most.moved), others: moved(most, most.moved - most.estimate),
          change: change(most), zero: most.low <= 0 && most.high >= 0 ? say("break-zero") : "", left: left && say("said-left", { what: left }),
        }),
      ];
      const out = every.filter((row) => !all.includes(row)).map((row) => say("note-break-aside", { topic: topicOf(row.part), marks: marksOf(row.part) }));
      return found(data, "breaks", {
        leads: unusual || [],
        sentences: [
          ...(unusual || []),
          most && above(most, "said-break-place"),
          most && say("said-breaks", { n: rare, all: all.length, chance: (TENTH * all.length).toFixed(1) }),
        ],
        figures: all.length ? [{
          caption: say("chart-breaks"),
          body: drawn.dots(all.slice(0, MOST).map((row) => ({ label: say("break", { what: followed(row), year: row.year, change: change(row) }), value: row.rank / row.of, low: null, high: null, told: say("of", { n: row.rank, of: row.of }) })),
            { range: [0, 1], foot: [say("foot-largest"), say("foot-smallest")], long: true }),
          note: [say("chart-breaks-note"), ...out].join(" "),
        }] : [],
        reasons: reasonsOf(data, "breaks", ({ measure, part }) => part !== data.code && measure !== "most"),
        more: ["own_p", "t", "moved", "series"],
      });
    },
  });

  // Where the numbers of a view come from: [what, told].
  function passportOf(view, codes) {
    const { made, draws, seed, refits } = index.passport;
    if (!made[view]) return null;
    const [room, by] = made[view];
    return Object.entries({
      rows: say("passport-rows", { view, files: codes.map((code) => `${code}.csv`).join(", ") }), room: `manyvectors.export.states.${room}`, method: by,
      seed: view === "ideal" ? say("passport-refits", { refits }) : view === "breaks" ? say("passport-ranked") : say("passport-seed", { seed, draws: number(draws) }), grade: say("passport-grade"), data: engine.version(),
    }).map(([key, told]) => [say(`passport-name-${key}`), told]);
  }

  // All that could not be worked out, and why.
  const gaps = view("gaps", {
    leads: false,
    make: (data) => ({
      sentences: [], figures: [], table: null,
      reasons: data.missing.length ? [] : [say("gaps-none")],
      listed: VIEWS.flatMap(({ key, title }) => reasonsOf(data, key).map((told) => engine.toldOf(title, told))),
    }),
  });

  const VIEWS = [speeches, words, topics, named, votes, ideal, near, breaks];

  const topicOf = (number) => (index.topics[number - 1] || [say("topic", { n: number })]).slice(0, index.called).join(", ");
  // What all states share, in one: names and groups are in one script, values of all states in another.
  async function open() {
    const [named, shared] = await Promise.all([load("index"), load("world")]);
    const names = new Map(named.states.map(({ code, name }) => [code, name]));
    const regions = named.regions.map(([name, members]) => [name, name, members]);
    index = {
      ...shared, ...named, names, regions, decades: shared.spans.filter(Boolean), places: new Map(Object.entries(named.places)),
      states: named.states.map(({ code, name }) => [code, name]),
      aliases: new Map(named.states.map(({ code, also = [], ru = [], kk = [], codes = [] }) => [code, [...also, ...ru, ...kk, ...codes]])),
      members: (key) => regions.find(([region]) => region === key)[2],
      regionOf: (code) => named.states.find((state) => state.code === code).region,
    };
    return index;
  }

  window.manyVectorsExplorer.views = {
    open, list: [...VIEWS, gaps], choices: ["apart", "years", "by"],
    about: (code) => index.regionOf(code),
    head: (title) => [say("csv-title", { book: index.book, version: engine.version(), view: title }), say("csv-source", { source: index.source }), say("csv-licence")],
    units: [say("csv-columns"), say("csv-more")],
    whole,
    passport: passportOf,
  };
})();
