/* The explorer of votes: how far states vote alike, worked out of their roll calls in the reader's browser by engine.js. */

(function () {
  "use strict";

  const { engine, parts } = window.manyVectorsExplorer;
  const { DRAWS, WORLD, decimals, edition, interval, load, make, number, part, places, press, toldOf, unpackNumbers } = engine;
  const say = sayOf("votes"); // its sentences stand in manyvectors/messages/en.json
  const CASTS = [[1, "yes"], [2, "abstain"], [3, "no"]];
  const CODINGS = ["same", "half", "cast"];
  const VIEWS = ["agreement", "ideal"];
  const DIFFERENT = 12; // texts that are listed
  const [YES, NO] = [1, 3];

  // Votes and numbers: no page needed --------------------------------------------------------------------------------

  // The inverse of manyvectors.export.votes.pack_answers: 0 no member, 1 yes, 2 abstain, 3 no, 4 absent.
  function unpackAnswers(packed, size) {
    const answers = new Uint8Array(size + (size % 2));
    for (let i = 0; i < packed.length; i++) {
      const pair = packed.charCodeAt(i) - 65;
      answers[2 * i] = pair % 5;
      answers[2 * i + 1] = Math.floor(pair / 5);
    }
    return answers.subarray(0, size);
  }

  const voted = (answer) => answer >= YES && answer <= NO;

  // At least a quarter of the states that voted did not cast the commonest vote, as methods.agreement.disputed says.
  function contested(tallies, quarter) {
    const found = [];
    for (let i = 0; i < tallies.length; i += 3) {
      const all = tallies[i] + tallies[i + 1] + tallies[i + 2];
      found.push(all > 0 && all - Math.max(tallies[i], tallies[i + 1], tallies[i + 2]) >= quarter * all);
    }
    return found;
  }

  // What two states, or a state and all others, add to each text: {top: how far they agree, bottom: joint votes}.
  function joint(calls, own, other, table, keep) {
    const byText = new Map();
    let [top, bottom] = [0, 0];
    for (let i = 0; i < own.length; i++) {
      if (!voted(own[i]) || !keep(i)) continue;
      let [agree, n] = [0, 0];
      if (other) {
        const value = voted(other[i]) ? table[own[i] - 1][other[i] - 1] : -1;
        if (value < 0) continue;
        [agree, n] = [value, 1];
      } else {
        for (let answer = YES; answer <= NO; answer++) {
          const states = calls.tallies[3 * i + answer - 1] - (answer === own[i] ? 1 : 0);
          const value = table[own[i] - 1][answer - 1];
          if (value >= 0) [agree, n] = [agree + value * states, n + states];
        }
        if (!n) continue;
      }
      top += agree;
      bottom += n;
      const sum = byText.get(calls.texts[i]) || [0, 0];
      byText.set(calls.texts[i], [sum[0] + agree, sum[1] + n]);
    }
    const sums = [...byText.values()];
    return { top, bottom, texts: sums.length, rate: bottom ? top / bottom : null, tops: sums.map(([a]) => a), bottoms: sums.map(([, n]) => n) };
  }

  const withEnds = async (found, levels, seed) => {
    const [low, high] = found.bottom ? await interval(found.tops, found.bottoms, levels, seed) : [null, null];
    return { rate: found.rate, n: found.bottom, texts: found.texts, low, high };
  };

  // Of texts that both voted on, those on which they stand farthest apart.
  function differences(calls, one, other, table, keep) {
    const byText = new Map();
    for (let i = 0; i < one.length; i++) {
      if (!voted(one[i]) || !voted(other[i]) || !keep(i)) continue;
      const text = byText.get(calls.texts[i]) || { last: i, rollcalls: [], distance: 0 };
      text.rollcalls.push(i);
      text.last = i;
      text.distance += 1 - table[one[i] - 1][other[i] - 1];
      byText.set(calls.texts[i], text);
    }
    return [...byText.values()].filter(({ distance }) => distance > 0)
      .sort((a, b) => b.distance - a.distance || b.last - a.last);
  }

  // Data -------------------------------------------------------------------------------------------------------------

  const texts = (packed) => [...unpackNumbers(packed)].map((back, i) => i - back);

  async function loadIndex() {
    const index = await load("index");
    const years = index.years.flatMap((n, i) => new Array(n).fill(index.span[0] + i));
    const tallies = [...unpackNumbers(index.tallies)];
    return {
      groups: [], ...index, version: engine.version(), names: new Map([[WORLD, say("world")], ...index.states]),
      calls: { years, texts: texts(index.texts), areas: [...unpackNumbers(index.areas)], tallies, contested: contested(tallies, index.quarter) },
    };
  }

  const answersOf = async (index, code) => {
    if (code === WORLD) return { votes: null, points: [] };
    const [votes, points] = await load(`state-${code}`);
    return { votes: unpackAnswers(votes, index.calls.years.length), points };
  };

  const area = (index, issue) => (issue ? 1 << index.issues.findIndex(([key]) => key === issue) : 0);
  const nameOfIssue = (index, issue) => (issue ? index.issues.find(([key]) => key === issue)[1] : say("issue-all"));

  function filter(index, view, from, to) {
    const { years, areas, contested: disputed } = index.calls;
    const bit = area(index, view.issue);
    return (i) => years[i] >= from && years[i] <= to && (!bit || areas[i] & bit) && (!view.contested || disputed[i]);
  }

  function bearInMind(index, view, n, year) {
    const said = n === 0 ? [] : n < index.few ? [say("few", { few: index.few })] : [];
    const [issues, from] = index.merged;
    if (issues.includes(view.issue) && year >= from) said.push(say("merged", { year: from }));
    if (index.emergency.includes(year)) said.push(say("emergency", { years: engine.inWords(index.emergency, "and") }));
    return said.join("; ");
  }

  async function agreement(index, view, states, overtaken) {
    const [first, ...others] = view.who;
    const order = places(view.who, first);
    const own = states.get(first).votes;
    const series = [];
    for (const who of others) {
      const other = states.get(who).votes;
      const points = [];
      for (let year = index.span[0]; year <= index.span[1]; year++) {
        await engine.breathe();
        const keep = filter(index, view, year, year);
        const codings = CODINGS.map((coding) => joint(index.calls, own, other, index.codings[coding], keep));
        const chosen = codings[CODINGS.indexOf(view.coding)];
        const seed = [first, who, view.coding, view.issue, view.contested, year].join("|");
        points.push({ year, ...(await withEnds(chosen, index.levels, seed)), codings: codings.map(({ rate }) => rate), note: bearInMind(index, view, chosen.bottom, year) });
      }
      if (overtaken()) return null;
      const keep = filter(index, view, ...index.span);
      const whole = joint(index.calls, own, other, index.codings[view.coding], keep);
      series.push({ who, name: index.names.get(who), place: order.get(who), points, whole });
    }
    return series;
  }

  const ideal = (index, view, states) => {
    const order = places(view.who, view.who[0]);
    return view.who.filter((who) => who !== WORLD).map((who) => ({
      who, name: index.names.get(who), place: order.get(who),
      points: states.get(who).points.map(([year, rate, low, high]) =>
        ({ year, rate: rate / index.fine, low: low / index.fine, high: high / index.fine })),
    }));
  };

  // Words about what is seen -----------------------------------------------------------------------------------------

  const two = (value) => (value === null ? say("none") : value.toFixed(2));
  const between = (p) => engine.between(p, two);
  const columns = (key, values) => say(key, values || {}).split("|");
  const which = (view) => say(view.contested ? "contested" : "all");

  function lineInWords({ name, points, whole }) {
    const there = points.filter((p) => p.rate !== null);
    if (!there.length) return say("never", { name });
    const sorted = [...there].sort((a, b) => a.rate - b.rate);
    const [least, most] = [sorted[0], sorted[sorted.length - 1]];
    return say("line", {
      name, rate: two(whole.rate), n: number(whole.bottom), most_year: most.year, most: two(most.rate),
      least_year: least.year, least: two(least.rate),
    });
  }

  const atYear = (year, series) => engine.inYear(year, series.map(({ name, points }) => {
    const p = points.find((point) => point.year === year);
    return !p || p.rate === null ? say("no-data", { name }) : toldOf(name, `${two(p.rate)}${between(p)}`);
  }));

  const head = (index, view, more, address) => [
    say("csv-title", { book: index.book, version: index.version }), ...more,
    say("csv-intervals", { level: 100 * index.level, draws: DRAWS }), say("csv-view", { address }),
  ];
  const how = (index, view) => say("csv-how", {
    name: index.names.get(view.who[0]), coding: say(`coding.${view.coding}`), which: which(view), issue: nameOfIssue(index, view.issue),
  });

  // The page ---------------------------------------------------------------------------------------------------------

  const period = (index, view) => {
    const at = index.eras.findIndex(([name]) => name === view.period);
    if (at < 0) return [...index.span];
    return [Math.max(index.eras[at][1], index.span[0]), at + 1 < index.eras.length ? index.eras[at + 1][1] - 1 : index.span[1]];
  };

  // What each did on a text: "2 yes, 1 abstain".
  const told = (answers, rollcalls) => CASTS.map(([answer, cast]) => [rollcalls.filter((i) => answers[i] === answer).length, cast])
    .filter(([n]) => n).map(([n, cast]) => say(`cast.${cast}`, { n })).join(", ");

  function listDifferences(index, title, names, found, one, other, nameOf, yearOf) {
    part("differ-title").textContent = title;
    part("differ-note").textContent = say(found.length ? "differ-some" : "differ-none");
    engine.fillTable(part("differ"), columns("differ-columns", names), found.slice(0, DIFFERENT).map(({ last, rollcalls, distance }) => {
      const years = [...new Set(rollcalls.map(yearOf))];
      const span = years.length > 1 ? `${years[0]}–${years[years.length - 1]}` : String(years[0]);
      return [nameOf(last, rollcalls), span, String(rollcalls.length), told(one, rollcalls), told(other, rollcalls), String(distance)];
    }), 0);
  }

  const loadApart = async (index, source) => {
    const held = await load(`apart-${source}`);
    if (!held.calls) {
      const tallies = [...unpackNumbers(held.tallies)];
      held.answers = new Map(held.votes.map(([code, packed]) => [code, unpackAnswers(packed, held.rollcalls)]));
      held.calls = { texts: texts(held.texts), tallies, contested: contested(tallies, index.quarter) };
    }
    return held;
  };

  async function apart(index, view) {
    const held = await loadApart(index, view.show);
    const { calls } = held;
    const [first, ...others] = view.who;
    const own = held.answers.get(first);
    const keep = (i) => !view.contested || calls.contested[i];
    const name = index.names.get(first);
    const lines = [];
    const rows = [];
    for (const who of others) {
      const other = who === WORLD ? null : held.answers.get(who);
      const found = CODINGS.map((coding) => joint(calls, own, other, index.codings[coding], keep));
      const seed = [first, who, view.coding, view.show, view.contested].join("|");
      const p = await withEnds(found[CODINGS.indexOf(view.coding)], index.levels, seed);
      const one = index.names.get(who);
      lines.push(p.rate === null ? say("never", { name: one }) : say("apart-line", { name: one, rate: two(p.rate), interval: between(p), n: number(p.n) }));
      rows.push([one, decimals(p.rate), decimals(p.low), decimals(p.high), String(p.n), ...found.map((each) => decimals(each.rate))]);
    }
    const lost = view.who.filter((who) => held.notes[who]).map((who) => `${toldOf(index.names.get(who), held.notes[who])}.`);
    return {
      held, status: [say("apart-note", { year: held.year }), ...(view.issue ? [say("apart-no-issues", { year: held.year })] : []), ...lines, ...lost].join("\n"),
      caption: say("apart-caption", { year: held.year, name }), numbers: say("apart-numbers", { year: held.year }),
      series: [], frame: { span: index.span, eras: index.eras, atYear: () => "" }, columns: columns("apart-columns"), rows, heads: 0,
      licence: held.licence,
      csv: (address) => engine.sheet(head(index, view, [say("csv-apart", { year: held.year, licence: held.licence }), how(index, { ...view, issue: "" })], address), columns("apart-columns"), rows),
    };
  }

  let states = new Map();

  const page = {
    opens: (index) => ({
      who: index.first.who, coding: "same", contested: false, issue: "", show: "agreement", period: "", other: "",
    }),
    first: (index, view) => view.who[0],
    // The state that the others are compared with stays.
    group: (index, view, members) => [...new Set([view.who[0] && view.who[0] !== WORLD ? view.who[0] : members[0], ...members]),
      ...(view.who.includes(WORLD) ? [WORLD] : [])],
    read(hash, index) {
      if (hash.who === null) return null;
      const unknown = [];
      const asked = (name, known, otherwise) => {
        const value = hash.asked.get(name);
        if (known.includes(value)) return value;
        if (value) unknown.push(`${name}=${value}`);
        return otherwise;
      };
      return {
        coding: asked("coding", CODINGS, "same"), contested: asked("votes", ["contested", "all"], "all") === "contested",
        issue: asked("issue", index.issues.map(([key]) => key), ""), show: asked("show", [...VIEWS, ...index.apart], "agreement"),
        period: asked("period", index.eras.map(([name]) => name), ""), other: asked("with", index.states.map(([code]) => code), ""),
        note: unknown.length ? say("unknown", { asked: unknown.join(", ") }) : "",
      };
    },
    hash: (view) => `#who=${view.who.map(encodeURIComponent).join(",")}&coding=${view.coding}` +
      (view.contested ? "&votes=contested" : "") + (view.issue ? `&issue=${view.issue}` : "") +
      (view.show === "agreement" ? "" : `&show=${view.show}`) + (view.period ? `&period=${encodeURIComponent(view.period)}` : "") +
      (view.other ? `&with=${view.other}` : "") + (view.apart === null || view.apart === undefined ? "" : `&apart=${Number(view.apart)}`),
    before(view) {
      for (const [field, value] of [["coding", view.coding], ["issue", view.issue], ["view", view.show], ["period", view.period]]) part(field).value = value;
      part("contested").checked = view.contested;
    },
    chip: (index, code, view, show) => (code === view.who[0]
      ? [make("span", say("base-is"), { class: "explorer-note" })]
      : [press(say("base-sign"), () => show({ who: [code, ...view.who.filter((other) => other !== code)], other: "" }),
        { "aria-label": say("base", { name: index.names.get(code) }) })]),
    async answer(index, view, overtaken) {
      const others = view.who.slice(1);
      if (!view.who.length || view.who[0] === WORLD) return { reason: say("pick-more"), instead: [] };
      const name = index.names.get(view.who[0]);
      if (!others.length && view.show !== "ideal") return { reason: say("pick-other", { name }), instead: [] };
      const key = [view.who.join(" "), view.coding, view.contested ? "contested" : "all", view.issue || "any", view.show, view.period || "years"].join(" ");
      const file = `many-vectors_votes_${view.show}_${view.who.join("-")}.csv`;
      if (index.apart.includes(view.show)) return { key, file, ...(await apart(index, view)) };
      const loaded = await Promise.all(view.who.map(async (code) => [code, await answersOf(index, code)]));
      if (overtaken()) return null;
      states = new Map(loaded);
      const frame = { span: index.span, eras: index.eras };
      if (view.show === "ideal") {
        const series = ideal(index, view, states);
        const rows = series.flatMap((one) => one.points.map((p) => [one.name, String(p.year), decimals(p.rate), decimals(p.low), decimals(p.high), edition(index, p.year)]));
        const lines = series.map((one) => {
          const [a, b] = [one.points[0], one.points[one.points.length - 1]];
          return a ? say("ideal-range", { name: one.name, first: two(a.rate), first_year: a.year, last: two(b.rate), last_year: b.year }) : say("never", { name: one.name });
        });
        return {
          key, file, series, rows, heads: 1, frame: { ...frame, atYear: (year) => atYear(year, series) },
          status: [say("ideal-how", { from: index.span[0], to: index.span[1] }), ...lines, ...(view.who.includes(WORLD) ? [say("ideal-world")] : [])].join("\n"),
          caption: say("ideal-caption"), numbers: say("ideal-numbers"), columns: columns("ideal-columns"),
          csv: (address) => engine.sheet(head(index, view, [say("csv-ideal"), say("csv-licence", { source: index.source })], address), columns("ideal-columns"), rows),
        };
      }
      const series = await agreement(index, view, states, overtaken);
      if (!series) return null;
      const rows = series.flatMap((one) => one.points.map((p) => [
        one.name, String(p.year), decimals(p.rate), decimals(p.low), decimals(p.high), String(p.n), String(p.texts),
        ...p.codings.map(decimals), edition(index, p.year), p.note || "–",
      ]));
      const notes = view.who.filter((code) => index.notes[code]).map((code) => `${toldOf(index.names.get(code), index.notes[code])}.`);
      return {
        key, file, series, rows, heads: 1, frame: { ...frame, range: [0, 1], atYear: (year) => atYear(year, series) },
        status: [say("status", { from: index.span[0], to: index.span[1], which: which(view), issue: nameOfIssue(index, view.issue), coding: say(`coding.${view.coding}`) }),
          ...series.map(lineInWords), ...notes].join("\n"),
        caption: say("caption", { name }), numbers: say("numbers", { name }), columns: columns("year-columns"),
        csv: (address) => engine.sheet(head(index, view, [how(index, view), say("csv-licence", { source: index.source })], address), columns("year-columns"), rows),
      };
    },
    async shown(index, view, found, overtaken) {
      const [first, ...others] = view.who;
      const name = index.names.get(first);
      const away = view.show === "ideal";
      part("more").hidden = away || !others.length;
      part("licence").textContent = found.licence ? say("csv-apart", { year: found.held.year, licence: found.licence }) : say("csv-licence", { source: index.source });
      if (away || !others.length) return;
      const alone = Boolean(found.held);
      const [from, to] = period(index, view);
      const when = alone ? String(found.held.year) : say("period", { from, to });
      part("issues-box").hidden = alone;
      part("period-box").hidden = alone;
      if (!alone) {
        const lines = [];
        for (const who of others) {
          for (const [key, issue] of [["", say("issue-all")], ...index.issues]) {
            const keep = filter(index, { ...view, issue: key }, from, to);
            const p = await withEnds(joint(index.calls, states.get(first).votes, states.get(who).votes, index.codings[view.coding], keep),
              index.levels, [first, who, view.coding, key, view.contested, from, to].join("|"));
            lines.push([index.names.get(who), issue, decimals(p.rate), decimals(p.low), decimals(p.high), String(p.n), String(p.texts)]);
          }
          await engine.breathe();
          if (overtaken()) return;
        }
        part("issues-title").textContent = say("issues", { name, period: when });
        engine.fillTable(part("issues"), columns("issue-columns"), lines, 1);
      }
      const known = others.filter((code) => code !== WORLD);
      part("differ-box").hidden = !known.length;
      if (!known.length) return;
      const other = known.includes(view.other) ? view.other : known[0];
      part("other").replaceChildren(...known.map((code) => make("option", index.names.get(code), { value: code })));
      part("other").value = other;
      const title = say("differ", { name, other: index.names.get(other), period: when });
      const names = { name, other: index.names.get(other) };
      if (alone) {
        const { calls, answers, called: [symbols, subjects], year } = found.held;
        const keep = (i) => !view.contested || calls.contested[i];
        const [one, two_] = [answers.get(first), answers.get(other)];
        listDifferences(index, title, names, differences(calls, one, two_, index.codings.half, keep), one, two_,
          (i) => [symbols[i], subjects[i]].filter(Boolean).join(": "), () => year);
        return;
      }
      const [symbols, titles] = await load("texts");
      if (overtaken()) return;
      const [one, two_] = [states.get(first).votes, states.get(other).votes];
      // The last title that is known of a text, and the last symbol.
      const nameOf = (last, rollcalls) => {
        const newest = (list) => [...rollcalls].reverse().map((i) => list[i]).find(Boolean) || "";
        return [newest(symbols), newest(titles)].filter(Boolean).join(": ") || say("untitled", { year: index.calls.years[last] });
      };
      listDifferences(index, title, names, differences(index.calls, one, two_, index.codings.half, filter(index, view, from, to)), one, two_,
        nameOf, (i) => index.calls.years[i]);
    },
    bind({ index, show, safely }) {
      const fill = (field, options) => part(field).replaceChildren(...options.map(([value, label]) => make("option", label, { value })));
      fill("coding", CODINGS.map((coding) => [coding, say(`coding.${coding}`)]));
      fill("issue", [["", say("issue-all")], ...index.issues]);
      fill("view", [...part("view").options].map((option) => [option.value, option.textContent])
        .concat(index.apart.map((source) => [source, part("view").dataset.apart.replace("{year}", source)])));
      fill("period", [["", say("years")], ...index.eras.map(([name]) => [name, name])]);
      for (const [field, name] of [["coding", "coding"], ["issue", "issue"], ["view", "show"], ["period", "period"], ["other", "other"]]) {
        part(field).addEventListener("change", () => safely(show({ [name]: part(field).value })));
      }
      part("contested").addEventListener("change", () => safely(show({ contested: part("contested").checked })));
      part("marks").textContent = say("editions", {
        editions: index.editions, years: engine.inWords(index.eras.slice(1).map(([name]) => name), "and"),
      });
    },
  };

  Object.assign(parts, { unpackAnswers, contested, joint, differences });
  engine.start(page, loadIndex);
})();
