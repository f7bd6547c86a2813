/* Words and numbers for the explorers and the labs, for which no page is needed: data unpacked, intervals from draws, how far words
are apart, names made plain, a CSV.

Of what all of them share, in `engine`, this is the first room; page.js, names.js, chart.js and engine.js add theirs. */

(function () {
  "use strict";

  const WORLD = "world";
  const DRAWS = 1000;
  const SLICE = 8; // milliseconds of work before the page may answer: a phone takes four times as long
  const LOOK = 20000; // draws of one between two looks at the clock

  // Numbers ----------------------------------------------------------------------------------------------------------

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

  // Words ------------------------------------------------------------------------------------------------------------

  // Names are compared without accents, capitals, dots, apostrophes and a leading article.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ı/g, "i")
    .replace(/[’‘'.]/g, "").replace(/[,()–—-]+/g, " ").trim().replace(/\s+/g, " ").replace(/^the /, "");

  const inWords = (list, joined) => (list.length < 2 ? list.join("")
    : say(joined === "or" ? "explorer.list.or" : "explorer.list.and", { first: list.slice(0, -1).join(", "), last: list[list.length - 1] }));
  const edition = (index, year) => index.eras.filter(([, first]) => first <= year).pop()[0];
  const between = ({ low, high }, written) => (low === null ? "" : say("explorer.interval", { low: written(low), high: written(high) }));
  const toldOf = (name, told) => say("explorer.of", { name, told });
  const inYear = (year, told) => say("explorer.in-year", { year, told: told.join("; ") });
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

  window.manyVectorsExplorer = {
    engine: {
      DRAWS, WORLD, between, breathe, decimals, distance, edition, inWords, inYear, interval, number, percentile, plain, readHash, sheet,
      toldOf, unpack, unpackNumbers,
    },
    parts: { unpack, unpackNumbers, generator, percentile, distance, plain, readHash },
  };
})();
