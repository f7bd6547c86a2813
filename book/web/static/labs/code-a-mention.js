/* Code a mention: passages of the book's own writing, coded one by one by two coders or a class; how far they agree, as
manyvectors.rhetoric.alpha says; where they part; and the codes of the book, with reasons. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { choice, oneOf, row, start, text, whole } = window.manyVectorsLab;
  const { agreeing, alpha, askClass, askName, byCoder, drawnName, fileName, saveAnswers, table } = window.manyVectorsClass;
  const { make, part, press } = engine;
  const say = sayOf("labs.code-a-mention"); // its sentences stand in manyvectors/messages/en.json
  const [NAMED, LEANING, STANCE] = ["named", "leaning", "stance"];
  const CODES = ["whose", "stance", "sense", "action"]; // the columns of a file, as in practice-sentences.csv
  const CODERS = ["a", "b"];

  const fixed = (value) => (value === null ? "" : value.toFixed(3).replace("-", "−"));
  const at = (kind, coder) => `${kind[0]}${coder}`; // the field of the state that holds a coder's codes
  const asked = (it) => it.data.kinds[it.state.kind].questions.filter(([code]) => it.state.ask === "all" || code === STANCE);
  const plainOf = (context) => context.replace("[[", "").replace("]]", "");
  const targetOf = (context) => /\[\[(.*?)\]\]/.exec(context)[1];
  const nameOf = (it, coder) => it.state[`w${coder}`] || say(`coder.${coder}`);

  // Codes in the address: for each passage and question the place of its value from 1, 0 for none.
  function codesOf(it, coder, kind = it.state.kind) {
    const { questions, passages } = it.data.kinds[kind];
    const typed = it.state[at(kind, coder)];
    return new Map(passages.map(([name], i) => [name, Object.fromEntries(questions.map(([code, , values], j) => {
      const value = values[Number(typed[i * questions.length + j] || 0) - 1];
      return [code, value ? value[0] : null];
    }))]));
  }
  const inAddress = (it, kind, codes) => it.data.kinds[kind].passages.map(([name]) => it.data.kinds[kind].questions
    .map(([code, , values]) => 1 + values.findIndex(([value]) => value === codes.get(name)[code])).join("")).join("").replace(/0+$/, "");
  const done = (codes) => [...codes.values()].filter((one) => Object.values(one).some(Boolean)).length;

  // What a file holds: the codes of one kind of passage or of both, by coder.
  function readCodes(file, kinds, fault) {
    const { columns, rows } = table(file.text, fault);
    const missing = columns.includes("row") ? !CODES.some((code) => columns.includes(code)) && STANCE : "row";
    if (missing) throw fault("no-column", { column: missing });
    const known = new Map(Object.entries(kinds).flatMap(([kind, { passages }]) => passages.map(([name]) => [name, kind])));
    return byCoder(rows, file.name, fault).flatMap(([who, own]) => {
      const found = new Map(Object.keys(kinds).map((kind) => [kind, new Map()]));
      for (const one of own) {
        const kind = known.get(one.row);
        if (!kind) throw fault("strange-row", { row: one.row || "–" });
        if (found.get(kind).has(one.row)) throw fault("row-twice", { row: one.row });
        found.get(kind).set(one.row, Object.fromEntries(kinds[kind].questions.map(([code, , values]) => {
          const value = (one[code] || "").toLowerCase();
          if (value && !values.some(([known_]) => known_ === value)) {
            throw fault("strange-code", { row: one.row, code, value: value.slice(0, 40), values: values.map(([known_]) => known_).join(", ") });
          }
          return [code, value || null];
        })));
      }
      const held = [...found].filter(([, codes]) => done(codes)).map(([kind, codes]) => ({ who, kind, codes }));
      if (!held.length) throw fault("no-answers", { coder: who });
      return held;
    });
  }

  // The page -----------------------------------------------------------------------------------------------------------

  let [parts, files, key] = [null, null, null];

  function code(it, name, value) {
    const { kind, by } = it.state;
    const codes = codesOf(it, by);
    const [passage] = it.data.kinds[kind].passages[it.state.at];
    codes.get(passage)[name] = value;
    it.set({ [at(kind, by)]: inAddress(it, kind, codes) });
  }

  function step(it, by) {
    it.set({ at: Math.min(it.data.kinds[it.state.kind].passages.length - 1, Math.max(0, it.state.at + by)) });
    parts.where.focus({ preventScroll: true });
  }

  // Whoever has no name yet gets one: files of a class that are called alike cannot be told apart.
  async function saveCodes(it, coder) {
    const field = `w${coder}`;
    if (!it.state[field]) await it.set({ [field]: drawnName() });
    const rows = Object.keys(it.data.kinds).flatMap((kind) => [...codesOf(it, coder, kind)]
      .filter(([, codes]) => Object.values(codes).some(Boolean))
      .map(([name, codes]) => ({ coder: it.state[field], row: name, kind, ...codes })));
    saveAnswers(fileName(it.state[field], "codes.csv"), ["coder", "row", "kind", ...CODES], rows);
  }

  function saveBlank(it) {
    const rows = Object.entries(it.data.kinds).flatMap(([kind, { passages }]) => passages
      .map(([name, leaning, context]) => ({ row: name, kind, leaning, context })));
    saveAnswers(say("blank-file"), ["row", "kind", "leaning", "context", ...CODES], rows);
  }

  function build(it) {
    key = JSON.parse(atob(it.data.key));
    const kind = choice({ label: say("kind"), options: [[NAMED, say("named")], [LEANING, say("leaning")]], value: it.state.kind, change: (value) => it.set({ kind: value, at: 0, q: STANCE }) });
    const ask = choice({ label: say("ask"), options: [["all", say("ask-all")], [STANCE, say("ask-stance")]], value: it.state.ask, change: (value) => it.set({ ask: value, q: STANCE }) });
    const coders = make("div", undefined, { class: "lab-row", role: "group", "aria-label": say("who") });
    coders.append(...CODERS.map((one) => press("", () => it.set({ by: one, at: 0 }), { "data-coder": one })));
    const name = askName({ label: say("name"), change: (value) => it.set({ [`w${it.state.by}`]: value }) });
    const where = make("p", "", { class: "lab-question", tabindex: -1 });
    const passage = make("p", "", { class: "lab-passage" });
    const questions = make("div", undefined, { class: "lab-questions" });
    const told = make("p", "", { class: "lab-told" });
    const rules = make("details");
    rules.append(make("summary", say("rules")), make("ul"));
    rules.lastChild.append(...it.data.doubt.map((rule) => make("li", rule)));
    const back = press(say("back"), () => step(it, -1));
    const next = press(say("next"), () => step(it, 1));
    const save = press(say("save"), () => saveCodes(it, it.state.by));
    const blank = press(say("blank"), () => saveBlank(it));
    const compare = press(say("compare"), () => it.set({ cmp: it.state.cmp ? 0 : 1 }));
    const show = press(say("key"), () => it.set({ key: it.state.key ? 0 : 1 }));
    const again = press(say("again"), () => it.set({ [at(it.state.kind, "a")]: "", [at(it.state.kind, "b")]: "", at: 0, by: "a", cmp: 0, key: 0 }));
    files = askClass({
      label: say("files"), note: say("files-note"), accept: ".csv,.txt,text/csv", key: ({ who, kind: own }) => `${own} ${who}`, changed: () => it.show(),
      read(file, fault) {
        const found = readCodes(file, it.data.kinds, fault);
        return { found, told: found.map((one) => say("told", { who: one.who, kind: say(one.kind), n: done(one.codes) })).join("; ") };
      },
    });
    const question = choice({ label: say("question"), options: [], value: "", change: (value) => it.set({ q: value }) });
    const one = choice({ label: say("rows"), options: [], value: "", change: (value) => it.set({ one: Number(value) }) });
    const other = choice({ label: say("columns"), options: [], value: "", change: (value) => it.set({ other: Number(value) }) });
    const compared = make("div", undefined, { class: "lab-compared" });
    compared.append(one.box, other.box);
    const live = make("p", "", { class: "lab-live" });
    parts = { kind, ask, coders, live, told, name, where, passage, questions, back, next, save, compare, show, question, one, other, compared };
    it.form.append(kind.box, ask.box, coders, where, passage, questions, told, row(back, next), live, rules, name.box, row(save, blank, again),
      files.box, question.box, row(compare, show), compared);
    part("figure").hidden = true; // nothing is drawn
  }

  // One question as a group of choices, each with what it means; written anew only where another one is asked.
  function ask(it, [name, said, values], chosen, i) {
    const id = `${it.state.kind}-${name}`;
    let box = parts.questions.children[i];
    if (!box || box.dataset.question !== id) {
      const made = make("fieldset", undefined, { class: "lab-ask", "data-question": id });
      made.append(make("legend", said), ...values.map(([value, meaning]) => {
        const label = make("label", undefined, { class: "lab-value" });
        const input = make("input", undefined, { type: "radio", name: `lab-${id}`, value, autocomplete: "off" });
        input.addEventListener("change", () => code(it, name, value));
        const words = make("span");
        words.append(make("strong", value), " ", make("span", meaning, { class: "lab-meaning" }));
        label.append(input, words);
        return label;
      }));
      if (box) box.replaceWith(made);
      else parts.questions.append(made);
      box = made;
    }
    for (const input of box.querySelectorAll("input")) input.checked = input.value === chosen;
  }

  function paint(it) {
    const { state } = it;
    const { passages } = it.data.kinds[state.kind];
    state.at = Math.min(state.at, passages.length - 1);
    if (!it.data.kinds[state.kind].questions.some(([name]) => name === state.q)) state.q = STANCE;
    const [name, leaning, context] = passages[state.at];
    parts.kind.put(state.kind);
    parts.ask.put(state.ask);
    parts.name.put(state[`w${state.by}`]);
    [...parts.coders.children].forEach((button, i) => {
      button.textContent = say("coded", { coder: nameOf(it, CODERS[i]), n: done(codesOf(it, CODERS[i])), passages: passages.length });
      button.setAttribute("aria-pressed", String(state.by === CODERS[i]));
    });
    parts.where.textContent = say(leaning ? "where-leaning" : "where", { place: state.at + 1, passages: passages.length, name, leaning, coder: nameOf(it, state.by) });
    const [before, after] = context.split(/\[\[.*?\]\]/);
    parts.passage.replaceChildren(before, make("strong", targetOf(context)), after);
    const questions = asked(it);
    while (parts.questions.children.length > questions.length) parts.questions.lastChild.remove();
    questions.forEach((question, i) => ask(it, question, codesOf(it, state.by).get(name)[question[0]], i));
    const places = it.data.kinds[state.kind].questions.map(([one]) => one);
    const booked = questions.map(([one]) => key[name][0][places.indexOf(one)]).join(", ");
    parts.told.textContent = state.key ? say("key-line", { codes: booked, why: key[name][1] }) : "";
    parts.back.disabled = state.at === 0;
    parts.next.disabled = state.at === passages.length - 1;
    parts.save.disabled = ![NAMED, LEANING].some((kind) => done(codesOf(it, state.by, kind)));
    parts.compare.textContent = say(state.cmp ? "compare-not" : "compare");
    parts.show.textContent = say(state.key ? "key-not" : "key");
    parts.question.input.replaceChildren(...questions.map(([one]) => make("option", one, { value: one })));
    parts.question.put(state.q);
    parts.question.box.hidden = questions.length < 2;
  }

  // Whoever has coded a passage of this kind: the two on the page, then the files.
  const codersOf = (it) => [
    ...CODERS.map((coder) => ({ who: nameOf(it, coder), codes: codesOf(it, coder) })),
    ...files.all().filter(({ kind }) => kind === it.state.kind),
  ].filter(({ codes }) => done(codes));

  function show(it) {
    paint(it);
    const { state } = it;
    const { passages } = it.data.kinds[state.kind];
    const questions = asked(it).map(([name]) => name);
    const coders = codersOf(it);
    const places = it.data.kinds[state.kind].questions.map(([name]) => name);
    const given = (name) => passages.map(([passage]) => coders.map(({ codes }) => (codes.get(passage) || {})[name] ?? null));
    const found = questions.map((name) => ({ name, ...alpha(given(name)), same: agreeing(given(name)) }));
    const chosen = found.find(({ name }) => name === state.q);
    const booked = { who: say("book"), codes: new Map(passages.map(([passage]) => [passage, Object.fromEntries(places.map((name, i) => [name, key[passage][0][i]]))])) };
    const pair = state.key ? [...coders, booked] : coders;
    const tables = [];
    const open = Boolean(state.cmp && pair.length > 1);
    parts.compared.hidden = !open;
    if (open) {
      const [one, other] = [Math.min(state.one, pair.length - 1), Math.min(state.other, pair.length - 1)];
      for (const [field, value] of [[parts.one, one], [parts.other, other]]) {
        field.input.replaceChildren(...pair.map(({ who }, i) => make("option", who, { value: i })));
        field.put(value);
      }
      tables.push(confusion(it, pair[one], pair[other]), dividing(it, pair, given(state.q)));
    }
    if (state.key) {
      if (coders.length) tables.push(withBook(it, coders, booked, questions));
      tables.push({
        caption: say("key-table"), columns: [say("head-row"), ...questions, say("head-why")],
        rows: passages.map(([passage]) => [passage, ...questions.map((name) => booked.codes.get(passage)[name]), key[passage][1]]),
        texts: [...questions.map((_, i) => i + 1), questions.length + 1],
      });
    }
    const caption = chosen.estimate === null
      ? say(chosen.units ? "one-value" : "no-alpha", { question: state.q, units: chosen.units })
      : say(chosen.low === null ? "alpha-alone" : "alpha", { question: state.q, alpha: fixed(chosen.estimate), low: fixed(chosen.low), high: fixed(chosen.high), units: chosen.units, coders: coders.length });
    parts.live.textContent = caption;
    const columns = [say("head-question"), say("head-units"), say("head-same"), say("head-alpha"), say("head-low"), say("head-high")];
    return {
      status: coders.length < 2 ? say("needs-two", { n: coders.length }) : "",
      caption,
      table: {
        caption: say("agreement"), columns,
        rows: found.map(({ name, units, same, estimate, low, high }) => [name, String(units), fixed(same), fixed(estimate), fixed(low), fixed(high)]),
      },
      more: tables,
      head: [say("coders", { names: coders.map(({ who }) => who).join(", ") || "–" })],
    };
  }

  // How often each value of one coder met each value of the other.
  function confusion(it, one, other) {
    const [, , values] = it.data.kinds[it.state.kind].questions.find(([name]) => name === it.state.q);
    const names = values.map(([value]) => value);
    const both = it.data.kinds[it.state.kind].passages.map(([passage]) => [one, other].map(({ codes }) => (codes.get(passage) || {})[it.state.q] ?? null));
    return {
      caption: say("confusion", { question: it.state.q, one: one.who, other: other.who }),
      columns: [say("confusion-head", { one: one.who, other: other.who }), ...names],
      rows: names.map((a) => [a, ...names.map((b) => String(both.filter(([x, y]) => x === a && y === b).length))]),
    };
  }

  // The passages that two or more have coded, those that divide most first.
  function dividing(it, coders, given) {
    const { passages } = it.data.kinds[it.state.kind];
    const rows = passages.map(([name, , context], i) => ({ name, context, same: agreeing([given[i]]) }))
      .filter(({ same }) => same !== null && same < 1).sort((a, b) => a.same - b.same);
    return {
      caption: say("dividing", { n: rows.length, question: it.state.q }),
      columns: [say("head-row"), ...coders.map(({ who }) => who), say("head-same"), say("head-context")],
      rows: rows.map(({ name, context, same }) => [name, ...coders.map(({ codes }) => (codes.get(name) || {})[it.state.q] || say("none")), fixed(same), plainOf(context)]),
      texts: [...coders.map((_, i) => i + 1), coders.length + 2],
    };
  }

  // Each coder beside the codes of the book.
  function withBook(it, coders, booked, questions) {
    const rows = coders.flatMap(({ who, codes }) => questions.map((name) => {
      const pairs = it.data.kinds[it.state.kind].passages.map(([passage]) => [(codes.get(passage) || {})[name] ?? null, booked.codes.get(passage)[name]]);
      const { estimate, low, high, units } = alpha(pairs);
      return [who, name, String(units), fixed(agreeing(pairs)), fixed(estimate), fixed(low), fixed(high)];
    }));
    return {
      caption: say("with-book"), rows,
      columns: [say("head-coder"), say("head-question"), say("head-units"), say("head-same"), say("head-alpha"), say("head-low"), say("head-high")],
    };
  }

  const digits = { first: "", read: (typed) => (/^[0-9]{0,80}$/.test(typed) ? typed : undefined) };
  start({
    fields: () => ({
      kind: oneOf(NAMED, [NAMED, LEANING]), ask: oneOf(STANCE, ["all", STANCE]), by: oneOf("a", CODERS), at: whole(0, 0, 99), q: oneOf(STANCE, CODES),
      cmp: oneOf(0, [0, 1]), key: oneOf(0, [0, 1]), one: whole(0, 0, 99), other: whole(1, 0, 99), wa: text("", 40), wb: text("", 40),
      na: digits, nb: digits, la: digits, lb: digits,
    }),
    build, show,
  });
})();
