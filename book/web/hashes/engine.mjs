// What hashing.js loads where the browser offers no hashes: the last step makes this one script.
export { sha256 } from "@noble/hashes/sha2.js";
export { pbkdf2Async } from "@noble/hashes/pbkdf2.js";
