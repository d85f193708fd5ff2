// What momentum does on a parabola, as chapter 12 derives it from the roots of
// r² − (1 + β − α(1 − β)λ) r + β.

/** @typedef {"creeps" | "swings" | "flips" | "diverges"} Regime */

/**
 * What it does, and its factor a step in the long run.
 *
 * @param {number} product α (1 − β) λ
 * @param {number} beta
 * @returns {[regime: Regime, factor: number]}
 */
export function regimeOf(product, beta) {
  const total = 1 + beta - product; // of the two roots; their product is beta
  const inside = total * total - 4 * beta;
  if (inside < 0) return ["swings", Math.sqrt(beta)];
  const factor = (Math.abs(total) + Math.sqrt(inside)) / 2;
  if (total >= 0) return ["creeps", factor];
  return [product < 2 * (1 + beta) ? "flips" : "diverges", factor];
}

/**
 * The rates between which it swings, and the one from which on it diverges.
 *
 * @param {number} curvature
 * @param {number} beta
 */
export function boundsOf(curvature, beta) {
  const scale = (1 - beta) * curvature;
  const root = Math.sqrt(beta);
  return {
    low: (1 - root) ** 2 / scale,
    high: (1 + root) ** 2 / scale,
    end: (2 + 2 * beta) / scale,
  };
}

/**
 * The rate and beta at which the larger factor of two curvatures is least.
 *
 * @param {number} flattest
 * @param {number} sharpest
 */
export function bestPair(flattest, sharpest) {
  const root = Math.sqrt(sharpest / flattest);
  const share = (root - 1) / (root + 1);
  const beta = share * share;
  return { rate: (2 / (Math.sqrt(sharpest) + Math.sqrt(flattest))) ** 2 / (1 - beta), beta };
}

/**
 * @param {import("./types.ts").Pair} curvatures
 * @param {number} rate
 * @param {number} beta
 */
export function momentumOn([flattest, sharpest], rate, beta) {
  const [flat, slow] = regimeOf(rate * (1 - beta) * flattest, beta);
  const [steep, fast] = regimeOf(rate * (1 - beta) * sharpest, beta);
  const does =
    flat === steep
      ? `${flat} along every direction`
      : `${steep} along the steepest direction and ${flat} along the flattest`;
  return { does, factor: Math.max(slow, fast) };
}
