// A graph of gates: sigma(w0 x0 + w1 x1 + w2), taken apart.

/** @typedef {{ [node: string]: number }} Nodes */

/**
 * @typedef {object} Gate
 * @property {(...inputs: number[]) => number} value
 * @property {(...inputs: number[]) => number[]} slopes one an input
 */

/** @type {Gate} */
const multiply = { value: (a, b) => a * b, slopes: (a, b) => [b, a] };

/** @type {Gate} */
const add = { value: (a, b) => a + b, slopes: () => [1, 1] };

/** @type {{ [node: string]: Gate & { of: string[] } }} */
const GATES = {
  p0: { of: ["w0", "x0"], ...multiply },
  p1: { of: ["w1", "x1"], ...multiply },
  s: { of: ["p0", "p1"], ...add },
  z: { of: ["s", "w2"], ...add },
  n: { of: ["z"], value: (z) => -z, slopes: () => [-1] },
  e: { of: ["n"], value: Math.exp, slopes: (n) => [Math.exp(n)] },
  g: { of: ["e"], value: (e) => e + 1, slopes: () => [1] },
  L: { of: ["g"], value: (g) => 1 / g, slopes: (g) => [-1 / (g * g)] },
};

/**
 * The value of every node; those that are given keep theirs.
 *
 * @param {Nodes} given
 */
export function graphForward(given) {
  const values = { ...given };
  for (const [node, { of, value }] of Object.entries(GATES)) {
    values[node] ??= value(...of.map((name) => values[name]));
  }
  return values;
}

/** @param {Nodes} values */
export function graphBackward(values) {
  /** @type {Nodes} */
  const grads = { L: 1 };
  for (const [node, { of, slopes }] of Object.entries(GATES).reverse()) {
    slopes(...of.map((name) => values[name])).forEach((slope, i) => {
      grads[of[i]] = slope * grads[node];
    });
  }
  return grads;
}

/**
 * Central differences, one node at a time.
 *
 * @param {Nodes} inputs
 * @param {Nodes} values
 * @param {number} eps
 * @returns {Nodes}
 */
export function graphNumerical(inputs, values, eps) {
  const differences = Object.entries(values).map(([node, value]) => {
    const h = eps * Math.max(1, Math.abs(value));
    const [plus, minus] = [h, -h].map(
      (side) => graphForward({ ...inputs, [node]: value + side }).L,
    );
    return [node, (plus - minus) / (2 * h)];
  });
  return Object.fromEntries(differences);
}
