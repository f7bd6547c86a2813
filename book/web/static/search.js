// The search as a reader meets it: on its page, and in the dialog that the search button and Ctrl+K open. What it needs
// comes when it is first used, as scripts, since a page that was opened from a folder may not fetch: the engine
// (book/web/search/engine.mjs) and the book's places (manyvectors/site/search.py). All that is shown is written as text.
(() => {
  "use strict";
  const say = sayOf("search");

  // Without npm there is no engine, and the search page has Sphinx's own search.
  if (typeof Search !== "undefined") return;
  const root = document.documentElement.dataset.content_root || "";

  let ready = null; // the engine with all places, once
  function load() {
    const script = (name) => new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = `${root}_static/search/${name}`;
      element.onload = resolve;
      element.onerror = () => reject(new Error(name));
      document.head.append(element);
    });
    ready ??= new Promise((resolve, reject) => {
      const places = new Promise((given) => { window.manyVectorsPlaces = given; });
      Promise.all([places, script("engine.js"), script("places.js")])
        .then(([found]) => window.manyVectorsEngine.build(found)).then(resolve, reject);
    });
    return ready;
  }

  const made = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  function kindOf({ kind, keys, title, chapter }) {
    if (kind === "claim") return say("claim", { n: keys[0] });
    if (["term", "work", "state"].includes(kind)) return say(kind);
    const place = chapter && say("chapter", { n: chapter });
    if (kind === "page") return place;
    return place ? say("within", { place, title }) : title;
  }

  // Browsers that know how mark the words on the page and go to them; others go to the section.
  function words(passage) {
    const [before, run] = passage.map((said) => encodeURIComponent(said).replace(/-/g, "%2D"));
    return run ? `:~:text=${before && `${before}-,`}${run}` : "";
  }

  function item(entry, isMarked, passageOf) {
    const { kind, address, anchor, names, text } = entry;
    const shown = made("li", `mv-result mv-result-${kind}`);
    const parts = window.manyVectorsEngine.quote(text, isMarked);
    const inName = names.join(" ").split(/\s+/).some((word) => isMarked(word));
    const link = made("a", "", names.join(", "));
    const place = ["page", "section"].includes(kind) && !inName ? words(passageOf(entry)) : "";
    link.href = `${root}${encodeURI(address)}.html${anchor || place ? `#${encodeURIComponent(anchor)}${place}` : ""}`;
    shown.append(link);
    const where = kindOf(entry);
    if (where) shown.append(" ", made("span", "mv-kind", where));
    if (parts.length) {
      const quoted = made("p", "context");
      quoted.append(...parts.map(([said, sought]) => (sought ? made("mark", "", said) : said)));
      shown.append(quoted);
    }
    return shown;
  }

  // A form and the list of what it finds, of which `most` are shown at once.
  function attach(form, list, most, onward) {
    const input = form.querySelector("input[name=q]");
    const said = made("p", "mv-said");
    said.setAttribute("role", "status");
    const results = made("ol", "mv-results");
    const further = made("p");
    list.append(said, results, further);
    let latest = 0;

    function show(query, { found, mended, isMarked, passageOf }) {
      const told = mended.map(([asked, by]) => say("mended", { asked, found: by }));
      const count = found.length;
      said.textContent = query ? [...told, count ? say("found", { n: count }) : say("none")].join(" ") : "";
      results.replaceChildren();
      further.replaceChildren();
      let next = 0;
      const add = (many) => {
        const first = next;
        next = Math.min(count, next + many);
        results.append(...found.slice(first, next).map((entry) => item(entry, isMarked, passageOf)));
        if (next === count) further.replaceChildren();
        return results.children[first];
      };
      add(most);
      if (next < count && onward) {
        const all = made("a", "", say("all", { n: count }));
        all.href = `${form.action}?${new URLSearchParams({ q: query })}`;
        further.append(all);
      } else if (next < count) {
        const more = made("button", "mv-more", say("more"));
        more.type = "button";
        more.addEventListener("click", () => add(most).querySelector("a").focus());
        further.append(more);
      }
      list.dataset.asked = query; // what the list answers
    }

    async function answer() {
      const query = input.value.trim();
      const number = ++latest;
      if (query && !list.dataset.asked) said.textContent = say("reading");
      try {
        const find = await load();
        if (number === latest) show(query, query ? find(query) : { found: [], mended: [] });
        return number === latest;
      } catch {
        said.textContent = onward ? "" : say("failed"); // from the dialog the search page can still be reached
        return false;
      }
    }

    // The index takes half a second, on a slow phone two: while a reader thinks of a word, not after it.
    const begin = () => { load().catch(() => {}); };
    if (input.matches(":focus")) begin();
    else input.addEventListener("focus", begin, { once: true });
    let timer = 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (!(await answer()) || onward) return;
        try {
          history.replaceState(null, "", `?${new URLSearchParams({ q: input.value.trim() })}`);
        } catch {
          // A page that was opened from a folder keeps its address.
        }
      }, 150);
    });
    // Up and down go through the results and back to the field.
    form.parentElement.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const stops = [input, ...list.querySelectorAll("a, button")];
      const here = stops.indexOf(document.activeElement);
      if (!step || here < 0 || !stops[here + step]) return;
      event.preventDefault();
      stops[here + step].focus();
    });
    if (input.value.trim()) answer(); // nothing is loaded before something is asked
  }

  const page = document.getElementById("search-results");
  if (page) {
    const form = page.parentElement.querySelector("form.bd-search");
    form.querySelector("input[name=q]").value = new URLSearchParams(location.search).get("q") ?? "";
    attach(form, page, 10, false);
  }
  const dialog = document.getElementById("pst-search-dialog");
  if (dialog && !page) {
    const list = dialog.appendChild(made("div", "mv-found"));
    attach(dialog.querySelector("form.bd-search"), list, 5, true);
  }
})();
