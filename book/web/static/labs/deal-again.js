/* Deal again: the speeches of one state are dealt between the years before a cut and those since, as
manyvectors.inference.permutation_sums deals them, number by number. */

(function () {
  "use strict";

  const { engine, parts, vocabulary } = window.manyVectorsExplorer;
  const { drawing, generator, slide, slider, start, svg, whole } = window.manyVectorsLab;
  const { ask, fields, find, rate } = window.manyVectorsSpeeches;
  const { make, number, press } = engine;
  const say = sayOf("labs.deal-again"); // its sentences stand in manyvectors/messages/en.json
  const MOST = 9999; // deals: more would not change what one sees
  const MANY = 1000;
  const ROUND = 100; // deals before the page may answer
  const BINS = 15; // on either side of no difference, about
  const [LANE, DOT, TALL, LABEL] = [44, 9, 150, 40]; // pixels: of the rows of speeches, of the largest dot, the bars, a year

  // What two computations of one value in another order may differ by: manyvectors.methods.resample.tolerance.
  const tolerance = (value) => 1e-12 * Math.max(1, Math.abs(value));

  // A deck that deals as often as it is asked: the speeches with the smallest random numbers are dealt behind the cut.
  function deck(speeches, later, seed) {
    const random = generator(seed);
    const differences = [];
    const held = { differences, last: null, deal() {
      const drawn = speeches.map(() => random.random());
      const bar = [...drawn].sort((a, b) => a - b)[later - 1];
      held.last = drawn.map((value) => value <= bar);
      differences.push(rate(speeches.filter((_, i) => held.last[i])).rate - rate(speeches.filter((_, i) => !held.last[i])).rate);
    } };
    return held;
  }

  // Bars of one width, of which some end just at the true difference: {width, most, counts by place, whether as large}.
  function bars(differences, observed) {
    const most = Math.max(Math.abs(observed), ...differences.map(Math.abs)) * 1.02 || 1;
    const size = Math.abs(observed);
    const steps = Math.max(1, Math.round((BINS * size) / most));
    const width = size ? size / steps : most / BINS;
    const counts = new Map();
    for (const difference of differences) {
      const place = Math.floor((Math.abs(difference) + tolerance(observed)) / width);
      const at = difference < 0 ? -1 - place : place;
      counts.set(at, (counts.get(at) || 0) + 1);
    }
    const end = Math.floor(most / width) + 1;
    const list = [];
    for (let at = -end; at < end; at++) {
      const place = at < 0 ? -1 - at : at;
      list.push({ from: at * width, to: (at + 1) * width, n: counts.get(at) || 0, large: place >= (size ? steps : 0) });
    }
    return { list, reach: end * width };
  }

  const signed = (value, decimals = 2) => (value < 0 ? "\u2212" : "+") + Math.abs(value).toFixed(decimals);
  const short = (value) => value.toFixed(2);

  // The cut that leaves most speeches on the shorter side, of those that the study names.
  function middle(index) {
    const years = index.byState.get(index.focus).map((speech) => index.years[speech]);
    const few = (cut) => Math.min(years.filter((year) => year < cut).length, years.filter((year) => year >= cut).length);
    const cuts = index.eras.map(([, first]) => first);
    return cuts.reduce((best, cut) => (few(cut) > few(best) ? cut : best), cuts[0]);
  }

  let shuffled = { key: "", deck: null };

  const lab = {
    load: vocabulary.loadIndex,
    fields: (index) => ({
      ...fields(index),
      cut: whole(middle(index), index.span[0] + 1, index.span[1]),
      deals: whole(0, 0, MOST),
      seed: whole(0, 0, 9999),
    }),

    build(it) {
      const index = it.data;
      const anew = (change) => it.set({ ...change, deals: 0 });
      const { word, who, put } = ask(it, { word: say("word"), who: say("who") }, anew);
      const cut = slider({
        label: say("cut"), low: index.span[0] + 1, high: index.span[1], value: it.state.cut,
        told: (year) => say("since", { year }), change: (year) => anew({ cut: year }),
      });
      const seed = slider({
        label: say("seed"), low: 0, high: 20, value: it.state.seed, change: (value) => anew({ seed: value }),
      });
      const form = make("div", undefined, { class: "explorer-fields" });
      form.append(word.box, who.box, cut.box, seed.box);
      const more = (n, said) => press(said, () => it.set({ deals: Math.min(MOST, it.state.deals + n) }));
      it.one = more(1, say("once"));
      it.many = more(MANY, say("many", { count: number(MANY) }));
      it.form.append(form);
      it.actions.append(it.one, it.many, press(say("again"), () => anew({})));
      it.fill = () => {
        put();
        cut.put(it.state.cut);
        seed.put(it.state.seed);
      };
    },

    async show(it, overtaken) {
      const { data: index, state } = it;
      const found = await find(it, { deals: 0 });
      if (overtaken()) return null;
      it.one.disabled = it.many.disabled = Boolean(found.reason) || state.deals >= MOST;
      if (found.reason) return found;
      state.word = found.term;
      it.fill();
      const { speeches, instead } = found;
      const before = speeches.filter(({ year }) => year < state.cut);
      const after = speeches.filter(({ year }) => year >= state.cut);
      const name = index.names.get(state.who);
      if (!before.length || !after.length) {
        it.one.disabled = it.many.disabled = true;
        return { reason: say("one-side", { name, cut: state.cut, first: speeches[0].year, last: speeches.at(-1).year }) };
      }
      const key = [found.term, state.who, state.cut, state.seed].join("|");
      if (shuffled.key !== key || shuffled.deck.differences.length > state.deals) {
        shuffled = { key, deck: deck(speeches, after.length, state.seed) };
      }
      const { deck: held } = shuffled;
      while (held.differences.length < state.deals) {
        held.deal();
        if (held.differences.length % ROUND) continue;
        await engine.breathe();
        if (overtaken()) return null;
      }
      const [early, late] = [rate(before), rate(after)];
      const observed = late.rate - early.rate;
      const bar = Math.abs(observed) - tolerance(observed);
      const beyond = held.differences.filter((difference) => Math.abs(difference) >= bar).length;
      const n = held.differences.length;
      const p = (beyond + 1) / (n + 1);
      const true_ = say("true", {
        name, word: found.term, cut: state.cut, before: short(early.rate), after: short(late.rate), difference: signed(observed),
        earlier: say("speeches", { n: before.length }), later: say("speeches", { n: after.length }),
      });
      const said = n ? say("counted", { n, deals: number(n), beyond: number(beyond), above: number(beyond + 1), below: number(n + 1), p: p.toFixed(4) })
        : say("no-deal");
      const { list, reach } = bars(held.differences, observed);
      const place = (speech) => (speech.year < state.cut ? say("before") : say("after"));
      return {
        status: `${found.note ? `${found.note}\n` : ""}${true_}\n${said}`, instead,
        caption: say("caption", { word: found.term, name, cut: state.cut }), marks: say("marks"),
        table: {
          caption: say("bars", { n, deals: number(n) }), columns: say("bar-columns").split("|"), heads: 0,
          rows: list.map(({ from, to, n: many, large }) => [signed(from), signed(to), number(many), say(large ? "yes" : "no")]),
        },
        more: [{
          caption: say("table", { name, word: found.term }), columns: say("columns").split("|"), heads: 0,
          rows: speeches.map((speech, i) => [
            String(speech.year), String(speech.said), String(speech.words), short((1e4 * speech.said) / speech.words), place(speech),
            held.last ? say(held.last[i] ? "after" : "before") : "",
          ]),
        }],
        head: [say("head", { name, word: found.term, cut: state.cut, observed: observed.toFixed(6), beyond, n, p: p.toFixed(6), seed: state.seed })],
        csv: { columns: say("deal-columns").split("|"), rows: held.differences.map((difference, i) => [
          String(i + 1), difference.toFixed(6), say(Math.abs(difference) >= bar ? "yes" : "no")]) },
        file: `many-vectors_deal-again_${state.who}_${state.cut}.csv`,
        speeches, last: held.last, observed, list, reach, n, beyond, p,
      };
    },

    draw(it, stage, width, found) {
      const { data: index, state } = it;
      const [first, final] = index.span;
      const x = (year) => 14 + ((year - first + 0.5) * (width - 28)) / (final - first + 1);
      const top = 30;
      if (!it.picture || it.picture.width !== width) {
        const inside = svg("g");
        const grip = svg("g", {}, svg("rect", { x: -22, y: 0, width: 44, height: top + 2 * LANE, fill: "transparent" }),
          svg("line", { y1: top - 6, y2: top + 2 * LANE, class: "deal-cut" }), svg("circle", { cy: 15, r: 9, class: "deal-grip" }));
        const picture = drawing(width, top + 2 * LANE + TALL + 80, true);
        picture.append(inside, grip);
        const box = () => picture.getBoundingClientRect();
        const moved = slide(grip, {
          label: say("cut"), low: first + 1, high: final, value: state.cut, told: (year) => say("since", { year }),
          at: (event) => Math.round(first + ((event.clientX - box().left - 14) * (final - first + 1)) / (width - 28)),
          change: (year) => it.set({ cut: year, deals: 0 }),
        });
        it.picture = { width, inside, grip, put: moved.put };
        stage.replaceChildren(picture);
      }
      const { inside, grip, put } = it.picture;
      put(state.cut);
      grip.setAttribute("transform", `translate(${x(state.cut - 0.5)} 0)`);
      const drawn = [];
      const most = Math.max(...found.speeches.map(({ said, words }) => said / words)) || 1;
      for (const [lane, said] of [[0, "before"], [1, "after"]]) {
        drawn.push(svg("rect", { x: 0, y: top + lane * LANE, width, height: LANE - 4, class: "deal-lane" }));
        drawn.push(svg("text", { x: lane ? 4 : width - 4, y: top + lane * LANE + 12, "text-anchor": lane ? "start" : "end" }, say(said)));
      }
      found.speeches.forEach((speech, i) => {
        const since = speech.year >= state.cut;
        const lane = found.last ? found.last[i] : since;
        const dot = svg("circle", {
          cx: x(speech.year), cy: top + lane * LANE + LANE / 2 + 2, r: 2.5 + (DOT - 2.5) * Math.sqrt(speech.said / speech.words / most),
          class: since ? "deal-after" : "deal-before",
        });
        drawn.push(dot);
      });
      const apart = (year) => year === state.cut || Math.abs(x(year) - x(state.cut)) > LABEL;
      for (const year of new Set([first, state.cut, final].filter(apart))) {
        drawn.push(svg("text", { x: x(year), y: top + 2 * LANE + 12, "text-anchor": year === first ? "start" : year === final ? "end" : "middle" }, String(year)));
      }
      const floor = top + 2 * LANE + TALL + 40;
      const at = (value) => width / 2 + (value * (width / 2 - 8)) / found.reach;
      const tallest = Math.max(5, ...found.list.map(({ n }) => n));
      for (const { from, to, n, large } of found.list) {
        if (!n) continue;
        const height = (TALL * n) / tallest;
        drawn.push(svg("rect", { x: at(from) + 0.5, y: floor - height, width: Math.max(1, at(to) - at(from) - 1), height, class: large ? "deal-large" : "deal-small" }));
      }
      drawn.push(svg("line", { x1: 0, x2: width, y1: floor, y2: floor, class: "deal-axis" }));
      for (const [value, kind] of [[found.observed, "deal-true"], [-found.observed, "deal-mirror"]]) {
        drawn.push(svg("line", { x1: at(value), x2: at(value), y1: floor - TALL - 6, y2: floor, class: kind }));
      }
      const anchor = at(found.observed) < 70 ? "start" : at(found.observed) > width - 70 ? "end" : "middle";
      drawn.push(svg("text", { x: at(found.observed), y: floor - TALL - 10, "text-anchor": anchor, class: "deal-said" }, say("true-mark", { difference: signed(found.observed) })));
      for (const [value, place] of [[-found.reach, "start"], [0, "middle"], [found.reach, "end"]]) {
        drawn.push(svg("text", { x: at(value), y: floor + 16, "text-anchor": place }, value ? signed(value, 1) : say("axis")));
      }
      // Whoever deals again and again looks here, not at the line above.
      if (found.n) drawn.push(svg("text", { x: width / 2, y: floor + 34, "text-anchor": "middle", class: "deal-said" }, say("short", {
        n: found.n, deals: number(found.n), beyond: number(found.beyond), p: found.p.toFixed(4) })));
      inside.replaceChildren(...drawn);
    },
  };

  Object.assign(parts, { bars, deck });
  start(lab);
})();
