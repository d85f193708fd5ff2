// A graph of gates: sigma(w0 x0 + w1 x1 + w2), taken apart.

const multiply = [(a, b) => a * b, (a, b) => [b, a]]; // a gate: its function, its local gradients
const add = [(a, b) => a + b, () => [1, 1]];
const GATES = {
  p0: [["w0", "x0"], multiply],
  p1: [["w1", "x1"], multiply],
  s: [["p0", "p1"], add],
  z: [["s", "w2"], add],
  n: [["z"], [(z) => -z, () => [-1]]],
  e: [["n"], [Math.exp, (n) => [Math.exp(n)]]],
  g: [["e"], [(e) => e + 1, () => [1]]],
  L: [["g"], [(g) => 1 / g, (g) => [-1 / (g * g)]]],
};

// The value of every node; those that are given keep theirs.
export function graphForward(given) {
  const values = { ...given };
  for (const [node, [of, [gate]]] of Object.entries(GATES)) {
    values[node] ??= gate(...of.map((name) => values[name]));
  }
  return values;
}

export function graphBackward(values) {
  const grads = { L: 1 };
  for (const [node, [of, [, local]]] of Object.entries(GATES).reverse()) {
    local(...of.map((name) => values[name])).forEach(
      (slope, i) => (grads[of[i]] = slope * grads[node]),
    );
  }
  return grads;
}

// Central differences, one node at a time.
export function graphNumerical(inputs, values, eps) {
  const difference = ([node, value]) => {
    const h = eps * Math.max(1, Math.abs(value));
    const [plus, minus] = [h, -h].map(
      (side) => graphForward({ ...inputs, [node]: value + side }).L,
    );
    return [node, (plus - minus) / (2 * h)];
  };
  return Object.fromEntries(Object.entries(values).map(difference));
}
