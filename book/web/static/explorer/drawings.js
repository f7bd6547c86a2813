/* What the page of any state draws without the library of charts.

The map of the world that the page holds (manyvectors/site/outline.py): to choose a state from, by finger, mouse or keys, and to
colour. A state is an element with its code; small ones are circles, which stay as large when the map is drawn larger.

Charts of rows: what is told of each stands as text, and beside it a mark on a track. The marks say no more than the text, so that
nothing of them need be read out. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { make } = engine;
  const say = sayOf("state-rows");

  // The map -----------------------------------------------------------------------------------------------------------

  const DOT = 3.2; // radius of a small state, in pixels of a wide screen
  const NEAR = 14; // pixels: so near a small state a finger means it
  const WIDE = 0.5; // of a quarter turn: how far aside of an arrow's way a state may lie

  // The outer box of the largest part of a state, and its middle: {x, y, left, top, right, bottom}.
  function placeOf(shape) {
    if (shape.tagName === "circle") {
      const [x, y] = ["cx", "cy"].map((name) => Number(shape.getAttribute(name)));
      return { x, y, left: x, right: x, top: y, bottom: y };
    }
    const [x0, y0, ...steps] = shape.getAttribute("d").split("z")[0].match(/-?\d+/g).map(Number);
    let [x, y] = [x0, y0];
    const box = { left: x, right: x, top: y, bottom: y };
    for (let i = 0; i < steps.length; i += 2) {
      [x, y] = [x + steps[i], y + steps[i + 1]];
      Object.assign(box, { left: Math.min(box.left, x), right: Math.max(box.right, x), top: Math.min(box.top, y), bottom: Math.max(box.bottom, y) });
    }
    return { ...box, x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  }

  const shapesOf = (svg) => new Map([...svg.querySelectorAll("[data-state]")].map((shape) => [shape.dataset.state, shape]));

  // The next state from a place in a direction: near, and little aside of the way.
  function nextOf(places, from, [right, down]) {
    let [best, least] = [null, Infinity];
    for (const [code, { x, y }] of places) {
      const [dx, dy] = [x - from.x, y - from.y];
      const along = dx * right + dy * down;
      const aside = Math.abs(dx * down) + Math.abs(dy * right);
      if (along <= 0 || aside > along / WIDE) continue;
      const cost = along + 2 * aside;
      if (cost < least) [best, least] = [code, cost];
    }
    return best;
  }

  const sized = (svg, circles) => {
    const [, , width] = svg.getAttribute("viewBox").split(" ").map(Number);
    const shown = svg.clientWidth || 600;
    circles.forEach((circle) => circle.setAttribute("r", String((DOT * width) / Math.max(shown, 340))));
  };

  /* A map to choose from. `names`: code to name of those that can be chosen; `choose(code)`; `told(text)`: shows the name of what is
     pointed at. Returns {mark(codes), look(codes)}: which are chosen, and which the map is drawn large for (none: the world). */
  function chooser(svg, names, choose, told) {
    const whole = svg.getAttribute("viewBox");
    const shapes = shapesOf(svg);
    const circles = [...svg.querySelectorAll("circle")];
    const places = new Map();
    const box = make("div", undefined, { class: "states-map", role: "listbox", tabindex: "0", "aria-label": svg.getAttribute("aria-label") });
    svg.replaceWith(box);
    box.append(svg);
    svg.setAttribute("role", "none");
    svg.removeAttribute("aria-label");
    for (const [code, shape] of shapes) {
      if (!names.has(code)) continue;
      places.set(code, placeOf(shape));
      for (const [name, value] of Object.entries({ role: "option", id: `states-map-${code}`, "aria-label": names.get(code), "aria-selected": "false" }))
        shape.setAttribute(name, value);
    }
    let active = null;
    const point = (code) => {
      if (active) shapes.get(active).classList.remove("states-active");
      active = code;
      if (code) {
        shapes.get(code).classList.add("states-active");
        box.setAttribute("aria-activedescendant", `states-map-${code}`);
      } else box.removeAttribute("aria-activedescendant");
      told(code ? names.get(code) : "");
    };
    // A small state near the finger, or else what lies under it.
    const under = (event) => {
      const matrix = svg.getScreenCTM();
      let [best, least] = [null, NEAR];
      for (const circle of circles) {
        const { x, y } = placeOf(circle);
        const off = Math.hypot(matrix.a * x + matrix.e - event.clientX, matrix.d * y + matrix.f - event.clientY);
        if (off < least && places.has(circle.dataset.state)) [best, least] = [circle.dataset.state, off];
      }
      if (best) return best;
      const code = event.target.dataset && event.target.dataset.state;
      return places.has(code) ? code : null;
    };
    box.addEventListener("pointermove", (event) => { if (event.pointerType === "mouse") point(under(event)); });
    box.addEventListener("pointerleave", () => { if (document.activeElement !== box) point(null); });
    box.addEventListener("click", (event) => {
      const code = under(event);
      point(code);
      if (code) choose(code);
    });
    box.addEventListener("focus", () => { if (!active) point([...places.keys()].find((code) => shapes.get(code).getAttribute("aria-selected") === "true") || [...places.keys()][0]); });
    box.addEventListener("blur", () => point(null));
    box.addEventListener("keydown", (event) => {
      const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
      if (way) {
        event.preventDefault();
        const next = active && nextOf(places, places.get(active), way);
        if (next) point(next);
      } else if (["Enter", " "].includes(event.key) && active) {
        event.preventDefault();
        choose(active);
      }
    });
    new ResizeObserver(() => sized(svg, circles)).observe(box);
    return {
      mark(codes) {
        shapes.forEach((shape, code) => {
          if (places.has(code)) shape.setAttribute("aria-selected", String(codes.includes(code)));
          shape.classList.toggle("states-chosen", codes[0] === code);
          shape.classList.toggle("states-beside", codes.slice(1).includes(code));
        });
      },
      look(codes) {
        const seen = codes.map((code) => places.get(code)).filter(Boolean);
        const known = seen.length ? seen : null;
        let view = whole;
        if (known) {
          const edge = 60;
          const left = Math.min(...known.map((place) => place.left)) - edge;
          const top = Math.min(...known.map((place) => place.top)) - edge;
          const width = Math.max(...known.map((place) => place.right)) + edge - left;
          const height = Math.max(...known.map((place) => place.bottom)) + edge - top;
          view = [left, top, width, height].map(Math.round).join(" ");
        }
        svg.setAttribute("viewBox", view);
        sized(svg, circles);
      },
    };
  }

  // A copy of the map, each state in a shade from 0 to 1 where `shades` (code to number) knows it.
  function coloured(svg, shades, label) {
    const copy = svg.cloneNode(true);
    copy.setAttribute("role", "img");
    copy.setAttribute("aria-label", label);
    for (const [code, shape] of shapesOf(copy)) {
      ["id", "role", "aria-label", "aria-selected", "class"].forEach((name) => shape.removeAttribute(name));
      if (shades.has(code)) {
        shape.classList.add("states-shaded");
        shape.style.setProperty("--states-shade", `${Math.round(100 * shades.get(code))}%`);
      }
    }
    return copy;
  }

  // Rows --------------------------------------------------------------------------------------------------------------

  const EDGE = 3; // per cent of a track that stay free at both ends

  const bounds = (rows, zero) => {
    const all = rows.flatMap(({ value, low, high }) => [value, low, high]).filter((one) => one !== null && one !== undefined);
    if (zero !== undefined) all.push(zero);
    return [Math.min(...all), Math.max(...all)];
  };

  const placer = ([least, most]) => (value) => EDGE + ((100 - 2 * EDGE) * (value - least)) / (most - least || 1);
  const at = (kind, from, to) => {
    const mark = make("span", undefined, { class: kind });
    mark.style.insetInlineStart = `${from}%`;
    if (to !== undefined) mark.style.inlineSize = `${to - from}%`;
    return mark;
  };

  /* Rows, each a dot with its interval: {label, value, low, high, told, own}. `range`: least and most of the track, so that two states
     can be compared; `zero`: where a line stands. Bars from the zero instead of dots if `bars`; labels above their
     tracks if they are `long`. */
  function dots(rows, { range, zero, bars = false, foot = [], long = false }) {
    const place = placer(range || bounds(rows, zero));
    const list = make("ul", undefined, { class: `states-rows${bars ? " states-bars" : ""}${long ? " states-long" : ""}` });
    for (const row of rows) {
      const line = make("li", undefined, row.own ? { class: "states-own" } : {});
      const track = make("span", undefined, { class: "states-track", "aria-hidden": "true" });
      if (zero !== undefined) track.append(at("states-zero", place(zero)));
      if (bars && row.value !== null) {
        const [from, to] = [place(zero), place(row.value)].sort((a, b) => a - b);
        track.append(at("states-bar", from, to));
      }
      if (row.mark !== undefined && row.mark !== null) track.append(at("states-other", place(row.mark)));
      if (row.low !== null && row.low !== undefined) track.append(at("states-interval", place(row.low), place(row.high)));
      if (!bars && row.value !== null) track.append(at("states-dot", place(row.value)));
      const label = make("span", row.href ? undefined : row.label, { class: "states-label" });
      if (row.href) label.append(make("a", row.label, { href: row.href }));
      line.append(label, track, make("span", row.told, { class: "states-told" }));
      list.append(line);
    }
    const box = make("div", undefined, { class: "states-chart" });
    box.append(list);
    if (foot.length) {
      const scale = make("p", undefined, { class: "states-foot", "aria-hidden": "true" });
      scale.append(...foot.map((text) => make("span", text)));
      box.append(scale);
    }
    return box;
  }

  /* Years as squares. `years`: [year, kind or null, told]; `kinds`: key to how it is called, in the order of their shades. */
  function squares(years, kinds, label) {
    const used = [...kinds.keys()].filter((kind) => years.some(([, one]) => one === kind));
    const box = make("div", undefined, { class: "states-chart" });
    const key = make("p", undefined, { class: "states-key" });
    for (const kind of [...used, ...(years.some(([, one]) => one === null) ? [null] : [])]) {
      const named = make("span", undefined);
      named.append(make("span", undefined, { class: `states-square states-${kind === null ? "none" : `shade-${[...kinds.keys()].indexOf(kind)}`}`, "aria-hidden": "true" }),
        ` ${kind === null ? say("square-none") : kinds.get(kind)}`);
      key.append(named);
    }
    const line = make("div", undefined, { class: "states-squares", role: "img", "aria-label": label });
    years.forEach(([year, kind, told]) => {
      const square = make("span", undefined, { class: `states-square states-${kind === null ? "none" : `shade-${[...kinds.keys()].indexOf(kind)}`}`, title: told });
      if (year % 10 === 0) square.append(make("span", String(year), { class: "states-year" }));
      line.append(square);
    });
    box.append(key, line);
    return box;
  }

  window.manyVectorsExplorer.world = { chooser, coloured };
  window.manyVectorsExplorer.rows = { bounds, dots, squares };
  Object.assign(window.manyVectorsExplorer.parts, { placeOf, nextOf });
})();
