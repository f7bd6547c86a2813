/* A map of vectors of the reader's own: places are carried from one vector to another, and the effective number of vectors,
its interval and its rank among all states answer at once. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const lab = window.manyVectorsLab;
  const { DRAWS, diversity, effective, ranked, read, spoken, sums, total } = window.manyVectorsDiversity;
  const { make, number, part, press } = engine;
  const say = sayOf("labs.draw-your-own-map"); // its sentences stand in manyvectors/messages/en.json
  const SHOWN = 8; // places of a vector that are in sight before a reader asks for more
  const MOST = 12; // vectors
  const LONGEST = 40; // letters of a vector's name
  const ALL = "all"; // every period together

  // The map ------------------------------------------------------------------------------------------------------------

  const opening = (data) => data.maps[0][0];
  const periods = (data) => [...data.eras.map(([name]) => name), ALL];

  // A starting map with what the reader has moved: the names of the vectors, and the vector of each place by number.
  function mapped(data, { map, moves }, more = []) {
    const [, start] = data.maps.find(([name]) => name === map);
    const used = data.vectors.filter((_, i) => i !== data.universal && start.includes(i));
    const vectors = [...new Set([...used, ...moves.map(([, name]) => name).filter(Boolean), ...more])];
    const of = start.map((vector) => (vector === data.universal ? -1 : vectors.indexOf(data.vectors[vector])));
    const before = [...of];
    const place = new Map(data.places.map(([code], i) => [code, i]));
    for (const [code, name] of moves) of[place.get(code)] = name ? vectors.indexOf(name) : -1;
    return { vectors, of, before };
  }

  // Moves in an address: place~vector;place~vector. A place without a vector is left out of the count.
  const readMoves = (data, text) => {
    const known = new Set(data.places.map(([code]) => code));
    const found = text.split(";").map((move) => move.split("~")).filter(([code, name]) => known.has(code) && name !== undefined);
    const moves = [...new Map(found.map(([code, name]) => [code, named(name)]))];
    return new Set(moves.map(([, name]) => name)).size <= MOST ? moves : undefined;
  };
  const writeMoves = (moves) => moves.map((move) => move.join("~")).join(";");
  const named = (typed) => typed.replace(/[~;,"#\s]+/g, " ").trim().slice(0, LONGEST);

  const short = (value) => (Number.isNaN(value) ? "" : value.toFixed(1));
  const exact = (value) => (value === null || Number.isNaN(value) ? "" : value.toFixed(4));
  const percent = (share) => (100 * share).toFixed(0);
  const years = (data, period) => {
    const at = data.eras.findIndex(([name]) => name === period);
    if (at < 0) return data.span;
    return [Math.max(data.eras[at][1], data.span[0]), at + 1 < data.eras.length ? data.eras[at + 1][1] - 1 : data.span[1]];
  };
  const called = (data, period) => {
    const [from, to] = years(data, period);
    return say("years", { from, to });
  };

  // The page -----------------------------------------------------------------------------------------------------------

  const view = { more: [], picked: null, open: new Set() }; // empty vectors; the place that is picked; vectors shown whole
  const ids = { now: "lab-now", picked: "lab-picked", place: "lab-place", boxes: "lab-boxes" };

  function load() {
    return engine.load("draw-your-own-map").then(read);
  }

  function move(it, place, name) {
    const { map } = it.state;
    const [code] = it.data.places[place];
    const { vectors, before } = mapped(it.data, { map, moves: [] });
    const home = before[place] < 0 ? "" : vectors[before[place]];
    const others = it.state.moves.filter(([other]) => other !== code);
    it.set({ moves: name === home ? others : [...others, [code, name]] });
  }

  function refresh(it, focus) {
    boxes(it);
    if (focus !== undefined) it.form.querySelector(`[data-of="${focus}"]`)?.focus();
  }

  // One box for each vector, and one for what is left out; in each the places that the state names in the period.
  function boxes(it) {
    const { data, state } = it;
    const { vectors, of } = mapped(data, state, view.more);
    const own = spoken(data, state.who, state.era);
    const times = new Uint32Array(data.places.length);
    for (const speech of own) {
      const list = data.speeches[speech];
      for (let i = 0; i < list.length; i += 2) times[list[i]] += list[i + 1];
    }
    const moved = new Set(state.moves.map(([code]) => code));
    const counted = sums(data, of, vectors.length, own);
    const all = total(counted);
    const order = data.places.map((_, i) => i).filter((i) => times[i] || i === view.picked || moved.has(data.places[i][0])).sort((a, b) => times[b] - times[a]);
    const keys = [...vectors.map((name) => [name, name]), ["", say("left-out")]];
    document.getElementById(ids.boxes).replaceChildren(...keys.map(([key, words], at) => {
      const inside = order.filter((place) => of[place] === (key ? at : -1));
      const rest = of.filter((vector, place) => vector === (key ? at : -1) && !inside.includes(place)).length;
      const box = make("section", undefined, { class: "lab-vector", "data-place": key, "aria-label": words });
      if (key) box.style.setProperty("--share", all ? `${percent(counted[at] / all)}%` : "0%");
      const list = make("ul");
      const open = view.open.has(key);
      for (const place of inside.filter((one, i) => open || i < SHOWN || one === view.picked)) list.append(chip(it, place, times[place], keys, of, moved));
      box.append(make("p", words, { class: "lab-vector-name" }),
        make("p", key ? say("share", { n: counted[at], share: all ? percent(counted[at] / all) : "0" }) : say("not-counted"), { class: "explorer-note" }), list);
      if (inside.length > SHOWN) {
        box.append(press(open ? say("fewer") : say("more", { n: inside.length - SHOWN }), () => {
          if (!view.open.delete(key)) view.open.add(key);
          boxes(it);
          document.getElementById(ids.boxes).children[at].querySelector(":scope > button").focus();
        }, { "aria-label": open ? say("fewer-of", { vector: words }) : say("more-of", { n: inside.length - SHOWN, vector: words }) }));
      }
      if (key && view.more.includes(key) && !of.includes(at)) {
        box.append(press(say("remove"), () => {
          view.more = view.more.filter((name) => name !== key);
          boxes(it);
          document.getElementById("lab-new").focus();
        }, { "aria-label": say("remove-of", { vector: words }) }));
      }
      if (rest) box.append(make("p", say("rest", { n: rest, state: data.names.get(state.who) }), { class: "explorer-note" }));
      return box;
    }));
  }

  function chip(it, place, times, keys, of, moved) {
    const [code, name] = it.data.places[place];
    const item = make("li");
    const held = make("span", undefined, { "data-of": place, class: moved.has(code) ? "lab-moved" : "" });
    held.append(make("span", name), " ", make("span", String(times), { class: "explorer-note" }));
    lab.carry(held, {
      places: () => keys,
      where: () => (of[place] < 0 ? "" : keys[of[place]][0]),
      label: (where) => say("chip", { place: name, n: times, vector: where }),
      scrolls: true, pressed: () => pick(it, place),
      moved: (key) => {
        view.picked = place;
        move(it, place, key);
        refresh(it, place);
        pickable(it);
      },
    });
    item.append(held);
    return item;
  }

  // A place that is picked, with a field for its vector: what can be carried can be chosen.
  function pick(it, place) {
    view.picked = place;
    boxes(it);
    pickable(it);
    document.getElementById(ids.place).focus();
  }

  function pickable(it) {
    const room = document.getElementById(ids.picked);
    room.hidden = view.picked === null;
    if (room.hidden) return;
    const { vectors, of } = mapped(it.data, it.state, view.more);
    const [, name] = it.data.places[view.picked];
    const at = of[view.picked];
    const select = make("select", undefined, { id: ids.place });
    select.append(...vectors.map((vector) => make("option", vector, { value: vector })), make("option", say("left-out"), { value: "" }));
    select.value = at < 0 ? "" : vectors[at];
    select.addEventListener("change", () => {
      move(it, view.picked, select.value);
      boxes(it);
    });
    const why = it.data.reasons[view.picked];
    room.replaceChildren(make("label", say("picked", { place: name }), { for: ids.place }), select,
      ...(why ? [make("p", say("reason", { reason: why }), { class: "explorer-note" })] : []));
  }

  function build(it) {
    const { data, state, form } = it;
    const aliases = new Map(data.aliases);
    const known = { names: data.names, aliases, languages: data.languages };
    const who = lab.suggested({ label: say("state"), most: 60 });
    const place = lab.suggested({ label: say("find-place"), note: say("find-note"), most: 60 });
    const period = lab.choice({ label: say("period"), value: state.era, change: (era) => change({ era }),
      options: periods(data).map((name) => [name, name === ALL ? say("all-years", { years: called(data, name) }) : say("period-of", { name, years: called(data, name) })]) });
    const start = lab.choice({ label: say("start"), value: state.map, change: (map) => {
      view.more = [];
      change({ map, moves: [] });
    }, options: data.maps.map(([name]) => [name, say("map-of", { name })]) });
    const thin = make("input", undefined, { type: "checkbox", id: "lab-thin" });
    const even = make("div", undefined, { class: "explorer-field" });
    even.append(make("label", undefined, { class: "explorer-check" }));
    even.firstChild.append(thin, say("thin", { n: data.thin }));
    thin.addEventListener("change", () => it.set({ thin: thin.checked ? 1 : 0 }));
    const fields = make("div", undefined, { class: "explorer-fields" });
    fields.append(who.box, period.box, start.box, place.box);
    const fresh = make("input", undefined, { type: "text", id: "lab-new", maxlength: LONGEST, autocomplete: "off" });
    const add = () => {
      const name = named(fresh.value);
      const { vectors } = mapped(data, it.state, view.more);
      if (!name) return it.tell(say("name-it"));
      if (vectors.includes(name)) return it.tell(say("there-already", { vector: name }));
      if (vectors.length >= MOST) return it.tell(say("too-many", { most: MOST }));
      view.more = [...view.more, name];
      fresh.value = "";
      boxes(it);
      return pickable(it);
    };
    fresh.addEventListener("keydown", (event) => { if (event.key === "Enter") add(); });
    const line = make("div", undefined, { class: "explorer-row" });
    const adding = lab.field(say("new"), fresh);
    fresh.replaceWith(line);
    line.append(fresh, press(say("add"), add));
    const bar = make("div", undefined, { class: "lab-bar" });
    bar.append(make("p", "", { id: ids.now }), make("div", undefined, { id: ids.picked, hidden: "" }));
    form.append(fields, even, make("p", say("how"), { class: "explorer-note" }),
      bar, make("div", undefined, { id: ids.boxes, class: "lab-vectors" }), adding,
      lab.row(press(say("back"), () => {
        view.more = [];
        change({ moves: [] });
      }), press(say("save"), () => save(it))),
      lab.askFiles({ label: say("read"), accept: ".csv", several: false, note: say("read-note"), read: ([file]) => open(it, file) }));

    function change(what) {
      view.picked = null;
      it.set(what);
      put(it);
    }
    engine.askState(known, { input: who.input, list: who.list, groups: [], tell: (said, offered) => it.tell(said, (offered || []).map((one) => ({ label: one.label, act: one.change }))),
      add: (code) => change({ who: code }) });
    engine.combobox(place.input, place.list, async (typed) => data.places.map(([code, name], i) => ({ value: i, label: name, note: code === name ? "" : code }))
      .filter(({ label, note }) => engine.plain(typed) && (engine.plain(label).includes(engine.plain(typed)) || engine.plain(note) === engine.plain(typed))).slice(0, 8),
    (option) => {
      if (!option) return it.tell(say("no-place", { typed: place.input.value }));
      place.input.value = "";
      return pick(it, option.value);
    });
    it.controls = { who, period, start, thin };
    put(it);
  }

  // What the form shows is the state, wherever it came from.
  function put(it) {
    const { who, period, start, thin } = it.controls;
    who.input.placeholder = it.data.names.get(it.state.who);
    who.input.setAttribute("aria-label", say("state-now", { state: it.data.names.get(it.state.who) }));
    period.put(it.state.era);
    start.put(it.state.map);
    thin.checked = Boolean(it.state.thin);
    boxes(it);
    pickable(it);
  }

  // Files --------------------------------------------------------------------------------------------------------------

  function save(it) {
    const { vectors, of } = mapped(it.data, it.state);
    const rows = it.data.places.flatMap(([code], place) => (of[place] < 0 ? [] : [[code, vectors[of[place]]]]));
    lab.save("my-map.csv", engine.sheet([say("file-title"), say("file-use", { state: it.state.who }), part("link").value], ["place", "vector"], rows));
  }

  // A map that was saved: every place that it does not hold is left out.
  function open(it, { name, text }) {
    const { columns, rows } = lab.readSheet(text);
    if (!columns.includes("place") || !columns.includes("vector")) return it.tell(say("no-map", { file: name }));
    const given = new Map(rows.map((row) => [row.place, named(row.vector)]));
    const codes = it.data.places.map(([code]) => code);
    const unknown = [...given.keys()].filter((code) => !codes.includes(code));
    if (unknown.length) return it.tell(say("no-such-place", { file: name, place: unknown[0] }));
    if (new Set([...given.values()].filter(Boolean)).size > MOST) return it.tell(say("too-many", { most: MOST }));
    const { vectors, before } = mapped(it.data, { map: it.state.map, moves: [] });
    const moves = codes.map((code, place) => [code, given.get(code) || "", before[place] < 0 ? "" : vectors[before[place]]])
      .filter(([, now, then]) => now !== then).map(([code, now]) => [code, now]);
    view.more = [];
    it.set({ moves });
    return put(it);
  }

  // What is shown ----------------------------------------------------------------------------------------------------

  function show(it) {
    const { data, state } = it;
    const name = data.names.get(state.who);
    const { vectors, of, before } = mapped(data, state);
    const eras = periods(data).map((era) => {
      const own = spoken(data, state.who, era);
      return { era, ...diversity(data, of, vectors.length, own), start: effective(sums(data, before, vectors.length, own)) };
    });
    const now = eras.find(({ era }) => era === state.era);
    const states = ranked(data, of, vectors.length, state.era, Boolean(state.thin));
    const place = states.find(({ code }) => code === state.who);
    const when = called(data, state.era);
    const asked = { state: name, years: when };
    const standing = place ? say("standing", { rank: place.rank, of: place.others + 1 }) : say("no-standing");
    const near = now.low === null ? "" : say("ends", { low: short(now.low), high: short(now.high) });
    document.getElementById(ids.now).textContent = now.named ? say("now", { value: short(now.value), ends: near, standing }) : "";
    let told = now.speeches === 0 ? say("no-speech", asked) : say("nothing-named", asked);
    if (now.named) {
      told = say("answer", { ...asked, value: short(now.value), ends: near, start: short(now.start), map: state.map });
      const codes = data.places.map(([code]) => code);
      const names = sums(data, codes.map((code) => (state.moves.some(([other]) => other === code) ? 0 : -1)), 1, spoken(data, state.who, state.era))[0];
      told += `\n${state.moves.length ? say("moved", { n: state.moves.length, names, all: now.named }) : say("not-moved", { map: state.map })}`;
      told += `\n${place ? say("rank", { ...asked, rank: place.rank, of: place.others + 1, lower: percent(place.lower), others: place.others })
        : say("no-rank", { ...asked, names: now.named, thin: data.thin })}`;
    }
    return {
      status: told, caption: say("caption", { state: name }), marks: say("marks", { years: when, basis: basis(it) }),
      table: {
        caption: say("numbers", { state: name }), columns: say("columns", { map: state.map }).split("|"),
        rows: eras.map((one) => [one.era === ALL ? say("all") : one.era, called(data, one.era), exact(one.value), exact(one.low), exact(one.high), exact(one.start),
          String(one.speeches), String(one.named)]),
      },
      more: [mapsTable(it, now), ranksTable(it, states)],
      head: [say("head-interval", { level: 100 * data.level, draws: number(DRAWS) }), say("head-counted")],
      file: `many-vectors_map_${state.who}.csv`, eras, states, place,
    };
  }

  const asking = ({ data, state }) => ({ state: data.names.get(state.who), years: called(data, state.era) });
  const basis = ({ data, state }) => say(state.thin ? "basis-thin" : "basis-all", { n: data.thin });

  // The maps of the book beside the reader's.
  function mapsTable(it, now) {
    const { data, state } = it;
    const own = spoken(data, state.who, state.era);
    const size = (of) => new Set(of.filter((one) => one >= 0)).size;
    const others = data.maps.map(([name]) => {
      const { vectors, before } = mapped(data, { map: name, moves: [] });
      return [say("map-of", { name }), diversity(data, before, vectors.length, own), size(before)];
    });
    const apart = data.places.map((_, place) => (data.maps[0][1][place] === data.universal ? -1 : place));
    const rows = [[say("yours"), now, size(mapped(data, state).of)], ...others, [say("each-place"), diversity(data, apart, data.places.length, own), size(apart)]];
    return { caption: say("maps-title", asking(it)), columns: say("maps-columns").split("|"),
      rows: rows.map(([name, one, vectors]) => [name, String(vectors), exact(one.value), exact(one.low), exact(one.high)]) };
  }

  const ranksTable = (it, states) => ({
    caption: say("ranks-title", { ...asking(it), basis: basis(it) }), columns: say("ranks-columns").split("|"), heads: 1,
    rows: states.map((one) => [String(one.rank), it.data.names.get(one.code), exact(one.value), String(one.named), String(one.speeches)]),
  });

  // Each period's number with its interval, beside it the starting map's; below, all states in the period that was chosen.
  function draw(it, stage, width, { eras, states }) {
    const [left, right, line, top] = [Math.min(92, width * 0.25), 16, 30, 12];
    const shown = eras.filter(({ named }) => named);
    const most = Math.max(2, ...shown.map(({ high, value, start }) => Math.max(high || 0, value, start || 0)), ...states.map(({ value }) => value));
    const x = (value) => left + ((value - 1) / (Math.ceil(most) - 1)) * (width - left - right);
    const strip = top + shown.length * line + 44;
    const axis = strip + 30;
    const { svg } = lab;
    const picture = lab.drawing(width, axis + 40);
    const text = (at, y, words, anchor = "start") => svg("text", { x: at, y, "text-anchor": anchor }, words);
    const step = Math.ceil(most) > 12 ? 5 : Math.ceil(most) > 7 ? 2 : 1;
    for (let value = 1; value <= Math.ceil(most); value += step) {
      picture.append(svg("line", { x1: x(value), x2: x(value), y1: top, y2: axis, class: "lab-grid" }), text(x(value), axis + 16, String(value), "middle"));
    }
    picture.append(text(left + (width - left - right) / 2, axis + 34, say("axis"), "middle"));
    shown.forEach((one, i) => {
      const y = top + (i + 0.5) * line;
      picture.append(text(0, y + 4, one.era === ALL ? say("all") : one.era));
      if (one.low !== null) picture.append(svg("line", { x1: x(one.low), x2: x(one.high), y1: y, y2: y, class: "lab-interval" }));
      picture.append(svg("circle", { cx: x(one.start), cy: y, r: 6, class: "lab-start" }), svg("circle", { cx: x(one.value), cy: y, r: 4.5, class: "lab-own" }));
    });
    picture.append(text(0, strip - 14, say("strip", { years: called(it.data, it.state.era) })));
    for (const one of [...states].reverse()) {
      if (one.code !== it.state.who) picture.append(svg("line", { x1: x(one.value), x2: x(one.value), y1: strip, y2: strip + 18, class: "lab-other" }));
    }
    const own = states.find(({ code }) => code === it.state.who);
    if (own) picture.append(svg("line", { x1: x(own.value), x2: x(own.value), y1: strip - 6, y2: strip + 24, class: "lab-here" }));
    stage.replaceChildren(picture);
  }

  const fields = (data) => ({
    who: lab.oneOf(data.focus, [...data.names.keys()]),
    era: lab.oneOf(data.eras[data.eras.length - 1][0], periods(data)),
    map: lab.oneOf(opening(data), data.maps.map(([name]) => name)),
    thin: lab.oneOf(1, [1, 0]),
    moves: { first: [], read: (text) => readMoves(data, text), write: writeMoves },
  });

  lab.start({ load, fields, build, show, draw, put });
})();
