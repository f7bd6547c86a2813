/* What the labs share, on the engine of the explorers: a form, a drawing, a table and files, a state in the address, numpy's
own stream of random numbers, sliders, what can be dragged (always by keyboard, too), files that are read.

A lab calls manyVectorsLab.start with what is its own; the head of `start` says what that is. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { make, part, press, root } = engine;
  const say = sayOf("lab"); // its sentences stand in manyvectors/messages/en.json
  const SVG = "http://www.w3.org/2000/svg";
  const name = root ? root.dataset.lab : "";
  const TOUCH = 5; // pixels: nearer than this to where it was taken up, a thing has not been moved

  // Random numbers: numpy.random.default_rng(seed), number by number ------------------------------------------------------

  // numpy's SeedSequence: eight words of 32 bits from a whole number below 2 ** 32.
  function seeded(seed) {
    let constant = 0x43b0d7e5;
    const stir = (value) => {
      let mixed = value ^ constant;
      constant = Math.imul(constant, 0x931e8875);
      mixed = Math.imul(mixed, constant);
      return (mixed ^ (mixed >>> 16)) >>> 0;
    };
    const join = (one, other) => {
      const mixed = (Math.imul(0xca01f9dd, one) - Math.imul(0x4973f715, other)) >>> 0;
      return (mixed ^ (mixed >>> 16)) >>> 0;
    };
    const pool = [seed, 0, 0, 0].map(stir);
    for (let from = 0; from < 4; from++) {
      for (let to = 0; to < 4; to++) if (from !== to) pool[to] = join(pool[to], stir(pool[from]));
    }
    constant = 0x8b51f9dd;
    return Array.from({ length: 8 }, (_, i) => {
      let mixed = pool[i % 4] ^ constant;
      constant = Math.imul(constant, 0x58f38ded);
      mixed = Math.imul(mixed, constant);
      return (mixed ^ (mixed >>> 16)) >>> 0;
    });
  }

  // The upper half of the product of two whole numbers of 32 bits.
  function above(one, other) {
    const a = one >>> 16;
    const b = one & 0xffff;
    const c = other >>> 16;
    const d = other & 0xffff;
    const first = a * d + ((b * d) >>> 16);
    return a * c + (first >>> 16) + ((b * c + (first & 0xffff)) >>> 16);
  }

  // PCG64 in words of 32 bits, the lowest first: numpy.random.default_rng(seed) for a seed below 2 ** 32. `random()` gives what
  // Generator.random() gives, `below(n)` what Generator.integers(n) gives, one at a time.
  function generator(seed) {
    const words = seeded(seed);
    const long = (at) => [words[at + 2], words[at + 3], words[at], words[at + 1]];
    const stream = long(4);
    const step = stream.map((word, i) => ((word << 1) | (i ? stream[i - 1] >>> 31 : 1)) >>> 0);
    // One by one and without lists: so it is quick enough for millions of draws on a phone.
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    const add = (a0, a1, a2, a3) => {
      const sum0 = s0 + a0;
      const sum1 = s1 + a1 + (sum0 > 4294967295 ? 1 : 0);
      const sum2 = s2 + a2 + (sum1 > 4294967295 ? 1 : 0);
      s3 = (s3 + a3 + (sum2 > 4294967295 ? 1 : 0)) >>> 0;
      s2 = sum2 >>> 0;
      s1 = sum1 >>> 0;
      s0 = sum0 >>> 0;
    };
    const [f0, f1, f2, f3] = [0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05];
    const [c0, c1, c2, c3] = step;
    const low = (one, other) => Math.imul(one, other) >>> 0;
    const turn = () => {
      const sum1 = above(s0, f0) + low(s0, f1) + low(s1, f0);
      const sum2 = above(s0, f1) + above(s1, f0) + low(s0, f2) + low(s1, f1) + low(s2, f0) + Math.floor(sum1 / 4294967296);
      const sum3 = above(s0, f2) + above(s1, f1) + above(s2, f0) + low(s0, f3) + low(s1, f2) + low(s2, f1) + low(s3, f0)
        + Math.floor(sum2 / 4294967296);
      s0 = low(s0, f0);
      s1 = sum1 >>> 0;
      s2 = sum2 >>> 0;
      s3 = sum3 >>> 0;
      add(c0, c1, c2, c3);
    };
    add(...step);
    add(...long(0));
    turn();
    let upper = 0;
    let lower = 0;
    let kept = -1; // the upper half of a number of which the lower was asked for
    const next = () => {
      turn();
      const by = s3 >>> 26;
      const one = by < 32 ? s3 ^ s1 : s2 ^ s0;
      const other = by < 32 ? s2 ^ s0 : s3 ^ s1;
      const rest = by % 32;
      upper = (rest ? (one >>> rest) | (other << (32 - rest)) : one) >>> 0;
      lower = (rest ? (other >>> rest) | (one << (32 - rest)) : other) >>> 0;
    };
    const half = () => {
      if (kept >= 0) {
        const given = kept;
        kept = -1;
        return given;
      }
      next();
      kept = upper;
      return lower;
    };
    return {
      random() {
        next();
        return (upper * 2097152 + (lower >>> 11)) / 9007199254740992;
      },
      below(n) {
        if (n === 1) return 0;
        const bar = 4294967296 % n;
        for (;;) {
          const drawn = half();
          if (low(drawn, n) >= bar) return above(drawn, n);
        }
      },
    };
  }

  // The state of a lab, in its address --------------------------------------------------------------------------------

  // Fields: what a lab opens with, and how a text of an address is read; undefined for one that is no value of it.
  const whole = (first, low, high) => ({
    first,
    read: (text) => (/^-?\d+$/.test(text) && Number(text) >= low && Number(text) <= high ? Number(text) : undefined),
  });
  const oneOf = (first, options) => ({ first, read: (text) => options.find((one) => String(one) === text) });
  const text = (first, most) => ({ first, read: (typed) => (typed.length <= most ? typed : undefined) });

  const opened = (fields) => Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.first]));
  function readAddress(fields, hash) {
    const asked = new URLSearchParams(hash.replace(/^#/, ""));
    const found = opened(fields);
    let any = false;
    for (const [key, field] of Object.entries(fields)) {
      if (!asked.has(key)) continue;
      any = true;
      const value = field.read(asked.get(key));
      if (value !== undefined) found[key] = value;
    }
    return any ? found : null; // a link to a heading of the page is no state
  }
  const writeAddress = (fields, state) => `#${Object.entries(fields)
    .map(([key, field]) => `${key}=${encodeURIComponent((field.write || String)(state[key]))}`).join("&")}`;

  // What a form is made of ------------------------------------------------------------------------------------------

  let numbered = 0;
  const fresh = () => `lab-${++numbered}`;
  const field = (label, input, note) => {
    const box = make("div", undefined, { class: "explorer-field" });
    input.id = input.id || fresh();
    box.append(make("label", label, { for: input.id }), input);
    if (note) {
      const said = make("div", note, { class: "explorer-note", id: fresh() });
      input.setAttribute("aria-describedby", said.id);
      box.append(said);
    }
    return box;
  };

  // A slider with what its value means beside it. `told(value)`: in words; `change(value)`: while it moves. Returns {box, put}.
  function slider({ label, low, high, step = 1, value, told = String, change }) {
    const input = make("input", undefined, { type: "range", min: low, max: high, step, id: fresh() });
    const said = make("output", "", { for: input.id });
    const put = (now) => {
      input.value = now;
      said.textContent = told(Number(input.value));
      input.setAttribute("aria-valuetext", said.textContent);
    };
    input.addEventListener("input", () => {
      put(input.value);
      change(Number(input.value));
    });
    const box = field(label, input);
    box.classList.add("lab-slider");
    box.append(said);
    put(value);
    return { box, put, input };
  }

  // A choice. `options`: [value, words]. Returns {box, put}.
  function choice({ label, options, value, change }) {
    const input = make("select");
    input.append(...options.map(([key, said]) => make("option", said, { value: key })));
    const put = (now) => { input.value = now; };
    input.addEventListener("change", () => change(input.value));
    put(value);
    return { box: field(label, input), put, input };
  }

  // A field with suggestions, for vocabulary.askWord or engine.askState: {box, input, list}.
  function suggested({ label, note, most = 80 }) {
    const list = make("ul", undefined, { id: fresh(), role: "listbox", "aria-label": label, hidden: "" });
    const input = make("input", undefined, {
      type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
      autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "done", maxlength: most,
    });
    const box = field(label, input, note);
    input.after(list);
    return { box, input, list };
  }

  const row = (...parts) => {
    const box = make("div", undefined, { class: "lab-row" });
    box.append(...parts);
    return box;
  };

  // What is drawn ---------------------------------------------------------------------------------------------------

  const svg = (tag, attributes, ...inside) => {
    const element = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  };

  // A drawing as wide as its room, so that its letters keep their size on a phone. What holds something to take hold of is
  // a group; what does not is one picture.
  const drawing = (width, height, held = false) => svg("svg", {
    width, height, viewBox: `0 0 ${width} ${height}`, class: "lab-drawing", role: held ? "group" : "img",
    "aria-labelledby": "explorer-caption", "aria-describedby": "explorer-status",
  });

  // A finger that takes hold of something does not scroll the page: browsers do not ask touch-action of what is in a drawing.
  function hold(element, scrolls = false) {
    element.classList.add("lab-held");
    if (scrolls) element.style.touchAction = "pan-y";
    else element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  }

  // A handle that moves along a line. `at(event)`: the value below the pointer; `told(value)`: in words; `put(value)` of what
  // is returned shows another value.
  function slide(element, { label, low, high, step = 1, value, told = String, at, change }) {
    let now = value;
    const set = (next, report) => {
      now = Math.min(high, Math.max(low, low + Math.round((next - low) / step) * step));
      element.setAttribute("aria-valuenow", now);
      element.setAttribute("aria-valuetext", told(now));
      if (report) change(now);
    };
    for (const [key, given] of Object.entries({ role: "slider", tabindex: 0, "aria-label": label, "aria-valuemin": low, "aria-valuemax": high })) {
      element.setAttribute(key, given);
    }
    hold(element);
    element.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      const to = { Home: low, End: high }[event.key];
      if (by === undefined && to === undefined) return;
      event.preventDefault();
      set(to === undefined ? now + by * step : to, true);
    });
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      event.preventDefault();
      element.focus({ preventScroll: true });
    });
    element.addEventListener("pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) set(at(event), true);
    });
    set(value, false);
    return { put: (next) => set(next, false) };
  }

  /* A thing that is carried from one place to another. `places()`: [key, words] of all places in their order; `where()`: the
     key of its own; `label(words)`: what it is and where it is; `moved(key)`: what is done when it lies elsewhere. A place on
     the page has the attribute data-place with its key. By keyboard: the arrows carry it to the place before or after. What is
     only pressed goes to the next place, or does what `pressed()` says. `scrolls`: a finger carries it only if it pulls sideways
     first, and else scrolls the page: for lists that fill a phone. */
  function carry(element, { places, where, label, moved, pressed, scrolls }) {
    let from = null;
    const tell = () => element.setAttribute("aria-label", label((places().find(([key]) => key === where()) || ["", ""])[1]));
    const put = (key) => {
      if (key === undefined || key === where()) return;
      moved(key);
      tell();
    };
    const next = pressed || (() => {
      const keys = places().map(([key]) => key);
      put(keys[(keys.indexOf(where()) + 1) % keys.length]);
    });
    element.setAttribute("tabindex", 0);
    element.setAttribute("role", "button");
    element.setAttribute("aria-roledescription", say("carried"));
    hold(element, scrolls);
    element.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      if (!by) return next();
      const keys = places().map(([key]) => key);
      return put(keys[Math.min(keys.length - 1, Math.max(0, keys.indexOf(where()) + by))]);
    });
    element.addEventListener("pointerdown", (event) => {
      from = [event.clientX, event.clientY];
      element.setPointerCapture(event.pointerId);
      event.preventDefault();
      element.focus({ preventScroll: true });
    });
    element.addEventListener("pointermove", (event) => {
      if (from) element.style.transform = `translate(${event.clientX - from[0]}px, ${event.clientY - from[1]}px)`;
    });
    const drop = (event) => {
      if (!from) return;
      const far = Math.hypot(event.clientX - from[0], event.clientY - from[1]) > TOUCH;
      from = null;
      element.style.transform = "";
      if (event.type === "pointercancel") return;
      if (!far) return next();
      // What is carried lies under the pointer itself: the place is what lies below it.
      const place = document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest("[data-place]")).find(Boolean);
      if (place) put(place.dataset.place);
    };
    element.addEventListener("pointerup", drop);
    element.addEventListener("pointercancel", drop);
    tell();
    return { tell };
  }

  // Files -----------------------------------------------------------------------------------------------------------

  function save(file, content, type = "text/csv;charset=utf-8") {
    const link = make("a", undefined, { href: URL.createObjectURL(new Blob([content], { type })), download: file });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // The text of a file: in UTF-8, or in UTF-16 if its mark says so.
  async function textOf(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const mark = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
    return new TextDecoder(mark).decode(bytes);
  }

  // What a JSON file holds, as manyvectors.common.json_of; a name that stands twice in one object is refused.
  function jsonOf(content) {
    const body = content.replace(/^\ufeff/, "");
    const held = JSON.parse(body);
    const open = []; // names of the objects that are open, null for a list
    for (const [token, text, colon] of body.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
      if (token === "{" || token === "[") open.push(token === "{" ? new Set() : null);
      else if (token === "}" || token === "]") open.pop();
      else if (colon) {
        const name = JSON.parse(text);
        if (open.at(-1).has(name)) throw new SyntaxError(`${name} twice`);
        open.at(-1).add(name);
      }
    }
    return held;
  }

  // A field for files of the reader's; nothing leaves the browser. `read([{name, text}])`: what is done with them.
  function askFiles({ label, note, accept, several = true, read }) {
    const input = make("input", undefined, { type: "file", accept, ...(several ? { multiple: "" } : {}) });
    input.addEventListener("change", async () => {
      const files = await Promise.all([...input.files].map(async (file) => ({ name: file.name, text: await textOf(file) })));
      input.value = ""; // the same file may be chosen again
      if (files.length) read(files);
    });
    return field(label, input, note);
  }

  // A CSV as engine.sheet writes it, or a spreadsheet: {columns, rows}, each row an object; lines that begin with # are left out.
  function readSheet(content) {
    const lines = [];
    let [cells, held, quoted] = [[], "", false];
    const body = content.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).filter((line) => !line.startsWith("#")).join("\n");
    const marks = (body.match(/[^\n]*/)[0].match(/[;,\t]/g) || [","]).sort();
    const between = marks.includes(",") ? "," : marks[0]; // a spreadsheet of another language parts cells otherwise
    for (let at = 0; at <= body.length; at++) {
      const letter = body[at];
      if (quoted && letter === '"' && body[at + 1] === '"') held += body[at++];
      else if (letter === '"' && (quoted || held === "")) quoted = !quoted;
      else if (letter !== undefined && (quoted || (letter !== between && letter !== "\n"))) held += letter;
      else {
        cells.push(held.replace(/^'(?=[=+\-@])/, ""));
        held = "";
        if (letter === between) continue;
        if (cells.some(Boolean)) lines.push(cells);
        cells = [];
      }
    }
    const [columns = [], ...rows] = lines;
    return { columns, rows: rows.map((row) => Object.fromEntries(columns.map((column, i) => [column.trim(), row[i] ?? ""]))) };
  }

  // What a reader has done is kept in the browser, for this lab of this release of this book; nothing is sent.
  const store = (key) => `${root.dataset.store}|lab|${name}|${key}`;
  const kept = {
    get(key) {
      try {
        return JSON.parse(localStorage.getItem(store(key)));
      } catch {
        return null; // written by somebody else
      }
    },
    put: (key, value) => localStorage.setItem(store(key), JSON.stringify(value)),
    forget: (key) => localStorage.removeItem(store(key)),
  };

  // The page --------------------------------------------------------------------------------------------------------

  const labelled = (label, input, button) => {
    const box = make("div");
    const line = make("div", undefined, { class: "explorer-row" });
    line.append(input, button);
    box.append(make("label", label, { for: input.id }), line);
    return box;
  };

  // A table that scrolls in its own box, by keyboard too.
  function tableBox(id, caption) {
    const box = make("div", undefined, { class: "explorer-scroll", role: "region", "aria-labelledby": caption, tabindex: 0 });
    const table = make("table", undefined, { id });
    table.append(make("caption", "", { id: caption }), make("thead"), make("tbody"));
    box.append(table);
    return box;
  }

  // The parts that the engine and its styles know by name.
  function furnish() {
    const own = (tag, id, attributes, content) => make(tag, content, { id: `explorer-${id}`, ...attributes });
    const form = own("div", "form", { class: "explorer-form", role: "group", "aria-label": say("form") });
    const figure = own("figure", "figure", {});
    figure.append(own("div", "actions", { class: "lab-row" }), own("div", "stage", { class: "lab-stage" }), own("figcaption", "marks", {}));
    const take = make("div", undefined, { class: "explorer-take" });
    take.append(
      own("a", "csv", { class: "explorer-csv", href: "#explorer", download: "" }, say("csv")),
      labelled(say("link"), own("input", "link", { type: "text", readonly: "" }), own("button", "copy", { type: "button" }, say("copy"))),
      labelled(say("frame"), own("input", "frame", { type: "text", readonly: "" }),
        own("button", "copy-frame", { type: "button", "aria-label": say("copy-frame") }, say("copy"))),
      own("div", "copied", { role: "status" }),
    );
    const whole = make("p", undefined, { class: "explorer-only-embedded" });
    whole.append(own("a", "whole", { href: "#explorer", target: "_top" }, say("whole")));
    const scroll = tableBox("explorer-table", "explorer-numbers");
    const result = own("div", "result", { hidden: "" });
    result.append(own("p", "caption", { class: "explorer-title" }), figure, take, whole, scroll, own("div", "more", {}));
    root.append(form, own("div", "instead", { class: "explorer-instead", role: "group", "aria-label": say("instead") }),
      own("p", "status", { class: "explorer-status", role: "status" }), result);
    engine.copying([[part("link"), part("copy")], [part("frame"), part("copy-frame")]], part("copied"));
  }

  // What is shown instead of nothing, and what may be chosen: labels with what they do.
  function tell(said, instead) {
    part("status").textContent = said;
    part("instead").replaceChildren(...(instead || []).map(({ label, act }) => press(label, act)));
  }

  /* Run a lab. `lab`:
     load(): what it needs, a promise; without it, the data of its own name.
     fields(data): its state, field by field: {first, read(text), write(value)}, see whole, oneOf, text. A field with
       `write` may hold anything.
     build(it): makes the form, once; `it` is {data, state, form, actions, set(change), show(), tell(said, instead)}. Fields go
       into `it.form`; what is pressed again and again goes into `it.actions`, just above the drawing.
     show(it, overtaken): what is to be seen, or a promise of it: {status, instead, caption, marks, table, more, head, csv, file},
       or {reason, instead} where nothing can be. `table`: {caption, columns, rows, heads, texts}, all texts; `heads`: the column
       that names the row; `texts`: the columns that hold words and no numbers; `more`: further tables. `head`: lines about the numbers, for the CSV, which holds `csv` ({columns, rows}) or else
       the table.
     draw(it, stage, width, found): draws into `stage`; again when its width or the colours change. */
  async function start(lab) {
    if (!root || root.dataset.lab !== name) return;
    furnish();
    engine.embed();
    try {
      await run(lab);
    } catch (error) {
      tell(error.message);
    }
  }

  async function run(lab) {
    const data = await (lab.load ? lab.load() : engine.load(name));
    const fields = lab.fields(data);
    const asked = readAddress(fields, location.hash);
    const it = { data, state: asked || opened(fields), form: part("form"), actions: part("actions"), found: null };
    let latest = 0;
    let spoken = 0; // what is told while the page still works out what came before stays

    it.tell = (said, instead) => {
      spoken = latest;
      tell(said, instead);
    };

    const draw = () => {
      const stage = part("stage");
      if (it.found && lab.draw && stage.clientWidth) lab.draw(it, stage, stage.clientWidth, it.found);
    };

    it.show = async (follow = true) => {
      const mine = ++latest;
      const overtaken = () => mine !== latest;
      root.dataset.busy = "yes";
      try {
        const found = await lab.show(it, overtaken);
        if (overtaken()) return;
        const hash = writeAddress(fields, it.state);
        if (follow) history.replaceState(null, "", hash);
        part("result").hidden = Boolean(found.reason);
        if (spoken !== mine) tell(found.reason || found.status, found.instead);
        it.found = found.reason ? null : found;
        if (it.found) await present(found, `${location.href.replace(/[?#].*/, "")}${hash}`, overtaken);
        if (overtaken()) return;
        root.dataset.shown = hash;
      } catch (error) {
        if (!overtaken()) tell(error.message);
      } finally {
        if (!overtaken()) delete root.dataset.busy;
      }
    };
    it.set = (change) => {
      Object.assign(it.state, change);
      return it.show();
    };

    async function present(found, address, overtaken) {
      part("caption").textContent = found.caption;
      part("marks").textContent = found.marks || "";
      part("link").value = address;
      part("frame").value = engine.frameOf(address, found.caption);
      part("whole").href = address;
      draw();
      const tables = [found.table, ...(found.more || [])];
      while (part("more").children.length < tables.length - 1) part("more").append(tableBox(fresh(), fresh()));
      while (part("more").children.length > tables.length - 1) part("more").lastChild.remove();
      for (const [i, table] of [part("table"), ...part("more").querySelectorAll("table")].entries()) {
        await engine.breathe();
        if (overtaken()) return;
        table.caption.textContent = tables[i].caption;
        engine.fillTable(table, tables[i].columns, tables[i].rows, tables[i].heads || 0);
        for (const line of table.rows) for (const at of tables[i].texts || []) if (line.cells[at]) line.cells[at].className = "lab-words";
      }
      const { columns, rows } = found.csv || found.table;
      const head = [say("csv-title", { book: root.dataset.store, title: found.caption }), ...(found.head || []), say("csv-view", { address })];
      engine.offerSheet(part("csv"), engine.sheet(head, columns, rows), found.file || `many-vectors_${name}.csv`);
    }

    window.addEventListener("hashchange", () => {
      const other = readAddress(fields, location.hash);
      if (!other) return;
      Object.assign(it.state, other);
      // A link of the task sheet stands far below what it changes.
      const { top, bottom } = part("status").getBoundingClientRect();
      if (bottom < 0 || top > innerHeight) part("status").scrollIntoView();
      it.show();
    });
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    let width = part("stage").clientWidth;
    new ResizeObserver(() => {
      if (part("stage").clientWidth === width) return;
      width = part("stage").clientWidth;
      draw();
    }).observe(part("stage"));

    if (lab.build) lab.build(it);
    await it.show(asked !== null);
  }

  window.manyVectorsLab = Object.freeze({
    askFiles, carry, choice, drawing, field, generator, jsonOf, kept, oneOf, readSheet, row, save, slide, slider, start, suggested, svg, text, whole,
  });
})();
