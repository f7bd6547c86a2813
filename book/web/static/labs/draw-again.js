/* Draw again: the speeches of one state are drawn with replacement, by hand or as manyvectors.inference.rate draws them, number
by number; the interval grows out of the draws. */

(function () {
  "use strict";

  const { engine, parts, vocabulary } = window.manyVectorsExplorer;
  const { carry, drawing, generator, slider, start, svg, whole } = window.manyVectorsLab;
  const { ask, fields, find, rate: together } = window.manyVectorsSpeeches;
  const { make, number, percentile, press } = engine;
  const say = sayOf("labs.draw-again"); // its sentences stand in manyvectors/messages/en.json
  const MOST = 2000; // draws, as many as the package takes
  const SOME = 100;
  const FEW = 5; // speeches with which the lab opens
  const TAIL = 0.025;
  const LEAST = 2; // speeches: from one nothing can be drawn
  const [WORLDS, INNER] = [100, 400]; // how often it is supposed that one had other speeches, and draws in each
  const BINS = 30;
  const EDGE = 12; // pixels beside the first and the last speech, for half a year
  const ROOM = 20; // pixels that a mark with two digits takes
  const SPREAD = 4; // standard errors on either side that the bars have room for
  const [HIGH, BOX, TALL, LINE] = [150, 58, 140, 3]; // pixels: of the speeches, of the hand's draw, of the bars, of one interval

  const rate = (speeches) => together(speeches).rate;

  // As many draws as are asked for: {rates, drawn: which speeches, draw by draw}.
  function resampler(speeches, seed) {
    const random = generator(seed);
    const held = { rates: [], drawn: [], to(n) {
      while (held.rates.length < n) {
        const drawn = speeches.map(() => random.below(speeches.length));
        held.drawn.push(drawn);
        held.rates.push(rate(drawn.map((i) => speeches[i])));
      }
    } };
    return held;
  }

  // The middle of the draws: the percentile interval, and the one whose level is widened for few.
  function middle(rates, level) {
    const sorted = Float64Array.from(rates).sort();
    const wide = (1 - level) / 2;
    return {
      low: percentile(sorted, TAIL), high: percentile(sorted, 1 - TAIL),
      wideLow: percentile(sorted, wide), wideHigh: percentile(sorted, 1 - wide),
    };
  }

  // If all speeches of the state were everything it could have said: so many others in each world, and whether their interval
  // holds the rate of all. Each world is drawn in with a seed of its own, as inference.rate does.
  function worlds(all, few, n, level, seed) {
    const random = generator(seed);
    const truth = rate(all);
    return Array.from({ length: n }, (_, world) => {
      const sample = Array.from({ length: few }, () => all[random.below(all.length)]);
      const held = resampler(sample, world);
      held.to(INNER);
      const found = middle(held.rates, level);
      return {
        rate: rate(sample), ...found, holds: found.low <= truth && truth <= found.high,
        wideHolds: found.wideLow <= truth && truth <= found.wideHigh,
      };
    });
  }

  // Bars that keep their place while draws are added, unless one falls beside them. `beside`: what has to find room on their axis.
  function bars(rates, speeches, estimate, beside) {
    const length = speeches.reduce((total, { words }) => total + words, 0);
    const error = (1e4 * Math.sqrt(speeches.reduce((total, { said, words }) => total + (said - (estimate * words) / 1e4) ** 2, 0))) / length;
    const from = Math.max(0, Math.min(estimate - SPREAD * error, ...rates, ...beside));
    const to = Math.max(estimate + SPREAD * error, ...rates, ...beside) || 1;
    const width = (to - from) / BINS || 1 / BINS;
    const list = Array.from({ length: BINS }, (_, i) => ({ from: from + i * width, to: from + (i + 1) * width, n: 0 }));
    for (const one of rates) list[Math.min(BINS - 1, Math.floor((one - from) / width))].n += 1;
    return { list, from, to };
  }

  const short = (value) => value.toFixed(2);
  const fixed = (value) => value.toFixed(6);
  const times = (drawn, i) => drawn.filter((one) => one === i).length;
  const yesNo = (yes) => say(yes ? "yes" : "no");

  let last = { key: "", held: null };

  const lab = {
    load: vocabulary.loadIndex,
    fields: (index) => ({
      ...fields(index),
      speeches: whole(FEW, LEAST, index.span[1] - index.span[0] + 1),
      draws: whole(0, 0, MOST),
      worlds: whole(0, 0, WORLDS),
      seed: whole(0, 0, 9999),
      hand: {
        first: [], write: (hand) => hand.join("."),
        read: (typed) => (/^(\d{1,2}(\.\d{1,2})*)?$/.test(typed) ? typed.split(".").filter(Boolean).map(Number) : undefined),
      },
    }),

    build(it) {
      const index = it.data;
      const anew = (change) => it.set({ ...change, draws: 0, worlds: 0, hand: [] });
      const { word, who, put } = ask(it, { word: say("word"), who: say("who") }, anew);
      const few = slider({
        label: say("few"), low: LEAST, high: index.span[1] - index.span[0] + 1, value: it.state.speeches,
        told: (n) => say("latest", { n }), change: (n) => it.set({ speeches: n, hand: [] }),
      });
      const seed = slider({ label: say("seed"), low: 0, high: 20, value: it.state.seed, change: (value) => it.set({ seed: value }) });
      const form = make("div", undefined, { class: "explorer-fields" });
      form.append(word.box, who.box, few.box, seed.box);
      it.form.append(form);
      const draws = slider({
        label: say("draws"), low: 0, high: MOST, value: it.state.draws, told: (n) => say("drawn", { n, count: number(n) }),
        change: (n) => it.set({ draws: n, hand: [] }),
      });
      draws.box.classList.add("draw-draws");
      const more = (n, said) => press(said, () => it.set({ draws: Math.min(MOST, it.state.draws + n), hand: [] }));
      it.actions.append(draws.box, more(1, say("once")), more(SOME, say("many", { count: number(SOME) })), press(say("again"), () => anew({})),
        press(say("suppose", { few: WORLDS }), () => it.set({ worlds: WORLDS })));
      it.fill = (most) => {
        put();
        few.input.max = most;
        few.put(it.state.speeches);
        draws.put(it.state.draws);
        seed.put(it.state.seed);
      };
    },

    async show(it, overtaken) {
      const { data: index, state } = it;
      const found = await find(it, { draws: 0, worlds: 0, hand: [] });
      if (overtaken()) return null;
      if (found.reason) return found;
      state.word = found.term;
      const { speeches: all, instead } = found;
      const name = index.names.get(state.who);
      state.speeches = Math.max(LEAST, Math.min(state.speeches, all.length));
      it.fill(Math.max(LEAST, all.length));
      if (all.length < LEAST) return { reason: say("too-few", { name }) };
      const speeches = all.slice(-state.speeches);
      const size = speeches.length;
      state.hand = state.hand.filter((i) => i < size).slice(0, size);
      const level = index.levels[size - 2];
      const estimate = rate(speeches);
      const key = [found.term, state.who, size, state.seed].join("|");
      if (last.key !== key) last = { key, held: resampler(speeches, state.seed) };
      last.held.to(state.draws);
      const [rates, drawn] = [last.held.rates.slice(0, state.draws), last.held.drawn[state.draws - 1] || []];
      const ends = rates.length ? middle(rates, level) : null;
      const supposed = worlds(all, size, state.worlds, level, state.seed);
      const truth = rate(all);
      const told = [say("estimate", { name, word: found.term, n: size, speeches: say("speeches", { n: size }), rate: short(estimate) })];
      if (!ends) told.push(say("none-drawn"));
      else if (rates.length === 1) told.push(say("one-draw", { low: short(ends.low) }));
      else told.push(say("interval", {
        draws: number(rates.length), low: short(ends.low), high: short(ends.high), speeches: say("speeches", { n: size }),
        wide_low: short(ends.wideLow), wide_high: short(ends.wideHigh),
      }));
      if (state.hand.length) {
        told.push(state.hand.length < size ? say("hand", { drawn: state.hand.length, n: size })
          : say("hand-done", { rate: short(rate(state.hand.map((i) => speeches[i]))) }));
      }
      if (supposed.length) told.push(say("supposed", {
        worlds: supposed.length, all: say("speeches", { n: all.length }), speeches: say("speeches", { n: size }), truth: short(truth),
        holds: supposed.filter(({ holds }) => holds).length, wide: supposed.filter(({ wideHolds }) => wideHolds).length,
      }));
      const { list, from, to } = bars(rates, speeches, estimate, supposed.length ? [truth, ...supposed.flatMap(({ wideLow, wideHigh }) => [wideLow, wideHigh])] : []);
      const shown = state.hand.length ? state.hand : drawn;
      const tables = [{
        caption: say("table", { name, word: found.term }), columns: say("columns").split("|"),
        rows: speeches.map((speech, i) => [String(speech.year), String(speech.said), String(speech.words),
          short((1e4 * speech.said) / speech.words), String(times(shown, i))]),
      }];
      if (supposed.length) tables.push({
        caption: say("worlds", { speeches: say("speeches", { n: size }), all: say("speeches", { n: all.length }) }),
        columns: say("world-columns").split("|"),
        rows: supposed.map((world, i) => [String(i + 1), short(world.rate), short(world.low), short(world.high), yesNo(world.holds),
          short(world.wideLow), short(world.wideHigh), yesNo(world.wideHolds)]),
      });
      return {
        status: `${found.note ? `${found.note}\n` : ""}${told.join("\n")}`, instead,
        caption: say("caption", { name, word: found.term, speeches: say("speeches", { n: size }) }),
        marks: say("marks") + (supposed.length ? ` ${say("world-marks")}` : ""),
        table: {
          caption: say("bars", { n: rates.length, draws: number(rates.length) }), columns: say("bar-columns").split("|"),
          rows: list.map((bar) => [short(bar.from), short(bar.to), number(bar.n)]),
        },
        more: tables,
        head: [say("head", {
          name, word: found.term, speeches: speeches.map(({ year }) => year).join(" "), rate: fixed(estimate), seed: state.seed,
          low: ends ? fixed(ends.low) : "", high: ends ? fixed(ends.high) : "", wide_low: ends ? fixed(ends.wideLow) : "",
          wide_high: ends ? fixed(ends.wideHigh) : "",
        })],
        csv: { columns: say("draw-columns").split("|"), rows: rates.map((one, i) => [String(i + 1), fixed(one)]) },
        file: `many-vectors_draw-again_${state.who}_${size}.csv`,
        key, speeches, estimate, ends, shown, list, from, to, supposed, truth,
      };
    },

    draw(it, stage, width, found) {
      const { state } = it;
      const { speeches } = found;
      const size = speeches.length;
      const pitch = (width - 2 * EDGE) / size;
      const most = Math.max(...speeches.map(({ said, words }) => said / words)) || 1;
      const x = (i) => EDGE + (i + 0.5) * pitch;
      const y = ({ said, words }) => 38 + (HIGH - 58) * (1 - said / words / most);
      const tall = HIGH + 20 + BOX + TALL + 80 + (found.supposed.length ? 30 + LINE * found.supposed.length : 0);
      const key = [found.key, width, found.supposed.length].join("|");
      if (!it.picture || it.picture.key !== key) {
        const back = svg("g");
        const reach = Math.max(10, Math.min(22, pitch / 2));
        const dots = speeches.map((speech, i) => {
          const said = { year: speech.year, rate: short((1e4 * speech.said) / speech.words) };
          const dot = svg("g", {}, svg("circle", { cx: x(i), cy: y(speech), r: reach, fill: "transparent" }),
            svg("circle", { cx: x(i), cy: y(speech), r: 6, class: "draw-dot" }));
          carry(dot, {
            places: () => [["speeches", say("place-speeches")], ["box", say("place-box")]], where: () => "speeches",
            label: () => say("dot", said),
            moved: () => it.set({ hand: [...(it.state.hand.length < size ? it.state.hand : []), i] }),
          });
          return dot;
        });
        const picture = drawing(width, tall, true);
        picture.append(back, ...dots);
        it.picture = { key, back, dots };
        stage.replaceChildren(picture);
      }
      const { back, dots } = it.picture;
      const drawn = [];
      dots.forEach((dot, i) => {
        const n = times(found.shown, i);
        dot.lastChild.classList.toggle("draw-out", found.shown.length > 0 && !n);
        if (n > 1) drawn.push(svg("text", { x: x(i), y: y(speeches[i]) - 9, "text-anchor": "middle" }, say("times", { n })));
      });
      const each = Math.ceil(size / Math.max(1, Math.floor(width / 40)));
      speeches.forEach(({ year }, i) => {
        if (i % each === 0) drawn.push(svg("text", { x: x(i), y: HIGH + 4, "text-anchor": "middle" }, String(year)));
      });
      drawn.push(svg("text", { x: 4, y: 12 }, say("highest", { rate: short(1e4 * Math.max(...speeches.map(({ said, words }) => said / words))) })));
      const top = HIGH + 14;
      drawn.push(svg("rect", { x: 1, y: top, width: width - 2, height: BOX, class: "draw-box", "data-place": "box" }));
      drawn.push(svg("text", { x: 8, y: top + 16, "pointer-events": "none" }, say(state.hand.length || !found.shown.length ? "box" : "box-last", {
        drawn: state.hand.length, n: size, draw: number(state.draws) })));
      // What was drawn stands as the years' last two digits, in the order of the draw, as long as there is room for them.
      const step = Math.min(26, (width - 24) / size);
      found.shown.forEach((i, place) => {
        const [cx, cy] = [16 + place * step, top + 38];
        drawn.push(svg("circle", { cx, cy, r: Math.min(11, step / 2), class: "draw-dot", "pointer-events": "none" }));
        if (step >= ROOM) drawn.push(svg("text", { x: cx, y: cy + 4, "text-anchor": "middle", class: "draw-year", "pointer-events": "none" }, String(speeches[i].year).slice(2)));
      });
      const floor = top + BOX + TALL + 36;
      const at = (value) => 8 + ((value - found.from) * (width - 16)) / (found.to - found.from);
      const tallest = Math.max(5, ...found.list.map(({ n }) => n));
      for (const { from, to, n } of found.list) {
        if (!n) continue;
        const height = ((TALL - 10) * n) / tallest;
        drawn.push(svg("rect", { x: at(from) + 0.5, y: floor - height, width: Math.max(1, at(to) - at(from) - 1), height, class: "draw-bar" }));
      }
      drawn.push(svg("line", { x1: 0, x2: width, y1: floor, y2: floor, class: "draw-axis" }));
      drawn.push(svg("line", { x1: at(found.estimate), x2: at(found.estimate), y1: floor - TALL, y2: floor, class: "draw-rate" }));
      if (state.hand.length === size) {
        const own = at(rate(state.hand.map((i) => speeches[i])));
        drawn.push(svg("path", { d: `M${own} ${floor}l-6 -12h12z`, class: "draw-hand" }));
      }
      const anchor = at(found.estimate) < 60 ? "start" : at(found.estimate) > width - 60 ? "end" : "middle";
      drawn.push(svg("text", { x: at(found.estimate), y: floor - TALL - 4, "text-anchor": anchor, class: "draw-said" }, short(found.estimate)));
      if (found.ends) {
        const bracket = (low, high, below, kind) => svg("path", { d: `M${at(low)} ${below - 4}v8M${at(low)} ${below}H${at(high)}M${at(high)} ${below - 4}v8`, class: kind });
        drawn.push(bracket(found.ends.low, found.ends.high, floor + 9, "draw-plain"), bracket(found.ends.wideLow, found.ends.wideHigh, floor + 19, "draw-wide"));
      }
      if (found.ends) drawn.push(svg("text", { x: width / 2, y: floor + 38, "text-anchor": "middle", class: "draw-said" },
        say("short", { low: short(found.ends.low), high: short(found.ends.high) })));
      for (const [value, place] of [[found.from, "start"], [found.to, "end"]]) {
        drawn.push(svg("text", { x: at(value), y: floor + 38, "text-anchor": place }, short(value)));
      }
      if (found.supposed.length) {
        const begin = floor + 62;
        found.supposed.forEach((one, i) => {
          const line = (from, to, kind) => svg("line", { x1: at(from), x2: at(to), y1: begin + LINE * i, y2: begin + LINE * i, class: kind });
          drawn.push(line(one.wideLow, one.wideHigh, "draw-thin"), line(one.low, one.high, one.holds ? "draw-holds" : "draw-misses"));
        });
        drawn.push(svg("line", { x1: at(found.truth), x2: at(found.truth), y1: begin - 8, y2: begin + LINE * found.supposed.length, class: "draw-rate" }));
      }
      back.replaceChildren(...drawn);
    },
  };

  Object.assign(parts, { middle, resampler });
  start(lab);
})();
