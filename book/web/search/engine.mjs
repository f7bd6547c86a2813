// What the search finds and in which order. It knows nothing of the page that asks: `build` takes what
// manyvectors/site/search.py wrote and returns a function of what a reader has typed.
//
// MiniSearch holds the words and weighs them (BM25+, a weight for each field); what a reader means is worked out here:
// stems, hyphens, phrases, other alphabets, the book's table of meanings, slips of the finger.
import MiniSearch from "minisearch";
import { stemmer } from "stemmer";

const FIELDS = { names: 8, keys: 6, called: 8, page: 2, below: 2, text: 1 };
const KINDS = { page: 1.3, section: 1, term: 1.25, claim: 1, work: 0.06, state: 0.5 };
const EXACT = 3; // a place that is called just what was asked
const KEY = 2.5; // one that the general index gives for it: a person's entry begins with what most call them
const KEY_PART = 2; // one that it gives for a part of it
const IN_NAME = 1.7; // one whose name holds it, word by word
const IN_TEXT = 1.3;
const MEANT = 0.8; // what the book calls what was asked, beside what was asked itself
const UNFINISHED = 0.7; // a word that only begins like the last one, which a reader may still be typing
const AGAIN = 0.8; // each further place of the same kind on the same page
const APART = /^(?:exercises|further reading)$/i; // their words are those of the sections before
const LEAST = 0.5; // share of what was asked that a place must have
const ENOUGH = 8; // places that have all that any has: then those that have less are left out

const LETTERS = {
  а: "a", б: "b", в: "v", г: "g", д: "d", е: "e", ё: "yo", ж: "zh", з: "z", и: "i", й: "y", к: "k", л: "l", м: "m",
  н: "n", о: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts", ч: "ch", ш: "sh", щ: "shch", ъ: "",
  ы: "y", ь: "", э: "e", ю: "yu", я: "ya", ә: "a", ғ: "g", қ: "k", ң: "n", ө: "o", ұ: "u", ү: "u", һ: "h", і: "i",
};
const STOP = new Set(("a about an and are as at be been by can could did do does for from had has have how i in is it its me my " +
  "of on or our should so than that the their there they this to was we were what when where which who whom whose why will " +
  "with would you your").split(" "));
const idle = (word, before) => STOP.has(word) || (before === "how" && /^(?:many|mani|much)$/.test(word)); // how many: not Many Vectors
const telling = (words) => words.filter((word, i) => !idle(word, words[i - 1]));

// --- Words ------------------------------------------------------------------------------------------------------------

const plain = (text) => text.normalize("NFKD").replace(/(\p{Script=Latin})\p{M}+/gu, "$1").normalize("NFC")
  .toLowerCase().replace(/[’ʼ`]/g, "'").replace(/[‐‑‒–]/g, "-").replace(/'s(?![\p{L}\p{N}])/gu, "");
const split = (text) => plain(text).match(/[\p{L}\p{N}]+(?:[-'][\p{L}\p{N}]+)*/gu) ?? [];
const stemmed = new Map();
const stem = (word) => stemmed.get(word) ?? stemmed.set(word, /^[a-z]{3,}$/.test(word) ? stemmer(word) : word).get(word);
const inLatin = (word) => [...word].map((letter) => LETTERS[letter] ?? letter).join("");

// A word with a hyphen counts in its parts and as one.
const partsOf = (word) => (/[-']/.test(word) ? word.split(/[-']/) : [word]);
const wholeOf = (word) => word.replace(/[-']/g, "");
const stems = (text) => split(text).flatMap(partsOf).map(stem);

// Letters to change, add, leave out or, side by side, to change about.
function distance(one, other) {
  const rows = [[...other, ""].map((_, i) => i)];
  for (let i = 1; i <= one.length; i++) {
    const [above, before] = [rows[i - 1], rows[i - 2]];
    const here = [i];
    for (let j = 1; j <= other.length; j++) {
      here.push(Math.min(above[j - 1] + (one[i - 1] !== other[j - 1]), above[j] + 1, here[j - 1] + 1));
      const swapped = before && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) here[j] = Math.min(here[j], before[j - 2] + 1);
    }
    rows.push(here);
  }
  return rows[one.length][other.length];
}

function holds(words, sought) {
  for (let i = 0; i + sought.length <= words.length; i++) if (sought.every((word, j) => words[i + j] === word)) return true;
  return false;
}

// --- The index --------------------------------------------------------------------------------------------------------

export async function build({ pages, places, means }) {
  const entries = places.map(([page, kind, anchor, names, keys, text, depth], id) => {
    const [address, title, chapter, called] = pages[page];
    // As readers ask for them.
    const asked = kind === "claim" ? [`claim ${parseInt(keys[0], 10)}`] : [];
    if (kind === "page" && chapter) asked.push(`chapter ${parseInt(chapter, 10)}`, `chapter ${chapter}`);
    return { id, kind, anchor, names, keys: [...keys, ...asked], text, depth, address, title, chapter, called };
  });
  // A page or section is also about what its sections are called.
  const below = ({ id, address, depth }) => {
    const found = [];
    for (let i = id + 1; entries[i]?.address === address && entries[i].depth > depth; i++)
      if (entries[i].kind === "section") found.push(...entries[i].names);
    return found.join(" \n ");
  };
  const spellings = new Map(); // a stem to the words that have it
  const index = new MiniSearch({
    fields: Object.keys(FIELDS),
    extractField: (entry, field) => {
      if (field === "id" || field === "text") return entry[field];
      if (field === "called") return entry.kind === "page" ? entry.called : "";
      if (field === "below") return below(entry);
      if (field === "page") return entry.kind === "section" ? `${entry.title} ${entry.called}` : "";
      return entry[field].join(" \n ");
    },
    tokenize: (text) => split(text).flatMap((word) => (/[-']/.test(word) ? [...partsOf(word), wholeOf(word)] : [word])),
    processTerm: (word) => {
      const found = stem(word);
      const spelt = spellings.get(found) ?? spellings.set(found, new Map()).get(found);
      spelt.set(word, (spelt.get(word) ?? 0) + 1);
      return found;
    },
  });
  await index.addAllAsync(entries, { chunkSize: 60 }); // so that a slow phone can answer a key in between
  const table = means.map(([asked, meant]) => ({ asked: stems(asked), meant: stems(meant) })).filter(({ asked, meant }) => asked.length && meant.length);
  return (query) => find(query, { entries, index, spellings, table });
}

// Asked as it stands, the index neither cuts nor stems again.
const look = (index, word, options = {}) => index.search(word, {
  boost: FIELDS, tokenize: (one) => [one], processTerm: (one) => one, prefix: false, fuzzy: false, ...options,
});

const commonest = (spelt) => [...spelt].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0][0];

// A word of another alphabet without its ending, where that is known; null otherwise.
function shorter(word, known) {
  for (let length = word.length; length >= Math.max(5, word.length - 5); length--)
    if (known(word.slice(0, length))) return word.slice(0, length);
  return null;
}

// The nearest word of the book to one that is not in it; null if none is near.
function nearest(word, index) {
  const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
  const near = new Map();
  // Two letters changed about are two changes to MiniSearch, and one to us.
  if (most) for (const { match, score } of look(index, word, { fuzzy: 2 }))
    for (const found of Object.keys(match)) if (distance(word, found) <= most) near.set(found, (near.get(found) ?? 0) + score);
  // Whoever slips has most often the first letter right.
  const worth = ([found, score]) => [distance(word, found) + (found[0] === word[0] ? 0 : 0.5), -score];
  return [...near].sort((a, b) => worth(a)[0] - worth(b)[0] || worth(a)[1] - worth(b)[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? null;
}

// --- The answer -------------------------------------------------------------------------------------------------------

// What was asked, as ideas: each a list of ways to say it, each way a list of stems that must all be there.
function ideasOf(words, { index, spellings, table }) {
  const known = (one) => spellings.has(one);
  const mended = [];
  const ideas = [];
  const meant = []; // what was asked, in the book's own words
  const [flat, latin] = [words, words.map(inLatin)].map((list) => list.flatMap((word) => partsOf(word).map(stem)));
  const singles = table.filter(({ asked }) => asked.length === 1);
  // What is meant by several words together counts like all of them.
  const phrases = table.filter(({ asked }) => asked.length > 1 && (holds(flat, asked) || holds(latin, asked)));
  const covered = new Set(phrases.flatMap(({ asked }) => asked));
  words.forEach((word, number) => {
    if (idle(word, words[number - 1]) && telling(words).length) return;
    const whole = stem(wholeOf(word));
    const parts = partsOf(word).map(stem);
    const ways = [];
    if (known(whole)) ways.push({ stems: [whole], worth: 1 });
    if (parts.length > 1 && parts.every(known)) ways.push({ stems: parts, worth: ways.length ? MEANT : 1 });
    const spelt = stem(inLatin(wholeOf(word)));
    const others = new Set(); // a word of another alphabet: in Latin letters, without its ending, with another ending
    if (spelt !== whole) {
      others.add(spelt).add(shorter(spelt.slice(0, -1), known)).add(nearest(spelt, index));
      if (!known(whole)) others.add(nearest(whole, index)).add(shorter(whole, (one) => singles.some(({ asked }) => asked[0] === one)));
    }
    for (const one of others) if (one && known(one)) ways.push({ stems: [one], worth: MEANT });
    const named = singles.filter(({ asked }) => asked[0] === whole || others.has(asked[0])).map((one) => one.meant);
    for (const one of named) ways.push({ stems: one, worth: ways.length ? MEANT : 1 });
    meant.push(...(named[0] ?? parts));
    if (number === words.length - 1 && whole.length > 2) ways.push({ begins: whole, worth: UNFINISHED });
    const begun = ways.some((way) => way.stems) || look(index, whole, { prefix: true }).length;
    if (!begun && !covered.has(whole)) {
      const near = nearest(whole, index);
      if (near) {
        mended.push([word, commonest(spellings.get(near))]);
        ways.push({ stems: [near], worth: 1 });
      }
    }
    ideas.push(ways);
  });
  return { ideas, mended, phrases, meant };
}

function scoresOf(way, index) {
  if (way.begins) return new Map(look(index, way.begins, { prefix: true }).map(({ id, score }) => [id, score * way.worth]));
  const lists = way.stems.map((one) => new Map(look(index, one).map(({ id, score }) => [id, score])));
  const [first, ...others] = lists.sort((a, b) => a.size - b.size);
  const found = new Map();
  for (const [id, score] of first)
    if (others.every((list) => list.has(id)))
      found.set(id, way.worth * others.reduce((sum, list) => sum + list.get(id), score));
  return found;
}

const bestOf = (ways, index) => {
  const best = new Map();
  for (const way of ways) for (const [id, score] of scoresOf(way, index)) best.set(id, Math.max(best.get(id) ?? 0, score));
  return best;
};

function find(query, { entries, index, spellings, table }) {
  const quoted = [...query.matchAll(/["“”„«]([^"“”„«»]+)["“”„»]/g)].map((match) => stems(match[1])).filter((one) => one.length);
  const words = split(query);
  const { ideas, mended, phrases, meant } = ideasOf(words, { index, spellings, table });
  const totals = new Map();
  const add = (scores) => scores.forEach((score, id) => {
    const known = totals.get(id) ?? totals.set(id, { score: 0, met: 0 }).get(id);
    known.score += score;
    known.met += 1;
  });
  ideas.forEach((ways) => add(bestOf(ways, index)));
  for (const { meant } of phrases)
    bestOf([{ stems: meant, worth: 1 }], index).forEach((score, id) => {
      const known = totals.get(id) ?? totals.set(id, { score: 0, met: 0 }).get(id);
      known.score += score;
      known.met = Math.max(known.met, ideas.length); // it is what was meant, whichever of the words it has
    });
  const asked = words.map((word) => new Map(mended).get(word) ?? word).flatMap(partsOf).map(stem);
  const sought = telling(asked);
  const most = Math.max(0, ...[...totals.values()].map(({ met }) => met));
  const whole = [...totals.values()].filter(({ met }) => met === most).length >= ENOUGH;
  const content = (name) => telling(name).join(" ");
  const given = (entry) => entry.keys.filter((key) => [sought, meant].some((one) => content(stems(key.split(/[,;]/)[0])) === one.join(" ")));
  const found = [];
  for (const [id, { score, met }] of totals) {
    if (met < LEAST * ideas.length || (whole && met < most)) continue;
    const entry = entries[id];
    const names = entry.names.map(stems);
    const text = quoted.length || words.length > 1 ? (entry.stems ??= stems(`${entry.names.join(" ")} ${entry.text}`)) : [];
    if (!quoted.every((phrase) => holds(text, phrase) || names.some((name) => holds(name, phrase)))) continue;
    let worth = score * (met / most) ** 3 * KINDS[entry.kind] * (entry.names.some((name) => APART.test(name)) ? 0.4 : 1) * (entry.kind === "section" && !entry.text ? 0.5 : 1);
    const alike = [...names, ...entry.keys.map(stems), ...(entry.kind === "page" ? [stems(entry.called)] : [])];
    if (sought.length && alike.some((name) => content(name) === sought.join(" "))) worth *= EXACT;
    else if (sought.length && given(entry).length) worth *= given(entry).some((key) => !key.includes(";")) ? KEY : KEY_PART;
    else if (sought.length && names.some((name) => holds(name, asked) || holds(name, sought))) worth *= IN_NAME;
    else if (sought.length > 1 && (holds(text, asked) || holds(text, sought))) worth *= IN_TEXT;
    found.push({ ...entry, score: worth });
  }
  found.sort((a, b) => b.score - a.score || a.id - b.id);
  const seen = new Map();
  for (const entry of found) {
    const group = `${entry.kind} ${entry.address}`;
    entry.score *= AGAIN ** (seen.get(group) ?? 0);
    seen.set(group, (seen.get(group) ?? 0) + 1);
  }
  found.sort((a, b) => b.score - a.score || a.id - b.id);
  const marked = new Set(ideas.flat().flatMap((way) => way.stems ?? [way.begins]).concat(phrases.flatMap(({ meant }) => meant)));
  const isMarked = (word) => partsOf(plain(word)).concat(wholeOf(plain(word))).some((part) => marked.has(stem(part)));
  return { found, mended, isMarked, passageOf: (entry) => passage(entry, isMarked, entries) };
}

// --- Passages ---------------------------------------------------------------------------------------------------------

const [RUN, LEAD, TELLING] = [6, 3, 3]; // most words of a passage, most before it, fewest of both

// The words of a place to which a browser can be led, from the first that was asked for: what stands right before them,
// and they. A browser goes to the first such words on the page: without others that have them, or to none (["", ""]).
function passage({ id, address, text }, isMarked, entries) {
  const isElsewhere = (said) => entries.some((entry) =>
    entry.id !== id && (entry.address === address || entry.kind === "page") &&
    `${entry.names.join(" ")} ${entry.address === address ? entry.text : ""}`.toLowerCase().includes(said.toLowerCase()));
  for (const [run] of text.matchAll(/[\p{L}\p{N}_'’-]+(?: [\p{L}\p{N}_'’-]+)*/gu)) {
    const words = run.split(" ");
    const first = words.findIndex((word) => isMarked(word));
    if (first < 0) continue;
    const said = words.slice(first, first + RUN);
    for (let lead = 0; lead <= Math.min(LEAD, first); lead++) {
      const before = words.slice(first - lead, first);
      if (lead + said.length >= TELLING && !isElsewhere([...before, ...said].join(" "))) return [before.join(" "), said.join(" ")];
    }
  }
  return ["", ""];
}

// --- Quotations -------------------------------------------------------------------------------------------------------

const LONG = 220; // letters of a quotation
const BEFORE = 80; // of these, before the first word that was asked for

// What is said of it, from shortly before the first word that was asked for: parts, each with whether it was asked for.
export function quote(text, isMarked) {
  const words = [...text.matchAll(/[\p{L}\p{N}]+(?:[-'’][\p{L}\p{N}]+)*/gu)].map((match) => ({ at: match.index, word: match[0], sought: isMarked(match[0]) }));
  const first = words.find(({ sought }) => sought);
  let start = 0;
  if (first && first.at > BEFORE) {
    const sentence = text.lastIndexOf(". ", first.at) + 2;
    start = first.at - sentence <= BEFORE && sentence > 1 ? sentence : text.indexOf(" ", first.at - BEFORE) + 1;
  }
  const end = text.length > start + LONG ? Math.max(text.lastIndexOf(" ", start + LONG), start + LONG / 2) : text.length;
  const parts = [[start ? "… " : "", false]];
  let from = start;
  for (const { at, word, sought } of words) {
    if (!sought || at < start || at + word.length > end) continue;
    parts.push([text.slice(from, at), false], [word, true]);
    from = at + word.length;
  }
  parts.push([text.slice(from, end).trimEnd() + (end < text.length ? " …" : ""), false]);
  return parts.filter(([said]) => said);
}
