/* Seal before you look: a claim, its measure and its bar are sealed by their hash before the number is worked out; number and
verdict are those of manyvectors.claims.check_seal. */

(function () {
  "use strict";

  const { engine, parts, vocabulary } = window.manyVectorsExplorer;
  const { askFiles, choice, drawing, field, oneOf, save, start, suggested, svg, text, whole } = window.manyVectorsLab;
  const { asMuch, inWord, median, student, verdict } = window.manyVectorsScale;
  const { AMOUNT, canonical, FORMAT, heldIn, isTime, LENGTHS, sealOf, SIDES, TIME } = window.manyVectorsSeals;
  const { make, part, press, root, unpackNumbers } = engine;
  const say = sayOf("labs.seal-before-you-look"); // its sentences stand in manyvectors/messages/en.json
  const [LEVELS, REACH] = [[0.95, 0.9, 0.8], 0.6]; // of intervals; of what is found four times in five, see claims.seals
  const [SPOKE, FEWEST, TIE, FINE, PER] = [0.75, 3, 1e-9, 1e6, 1e4];
  const [CODE, PAUSE] = [12, 400];
  const FOUND = ["estimate", "low", "high", "d", "detectable", "states", "comparable", "verdict"];

  // Seals ----------------------------------------------------------------------------------------------------------------

  const tidy = (typed) => typed.replace(/\p{Surrogate}/gu, "").normalize("NFC").trim().replace(/\s+/g, " ");
  const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const chance = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");

  // What came of a seal and is not as this page writes it.
  const isStrange = (name, value) => (name === "time" ? !isTime(value) : !FOUND.includes(name)
    || (name === "verdict" ? typeof value !== "string" : typeof value !== "number" || Math.abs(value) >= 1e300));

  // Measures -------------------------------------------------------------------------------------------------------------

  // Values of every state and year, states x years, NaN where there is none: {codes, years, values}; or null for what is not counted.
  async function valuesOf(data, { measure, of }) {
    if (measure === "word") {
      const index = await vocabulary.loadIndex();
      const counts = await vocabulary.lookUp(index, of);
      if (!counts) return null;
      const codes = [...index.byState.keys()];
      const years = spanOf(index.span);
      const values = codes.map((code) => {
        const row = years.map(() => NaN);
        for (const speech of index.byState.get(code)) row[index.years[speech] - index.span[0]] = (PER * counts[speech]) / index.words[speech];
        return row;
      });
      return { codes, years, values };
    }
    const codes = data.states.map(([code]) => code);
    const years = spanOf(measure === "number" ? data.speeches : data.rollcalls);
    const grid = (numbers) => codes.map((_, i) => numbers.slice(i * years.length, (i + 1) * years.length));
    if (measure === "number") {
      return { codes, years, values: grid([...unpackNumbers(data.number)].map((value) => (value ? value / FINE : NaN))) };
    }
    const place = data.partners.findIndex(([code]) => code === of);
    if (place < 0) return null;
    const votes = [...unpackNumbers(data.votes[place])];
    return { codes, years, values: grid([...unpackNumbers(data.agree[place])].map((same, i) => same / votes[i])) };
  }

  const spanOf = ([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const mean = (values) => sum(values) / values.length;
  const known = (row, places) => places.map((place) => row[place]).filter((value) => !Number.isNaN(value));
  // Places of the years of a span in which anybody has a value.
  const placesIn = ({ years, values }, [first, last]) => [...years.keys()]
    .filter((place) => years[place] >= first && years[place] <= last && values.some((row) => !Number.isNaN(row[place])));

  // As manyvectors.inference.panel_change at a known cut, and panel_reach: {half, reach, comparable}.
  function change(grid, state, early, late) {
    const sides = [placesIn(grid, early), placesIn(grid, late)];
    if (Math.min(...sides.map((side) => side.length)) < 2) return { half: null, comparable: 0 };
    const enough = (row) => sides.every((side) => {
      const spoken = known(row, side).length;
      return spoken >= SPOKE * side.length - 1e-9 && spoken >= 2;
    });
    const kept = [...grid.codes.keys()].filter((place) => enough(grid.values[place]));
    if (kept.length < FEWEST) return { half: null, comparable: 0 };
    const own = kept.findIndex((place) => grid.codes[place] === state);
    if (own < 0) return { half: null, comparable: kept.length };
    const all = [...sides[0], ...sides[1]];
    const means = new Map(all.map((place) => {
      const column = kept.map((row) => grid.values[row][place]).filter((value) => !Number.isNaN(value));
      return [place, [sum(column), column.length]];
    }));
    const less = (row, place) => {
      const [total, n] = means.get(place);
      return n > 1 ? row[place] - (total - row[place]) / (n - 1) : NaN;
    };
    const found = kept.map((place) => {
      const row = grid.values[place];
      const left = sides.map((side) => side.map((year) => less(row, year)).filter((value) => !Number.isNaN(value)));
      const [before, after] = left.map((values) => {
        const middle = mean(values);
        return { n: values.length, middle, error: sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1) / values.length };
      });
      const estimate = after.middle - before.middle;
      const variance = before.error + after.error;
      const nothing = 1e-7 * Math.max(...left.flat().map(Math.abs));
      const se = Math.sqrt(variance) <= nothing ? 0 : Math.sqrt(variance);
      const df = variance > 0 ? variance ** 2 / (before.error ** 2 / (before.n - 1) + after.error ** 2 / (after.n - 1)) : before.n + after.n - 2;
      return { code: grid.codes[place], estimate, se, df, t: Math.abs(estimate) <= nothing ? 0 : Math.abs(estimate / se) };
    });
    const order = [...found.keys()].sort((a, b) => found[b].t - found[a].t || a - b);
    const critical = (level) => {
      const k = Math.floor((1 - level) * found.length + 1e-9);
      return k === 0 ? Infinity : found[order[order.indexOf(own) < k ? k : k - 1]].t * (1 + TIE);
    };
    const mine = found[own];
    const width = (level) => Math.max(critical(level), student(mine.df, level)) * mine.se;
    const others = found.filter((_, i) => i !== own);
    return {
      half: { estimate: mine.estimate, widths: LEVELS.map(width), others, d: median(others.map(({ estimate }) => Math.abs(estimate))) },
      reach: width(REACH), comparable: found.length,
    };
  }

  // The mean of a state's years beside the middle of the other states' means: as claims.seals has it.
  function level(grid, state, late) {
    const places = placesIn(grid, late);
    const found = grid.codes.map((code, i) => ({ code, values: known(grid.values[i], places) }))
      .filter(({ values }) => values.length >= SPOKE * places.length - 1e-9 && values.length >= 2);
    const mine = found.find(({ code }) => code === state);
    if (found.length < FEWEST || !mine) return { half: null, comparable: found.length };
    const rest = found.filter((one) => one !== mine).map(({ code, values }) => ({ code, mean: mean(values) }));
    const middle = median(rest.map((one) => one.mean));
    const others = rest.map((one) => ({ code: one.code, estimate: one.mean - middle }));
    const n = mine.values.length;
    const estimate = mean(mine.values) - middle;
    const se = Math.sqrt(sum(mine.values.map((value) => (value - middle - estimate) ** 2)) / (n - 1) / n);
    const width = (wanted) => student(n - 1, wanted) * se;
    const centre = median(others.map((one) => one.estimate));
    return {
      half: { estimate, widths: LEVELS.map(width), others, d: median(others.map((one) => Math.abs(one.estimate - centre))) },
      reach: width(REACH), comparable: found.length,
    };
  }

  // What was sealed, measured and judged: as manyvectors.claims.seals.judged, with `others` besides.
  async function judged(data, sealed) {
    const grid = await valuesOf(data, sealed);
    if (!grid) return null;
    const { half, reach, comparable } = sealed.early ? change(grid, sealed.state, sealed.early, sealed.late) : level(grid, sealed.state, sealed.late);
    if (!half) return { comparable, verdict: "untestable" };
    const { estimate, widths, others, d } = half;
    const sign = SIDES[sealed.side];
    const [amount, share] = [Number(sealed.bar), Number(sealed.share)];
    const bar = sign < 0 ? -amount : amount;
    const [sure, small, lean] = widths.map((width) => [estimate - width, estimate + width]);
    const states = asMuch(others.map((one) => one.estimate), estimate, { sign, bar });
    return {
      estimate, low: sure[0], high: sure[1], d, detectable: Math.max(widths[0], share * d) + reach + (sign ? amount : 0), states, comparable,
      verdict: verdict([{ sign, bar, estimate, d, ends: { sure, small, lean, joint: sure } }], { states, share }), others, bar,
    };
  }

  // What came of a file: {code, intact, sealed, found, changed}, or {wrong}.
  async function checked(data, content) {
    const { held, wrong } = heldIn(content);
    if (wrong) return { wrong };
    const right = await sealOf(held.sealed);
    const found = await judged(data, held.sealed);
    if (!found) return { wrong: "of" };
    const alike = (told, value) => (typeof value === "string" ? told === value
      : Math.abs(told - value) <= Math.max(1e-6, 1e-5 * Math.max(Math.abs(value), Math.abs(told))));
    const shown = held.opened || {};
    const strange = Object.keys(shown).filter((name) => isStrange(name, shown[name]));
    const differ = FOUND.filter((name) => Object.hasOwn(shown, name) && !strange.includes(name) && (!Object.hasOwn(found, name) || !alike(shown[name], found[name])));
    // Of another edition, numbers may differ by its data alone.
    const other = held.sealed.book !== data.book;
    const changed = [...(right === held.seal ? [] : ["sealed"]), ...strange.map((name) => name.slice(0, 20)), ...(other ? [] : differ)];
    return { code: right.slice(0, CODE), intact: !changed.length, changed, other, moved: other ? differ : [], sealed: held.sealed, found };
  }

  // The page -------------------------------------------------------------------------------------------------------------

  const shortOf = (value) => (Math.abs(value) < 0.0005 && value ? value.toPrecision(1) : value.toFixed(3)).replace("-", "−");
  const sealedOf = ({ data, state }) => ({
    book: data.book, by: tidy(state.by), claim: tidy(state.claim), measure: state.measure,
    of: state.measure === "word" ? state.word : state.measure === "agreement" ? state.partner : "", state: state.state,
    early: state.kind === "change" ? [state.e1, state.e2] : null, late: [state.l1, state.l2], side: state.side, bar: state.bar,
    share: state.share, time: state.time, salt: state.salt,
  });
  const nameIn = (data, code) => (data.states.find(([one]) => one === code) || [code, code])[1];
  const spanned = ([first, last]) => say("span", { first, last });

  function measureIn(data, sealed) {
    return say(`measured-${sealed.measure}`, {
      word: sealed.of, partner: nameIn(data, sealed.of), state: nameIn(data, sealed.state), late: spanned(sealed.late),
    });
  }
  function barIn(sealed) {
    const amount = sealed.bar === "0" || sealed.side === "same" ? "" : ` ${say("by-more", { amount: sealed.bar })}`;
    return `${say(`${sealed.early ? "change" : "level"}-${sealed.side}`)}${amount}${say("and-d", { share: sealed.share })}`;
  }
  const rowsOf = (data, sealed) => [
    [say("row-claim"), sealed.claim], [say("row-measure"), measureIn(data, sealed)],
    [say("row-years"), sealed.early ? say("compared", { early: spanned(sealed.early), late: spanned(sealed.late) }) : spanned(sealed.late)],
    [say("row-bar"), barIn(sealed)], ...(sealed.by ? [[say("row-by"), sealed.by]] : []),
    ...(sealed.time ? [[say("row-time"), sealed.time]] : []),
  ];

  // What keeps it from being sealed: {key of the field, said}, or null.
  function missing({ state }) {
    if (!tidy(state.claim)) return { key: "claim", said: say("no-claim") };
    if (state.measure === "word" && !state.word) return { key: "word", said: say("no-word") };
    if (state.measure === "agreement" && state.state === state.partner) return { key: "partner", said: say("itself") };
    if (state.l1 > state.l2 || (state.kind === "change" && (state.e1 > state.e2 || state.e2 >= state.l1))) return { key: "l1", said: say("no-spans") };
    return AMOUNT.test(state.bar) ? null : { key: "bar", said: say("no-bar") };
  }

  // Says at the field what is missing, and goes there; it stays until that is mended.
  function point(it, { key, said }) {
    it.why.textContent = said;
    it.fields[key].box.append(it.why);
    it.fields[key].box.querySelector("input, textarea, select").focus();
    it.tell(said);
  }

  // What a reader types: the state follows at once. The page follows when the typing has rested: were it to move while somebody
  // leaves the field for a button, the button would not be where the finger is.
  function follow(it, input, key, read) {
    input.addEventListener("input", () => {
      it.state[key] = read(input.value);
      clearTimeout(it.waits);
      it.waits = setTimeout(() => it.show(), PAUSE);
    });
  }
  function typed(label, it, key, attributes, note) {
    const input = make(key === "claim" ? "textarea" : "input", undefined, { ...(key === "claim" ? { rows: 2 } : { type: "text" }), ...attributes });
    follow(it, input, key, key === "bar" ? (value) => value.trim().replace(",", ".") || "0" : tidy);
    // What stands there already is left alone: the reader may be writing.
    return { box: field(label, input, note), input, put: (value) => { if (document.activeElement !== input) input.value = value; } };
  }

  async function seal(it) {
    clearTimeout(it.waits); // else the page would follow the typing, and take away what is told here
    const why = missing(it);
    if (why) return point(it, why);
    if (it.state.measure === "word") {
      const found = await vocabulary.resolve(await vocabulary.loadIndex(), it.state.word);
      if (found.reason) return it.tell(found.reason, (found.instead || []).map((label) => ({ label, act: () => { it.state.word = label; it.set({}); } })));
      it.state.word = found.term;
    }
    Object.assign(it.state, { time: now(), salt: chance(), open: 0 });
    await it.set({ seal: await sealOf(sealedOf(it)) });
    return land();
  }

  // The button that was pressed is gone; whoever goes by keys or by ear goes on at what came of it, and not at what opens it.
  const land = () => part("status").focus();

  function fileOf(it, found) {
    const held = { format: FORMAT, sealed: sealedOf(it), seal: it.state.seal };
    if (found) {
      const { others, bar, ...told } = found;
      held.opened = { time: it.opened, ...told };
    }
    return `${JSON.stringify(held, null, 1)}\n`;
  }

  function toldOf(data, { intact, changed, other, moved, sealed }) {
    const values = { book: sealed.book, own: data.book, parts: (intact ? moved : changed).join(", ") };
    return say(!intact ? "changed" : !other ? "intact" : moved.length ? "moved" : "edition", values);
  }

  // Several files at once: a class's.
  async function checkAll(it, files, box) {
    const [said, table] = [box.querySelector("p[role=status]"), box.querySelector("table")];
    said.textContent = say("checking");
    const rows = [];
    let good = 0;
    try {
      for (const { name, text: content } of files) {
        const found = await checked(it.data, content);
        if (found.intact) good++;
        if (found.wrong) rows.push([name, "", say("no-seal", { part: found.wrong }), "", "", ""]);
        else rows.push([
          name, found.code, toldOf(it.data, found), found.sealed.time, found.sealed.claim,
          found.found.estimate === undefined ? inWord("untestable") : `${shortOf(found.found.estimate)}: ${inWord(found.found.verdict)}`,
        ]);
      }
    } catch (error) {
      said.textContent = error.message;
      return;
    }
    engine.fillTable(table, say("check-columns").split("|"), rows, 0);
    box.querySelector(".explorer-scroll").hidden = false;
    said.textContent = say("checked", { n: rows.length, good });
  }

  const lab = {
    fields: (data) => {
      const years = [Math.min(data.speeches[0], data.rollcalls[0]), Math.max(data.speeches[1], data.rollcalls[1])];
      const codes = data.states.map(([code]) => code);
      const cut = data.eras.at(-2)[1];
      const valid = (pattern) => (value) => (pattern.test(value) ? value : undefined);
      return {
        claim: text("", LENGTHS.claim), measure: oneOf("word", ["word", "agreement", "number"]), word: text("", LENGTHS.of),
        partner: oneOf(data.partners[0][0], data.partners.map(([code]) => code)), state: oneOf(data.focus, codes),
        kind: oneOf("change", ["change", "level"]), e1: whole(years[0], ...years), e2: whole(cut - 1, ...years), l1: whole(cut, ...years),
        l2: whole(years[1], ...years), side: oneOf("more", Object.keys(SIDES)), bar: { first: "0", read: valid(AMOUNT) },
        share: oneOf("1", ["0.5", "1", "2"]), by: text("", LENGTHS.by), time: { first: "", read: valid(TIME) },
        salt: { first: "", read: valid(/^[0-9a-f]{1,64}$/) }, seal: { first: "", read: valid(/^[0-9a-f]{64}$/) }, open: whole(0, 0, 1),
      };
    },

    build(it) {
      const { data } = it;
      const set = make("fieldset", undefined, { class: "seal-fields" });
      set.append(make("legend", say("legend")));
      const keep = (key, now = (value) => value) => (value) => it.set({ [key]: now(value) });
      const choose = (key, options, number) => choice({ label: say(key), options, value: it.state[key], change: keep(key, number ? Number : undefined) });
      const years = spanOf([Math.min(data.speeches[0], data.rollcalls[0]), Math.max(data.speeches[1], data.rollcalls[1])]).map((year) => [year, String(year)]);
      const listed = (key, names) => names.map((name) => [name, say(`${key}-${name}`)]);
      const word = suggested({ label: say("word"), note: say("word-note"), most: LENGTHS.of });
      // The words are loaded when somebody first types one.
      let asked = null;
      word.input.addEventListener("focus", () => {
        asked ??= vocabulary.loadIndex().then((index) => vocabulary.askWord(index, { ...word, choose: (chosen) => { word.input.value = chosen; it.set({ word: tidy(chosen).toLowerCase() }); } }))
          .catch((error) => it.tell(error.message));
      });
      follow(it, word.input, "word", (value) => tidy(value).toLowerCase());
      it.fields = {
        claim: typed(say("claim"), it, "claim", { maxlength: LENGTHS.claim }, say("claim-note")),
        measure: choose("measure", listed("measure", ["word", "agreement", "number"])),
        word: { box: word.box, put: (value) => { if (document.activeElement !== word.input) word.input.value = value; } },
        partner: choose("partner", data.partners),
        state: choose("state", [...data.states].sort(([, a], [, b]) => (a < b ? -1 : 1))),
        kind: choose("kind", listed("kind", ["change", "level"])),
        e1: choose("e1", years, true), e2: choose("e2", years, true), l1: choose("l1", years, true), l2: choose("l2", years, true),
        side: choose("side", listed("side", Object.keys(SIDES))),
        bar: typed(say("bar"), it, "bar", { inputmode: "decimal", maxlength: 13 }, say("bar-note")),
        share: choose("share", [["0.5", say("half-d")], ["1", say("whole-d")], ["2", say("twice-d")]]),
        by: typed(say("by"), it, "by", { maxlength: LENGTHS.by }, say("by-note")),
      };
      const grid = make("div", undefined, { class: "explorer-fields" });
      grid.append(...Object.values(it.fields).map(({ box }) => box));
      set.append(grid);
      it.set_ = set;
      it.why = make("p", "", { class: "seal-why" });
      const safely = (act) => async () => {
        try {
          await act();
        } catch (error) {
          it.tell(error.message);
        }
      };
      const look = async () => {
        it.opened = now();
        await it.set({ open: 1 });
        land();
      };
      const anew = async () => {
        await it.set({ time: "", salt: "", seal: "", open: 0, claim: "" });
        it.fields.claim.input.focus();
      };
      it.buttons = {
        seal: press(say("seal"), safely(() => seal(it)), { id: "seal-now" }),
        open: press(say("open"), safely(look), { id: "seal-open" }),
        save: press(say("save"), () => save(`${say("file")}-${it.state.seal.slice(0, CODE)}.json`, fileOf(it, it.state.open ? it.judged : null), "application/json"), { id: "seal-save" }),
        again: press(say("again"), anew, { id: "seal-again" }),
      };
      part("status").tabIndex = -1;
      it.form.append(set);
      it.actions.append(...Object.values(it.buttons));
      const box = make("section", undefined, { class: "seal-check", "aria-labelledby": "seal-check-title" });
      const scroll = make("div", undefined, { class: "explorer-scroll", role: "region", "aria-label": say("check-title"), tabindex: 0, hidden: "" });
      const table = make("table", undefined, { id: "seal-checked" });
      table.append(make("thead"), make("tbody"));
      scroll.append(table);
      box.append(make("p", say("check-title"), { class: "explorer-title", id: "seal-check-title" }),
        askFiles({ label: say("check"), note: say("check-note"), accept: ".json,application/json", read: (files) => checkAll(it, files, box) }),
        make("p", "", { role: "status" }), scroll);
      root.append(box);
      it.fill = () => {
        for (const [key, { put }] of Object.entries(it.fields)) put(it.state[key]);
        it.fields.word.box.hidden = it.state.measure !== "word";
        it.fields.partner.box.hidden = it.state.measure !== "agreement";
        for (const key of ["e1", "e2"]) it.fields[key].box.hidden = it.state.kind !== "change";
        it.fields.bar.box.hidden = it.state.side === "same";
        const why = missing(it);
        if (it.why.textContent !== (why && why.said)) it.why.textContent = "";
        set.disabled = Boolean(it.state.seal);
        it.buttons.seal.hidden = Boolean(it.state.seal);
        it.buttons.open.hidden = !it.state.seal || Boolean(it.state.open);
        it.buttons.save.hidden = it.buttons.again.hidden = !it.state.seal;
      };
    },

    async show(it, overtaken) {
      const { data, state } = it;
      if (state.side === "same") state.bar = "0";
      it.fill();
      const sealed = sealedOf(it);
      const table = { caption: say(state.seal ? "table-sealed" : "table-written"), columns: say("columns").split("|"), rows: rowsOf(data, sealed), heads: 0 };
      if (!state.seal) return { status: it.why.textContent || say("not-yet"), caption: say("caption-written"), table };
      const right = await sealOf(sealed);
      if (overtaken()) return null;
      if (right !== state.seal) {
        return { reason: say("broken", { code: right.slice(0, CODE) }), instead: [{ label: say("again"), act: () => it.set({ time: "", salt: "", seal: "", open: 0 }) }] };
      }
      const code = right.slice(0, CODE);
      table.rows.push([say("row-code"), code], [say("row-seal"), right]);
      const said = { status: say("sealed", { code, time: state.time }), caption: say("caption-sealed", { code }), table };
      if (!state.open) return said;
      const found = await judged(data, sealed);
      if (overtaken()) return null;
      if (!found) return { reason: say("uncounted", { of: sealed.of }) };
      it.judged = found;
      const numbers = { code, claim: sealed.claim, comparable: found.comparable };
      if (found.estimate === undefined) return { ...said, status: say("untestable", numbers), caption: say("caption-open", numbers) };
      const told = say("found", {
        ...numbers, state: nameIn(data, sealed.state), unit: say(`unit-${sealed.measure}`), d_told: say(sealed.early ? "d-change" : "d-level"),
        less: sealed.early ? say("less-change", { early: spanned(sealed.early), late: spanned(sealed.late) }) : say("less-level", { late: spanned(sealed.late) }),
        ...Object.fromEntries(["estimate", "low", "high", "d"].map((key) => [key, shortOf(found[key])])),
        states: (100 * found.states).toFixed(0), verdict: inWord(found.verdict),
      });
      table.rows.push(...["estimate", "low", "high", "d", "detectable"].map((key) => [say(`row-${key}`), shortOf(found[key])]),
        [say("row-states"), say("of-states", { share: (100 * found.states).toFixed(1), n: found.comparable - 1 })], [say("row-verdict"), inWord(found.verdict)]);
      const ranked = [...found.others, { code: sealed.state, estimate: found.estimate }].sort((a, b) => b.estimate - a.estimate);
      return {
        status: `${sealed.claim}\n${told}`, caption: say("caption-open", numbers), marks: say("marks", { state: nameIn(data, sealed.state) }), table,
        more: [{
          caption: say("table-others"), columns: say("other-columns").split("|"), heads: 0,
          rows: ranked.map((one) => [nameIn(data, one.code), shortOf(one.estimate), one.code === sealed.state ? say("this-one") : ""]),
        }],
        file: `${say("file")}-${code}.csv`, found, side: SIDES[sealed.side], share: Number(sealed.share), name: nameIn(data, sealed.state),
      };
    },

    // Bars of the other states, the state with its interval below them, the bar, and d on either side of it.
    draw(it, stage, width, shown) {
      const { found } = shown;
      if (!found) return stage.replaceChildren();
      const [tall, top, below] = [110, 26, 64];
      const values = found.others.map((one) => one.estimate).sort((a, b) => a - b);
      const cut = (share) => values[Math.round(share * (values.length - 1))];
      const size = 1.15 * Math.max(...[cut(0.02), cut(0.98), found.low, found.high, found.bar + found.d, found.bar - found.d].map(Math.abs));
      const x = (value) => width / 2 + (Math.min(size, Math.max(-size, value)) * (width / 2 - 12)) / size;
      const bins = Array.from({ length: 24 }, () => 0);
      for (const value of values) bins[Math.min(23, Math.max(0, Math.floor(((value + size) / (2 * size)) * 24)))]++;
      const floor = top + tall;
      const drawn = [];
      const d = found.d * shown.share;
      drawn.push(svg("rect", { x: x(found.bar - d), y: top, width: Math.max(1, x(found.bar + d) - x(found.bar - d)), height: tall + 40, class: "seal-d" }));
      bins.forEach((n, i) => {
        if (!n) return;
        const [from, to] = [x(-size + (i * size) / 12), x(-size + ((i + 1) * size) / 12)];
        drawn.push(svg("rect", { x: from + 0.5, width: to - from - 1, y: floor - (tall * n) / Math.max(...bins), height: (tall * n) / Math.max(...bins), class: "seal-others" }));
      });
      const line = floor + 22;
      drawn.push(svg("line", { x1: 0, x2: width, y1: floor, y2: floor, class: "seal-axis" }),
        svg("line", { x1: x(found.bar), x2: x(found.bar), y1: top, y2: floor + 40, class: "seal-bar" }),
        svg("line", { x1: x(found.low), x2: x(found.high), y1: line, y2: line, class: "seal-interval" }),
        svg("circle", { cx: x(found.estimate), cy: line, r: 7, class: "seal-estimate" }));
      const anchor = (value) => (x(value) < 70 ? "start" : x(value) > width - 70 ? "end" : "middle");
      drawn.push(svg("text", { x: x(found.bar), y: top - 8, "text-anchor": anchor(found.bar) }, say("bar-mark", { bar: shortOf(found.bar) })),
        svg("text", { x: x(found.estimate), y: line + 24, "text-anchor": anchor(found.estimate) }, `${shown.name} ${shortOf(found.estimate)}`));
      for (const [value, place] of [[-size, "start"], [size, "end"]]) {
        drawn.push(svg("text", { x: x(value), y: floor + below, "text-anchor": place }, shortOf(value)));
      }
      const picture = drawing(width, floor + below + 8);
      picture.append(...drawn);
      stage.replaceChildren(picture);
      return undefined;
    },
  };

  Object.assign(parts, { canonical, change, checked, judged, level, sealOf, valuesOf });
  start(lab);
})();
