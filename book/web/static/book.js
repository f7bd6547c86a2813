/* What the pages need beyond links and styles: boxes that scroll can be reached with the keyboard, grades explain
   themselves to a finger, code can be hidden, and the theme's buttons keep the focus that its script takes away. */
(() => {
  const each = (selector, action) => document.querySelectorAll(selector).forEach(action);

  // A box is a stop for the keyboard only while there is something to scroll to.
  const boxes = [...document.querySelectorAll(".mv-scroll, .bd-article pre")];
  const measure = box => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    if (box.matches("pre")) {
      box.tabIndex = scrolls ? 0 : -1; // as the theme's script does, but also at once when a phone is turned
    } else if (scrolls) {
      box.tabIndex = 0;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", box.dataset.label);
    } else {
      ["tabindex", "role", "aria-label"].forEach(name => box.removeAttribute(name));
    }
  };
  const sizes = new ResizeObserver(entries => entries.forEach(entry => measure(entry.target)));
  boxes.forEach(box => sizes.observe(box));
  each(".mv-picture img", image => image.addEventListener("load", () => measure(image.parentElement)));

  // An explorer beside a figure is loaded when it is opened first.
  each(".mv-explore", box => box.addEventListener("toggle", () => {
    if (!box.open || box.querySelector("iframe")) return;
    const frame = document.createElement("iframe");
    frame.src = box.dataset.view;
    frame.title = box.querySelector("summary").textContent;
    box.append(frame);
  }));
  // Whoever reads without code says so once; what a solution is about stays.
  const boxed = document.querySelector(".bd-article .cell") && document.querySelector(".bd-article .admonition");
  if (boxed) {
    const root = document.documentElement, button = document.createElement("button");
    const set = hidden => {
      root.classList.toggle("mv-no-code", hidden);
      button.textContent = say(hidden ? "page.code-show" : "page.code-hide");
    };
    Object.assign(button, {type: "button", className: "mv-code-switch d-print-none"});
    button.addEventListener("click", () => {
      const hidden = !root.classList.contains("mv-no-code");
      localStorage.setItem("mv-no-code", hidden ? "1" : "");
      set(hidden);
    });
    set(localStorage.getItem("mv-no-code") === "1");
    boxed.after(button);
  }

  // The explanation of a grade stays inside the page, goes with Escape, and comes with the first touch of a finger.
  each(".mv-grade", grade => {
    const open = () => {
      const room = document.documentElement.clientWidth - grade.getBoundingClientRect().left - 16;
      grade.style.setProperty("--mv-shift", `${Math.min(0, room - 240)}px`);
      grade.classList.remove("mv-closed");
    };
    grade.addEventListener("pointerenter", open);
    grade.addEventListener("focus", open);
    let touched = false;
    grade.addEventListener("pointerdown", event => {
      touched = event.pointerType === "touch" && document.activeElement !== grade;
    });
    grade.addEventListener("click", event => {
      if (!touched) return;
      event.preventDefault();
      touched = false;
      grade.focus();
    });
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") each(".mv-grade:hover, .mv-grade:focus", grade => grade.classList.add("mv-closed"));
  });

  // The theme's script blurs its buttons when they are used, by keyboard too.
  const label = (id, name) => document.getElementById(id)?.setAttribute("aria-label", name);
  label("pst-primary-sidebar-modal", say("page.chapters"));
  label("pst-secondary-sidebar-modal", say("page.contents"));
  addEventListener("click", event => {
    const button = event.target.closest?.(".theme-switch-button, .search-button__button, .sidebar-toggle");
    if (!button || event.detail) return; // a mouse or a finger
    setTimeout(() => {
      const dialog = document.querySelector("dialog[open]");
      if (dialog) dialog.addEventListener("close", () => button.focus(), {once: true});
      else button.focus();
    });
  }, true);
  // What the theme writes as scripts inside links and buttons, which the policy of a page forbids.
  addEventListener("click", event => {
    if (event.target.closest?.("[data-print]")) window.print();
  });
  // The search comes when it is first opened.
  document.getElementById("pst-search-dialog")?.addEventListener("focusin", () => {
    if (document.getElementById("search-results")) return; // its own page has it
    const script = document.createElement("script");
    script.src = `${document.documentElement.dataset.content_root ?? ""}_static/search.js`;
    document.head.append(script);
  }, {once: true});
  // In a window wide enough for it the chapters' column is shown or hidden in place.
  const column = document.getElementById("pst-primary-sidebar");
  each(".primary-toggle", button => {
    const tell = () => button.setAttribute("aria-expanded",
      String(matchMedia("(min-width: 992px)").matches && !column.classList.contains("pst-sidebar-hidden")));
    tell();
    new MutationObserver(tell).observe(column, {attributes: true, attributeFilter: ["class"]});
    addEventListener("resize", tell);
  });
  // Folded solutions: say what is folded, not only that something is.
  addEventListener("load", () => each(".toggle-button", button => {
    const title = button.closest(".admonition-title");
    if (title) button.setAttribute("aria-label", say("page.fold", {title: title.textContent.trim()}));
  }));
})();
