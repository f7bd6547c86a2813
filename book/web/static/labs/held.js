/* What a lab draws, and what can be dragged in it: by finger and mouse, and always by keyboard, too. */

(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const TOUCH = 5; // pixels: nearer than this to where it was taken up, a thing has not been moved

  const svg = (tag, attributes, ...inside) => {
    const element = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  };

  // A drawing as wide as its room, so that its letters keep their size on a phone. What holds something to take hold of is
  // a group; what does not is one picture.
  const drawing = (width, height, held = false) => svg("svg", {
    width, height, viewBox: `0 0 ${width} ${height}`, class: "lab-drawing", role: held ? "group" : "img",
    "aria-labelledby": "explorer-caption", "aria-describedby": "explorer-status",
  });

  // A finger that takes hold of something does not scroll the page: browsers do not ask touch-action of what is in a drawing.
  function hold(element, scrolls = false) {
    element.classList.add("lab-held");
    if (scrolls) element.style.touchAction = "pan-y";
    else element.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  }

  // A handle that moves along a line. `at(event)`: the value below the pointer; `told(value)`: in words; `put(value)` of what
  // is returned shows another value.
  function slide(element, { label, low, high, step = 1, value, told = String, at, change }) {
    let now = value;
    const set = (next, report) => {
      now = Math.min(high, Math.max(low, low + Math.round((next - low) / step) * step));
      element.setAttribute("aria-valuenow", now);
      element.setAttribute("aria-valuetext", told(now));
      if (report) change(now);
    };
    for (const [key, given] of Object.entries({ role: "slider", tabindex: 0, "aria-label": label, "aria-valuemin": low, "aria-valuemax": high })) {
      element.setAttribute(key, given);
    }
    hold(element);
    element.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      const to = { Home: low, End: high }[event.key];
      if (by === undefined && to === undefined) return;
      event.preventDefault();
      set(to === undefined ? now + by * step : to, true);
    });
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      event.preventDefault();
      element.focus({ preventScroll: true });
    });
    element.addEventListener("pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) set(at(event), true);
    });
    set(value, false);
    return { put: (next) => set(next, false) };
  }

  /* A thing that is carried from one place to another. `places()`: [key, words] of all places in their order; `where()`: the
     key of its own; `label(words)`: what it is and where it is; `moved(key)`: what is done when it lies elsewhere. A place on
     the page has the attribute data-place with its key. By keyboard: the arrows carry it to the place before or after. What is
     only pressed goes to the next place, or does what `pressed()` says. `scrolls`: a finger carries it only if it pulls sideways
     first, and else scrolls the page: for lists that fill a phone. */
  function carry(element, { places, where, label, moved, pressed, scrolls }) {
    let from = null;
    const tell = () => element.setAttribute("aria-label", label((places().find(([key]) => key === where()) || ["", ""])[1]));
    const put = (key) => {
      if (key === undefined || key === where()) return;
      moved(key);
      tell();
    };
    const next = pressed || (() => {
      const keys = places().map(([key]) => key);
      put(keys[(keys.indexOf(where()) + 1) % keys.length]);
    });
    element.setAttribute("tabindex", 0);
    element.setAttribute("role", "button");
    element.setAttribute("aria-roledescription", say("lab.carried"));
    hold(element, scrolls);
    element.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      if (!by) return next();
      const keys = places().map(([key]) => key);
      return put(keys[Math.min(keys.length - 1, Math.max(0, keys.indexOf(where()) + by))]);
    });
    element.addEventListener("pointerdown", (event) => {
      from = [event.clientX, event.clientY];
      element.setPointerCapture(event.pointerId);
      event.preventDefault();
      element.focus({ preventScroll: true });
    });
    element.addEventListener("pointermove", (event) => {
      if (from) element.style.transform = `translate(${event.clientX - from[0]}px, ${event.clientY - from[1]}px)`;
    });
    const drop = (event) => {
      if (!from) return;
      const far = Math.hypot(event.clientX - from[0], event.clientY - from[1]) > TOUCH;
      from = null;
      element.style.transform = "";
      if (event.type === "pointercancel") return;
      if (!far) return next();
      // What is carried lies under the pointer itself: the place is what lies below it.
      const place = document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest("[data-place]")).find(Boolean);
      if (place) put(place.dataset.place);
    };
    element.addEventListener("pointerup", drop);
    element.addEventListener("pointercancel", drop);
    tell();
    return { tell };
  }

  Object.assign(window.manyVectorsLab, { carry, drawing, slide, svg });
})();
