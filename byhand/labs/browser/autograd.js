// The walk through the graph of a formula, in numbers and in words, as byhand/labs/autograd.py has
// it.

import * as run from "./computation.js";
import { isInfix, numberText, VARIABLES } from "./computation.js";
import { written } from "./formula.js";
import { lastOf, range } from "./numbers.js";
import { show } from "./text.js";

/** @import { Inputs, Node, Share } from "./computation.js" */
/** @import { Trained } from "./types.ts" */

/** @typedef {{ formula: string, step: number, [input: string]: number | string }} Settings */

/**
 * How a gate is written, with {u} and {v} for its arguments and {q} for its value.
 *
 * @typedef {object} Gate
 * @property {string} sign
 * @property {string} said
 * @property {string} python
 * @property {string[]} derivatives
 * @property {string} kink what is said at one, if it has any
 * @property {string} why it has no value
 */

/**
 * @typedef {object} Shared
 * @property {{ [op: string]: Gate }} gates
 * @property {{ node: string, number: string }} powers a power as Python, by its base
 * @property {string} zero
 * @property {string} large
 */

/** @typedef {Trained<typeof train>} State */

/** @typedef {[doing: string, line: string | null, second: string | null]} Step */

/** What a run has found: the nodes, their values, and who sends what to whom. */
class Walk {
  nodes;
  shared;
  own;
  values;
  shares;
  whole;

  /**
   * @param {Settings} settings
   * @param {Shared} shared
   */
  constructor(settings, shared) {
    this.shared = shared;
    this.nodes = run.graphOf(settings.formula);
    const names = this.nodes.map(({ op }) => op).filter((op) => VARIABLES.includes(op));
    /** @type {Inputs} */
    this.own = Object.fromEntries(names.map((name) => [name, Number(settings[name])]));
    this.values = run.forward(this.nodes, this.own);
    const known = lastOf(this.values) !== null;
    this.shares = known ? run.backward(this.nodes, this.values.map(Number)) : [];
    this.whole = known && this.shares.every(({ after }) => Number.isFinite(after));
  }

  /** @param {Node} node */
  namesFor({ of }) {
    return of.map((i) => this.nodes[i].name);
  }

  /**
   * A gate with its arguments, negative numbers in brackets where a sign is near.
   *
   * @param {string} op
   * @param {string[]} texts
   */
  said(op, texts) {
    return fill(this.shared.gates[op].said, isInfix(op) ? texts.map(bracketed) : texts);
  }

  /** @param {Node} node */
  saidOf(node) {
    return this.said(node.op, this.namesFor(node));
  }

  /**
   * The same as markup.
   *
   * @param {string} op
   * @param {string[]} texts
   */
  markup(op, texts) {
    return this.said(op, texts).replace(/\^(.*)$/, "<sup>$1</sup>");
  }

  /**
   * Up to a gate that has no value.
   *
   * @returns {Generator<Step, void, void>}
   */
  *forward() {
    yield ["Only the inputs are known.", null, null];
    for (const [k, node] of this.nodes.entries()) {
      const { op, of, name } = node;
      if (!of.length) continue;
      const value = this.values[k];
      const read = of.map((i) => Number(this.values[i]));
      const [names, numbers] = [this.namesFor(node), read.map(numberText)];
      const ends = value === null ? "has no value" : `= ${numberText(value)}`;
      const reason = value === null ? `: ${this.#why(op, read)}` : "";
      yield [
        `Forward: ${name} = ${this.said(op, names)} = ${this.said(op, numbers)} ${ends}${reason}.`,
        `${italic(name)} = ${this.markup(op, names.map(italic))} = ` +
          `${this.markup(op, numbers)} ${ends}`,
        null,
      ];
      if (value === null) return;
    }
    yield ["Backward starts at the output: ∂f/∂f = 1.", "∂<i>f</i>/∂<i>f</i> = 1", null];
  }

  /**
   * @param {string} op
   * @param {number[]} read
   */
  #why(op, [u, v]) {
    const { gates, zero, large } = this.shared;
    if (op === "^" && u === 0) return zero;
    return (op === "^" && u > 0) || (op === "/" && v) ? large : gates[op].why;
  }

  /**
   * Up to a slope that is none.
   *
   * @returns {Generator<Step, void, void>}
   */
  *backward() {
    const stops = [...new Set(this.shares.map(({ stop }) => stop))];
    for (const at of stops) {
      const sent = this.shares.filter(({ stop }) => stop === at);
      const node = this.nodes[sent[0].gate];
      const through = `Backward through ${node.name} = ${this.saidOf(node)}`;
      const broken = sent.find(({ after }) => !Number.isFinite(after));
      if (broken) {
        const { name } = this.nodes[broken.to];
        const value = numberText(Number(this.values[broken.to]));
        const large = Number.isFinite(broken.local);
        const what = `${large ? "gradient of" : "local derivative by"} ${name}`;
        const ends = large ? "is larger than a float can be" : "does not exist";
        yield [
          `${through}: at ${name} = ${value} the ${what} ${ends}, and the gradient ends here.`,
          null,
          null,
        ];
        return;
      }
      const told = sent.map((share) => this.#told(node, share));
      const parts = told.map(({ words }) => words).join("; ");
      const upstream = numberText(sent[0].upstream);
      yield [
        `${through}, whose gradient is ${upstream}: ${parts}.`,
        told[0].line,
        told[1]?.line ?? null,
      ];
    }
  }

  /**
   * A share in words and as an equation.
   *
   * @param {Node} node
   * @param {Share} share
   */
  #told(node, share) {
    const { name } = this.nodes[share.to];
    const [local, upstream, before, after, sent] = [
      share.local,
      share.upstream,
      share.before,
      share.after,
      share.local * share.upstream,
    ].map(numberText);
    const product = `${bracketed(local)} × ${bracketed(upstream)}`;
    const earlier = this.shares.slice(0, this.shares.indexOf(share));
    const had = earlier.some(({ to }) => to === share.to);
    const sum = had ? `${before} + ` : "";
    const more = had ? `, which makes ${after} with the ${before} that it had` : "";
    const template = this.shared.gates[node.op].derivatives[share.argument];
    const names = this.namesFor(node).map(italic).map(bracketed);
    const derivative = fill(template, names).replaceAll("{q}", italic(node.name));
    return {
      words: `${name} gets ${product} = ${sent}${more}`,
      line:
        `∂<i>f</i>/∂${italic(name)} = ${sum}${derivative} · ∂<i>f</i>/∂${italic(node.name)} = ` +
        `${sum}${product} = ${after}`,
    };
  }

  /** Which gate stands at a kink, the first one if several do. */
  kink() {
    for (const node of this.nodes) {
      const { kink } = this.shared.gates[node.op] ?? {};
      const [u, v = 0] = node.of.map((i) => this.values[i]);
      if (!kink || u === null || u !== v || node.of[0] === node.of[1]) continue;
      return `${node.name} = ${this.saidOf(node)} stands at a kink: ${kink}.`;
    }
    return null;
  }

  /** The graph as lines of dlcore.autograd, a line a gate. */
  code() {
    const { gates, powers } = this.shared;
    const inputs = Object.entries(this.own);
    const lines = inputs.map(
      ([name, value]) =>
        `${name} = autograd.Node(${Number.isInteger(value) ? value.toFixed(1) : value})`,
    );
    for (const node of this.nodes) {
      if (!node.of.length) continue;
      const [base, exponent] = node.of.map((i) => this.nodes[i].number);
      const power = node.op === "^" && exponent === null;
      const python = base === null ? powers.node : powers.number;
      const template = power ? python : gates[node.op].python;
      const read = node.of.map((i) => String(this.nodes[i].number ?? this.nodes[i].name));
      lines.push(`${node.name} = ${fill(template, read)}`);
    }
    const names = inputs.map(([name]) => name).join(", ");
    const slopes = inputs.map(([name]) => `d${name}`).join(", ") + (inputs.length > 1 ? "" : ",");
    lines.push(`${slopes} = autograd.gradients(${lastOf(this.nodes).name}, ${names})`);
    return lines.join("\n").replace(/[₀-₉]/g, (digit) => String(digit.charCodeAt(0) - 0x2080));
  }
}

/**
 * Put the arguments of a gate into a template.
 *
 * @param {string} template
 * @param {string[]} texts
 */
const fill = (template, [u, v = ""]) => template.replaceAll("{u}", u).replaceAll("{v}", v);

/** @param {string} text */
const bracketed = (text) => (text.startsWith("−") ? `(${text})` : text);

/** @param {string} name */
const italic = (name) => name.replace(/^[a-z]/, "<i>$&</i>");

/** @param {string[]} words */
const listed = (words) => words.join(", ").replace(/, ([^,]*)$/, " and $1");

/**
 * Every value, every share of a gradient, and their words at each stop.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 */
export function* train(settings, shared) {
  const walk = new Walk(settings, shared);
  const { nodes, values, shares, own, whole } = walk;
  const steps = [...walk.forward(), ...walk.backward()];
  const final = steps.length - 1;
  const gates = nodes.filter(({ of }) => of.length).length;
  const root = lastOf(values);
  const gradients = nodes.map((_, k) => Number(k === nodes.length - 1));
  for (const { to, after } of shares) gradients[to] = after;
  const slopes = [...VARIABLES].map((name) => {
    const k = nodes.findIndex(({ op }) => op === name);
    const text = k >= 0 && whole ? numberText(gradients[k]) : null;
    return [`d_${name}`, steps.map((_, stop) => (stop === final ? text : null))];
  });
  yield {
    written: written(settings.formula, VARIABLES),
    given: listed(Object.entries(own).map(([name, value]) => `${name} = ${show(value)}`)),
    kink: walk.kink(),
    code: walk.code(),
    nodes: range(nodes.length)
      .filter((k) => nodes[k].op !== "number")
      .map((k) => ({
        name: nodes[k].name,
        op: nodes[k].op,
        value: values[k],
        gradient: whole ? gradients[k] : null,
        difference: nodes[k].of.length ? null : run.difference(nodes, own, nodes[k].op),
      })),
    shares: shares
      .filter(({ after }) => Number.isFinite(after))
      .map(({ stop, gate, to, local, upstream }) => ({
        stop,
        from: nodes[gate].name,
        to: nodes[to].name,
        local,
        upstream,
        share: local * upstream,
      })),
    ...Object.fromEntries(
      [...VARIABLES].map((name) => [`has_${name}`, name in own ? "yes" : "no"]),
    ),
    series: {
      doing: steps.map(([doing]) => doing),
      line: steps.map(([, line]) => line),
      second: steps.map(([, , second]) => second),
      out: steps.map((_, stop) => (root !== null && stop >= gates ? numberText(root) : null)),
      .../** @type {{ [name: string]: (string | null)[] }} */ (Object.fromEntries(slopes)),
    },
  };
}
