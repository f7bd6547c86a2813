/* A class's files put together: answers to quizzes, intrusion sheets, coding sheets, sealed claims. As manyvectors.pool. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { choice, oneOf, row, start } = window.manyVectorsLab;
  const { agreeing, alpha, asWritten, askClass, byCoder, drawnName, meant, numberOf, plainCell, saveAnswers, stem, table } = window.manyVectorsClass;
  const { heldIn, sealOf } = window.manyVectorsSeals;
  const { sha256 } = window.manyVectorsHashing;
  const { make, part, press } = engine;
  const say = sayOf("labs.pool"); // its sentences stand in manyvectors/messages/en.json
  const KINDS = ["quiz", "words", "topics", "coding", "sealed"];
  const COLUMNS = ["who", "kind", "of", "item", "question", "answer", "right"];
  const QUIZ = ["quiz", "question", "first", "last", "right_at_first"];
  const CODES = ["whose", "stance", "sense", "action"];
  const SAME = 10; // answers of two writers that are all alike: so many are told
  const TRUTH = { 1: 1, 0: 0, "": null };

  // What a file holds --------------------------------------------------------------------------------------------------

  // Answers as one long list; the same of a file is answered once.
  function long(rows, fault) {
    if (!rows.length) throw fault("empty-answers");
    const seen = new Set();
    for (const one of rows) {
      const key = [one.who, one.kind, one.of, one.item, one.question].join("\u0000");
      if (seen.has(key)) throw fault("answer-twice", { of: `${one.kind} ${one.of}`, item: one.item });
      seen.add(key);
    }
    return rows;
  }
  const answer = (who, kind, of, item, question, said, right = null) => ({ who, kind, of, item, question, answer: said, right });

  function quiz(rows, file, fault) {
    return byCoder(rows, file, fault).flatMap(([who, own]) => own.flatMap((one) => {
      if (!Object.hasOwn(TRUTH, one.right_at_first) || !/^\d+$/.test(one.question)) throw fault("quiz-changed", { question: one.question });
      const right = TRUTH[one.right_at_first];
      return [["first", right], ["last", one.last === one.first ? right : null]].filter(([name]) => one[name])
        .map(([name, known]) => answer(who, "quiz", one.quiz, one.question, name, one[name].toLowerCase(), known));
    }));
  }

  // The checksum of a sheet's questions, of JSON as Python writes it: as manyvectors.methods.intrusion.sheet.checksum.
  function checksum(items, columns) {
    const texts = (cells) => cells.map((cell) => JSON.stringify(cell).replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`));
    const lines = [...items].sort(([a], [b]) => a - b).map(([item, one]) => `[${[item, ...texts(columns.map((name) => plainCell(one[name])))].join(", ")}]`);
    return sha256(`[${lines.join(", ")}]`).then((found) => found.slice(0, 8));
  }

  async function intrusion(rows, columns, file, fault) {
    const kind = columns.some((name) => /^word_\d+$/.test(name)) ? "words" : columns.some((name) => /^topic_\d+$/.test(name)) ? "topics" : null;
    if (!kind) throw fault("no-sheet");
    const options = columns.filter((name) => new RegExp(`^${kind.slice(0, -1)}_\\d+$`).test(name))
      .sort((a, b) => Number(a.split("_")[1]) - Number(b.split("_")[1]));
    const asked = ["question", "segment", ...options].filter((name) => columns.includes(name));
    const found = [];
    for (const [who, own] of byCoder(rows, file, fault)) {
      const mark = own.length ? own[0].sheet.toLowerCase() : "";
      const [, of, right] = /^(words|topics)-[0-9a-f]{8}-([0-9a-f]{8})$/.exec(mark) || [];
      const items = own.map((one) => {
        const number = numberOf(one.item ?? "");
        if (!number || of !== kind || one.sheet.toLowerCase() !== mark) throw fault("changed", { item: one.item ?? "–" });
        return [Number(number[1]), one];
      });
      const seen = new Set();
      for (const [item] of items) {
        if (seen.has(item)) throw fault("item-twice", { item });
        seen.add(item);
      }
      if (items.length && (await checksum(items, asked)) !== right) throw fault("changed-sheet", { coder: who });
      const given = items.map(([item, one]) => [item, meant(one.answer, options.map((name) => one[name]), (key, values) => fault(key, { ...values, item }))]);
      if (given.every(([, chosen]) => chosen === null)) throw fault("no-answers", { coder: who });
      found.push(...given.filter(([, chosen]) => chosen !== null).map(([item, chosen]) => answer(who, kind, mark, String(item), "answer", String(chosen))));
    }
    return found;
  }

  function coding(rows, columns, file, fault) {
    const codes = CODES.filter((name) => columns.includes(name));
    return byCoder(rows, file, fault).flatMap(([who, own]) => own.flatMap((one) => {
      if (!one.row) throw fault("strange-row", { row: "–" });
      const kind = one.kind || (one.action ? "named" : one.sense ? "leaning" : "");
      return codes.filter((name) => one[name]).map((name) => answer(who, "coding", kind, one.row, name, one[name].toLowerCase()));
    }));
  }

  function again(rows, file, fault) {
    return rows.map((it, i) => {
      const one = Object.fromEntries(COLUMNS.map((name) => [name, asWritten(it[name])]));
      if (!KINDS.includes(one.kind) || !Object.hasOwn(TRUTH, one.right) || !one.who) throw fault("pool-changed", { row: i + 2 });
      // Numbers of one group are not those of another.
      const who = /^\d+$/.test(one.who) ? `${stem(file)} ${one.who}` : one.who;
      return answer(who, one.kind, one.of, one.item, one.question, one.answer, TRUTH[one.right]);
    }).filter((one) => one.answer);
  }

  // A sealed claim; a fault for one that was changed since. Whether the data give number and verdict is checked where it was made.
  async function sealed(content, file, fault) {
    const { held, wrong } = heldIn(content);
    const verdict = held && held.opened && held.opened.verdict;
    if (wrong || (verdict && typeof verdict !== "string")) throw fault("no-seal");
    const claim = held.sealed;
    if ((await sealOf(claim)) !== held.seal) throw fault("broken-seal");
    const who = claim.by.trim() || stem(file);
    const said = { claim: claim.claim, rule: `${claim.side} ${claim.bar}`, time: claim.time, verdict };
    return Object.entries(said).filter(([, words]) => words)
      .map(([name, words]) => answer(who, "sealed", `${claim.measure} ${claim.of}`.trim(), claim.state, name, words));
  }

  async function rowsOf(file, fault) {
    if (/\.json$/i.test(file.name)) return long(await sealed(file.text, file.name, fault), fault);
    const { columns, rows } = table(file.text, fault);
    const has = (names) => names.every((name) => columns.includes(name));
    if (has(COLUMNS)) return long(again(rows, file.name, fault), fault);
    if (has(QUIZ)) return long(quiz(rows, file.name, fault), fault);
    if (has(["answer", "sheet"])) return long(await intrusion(rows, columns, file.name, fault), fault);
    if (has(["row"]) && CODES.some((name) => columns.includes(name))) return long(coding(rows, columns, file.name, fault), fault);
    throw fault("unknown", { columns: columns.slice(0, 8).join(", ") });
  }

  // What one writer hands in once: of a quiz there is one file for all.
  const handed = ({ kind, of }) => (kind === "quiz" ? kind : `${kind}\u0000${of}`);

  // How a file's name goes on in a writer's: not at all, or by a number of a pooled table; null for another writer.
  const rest = (who, name) => (who === name ? "" : who.startsWith(`${name} `) && /^ \d+$/.test(who.slice(name.length)) ? who.slice(name.length) : null);

  /* Two files of one name that differ are of two writers, since a file that names nobody is called as the browser calls it:
     the second becomes “name (2)”. Those that hold the same cannot be told apart. `before`: what other files held. */
  function apart(rows, file, before) {
    const name = stem(file.name);
    const of = (all, called) => all.filter(({ who }) => rest(who, called) !== null);
    const said = (all, called) => all.map((one) => JSON.stringify([rest(one.who, called), one.kind, one.of, one.item, one.question, one.answer, one.right])).sort().join();
    const own = of(rows, name);
    const places = new Set(own.map(handed));
    for (let n = 1; own.length; n++) {
      const called = n === 1 ? name : `${name} (${n})`;
      const theirs = of(before, called).flatMap((one) => one.rows).filter((one) => places.has(handed(one)));
      if (!theirs.length || said(theirs, called) === said(own, name)) return rows.map((one) => (own.includes(one) ? { ...one, who: `${called}${rest(one.who, name)}` } : one));
    }
    return rows;
  }

  // Counts and agreement -----------------------------------------------------------------------------------------------

  const grouped = (rows, by) => {
    const groups = new Map();
    for (const one of rows) {
      const key = by.map((name) => one[name]).join("\u0000");
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(one);
    }
    return [...groups.values()];
  };
  const inOrder = (one) => (/^\d+$/.test(one) ? one.padStart(9, "0") : one);
  const sorted = (groups, by) => groups.sort(([a], [b]) => {
    for (const name of by) {
      const [one, other] = name === "item" ? [inOrder(a.item), inOrder(b.item)] : [a[name], b[name]];
      if (one !== other) return one < other ? -1 : 1;
    }
    return 0;
  });

  const BY = ["kind", "of", "question"];
  const agreement = (rows) => sorted(grouped(rows, BY), BY).map((group) => {
    const units = grouped(group, ["item"]).map((item) => item.map((one) => one.answer));
    const known = group.filter((one) => one.right !== null);
    return {
      ...Object.fromEntries(BY.map((name) => [name, group[0][name]])), people: new Set(group.map((one) => one.who)).size, items: units.length,
      answers: group.length, right: known.length ? known.filter((one) => one.right).length / known.length : null,
      same: agreeing(units), alpha: alpha(units, { n: 0 }).estimate,
    };
  });
  const counts = (rows) => sorted(grouped(rows, [...BY, "item", "answer"]), [...BY, "item", "answer"]).map((group) => ({
    ...Object.fromEntries([...BY, "item", "answer"].map((name) => [name, group[0][name]])), n: group.length,
    right: (group.find((one) => one.right !== null) || { right: null }).right,
  }));

  // Whose answers are the same, cell for cell: as manyvectors.methods.pooled.files.twins.
  function twins(rows) {
    const seen = new Map();
    return grouped(rows, ["kind", "of", "who"]).flatMap((part) => {
      const [{ kind, of, who }] = part;
      if (part.length < SAME || (kind === "quiz" && !part.some((one) => one.right === 0))) return [];
      const key = JSON.stringify([kind, of, part.map((one) => [one.item, one.question, one.answer].join("\u0000")).sort()]);
      const found = seen.has(key) ? [{ one: seen.get(key), other: who, of: say("kind-of", { kind: say(`kind.${kind}`), of }) }] : [];
      if (!seen.has(key)) seen.set(key, who);
      return found;
    });
  }

  // The page -----------------------------------------------------------------------------------------------------------

  const tries = (rows) => rows.filter(({ kind, question }) => kind !== "quiz" || question === "first").length; // second tries apart
  const fixed = (value) => (value === null ? "" : value.toFixed(3).replace("-", "−"));
  let [files, names, save, read] = [null, null, null, 0]; // read: so many answers have been

  // The answers of all files; instead of names, numbers in the order in which they come.
  function pooled(it) {
    const rows = files.all().flatMap(({ rows: own }) => own).sort((a, b) => a.at - b.at); // as they stand in the files
    if (it.state.names === "kept") return rows;
    const numbers = new Map();
    for (const { who } of rows) if (!numbers.has(who)) numbers.set(who, String(numbers.size + 1));
    return rows.map((one) => ({ ...one, who: numbers.get(one.who) }));
  }

  function build(it) {
    files = askClass({
      label: say("files"), note: say("files-note"), accept: ".csv,.txt,.json,text/csv,application/json",
      key: ({ who, kind, of }) => `${kind}\u0000${of}\u0000${who}`, changed: () => it.show(),
      async read(file, fault, before) {
        const groups = grouped(apart(await rowsOf(file, fault), file, before).map((one) => ({ ...one, at: read++ })), ["who", "kind", "of"]);
        const told = groups.map(([one, ...others]) => say("told", { kind: say(`kind.${one.kind}`), of: one.of, n: tries([one, ...others]) }));
        return { found: groups.map((rows) => ({ who: rows[0].who, kind: rows[0].kind, of: rows[0].of, rows })), told: told.slice(0, 3).join("; ") + (told.length > 3 ? " …" : "") };
      },
    });
    names = choice({ label: say("names"), options: [["numbers", say("names-numbers")], ["kept", say("names-kept")]], value: it.state.names, change: (value) => it.set({ names: value }) });
    save = press(say("save"), () => saveAnswers(say("file"), COLUMNS, pooled(it)));
    const drawn = make("output", "", { class: "lab-drawn" });
    const draw = press(say("draw"), () => { drawn.textContent = drawnName(); });
    it.form.append(files.box, names.box, row(save), row(draw, drawn));
    part("figure").hidden = true; // nothing is drawn
  }

  function show(it) {
    const rows = pooled(it);
    names.put(it.state.names);
    save.disabled = !rows.length;
    if (!rows.length) return { reason: say("none") };
    const kindOf = (one) => say("kind-of", { kind: say(`kind.${one.kind}`), of: one.of });
    const people = new Set(rows.map(({ who }) => who)).size;
    const head = (all) => all.map((name) => say(`head.${name}`));
    return {
      status: twins(rows).map((found) => say("twins", found)).join("\n"), caption: say("found", { n: people, answers: tries(rows) }),
      table: {
        caption: say("agreement"), columns: head(["of", "question", "people", "items", "answers", "right", "same", "alpha"]),
        texts: [0, 1], rows: agreement(rows).map((one) => [kindOf(one), one.question, ...[one.people, one.items, one.answers].map(String), fixed(one.right), fixed(one.same), fixed(one.alpha)]),
      },
      more: [{
        caption: say("counts"), columns: head(["of", "question", "item", "answer", "n", "known"]),
        texts: [0, 1, 3], rows: counts(rows).map((one) => [kindOf(one), one.question, one.item, one.answer, String(one.n), one.right === null ? "" : say(one.right ? "right" : "wrong")]),
      }],
      head: [],
    };
  }

  start({ load: () => Promise.resolve({}), fields: () => ({ names: oneOf("numbers", ["numbers", "kept"]) }), build, show });
})();
