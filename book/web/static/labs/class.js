/* What the pages share that read a class's answers: the files that are handed in, agreement, a name drawn from a hat.
Nothing is sent anywhere.

Equal in Python: manyvectors.methods.filled (files), manyvectors.methods.alpha, manyvectors.methods.intrusion. */

(function () {
  "use strict";

  const { engine: { make, percentile, press } } = window.manyVectorsExplorer;
  const { askFiles, field, generator, save } = window.manyVectorsLab;
  const { cellOf, drawnName, fileName, toDraw, note: aboutNames } = window.manyVectorsHat;
  const say = sayOf("labs.class"); // its sentences stand in manyvectors/messages/en.json

  // How sure ------------------------------------------------------------------------------------------------------------

  // The ends of an interval, as numpy.nanpercentile reads them off; null if no draw is a number.
  function ends(draws, level) {
    const sorted = Float64Array.from(draws.filter(Number.isFinite)).sort();
    if (!sorted.length) return [null, null];
    return [(1 - level) / 2, (1 + level) / 2].map((share) => percentile(sorted, share));
  }

  const Z = 1.959963984540054; // of the normal distribution, for 95 %

  // Wilson's interval of a share of n; nulls of none.
  function wilson(share, n) {
    if (!n || share === null) return [null, null];
    const half = Z * Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
    const middle = share + Z ** 2 / (2 * n);
    return [Math.max((middle - half) / (1 + Z ** 2 / n), 0), Math.min((middle + half) / (1 + Z ** 2 / n), 1)];
  }

  // Agreement ----------------------------------------------------------------------------------------------------------

  const sum = (numbers) => [...numbers].reduce((total, one) => total + one, 0);

  // Units with two values or more: for each, how often each value was given. `units`: lists of values, null where missing.
  function counted(units) {
    return units.map((given) => {
      const counts = new Map();
      for (const value of given) if (value !== null && value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
      return counts;
    }).filter((counts) => sum(counts.values()) > 1);
  }

  // Krippendorff's alpha, nominal, of counted units, each of which comes so often as `times` says; null where unknown.
  function alphaOf(counts, times) {
    let [observed, size] = [0, 0];
    const totals = new Map();
    counts.forEach((unit, i) => {
      const often = times ? times[i] : 1;
      if (!often) return;
      const n = sum(unit.values());
      for (const [value, one] of unit) {
        totals.set(value, (totals.get(value) ?? 0) + often * one);
        observed += (often * one * (n - one)) / (n - 1);
      }
      size += often * n;
    });
    const expected = size ** 2 - sum([...totals.values()].map((n) => n ** 2));
    return expected > 0 ? 1 - ((size - 1) * observed) / expected : null;
  }

  // Alpha with its interval from resampled units: manyvectors.rhetoric.alpha_interval.
  function alpha(units, { n = 2000, level = 0.95, seed = 0 } = {}) {
    const counts = counted(units);
    const estimate = counts.length ? alphaOf(counts) : null;
    const found = { estimate, low: null, high: null, units: counts.length };
    if (!n || estimate === null || counts.length < 2 || estimate === 1) return found;
    const { below } = generator(seed);
    const draws = Array.from({ length: n }, () => {
      const times = new Array(counts.length).fill(0);
      for (let i = 0; i < counts.length; i++) times[below(counts.length)]++;
      return alphaOf(counts, times) ?? NaN;
    });
    [found.low, found.high] = ends(draws, level);
    return found;
  }

  // Of all pairs of values in a unit, the part that are the same; null without a pair.
  function agreeing(units) {
    let [same, pairs] = [0, 0];
    for (const counts of counted(units)) {
      const n = sum(counts.values());
      for (const one of counts.values()) same += one * (one - 1);
      pairs += n * (n - 1);
    }
    return pairs ? same / pairs : null;
  }

  // Files --------------------------------------------------------------------------------------------------------------

  const ENDS = /\r\n?/g;

  // The cells of one line after the other; a quoted cell may hold separators, quotes and line ends.
  function* rowsOf(body, separator) {
    let [row, cell, quoted] = [[], "", false];
    for (let i = 0; i < body.length; i++) {
      const letter = body[i];
      if (quoted) {
        if (letter !== '"') cell += letter;
        else if (body[i + 1] === '"') cell += body[++i];
        else quoted = false;
      } else if (letter === '"' && cell === "") quoted = true;
      else if (letter === separator || letter === "\n") {
        row.push(cell);
        cell = "";
        if (letter === "\n") {
          yield row;
          row = [];
        }
      } else cell += letter;
    }
    if (cell !== "" || row.length) yield [...row, cell];
  }

  /* A CSV file that somebody filled in: {columns, rows: objects of text}, without white space around cells and without
     blank rows. What spreadsheet programs write is accepted: a byte-order mark, semicolons or tabs between cells, a
     first line "sep=;", line ends of any kind. `fault(key, values)` makes what is thrown. */
  function table(text, fault) {
    let body = text.replace(/^\ufeff/, "").replace(ENDS, "\n");
    if (body.startsWith("PK\u0003\u0004") || body.includes("\0")) throw fault("no-text");
    if (body.includes("\ufffd")) throw fault("no-utf8");
    const said = /^\W?sep=(.)\W*\n/i.exec(body);
    if (said) body = body.slice(said[0].length);
    const separator = said ? said[1] : [",", ";", "\t"].map((mark) => [mark, [...rowsOf(body.split("\n")[0], mark)].flat().length])
      .reduce((best, one) => (one[1] > best[1] ? one : best))[0];
    const [[, head] = [], ...rows] = [...rowsOf(body, separator)].map((row, i) => [i + 1, row.map((cell) => cell.trim())]).filter(([, row]) => row.some(Boolean));
    if (!head) throw fault("empty");
    const columns = head.map((name) => name.toLowerCase());
    const twice = columns.find((name, i) => name && columns.indexOf(name) !== i);
    if (twice) throw fault("column-twice", { column: twice });
    for (const [row, cells] of rows) {
      const stray = cells.find((cell, i) => cell && !columns[i]);
      if (stray) throw fault("stray-cell", { row, cell: stray.slice(0, 60) });
    }
    return { columns: columns.filter(Boolean), rows: rows.map(([, row]) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? ""]).filter(([name]) => name))) };
  }

  const plainCell = (cell) => String(cell).split(/\s+/).filter(Boolean).join(" ").toLowerCase();
  // What a file is called: a browser puts " (1)" behind the name of one that is saved a second time.
  const stem = (name) => name.replace(/^.*[\\/]/, "").replace(/(?<=.)\.[^.]*$/, "").replace(/(?<=.) \(\d+\)$/, "");

  // Who filled a table in: a column "coder", or the name of the file. Rows by name, in the order they came.
  function byCoder(rows, file, fault) {
    const names = [...new Set(rows.map((row) => row.coder ?? "").filter(Boolean))];
    if (names.length < 2) return [[names[0] ?? stem(file), rows]]; // a name in the first row is meant for all
    const blank = rows.findIndex((row) => !row.coder);
    if (blank >= 0) throw fault("coder-missing", { row: blank + 1 });
    return names.map((name) => [name, rows.filter((row) => row.coder === name)]);
  }

  const NUMBER = /^(\d{1,9})(?:[.,]0+)?$/; // spreadsheets turn 3 into 3.0

  // The number of the choice that an answer means, from 1; null for a blank.
  function meant(said, options, fault) {
    const written = plainCell(said);
    if (!written) return null;
    const found = new Set(options.flatMap((option, i) => (plainCell(option) === written ? [i + 1] : [])));
    const number = NUMBER.exec(written.replace(/^(?:word|topic)[_ ]/, ""));
    if (number && Number(number[1]) >= 1 && Number(number[1]) <= options.length) found.add(Number(number[1]));
    if (found.size !== 1) throw fault(found.size ? "answer-twofold" : "answer-strange", { answer: String(said).slice(0, 40) });
    return [...found][0];
  }

  // What such a cell held before.
  const asWritten = (cell) => cell.replace(/^'(?=[=+\-@\t\r])/, "");
  const written = (columns, rows) => `${[columns, ...rows.map((row) => columns.map((name) => row[name]))].map((row) => row.map(cellOf).join(",")).join("\n")}\n`;

  // What a class hands in, on a page --------------------------------------------------------------------------------------

  // A field for the name of a file, with a button that draws one. `change(name)`. Returns {box, put}.
  function askName({ label, change }) {
    const input = make("input", undefined, { type: "text", maxlength: 40, autocomplete: "off", spellcheck: "false" });
    const put = (name) => { if (input.value !== name) input.value = name; };
    input.addEventListener("change", () => change(input.value.trim()));
    const box = field(label, input, aboutNames);
    box.append(press(toDraw, () => {
      put(drawnName());
      change(input.value);
    }));
    return { box, put };
  }

  /* A field for the files of a class, and what was read. `read(file, fault, before)`: what a file ({name, text}) holds, a list
     or a promise of one, beside what others held `before`, or a fault by `fault(key, values)`; `key(one)`: what two files must not
     both have; `changed()`. Returns {box, all()}. */
  function askClass({ label, note, accept, read, key, changed }) {
    const held = []; // {name, found}
    let reading = Promise.resolve(); // files that come while others are read wait for these
    const list = make("ul", undefined, { class: "lab-files" });
    const faults = make("ul", undefined, { class: "lab-faults" });
    const heard = make("div", undefined, { role: "status" });
    heard.append(faults);
    const faultOf = (file) => (name, values) => new Error(say(`fault.${name}`, { file, ...values }));
    const paint = () => {
      list.replaceChildren(...held.map((file) => make("li", say("read", { file: file.name, told: file.told }))));
      forget.hidden = !held.length;
    };
    const forget = press(say("forget"), () => {
      reading = reading.then(() => {
        held.length = 0;
        faults.replaceChildren();
        paint();
        changed();
      });
    });
    async function add(files) {
      const wrong = [];
      for (const file of files) {
        try {
          const fault = faultOf(file.name);
          const { told, found } = await read(file, fault, held.flatMap((other) => other.found));
          for (const one of found) {
            const before = held.find((other) => other.found.some((it) => key(it) === key(one)));
            if (before) throw fault("again", { coder: one.who, before: before.name });
          }
          held.push({ name: file.name, told, found });
        } catch (error) {
          wrong.push(error.message);
        }
      }
      faults.replaceChildren(...wrong.map((said) => make("li", said)));
      paint();
      changed();
    }
    const input = askFiles({ label, note, accept, read: (files) => { reading = reading.then(() => add(files)); } });
    const box = make("div", undefined, { class: "lab-class" });
    box.append(input, heard, list, forget);
    paint();
    return { box, all: () => held.flatMap((file) => file.found) };
  }

  const saveAnswers = (file, columns, rows) => save(file, `\ufeff${written(columns, rows)}`);

  window.manyVectorsClass = Object.freeze({
    agreeing, alpha, asWritten, askClass, askName, byCoder, drawnName, ends, fileName, meant, numberOf: (cell) => NUMBER.exec(cell), plainCell, saveAnswers, stem, table,
    wilson,
  });
})();
