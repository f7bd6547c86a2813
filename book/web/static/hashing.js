// Hashes for the pages that check an answer or seal a claim: the browser's own where it offers them, and else, as on a
// plain address of a local network, those of a script of ours that is loaded when it is first needed.
(() => {
  const address = new URL("hashes/engine.js", document.currentScript.src).href;
  const bytes = (text) => new TextEncoder().encode(text);
  const hex = (found) => [...new Uint8Array(found)].map((one) => one.toString(16).padStart(2, "0")).join("");

  let loading = null;
  const ours = () => {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(window.manyVectorsHashes);
      script.onerror = () => {
        loading = null; // so that the next try is a fresh one
        reject(new Error(say("answer.no-hashes")));
      };
      document.head.append(script);
    });
    return loading;
  };

  // SHA-256 of a text, as hexadecimal digits.
  async function sha256(text) {
    if (window.crypto?.subtle) return hex(await crypto.subtle.digest("SHA-256", bytes(text)));
    return hex((await ours()).sha256(bytes(text)));
  }

  // PBKDF2 with SHA-256, as hexadecimal digits: as manyvectors.methods.answers.digest.
  async function pbkdf2(text, salt, rounds, length) {
    if (window.crypto?.subtle) {
      const key = await crypto.subtle.importKey("raw", bytes(text), "PBKDF2", false, ["deriveBits"]);
      return hex(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: rounds }, key, 8 * length));
    }
    const { pbkdf2Async, sha256: hash } = await ours();
    return hex(await pbkdf2Async(hash, bytes(text), bytes(salt), { c: rounds, dkLen: length }));
  }

  window.manyVectorsHashing = Object.freeze({ sha256, pbkdf2 });
})();
