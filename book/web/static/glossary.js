// Shows what a glossary term means beside a link to it: under the pointer, at the keyboard's focus, at a first tap.
// The build has put the sentence into the link's title, which serves where scripts do not run. While the bubble is
// open it takes the title's place, so that neither the eye nor a screen reader gets the sentence twice.
(() => {
  const bubble = document.createElement("div");
  bubble.id = "sense";
  bubble.setAttribute("role", "tooltip");
  bubble.hidden = true;
  document.body.append(bubble);

  let link = null; // whose sentence is shown
  let dismissed = null; // closed with Escape, and not to be opened until it is left
  let touched = false;
  let timer = 0;

  const linkOf = (event) => event.target.closest?.('a.internal[href*="#term-"]');

  const hide = () => {
    clearTimeout(timer);
    if (!link) return;
    link.title = bubble.textContent;
    link.removeAttribute("aria-describedby");
    link = null;
    bubble.hidden = true;
  };

  const show = (next) => {
    clearTimeout(timer);
    if (next === link || next === dismissed || !next.title) return;
    hide();
    link = next;
    bubble.textContent = link.title;
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", bubble.id);
    bubble.hidden = false;
    const lines = link.getClientRects();
    const room = document.documentElement.clientWidth - bubble.offsetWidth - 8;
    const below = lines[lines.length - 1].bottom + 4;
    const above = lines[0].top - bubble.offsetHeight - 4;
    const fits = below + bubble.offsetHeight <= innerHeight || above < 0;
    bubble.style.left = `${scrollX + Math.max(8, Math.min(lines[fits ? lines.length - 1 : 0].left, room))}px`;
    bubble.style.top = `${scrollY + (fits ? below : above)}px`;
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const next = linkOf(event);
    if (next !== dismissed) dismissed = null;
    if (next) show(next);
    else if (bubble.contains(event.target)) clearTimeout(timer);
    else if (link && link !== document.activeElement) {
      clearTimeout(timer);
      timer = setTimeout(hide, 250); // time to move the pointer onto the bubble
    }
  });
  document.addEventListener("focusin", (event) => {
    const next = linkOf(event);
    if (next?.matches(":focus-visible")) show(next);
  });
  document.addEventListener("focusout", (event) => {
    if (linkOf(event) === dismissed) dismissed = null;
    if (linkOf(event) === link) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !link) return;
    dismissed = link;
    hide();
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (link && linkOf(event) !== link && !bubble.contains(event.target)) hide();
  });
  // A finger cannot hover: its first tap opens the bubble, the second follows the link.
  document.addEventListener("click", (event) => {
    const next = touched && linkOf(event);
    if (!next || next === link || !next.title) return;
    event.preventDefault();
    show(next);
  });
})();
