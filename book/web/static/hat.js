/* A name from the hat, for whoever has none to give, and the names of files that begin with it. Quizzes and labs share it. */

(function () {
  "use strict";

  const say = sayOf("hat"); // its sentences stand in manyvectors/messages/en.json

  // A word and a number. Drawn by the browser; nobody keeps a list.
  function drawnName() {
    const words = say("words").split("|");
    const [one, other] = crypto.getRandomValues(new Uint32Array(2));
    return `${words[one % words.length]}-${100 + (other % 900)}`;
  }

  // What a name may be in the name of a file.
  const fileName = (name, rest) => `${name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+/, "") || "coder"}-${rest}`;

  // One cell of a file that opens in a spreadsheet: no formula, quoted where need be.
  const cellOf = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };

  window.manyVectorsHat = Object.freeze({ cellOf, drawnName, fileName, toDraw: say("draw-name"), note: say("name-note") });
})();
