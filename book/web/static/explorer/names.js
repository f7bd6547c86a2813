/* States by any of their names: a field that suggests them, or anything else, and what is said where a name is that of several
states, or nearly that of one. */

(function () {
  "use strict";

  const { engine, parts } = window.manyVectorsExplorer;
  const { WORLD, distance, inWords, load, make, plain, root } = engine;

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
        .map((group) => ({ group, label: group[0], note: say("explorer.group-of", { n: group[2].length }) }));
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
        if (alike.length > 1) return tell(say("explorer.alike", { typed }), offered(alike));
        if (!found.length) {
          const group = groups.find(([name]) => plain(name) === plain(typed));
          if (group) {
            input.value = "";
            return await addGroup(group);
          }
          const near = nearly(index, aliases, typed);
          return tell(near.length ? say("explorer.nearly", { typed }) : say("explorer.no-state", { typed, languages: inWords([say("explorer.english"), ...(index.languages || [])], "or") }), offered(near));
        }
        input.value = "";
        return await add(found[0].value);
      } catch (error) {
        return tell(error.message);
      }
    });
  }

  Object.assign(engine, { askState, combobox, namesOf });
  Object.assign(parts, { matching });
})();
