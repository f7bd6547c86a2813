/* What the page of an explorer or a lab is made of: data that hand themselves over, its parts by their names, a table, a CSV, what
can be copied, the view alone for a frame.

Text that comes from data or from the reader enters the page as text only, never as markup. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;

  // Data: scripts that hand themselves over ------------------------------------------------------------------------

  const root = document.getElementById("explorer");
  const waiting = new Map(); // name to {promise, resolve, reject, folder}
  const versions = new Map(); // folder to the version of the data in it
  const home = root ? root.dataset.source : "";

  function receive(name, stamp, content) {
    const wanted = waiting.get(name);
    const folder = wanted ? wanted.folder : home;
    if (!versions.has(folder)) versions.set(folder, stamp);
    if (!wanted) return;
    if (stamp === versions.get(folder)) wanted.resolve(content);
    else wanted.reject(new Error(say("explorer.renewed")));
  }

  // The content of a script of data; no two of a page have one name, whatever their folders.
  function load(name, folder = home) {
    if (!waiting.has(name)) {
      const wanted = { folder };
      wanted.promise = new Promise((resolve, reject) => Object.assign(wanted, { resolve, reject }));
      waiting.set(name, wanted);
      const script = document.createElement("script");
      script.src = `${folder}${name}.js${versions.has(folder) ? `?v=${versions.get(folder)}` : ""}`;
      script.onerror = () => {
        waiting.delete(name); // so that the next try is a fresh one
        wanted.reject(new Error(say("explorer.part-missing")));
      };
      document.head.append(script);
    }
    return waiting.get(name).promise;
  }

  // The page -------------------------------------------------------------------------------------------------------

  const part = (name) => document.getElementById(`explorer-${name}`);
  const make = (tag, text, attributes) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    return element;
  };
  const press = (text, act, attributes) => {
    const button = make("button", text, { type: "button", ...attributes });
    button.addEventListener("click", act);
    return button;
  };

  function fillTable(table, columns, rows, heads) {
    const title = make("tr");
    title.append(...columns.map((name) => make("th", name, { scope: "col" })));
    table.tHead.replaceChildren(title);
    table.tBodies[0].replaceChildren(...rows.map((row) => {
      const line = make("tr");
      line.append(...row.map((value, i) =>
        i === heads ? make("th", value, { scope: "row" }) : make("td", value === "" ? say("explorer.none") : value)));
      return line;
    }));
  }

  // Buttons that copy what stands in a field.
  function copying(pairs, copied) {
    for (const [field, button] of pairs) {
      button.addEventListener("click", async () => {
        field.select();
        try {
          await navigator.clipboard.writeText(field.value);
          copied.textContent = say("explorer.copied");
        } catch {
          copied.textContent = say("explorer.copy-by-hand");
        }
      });
    }
  }

  // A line that shows a view in a frame on another page.
  const frameOf = (address, title) => {
    const src = address.replace("#", "?embed#").replace(/&/g, "&amp;").replace(/"/g, "%22").replace(/</g, "%3C");
    const named = say("explorer.embed-title", { title }).replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
    return `<iframe src="${src}" title="${named}" width="100%" height="720" loading="lazy"></iframe>`;
  };

  // A CSV behind a link.
  function offerSheet(link, text, file) {
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = file;
  }

  // Nothing but the view: for other pages to show in a frame. Whoever asks for the form as well gets it.
  function embed() {
    const asked = new URLSearchParams(location.search).get("embed");
    if (asked === null) return;
    document.documentElement.classList.add("mv-embed");
    if (asked === "form") document.documentElement.classList.add("mv-embed-form");
    if (part("caption")) {
      part("caption").setAttribute("role", "heading"); // the page's own is out of sight
      part("caption").setAttribute("aria-level", "1");
    }
    for (let element = root; element && element !== document.body; element = element.parentElement) {
      for (const other of element.parentElement.children) if (other !== element) other.hidden = true;
    }
  }

  Object.assign(engine, {
    copying, embed, fillTable, frameOf, load, make, offerSheet, part, press, root, version: (folder = home) => versions.get(folder),
  });
  window.manyVectorsExplorer.receive = receive;
})();
