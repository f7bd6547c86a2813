/* Entries of a dictionary that overlap, counted once: as manyvectors.text.entries does from counts. */

(function () {
  "use strict";

  const say = sayOf("labs.overlaps"); // its sentences stand in manyvectors/messages/en.json

  // An entry taken apart: runs of word characters, hyphens and stars; and what stands around them.
  function apart(entry) {
    const pieces = entry.split(/([\p{L}\p{N}_*-]+)/u);
    return { runs: pieces.filter((_, i) => i % 2), marks: pieces.filter((_, i) => i % 2 === 0) };
  }

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const pattern = (run) => new RegExp(`^${run.replace(/\*+/g, "*").split("*").map(escaped).join(".*?")}$`, "u");
  const covers = (general, special) => (general.includes("*") ? pattern(general).test(special) : general === special);

  function meets(one, other) {
    if (!one.includes("*")) return covers(other, one);
    if (!other.includes("*")) return covers(one, other);
    const [heads, tails] = [[one, other].map((run) => run.split("*")[0]), [one, other].map((run) => run.split("*").pop())];
    const [short, long] = [...tails].sort((a, b) => a.length - b.length);
    return (heads[0].startsWith(heads[1]) || heads[1].startsWith(heads[0])) && long.endsWith(short);
  }

  class Unclear extends Error {}
  const unclear = (key, first, second) => new Unclear(say(key, { first, second }));

  // Whether one entry stands at a run of another: true, false, or null for in some of its matches only.
  function fits(ours, theirs, start) {
    const end = start + ours.runs.length;
    const between = ours.marks.slice(1, -1).join("\n") === theirs.marks.slice(start + 1, end).join("\n");
    if (!between || !theirs.marks[start].endsWith(ours.marks[0]) || !theirs.marks[end].startsWith(ours.marks[ours.marks.length - 1])) return false;
    const pairs = ours.runs.map((run, i) => [run, theirs.runs[start + i]]);
    if (pairs.every(([one, two]) => covers(one, two))) return true;
    return pairs.every(([one, two]) => meets(one, two)) ? null : false;
  }

  // At how many places one entry stands inside another.
  function times(entry, other) {
    const [ours, theirs] = [apart(entry), apart(other)];
    let found = 0;
    for (let start = 0; start <= theirs.runs.length - ours.runs.length; start++) {
      const fit = fits(ours, theirs, start);
      if (fit === null) {
        const wider = ours.runs.length === theirs.runs.length && theirs.runs.every((run, i) => covers(run, ours.runs[i]));
        if (!wider) throw unclear("some-matches", entry, other);
      } else found += Number(fit);
    }
    return found;
  }

  // The phrase in which the last runs of one entry are the first of another, or null.
  function join(entry, other, k) {
    const [{ runs: mine, marks }, { runs: yours, marks: theirs }] = [apart(entry), apart(other)];
    const n = marks.length;
    if (k >= yours.length || marks.slice(n - k, n - 1).join("\n") !== theirs.slice(1, k).join("\n")) return null;
    if (!marks[n - k - 1].endsWith(theirs[0]) || !theirs[k].startsWith(marks[n - 1])) return null;
    const common = [];
    for (let i = 0; i < k; i++) {
      const [one, two] = [mine[mine.length - k + i], yours[i]];
      if (!covers(one, two) && !covers(two, one)) {
        if (meets(one, two)) throw unclear("overlap-some", entry, other);
        return null;
      }
      common.push(covers(one, two) ? two : one);
    }
    const runs = [...mine.slice(0, -k), ...common, ...yours.slice(k)];
    const between = [...marks.slice(0, -1), ...theirs.slice(k)];
    return between[0] + runs.map((run, i) => run + between[i + 1]).join("");
  }

  // The phrases in which two entries overlap without one holding the other, and the entry that each begins with.
  function joined(entries) {
    const found = new Map();
    for (const one of entries) {
      const size = apart(one).runs.length;
      for (let k = 1; k < size; k++) {
        for (const other of entries) {
          const phrase = join(one, other, k);
          const sizes = [size, apart(other).runs.length];
          const before = phrase && found.get(phrase);
          if (phrase && (!before || before.sizes[0] < sizes[0] || (before.sizes[0] === sizes[0] && before.sizes[1] < sizes[1]))) {
            found.set(phrase, { sizes, first: one });
          }
        }
      }
    }
    return [...found].filter(([phrase, { sizes }]) => neighbours(phrase, sizes, entries)).map(([phrase, { first }]) => [phrase, first]);
  }

  // Whether the two entries of such a phrase are each other's neighbours: none holds both or stands between.
  function neighbours(phrase, [first, last], entries) {
    const whole = apart(phrase);
    const n = whole.runs.length;
    for (let start = 0; start < n - last; start++) {
      for (const entry of entries) {
        const own = apart(entry);
        const end = start + own.runs.length;
        if (start === 0 ? end !== n : !(first < end && end < n)) continue;
        const fit = fits(own, whole, start);
        if (fit === null && start) throw unclear("some-matches", entry, phrase);
        if (fit) return false;
      }
    }
    return true;
  }

  /* How often each entry counts: where no longer one holds it, and of two that overlap the first. `plain`: Map of each
     entry, and of each phrase of joined(), to its occurrences in each speech. */
  function once(entries, plain) {
    const joins = joined(entries);
    const every = [...new Set([...entries, ...joins.map(([phrase]) => phrase)])];
    const inside = new Map(every.map((entry) => [entry,
      every.filter((other) => other !== entry).map((other) => [other, times(entry, other)]).filter(([, n]) => n)]));
    const alone = new Map();
    const settle = (entry) => {
      if (!alone.has(entry)) {
        const counts = Int32Array.from(plain.get(entry));
        for (const [other, n] of inside.get(entry)) settle(other).forEach((count, i) => { counts[i] -= n * count; });
        alone.set(entry, counts);
      }
      return alone.get(entry);
    };
    return entries.map((entry) => {
      const counts = Int32Array.from(settle(entry));
      for (const [phrase, first] of joins) if (first === entry) settle(phrase).forEach((count, i) => { counts[i] += count; });
      return counts.map((count) => Math.max(count, 0)); // a term under the floor is not counted alone, but is inside a phrase
    });
  }

  window.manyVectorsOverlaps = Object.freeze({ joined, once, Unclear });
})();
