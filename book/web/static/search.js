// The search page. Sphinx's script finds, and this shows: it quotes from files that hand themselves over, since a page that
// was opened from a folder may not fetch others, and it writes what it found as text, never as markup.
(() => {
  "use strict";
  if (typeof Search === "undefined") return;

  const LONG = 240; // letters of a quotation
  const BEFORE = 100; // of these, before the first word that was asked for
  const root = document.documentElement.dataset.content_root || "";

  // "constructor" is a word like another, not what every table of JavaScript has by that name.
  const bare = Object.create(null, { hasOwnProperty: { value: Object.prototype.hasOwnProperty } });
  const given = Search.setIndex;
  Search.setIndex = (index) => {
    for (const table of [index.terms, index.titleterms]) Object.setPrototypeOf(table, bare);
    given(index);
  };
  if (Search.hasIndex()) Search.setIndex(Search._index);
  const cut = splitQuery;
  splitQuery = (query) => cut(query).map((word) => word.replace(/^_+|_+$/g, "")).filter(Boolean);

  const texts = new Map(); // page to {promise, resolve}
  window.manyVectorsText = (page, text, places) => texts.get(page)?.resolve({ letters: [...text], places });
  function textOf(page) {
    if (!texts.has(page)) {
      const wanted = {};
      wanted.promise = new Promise((resolve) => { wanted.resolve = resolve; });
      texts.set(page, wanted);
      const script = document.createElement("script");
      script.src = `${root}_static/search/${encodeURI(page)}.js`;
      script.onerror = () => wanted.resolve(null); // what was found can be followed without a quotation, too
      document.head.append(script);
    }
    return texts.get(page).promise;
  }

  function quotation({ letters, places }, anchor, words) {
    const [from, to] = Object.hasOwn(places, anchor) ? places[anchor] : [0, letters.length];
    const text = letters.slice(from, Math.max(to, from + LONG)).join("");
    const lower = text.toLowerCase();
    const first = Math.min(...[...words].map((word) => lower.indexOf(word.toLowerCase())).filter((at) => at >= 0));
    const start = Number.isFinite(first) && first > BEFORE ? text.indexOf(" ", first - BEFORE) + 1 : 0;
    const end = text.length > start + LONG ? text.lastIndexOf(" ", start + LONG) : text.length;
    return `${start ? "… " : ""}${text.slice(start, end).trim()}${end < text.length ? " …" : ""}`;
  }

  const plain = (markup) => new DOMParser().parseFromString(markup, "text/html").body.textContent;

  function show([page, title, anchor, about], wanted, marked) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `${root}${encodeURI(page)}${DOCUMENTATION_OPTIONS.LINK_SUFFIX}${anchor}`;
    link.textContent = plain(title);
    item.append(link);
    const mark = () => marked.forEach((word) => _highlightText(item, word, "highlighted"));
    if (about) {
      item.append(` (${plain(about)})`);
      mark();
      return item;
    }
    textOf(page).then((held) => {
      const text = held && quotation(held, anchor.slice(1), wanted);
      if (!text) return;
      const line = document.createElement("p");
      line.className = "context";
      line.textContent = text;
      item.append(line);
      mark();
    });
    return item;
  }

  Search.query = (query) => {
    const [asked, wanted, unwanted, marked, objects] = Search._parseQuery(query);
    const found = Search._performSearch(asked, wanted, unwanted, marked, objects).reverse();
    Search.output.append(...found.map((result) => show(result, wanted, marked)));
    _finishSearch(found.length);
  };
})();
