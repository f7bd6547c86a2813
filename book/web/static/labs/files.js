/* Files of the reader's: saved and read in the browser alone; and what a lab keeps in it of what was done. */

(function () {
  "use strict";

  const { make, root } = window.manyVectorsExplorer.engine;
  const { field } = window.manyVectorsLab;

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
  const store = (key) => `${root.dataset.store}|lab|${root.dataset.lab}|${key}`;
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

  Object.assign(window.manyVectorsLab, { askFiles, jsonOf, kept, readSheet, save });
})();
