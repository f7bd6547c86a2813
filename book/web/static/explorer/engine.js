/* What runs the explorers of words and of votes: states that are picked, a view in the address, the answer as a chart, a table, a
CSV and a link. words.js and votes.js say what is counted; the page of any state and the labs have their own frame. */

(function () {
  "use strict";

  const { engine } = window.manyVectorsExplorer;
  const {
    WORLD, askState, charts, colourOf, copying, embed, fillTable, frameOf, inseparable, make, offerSheet, part, places, press, readHash,
    root, toldOf,
  } = engine;
  const MOST = 30; // states at a time

  /* Run an explorer. `page`:
     opens(index): the first view, with `who`; read(hash, index): what an address asks for, or {}; hash(view): its address;
     answer(index, view, overtaken): {reason, instead} or {key, status, caption, numbers, series, frame, columns, rows,
     heads, file, csv(address)}; shown(index, view, result, show): what else the page shows; chip(index, code, view, show): more
     buttons of a state; bind({index, view, show, add, safely}): the page's own fields; world: whether all states can be
     shown as one. */
  async function run(page, loadIndex) {
    embed();
    const index = await loadIndex();
    const [states, world] = [part("states"), part("world")];
    const view = { ...page.opens(index), shown: null, plots: [], address: "" };

    const tell = (text, instead) => {
      part("status").textContent = text;
      part("instead").replaceChildren(...(instead || []).map(({ label, change, after }) =>
        press(label, () => {
          safely(change());
          if (after) after.focus();
        })));
      // What was asked for may have been typed far above: an answer out of sight is none.
      const box = part("instead").getBoundingClientRect();
      if (instead && instead.length && (box.top < 0 || box.bottom > innerHeight)) part("instead").scrollIntoView({ block: "center" });
    };

    const draw = () => {
      if (!view.shown) return;
      view.plots.forEach((plot) => plot.destroy());
      const order = places(view.who, page.first(index, view));
      part("chips").querySelectorAll("[data-who]").forEach((chip) => {
        chip.style.setProperty("--explorer-colour", colourOf(chip.dataset.who, order.get(chip.dataset.who)));
      });
      const { series, frame } = view.shown;
      const apart = view.apart === null || view.apart === undefined ? inseparable(series, frame) : view.apart;
      part("apart").checked = apart;
      part("figure").hidden = !series.length;
      view.plots = series.length ? charts(frame, part("chart"), series, part("readout"), apart) : [];
    };

    const listStates = () => {
      const order = places(view.who, page.first(index, view));
      part("chips").replaceChildren(...view.who.filter((code) => code !== WORLD).map((code) => {
        const name = index.names.get(code);
        const chip = make("li", undefined, { "data-who": code });
        const close = press("×", () => {
          safely(show({ who: view.who.filter((other) => other !== code) }));
          states.focus();
        }, { "aria-label": say("explorer.remove", { name }) });
        chip.append(make("span", "", { class: "explorer-swatch", "aria-hidden": "true" }), make("span", name));
        if (page.chip) chip.append(...page.chip(index, code, view, (change) => safely(show(change))));
        chip.append(close);
        chip.style.setProperty("--explorer-colour", colourOf(code, order.get(code)));
        return chip;
      }));
      world.checked = view.who.includes(WORLD);
    };

    let [latest, began] = [0, ""];
    async function show(change) {
      Object.assign(view, change);
      const mine = ++latest;
      began = location.hash;
      // Whoever opens another view meanwhile must not be led back to this one by an answer, or a fault, that comes late.
      // The browser tells of a new address a moment after it has changed.
      const overtaken = () => mine !== latest || (location.hash !== began && fromAddress() !== null);
      root.dataset.busy = "yes";
      try {
        await answer(change, overtaken);
      } catch (error) {
        if (!overtaken()) throw error;
      } finally {
        if (mine === latest) delete root.dataset.busy;
      }
    }

    async function answer(change, overtaken) {
      listStates();
      if (page.before) page.before(view, change);
      const found = await page.answer(index, view, overtaken, show);
      if (!found || overtaken()) return;
      const note = change.note ? `${change.note} ` : "";
      if (found.reason) {
        part("result").hidden = true;
        root.dataset.shown = "";
        view.shown = null;
        tell(note + found.reason, found.instead);
        return;
      }
      view.shown = found;
      const hash = page.hash(view);
      view.address = `${location.href.replace(/[?#].*/, "")}${hash}`;
      if (change.follow !== false) history.replaceState(null, "", hash);
      began = location.hash; // this view's own address is no newer one
      tell(note + found.status, found.instead);
      part("result").hidden = false;
      part("caption").textContent = found.caption;
      part("numbers").textContent = found.numbers;
      part("link").value = view.address;
      part("frame").value = frameOf(view.address, found.caption);
      part("whole").href = view.address;
      fillTable(part("table"), found.columns, found.rows, found.heads);
      offerSheet(part("csv"), found.csv(view.address), found.file);
      draw();
      if (page.shown) await page.shown(index, view, found, overtaken);
      if (overtaken()) return;
      root.dataset.shown = found.key;
    }

    const lone = (codes) => codes.filter((code) => code !== WORLD);
    const add = (code) => {
      if (view.who.includes(code)) return show({ note: say("explorer.already-shown", { name: index.names.get(code) }) });
      if (code !== WORLD && lone(view.who).length >= MOST) return show({ note: say("explorer.too-many", { most: MOST }) });
      // The world comes last, so that it is drawn over nobody's head.
      const codes = [...lone(view.who), ...(code === WORLD ? [] : [code])];
      return show({ who: [...codes, ...(code === WORLD || view.who.includes(WORLD) ? [WORLD] : [])] });
    };
    const addGroup = ([, , members]) => show({ who: page.group(index, view, members) });

    function safely(promise) {
      Promise.resolve(promise).catch((error) => tell(error.message));
    }

    askState(index, { input: states, list: part("names"), groups: index.groups, add, addGroup, tell });
    part("groups").replaceChildren(...index.groups.map((group) =>
      press(group[0], () => safely(addGroup(group)), { title: toldOf(group[1], group[2].map((code) => index.names.get(code)).join(", ")) })),
    press(say("explorer.all-button"), () => safely(add(WORLD)), { title: index.names.get(WORLD) }));
    world.addEventListener("change", () => safely(world.checked ? add(WORLD) : show({ who: lone(view.who) })));
    part("apart").addEventListener("change", () => safely(show({ apart: part("apart").checked })));
    copying([[part("link"), part("copy")], [part("frame"), part("copy-frame")]], part("copied"));

    function fromAddress() {
      const hash = readHash(location.hash);
      const found = page.read(hash, index);
      if (!found) return null; // a link to a heading of the page is no view
      const wanted = [...new Set(hash.who || page.opens(index).who)];
      const known = wanted.filter((code) => index.names.has(code));
      const missing = wanted.filter((code) => !index.names.has(code));
      return {
        ...found,
        apart: { 1: true, 0: false }[hash.asked.get("apart")] ?? null,
        who: [...lone(known).slice(0, MOST), ...(known.includes(WORLD) ? [WORLD] : [])],
        note: [found.note, missing.length && say("explorer.no-names", { codes: missing.join(", ") })].filter(Boolean).join(" "),
      };
    }
    window.addEventListener("hashchange", () => {
      const asked = fromAddress();
      if (asked) safely(show(asked));
    });
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    let width = part("chart").clientWidth;
    new ResizeObserver(() => {
      if (part("chart").clientWidth === width) return;
      width = part("chart").clientWidth;
      if (width && view.plots.length) draw();
    }).observe(part("chart"));

    page.bind({ index, view, show, safely, states });
    part("form").hidden = false;
    const asked = fromAddress();
    await show({ ...view, follow: asked !== null, ...asked });
  }

  const start = (page, loadIndex) => {
    if (root) run(page, loadIndex).catch((error) => { part("status").textContent = error.message; });
  };

  Object.assign(engine, { start });
})();
