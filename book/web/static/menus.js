// What the theme leaves to Bootstrap's script of 81 KB: menus that open with a click or a key, and the way back to the top.
(() => {
  const toggles = [...document.querySelectorAll('[data-bs-toggle="dropdown"]')];
  const menuOf = (toggle) => toggle.parentElement.querySelector(".dropdown-menu");

  const open = (toggle, opened) => {
    toggle.setAttribute("aria-expanded", opened);
    menuOf(toggle).classList.toggle("show", opened);
  };
  const isOpen = (toggle) => toggle.getAttribute("aria-expanded") === "true";

  for (const toggle of toggles) {
    const group = toggle.parentElement;
    toggle.addEventListener("click", () => open(toggle, !isOpen(toggle)));
    group.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && isOpen(toggle)) {
        open(toggle, false);
        toggle.focus();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        open(toggle, true);
        const items = [...menuOf(toggle).querySelectorAll("a, button")];
        const here = items.indexOf(document.activeElement);
        const step = event.key === "ArrowDown" ? 1 : here < 0 ? 0 : -1;
        items.at((here + step) % items.length)?.focus();
      }
    });
    group.addEventListener("focusout", (event) => {
      if (!group.contains(event.relatedTarget)) open(toggle, false);
    });
  }
  document.addEventListener("click", (event) => {
    for (const toggle of toggles) if (!toggle.parentElement.contains(event.target)) open(toggle, false);
  });

  const top = document.getElementById("pst-back-to-top");
  if (top) {
    let before = 0;
    top.addEventListener("click", () => window.scrollTo(0, 0));
    document.addEventListener(
      "scroll",
      () => {
        // As in the theme: shown to a reader who has scrolled down and turned back.
        top.style.display = before > scrollY && scrollY > innerHeight / 2 ? "block" : "none";
        before = scrollY;
      },
      { passive: true },
    );
  }
})();
