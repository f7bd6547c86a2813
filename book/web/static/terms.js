// The glossary's own page: its names first, and one entry at a time. An address with a term's name opens that entry, with
// its neighbours beside it; one with a section's name opens the section. Without scripts, and on paper, all is there.
(() => {
  "use strict";
  const say = sayOf("glossary.page");
  const FEW = 20; // a short glossary is read as a whole

  const article = document.querySelector("article");
  const lists = [...article.querySelectorAll("dl.glossary")];
  if (lists.reduce((sum, list) => sum + list.querySelectorAll("dd").length, 0) <= FEW) return;

  const made = (tag, className, ...content) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  };
  const link = (to, text) => Object.assign(made("a", "", text), { href: `#${to}` });
  const nameOf = (term) => [...term.childNodes].filter((node) => !node.classList?.contains("headerlink")).map((node) => node.textContent).join("").trim();
  // Where a browser can, what is hidden is still found by its search in the page.
  const away = "onbeforematch" in document.body ? "until-found" : "";

  // The names of an entry and what they mean become one element; each section gets the list of its names.
  const entries = [];
  for (const list of lists) {
    const own = [];
    let box = null;
    for (const child of [...list.children]) {
      if (!box) {
        box = made("div", "mv-entry");
        child.before(box);
      }
      box.append(child);
      if (child.tagName !== "DD") continue;
      const names = [...box.querySelectorAll("dt")];
      own.push({ box, id: names[0].id, names: names.map(nameOf), section: list.closest("section") });
      box = null;
    }
    entries.push(...own);
    const names = made("ul", "mv-names", ...own.map(({ id, names: said }) => made("li", "", link(id, said.join(", ")))));
    names.setAttribute("role", "list"); // Safari takes it away with the dots
    list.before(names);
  }
  const around = made("nav", "mv-around d-print-none");
  around.setAttribute("aria-label", say("neighbours"));
  const top = article.querySelector("section");
  const whole = made("button", "mv-whole d-print-none", say("whole"));
  whole.type = "button";
  top.querySelector(":scope > section").before(whole);
  const title = document.title;

  const put = (elements, gone) => elements.forEach((element) => element.classList.toggle("mv-away", gone));
  const headings = [...top.querySelectorAll(":scope > section > h2")];
  const names = [...article.querySelectorAll(".mv-names")];
  const introduction = [...top.children].filter((child) => !child.matches("h1, section"));

  function show(isShown, { heading = () => true, listed = false, introduced = true }) {
    for (const { box } of entries) box.hidden = false;
    for (const entry of entries) if (!isShown(entry)) entry.box.setAttribute("hidden", away);
    headings.forEach((one) => put([one], !heading(one.parentElement)));
    lists.forEach((list) => list.classList.toggle("mv-shut", !list.querySelector(".mv-entry:not([hidden])")));
    put(names, !listed);
    put(introduction, !introduced);
    around.remove();
    document.title = title;
  }

  function open(entry) {
    const place = entries.indexOf(entry);
    const [before, after] = [entries[place - 1], entries[place + 1]];
    show((other) => other === entry, { heading: (section) => section === entry.section, introduced: false });
    const section = entry.section.querySelector("h2");
    around.replaceChildren(
      ...(before ? [link(before.id, say("before", { name: before.names[0] }))] : []),
      ...(after ? [link(after.id, say("after", { name: after.names[0] }))] : []),
      link(entry.section.id, say("section", { title: nameOf(section) })),
      link(top.id, say("names")),
    );
    entry.box.parentElement.after(around);
    document.title = `${entry.names[0]} – ${title}`;
  }

  function follow() {
    const place = decodeURIComponent(location.hash.slice(1));
    const target = place ? document.getElementById(place) : null;
    const entry = target && entries.find(({ box }) => box.contains(target));
    const section = target?.closest("section");
    if (entry) open(entry);
    else if (section && section !== top) show((one) => one.section === section, { heading: (one) => one === section, introduced: false });
    else show(() => false, { listed: true });
    if (!target) return;
    target.scrollIntoView();
    const stop = entry ? target.closest("dt") ?? entry.box.querySelector("dt") : target;
    stop.tabIndex = -1;
    stop.focus({ preventScroll: true });
  }

  whole.addEventListener("click", () => {
    show(() => true, {});
    put([whole], true);
    headings[0].tabIndex = -1;
    headings[0].focus();
  });
  addEventListener("hashchange", follow);
  follow();
})();
