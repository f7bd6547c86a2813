// Shows the slides one by one with reveal.js, keeps a second window with the notes in step, and lays out all for print.
// Without this script, on a phone, and with ?page the slides stay a page to read.
"use strict";
(() => {
  const root = document.documentElement;
  const deck = document.querySelector(".deck");
  const slides = [...deck.querySelectorAll(".slide")];
  const [bar, panel, speaking] = [".bar", ".panel", ".speaking"].map((name) => document.querySelector(name));
  const fixed = document.querySelector("link[media=print]");
  const asked = new URLSearchParams(location.search);
  const NARROW = "(max-width: 700px)"; // a slide on a phone would have letters of 8 pixels
  const heading = (at) => slides[at]?.querySelector("h1, h2").textContent ?? "";
  const eager = () => slides.forEach((slide) => slide.querySelectorAll("img").forEach((image) => { image.loading = "eager"; }));
  document.querySelector(".ways").hidden = false;
  // What is printed is all slides, however the page is shown.
  addEventListener("beforeprint", eager);

  if (asked.has("print-pdf")) {
    fixed.media = "all";
    root.classList.add("paged");
    eager();
  } else if (asked.has("speaker")) speak();
  else if (!asked.has("page") && globalThis.Reveal && (asked.has("slides") || !matchMedia(NARROW).matches)) show();

  function show() {
    fixed.media = "all";
    root.classList.add("showing");
    deck.classList.add("reveal");
    bar.hidden = false;
    let second = null;
    Reveal.initialize({
      width: 1280, height: 720, margin: 0, minScale: 0.1, maxScale: 4, center: false, embedded: true, display: "flex",
      hash: true, hashOneBasedIndex: true, controls: false, progress: false, help: false, jumpToSlide: false, touch: true,
      transition: "none", backgroundTransition: "none", postMessage: false, postMessageEvents: false, scrollActivationWidth: 0,
      keyboard: { 78: () => notes(), 83: () => open() }, // N and S
      // A button that has the focus answers these two keys itself, and a panel scrolls.
      keyboardCondition: (event) => !(event.target.closest?.(".bar") && [" ", "Enter"].includes(event.key)) && !event.target.closest?.(".panel"),
    });
    const at = () => Reveal.getIndices().h;
    const tell = () => {
      bar.querySelector(".at").textContent = `${at() + 1} / ${slides.length}`;
      const held = slides[at()].querySelector(".notes details");
      panel.replaceChildren(...[...(held?.children ?? [])].slice(1).map((part) => part.cloneNode(true)));
      panel.scrollTop = 0;
      second?.postMessage({ slide: at() }, "*");
    };
    const notes = () => {
      panel.hidden = !panel.hidden;
      root.classList.toggle("noted", !panel.hidden);
      bar.querySelector("[data-do=notes]").setAttribute("aria-pressed", String(!panel.hidden));
      Reveal.layout();
    };
    const open = () => {
      second = window.open(`${location.href.split(/[?#]/)[0]}?speaker`, "speaker", "width=900,height=700");
    };
    const does = { previous: () => Reveal.prev(), next: () => Reveal.next(), notes, speaker: open };
    bar.addEventListener("click", (event) => does[event.target.dataset.do]?.());
    Reveal.on("ready", tell);
    Reveal.on("slidechanged", tell);
    // From a folder every page is an origin of its own: the window that sent a message says who it is.
    addEventListener("message", ({ source, data }) => {
      if (!second || source !== second) return;
      if (data === "ready") tell();
      else if (data === "next" || data === "previous") does[data]();
    });
  }

  function speak() {
    root.classList.add("speaking-window");
    speaking.hidden = false;
    const begun = Date.now();
    const turn = (at) => {
      slides.forEach((slide, i) => slide.classList.toggle("now", i === at));
      slides.forEach((slide) => slide.querySelectorAll("details").forEach((part) => { part.open = true; }));
      speaking.querySelector(".then").hidden = !slides[at + 1];
      speaking.querySelector(".then span").textContent = heading(at + 1);
    };
    const tick = () => {
      const seconds = Math.floor((Date.now() - begun) / 1000);
      speaking.querySelector(".clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    };
    addEventListener("message", ({ source, data }) => {
      if (source === opener && Number.isInteger(data?.slide)) turn(data.slide);
    });
    addEventListener("keydown", (event) => {
      const way = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "previous", PageUp: "previous" }[event.key];
      if (!way || event.target !== document.body) return;
      event.preventDefault();
      opener?.postMessage(way, "*");
    });
    turn(0);
    tick();
    setInterval(tick, 1000);
    opener?.postMessage("ready", "*");
  }
})();
