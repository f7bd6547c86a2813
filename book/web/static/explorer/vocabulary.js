/* The words of the speeches, for the word explorer and the labs: whose speeches there are, where a word's counts lie, and
what can be counted for what a reader typed. */

(function () {
  "use strict";

  const { engine, parts } = window.manyVectorsExplorer;
  const { WORLD, distance, number, plain, root } = engine;
  const say = sayOf("vocabulary"); // its sentences stand in manyvectors/messages/en.json
  const COMMONER = 30; // times as many speeches: then a word is likelier than the one that was typed
  const ENDING = 4; // letters at most by which a word may go on after the registered part of a phrase
  const CYRILLIC = /\p{Script=Cyrillic}/u;

  // The counts lie in a folder of their own where a page has other data as well.
  const load = (name) => engine.load(name, root.dataset.words);

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

  // Speeches are numbered state by state, year by year, as the data pack them.
  async function loadIndex() {
    const index = await load("index");
    const [words, years, speakers, names, byState] = [[], [], [], new Map([[WORLD, say("world")]]), new Map()];
    for (const [code, name, lengths] of index.states) {
      names.set(code, name);
      byState.set(code, []);
      lengths.forEach((length, i) => {
        if (!length) return;
        byState.get(code).push(words.push(length) - 1);
        years.push(index.span[0] + i);
        speakers.push(code);
      });
    }
    return { groups: [], ...index, version: engine.version(root.dataset.words), words, years, speakers, names, byState };
  }

  async function lookUp(index, term) {
    let shard = -1;
    while (shard + 1 < index.starts.length && index.starts[shard + 1] <= term) shard++;
    if (shard < 0) return null;
    const [terms, packed] = await load(`terms-${String(shard).padStart(3, "0")}`);
    const at = terms.indexOf(term);
    return at < 0 ? null : parts.unpack(packed[at], index.words.length);
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

  // Registered phrases that begin with a word.
  async function phrasesNear(index, word) {
    const [terms] = await known(index, word);
    return terms.filter((term) => /[ *]/.test(term) && term.startsWith(word)).slice(0, 6);
  }

  // Words that are spelled nearly so, the nearest and then the most frequent first. Slips in the first letter are rare,
  // and cost a part of the data each: besides its own, only the letter that stands second is looked at.
  async function spelledNearly(index, word) {
    const most = word.length < 5 ? 1 : 2;
    const found = new Map();
    for (const letter of new Set([word[0], word[1] || word[0]])) {
      const [terms, speeches] = await known(index, letter);
      terms.forEach((term, i) => {
        if (term === word || /[ *]/.test(term)) return;
        const steps = distance(word, term, most);
        if (steps < Infinity) found.set(term, { term, steps, speeches: speeches[i] });
      });
    }
    return [...found.values()].sort((a, b) => a.steps - b.steps || b.speeches - a.speeches);
  }

  // Words with as long a beginning in common.
  async function wordsNear(index, word) {
    for (let length = word.length; length > 2; length--) {
      const found = await beginningWith(index, word.slice(0, length), 5);
      if (found.length) return found.map(({ value }) => value);
    }
    return [];
  }

  // What a word of another language is in English: by our table, also where it has another ending, or as a state's name.
  async function inEnglish(index, word) {
    const { aliases, words } = await engine.namesOf();
    const whole = words.filter(([other]) => other === word);
    const stem = (other) => {
      let same = 0;
      while (same < other.length && other[same] === word[same]) same++;
      return same >= 3 && same >= Math.max(other.length, word.length) - 3;
    };
    const found = whole.length ? whole : words.filter(([other]) => stem(other));
    const state = [...aliases].find(([code, others]) => index.names.has(code) && others.some((one) => plain(one) === plain(word)));
    return [...new Set([...found.map(([, english]) => english),
      ...(state ? tokenise(index.names.get(state[0]), index.spellings).slice(-1) : [])])].slice(0, 4);
  }

  // A registered phrase that holds every spelling of what was typed: "multivector" and "Multi-Vector" are "multi-vector*".
  async function registered(index, asked) {
    const bare = (text) => text.replace(/[-\s]/g, "");
    const [terms, speeches] = await known(index, asked);
    const found = terms.map((term, i) => ({ term, speeches: speeches[i] }))
      .filter(({ term }) => {
        const begin = bare(term.slice(0, -1));
        return /[-\s].*\*$/.test(term) && bare(asked).startsWith(begin) && bare(asked).length <= begin.length + ENDING;
      });
    // Of several spellings of one phrase, the one that is found in most speeches.
    return found.length ? found.sort((a, b) => b.speeches - a.speeches)[0].term : null;
  }

  // What can be shown for what was typed: {term, counts, note, instead}, or {reason, instead}.
  async function resolve(index, typed) {
    const asked = prepare(typed, index.spellings);
    if (!asked) return { reason: say("type-word"), instead: [] };
    if (CYRILLIC.test(asked)) {
      const english = await inEnglish(index, asked);
      return english.length
        ? { reason: say("not-english", { word: asked, english: english.join(", ") }), instead: english }
        : { reason: say("not-english-unknown", { word: asked, languages: engine.inWords(index.languages || [], "and") }), instead: [] };
    }
    let counts = await lookUp(index, asked);
    if (counts && counts.some(Boolean)) return { term: asked, counts, ...(await commoner(index, asked, counts)) };
    const tokens = tokenise(asked, index.spellings);
    if (tokens.length && !asked.includes("*")) {
      const phrase = await registered(index, asked);
      if (phrase) return { term: phrase, counts: await lookUp(index, phrase), note: say("spelled-so", { term: phrase }) };
    }
    if (counts) return { term: asked, counts };
    if (!tokens.length) return { reason: say("no-word", { typed: asked }), instead: [] };
    if (tokens.length > 1 || asked.includes("*")) {
      const apart = [...new Set(tokens)].slice(0, 6);
      return {
        reason: tokens.length > 1 ? say("many-words", { typed: asked, phrases: number(index.phrases) }) : say("star", { typed: asked }),
        instead: [...(await phrasesNear(index, tokens[0])), ...apart],
      };
    }
    const [word] = tokens;
    if (word !== asked) {
      counts = await lookUp(index, word);
      if (counts) return { term: word, counts };
    }
    const near = (await spelledNearly(index, word)).slice(0, 5).map(({ term }) => term);
    const floor = say("below-floor", {
      word, floor: index.floor, state: index.focus_name, speeches: number(index.words.length), most: index.floor - 1,
    });
    return {
      reason: near.length ? `${say("did-you-mean", { word, first: near[0] })}\n${floor}` : floor,
      instead: [...new Set([...near, ...(await phrasesNear(index, word)), ...(near.length ? [] : await wordsNear(index, word))])].slice(0, 6),
    };
  }

  // A slip that some speeches have as well: the word that was likely meant is told beside it.
  async function commoner(index, word, counts) {
    if (/[ *]/.test(word) || word.length < 5) return {};
    const speeches = counts.filter(Boolean).length;
    if (speeches > 20) return {};
    const [other] = (await spelledNearly(index, word)).filter(({ steps }) => steps === 1);
    if (!other || other.speeches < COMMONER * speeches) return {};
    return { note: say("commoner", { other: other.term, speeches: number(other.speeches) }), instead: [other.term] };
  }

  // A field for a word: suggests those that begin with what is typed, with the number of speeches that have each.
  function askWord(index, { input, list, choose }) {
    engine.combobox(input, list,
      async (typed) => (await beginningWith(index, prepare(typed, index.spellings), 8))
        .map((found) => ({ ...found, note: say("in-speeches", { n: found.speeches, count: number(found.speeches) }) })),
      (option) => choose(option ? option.value : input.value));
  }

  window.manyVectorsExplorer.vocabulary = Object.freeze({ askWord, beginningWith, loadIndex, lookUp, prepare, resolve, tokenise });
  Object.assign(parts, { prepare, tokenise });
})();
