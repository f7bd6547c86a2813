/* The scale of the ledger in the browser, as manyvectors.claims.scale has it, and Student's t: for the labs that judge. */

(function () {
  "use strict";

  const say = sayOf("verdict"); // its words stand in manyvectors/messages/en.json
  const FEW = 0.1; // of the comparable states: where as many show as much, it is shared

  // How one half stands, as manyvectors.claims.scale.standing. `half`: {sign, bar, estimate, d, ends}; ends: {sure, small, lean,
  // joint}, each [low, high]; d is null where nothing is comparable.
  function standing(half, share, among) {
    const sign = half.sign || 1;
    const x = sign * (half.estimate - half.bar);
    const d = half.d === null ? NaN : half.d * share;
    const asked = half.d === null ? 0 : d;
    const turned = (ends) => {
      const [one, other] = ends.map((value) => sign * (value - half.bar));
      return sign > 0 ? [one, other] : [other, one];
    };
    const [[low, high], [lowSmall, highSmall], [lowLean, highLean]] = [half.ends.sure, half.ends.small, half.ends.lean].map(turned);
    const [lowFirm, highFirm] = among ? turned(half.ends.joint) : [low, high];
    const small = lowSmall > -d && highSmall < d;
    const [clear, below] = [lowFirm > 0 && x >= asked, highFirm < 0 && -x >= asked];
    const down = highLean < 0 && !(highFirm < 0);
    if (half.sign === 0) {
      return {
        there: small, clear: small, reversed: clear || below, excluded: clear || below, small, leansFor: false,
        leansAgainst: down || (lowLean > 0 && !(lowFirm > 0)),
      };
    }
    return {
      there: low > 0 && x >= asked, clear, reversed: below, excluded: highFirm < asked, small,
      leansFor: lowLean > 0 && !(low > 0), leansAgainst: down,
    };
  }

  // The word for a claim, as manyvectors.claims.verdict: the first that fits. `states`: share of the comparable states that show
  // as much, null where none is comparable; `alone`: whether it is asked; `share`: of d; `few`: from which share on it is shared.
  function verdict(halves, { states = null, alone = true, share = 1, few = FEW } = {}) {
    const stand = halves.map((half) => standing(half, share, halves.length > 1));
    const every = (...names) => stand.every((one) => names.some((name) => one[name]));
    const some = (name) => stand.some((one) => one[name]);
    const as = alone ? (states === null ? NaN : states) : 0;
    const there = every("there");
    if (some("clear") && some("excluded") && halves.length > 1) return "halves disagree";
    if (every("small")) return "no change above d";
    if (some("reversed")) return "contradicted";
    if (there && as >= few) return "shared";
    if (there && as < few) return "supported";
    if (every("there", "leansFor") && !there) return "leaning for";
    if (some("leansAgainst") && !some("leansFor") && !some("there")) return "leaning against";
    return "open";
  }

  // Student's t --------------------------------------------------------------------------------------------------------

  const LANCZOS = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905, -0.13857109526572012,
    9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  function logGamma(x) {
    if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
    const y = x - 1;
    const sum = LANCZOS.reduce((total, factor, i) => total + factor / (y + i + 1), 0.9999999999998099);
    return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(y + 7.5) - (y + 7.5) + Math.log(sum);
  }

  // The regularised incomplete beta function, by its continued fraction.
  function beta(x, a, b) {
    if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
    if (x > (a + 1) / (a + b + 2)) return 1 - beta(1 - x, b, a);
    const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
    const away = (value) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
    let c = 1;
    let d = 1 / away(1 - ((a + b) * x) / (a + 1));
    let found = d;
    for (let m = 1; m < 500; m++) {
      for (const step of [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))]) {
        d = 1 / away(1 + step * d);
        c = away(1 + step / c);
        found *= c * d;
      }
      if (Math.abs(c * d - 1) < 1e-15) break;
    }
    return front * found;
  }

  // Up to which size Student's t lies with a probability of `level`: half the width of an interval, in standard errors.
  function student(freedom, level) {
    const outside = (t) => beta(freedom / (freedom + t * t), freedom / 2, 0.5);
    let [low, high] = [0, 1];
    while (outside(high) > 1 - level) high *= 2;
    for (let i = 0; i < 80 && high - low > 1e-15 * high; i++) {
      const middle = (low + high) / 2;
      if (outside(middle) > 1 - level) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const half = sorted.length / 2;
    return sorted.length % 2 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
  };

  // The share of comparable states that show as much, as manyvectors.claims.scale.as_much of one half.
  function asMuch(others, estimate, { sign, bar }) {
    const measured = estimate - bar;
    const way = measured < 0 ? -1 : 1;
    return others.filter((other) => (sign ? way * (other - bar) >= Math.abs(measured) : Math.abs(other - bar) <= Math.abs(measured))).length / others.length;
  }

  // A verdict as a reader is told it.
  const inWord = (word) => say(word);

  window.manyVectorsScale = Object.freeze({ FEW, asMuch, inWord, median, student, verdict });
})();
