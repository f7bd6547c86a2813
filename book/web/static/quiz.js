// Quizzes: an answer is checked when the reader asks, gets a reply of its own, and is kept in this browser alone.
(() => {
  const say = sayOf("quiz");
  const { cellOf, drawnName, fileName, toDraw } = window.manyVectorsHat;
  const quizzes = [...document.querySelectorAll("form.mv-quiz")];
  const [{ dataset: { store } }] = quizzes; // one book has one store
  const isObject = (one) => one !== null && typeof one === "object" && !Array.isArray(one);
  // What this browser keeps: quiz to question to {first, last, right}. What is none of that is left out.
  function stored() {
    try {
      const found = JSON.parse(localStorage.getItem(store) ?? "{}");
      return Object.fromEntries(Object.entries(isObject(found) ? found : {}).filter(([, quiz]) => isObject(quiz) && Object.values(quiz).every(isObject)));
    } catch {
      return null; // another program wrote there, or nothing may be kept
    }
  }
  let [kept, alone] = [stored() ?? {}, false];
  // Another tab may have written since: what it kept is read again before a change, which concerns one quiz or question alone.
  // Where nothing can be written, answers stand on this page alone.
  function keep(change) {
    if (!alone) kept = stored() ?? kept;
    change();
    try {
      localStorage.setItem(store, JSON.stringify(kept));
    } catch {
      alone = true;
    }
  }
  const called = `${store}-name`; // one name for all files of a reader
  let nameHere = ""; // where nothing can be written
  function nameKept() {
    try {
      return localStorage.getItem(called) ?? nameHere;
    } catch {
      return nameHere;
    }
  }
  const make = (tag, given, ...inside) => {
    const one = Object.assign(document.createElement(tag), given);
    one.append(...inside);
    return one;
  };

  const csv = () => [
    "coder,book,quiz,question,first,last,right_at_first",
    ...Object.keys(kept).sort().flatMap((quiz) => Object.entries(kept[quiz]).map(([question, { first, last, right }]) =>
      [nameKept(), store, quiz, question, first, last, right ? 1 : 0].map(cellOf).join(","))),
  ].join("\n");

  for (const quiz of quizzes) {
    const name = quiz.dataset.quiz;
    const questions = [...quiz.querySelectorAll(".mv-question")];
    const score = make("p", { className: "mv-score" });
    score.setAttribute("role", "status");
    const answers = () => kept[name] ?? {};

    const tell = () => {
      const given = Object.values(answers());
      score.textContent = given.length
        ? say("score", { answered: given.length, questions: questions.length, right: given.filter((one) => one.right).length })
        : "";
    };

    const reply = (question, letter) => {
      for (const option of question.querySelectorAll(".mv-option")) {
        const input = option.querySelector("input");
        const details = option.querySelector("details");
        const chosen = input.value === letter;
        if (chosen) input.checked = true;
        details.open = chosen;
        details.hidden = !chosen;
        if (chosen) details.querySelector("summary").textContent = say(option.dataset.right === "yes" ? "right" : "wrong");
        option.classList.toggle("mv-chosen", chosen);
      }
      question.querySelector(".mv-asks").textContent = "";
    };

    const check = (question, number) => {
      const chosen = question.querySelector("input:checked");
      const status = question.querySelector(".mv-asks");
      if (!chosen) {
        status.textContent = say("choose");
        return;
      }
      const option = chosen.closest(".mv-option");
      const right = option.dataset.right === "yes";
      keep(() => {
        const before = answers()[number];
        kept[name] = { ...answers(), [number]: before ? { ...before, last: chosen.value } : { first: chosen.value, last: chosen.value, right } };
      });
      reply(question, chosen.value);
      // Read out by a screen reader, which stays at the button.
      question.querySelector(".mv-heard").textContent = option.querySelector("details").textContent.trim();
      tell();
    };

    questions.forEach((question, i) => {
      const number = i + 1;
      const status = make("span", { className: "mv-asks" });
      status.setAttribute("role", "status");
      const heard = make("span", { className: "mv-heard" });
      heard.setAttribute("role", "status");
      const button = make("button", { type: "submit", textContent: say("check") });
      button.setAttribute("aria-label", `${say("check")} ${number}`);
      question.append(make("p", { className: "mv-check" }, button, " ", status, heard));
      question.querySelectorAll("details").forEach((one) => { one.hidden = true; });
      question.addEventListener("change", () => {
        status.textContent = heard.textContent = "";
        question.querySelectorAll("details").forEach((one) => { one.hidden = true; }); // it answered another choice
        question.querySelectorAll(".mv-option").forEach((one) => one.classList.remove("mv-chosen"));
      });
      if (answers()[number]) reply(question, answers()[number].last);
    });

    quiz.addEventListener("submit", (event) => {
      event.preventDefault(); // nothing is sent anywhere
      const question = (event.submitter ?? document.activeElement).closest(".mv-question");
      // Enter on an option submits by the first button of the form, which is not the reader's.
      const asked = document.activeElement?.closest?.(".mv-question") ?? question;
      check(asked, questions.indexOf(asked) + 1);
    });

    const again = make("button", { type: "button", textContent: say("again") });
    again.addEventListener("click", () => {
      keep(() => { delete kept[name]; });
      quiz.reset();
      quiz.querySelectorAll(".mv-option").forEach((one) => one.classList.remove("mv-chosen"));
      quiz.querySelectorAll("details").forEach((one) => { one.hidden = true; });
      quiz.querySelectorAll(".mv-asks, .mv-heard").forEach((one) => { one.textContent = ""; });
      tell();
    });
    const field = make("input", { type: "text", maxLength: 40, autocomplete: "off", spellcheck: false, value: nameKept() });
    const keepName = (given) => {
      nameHere = given;
      try {
        localStorage.setItem(called, given);
      } catch {
        // It stands on this page alone.
      }
      document.querySelectorAll(".mv-name input").forEach((one) => { one.value = given; });
    };
    field.addEventListener("change", () => keepName(field.value.trim()));
    const draw = make("button", { type: "button", textContent: toDraw });
    draw.addEventListener("click", () => keepName(drawnName()));
    // Enter in the field is no answer to a question.
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      keepName(field.value.trim());
    });
    const save = make("a", { textContent: say("save"), download: "", href: "#" });
    save.addEventListener("click", () => {
      if (!alone) kept = stored() ?? kept;
      // Whoever has no name yet gets one: files of a class that are called alike cannot be told apart.
      if (!nameKept()) keepName(drawnName());
      save.download = fileName(nameKept(), say("file"));
      save.href = URL.createObjectURL(new Blob([`${csv()}\n`], { type: "text/csv;charset=utf-8" }));
    });
    const named = make("p", { className: "mv-name" }, make("label", {}, say("name"), " ", field), " ", draw);
    quiz.append(score, named, make("p", { className: "mv-kept" }, again, " ", save), make("p", { className: "mv-note", textContent: say("kept") }));
    tell();
  }
})();
