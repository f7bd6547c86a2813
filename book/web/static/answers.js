// Fields that check an answer as manyvectors.check does: salted hashes, a grid for numbers, a hint and no answer.
(() => {
  const { pbkdf2 } = window.manyVectorsHashing;
  const [ROUNDS, LENGTH] = [5000, 16]; // as manyvectors.methods.answers has them
  const FACTORS = [100, 0.01, 1e4, 1e-4];
  const MOST = 1e12;

  const make = (tag, given) => Object.assign(document.createElement(tag), given);
  // As manyvectors.methods.answers.spelt.
  const spelt = (text) => text.normalize("NFKC").replace(/[-_\u2010-\u2014]/g, " ").toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ")
    .trim().split(/\s+/).join(" ");
  const cell = (value, step) => Math.floor(value / step + 0.5 + 1e-9);

  // What a reader writes for a number: null if it is none. Spaces, also narrow ones, part thousands and nothing else. A comma is a
  // decimal sign where it cannot part thousands, and a single one also where the answer is told finer than in whole numbers.
  function numberOf(text, step) {
    const typed = text.normalize("NFKC").replace(/[−–]/g, "-").trim().replace(/\s*%$/, "").replace(/^([+-])\s+/, "$1");
    if (/\s/.test(typed) && !/^[+-]?\d{1,3}(\s\d{3})+([.,]\d+)?$/.test(typed)) return null;
    const bare = typed.replace(/\s/g, "");
    const thousands = /^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/.test(bare) && bare === typed && !(step < 1 && /^[^,]+,\d+$/.test(bare));
    const parted = thousands ? bare.replace(/,/g, "") : bare.replace(",", ".");
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(parted) && Math.abs(Number(parted)) < MOST ? Number(parted) : null;
  }

  // Numbers may stand with spaces alone between them; a word may hold a space.
  const setOf = (text) => [...new Set(text.split(/^[\d\s,;]+$/.test(text) ? /[\s,;]+/ : /[,;\n]/).map(spelt).filter(Boolean))].sort().join("\n");

  async function isRight(value, kind, { salt, digest, step, around }) {
    if (kind !== "number") return (await pbkdf2(kind === "word" ? spelt(value) : setOf(value), salt, ROUNDS, LENGTH)) === digest;
    const here = cell(value, Number(step));
    for (let one = here - Number(around); one <= here + Number(around); one++) {
      if ((await pbkdf2(String(one), salt, ROUNDS, LENGTH)) === digest) return true;
    }
    return false;
  }

  // In what a wrong number is right: "unit", "sign" or null. Zero is near to nothing.
  async function nearly(value, row) {
    if (!value) return null;
    for (const [what, changed] of [["sign", -value], ...FACTORS.map((times) => ["unit", value * times])]) {
      if (Math.abs(cell(changed, Number(row.step))) > Number(row.around) && (await isRight(changed, "number", row))) return what;
    }
    return null;
  }

  // What is said of the parts that were filled in: {right, said, wrong}.
  async function check(kind, rows, { hint, asks }) {
    const wrong = [];
    const near = new Set();
    for (const row of rows) {
      const value = kind === "number" ? numberOf(row.value, Number(row.step)) : row.value;
      if (await isRight(value, kind, row)) continue;
      wrong.push(row.part);
      near.add(kind === "number" ? await nearly(value, row) : null);
    }
    if (!wrong.length) return { right: true, said: say("homework.right"), wrong };
    const told = near.size > 1 ? hint : near.has("unit") ? say("homework.unit", { asks }) : near.has("sign") ? say("homework.sign") : hint;
    const some = wrong.length < rows.length;
    return { right: false, wrong, said: some ? say("homework.wrong-parts", { parts: wrong.join(", "), hint: told }) : say("homework.wrong", { hint: told }) };
  }

  for (const form of document.querySelectorAll("form.mv-answer")) {
    const { kind, hint, asks } = form.dataset;
    const inputs = [...form.querySelectorAll("input")];
    const said = make("span", { className: "mv-answer-said" });
    said.setAttribute("role", "status");
    const line = make("p", { className: "mv-answer-check" });
    line.append(make("button", { type: "submit", textContent: say("answer.check") }), " ", said);
    form.append(line);
    let latest = 0;
    const clear = () => {
      latest++; // what was being checked is no longer what stands there
      said.textContent = "";
      delete form.dataset.right;
      inputs.forEach((input) => input.removeAttribute("aria-invalid"));
    };
    form.addEventListener("input", clear);
    form.addEventListener("submit", async (event) => {
      event.preventDefault(); // nothing is sent anywhere
      clear();
      const mine = latest;
      const filled = inputs.filter((input) => input.value.trim());
      const bad = kind === "number" ? filled.filter((input) => numberOf(input.value) === null) : [];
      if (!filled.length || bad.length) {
        (bad[0] ?? inputs[0]).focus();
        said.textContent = filled.length ? say("answer.no-number", { typed: bad[0].value.trim() }) : say("answer.empty");
        return;
      }
      said.textContent = say("answer.busy");
      try {
        const found = await check(kind, filled.map(({ value, dataset }) => ({ ...dataset, value })), { hint, asks });
        if (mine !== latest) return;
        const rest = found.right && filled.length < inputs.length;
        said.textContent = rest ? say("answer.rest", { done: filled.length, parts: inputs.length }) : found.said;
        form.dataset.right = found.right ? (rest ? "part" : "yes") : "no";
        filled.forEach((input) => { if (found.wrong.includes(input.dataset.part)) input.setAttribute("aria-invalid", "true"); });
      } catch (error) {
        if (mine === latest) said.textContent = error.message;
      }
    });
  }

  window.manyVectorsAnswers = Object.freeze({ spelt, cell, numberOf, setOf });
})();
