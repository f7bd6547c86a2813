/* What the form of a lab is made of: sliders, choices, fields with suggestions. */

(function () {
  "use strict";

  const { make } = window.manyVectorsExplorer.engine;

  let numbered = 0;
  const fresh = () => `lab-${++numbered}`;
  const field = (label, input, note) => {
    const box = make("div", undefined, { class: "explorer-field" });
    input.id = input.id || fresh();
    box.append(make("label", label, { for: input.id }), input);
    if (note) {
      const said = make("div", note, { class: "explorer-note", id: fresh() });
      input.setAttribute("aria-describedby", said.id);
      box.append(said);
    }
    return box;
  };

  // A slider with what its value means beside it. `told(value)`: in words; `change(value)`: while it moves. Returns {box, put}.
  function slider({ label, low, high, step = 1, value, told = String, change }) {
    const input = make("input", undefined, { type: "range", min: low, max: high, step, id: fresh() });
    const said = make("output", "", { for: input.id });
    const put = (now) => {
      input.value = now;
      said.textContent = told(Number(input.value));
      input.setAttribute("aria-valuetext", said.textContent);
    };
    input.addEventListener("input", () => {
      put(input.value);
      change(Number(input.value));
    });
    const box = field(label, input);
    box.classList.add("lab-slider");
    box.append(said);
    put(value);
    return { box, put, input };
  }

  // A choice. `options`: [value, words]. Returns {box, put}.
  function choice({ label, options, value, change }) {
    const input = make("select");
    input.append(...options.map(([key, said]) => make("option", said, { value: key })));
    const put = (now) => { input.value = now; };
    input.addEventListener("change", () => change(input.value));
    put(value);
    return { box: field(label, input), put, input };
  }

  // A field with suggestions, for vocabulary.askWord or engine.askState: {box, input, list}.
  function suggested({ label, note, most = 80 }) {
    const list = make("ul", undefined, { id: fresh(), role: "listbox", "aria-label": label, hidden: "" });
    const input = make("input", undefined, {
      type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
      autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "done", maxlength: most,
    });
    const box = field(label, input, note);
    input.after(list);
    return { box, input, list };
  }

  const row = (...parts) => {
    const box = make("div", undefined, { class: "lab-row" });
    box.append(...parts);
    return box;
  };

  Object.assign(window.manyVectorsLab, { choice, field, fresh, row, slider, suggested });
})();
