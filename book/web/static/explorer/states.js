/* The page of any state: it is chosen by name, from a map or a list; a second one may stand beside it. What each view draws and says
is in views.js; the numbers were made once, by manyvectors.export.states, one script for each state. */

(function () {
  "use strict";

  const { engine, parts, views, world } = window.manyVectorsExplorer;
  const { load, make, part, press, root } = engine;
  const say = sayOf("state-page");
  const CODE = /^[A-Za-z]{2,3}$/;
  const EVERY = views.list.map(({ key }) => key);

  // #UZB&with=KAZ&view=words&apart=region&years=2010s; null for a link to a heading of the page.
  function readAddress(hash) {
    const [code, ...rest] = hash.replace(/^#/, "").split("&");
    if (!CODE.test(code)) return null;
    const asked = new URLSearchParams(rest.join("&"));
    const beside = (asked.get("with") || "").toUpperCase();
    return {
      who: [code.toUpperCase(), ...(CODE.test(beside) && beside !== code.toUpperCase() ? [beside] : [])],
      view: EVERY.includes(asked.get("view")) ? asked.get("view") : "",
      chosen: Object.fromEntries(views.choices.map((name) => [name, asked.get(name) || ""])),
    };
  }

  function addressOf({ who, view, chosen }) {
    const more = [["with", who[1]], ["view", view], ...Object.entries(chosen)].filter(([, value]) => value);
    return `#${who[0]}${more.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("")}`;
  }

  const page = () => location.href.replace(/[?#].*/, "");

  // Where a view is found again, how it is shown elsewhere, and its numbers.
  function takeaway(box, view, at, name, sheet, file) {
    const address = `${page()}${addressOf(at)}`;
    const field = (label, value, spoken) => {
      const id = `explorer-${view}-${label}`;
      const row = make("div", undefined, { class: "explorer-row" });
      const input = make("input", undefined, { id, type: "text", readonly: "" });
      input.value = value;
      const button = make("button", say("copy"), { type: "button", "aria-label": spoken });
      row.append(input, button);
      const told = make("div");
      told.append(make("label", say(`take-${label}`), { for: id }), row);
      return { told, pair: [input, button] };
    };
    const link = field("link", address, say("copy-link"));
    const frame = field("frame", engine.frameOf(address, name), say("copy-frame"));
    const copied = make("div", "", { role: "status" });
    const csv = make("a", say("take-csv"), { class: "explorer-csv", href: "#explorer" });
    engine.copying([link.pair, frame.pair], copied);
    engine.offerSheet(csv, sheet(address), file);
    box.append(csv, link.told, frame.told, copied);
  }

  function tableOf(box, view, caption, { columns, rows, heads }) {
    const scroll = make("div", undefined, { class: "explorer-scroll", role: "region", "aria-label": caption, tabindex: "0" });
    const table = make("table", undefined, { "data-view": view });
    table.append(make("caption", caption), make("thead"), make("tbody"));
    engine.fillTable(table, columns, rows, heads);
    scroll.append(table);
    box.append(scroll);
  }

  function passportOf(held) {
    const list = make("dl");
    list.append(...held.flatMap(([what, told]) => [make("dt", what), make("dd", told)]));
    return list;
  }

  // A box that is filled when its reader first opens it: a record holds some thousand numbers.
  function opening(kind, title, fill) {
    const box = make("details", undefined, { class: kind });
    box.append(make("summary", title));
    box.addEventListener("toggle", () => fill(box), { once: true });
    return box;
  }

  // What stands under the heading of a view for one state: sentences, charts, what the numbers rest on; or why there is nothing.
  function panel(found, name, paired) {
    const box = make("div", undefined, { class: "states-panel" });
    if (paired) box.append(make("p", name, { class: "states-name" }));
    if (found.sentences.length) {
      const list = make("ul", undefined, { class: "states-said" });
      list.append(...found.sentences.map((text) => make("li", text)));
      box.append(list);
    }
    const after = [];
    for (const { caption, body, note, draw } of found.figures) {
      const figure = make("figure");
      figure.append(make("p", caption, { class: "explorer-title" }), body);
      if (note) figure.append(make("figcaption", note));
      box.append(figure);
      if (draw) after.push(draw);
    }
    if (found.listed && found.listed.length) {
      const list = make("ul", undefined, { class: "states-gaps" });
      list.append(...found.listed.map((text) => make("li", text)));
      box.append(list);
    }
    found.reasons.forEach((text) => box.append(make("p", text, { class: "states-reason" })));
    if (found.rests) box.append(make("p", found.rests, { class: "explorer-note states-rests" }));
    return { box, after };
  }

  // For paper: charts as pictures, and nothing that only a screen can use.
  async function toPaper(holders) {
    await new Promise((resume) => setTimeout(resume, 100)); // the library draws a moment later
    for (const holder of holders) {
      for (const plot of holder.querySelectorAll(".uplot")) {
        const canvas = plot.querySelector("canvas");
        const picture = make("img", undefined, { src: canvas.toDataURL(), alt: holder.getAttribute("aria-label") });
        picture.style.width = canvas.style.width || `${canvas.clientWidth}px`;
        plot.replaceWith(picture);
      }
      holder.removeAttribute("role");
      holder.removeAttribute("aria-label");
    }
    root.querySelectorAll(".d-print-none, .explorer-readout, .states-table").forEach((element) => element.remove());
    root.querySelectorAll(".states-label a").forEach((link) => link.replaceWith(...link.childNodes));
  }

  async function run() {
    engine.embed();
    const embedded = document.documentElement.classList.contains("mv-embed");
    const index = await views.open();
    const [states, beside, status] = [part("states"), part("beside"), part("status")];
    let [latest, shown, drawings] = [0, null, []];

    const tell = (text, instead) => {
      status.textContent = text;
      part("instead").replaceChildren(...(instead || []).map(({ label, change, after }) =>
        press(label, () => {
          safely(change());
          if (after) after.focus();
        })));
    };
    function safely(promise) {
      Promise.resolve(promise).catch((error) => tell(error.message));
    }

    const redraw = () => {
      drawings.forEach((drawing) => {
        drawing.plots.forEach((plot) => plot.destroy());
        drawing.plots = drawing.draw();
      });
    };

    function chooseControl(view, choice, at) {
      const field = make("div", undefined, { class: "explorer-field" });
      const id = `explorer-${view.key}-${choice.name}`;
      const select = make("select", undefined, { id });
      select.append(...choice.options().map(([value, label]) => make("option", label, { value })));
      select.value = at.chosen[choice.name] || choice.options()[0][0];
      select.addEventListener("change", () => {
        const first = select.value === choice.options()[0][0];
        safely(show({ ...shown, view: view.key, chosen: { ...shown.chosen, [choice.name]: first ? "" : select.value } }, { stay: id }));
      });
      field.append(make("label", choice.label, { for: id }), select);
      return field;
    }

    function section(view, at, data) {
      const names = at.who.map((code) => index.names.get(code));
      const made = make("section", undefined, { class: "states-view", id: `view-${view.key}`, "aria-labelledby": `title-${view.key}` });
      made.append(make(embedded && at.view ? "h2" : "h3", view.title, { id: `title-${view.key}` }));
      if (view.about) made.append(make("p", view.about, { class: "states-about" }));
      if (view.choices.length) {
        const controls = make("div", undefined, { class: "explorer-fields d-print-none" });
        controls.append(...view.choices.map((choice) => chooseControl(view, choice, at)));
        made.append(controls);
      }
      const scale = view.scale ? view.scale(data, at.chosen) : null;
      const found = data.map((one) => view.make(one, { chosen: at.chosen, scale, names: index.names }));
      const pair = make("div", undefined, { class: "states-pair" });
      const panels = found.map((one, i) => panel(one, names[i], data.length > 1));
      pair.append(...panels.map(({ box }) => box));
      made.append(pair);
      const tables = found.filter((one) => one.table);
      const title = say("view-title", { view: view.title, names: names.join(", ") });
      if (tables.length) {
        const rows = found.flatMap((one, i) => (one.table ? one.table.rows.map((row) => [names[i], ...row]) : []));
        const columns = [say("column-state"), ...tables[0].table.columns];
        const heads = tables[0].table.heads + 1;
        const more = make("div", undefined, { class: "states-behind d-print-none" });
        more.append(opening("states-table", say("table", { n: rows.length }), (box) => tableOf(box, view.key, title, { columns, rows, heads })));
        const lines = (address) => [...views.head(view.title), say("csv-view", { address })];
        const file = `many-vectors_${view.key}_${at.who.join("-")}.csv`;
        const sheet = (address) => engine.sheet(lines(address), columns, rows);
        more.append(opening("states-take", say("take"), (box) => takeaway(box, view.key, { ...at, view: view.key }, title, sheet, file)));
        const held = views.passport(view.key, at.who);
        if (held) more.append(opening("states-passport", say("passport"), (box) => box.append(passportOf(held))));
        made.append(more);
      }
      return { made, found, after: panels.flatMap(({ after }) => after) };
    }

    // The notebook of a state: one script for all, in which two marks stand for its code and its name.
    function notebookOf(code) {
      const name = index.names.get(code);
      const link = make("a", say("notebook", { name }), { class: "explorer-csv d-print-none", href: "#explorer", download: `${code}.ipynb` });
      link.addEventListener("click", async (event) => {
        if (link.href.startsWith("blob:")) return;
        event.preventDefault();
        const text = await load("notebook");
        const own = text.replaceAll("\u27e6code\u27e7", code).replaceAll("\u27e6name\u27e7", JSON.stringify(name).slice(1, -1));
        link.href = URL.createObjectURL(new Blob([own], { type: "application/x-ipynb+json" }));
        link.click();
      });
      return link;
    }

    // All numbers of one state in one table, made when it is asked for.
    function wholeOf(data) {
      const name = index.names.get(data.code);
      const link = make("a", say("whole-csv", { name }), { class: "explorer-csv d-print-none", href: "#explorer", download: `${data.code}.csv` });
      link.addEventListener("click", () => {
        if (link.href.startsWith("blob:")) return;
        const { columns, rows } = views.whole(data);
        engine.offerSheet(link, engine.sheet([...views.head(name), ...views.units, say("csv-view", { address: `${page()}#${data.code}` })], columns, rows), `${data.code}.csv`);
      });
      return link;
    }

    // What is shown stands in the box by which it is chosen; whoever comes to change it types over it.
    function fill(input, code) {
      if (document.activeElement === input && input.value) return;
      input.value = code ? index.names.get(code) : "";
      if (document.activeElement === input) input.select();
    }

    // What leads each view, with the way to it.
    function summary(sections, at, data) {
      const box = make("div", undefined, { class: "states-pair states-summary" });
      at.who.forEach((code, i) => {
        const column = make("div", undefined, { class: "states-panel" });
        const list = make("ul", undefined, { class: "states-said" });
        for (const { view, found } of sections) {
          if (!view.leads || !found[i].leads.length) continue;
          const item = make("li", `${found[i].leads.join(" ")} `);
          item.append(make("a", view.title, { href: addressOf({ ...at, view: view.key }), class: "states-more d-print-none" }));
          list.append(item);
        }
        const head = make("div", undefined, { class: "states-head" });
        head.append(make("h2", index.names.get(code)), make("p", views.about(code), { class: "explorer-note" }));
        if (index.notebook) head.append(notebookOf(code));
        head.append(wholeOf(data[i]));
        column.append(head, list, make("p", say("places"), { class: "explorer-note" }));
        box.append(column);
      });
      return box;
    }

    async function show(asked, { follow = true, stay = "", go = false } = {}) {
      const mine = ++latest;
      root.dataset.busy = "yes";
      tell("", []);
      try {
        const missing = asked.who.filter((code) => !index.names.has(code));
        const who = asked.who.filter((code) => index.names.has(code));
        if (!who.length) {
          part("result").hidden = true;
          root.dataset.shown = "";
          return tell(say("unknown", { codes: missing.join(", ") }), []);
        }
        // Of what an address asks for, only what can be chosen is kept.
        const known = views.list.flatMap(({ choices }) => choices.map(({ name, options }) => [name, options().map(([value]) => value)]));
        const chosen = Object.fromEntries(known.map(([name, values]) => [name, values.includes(asked.chosen[name]) ? asked.chosen[name] : ""]));
        const at = { ...asked, who, chosen };
        const data = await Promise.all(who.map((code) => load(code)));
        if (mine !== latest) return undefined;
        shown = at;
        if (follow) history.replaceState(null, "", `${location.search}${addressOf(at)}`);
        const names = who.map((code) => index.names.get(code));
        tell(missing.length ? say("unknown", { codes: missing.join(", ") }) : "", []);
        const wanted = views.list.filter(({ key }) => !embedded || !at.view || key === at.view);
        const sections = wanted.map((view) => ({ view, ...section(view, at, data) }));
        const heads = embedded && at.view ? [make("h1", names.join(", "), { class: "states-embedded" })] : [summary(sections, at, data)];
        const ways = make("nav", undefined, { class: "states-ways d-print-none", "aria-label": say("views") });
        ways.append(...wanted.map((view) => make("a", view.title, { href: addressOf({ ...at, view: view.key }) })));
        const whole = make("p", undefined, { class: "explorer-only-embedded d-print-none" });
        whole.append(make("a", say("whole"), { href: `${page()}${addressOf(at)}`, target: "_top" }));
        drawings.forEach((drawing) => drawing.plots.forEach((plot) => plot.destroy()));
        part("result").hidden = false;
        part("result").replaceChildren(...heads, ...(embedded && at.view ? [] : [ways]), ...sections.map(({ made }) => made), whole);
        drawings = sections.flatMap(({ after }) => after).map((draw) => ({ draw, plots: [] }));
        redraw();
        map.mark(who);
        fill(states, who[0]);
        fill(beside, who[1]);
        part("alone").hidden = who.length < 2;
        if (new URLSearchParams(location.search).has("paper")) await toPaper(root.querySelectorAll(".states-lines"));
        if (stay) document.getElementById(stay).focus();
        if (go && at.view && !embedded) document.getElementById(`view-${at.view}`).scrollIntoView();
        root.dataset.shown = [...who, at.view || "all", ...Object.values(at.chosen).filter(Boolean)].join(" ");
        return undefined;
      } finally {
        if (mine === latest) delete root.dataset.busy;
      }
    }

    const asked = readAddress(location.hash);
    const opened = { who: [index.focus], view: "", chosen: Object.fromEntries(views.choices.map((name) => [name, ""])) };
    const take = (code) => {
      const who = [code, ...(shown && shown.who[1] && shown.who[1] !== code ? [shown.who[1]] : [])];
      return show({ ...(shown || opened), who, view: "" });
    };
    // Where no state is shown yet, as of an address with an unknown one, it is the first.
    const put = (code) => (!shown ? take(code) : code === shown.who[0] ? tell(say("same", { name: index.names.get(code) }), []) : show({ ...shown, who: [shown.who[0], code] }));
    engine.askState(index, { input: states, list: part("names"), groups: [], add: take, addGroup: () => {}, tell });
    engine.askState(index, { input: beside, list: part("beside-names"), groups: [], add: put, addGroup: () => {}, tell });
    for (const input of [states, beside]) input.addEventListener("focus", () => input.select());
    part("alone").addEventListener("click", () => {
      safely(show({ ...shown, who: [shown.who[0]] }));
      beside.focus();
    });
    const map = world.chooser(root.querySelector("svg.mv-world"), index.names, (code) => safely(take(code)), (text) => { part("pointed").textContent = text; });
    const listRegion = () => {
      const codes = part("region").value ? index.members(part("region").value) : [];
      map.look(codes);
      const listed = [...(codes.length ? codes : index.names.keys())].sort((a, b) => index.names.get(a).localeCompare(index.names.get(b)));
      part("list").replaceChildren(...listed.map((code) => {
        const item = make("li");
        item.append(make("a", index.names.get(code), { href: `#${code}` }));
        return item;
      }));
    };
    part("region").replaceChildren(make("option", say("everywhere"), { value: "" }), ...index.regions.map(([key, name]) => make("option", name, { value: key })));
    part("region").addEventListener("change", listRegion);
    listRegion();
    window.addEventListener("hashchange", () => {
      const found = readAddress(location.hash);
      if (found) safely(show(found, { follow: false, go: true }));
    });
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    let width = root.clientWidth;
    new ResizeObserver(() => {
      if (root.clientWidth === width) return;
      width = root.clientWidth;
      redraw();
    }).observe(root);
    part("form").hidden = false;
    part("pick").open = !asked;
    await show(asked || opened, { follow: false, go: true });
  }

  Object.assign(parts, { readAddress, addressOf });
  if (root) run().catch((error) => { part("status").textContent = error.message; });
})();
