/* numpy's own stream of random numbers, number by number: what a lab draws, Python draws as well.

Of what all labs share, in `manyVectorsLab`, this is the first room; form.js, held.js, files.js and lab.js add theirs. */

(function () {
  "use strict";

  // numpy's SeedSequence: eight words of 32 bits from a whole number below 2 ** 32.
  function seeded(seed) {
    let constant = 0x43b0d7e5;
    const stir = (value) => {
      let mixed = value ^ constant;
      constant = Math.imul(constant, 0x931e8875);
      mixed = Math.imul(mixed, constant);
      return (mixed ^ (mixed >>> 16)) >>> 0;
    };
    const join = (one, other) => {
      const mixed = (Math.imul(0xca01f9dd, one) - Math.imul(0x4973f715, other)) >>> 0;
      return (mixed ^ (mixed >>> 16)) >>> 0;
    };
    const pool = [seed, 0, 0, 0].map(stir);
    for (let from = 0; from < 4; from++) {
      for (let to = 0; to < 4; to++) if (from !== to) pool[to] = join(pool[to], stir(pool[from]));
    }
    constant = 0x8b51f9dd;
    return Array.from({ length: 8 }, (_, i) => {
      let mixed = pool[i % 4] ^ constant;
      constant = Math.imul(constant, 0x58f38ded);
      mixed = Math.imul(mixed, constant);
      return (mixed ^ (mixed >>> 16)) >>> 0;
    });
  }

  // The upper half of the product of two whole numbers of 32 bits.
  function above(one, other) {
    const a = one >>> 16;
    const b = one & 0xffff;
    const c = other >>> 16;
    const d = other & 0xffff;
    const first = a * d + ((b * d) >>> 16);
    return a * c + (first >>> 16) + ((b * c + (first & 0xffff)) >>> 16);
  }

  // PCG64 in words of 32 bits, the lowest first: numpy.random.default_rng(seed) for a seed below 2 ** 32. `random()` gives what
  // Generator.random() gives, `below(n)` what Generator.integers(n) gives, one at a time.
  function generator(seed) {
    const words = seeded(seed);
    const long = (at) => [words[at + 2], words[at + 3], words[at], words[at + 1]];
    const stream = long(4);
    const step = stream.map((word, i) => ((word << 1) | (i ? stream[i - 1] >>> 31 : 1)) >>> 0);
    // One by one and without lists: so it is quick enough for millions of draws on a phone.
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    const add = (a0, a1, a2, a3) => {
      const sum0 = s0 + a0;
      const sum1 = s1 + a1 + (sum0 > 4294967295 ? 1 : 0);
      const sum2 = s2 + a2 + (sum1 > 4294967295 ? 1 : 0);
      s3 = (s3 + a3 + (sum2 > 4294967295 ? 1 : 0)) >>> 0;
      s2 = sum2 >>> 0;
      s1 = sum1 >>> 0;
      s0 = sum0 >>> 0;
    };
    const [f0, f1, f2, f3] = [0x9fccf645, 0x4385df64, 0x1fc65da4, 0x2360ed05];
    const [c0, c1, c2, c3] = step;
    const low = (one, other) => Math.imul(one, other) >>> 0;
    const turn = () => {
      const sum1 = above(s0, f0) + low(s0, f1) + low(s1, f0);
      const sum2 = above(s0, f1) + above(s1, f0) + low(s0, f2) + low(s1, f1) + low(s2, f0) + Math.floor(sum1 / 4294967296);
      const sum3 = above(s0, f2) + above(s1, f1) + above(s2, f0) + low(s0, f3) + low(s1, f2) + low(s2, f1) + low(s3, f0)
        + Math.floor(sum2 / 4294967296);
      s0 = low(s0, f0);
      s1 = sum1 >>> 0;
      s2 = sum2 >>> 0;
      s3 = sum3 >>> 0;
      add(c0, c1, c2, c3);
    };
    add(...step);
    add(...long(0));
    turn();
    let upper = 0;
    let lower = 0;
    let kept = -1; // the upper half of a number of which the lower was asked for
    const next = () => {
      turn();
      const by = s3 >>> 26;
      const one = by < 32 ? s3 ^ s1 : s2 ^ s0;
      const other = by < 32 ? s2 ^ s0 : s3 ^ s1;
      const rest = by % 32;
      upper = (rest ? (one >>> rest) | (other << (32 - rest)) : one) >>> 0;
      lower = (rest ? (other >>> rest) | (one << (32 - rest)) : other) >>> 0;
    };
    const half = () => {
      if (kept >= 0) {
        const given = kept;
        kept = -1;
        return given;
      }
      next();
      kept = upper;
      return lower;
    };
    return {
      random() {
        next();
        return (upper * 2097152 + (lower >>> 11)) / 9007199254740992;
      },
      below(n) {
        if (n === 1) return 0;
        const bar = 4294967296 % n;
        for (;;) {
          const drawn = half();
          if (low(drawn, n) >= bar) return above(drawn, n);
        }
      },
    };
  }

  window.manyVectorsLab = { generator };
})();
