// A formula as a graph of gates, run forward and backward, as byhand/labs/computation.py has it.

import { read } from "./grammar.js";
import { lastOf } from "./numbers.js";
import { bracketed, show } from "./text.js";

/** @import { Tree } from "./grammar.js" */

/**
 * A number, a variable or a gate, with the nodes that it reads; they stand before it.
 *
 * @typedef {object} Node
 * @property {string} op
 * @property {number[]} of
 * @property {string} name
 * @property {number | null} number
 */

/**
 * What one gate sends to one of its arguments: local derivative times gradient. `before` is what
 * the argument had received, `after` what it has then.
 *
 * @typedef {object} Share
 * @property {number} stop of the walk
 * @property {number} gate
 * @property {number} to
 * @property {number} argument
 * @property {number} local
 * @property {number} upstream
 * @property {number} before
 * @property {number} after
 */

/** @typedef {{ [name: string]: number }} Inputs */
/** @typedef {(u: number, v: number) => number} Value */
/** @typedef {(q: number, u: number, v: number) => number[]} Slopes q is the value */

export const VARIABLES = "wxyzb";
const MOST = 16; // gates
const DEEPEST = 9; // gates in a row
const EPS = 1e-4; // of the differences; relative to values above 1

const { exp, log, sqrt, sin, cos, tanh, abs, sign, max, min } = Math;

/** @type {{ [name: string]: [Value, Slopes] }} */
const FUNCTIONS = {
  exp: [exp, (q) => [q]],
  log: [log, (_, u) => [1 / u]],
  sqrt: [sqrt, (q) => [0.5 / q]],
  sin: [sin, (_, u) => [cos(u)]],
  cos: [cos, (_, u) => [-sin(u)]],
  tanh: [tanh, (q) => [1 - q * q]],
  sigmoid: [(u) => 1 / (1 + exp(-u)), (q) => [q * (1 - q)]],
  relu: [(u) => max(u, 0), (_, u) => [Number(u > 0)]],
  abs: [abs, (_, u) => [sign(u)]],
  max: [max, (_, u, v) => [Number(u >= v), Number(u < v)]],
  min: [min, (_, u, v) => [Number(u <= v), Number(u > v)]],
};

/** @type {{ [op: string]: [Value, Slopes] }} */
const GATES = {
  ...FUNCTIONS,
  "+": [(u, v) => u + v, () => [1, 1]],
  "-": [(u, v) => u - v, () => [1, -1]],
  "*": [(u, v) => u * v, (_, u, v) => [v, u]],
  "/": [(u, v) => u / v, (q, _, v) => [1 / v, -q / v]],
  "^": [
    (u, v) => u ** v,
    (q, u, v) => [v ? v * u ** (v - 1) : 0, u || v <= 0 ? q * log(u) : 0], // by v, 0^v has slope 0
  ],
  neg: [(u) => -u, () => [-1]],
};

/** @param {string} op */
export const isInfix = (op) => !(op in FUNCTIONS);

const LANGUAGE = {
  variables: VARIABLES,
  functions: Object.fromEntries(
    Object.keys(FUNCTIONS).map((name) => [name, name === "max" || name === "min" ? 2 : 1]),
  ),
  powers: true,
};

// --- the graph ---

/** @type {Map<string, Node[]>} */
const known = new Map();

/**
 * The graph of a formula: what is written twice is one node. The last node is the root.
 *
 * @param {string} text
 */
export function graphOf(text) {
  const nodes = known.get(text) ?? named(found(read(text, LANGUAGE)));
  const { op } = lastOf(nodes);
  if (op === "number") {
    throw new Error(`no variable stands in it, expected one of ${[...VARIABLES].join(", ")}`);
  }
  const gates = nodes.filter(({ of }) => of.length).length;
  if (gates > MOST) throw new Error(`its graph has ${gates} gates, expected at most ${MOST}`);
  const deep = max(...depths(nodes));
  if (deep > DEEPEST) {
    throw new Error(`${deep} gates stand in a row, expected at most ${DEEPEST}`);
  }
  known.set(text, nodes);
  return nodes;
}

/**
 * The nodes of a tree, each once, not yet named.
 *
 * @param {Tree} tree
 */
function found(tree) {
  /** @type {Node[]} */
  const nodes = [];
  /** @type {(node: Node) => number} the place of a node, which is added if it is new */
  const place = (node) => {
    const key = JSON.stringify(node);
    const at = nodes.findIndex((other) => JSON.stringify(other) === key);
    return at < 0 ? nodes.push(node) - 1 : at;
  };
  /** @type {(tree: Tree) => number} */
  const add = ([op, ...parts]) => {
    const name = "";
    if (op === "number") return place({ op, of: [], name, number: Number(parts[0]) });
    const of = parts.map((part) => add(/** @type {Tree} */ (part)));
    const numbers = of.map((i) => nodes[i].number);
    if (!of.length || numbers.includes(null)) return place({ op, of, name, number: null });
    return place({ op: "number", of: [], name, number: folded(op, numbers.map(Number)) });
  };
  add(tree);
  return nodes;
}

/**
 * What a gate makes of numbers alone.
 *
 * @param {string} op
 * @param {number[]} numbers
 */
function folded(op, numbers) {
  const value = GATES[op][0](numbers[0], numbers[1]);
  if (Number.isFinite(value)) return value;
  const [u, v] = numbers.map((n) => (isInfix(op) ? bracketed(n, nameless(n)) : nameless(n)));
  const sign = op === "-" ? "−" : op === "*" ? "×" : op;
  const infix = op === "^" ? `${u}^${v}` : `${u} ${sign} ${v}`;
  const text = isInfix(op) ? infix : `${op}(${u})`;
  throw new Error(`${text} has no value, expected numbers that have one`);
}

/**
 * The nodes with their names, without numbers that were folded into others.
 *
 * @param {Node[]} nodes
 */
function named(nodes) {
  const used = new Set([nodes.length - 1]);
  for (let i = nodes.length - 1; i >= 0; i--) {
    if (used.has(i)) for (const k of nodes[i].of) used.add(k);
  }
  const kept = nodes.filter((_, i) => used.has(i));
  let gates = 0;
  return kept.map((node) => {
    const { op, number } = node;
    let name = number === null ? op : nameless(number);
    if (node.of.length) {
      name = `q${String(++gates).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)])}`;
      if (node === lastOf(kept)) name = "f";
    }
    return { ...node, of: node.of.map((k) => kept.indexOf(nodes[k])), name };
  });
}

/** @param {number} number that stands in a formula */
const nameless = (number) => show(Number(number.toPrecision(6)));

/**
 * For each node the gates on the longest way to it.
 *
 * @param {Node[]} nodes
 */
export function depths(nodes) {
  /** @type {number[]} */
  const deep = [];
  for (const { of } of nodes) deep.push(of.length ? 1 + max(...of.map((i) => deep[i])) : 0);
  return deep;
}

/**
 * A number of the graph: three digits, and no zeros at their end.
 *
 * @param {number} value
 */
export function numberText(value) {
  const large = abs(value) >= 1000 && abs(value) < 1e6;
  const text = show(value, large ? ",.0f" : ".3g");
  return text.replace(/^(−?\d+)\.(\d*?)0*$/, (_, whole, part) => whole + (part && `.${part}`));
}

// --- the run ---

/**
 * The value of each node; null from the first on that has none.
 *
 * @param {Node[]} nodes
 * @param {Inputs} inputs
 */
export function forward(nodes, inputs) {
  /** @type {(number | null)[]} */
  const values = [];
  for (const { op, of, number } of nodes) {
    const [u, v] = of.map((i) => Number(values[i]));
    const value = of.length ? GATES[op][0](u, v) : (number ?? inputs[op]);
    if (values.includes(null)) values.push(null);
    else values.push(Number.isFinite(value) ? value : null);
  }
  return values;
}

/**
 * The shares of a run backward, in its order; the last may be one that is not finite.
 *
 * @param {Node[]} nodes
 * @param {number[]} values
 */
export function backward(nodes, values) {
  const total = nodes.map((_, k) => Number(k === nodes.length - 1));
  /** @type {Share[]} */
  const shares = [];
  let stop = 1 + nodes.filter(({ of }) => of.length).length;
  for (let gate = nodes.length - 1; gate >= 0; gate--) {
    const { op, of } = nodes[gate];
    if (!of.length) continue;
    stop++;
    const slopes = GATES[op][1](values[gate], values[of[0]], values[of[1]]);
    for (const [argument, to] of of.entries()) {
      if (nodes[to].op === "number") continue;
      const [local, upstream, before] = [slopes[argument], total[gate], total[to]];
      const after = before + local * upstream;
      shares.push({ stop, gate, to, argument, local, upstream, before, after });
      if (!Number.isFinite(after)) return shares;
      total[to] = after;
    }
  }
  return shares;
}

/**
 * The central difference of the root by a variable, null where it has none.
 *
 * @param {Node[]} nodes
 * @param {Inputs} inputs
 * @param {string} name
 */
export function difference(nodes, inputs, name) {
  const h = EPS * max(1, abs(inputs[name]));
  const [above, below] = [h, -h].map((side) =>
    lastOf(forward(nodes, { ...inputs, [name]: inputs[name] + side })),
  );
  if (above === null || below === null) return null;
  const found = (above - below) / (2 * h);
  return Number.isFinite(found) ? found : null;
}
