/* What the explorers share: data that hand themselves over, states by any of their names, intervals from draws, a chart
or small ones, a table, a CSV, a link, an embedded view. words.js and votes.js say what is counted;
labs have their own frame, labs/lab.js.

Text that comes from data or from the reader enters the page as text only, never as markup. */

(function () {
  "use strict";

  const say = sayOf("explorer"); // its sentences stand in manyvectors/messages/en.json

  const WORLD = "world";
  const MOST = 30; // states at a time
  const ONE_CHART = 6; // lines in one chart: as many as colours and dashes keep apart
  const SURE = 3; // so many lines are one chart however near each other they run
  const NEAR = 0.06; // of the chart's height: two lines nearer than this in half of their years cannot be told apart
  const DRAWS = 1000;
  const SLICE = 8; // milliseconds of work before the page may answer: a phone takes four times as long
  const LOOK = 20000; // draws of one between two looks at the clock
  const DASHES = [[], [9, 3], [3, 3], [12, 3, 3, 3], [6, 6], [2, 6]];

  // Words and numbers: no page needed ------------------------------------------------------------------------------

  // The inverse of manyvectors.export.handed.pack_numbers.
  function* unpackNumbers(packed) {
    const raw = atob(packed);
    for (let at = 0; at < raw.length; ) {
      let value = 0;
      for (let shift = 1; ; shift *= 128) {
        const byte = raw.charCodeAt(at++);
        value += (byte & 127) * shift;
        if (byte < 128) break;
      }
      yield value;
    }
  }

  // The inverse of manyvectors.export.handed.pack: occurrences in each speech.
  function unpack(packed, speeches) {
    const counts = new Uint32Array(speeches);
    const numbers = unpackNumbers(packed);
    let row = -1;
    for (let next = numbers.next(); !next.done; next = numbers.next()) {
      row += 1 + Math.floor(next.value / 2);
      counts[row] = next.value % 2 ? numbers.next().value + 2 : 1;
    }
    return counts;
  }

  // A small seeded generator (mulberry32) and a hash of a text to seed it (FNV-1a): one view, one set of numbers.
  function generator(text) {
    let state = 2166136261;
    for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0), 16777619) >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }

  function percentile(sorted, share) {
    const at = share * (sorted.length - 1);
    const below = Math.floor(at);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  // A page stays awake through long work that calls this now and then.
  let begun = 0;
  async function breathe() {
    if (performance.now() - begun <= SLICE) return;
    await new Promise((resume) => setTimeout(resume));
    begun = performance.now();
  }

  // The ends of the interval of a ratio of sums: what is drawn together (a speech, the votes on a text) is drawn whole,
  // with repeats; the ends are widened for few, as inference.expanded_level says.
  async function interval(tops, bottoms, levels, seed) {
    const size = tops.length;
    if (size < 2) return [null, null];
    const random = generator(seed);
    let done = 0;
    const draws = new Float64Array(DRAWS);
    for (let draw = 0; draw < DRAWS; draw++) {
      let [top, bottom] = [0, 0];
      for (let i = 0; i < size; i++) {
        const one = Math.floor(random() * size);
        top += tops[one];
        bottom += bottoms[one];
      }
      draws[draw] = top / bottom;
      done += size;
      if (done >= LOOK) {
        done = 0;
        await breathe();
      }
    }
    draws.sort();
    const tail = (1 - levels[Math.min(size - 2, levels.length - 1)]) / 2;
    return [percentile(draws, tail), percentile(draws, 1 - tail)];
  }

  // How many letters must be changed, added, left out or swapped with the next; more than `most` is told as Infinity.
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return Infinity;
    let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, j) => j)];
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        const same = one[i - 1] === other[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      if (Math.min(...row) > most) return Infinity;
      [before, last] = [last, row];
    }
    return last[other.length] > most ? Infinity : last[other.length];
  }

  // Names are compared without accents, capitals, dots, apostrophes and a leading article.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ı/g, "i")
    .replace(/[’‘'.]/g, "").replace(/[,()–—-]+/g, " ").trim().replace(/\s+/g, " ").replace(/^the /, "");

  const inWords = (list, joined) => (list.length < 2 ? list.join("")
    : say(`list.${joined}`, { first: list.slice(0, -1).join(", "), last: list[list.length - 1] }));
  const edition = (index, year) => index.eras.filter(([, first]) => first <= year).pop()[0];
  const between = ({ low, high }, written) => (low === null ? "" : say("interval", { low: written(low), high: written(high) }));
  const toldOf = (name, told) => say("of", { name, told });
  const inYear = (year, told) => say("in-year", { year, told: told.join("; ") });
  const number = (value) => value.toLocaleString("en-GB");
  const decimals = (value) => (value === null ? "" : value.toFixed(3));

  // A spreadsheet would run a cell that begins with one of these signs and is no number.
  const cell = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
    return /[",\r\n#]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  const sheet = (head, columns, rows) => [
    ...head.map((text) => `# ${text.replace(/\s+/g, " ")}`),
    columns.map(cell).join(","),
    ...rows.map((row) => row.map(cell).join(",")),
  ].join("\r\n") + "\r\n";

  const readHash = (hash) => {
    const asked = new URLSearchParams(hash.replace(/^#/, ""));
    return {
      term: asked.get("term"), asked,
      who: asked.has("who") ? asked.get("who").split(",").filter(Boolean) : null,
    };
  };

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
    else wanted.reject(new Error(say("renewed")));
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
        wanted.reject(new Error(say("part-missing")));
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

  // A text field with a list of suggestions, after the combobox pattern of ARIA 1.2.
  function combobox(input, list, suggest, choose) {
    let [options, active, asked] = [[], -1, 0];
    const close = () => {
      asked++; // suggestions still on their way come too late
      [options, active] = [[], -1];
      list.hidden = true;
      list.replaceChildren();
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (place) => {
      active = place;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === active)));
      if (active < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", list.children[active].id);
      return list.children[active].scrollIntoView({ block: "nearest" });
    };
    const open = async () => {
      const mine = ++asked;
      const found = await suggest(input.value);
      if (mine !== asked) return;
      if (!found.length) return close();
      options = found;
      list.replaceChildren(...found.map(({ label, note }, i) => {
        const item = make("li", undefined, { role: "option", id: `${list.id}-${i}`, "aria-selected": "false" });
        item.append(make("span", label), " ", make("span", note, { class: "explorer-note" }));
        return item;
      }));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      mark(-1);
    };
    const take = (option) => {
      close();
      choose(option);
    };
    const tryOpen = () => open().catch(close);
    input.addEventListener("input", tryOpen);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (!options.length) return tryOpen();
        // Beyond either end stands the field itself.
        const places = options.length + 1;
        mark(((active + 1 + step + places) % places) - 1);
      } else if (event.key === "Enter") {
        event.preventDefault();
        take(active < 0 ? null : options[active]);
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (list.hidden) input.value = "";
        close();
      }
      return undefined;
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) take(options[[...list.children].indexOf(item)]);
    });
  }

  // States by any of their names -------------------------------------------------------------------------------------

  // Best first: by code or name, by another name, by how a name begins, by what it holds.
  function matching(index, aliases, typed) {
    const asked = plain(typed);
    if (!asked) return [];
    const found = [];
    for (const [code, name] of index.names) {
      if (code === WORLD) continue;
      const called = plain(name);
      const others = aliases.get(code) || [];
      const exact = plain(code) === asked || called === asked;
      const other = others.find((alias) => plain(alias) === asked);
      const begun = others.find((alias) => asked.length > 2 && plain(alias).startsWith(asked));
      const rank = exact ? 0 : other ? 1 : called.startsWith(asked) ? 2 : begun ? 3 : called.includes(asked) ? 4 : 5;
      if (rank === 5) continue;
      const alias = rank === 1 ? other : rank === 3 ? begun : null;
      found.push({ value: code, label: name, note: alias && plain(alias) !== called ? `${alias}, ${code}` : code, rank });
    }
    return found.sort((a, b) => a.rank - b.rank || (a.label < b.label ? -1 : 1));
  }

  // States whose name, or another of their names, is nearly so.
  function nearly(index, aliases, typed) {
    const asked = plain(typed);
    const most = asked.length > 5 ? 2 : 1;
    const found = [];
    for (const [code, name] of index.names) {
      if (code === WORLD || asked.length < 3) continue;
      const near = Math.min(...[name, ...(aliases.get(code) || [])].filter((one) => one.length > 3)
        .map((one) => distance(asked, plain(one), most)));
      if (near < Infinity) found.push({ value: code, label: name, note: code, near });
    }
    return found.sort((a, b) => a.near - b.near).slice(0, 4);
  }

  let otherNames = null;
  async function namesOf() {
    if (!otherNames) {
      const { aliases, words } = await load("names", root.dataset.words); // where a page has other data as well
      otherNames = { aliases: new Map(aliases), words };
    }
    return otherNames;
  }

  /* A field for a state, by any of its names. `groups`: those that may be asked for by name. `add(code)`, `addGroup(group)`: what is
     done with what was found; `tell(text, instead)`: how the reader is told that nothing was, and what is offered instead. */
  function askState(index, { input, list, groups, add, addGroup, tell }) {
    const others = async () => index.aliases || (await namesOf()).aliases; // some pages know all names from the beginning
    const suggest = async (typed) => {
      const aliases = await others();
      const found = groups.filter(([name]) => plain(name).startsWith(plain(typed)) && plain(typed).length > 1)
        .map((group) => ({ group, label: group[0], note: say("group-of", { n: group[2].length }) }));
      return [...matching(index, aliases, typed).slice(0, 8), ...found];
    };
    const offered = (options) => options.map(({ value, label }) => ({ label, change: () => add(value), after: input }));
    combobox(input, list, suggest, async (option) => {
      const typed = input.value;
      try {
        if (option && option.group) {
          input.value = "";
          return await addGroup(option.group);
        }
        const aliases = await others();
        const found = option ? [option] : matching(index, aliases, typed);
        // An everyday name may be that of two states, and a state's name the last or first word of another's: the
        // reader says which. Whoever types a code means one.
        const asked = plain(typed);
        const whole = (one) => ` ${plain(one.label)} `.includes(` ${asked} `);
        const alike = option || !found.length ? []
          : found[0].rank === 1 ? found.filter((one) => one.rank === 1) : plain(found[0].label) === asked ? found.filter(whole) : [];
        if (alike.length > 1) return tell(say("alike", { typed }), offered(alike));
        if (!found.length) {
          const group = groups.find(([name]) => plain(name) === plain(typed));
          if (group) {
            input.value = "";
            return await addGroup(group);
          }
          const near = nearly(index, aliases, typed);
          return tell(near.length ? say("nearly", { typed }) : say("no-state", { typed, languages: inWords([say("english"), ...(index.languages || [])], "or") }), offered(near));
        }
        input.value = "";
        return await add(found[0].value);
      } catch (error) {
        return tell(error.message);
      }
    });
  }

  // Buttons that copy what stands in a field.
  function copying(pairs, copied) {
    for (const [field, button] of pairs) {
      button.addEventListener("click", async () => {
        field.select();
        try {
          await navigator.clipboard.writeText(field.value);
          copied.textContent = say("copied");
        } catch {
          copied.textContent = say("copy-by-hand");
        }
      });
    }
  }

  // A line that shows a view in a frame on another page.
  const frameOf = (address, title) => {
    const src = address.replace("#", "?embed#").replace(/&/g, "&amp;").replace(/"/g, "%22").replace(/</g, "%3C");
    const named = say("embed-title", { title }).replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
    return `<iframe src="${src}" title="${named}" width="100%" height="720" loading="lazy"></iframe>`;
  };

  // A CSV behind a link.
  function offerSheet(link, text, file) {
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
    link.download = file;
  }

  // Charts -----------------------------------------------------------------------------------------------------------

  const styleOf = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const colourOf = (who, place) =>
    styleOf(who === WORLD ? "--explorer-world" : place > ONE_CHART ? "--explorer-text" : `--explorer-${place + 1}`);

  // The state of the study keeps the first colour; the others take theirs in the order they were picked.
  function places(who, focus) {
    const others = who.filter((code) => code !== WORLD && code !== focus);
    return new Map(who.map((code) => [code, code === focus || code === WORLD ? 0 : others.indexOf(code) + 1]));
  }

  function range(series, frame) {
    const all = series.flatMap(({ points }) => points.flatMap((p) =>
      [p.rate, p.low, p.high, p.yearly].filter((value) => value !== null && value !== undefined)));
    const [least, most] = [Math.min(0, ...all), Math.max(0, ...all)];
    const [low, high] = frame.range || [least < 0 ? least * 1.05 : 0, most * 1.05 || 1];
    return [low, high];
  }

  // Whether some two of many lines run so near each other that nobody can say which is which.
  function inseparable(series, frame) {
    if (series.length <= SURE) return false;
    if (series.length > ONE_CHART) return true;
    const [low, high] = range(series, frame);
    return series.some((one, i) => series.slice(i + 1).some((other) => {
      const gaps = one.points.flatMap((p) => {
        const q = other.points.find((point) => point.year === p.year);
        return q && p.rate !== null && q.rate !== null ? [Math.abs(p.rate - q.rate) / (high - low)] : [];
      });
      return gaps.length && gaps.filter((gap) => gap < NEAR).length >= gaps.length / 2;
    }));
  }

  // One chart of some lines. `frame`: {span, eras, range, atYear(year)}; `small`: whether it stands among others.
  function chart(frame, holder, series, readout, small) {
    const [text, faint, paper] = ["--explorer-text", "--explorer-faint", "--explorer-paper"].map(styleOf);
    const years = [];
    for (let year = frame.span[0]; year <= frame.span[1]; year++) years.push(year);
    const column = (points, field) => years.map((year) => {
      const point = points.find((p) => p.year === year);
      return point && point[field] !== undefined ? point[field] : null;
    });
    const crowded = series.length > 3;
    const [data, drawn, bands] = [[years], [{}], []];
    for (const { who, place, points } of series) {
      const colour = colourOf(who, small ? Math.min(place, 1) : place);
      const at = data.length;
      data.push(...["rate", "low", "high", "yearly"].map((field) => column(points, field)));
      drawn.push(
        { stroke: colour, width: 2, dash: small || who === WORLD ? [] : DASHES[place % DASHES.length],
          points: { show: false } },
        { width: 0, points: { show: false } },
        { width: 0, points: { show: false } },
        { paths: () => null, points: { show: true, size: small || who === WORLD || crowded ? 4 : 6,
          width: crowded ? 1 : 1.5, stroke: colour, fill: paper } }
      );
      bands.push({ series: [at + 2, at + 1], fill: colour + (crowded ? "14" : "2e") });
    }
    const font = (size) => `${size}px ${getComputedStyle(root).fontFamily}`;
    const onCanvas = (u, draw) => {
      const scale = u.ctx.canvas.width / u.width;
      u.ctx.save();
      u.ctx.font = font(11 * scale);
      u.ctx.textAlign = "left"; // the library leaves its own
      draw(u.ctx, scale);
      u.ctx.restore();
    };
    const editions = (u) => onCanvas(u, (ctx, scale) => {
      ctx.strokeStyle = ctx.fillStyle = text;
      ctx.lineWidth = 0.8 * scale;
      ctx.setLineDash([3 * scale, 3 * scale]);
      for (const [name, year] of frame.eras.slice(1)) {
        const x = u.valToPos(year - 0.5, "x", true);
        ctx.beginPath();
        ctx.moveTo(x, u.bbox.top);
        ctx.lineTo(x, u.bbox.top + u.bbox.height);
        ctx.stroke();
        if (!small) ctx.fillText(name, x + 2 * scale, u.bbox.top - 4 * scale);
      }
    });
    const names = (u) => onCanvas(u, (ctx, scale) => {
      ctx.textBaseline = "middle";
      const ends = series.flatMap(({ who, place, points }) => {
        const last = points.filter((p) => p.rate !== null).pop();
        return last ? [{ who, colour: colourOf(who, place), y: u.valToPos(last.rate, "y", true),
          x: u.valToPos(last.year, "x", true) }] : [];
      }).sort((a, b) => b.y - a.y);
      // From the bottom upwards, so that no name stands on another.
      ends.forEach((end, i) => { if (i) end.y = Math.min(end.y, ends[i - 1].y - 13 * scale); });
      for (const { who, colour, x, y } of ends) {
        ctx.fillStyle = colour;
        ctx.fillText(who, x + 6 * scale, y);
      }
    });
    const axis = { stroke: text, font: font(12), ticks: { stroke: faint, width: 1 } };
    const plot = new window.uPlot({
      width: holder.clientWidth,
      height: small ? 150 : Math.max(300, Math.min(400, holder.clientWidth * 0.62)),
      padding: small ? [8, 14, 0, 0] : [18, 46, 0, 0], legend: { show: false }, series: drawn, bands,
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => [frame.span[0] - 0.6, frame.span[1] + 0.4] },
        y: { range: () => frame.range },
      },
      axes: [
        { ...axis, grid: { show: false }, incrs: [1, 2, 5, 10], space: 44, values: (u, found) => found.map(String) },
        { ...axis, grid: { stroke: faint, width: 1 }, size: 48 },
      ],
      hooks: {
        drawAxes: [editions],
        draw: small ? [] : [names],
        setCursor: [(u) => {
          const at = u.cursor.idx;
          readout.textContent = at === null || at === undefined ? readout.dataset.empty : frame.atYear(years[at]);
        }],
      },
    }, data, holder);
    // The library follows a mouse; a finger is led to the same place.
    const follow = (event) => {
      const box = plot.over.getBoundingClientRect();
      plot.setCursor({ left: event.touches[0].clientX - box.left, top: event.touches[0].clientY - box.top });
    };
    plot.over.addEventListener("touchstart", follow, { passive: true });
    plot.over.addEventListener("touchmove", follow, { passive: true });
    return plot;
  }

  // All lines in one chart, or each in one of its own on the same scale.
  function charts(frame, holder, series, readout, apart) {
    holder.replaceChildren();
    holder.classList.toggle("explorer-small", apart);
    if (!window.uPlot) {
      holder.append(make("p", say("charts")));
      return [];
    }
    const known = { ...frame, range: range(series, frame) };
    if (!apart) return [chart(known, holder, series, readout, false)];
    const boxes = series.map((one) => {
      const box = make("div", undefined, { class: "explorer-panel" });
      box.append(make("p", one.name));
      holder.append(box);
      return box;
    });
    // What is usual, where it is known, lies behind the line.
    return series.map((one, i) => chart(known, boxes[i], [...(one.usual ? [{ who: WORLD, place: 0, points: one.usual }] : []), one], readout, true));
  }

  function fillTable(table, columns, rows, heads) {
    const title = make("tr");
    title.append(...columns.map((name) => make("th", name, { scope: "col" })));
    table.tHead.replaceChildren(title);
    table.tBodies[0].replaceChildren(...rows.map((row) => {
      const line = make("tr");
      line.append(...row.map((value, i) =>
        i === heads ? make("th", value, { scope: "row" }) : make("td", value === "" ? say("none") : value)));
      return line;
    }));
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
        }, { "aria-label": say("remove", { name }) });
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
      if (view.who.includes(code)) return show({ note: say("already-shown", { name: index.names.get(code) }) });
      if (code !== WORLD && lone(view.who).length >= MOST) return show({ note: say("too-many", { most: MOST }) });
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
    press(say("all-button"), () => safely(add(WORLD)), { title: index.names.get(WORLD) }));
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
        note: [found.note, missing.length && say("no-names", { codes: missing.join(", ") })].filter(Boolean).join(" "),
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

  window.manyVectorsExplorer = {
    receive,
    engine: Object.freeze({
      DRAWS, WORLD, askState, between, breathe, cell, charts, combobox, copying, decimals, distance, edition, embed, fillTable, frameOf, inWords,
      inYear, interval, load, make, matching, namesOf, number, offerSheet, part, percentile, places, plain, press, root, sheet, start, styleOf,
      toldOf, version: (folder = home) => versions.get(folder), unpack, unpackNumbers,
    }),
    parts: { unpack, unpackNumbers, generator, percentile, distance, plain, matching, readHash },
  };
})();
