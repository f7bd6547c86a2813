/* The views of a state: what each says and draws of the rows that manyvectors.export.states made. A row is a number with its interval,
its n, its grade and its place among all states; what could not be worked out has a reason instead. */

(function () {
  "use strict";

  const { engine, rows: drawn, world } = window.manyVectorsExplorer;
  const { load, make, number, root } = engine;
  const say = sayOf("state");
  const MOST = 10; // rows of a chart; the table has all
  const REGION = "region"; // a part of the world among the powers
  const FEWER = 5; // of them, words said less
  let index = null;

  // Rows -----------------------------------------------------------------------------------------------------------

  // The inverse of manyvectors.export.states.rows.packed: a column of rows; one value for all; or few values and where each stands.
  const valueOf = (column, i) => (Array.isArray(column) ? column[i]
    : column !== null && typeof column === "object" ? column.of[parseInt(column.at[i], 36)] : column);
  function rowsOf(data, name) {
    const packed = data.tables[name];
    if (!packed) return [];
    const columns = Object.entries(packed).filter(([key]) => key !== "rows");
    return Array.from({ length: packed.rows }, (_, i) => ({
      part: "", year: "", estimate: null, low: null, high: null, n: null, rank: null, of: null,
      ...Object.fromEntries(columns.map(([key, column]) => [key, valueOf(column, i)])),
    }));
  }

  const only = (data, name, year = "", part = "") => rowsOf(data, name).find((row) => String(row.year) === year && row.part === part) || null;

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
      return say("because", { what: told.replace(/^./, (letter) => letter.toUpperCase()), why: say(`why.${why}`) });
    });
  }

  // Words and numbers ------------------------------------------------------------------------------------------------

  // Places that are named and have no record; the others of them are known by their names.
  const OTHERS = new Map(say("called").split("|").map((told) => told.split("=")));
  const called = (code) => index.names.get(code) || OTHERS.get(code) || index.places.get(code) || code;
  const digits = (value) => (value === null ? say("none") : Math.abs(value) >= 100 ? number(Math.round(value))
    : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)).replace("-", "−");
  const tenths = (value) => value.toFixed(1);
  const share = (value) => (value === null ? say("none") : `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`);
  const cell = (value) => (value === null || value === undefined ? "" : String(value));
  const ends = (row, written = digits, form = "interval") => (row.low === null ? "" : say(form === "interval" ? "interval" : "interval-inside", { low: written(row.low), high: written(row.high) }));
  const inside = (row, written = digits) => `${written(row.estimate)}${ends(row, written, "inside")}`;
  // A log-odds ratio as a reader has it: how many times as often.
  const times = (value) => {
    const n = Math.exp(value);
    return say("times", { n: n >= 10 ? n.toFixed(0) : n >= 1 ? n.toFixed(1) : n.toPrecision(n >= 0.01 ? 2 : 1) });
  };
  const placed = (row) => (row.rank === null ? "" : say("place", { rank: row.rank, of: row.of }));
  const years = (span) => String(span).replace("-", "–");

  const COLUMNS = ["measure", "part", "year", "estimate", "low", "high", "n", "rank", "of", "grade"];
  const columns = (more = []) => [...COLUMNS, ...more].map((key) => say(`column-${key}`));
  // What the table of a view holds: every row of it, as the CSV of all states has it.
  function tableOf(data, view, more = []) {
    const names = Object.keys(data.tables).filter((name) => name.startsWith(`${view}.`));
    const rows = names.flatMap((name) => rowsOf(data, name).map((row) => [
      name.slice(view.length + 1), cell(row.part), cell(row.year), ...["estimate", "low", "high", "n", "rank", "of", "grade", ...more].map((key) => cell(row[key])),
    ]));
    return rows.length ? { columns: columns(more), rows, heads: 0 } : null;
  }

  const view = (key, { leads = true, choices = [], scale = null, ...rest }) =>
    ({ key, leads, choices, scale, title: say(`title-${key}`), about: say(`about-${key}`), ...rest });
  const found = (data, key, { sentences = [], figures = [], reasons = [], more = [] }) => ({
    sentences: sentences.filter(Boolean), figures, table: tableOf(data, key, more),
    reasons: figures.length || reasons.length ? reasons : [say("nothing")],
    rests: say(`rests-${key}`, { grade: data.grade || "A" }),
  });

  // A chart of lines over years, by the engine that draws words and votes.
  function lines(series, { span, range, eras = [["", 0]], label, apart = false }) {
    const holder = make("div", undefined, { class: "explorer-chart states-lines", role: "img", "aria-label": label });
    const readout = make("p", "", { class: "explorer-readout" });
    readout.dataset.empty = say("readout");
    readout.textContent = readout.dataset.empty;
    const frame = {
      span, range, eras,
      atYear: (year) => engine.inYear(year, series.map(({ name, points }) => {
        const p = points.find((point) => point.year === year);
        return engine.toldOf(name, p && p.rate !== null ? `${digits(p.rate)}${engine.between(p, digits)}` : say("none"));
      })),
    };
    const body = make("div");
    body.append(holder, readout);
    return { body, draw: () => engine.charts(frame, holder, series, readout, apart) };
  }
  const pointsOf = (rows) => rows.map((row) => ({ year: Number(row.year), rate: row.estimate, low: row.low, high: row.high }));

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
      const name = names.get(data.code);
      return found(data, "speeches", {
        sentences: [
          count && say("said-speeches", { name, n: count.estimate, from: index.span[0], to: index.span[1], years: index.span[1] - index.span[0] + 1 }),
          heads && say("said-heads", { share: share(heads.estimate), interval: ends(heads, share), place: placed(heads) }),
          length && say("said-length", { words: number(Math.round(length.estimate)), interval: ends(length), place: placed(length) }),
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
  const words = view("words", {
    choices: [apart, time],
    scale(several, chosen) {
      const all = several.flatMap((data) => rowsOf(data, `words.${chosen.apart || "world"}`).filter((row) => row.year === chosen.years));
      return all.length ? drawn.bounds(all.map(({ estimate, low, high }) => ({ value: estimate, low, high })), 0) : null;
    },
    make(data, { chosen, scale, names }) {
      const side = chosen.apart || "world";
      const listed = rowsOf(data, `words.${side}`).filter((row) => row.year === chosen.years);
      const above = listed.filter((row) => row.estimate > 0).slice(0, MOST);
      const below = listed.filter((row) => row.estimate <= 0).slice(0, FEWER);
      const whole = rowsOf(data, "words.world").filter((row) => row.year === "" && row.estimate > 0);
      const against = side === "world" ? say("apart-world") : say("against-region", { region: called(data.region) });
      const name = names.get(data.code);
      return found(data, "words", {
        more: ["rate", "reference"],
        sentences: [
          whole.length && say("said-words", { name, words: whole.slice(0, 5).map((row) => row.part).join(", ") }),
          above.length && say("said-word", { word: above[0].part, times: times(above[0].estimate), against, low: times(above[0].low), high: times(above[0].high), rate: digits(above[0].rate), reference: digits(above[0].reference) }),
        ],
        figures: listed.length ? [{
          caption: say("chart-words", { against, years: chosen.years ? years(chosen.years) : say("years-all") }),
          body: drawn.dots([...above, ...below].map((row) => ({ label: row.part, value: row.estimate, low: row.low, high: row.high, told: times(row.estimate) })),
            { range: scale, zero: 0, foot: [say("foot-less"), say("foot-more")] }),
        }] : [],
        reasons: reasonsOf(data, "words", ({ measure, year }) => measure === side && year === chosen.years),
      });
    },
  });

  const [SILENCES, SELDOM] = [3, 0.2]; // runs without a power that are told: so many, and none that chance gives more often
  const named = view("names", {
    scale(several) {
      const most = (name) => Math.max(0.01, ...several.flatMap((data) => rowsOf(data, name).map((row) => row.high || row.estimate)));
      return { place: [0, most("names.place")], effective: [0, most("names.effective")] };
    },
    make(data, { scale, names }) {
      const places = rowsOf(data, "names.place");
      const rest = rowsOf(data, "names.rest");
      const spread = rowsOf(data, "names.effective").filter((row) => row.year);
      const effective = only(data, "names.effective");
      const most = Math.max(...places.map((row) => row.estimate), 0);
      // By the root of the share, since a few places take most of it.
      const shades = new Map([...places, ...rest].map((row) => [row.part, Math.sqrt(row.estimate / most)]));
      const name = names.get(data.code);
      const silences = rowsOf(data, "names.silence");
      const never = silences.filter((row) => row.kind === "never");
      // Runs at either end of the speeches, those that chance gives least often first.
      const silent = silences.filter((row) => ["stopped", "began"].includes(row.kind) && row.estimate <= SELDOM).sort((a, b) => a.estimate - b.estimate);
      const powers = rowsOf(data, "names.power");
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
      return found(data, "names", {
        sentences: [
          places.length && say("said-names", { name, places: places.slice(0, 3).map((row) => `${called(row.part)} (${share(row.estimate)})`).join(", ") }),
          effective && say("said-effective", { n: tenths(effective.estimate), interval: ends(effective, tenths), place: placed(effective) }),
          never.length && say("said-never", { n: never[0].n, powers: never.map((row) => called(row.part)).join(", ") }),
          ...silent.slice(0, SILENCES).map((row) => say(`said-${row.kind}`, {
            power: called(row.part), years: years(row.year), n: row.n, chance: share(row.estimate), place: row.of > 1 ? say("place-chance", { rank: row.rank, of: row.of }) : "",
          })),
        ],
        figures,
        reasons: reasonsOf(data, "names"),
        more: ["kind"],
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
        track.append(make("span", undefined, { class: `states-square ${at < 0 ? "states-absent" : hits[at] === "1" ? "states-shade-0" : "states-none"}`, title: String(year) }));
      }
      line.append(make("span", called(row.part), { class: "states-label" }), track, make("span", say("of", { n: hits.split("1").length - 1, of: hits.length }), { class: "states-told" }));
      list.append(line);
    }
    const box = make("div", undefined, { class: "states-chart" });
    box.append(list);
    return box;
  }

  const FOUR = 4; // words by which a topic of its own is called
  const topics = view("topics", {
    scale: (several) => [0, Math.max(0.01, ...several.flatMap((data) => rowsOf(data, "topics.world").map((row) => row.high || row.estimate)))],
    make(data, { scale, names }) {
      const name = names.get(data.code);
      const world = rowsOf(data, "topics.world").sort((a, b) => b.estimate - a.estimate);
      const own = rowsOf(data, "topics.own").sort((a, b) => b.estimate - a.estimate);
      // Where the state stands highest among all, by its place.
      const [apart] = [...world].sort((a, b) => a.rank - b.rank || b.estimate - a.estimate);
      const [first] = world;
      const figures = [];
      if (world.length) {
        figures.push({
          caption: say("chart-topics"),
          body: drawn.dots(world.slice(0, MOST).map((row) => ({ label: topicOf(row.part), value: row.estimate, low: row.low, high: row.high, told: share(row.estimate), mark: index.topic_mean[row.part - 1] })),
            { range: scale, zero: 0, bars: true, long: true }),
          note: say("chart-topics-note"),
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
          apart && say("said-topic", { name, topic: topicOf(apart.part), share: share(apart.estimate), interval: ends(apart, share), place: placed(apart) }),
          first && first !== apart && say("said-topic-most", { topic: topicOf(first.part), share: share(first.estimate), interval: ends(first, share), place: placed(first) }),
        ],
        figures,
        reasons: reasonsOf(data, "topics"),
        more: ["words", "stability"],
      });
    },
  });

  const votes = view("votes", {
    make(data, { names }) {
      const name = names.get(data.code);
      const with_ = (part) => (part === REGION ? say("of-region", { region: called(data.region) }) : called(part));
      const yearly = rowsOf(data, "votes.yearly");
      const whole = rowsOf(data, "votes.agreement").filter((row) => row.year === "");
      const contested = new Map(rowsOf(data, "votes.contested").filter((row) => row.year === "").map((row) => [row.part, row]));
      const sorted = [...whole].sort((a, b) => b.estimate - a.estimate);
      const parts = [...index.powers.filter((code) => code !== data.code), REGION];
      const series = parts.map((part) => ({ who: part, name: with_(part), place: 0, points: pointsOf(yearly.filter((row) => row.part === part)) }))
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
      if (series.length) figures.push({ caption: say("chart-votes-years", { name }), ...lines(series, { span: index.voted, range: [0, 1], label: say("chart-votes-years", { name }), apart: true }) });
      const powers = sorted.filter((row) => row.part !== REGION);
      const own = whole.find((row) => row.part === REGION);
      return found(data, "votes", {
        sentences: [
          powers.length > 1 && say("said-votes", { name, most: with_(powers[0].part), high: inside(powers[0]), place: placed(powers[0]), least: with_(powers[powers.length - 1].part), low: inside(powers[powers.length - 1]), last: placed(powers[powers.length - 1]) }),
          disputed.length > 1 && say("said-contested", { most: with_(disputed[0].part), high: inside(disputed[0]), place: placed(disputed[0]), least: with_(disputed[disputed.length - 1].part), low: inside(disputed[disputed.length - 1]), last: placed(disputed[disputed.length - 1]) }),
          own && say("said-region", { region: called(data.region), share: digits(own.estimate), interval: ends(own), place: placed(own) }),
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
      const name = names.get(data.code);
      const points = rowsOf(data, "ideal.point");
      const [place] = rowsOf(data, "ideal.place");
      const [first, last] = [points[0], points[points.length - 1]];
      return found(data, "ideal", {
        sentences: [
          place && say("said-ideal", { name, year: place.year, place: place.estimate, of: last.of, low: place.low, high: place.high, point: digits(last.estimate), interval: ends(last) }),
          first && first !== last && say("said-ideal-moved", { year: first.year, place: first.rank, of: first.of, point: digits(first.estimate), interval: ends(first) }),
        ],
        figures: points.length ? [{
          caption: say("chart-ideal", { name }), note: say("chart-ideal-note"),
          ...lines([{ who: data.code, name, place: 0, points: pointsOf(points) }], { span: index.voted, range: scale, label: say("chart-ideal", { name }) }),
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
      const name = names.get(data.code);
      const [nearest, farthest] = ["near", "far"].map((end) => rowsOf(data, `near.${kind}-${end}`));
      const both = [...nearest, ...farthest];
      const range = both.length ? drawn.bounds(both.map(({ estimate, low, high }) => ({ value: estimate, low, high }))) : null;
      const row = ({ part, estimate, low, high }) => ({ label: called(part), href: index.names.has(part) ? `#${part}` : "", value: estimate, low, high, told: digits(estimate) });
      const listed = (code, count) => rowsOf(data, code).slice(0, count).map((one) => called(one.part)).join(", ");
      return found(data, "near", {
        sentences: [
          rowsOf(data, "near.votes-near").length && say("said-near-votes", { name, near: listed("near.votes-near", 3), far: listed("near.votes-far", 3), of: rowsOf(data, "near.votes-near")[0].of }),
          rowsOf(data, "near.words-near").length && say("said-near-words", { near: listed("near.words-near", 3), far: listed("near.words-far", 3), of: rowsOf(data, "near.words-near")[0].of }),
        ],
        figures: both.length ? [
          { caption: say(`chart-near-${kind}`), body: drawn.dots(nearest.map(row), { range }) },
          { caption: say(`chart-far-${kind}`), body: drawn.dots(farthest.map(row), { range }), note: say(`chart-near-${kind}-note`, { years: index.late }) },
        ] : [],
        reasons: reasonsOf(data, "near", ({ measure }) => measure.startsWith(kind)),
      });
    },
  });

  // What is followed from year to year, as a reader calls it.
  const followed = (row) => (row.measure === "topic" ? say("followed-topic", { topic: topicOf(row.part) })
    : say(`followed-${row.measure}`, { part: called(row.part) }));
  const TENTH = 0.1;
  const breaks = view("breaks", {
    make(data, { names }) {
      const all = Object.keys(data.tables).filter((one) => one.startsWith("breaks."))
        .flatMap((one) => rowsOf(data, one).map((row) => ({ ...row, measure: one.slice("breaks.".length) })))
        .sort((a, b) => a.rank / a.of - b.rank / b.of);
      const [most] = all;
      const rare = all.filter((row) => row.rank / row.of <= TENTH).length;
      return found(data, "breaks", {
        sentences: [
          most && say("said-break", { name: names.get(data.code), what: followed(most), year: most.year, place: say("place-change", { rank: most.rank, of: most.of }) }),
          most && say("said-breaks", { n: rare, all: all.length, chance: (TENTH * all.length).toFixed(1) }),
        ],
        figures: all.length ? [{
          caption: say("chart-breaks"),
          body: drawn.dots(all.slice(0, MOST).map((row) => ({ label: say("break", { what: followed(row), year: row.year }), value: row.rank / row.of, low: null, high: null, told: say("of", { n: row.rank, of: row.of }) })),
            { range: [0, 1], foot: [say("foot-largest"), say("foot-smallest")], long: true }),
          note: say("chart-breaks-note"),
        }] : [],
        reasons: reasonsOf(data, "breaks", ({ part }) => part !== data.code),
        more: ["own_p", "t"],
      });
    },
  });

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

  const THREE = 3; // words by which a topic is called
  const topicOf = (number) => (index.topics[number - 1] || [say("topic", { n: number })]).slice(0, THREE).join(", ");
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
    head: (view, at) => [say("csv-title", { book: index.book, version: engine.version(), view: view.title }), say("csv-source", { source: index.source })],
  };
})();
