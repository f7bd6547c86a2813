/* Move the bar: the words of the ledger by other bars, with what each bar costs; numbers and costs come from the tables that
`python -m manyvectors power` writes, words from scale.js. */

(function () {
  "use strict";

  const { engine, parts } = window.manyVectorsExplorer;
  const { choice, drawing, oneOf, slider, start, svg, whole } = window.manyVectorsLab;
  const { inWord, verdict } = window.manyVectorsScale;
  const { make } = engine;
  const say = sayOf("labs.move-the-bar"); // its sentences stand in manyvectors/messages/en.json
  // As manyvectors.claims.bars.borne_out: a claim that nothing changed is borne out where nothing did.
  const borneOut = (word, claim) => ["supported", "shared"].includes(word)
    || (word === "no change above d" && claim.choices[0].halves.every(([, sign]) => sign === 0));
  // Word to its sign in the drawing and to its colour.
  const MARKS = {
    supported: ["+", "for"], shared: ["(+)", "for"], "leaning for": ["+?", "leaning"], open: ["?", "open"], "leaning against": ["−?", "leaning"],
    "no change above d": ["=", "none"], contradicted: ["−", "against"], "halves disagree": ["±", "against"],
  };

  const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)} %`;
  const plain = (value) => (value === null ? "" : Number(value.toPrecision(4)).toString().replace("-", "−"));

  // A half of the data by the bar: ends for the level that is asked for, and for one half of several.
  function halvesAt(data, chosen, sure) {
    const place = data.sures.indexOf(sure);
    return chosen.halves.map(([name, sign, bar, estimate, d, ...ends]) => ({
      name, sign, bar, estimate, d,
      ends: { sure: ends[place], small: ends[data.sures.indexOf(0.9)], lean: ends[data.sures.indexOf(0.8)], joint: ends[data.sures.length + place] },
    }));
  }

  // The word for a claim under one of its choices, by a bar: {sure, share, few}.
  const wordOf = (data, claim, chosen, { sure, share, few }) =>
    verdict(halvesAt(data, chosen, sure), { states: chosen.states, alone: claim.alone, share, few });

  const costOf = (data, claim, { sure, share }) => claim.costs[data.sures.indexOf(sure) * data.shares.length + data.shares.indexOf(share)];

  // The choice of a claim at its rival dates: the one it has, or else as it is written.
  const datesOf = (claim, dates) => (dates ? claim.choices.filter((one) => one.dates)[dates - 1] : claim.choices[0]) || claim.choices[0];

  // Everything by a bar: for each claim its word in the ledger and by this bar, and what the bar costs it.
  function ledgerAt(data, bar, dates) {
    const [sure, share, few] = data.book;
    return data.claims.map((claim) => {
      const chosen = datesOf(claim, dates);
      const own = wordOf(data, claim, claim.choices[0], { sure, share, few });
      const now = wordOf(data, claim, chosen, bar);
      const [alarm, ...power] = costOf(data, claim, bar);
      return { claim, chosen, own, now, flipped: own !== now, alarm, power };
    });
  }

  const sum = (values) => values.reduce((total, value) => total + value, 0);
  // Of all claims: how many false alarms to expect if none were so, and how many findings if all were so by so many d.
  const totals = (data, bar, effect) => ({
    alarms: sum(data.claims.map((claim) => costOf(data, claim, bar)[0])),
    found: sum(data.claims.map((claim) => costOf(data, claim, bar)[1 + effect])),
  });

  const lab = {
    fields: (data) => ({
      sure: { ...oneOf(data.book[0], data.sures) }, d: oneOf(data.book[1], data.shares), few: oneOf(data.book[2], data.fews),
      dates: whole(0, 0, Math.max(...data.claims.map(({ choices }) => choices.filter((one) => one.dates).length))),
      effect: whole(1, 0, data.effects.length - 1), claim: oneOf(data.claims[0].claim, data.claims.map(({ claim }) => claim)),
    }),

    build(it) {
      const { data } = it;
      // A slider over stops: the surest first would move to the left.
      const stops = (key, list, told) => {
        const sorted = [...list].sort((a, b) => a - b);
        const { box, put } = slider({
          label: say(key), low: 0, high: sorted.length - 1, value: sorted.indexOf(it.state[key]), told: (place) => told(sorted[place]),
          change: (place) => it.set({ [key]: sorted[place] }),
        });
        return { box, put: (value) => put(sorted.indexOf(value)) };
      };
      const most = Math.max(...data.claims.map(({ choices }) => choices.filter((one) => one.dates).length));
      it.fields = {
        sure: stops("sure", data.sures, (value) => say("sure-told", { percent: percent(value) })),
        d: stops("d", data.shares, (value) => say("d-told", { times: value })),
        few: stops("few", data.fews, (value) => say("few-told", { percent: percent(value) })),
        dates: slider({
          label: say("dates"), low: 0, high: most, value: it.state.dates, told: (value) => (value ? say("dates-rival", { number: value }) : say("dates-written")),
          change: (value) => it.set({ dates: value }),
        }),
        effect: choice({
          label: say("effect"), options: data.effects.map((one, i) => [i, say("effect-told", { times: one })]), value: it.state.effect,
          change: (value) => it.set({ effect: Number(value) }),
        }),
        claim: choice({
          label: say("claim"), options: data.claims.map(({ claim, wording }) => [claim, `${claim}. ${wording}`]), value: it.state.claim,
          change: (value) => it.set({ claim: Number(value) }),
        }),
      };
      const fields = make("div", undefined, { class: "explorer-fields" });
      fields.append(...Object.values(it.fields).map(({ box }) => box));
      // On a phone the drawing is out of sight while a slider is moved; the status says the same to a screen reader.
      it.now = make("p", undefined, { class: "bar-now", "aria-hidden": "true" });
      it.form.append(it.now, fields);
      it.actions.append(engine.press(say("back"), () => it.set({ sure: data.book[0], d: data.book[1], few: data.book[2], dates: 0 })));
    },

    show(it) {
      const { data, state } = it;
      for (const [key, { put }] of Object.entries(it.fields)) put(state[key]);
      const bar = { sure: state.sure, share: state.d, few: state.few };
      const rows = ledgerAt(data, bar, state.dates);
      const flips = rows.filter((row) => row.flipped);
      const { alarms, found } = totals(data, bar, state.effect);
      const [sure, share] = data.book;
      const book = totals(data, { sure, share }, state.effect);
      const there = (key) => rows.filter((row) => borneOut(row[key], row.claim)).length;
      const said = [
        flips.length ? say("flipped", { n: flips.length, all: rows.length, which: flips.map(({ claim }) => claim.claim).join(", ") }) : say("same", { all: rows.length }),
        say("there", { now: there("now"), own: there("own"), all: rows.length }),
        say("costs", {
          all: rows.length, alarms: alarms.toFixed(1), found: found.toFixed(1), times: data.effects[state.effect],
          own_alarms: book.alarms.toFixed(1), own_found: book.found.toFixed(1),
        }),
      ];
      const one = rows.find(({ claim }) => claim.claim === state.claim);
      const label = say("bar", { percent: percent(state.sure), times: state.d, few: percent(state.few) });
      const others = data.claims.find(({ claim }) => claim === state.claim);
      it.now.textContent = say("now", { bar: label, now: there("now"), all: rows.length, flips: flips.length });
      return {
        status: said.join("\n"), caption: say("caption", { bar: label }), marks: say("marks"), rows, bar,
        table: {
          caption: say("table"), columns: say("columns").split("|"), heads: 0,
          rows: rows.map((row) => [
            String(row.claim.claim), inWord(row.own), inWord(row.now), row.flipped ? say("yes") : "", row.chosen.changed || say("as-written"),
            percent(row.alarm, 1), percent(row.power[state.effect], 1), row.claim.wording,
          ]),
        },
        more: [
          {
            caption: say("halves", { claim: state.claim, wording: one.claim.wording }), columns: say("half-columns").split("|"), heads: 0,
            rows: halvesAt(data, one.chosen, state.sure).map((half) => [
              half.name, `${{ 1: ">", "-1": "<", 0: "=" }[half.sign]} ${plain(half.bar)}`, plain(half.estimate), plain(half.ends.sure[0]), plain(half.ends.sure[1]),
              half.d === null ? "" : plain(half.d * state.d), one.claim.unit,
            ]),
          },
          {
            caption: say("choices", { claim: state.claim }), columns: say("choice-columns").split("|"), heads: 0,
            rows: others.choices.map((chosen) => [
              chosen.changed || say("as-written"), chosen.dates ? say("yes") : "", chosen.states === null ? "" : percent(chosen.states, 1),
              inWord(wordOf(data, others, chosen, bar)),
            ]),
          },
          {
            caption: say("all-bars", { times: data.effects[state.effect] }), columns: say("bar-columns").split("|"), heads: 0,
            rows: data.sures.flatMap((wanted) => data.shares.map((times) => {
              const cost = totals(data, { sure: wanted, share: times }, state.effect);
              const at = ledgerAt(data, { sure: wanted, share: times, few: state.few }, state.dates);
              return [
                say("bar-name", { percent: percent(wanted), times }), cost.alarms.toFixed(2), cost.found.toFixed(2),
                String(at.filter(({ now, claim }) => borneOut(now, claim)).length), String(at.filter(({ flipped }) => flipped).length),
              ];
            })),
          },
        ],
        head: [say("head", { bar: label, dates: state.dates ? say("dates-rival", { number: state.dates }) : say("dates-written") })],
        file: `many-vectors_move-the-bar_${100 * state.sure}_${state.d}.csv`,
      };
    },

    // A field for each claim, with the sign of its word, those that flipped framed; below, all bars by what they cost.
    draw(it, stage, width, shown) {
      const { data, state } = it;
      const columns = width < 500 ? 6 : 11;
      const [size, high] = [width / columns, 46];
      const drawn = [];
      shown.rows.forEach(({ claim, now, flipped }, i) => {
        const [x, y] = [(i % columns) * size, Math.floor(i / columns) * high];
        const [mark, kind] = MARKS[now];
        drawn.push(svg("rect", { x: x + 2, y: y + 2, width: size - 4, height: high - 4, class: `bar-cell bar-${kind}${flipped ? " bar-flipped" : ""}` }),
          svg("text", { x: x + 7, y: y + 16, class: "bar-number" }, String(claim.claim)),
          svg("text", { x: x + size / 2, y: y + 34, "text-anchor": "middle", class: "bar-mark" }, mark));
      });
      const top = Math.ceil(shown.rows.length / columns) * high + 34;
      const [tall, left] = [190, 40];
      const costs = data.sures.flatMap((sure) => data.shares.map((share) => ({ sure, share, ...totals(data, { sure, share }, state.effect) })));
      const all = data.claims.length;
      const most = Math.max(0.05, ...costs.map(({ alarms }) => alarms / all)) * 1.1;
      const x = (alarms) => left + ((alarms / all) * (width - left - 12)) / most;
      const y = (found) => top + tall * (1 - found / all);
      drawn.push(svg("text", { x: 0, y: top - 14, class: "bar-title" }, say("axis-power", { times: data.effects[state.effect] })));
      for (const share of [0, 0.5, 1]) {
        drawn.push(svg("line", { x1: left, x2: width, y1: y(share * all), y2: y(share * all), class: "bar-grid" }),
          svg("text", { x: left - 6, y: y(share * all) + 4, "text-anchor": "end" }, percent(share)));
      }
      for (const share of [0, 0.05, 0.1, 0.15, 0.2, 0.25].filter((one) => one < most)) {
        drawn.push(svg("text", { x: x(share * all), y: top + tall + 16, "text-anchor": share ? "middle" : "start" }, percent(share)));
      }
      drawn.push(svg("text", { x: width - 4, y: top + tall + 34, "text-anchor": "end", class: "bar-title" }, say("axis-alarms")));
      for (const sure of data.sures) {
        const line = costs.filter((one) => one.sure === sure);
        drawn.push(svg("polyline", { points: line.map(({ alarms, found }) => `${x(alarms)},${y(found)}`).join(" "), class: "bar-line" }));
        const first = line[0];
        drawn.push(svg("text", { x: Math.min(x(first.alarms) + 8, width - 34), y: Math.max(top + 8, y(first.found) - 8), class: "bar-level" }, percent(sure)));
      }
      for (const { sure, share, alarms, found } of costs) {
        const here = sure === state.sure && share === state.d;
        const book = sure === data.book[0] && share === data.book[1];
        drawn.push(svg("circle", { cx: x(alarms), cy: y(found), r: here ? 8 : 4, class: here ? "bar-here" : "bar-other" }));
        if (book) drawn.push(svg("circle", { cx: x(alarms), cy: y(found), r: 12, class: "bar-book" }));
      }
      const picture = drawing(width, top + tall + 44);
      picture.append(...drawn);
      stage.replaceChildren(picture);
    },
  };

  Object.assign(parts, { costOf, datesOf, ledgerAt, totals, wordOf });
  start(lab);
})();
