/* Sealed claims as files: what is hashed, and what keeps a content from being a seal. As manyvectors.methods.sealed. */

(function () {
  "use strict";

  const { jsonOf } = window.manyVectorsLab;
  const { sha256 } = window.manyVectorsHashing;
  const say = sayOf("labs.seals"); // its sentences stand in manyvectors/messages/en.json
  const FORMAT = "many-vectors seal 1";
  const SIDES = { more: 1, less: -1, same: 0 };
  const AMOUNT = /^\d{1,6}(\.\d{1,6})?$/;
  const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  const LENGTHS = { book: 20, claim: 1000, measure: 20, of: 80, state: 10, by: 100, salt: 64 };
  const MOST_BYTES = 1e6;

  // JSON with sorted names and without spaces: what is hashed, by any program.
  const canonical = (sealed) => JSON.stringify(Object.fromEntries(Object.keys(sealed).sort().map((key) => [key, sealed[key]])));
  const sealOf = (sealed) => sha256(canonical(sealed));

  const isSpan = (value) => Array.isArray(value) && value.length === 2 && value.every(Number.isInteger) && value[0] > 0
    && value[0] <= value[1] && value[1] < 1e4;
  const isTime = (value) => {
    const at = typeof value === "string" && TIME.test(value) && !value.startsWith("0000") ? new Date(value) : new Date(NaN);
    return !Number.isNaN(at.getTime()) && at.toISOString() === value.replace("Z", ".000Z"); // there is no thirteenth month
  };

  // What keeps a file from being a seal: "", or the name of what is wrong.
  function wrongIn(held) {
    const sealed = held && held.sealed;
    if (!held || held.format !== FORMAT || !sealed || typeof sealed !== "object" || typeof held.seal !== "string") return "format";
    const names = [...Object.keys(LENGTHS), "early", "late", "side", "bar", "share", "time"];
    const other = [...names.filter((name) => !Object.hasOwn(sealed, name)), ...Object.keys(sealed).filter((name) => !names.includes(name))];
    if (other.length) return other[0].slice(0, 20);
    const long = Object.entries(LENGTHS).find(([name, most]) => typeof sealed[name] !== "string" || [...sealed[name]].length > most || /\p{Surrogate}/u.test(sealed[name]));
    if (long) return long[0];
    const checks = {
      measure: ["word", "agreement", "number"].includes(sealed.measure), side: Object.hasOwn(SIDES, sealed.side),
      share: ["0.5", "1", "2"].includes(sealed.share), bar: AMOUNT.test(sealed.bar), time: isTime(sealed.time),
      opened: !held.opened || (typeof held.opened === "object" && !Array.isArray(held.opened)),
    };
    const spans = { late: isSpan(sealed.late), early: sealed.early === null || (isSpan(sealed.early) && (!isSpan(sealed.late) || sealed.early[1] < sealed.late[0])) };
    const strange = Object.keys(checks).find((name) => !checks[name]);
    const part = Object.keys(spans).find((name) => !spans[name]);
    return strange || (part ? say("years", { part }) : "");
  }

  // JSON in which no number is left but those that are written as whole ones: for a browser, 2014.0 is 2014.
  const ofWholes = (body) => body.replace(/("(?:[^"\\]|\\.)*")|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, (token, text) => (text || /^-?\d+$/.test(token) ? token : "null"));

  // What the file of a seal holds: {held}; or {wrong}, what is wrong with it. Whether its seal holds is not asked.
  function heldIn(content) {
    let held = null;
    if (content.length <= MOST_BYTES) {
      try {
        held = jsonOf(content);
        if (held && held.sealed) held.sealed = jsonOf(ofWholes(content)).sealed;
      } catch {
        return { wrong: "format" };
      }
    }
    const wrong = wrongIn(held);
    return wrong ? { wrong } : { held };
  }

  window.manyVectorsSeals = Object.freeze({ AMOUNT, canonical, FORMAT, heldIn, isTime, LENGTHS, sealOf, SIDES, TIME });
})();
