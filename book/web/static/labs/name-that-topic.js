/* Name that topic: the sheets of word and topic intrusion, coded on the page, and the score of one coder or of a class, as
manyvectors.validation.score gives it. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const { choice, drawing, generator, oneOf, row, start, svg, text, whole } = window.manyVectorsLab;
  const { agreeing, askClass, askName, byCoder, drawnName, ends, fileName, meant, numberOf, plainCell, saveAnswers, table, wilson } = window.manyVectorsClass;
  const { make, part, press } = engine;
  const say = sayOf("labs.name-that-topic"); // its sentences stand in manyvectors/messages/en.json
  const [WORDS, TOPICS] = ["words", "topics"];
  const [DRAWS, LEVEL, SEED] = [2000, 0.95, 0]; // as validation.score has them
  const [TALL, TOP] = [38, 8]; // pixels of a topic's row in the drawing, and above the first

  // Scores -----------------------------------------------------------------------------------------------------------

  const mean = (values) => (values.length ? values.reduce((sum, one) => sum + one, 0) / values.length : NaN);
  const known = (values) => values.filter((one) => !Number.isNaN(one));

  // The mean over items of the mean over coders. `values`: items x coders, NaN for a blank.
  const overall = (values, items, coders) => mean(known(items.map((i) => mean(known(coders.map((j) => values[i][j]))))));

  // An estimate with its interval from resampled items and coders. `samples`: the same draws for all measures.
  function estimated(values, samples, share) {
    const [items, coders] = [values.map((_, i) => i), values[0].map((_, j) => j)];
    const estimate = overall(values, items, coders);
    if (items.length < 2) return { estimate, low: null, high: null };
    const all = known(values.flat());
    if (Math.min(...all) === Math.max(...all)) {
      const [low, high] = share ? wilson(estimate, items.length) : [null, null];
      return { estimate, low, high };
    }
    const [low, high] = ends(samples.map(([some, who]) => overall(values, some, who || coders)), LEVEL);
    return { estimate, low, high };
  }

  const byCodePoint = (one, other) => {
    const [a, b] = [[...one], [...other]];
    for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i].codePointAt(0) - b[i].codePointAt(0);
    return a.length - b.length;
  };

  /* The score of answers. `worth`: of the key; `choices`: how many there are; `answers`: Map of coder to the number that was
     chosen for each item, null for a blank. */
  function score(worth, choices, answers) {
    const coders = [...answers.keys()].sort(byCodePoint);
    const items = worth.right.map((_, i) => i).filter((i) => coders.some((who) => answers.get(who)[i] !== null));
    const of = (told) => items.map((i) => coders.map((who) => (answers.get(who)[i] === null ? NaN : told(i, answers.get(who)[i]))));
    const { below } = generator(SEED);
    const take = (size) => Array.from({ length: size }, () => below(size));
    const samples = items.length < 2 ? [] : Array.from({ length: DRAWS }, () => [take(items.length), coders.length > 1 ? take(coders.length) : null]);
    const correct = of((i, chosen) => Number(chosen === worth.right[i]));
    const odds = worth.odds && of((i, chosen) => worth.odds[i][chosen - 1]);
    const numbers = [...new Set(worth.topic)].sort((a, b) => a - b);
    const topics = numbers.map((topic) => {
      const rows = items.flatMap((i, at) => (worth.topic[i] === topic ? [at] : []));
      const coded = rows.reduce((sum, at) => sum + known(correct[at]).length, 0);
      const middle = rows.length ? mean(rows.map((at) => mean(known(correct[at])))) : null;
      const [low, high] = wilson(middle, odds ? rows.length : coded);
      return { topic, items: rows.length, coded, precision: middle, low, high, odds: odds && rows.length ? mean(rows.map((at) => mean(known(odds[at])))) : null };
    });
    return {
      coders, items: worth.right.length, answered: known(correct.flat()).length, right: known(correct.flat()).filter(Boolean).length,
      precision: estimated(correct, samples, true), chance: 1 / choices, odds: odds ? estimated(odds, samples, false) : null,
      agreement: agreeing(items.map((i) => coders.map((who) => answers.get(who)[i]))), topics,
    };
  }

  // A coder's file -----------------------------------------------------------------------------------------------------

  // What a file holds: for each coder the number chosen in each item. As manyvectors.validation.read.
  function answersOf(file, sheets, fault) {
    const { columns, rows } = table(file.text, fault);
    const missing = ["item", "answer", "sheet"].find((name) => !columns.includes(name));
    if (missing) throw fault("no-column", { column: missing });
    return byCoder(rows, file.name, fault).map(([who, own]) => {
      const mark = own[0] ? own[0].sheet.toLowerCase() : "";
      const kind = Object.keys(sheets).find((name) => sheets[name].sheet === mark);
      if (!kind || own.some((one) => one.sheet.toLowerCase() !== mark)) throw fault("other-sheet", { sheet: mark || "–" });
      const { items, more, options } = sheets[kind];
      const answers = items.map(() => null);
      const seen = new Set();
      for (const one of own) {
        const number = numberOf(one.item);
        const at = number ? items.findIndex(([item]) => item === Number(number[1])) : -1;
        if (at < 0 || seen.has(at)) throw fault(at < 0 ? "strange-item" : "item-twice", { item: one.item });
        seen.add(at);
        const choices = items[at].slice(1 + more.length);
        if (options.some((name, i) => plainCell(one[name] ?? "") !== plainCell(choices[i]))) throw fault("changed", { item: one.item });
        answers[at] = meant(one.answer, choices, (key, values) => fault(key, { ...values, item: one.item }));
      }
      if (seen.size < items.length) throw fault("items-missing", { n: items.length - seen.size });
      if (answers.every((one) => one === null)) throw fault("no-answers", { coder: who });
      return { who, kind, answers };
    });
  }

  // The page -----------------------------------------------------------------------------------------------------------

  const percent = (value) => (value === null || Number.isNaN(value) ? "" : `${(100 * value).toFixed(0)} %`);
  const fixed = (value) => (value === null || Number.isNaN(value) ? "" : value.toFixed(3).replace("-", "−"));
  const ranged = ({ estimate, low, high }, told) => (low === null ? told(estimate) : say("ranged", { estimate: told(estimate), low: told(low), high: told(high) }));
  const keyOf = (kind) => ({ words: "w", topics: "t" })[kind];
  const ownOf = (it, kind = it.state.sheet) => {
    const { items, options } = it.data.sheets[kind];
    const typed = it.state[keyOf(kind)];
    return items.map((_, i) => (Number(typed[i] || 0) && Number(typed[i]) <= options.length ? Number(typed[i]) : null));
  };
  const nameOf = (it) => it.state.who || say("you");

  let [parts, files, key] = [null, null, null];

  // A topic as the book calls it, or else by its leading words.
  const topicOf = (number) => {
    const [topic, called, leading] = key.topics.find(([one]) => one === number);
    return say("topic", { topic, name: called || leading.slice(0, 3).join(", ") });
  };

  function choose(it, number) {
    if (it.state.key) return;
    const answers = ownOf(it);
    answers[it.state.at] = answers[it.state.at] === number ? null : number;
    it.set({ [keyOf(it.state.sheet)]: answers.map((one) => one || 0).join("") });
  }

  function step(it, by) {
    const { items } = it.data.sheets[it.state.sheet];
    it.set({ at: Math.min(items.length - 1, Math.max(0, it.state.at + by)) });
    parts.question.focus({ preventScroll: true });
  }

  // Whoever has no name yet gets one: files of a class that are called alike cannot be told apart.
  async function saveOwn(it) {
    if (!it.state.who) await it.set({ who: drawnName() });
    const { sheet, question, more, options, items } = it.data.sheets[it.state.sheet];
    const answers = ownOf(it);
    const rows = items.map((cells, i) => ({
      coder: it.state.who, item: cells[0], question, ...Object.fromEntries([...more, ...options].map((name, j) => [name, cells[j + 1]])),
      answer: answers[i], sheet,
    }));
    saveAnswers(fileName(it.state.who, `${it.state.sheet}.csv`), ["coder", "item", "question", ...more, ...options, "answer", "sheet"], rows);
  }

  function build(it) {
    key = JSON.parse(atob(it.data.key));
    const kinds = [[WORDS, say("words")], [TOPICS, say("topics")]];
    const sheet = choice({ label: say("which"), options: kinds, value: it.state.sheet, change: (value) => it.set({ sheet: value, at: 0 }) });
    const question = make("p", "", { id: "lab-question", class: "lab-question", tabindex: -1 });
    const passage = make("p", "", { class: "lab-passage" });
    const options = make("div", undefined, { class: "lab-options", role: "group", "aria-labelledby": "lab-question" });
    const told = make("p", "", { class: "lab-told" });
    const back = press(say("back"), () => step(it, -1));
    const next = press(say("next"), () => step(it, 1));
    const name = askName({ label: say("name"), change: (value) => it.set({ who: value }) });
    const save = press(say("save"), () => saveOwn(it));
    const show = press(say("show"), () => it.set({ key: it.state.key ? 0 : 1 }));
    const again = press(say("again"), () => it.set({ [keyOf(it.state.sheet)]: "", at: 0, key: 0 }));
    files = askClass({
      label: say("files"), note: say("files-note"), accept: ".csv,.txt,text/csv", key: ({ who, kind }) => `${kind} ${who}`, changed: () => it.show(),
      read(file, fault) {
        const found = answersOf(file, it.data.sheets, fault);
        return { found, told: found.map(({ who, kind, answers }) => say("told", { who, kind: say(kind), n: answers.filter((one) => one !== null).length })).join("; ") };
      },
    });
    parts = { sheet, question, passage, options, told, back, next, name, save, show, again };
    it.form.append(sheet.box, question, passage, options, told, row(back, next), name.box, row(save, show, again), files.box);
    it.form.addEventListener("keydown", (event) => {
      if (event.target.tagName === "INPUT" || event.target.tagName === "SELECT" || event.ctrlKey || event.metaKey || event.altKey) return;
      const number = Number(event.key);
      if (number >= 1 && number <= it.data.sheets[it.state.sheet].options.length) choose(it, number);
    });
  }

  // The form as the state has it.
  function paint(it) {
    const { items, more } = it.data.sheets[it.state.sheet];
    it.state.at = Math.min(it.state.at, items.length - 1);
    const [cells, answers] = [items[it.state.at], ownOf(it)];
    const [choices, chosen] = [cells.slice(1 + more.length), answers[it.state.at]];
    parts.sheet.put(it.state.sheet);
    parts.name.put(it.state.who);
    parts.question.textContent = say(`ask.${it.state.sheet}`, { item: it.state.at + 1, items: items.length });
    parts.passage.hidden = !more.includes("text");
    parts.passage.textContent = more.includes("text") ? cells[1 + more.indexOf("text")] : "";
    while (parts.options.children.length > choices.length) parts.options.lastChild.remove();
    while (parts.options.children.length < choices.length) {
      const number = parts.options.children.length + 1;
      parts.options.append(press("", () => choose(it, number)));
    }
    choices.forEach((words, i) => {
      const button = parts.options.children[i];
      button.textContent = say("option", { number: i + 1, words });
      button.setAttribute("aria-pressed", String(chosen === i + 1));
      button.disabled = Boolean(it.state.key);
    });
    const worth = key.sheets[it.state.sheet];
    parts.told.textContent = it.state.key
      ? say(`right.${it.state.sheet}`, { words: choices[worth.right[it.state.at] - 1], topic: topicOf(worth.topic[it.state.at]) }) : "";
    parts.back.disabled = it.state.at === 0;
    parts.next.disabled = it.state.at === items.length - 1;
    parts.save.disabled = answers.every((one) => one === null);
    parts.show.textContent = say(it.state.key ? "hide" : "show");
  }

  function show(it) {
    paint(it);
    const { state } = it;
    const { items, more, options } = it.data.sheets[state.sheet];
    const own = ownOf(it);
    const answered = own.filter((one) => one !== null).length;
    const answers = new Map(files.all().filter(({ kind }) => kind === state.sheet).map((one) => [one.who, one.answers]));
    if (answered && !answers.has(nameOf(it))) answers.set(nameOf(it), own);
    const status = say("answered", { n: answered, items: items.length });
    const wordsOf = (i, number) => (number === null ? say("blank") : items[i][more.length + number]);
    const scored = Boolean(state.key && answers.size);
    part("figure").hidden = !scored;
    if (!scored) {
      return {
        status: state.key ? say("nothing") : status,
        caption: say("so-far"),
        table: {
          caption: say("so-far-table"), columns: [say("head-item"), say("head-answer")],
          rows: own.map((one, i) => [String(i + 1), wordsOf(i, one)]), texts: [1],
        },
      };
    }
    const worth = key.sheets[state.sheet];
    const found = score(worth, options.length, answers);
    const odds = state.sheet === TOPICS;
    const coded = [...answers].map(([who, given]) => [who, given]);
    const common = (i) => {
      const wrong = new Map();
      for (const [, given] of coded) if (given[i] !== null && given[i] !== worth.right[i]) wrong.set(given[i], (wrong.get(given[i]) || 0) + 1);
      const best = [...wrong].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
      return best ? say("common", { words: wordsOf(i, best[0]), n: best[1] }) : "";
    };
    const byTopic = found.topics.map((one) => [topicOf(one.topic), ...(odds ? [String(one.items)] : []), String(one.coded), fixed(one.precision), fixed(one.low), fixed(one.high), ...(odds ? [fixed(one.odds)] : [])]);
    const columns = [say("head-topic"), ...(odds ? [say("head-items")] : []), say("head-coded"), say("head-precision"), say("head-low"), say("head-high"), ...(odds ? [say("head-odds")] : [])];
    const whole_ = [
      [say("head-coders"), String(found.coders.length), "", ""],
      [say("head-coded"), String(found.answered), "", ""],
      [say("head-precision"), fixed(found.precision.estimate), fixed(found.precision.low), fixed(found.precision.high)],
      [say("head-chance"), fixed(found.chance), "", ""],
      ...(odds ? [[say("head-odds"), fixed(found.odds.estimate), fixed(found.odds.low), fixed(found.odds.high)]] : []),
      [say("head-agreement"), fixed(found.agreement), "", ""],
    ];
    return {
      status, score: found,
      caption: say(`found.${state.sheet}`, { n: found.coders.length, right: found.right, answered: found.answered, precision: ranged(found.precision, percent), chance: percent(found.chance) }),
      marks: say("marks"),
      table: { caption: say("by-topic"), columns, rows: byTopic, texts: [0] },
      more: [
        { caption: say("whole"), columns: [say("head-what"), say("head-number"), say("head-low"), say("head-high")], rows: whole_ },
        {
          caption: say("by-item"), columns: [say("head-item"), say("head-intruder"), say("head-about"), say("head-found"), say("head-wrong")],
          texts: [1, 2, 4],
          rows: items.map((_, i) => {
            const given = coded.map(([, one]) => one[i]).filter((one) => one !== null);
            const right = given.filter((one) => one === worth.right[i]).length;
            return [String(i + 1), wordsOf(i, worth.right[i]), topicOf(worth.topic[i]), say("of", { right, n: given.length }), common(i)];
          }),
        },
      ],
      csv: { columns: [say("head-what"), say("head-number"), say("head-low"), say("head-high")], rows: [...whole_, ...found.topics.map((one) => [topicOf(one.topic), fixed(one.precision), fixed(one.low), fixed(one.high)])] },
      head: [say("coders", { names: found.coders.join(", ") })],
    };
  }

  // One row a topic: its interval as a line, its share as a dot; the dashed line is what guessing gives.
  function draw(it, stage, width, found) {
    if (!found.score) return stage.replaceChildren();
    const shown = found.score.topics.filter((one) => one.precision !== null).sort((a, b) => b.precision - a.precision || a.topic - b.topic);
    const [left, right, tall] = [10, width - 14, TOP + shown.length * TALL + 18];
    const at = (share) => left + share * (right - left);
    const picture = drawing(width, tall);
    picture.append(svg("line", { x1: at(found.score.chance), x2: at(found.score.chance), y1: TOP, y2: tall - 18, class: "lab-chance" }));
    shown.forEach((one, i) => {
      const y = TOP + i * TALL;
      const label = svg("text", { x: left, y: y + 12 });
      label.textContent = topicOf(one.topic);
      picture.append(label, svg("line", { x1: left, x2: right, y1: y + 25, y2: y + 25, class: "lab-rail" }),
        svg("line", { x1: at(one.low), x2: at(one.high), y1: y + 25, y2: y + 25, class: "lab-reach" }),
        svg("circle", { cx: at(one.precision), cy: y + 25, r: 5, class: "lab-dot" }));
    });
    for (const share of [0, 0.5, 1]) {
      const label = svg("text", { x: at(share), y: tall - 4, "text-anchor": share === 0 ? "start" : share === 1 ? "end" : "middle" });
      label.textContent = percent(share);
      picture.append(label);
    }
    return stage.replaceChildren(picture);
  }

  const digits = { first: "", read: (typed) => (/^[0-9]{0,60}$/.test(typed) ? typed : undefined) };
  start({
    fields: () => ({ sheet: oneOf(WORDS, [WORDS, TOPICS]), at: whole(0, 0, 99), who: text("", 40), key: oneOf(0, [0, 1]), w: digits, t: digits }),
    build, show, draw,
  });
})();
