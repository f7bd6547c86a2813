/* The word explorer: any word of any state, drawn and tabled in the reader's browser.

Text that comes from data or from the reader enters the page as text only, never as markup. */

(function () {
  "use strict";

  const WORLD = "world";
  const MOST = 6; // states at a time: as many as colours and dashes keep apart
  const DRAWS = 1000;
  const SLICE = 8; // milliseconds of work before the page may answer: a phone takes four times as long
  const COLUMNS = [
    "who", "year", "line: per 10,000 words", "interval from", "interval to", "in the year: per 10,000 words",
    "times said", "words", "speeches", "speeches behind the line", "edition in force",
  ];
  const DASHES = [[], [9, 3], [3, 3], [12, 3, 3, 3], [6, 6], [2, 6]];

  // Words and numbers: no page needed ------------------------------------------------------------------------------

  // As manyvectors.text: letters with single inner hyphens or apostrophes. \w of Python knows letters and numbers.
  const LETTER = "[\\p{L}\\p{Nl}\\p{No}]";
  const TOKEN = new RegExp(`${LETTER}+(?:[-'\\u2010\\u2019]${LETTER}+)*`, "gu");

  // Spellings of a name that the data mend are mended in what is typed, too.
  const prepare = (typed, spellings) =>
    spellings.reduce((text, [from, to]) => text.replaceAll(from.toLowerCase(), to.toLowerCase()),
      typed.normalize("NFKC").replace(/[\u00ad\u200b\u2060\ufeff]/g, "").toLowerCase()
        .replace(/\u2019/g, "'").replace(/\u2010/g, "-"))
      .trim().replace(/\s+/g, " ");

  const tokenise = (text, spellings) => prepare(text, spellings).match(TOKEN) || [];

  // The inverse of manyvectors.export.explorer.pack: occurrences in each speech.
  function unpack(packed, speeches) {
    const counts = new Uint32Array(speeches);
    const raw = atob(packed);
    let at = 0;
    const number = () => {
      let value = 0;
      for (let shift = 1; ; shift *= 128) {
        const byte = raw.charCodeAt(at++);
        value += (byte & 127) * shift;
        if (byte < 128) return value;
      }
    };
    for (let row = -1; at < raw.length; ) {
      const value = number();
      row += 1 + Math.floor(value / 2);
      counts[row] = value % 2 ? number() + 2 : 1;
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

  const rate = (speeches, counts, words) => {
    let said = 0;
    let length = 0;
    for (const speech of speeches) {
      said += counts[speech];
      length += words[speech];
    }
    return { said, length, rate: (1e4 * said) / length };
  };

  // Whole speeches are drawn with repeats; the ends are widened for few speeches, as inference.expanded_level says.
  function interval(speeches, counts, words, levels, seed) {
    const size = speeches.length;
    if (size < 2 || speeches.every((speech) => counts[speech] === 0)) return [null, null];
    const random = generator(seed);
    const draws = new Float64Array(DRAWS);
    for (let draw = 0; draw < DRAWS; draw++) {
      let said = 0;
      let length = 0;
      for (let i = 0; i < size; i++) {
        const speech = speeches[Math.floor(random() * size)];
        said += counts[speech];
        length += words[speech];
      }
      draws[draw] = (1e4 * said) / length;
    }
    draws.sort();
    const tail = (1 - levels[size - 2]) / 2;
    return [percentile(draws, tail), percentile(draws, 1 - tail)];
  }

  // One point for each year in which somebody spoke. The page stays awake while many speeches are drawn.
  async function points(index, counts, who, term) {
    const { words, years, byState } = index;
    const own = who === WORLD ? [...words.keys()] : byState.get(who);
    const half = who === WORLD ? 0 : (index.window - 1) / 2;
    const found = [];
    let begun = performance.now();
    for (let year = index.span[0]; year <= index.span[1]; year++) {
      if (performance.now() - begun > SLICE) {
        await new Promise((resume) => setTimeout(resume));
        begun = performance.now();
      }
      const inYear = own.filter((speech) => years[speech] === year);
      if (!inYear.length) continue;
      const near = half ? own.filter((speech) => Math.abs(years[speech] - year) <= half) : inYear;
      const yearly = rate(inYear, counts, words);
      const [low, high] = interval(near, counts, words, index.levels, `${term}|${who}|${year}`);
      found.push({
        year, speeches: inYear.length, said: yearly.said, words: yearly.length, yearly: yearly.rate,
        drawn: near.length, rate: rate(near, counts, words).rate, low, high,
      });
    }
    return found;
  }

  const edition = (index, year) => index.eras.filter(([, first]) => first <= year).pop()[0];
  const number = (value) => value.toLocaleString("en-GB");
  const decimals = (value) => (value === null ? "" : value.toFixed(3));
  const short = (value) => (value === 0 ? "0" : value.toFixed(value >= 9.95 ? 0 : value >= 0.995 ? 1 : 2));

  function rows(index, series) {
    return series.flatMap(({ name, points }) =>
      points.map((p) => [
        name, String(p.year), decimals(p.rate), decimals(p.low), decimals(p.high), decimals(p.yearly),
        String(p.said), String(p.words), String(p.speeches), String(p.drawn), edition(index, p.year),
      ])
    );
  }

  // A spreadsheet would run a cell that begins with one of these signs and is no number.
  const cell = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
    return /[",\r\n#]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };

  function csv(index, term, series, address) {
    const one = (text) => text.replace(/\s+/g, " ");
    const head = [
      `Many Vectors ${index.book}, data ${index.version}: how often "${term}" is said in the UN General Debate`,
      `Counted from complete speeches (grade A). Source: ${index.source}`,
      `The line of a state is the rate of ${index.window} years around each, fewer at the ends; that of the world is ` +
        "the year's",
      `Intervals: ${100 * index.level} per cent, ${DRAWS} draws of whole speeches; empty where there are fewer than two speeches or ` +
        "none says it",
      `View: ${address}`,
    ];
    const lines = [...head.map((text) => `# ${one(text)}`), COLUMNS.map(cell).join(",")];
    return [...lines, ...rows(index, series).map((row) => row.map(cell).join(","))].join("\r\n") + "\r\n";
  }

  const readHash = (hash) => {
    const asked = new URLSearchParams(hash.replace(/^#/, ""));
    return { term: asked.get("term"), who: asked.has("who") ? asked.get("who").split(",").filter(Boolean) : null };
  };
  const writeHash = (term, who) => `#term=${encodeURIComponent(term)}&who=${who.map(encodeURIComponent).join(",")}`;

  // Data: scripts that hand themselves over --------------------------------------------------------------------------

  const waiting = new Map(); // name to {promise, resolve, reject}
  let version = null;

  window.manyVectorsExplorer = {
    receive(name, stamp, content) {
      const wanted = waiting.get(name);
      version = version || stamp;
      if (!wanted) return;
      if (stamp === version) wanted.resolve(content);
      else wanted.reject(new Error("The book's data have been renewed since this page was opened. Reload the page."));
    },
    parts: Object.freeze({ prepare, tokenise, unpack, generator, points, csv, readHash, writeHash }),
  };

  const root = document.getElementById("explorer");
  if (!root) return;

  function load(name) {
    if (!waiting.has(name)) {
      const wanted = {};
      wanted.promise = new Promise((resolve, reject) => Object.assign(wanted, { resolve, reject }));
      waiting.set(name, wanted);
      const script = document.createElement("script");
      script.src = `${root.dataset.source}${name}.js${version ? `?v=${version}` : ""}`;
      script.onerror = () => {
        waiting.delete(name); // so that the next try is a fresh one
        wanted.reject(new Error("A part of the data could not be loaded. Check the connection and try again."));
      };
      document.head.append(script);
    }
    return waiting.get(name).promise;
  }

  // Speeches are numbered state by state, year by year, as the data pack them.
  async function loadIndex() {
    const index = await load("index");
    const [words, years, names, byState] = [[], [], new Map([[WORLD, "The world"]]), new Map()];
    for (const [code, name, lengths] of index.states) {
      names.set(code, name);
      byState.set(code, []);
      lengths.forEach((length, i) => {
        if (!length) return;
        byState.get(code).push(words.push(length) - 1);
        years.push(index.span[0] + i);
      });
    }
    return { ...index, version, words, years, names, byState };
  }

  async function lookUp(index, term) {
    let shard = -1;
    while (shard + 1 < index.starts.length && index.starts[shard + 1] <= term) shard++;
    if (shard < 0) return null;
    const [terms, packed] = await load(`terms-${String(shard).padStart(3, "0")}`);
    const at = terms.indexOf(term);
    return at < 0 ? null : unpack(packed[at], index.words.length);
  }

  const known = (index, typed) => {
    const first = typed[0] || "";
    return load(`suggest-${first && index.letters.includes(first) ? first : "other"}`);
  };

  async function beginningWith(index, typed, most) {
    if (!typed) return [];
    const [terms, speeches] = await known(index, typed);
    const found = [];
    for (let i = 0; i < terms.length && found.length < most; i++) {
      if (terms[i].startsWith(typed)) found.push({ value: terms[i], label: terms[i], speeches: speeches[i] });
    }
    return found;
  }

  // Registered phrases with the word in them that begin with its letter; or words with as long a beginning in common.
  async function phrasesNear(index, word) {
    const [terms] = await known(index, word);
    return terms.filter((term) => /[ *]/.test(term) && term.startsWith(word)).slice(0, 6);
  }

  async function wordsNear(index, word) {
    for (let length = word.length; length > 2; length--) {
      const found = await beginningWith(index, word.slice(0, length), 5);
      if (found.length) return found.map(({ value }) => value);
    }
    return [];
  }

  // What can be shown for what was typed: {term, counts}, or {reason, instead}.
  async function resolve(index, typed) {
    const asked = prepare(typed, index.spellings);
    if (!asked) return { reason: "Type a word to begin.", instead: [] };
    let counts = await lookUp(index, asked);
    if (counts) return { term: asked, counts };
    const tokens = tokenise(asked, index.spellings);
    if (!tokens.length) {
      return {
        reason: `“${asked}” holds no word. A word is a run of letters, with single hyphens or apostrophes inside; ` +
          "numbers and signs are not counted.",
        instead: [],
      };
    }
    if (tokens.length > 1 || asked.includes("*")) {
      const apart = [...new Set(tokens)].slice(0, 6);
      const why = tokens.length > 1
        ? `“${asked}” is more than one word. Words are counted one by one; only the book's ` +
          `${number(index.phrases)} registered phrases are counted whole, and this is not one of them.`
        : `“${asked}” is not a registered phrase. A star stands for any ending in registered phrases only.`;
      return {
        reason: `${why} Try a phrase of the list, or the words apart:`,
        instead: [...(await phrasesNear(index, tokens[0])), ...apart],
      };
    }
    if (tokens[0] !== asked) {
      counts = await lookUp(index, tokens[0]);
      if (counts) return { term: tokens[0], counts };
    }
    return {
      reason: `“${tokens[0]}” is below the floor or was never said; the counts cannot tell which. They hold every word ` +
        `found in at least ${index.floor} speeches, or in one of ${index.focus_name}'s. So of ` +
        `${number(index.words.length)} speeches at most ${index.floor - 1} say it, none of them ${index.focus_name}'s.`,
      instead: [...(await phrasesNear(index, tokens[0])), ...(await wordsNear(index, tokens[0]))].slice(0, 6),
    };
  }

  // Words about what is seen ---------------------------------------------------------------------------------------

  const between = (p) => (p.low === null ? "" : `, interval ${short(p.low)} to ${short(p.high)}`);

  function inWords(index, term, series) {
    const told = series.map(({ name, who, points }) => {
      const sum = (field) => points.reduce((total, p) => total + p[field], 0);
      const [said, words, speeches] = [sum("said"), sum("words"), sum("speeches")];
      const all = `${number(speeches)} speech${speeches === 1 ? "" : "es"}`;
      if (!said) return `${name}: not once in ${all}.`;
      const line = [...points].sort((a, b) => a.rate - b.rate);
      const [least, most] = [line[0], line[line.length - 1]];
      const when = who === WORLD ? "in" : "around";
      // With many lines the intervals are left to the table.
      const end = (p) => `${when} ${p.year} (${short(p.rate)}${series.length > 2 ? "" : between(p)})`;
      const zeros = points.filter((p) => p.rate === 0).length;
      return `${name}: ${number(said)} time${said === 1 ? "" : "s"} in ${all}, ${short((1e4 * said) / words)} per ` +
        `10,000 words; the line is highest ${end(most)} and ` +
        (zeros ? `at zero in ${zeros} of ${points.length} years.` : `lowest ${end(least)}.`);
    });
    return `“${term}”, ${index.span[0]}–${index.span[1]}.\n${told.join("\n")}`;
  }

  function atYear(year, series) {
    const told = series.map(({ name, who, points }) => {
      const p = points.find((point) => point.year === year);
      if (!p) return `${name}: no speech`;
      const line = `${short(p.rate)}${between(p)}`;
      return who === WORLD ? `${name}: ${line}` : `${name}: ${short(p.yearly)} in the year, line ${line}`;
    });
    return `${year}. ${told.join("; ")}.`;
  }

  // The page -------------------------------------------------------------------------------------------------------

  const part = (name) => document.getElementById(`explorer-${name}`);
  const make = (tag, text, attributes) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    return element;
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

  const styleOf = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const colourOf = (who, place) => styleOf(who === WORLD ? "--explorer-world" : `--explorer-${place + 1}`);

  // The state of the study keeps the first colour; the others take theirs in the order they were picked.
  function places(who, focus) {
    const others = who.filter((code) => code !== WORLD && code !== focus);
    return new Map(who.map((code) => [code, code === focus || code === WORLD ? 0 : others.indexOf(code) + 1]));
  }

  function chart(index, holder, series, readout) {
    holder.replaceChildren();
    if (!window.uPlot) {
      holder.append(make("p", "The chart could not be loaded; the table below holds the same numbers."));
      return null;
    }
    const [text, faint, paper] = ["--explorer-text", "--explorer-faint", "--explorer-paper"].map(styleOf);
    const years = [];
    for (let year = index.span[0]; year <= index.span[1]; year++) years.push(year);
    const column = (points, field) => years.map((year) => {
      const point = points.find((p) => p.year === year);
      return point ? point[field] : null;
    });
    const crowded = series.length > 3;
    const [data, drawn, bands] = [[years], [{}], []];
    for (const { who, place, points } of series) {
      const colour = colourOf(who, place);
      const at = data.length;
      data.push(...["rate", "low", "high", "yearly"].map((field) => column(points, field)));
      drawn.push(
        { stroke: colour, width: 2, dash: who === WORLD ? [] : DASHES[place % DASHES.length], points: { show: false } },
        { width: 0, points: { show: false } },
        { width: 0, points: { show: false } },
        { paths: () => null, points: { show: true, size: who === WORLD || crowded ? 4 : 6, width: crowded ? 1 : 1.5,
          stroke: colour, fill: paper } }
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
      for (const [name, year] of index.eras.slice(1)) {
        const x = u.valToPos(year - 0.5, "x", true);
        ctx.beginPath();
        ctx.moveTo(x, u.bbox.top);
        ctx.lineTo(x, u.bbox.top + u.bbox.height);
        ctx.stroke();
        ctx.fillText(name, x + 2 * scale, u.bbox.top - 4 * scale);
      }
    });
    const names = (u) => onCanvas(u, (ctx, scale) => {
      ctx.textBaseline = "middle";
      const ends = series.map(({ who, place, points }) => {
        const last = points[points.length - 1];
        return { who, colour: colourOf(who, place), y: u.valToPos(last.rate, "y", true),
          x: u.valToPos(last.year, "x", true) };
      }).sort((a, b) => b.y - a.y);
      // From the bottom upwards, so that no name stands on another.
      ends.forEach((end, i) => { if (i) end.y = Math.min(end.y, ends[i - 1].y - 13 * scale); });
      for (const { who, colour, x, y } of ends) {
        ctx.fillStyle = colour;
        ctx.fillText(who, x + 6 * scale, y);
      }
    });
    const top = Math.max(...data.slice(1).flat().filter((value) => value !== null), 0);
    const axis = { stroke: text, font: font(12), ticks: { stroke: faint, width: 1 } };
    const plot = new window.uPlot({
      width: holder.clientWidth, height: Math.max(300, Math.min(400, holder.clientWidth * 0.62)),
      padding: [18, 46, 0, 0], legend: { show: false }, series: drawn, bands,
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => [index.span[0] - 0.6, index.span[1] + 0.4] },
        y: { range: () => [0, top * 1.05 || 1] },
      },
      axes: [
        { ...axis, grid: { show: false }, incrs: [1, 2, 5, 10], space: 44, values: (u, found) => found.map(String) },
        { ...axis, grid: { stroke: faint, width: 1 }, size: 48 },
      ],
      hooks: {
        drawAxes: [editions],
        draw: [names],
        setCursor: [(u) => {
          const at = u.cursor.idx;
          readout.textContent = at === null || at === undefined ? readout.dataset.empty : atYear(years[at], series);
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

  async function start() {
    const index = await loadIndex();
    const [term, states, world] = [part("term"), part("states"), part("world")];
    const view = { typed: index.first.term, who: index.first.who, shown: null, plot: null, address: "" };

    const say = (text, instead) => {
      part("status").textContent = text;
      part("instead").replaceChildren(...(instead || []).map((other) => {
        const button = make("button", other, { type: "button" });
        button.addEventListener("click", () => {
          show({ typed: other });
          term.focus();
        });
        return button;
      }));
    };

    const draw = () => {
      if (!view.shown) return;
      if (view.plot) view.plot.destroy();
      const order = places(view.who, index.focus);
      part("chips").querySelectorAll("[data-who]").forEach((chip) => {
        chip.style.setProperty("--explorer-colour", colourOf(chip.dataset.who, order.get(chip.dataset.who)));
      });
      view.plot = chart(index, part("chart"), view.shown.series, part("readout"));
    };

    const listStates = () => {
      const order = places(view.who, index.focus);
      part("chips").replaceChildren(...view.who.filter((code) => code !== WORLD).map((code) => {
        const name = index.names.get(code);
        const chip = make("li", undefined, { "data-who": code });
        const button = make("button", "×", { type: "button", "aria-label": `Remove ${name}` });
        button.addEventListener("click", () => {
          show({ who: view.who.filter((other) => other !== code) });
          states.focus();
        });
        chip.append(make("span", "", { class: "explorer-swatch", "aria-hidden": "true" }), make("span", name), button);
        chip.style.setProperty("--explorer-colour", colourOf(code, order.get(code)));
        return chip;
      }));
      world.checked = view.who.includes(WORLD);
    };

    const fillTable = (series) => {
      const [head, body] = [part("table").tHead, part("table").tBodies[0]];
      const title = make("tr");
      title.append(...COLUMNS.map((name) => make("th", name, { scope: "col" })));
      head.replaceChildren(title);
      body.replaceChildren(...rows(index, series).map((row) => {
        const line = make("tr");
        line.append(...row.map((value, i) =>
          i === 1 ? make("th", value, { scope: "row" }) : make("td", value === "" ? "none" : value)));
        return line;
      }));
    };

    let latest = 0;
    async function show(change) {
      Object.assign(view, change);
      const mine = ++latest, began = location.hash;
      // Whoever opens another view meanwhile must not be led back to this one by an answer, or a fault, that comes late.
      // The browser tells of a new address a moment after it has changed.
      const overtaken = () => mine !== latest || (location.hash !== began && fromAddress().typed !== undefined);
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
      if (change.typed !== undefined) term.value = change.typed;
      const found = await resolve(index, view.typed);
      if (overtaken()) return;
      const reason = found.reason || (view.who.length ? "" : "Pick a state, or the world.");
      const note = change.note ? `${change.note} ` : "";
      if (reason) {
        part("result").hidden = true;
        root.dataset.shown = "";
        view.shown = null;
        say(note + reason, found.instead);
        return;
      }
      const order = places(view.who, index.focus);
      const series = [];
      for (const who of view.who) {
        const line = await points(index, found.counts, who, found.term);
        if (overtaken()) return;
        series.push({ who, name: index.names.get(who), place: order.get(who), points: line });
      }
      view.shown = { term: found.term, series };
      term.value = found.term;
      const hash = writeHash(found.term, view.who);
      view.address = `${location.href.replace(/#.*/, "")}${hash}`;
      if (change.follow !== false) history.replaceState(null, "", hash);
      say(note + inWords(index, found.term, series));
      part("result").hidden = false;
      part("caption").textContent = `“${found.term}” per 10,000 words in the General Debate`;
      part("numbers").textContent = `“${found.term}”: the numbers, year by year`;
      part("link").value = view.address;
      fillTable(series);
      URL.revokeObjectURL(part("csv").href);
      part("csv").href = URL.createObjectURL(
        new Blob([csv(index, found.term, series, view.address)], { type: "text/csv;charset=utf-8" }));
      part("csv").download =
        `many-vectors_${found.term.replace(/[^\p{L}\p{N}]+/gu, "-")}_${view.who.join("-")}.csv`;
      draw();
      root.dataset.shown = `${found.term} ${view.who.join(" ")}`;
    }

    const add = (code) => {
      if (view.who.includes(code)) return show({ note: `${index.names.get(code)} is shown already.` });
      if (code !== WORLD && view.who.filter((other) => other !== WORLD).length >= MOST) {
        return show({ note: `${MOST} states at a time can be told apart; remove one before you add another.` });
      }
      // The world comes last, so that it is drawn over nobody's head.
      const states = [...view.who.filter((other) => other !== WORLD), ...(code === WORLD ? [] : [code])];
      return show({ who: [...states, ...(code === WORLD || view.who.includes(WORLD) ? [WORLD] : [])] });
    };

    const failed = (error) => say(error.message);
    const showSafely = (change) => show(change).catch(failed);

    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const matching = (typed) => {
      const asked = plain(typed.trim());
      if (!asked) return [];
      const rank = ([code, name]) =>
        plain(code) === asked ? 0 : plain(name).startsWith(asked) ? 1 : plain(name).includes(asked) ? 2 : 3;
      return [...index.names].filter((entry) => rank(entry) < 3 && entry[0] !== WORLD)
        .sort((a, b) => rank(a) - rank(b) || (a[1] < b[1] ? -1 : 1)).slice(0, 8)
        .map(([code, name]) => ({ value: code, label: name, note: code }));
    };

    combobox(term, part("terms"),
      async (typed) => (await beginningWith(index, prepare(typed, index.spellings), 8))
        .map((found) => ({ ...found, note: `in ${number(found.speeches)} speeches` })),
      (option) => showSafely({ typed: option ? option.value : term.value }));
    combobox(states, part("names"), async (typed) => matching(typed), (option) => {
      const found = option || matching(states.value)[0];
      if (!found) return say(`No state that spoke since ${index.span[0]} is called “${states.value}”.`);
      states.value = "";
      return add(found.value).catch(failed);
    });
    part("show").addEventListener("click", () => showSafely({ typed: term.value }));
    world.addEventListener("change", () =>
      (world.checked ? add(WORLD) : show({ who: view.who.filter((other) => other !== WORLD) })).catch(failed));
    part("copy").addEventListener("click", async () => {
      part("link").select();
      try {
        await navigator.clipboard.writeText(view.address);
        part("copied").textContent = "Copied.";
      } catch {
        part("copied").textContent = "The address is marked: copy it with your keyboard or by a long press.";
      }
    });

    const fromAddress = () => {
      const asked = readHash(location.hash);
      if (asked.term === null && asked.who === null) return {};
      const wanted = [...new Set(asked.who || index.first.who)];
      const found = wanted.filter((code) => index.names.has(code));
      const states = found.filter((code) => code !== WORLD).slice(0, MOST);
      const missing = wanted.filter((code) => !index.names.has(code));
      return {
        typed: asked.term === null ? index.first.term : asked.term,
        who: [...states, ...(found.includes(WORLD) ? [WORLD] : [])],
        note: missing.length ? `The link names nobody who spoke: ${missing.join(", ")}.` : "",
      };
    };
    // A link to a heading of the page is no view.
    window.addEventListener("hashchange", () => {
      const asked = fromAddress();
      if (asked.typed !== undefined) showSafely(asked);
    });
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    let width = part("chart").clientWidth;
    new ResizeObserver(() => {
      if (part("chart").clientWidth === width) return;
      width = part("chart").clientWidth;
      if (width && view.plot) draw();
    }).observe(part("chart"));

    part("marks").textContent = "Dashed lines: the first General Debate under the " +
      `${index.editions} of ${index.eras.slice(1).map(([name]) => name).join(", ").replace(/, (\w+)$/, " and $1")}.`;
    part("size").textContent = `${number(index.terms)} words and ${number(index.phrases)} phrases, ` +
      `${number(index.byState.size)} states, ${number(index.words.length)} speeches`;
    part("form").hidden = false;
    const asked = fromAddress();
    await show({ typed: view.typed, who: view.who, follow: asked.typed !== undefined, ...asked });
  }

  start().catch((error) => {
    part("status").textContent = error.message;
  });
})();
