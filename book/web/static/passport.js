// The passport of a number: what it goes back to, shown under the pointer, at the keyboard's focus, at a tap.
// It stands behind its number in the page, so that the next press of Tab reaches the link in it. A page has up to ninety
// numbers: those of a section, a box or a figure are one stop of the Tab key, and the arrow keys go from one to the next.
// The passports of a chapter are one script, loaded when a reader first asks for one.
(() => {
  const root = document.documentElement.dataset.content_root || "./";
  const held = {}; // chapter to its passports, or to null while they are on their way
  const note = document.createElement("span");
  note.id = "passport";
  note.className = "mv-passport";
  note.setAttribute("role", "status"); // what comes late is read out, too
  let number = null; // whose passport is open
  let dismissed = null; // closed with Escape, and not to be opened until it is left
  let touched = false;
  let timer = 0;
  const numberOf = (event) => event.target.closest?.(".mv-n");
  const groups = new Map(); // a section to its numbers, a number to those of its section
  document.querySelectorAll(".mv-n").forEach((one) => {
    const place = one.closest("details, figure, .admonition, section") ?? document.body;
    const group = groups.get(place) ?? groups.set(place, []).get(place);
    groups.set(one, group);
    one.tabIndex = group.push(one) === 1 ? 0 : -1;
    one.setAttribute("role", "button");
    one.setAttribute("aria-expanded", "false");
  });

  const close = () => {
    clearTimeout(timer);
    if (!number) return;
    number.setAttribute("aria-expanded", "false");
    number.removeAttribute("aria-describedby");
    note.remove();
    number = null;
  };

  const place = () => {
    note.style.left = note.style.top = "0";
    const lines = number.getClientRects();
    const origin = note.getBoundingClientRect();
    const room = document.documentElement.clientWidth - origin.width - 8;
    const last = lines[lines.length - 1];
    const fits = last.bottom + 4 + origin.height <= innerHeight || lines[0].top < origin.height + 4;
    note.style.left = `${Math.max(8, Math.min(last.left, room)) - origin.left}px`;
    note.style.top = `${(fits ? last.bottom + 4 : lines[0].top - origin.height - 4) - origin.top}px`;
  };

  const fill = () => {
    const [chapter, name] = number.dataset.n.split("/");
    if (!(chapter in held)) {
      held[chapter] = null;
      const script = document.createElement("script");
      script.src = `${root}_static/passports/${chapter}.js`;
      document.head.append(script);
    }
    const { labels, cite, of } = held[chapter] || {};
    const rows = of?.[name];
    note.replaceChildren(...(rows ? [...rows, [labels.length - 1, name, cite]] : []).map(([label, said, address]) => {
      const row = document.createElement("span");
      const head = document.createElement("b");
      const body = document.createElement(address ? "a" : label === 1 ? "code" : "span");
      head.textContent = labels[label];
      body.textContent = said;
      if (address) body.href = root + address;
      row.append(head, " ", body);
      return row;
    }));
    // The entry of a number is its chapter's, at the end of the page, with a key and a title of its own.
    const entry = document.querySelector(".cite-this pre")?.textContent.trim();
    if (rows && entry && navigator.clipboard && location.pathname.endsWith(`/${chapter}.html`)) {
      const copy = document.createElement("button");
      copy.textContent = say("passport.copy");
      const called = say("cite.number-called", { name, value: number.textContent }).replace(/[&%$#_]/g, "\\$&").replace(/–/g, "--");
      copy.onclick = () => navigator.clipboard
        .writeText(entry.replace(",", `-${name.toLowerCase().replace(/[^a-z0-9]+/g, "-")},`).replace(/(title +=).*/, (_, is) => `${is} {{${called}}},`))
        .then(() => { copy.textContent = say("passport.copied"); });
      note.append(copy);
    }
    note.hidden = !note.childElementCount;
    if (groups.get(number).length > 1 && number.matches(":focus-visible")) {
      const keys = document.createElement("i");
      keys.textContent = say("passport.keys");
      note.append(keys);
    }
    if (!note.hidden) place();
  };
  window.manyvectorsPassports = (chapter, passports) => {
    held[chapter] = passports;
    if (number) fill();
  };

  const open = (next) => {
    clearTimeout(timer);
    if (next === number || next === dismissed) return;
    close();
    number = next;
    number.after(note);
    number.setAttribute("aria-expanded", "true");
    number.setAttribute("aria-describedby", note.id);
    fill();
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const next = numberOf(event);
    if (next !== dismissed) dismissed = null;
    clearTimeout(timer);
    if (next) timer = setTimeout(open, 150, next); // not for a pointer that only passes
    else if (number && !note.contains(event.target) && !number.matches(":focus")) timer = setTimeout(close, 250);
  });
  document.addEventListener("focusin", (event) => {
    const next = numberOf(event);
    groups.get(next)?.forEach((one) => { one.tabIndex = one === next ? 0 : -1; });
    if (next?.matches(":focus-visible")) open(next);
  });
  document.addEventListener("focusout", (event) => {
    dismissed = null;
    const to = event.relatedTarget;
    if (to && to !== number && !note.contains(to)) close();
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (number && numberOf(event) !== number && !note.contains(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const next = numberOf(event);
    dismissed = null;
    if (next) open(next);
    else if (touched && note.contains(event.target) && !event.target.closest("a, button")) close(); // it may cover what is wanted
  });
  document.addEventListener("keydown", (event) => {
    const next = numberOf(event);
    const group = groups.get(next)?.filter((one) => one.checkVisibility());
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && group && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      group[group.indexOf(next) + step]?.focus();
    } else if (event.key === "Escape" && number) {
      dismissed = number;
      if (note.contains(document.activeElement)) number.focus();
      close();
    } else if (next && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      dismissed = null;
      if (number === next) close();
      else open(next);
    }
  });
})();
