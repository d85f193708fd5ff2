// A surface as a formula of x and y, with all its slopes and curvatures. The rules are those of
// byhand/labs/formula.py.

import { read } from "./grammar.js";

/** @import { Tree } from "./grammar.js" */

/** @typedef {[f: number, fx: number, fy: number, fxx: number, fxy: number, fyy: number]} Jet */
/** @typedef {(x: number, y: number) => Jet} Surface */

// --- jets ---

/** @type {(value: number) => Jet} */
const constant = (value) => [value, 0, 0, 0, 0, 0];

/** @type {(a: Jet, b: Jet) => Jet} */
const plus = (a, b) => /** @type {Jet} */ (a.map((p, i) => p + b[i]));

/** @type {(a: Jet, b: Jet) => Jet} by the product rule */
const times = ([f, fx, fy, fxx, fxy, fyy], [g, gx, gy, gxx, gxy, gyy]) => [
  f * g,
  fx * g + f * gx,
  fy * g + f * gy,
  fxx * g + 2 * fx * gx + f * gxx,
  fxy * g + fx * gy + fy * gx + f * gxy,
  fyy * g + 2 * fy * gy + f * gyy,
];

/** @type {(a: Jet, value: number, slope: number, curvature: number) => Jet} by the chain rule */
const chain = ([, fx, fy, fxx, fxy, fyy], value, slope, curvature) => [
  value,
  slope * fx,
  slope * fy,
  curvature * fx * fx + slope * fxx,
  curvature * fx * fy + slope * fxy,
  curvature * fy * fy + slope * fyy,
];

/** @type {(a: Jet, n: number) => Jet} */
function power(a, n) {
  const [f] = a;
  const first = n ? n * f ** (n - 1) : 0;
  const second = n * (n - 1) ? n * (n - 1) * f ** (n - 2) : 0;
  return chain(a, f ** n, first, second);
}

const { sin, cos, exp } = Math;

/** @type {{ [name: string]: (a: Jet) => Jet }} */
const FUNCTIONS = {
  sin: (a) => chain(a, sin(a[0]), cos(a[0]), -sin(a[0])),
  cos: (a) => chain(a, cos(a[0]), -sin(a[0]), -cos(a[0])),
  exp: (a) => chain(a, exp(a[0]), exp(a[0]), exp(a[0])),
  sqrt: (a) => power(a, 0.5),
  neg: (a) => times(constant(-1), a),
};

/** @type {{ [name: string]: Surface }} */
const VARIABLES = { x: (x) => [x, 1, 0, 0, 0, 0], y: (_, y) => [y, 0, 1, 0, 0, 0] };

/** @type {{ [sign: string]: (a: Jet, b: Jet) => Jet }} */
const OPERATIONS = {
  "+": plus,
  "-": (a, b) => plus(a, times(constant(-1), b)),
  "*": times,
  "/": (a, b) => times(a, power(b, -1)),
};

const SURFACE = { variables: "xy", functions: { sin: 1, cos: 1, exp: 1, sqrt: 1 } };

/** @type {Map<string, Surface>} */
const known = new Map();

/**
 * The function that a formula stands for.
 *
 * @param {string} text
 */
export function parse(text) {
  const found = known.get(text) ?? surfaceOf(read(text, SURFACE));
  known.set(text, found);
  return found;
}

/**
 * @param {Tree} tree
 * @returns {Surface}
 */
function surfaceOf([name, ...parts]) {
  if (name in VARIABLES) return VARIABLES[name];
  if (name === "number") {
    const value = constant(Number(parts[0]));
    return () => value;
  }
  const [left, right] = /** @type {Tree[]} */ (parts);
  const a = surfaceOf(left);
  if (name === "^") return (x, y) => power(a(x, y), Number(right[1]));
  if (!right) return (x, y) => FUNCTIONS[name](a(x, y));
  const b = surfaceOf(right);
  return (x, y) => OPERATIONS[name](a(x, y), b(x, y));
}

/**
 * A formula as a person writes it, as markup.
 *
 * @param {string} text that can be read
 * @param {string} variables their letters
 */
export const written = (text, variables = "xy") =>
  text
    .replace(new RegExp(`([${variables}])|[a-z]+`, "g"), (word, own) =>
      own ? `<i>${word}</i>` : word,
    )
    .replace(/\s*\^\s*(-?)\s*([\d.]+|<i>.<\/i>)/g, "<sup>$1$2</sup>")
    .replaceAll("*", "·")
    .replaceAll("-", "−");
