/* What runs a lab: its state in the address, its parts on the page, what is shown at each state. A lab calls manyVectorsLab.start with
what is its own; the head of `start` says what that is. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { make, part, press, root } = engine;
  const { fresh } = window.manyVectorsLab;
  const say = sayOf("lab"); // its sentences stand in manyvectors/messages/en.json
  const name = root ? root.dataset.lab : "";

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

  // The parts that the explorers' rooms and styles know by name.
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

  Object.freeze(Object.assign(window.manyVectorsLab, { oneOf, start, text, whole }));
})();
