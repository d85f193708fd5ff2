// Lab autograd: the graph of a formula, with what the walk has found so far.

import { train } from "../autograd.js";
import { depths, graphOf, isInfix, numberText, VARIABLES } from "../computation.js";
import { formulaField } from "../formula-field.js";
import { around, arrow, drawGraph, GRADIENT, VALUE } from "../graph-drawing.js";
import { layOut } from "../graph-layout.js";
import { clamp, lastOf } from "../numbers.js";
import { holds } from "../cells.js";
import { show } from "../text.js";

/** @import { Settings, Shared, State } from "../autograd.js" */
/** @import { Node } from "../computation.js" */
/** @import { Layout } from "../graph-layout.js" */
/** @import { Context, Lab, Pair, Panel } from "../types.ts" */

/** @typedef {Context<Settings, Shared, State>} Now */

const WIDE = 520; // pixels, from which the graph runs from left to right
const HALF = 35; // of a box's height
const HUES = [0, 1, 2, 4, 5]; // of the variables
const GAIN = 12; // pixels that an input is dragged for a stop of its slider

/** @type {Map<string, { drawn: Node[], layout: Layout }>} */
const plans = new Map();

/**
 * The nodes of a formula that are drawn, and where.
 *
 * @param {string} formula
 */
function planOf(formula) {
  const known = plans.get(formula);
  if (known) return known;
  if (plans.size > 20) plans.clear();
  const nodes = graphOf(formula);
  const drawn = nodes.filter(({ op }) => op !== "number");
  const reads = drawn.map(({ of }) => of.map((i) => drawn.indexOf(nodes[i])));
  const deep = depths(nodes).filter((_, k) => nodes[k].op !== "number");
  const layout = layOut(
    reads.map((of) => of.filter((i) => i >= 0)),
    deep,
  );
  plans.set(formula, { drawn, layout });
  return { drawn, layout };
}

/**
 * What stands in a gate's box: its sign, and the number that it has.
 *
 * @param {Node} node
 * @param {Node[]} nodes
 * @param {Shared} shared
 */
function signOf({ op, of }, nodes, { gates }) {
  if (!of.length) return "";
  const { sign, said } = gates[op];
  const [u = "", v = ""] = of.map((i) => (nodes[i].op === "number" ? nodes[i].name : ""));
  if (!u && !v) return sign;
  return isInfix(op) ? said.replace("{u}", u).replace("{v}", v).trim() : `${sign} ${u}${v}`;
}

/**
 * The drawing's plan in pixels.
 *
 * @param {Now} context
 */
function placesOf({ width, settings: { formula } }) {
  const { drawn, layout } = planOf(formula);
  const wide = width >= WIDE;
  const { layers, across } = layout;
  const height = wide ? Math.max(300, 82 * across) : 88 * layers;
  const along = (wide ? width : height) / layers;
  const side = (wide ? height : width) / across;
  /** @type {Pair} */
  const half = [Math.min(42, wide ? along / 2 - 9 : side / 2 - 3), HALF];
  /** @type {(place: Pair) => Pair} */
  const middle = ([layer, at]) =>
    wide ? [(layer + 0.5) * along, at * side] : [at * side, (layer + 0.5) * along];
  return { drawn, layout, wide, height, half, middle };
}

/**
 * A node at this stop of the walk.
 *
 * @param {Now} context
 */
function knownNow({ settings, state, shared, position }) {
  const nodes = graphOf(settings.formula);
  const gates = nodes.filter(({ of }) => of.length);
  const whole = state.series.doing.length - 1 === position && position > gates.length;
  return state.nodes.map(({ name, op, value, difference }) => {
    const node = nodes.filter((one) => one.name === name)[0];
    const stop = gates.indexOf(node) + 1; // 0 for an input
    const turn = stop && 2 * gates.length + 2 - stop;
    const root = node === lastOf(nodes);
    const sent = state.shares.filter(({ to }) => to === name);
    const came = sent.filter((share) => share.stop <= position);
    const gradient = came.reduce((sum, { share }) => sum + share, Number(root));
    const told = came.length || (root && position > gates.length);
    const more = came.length && came.length < sent.length ? " …" : "";
    const ends = value === null && position >= stop;
    return {
      node,
      turn: position <= gates.length ? stop : turn,
      back: turn === position,
      known: position >= stop ? value : null,
      input: VARIABLES.indexOf(op),
      head: `${name} ${signOf(node, nodes, shared)}`,
      value: ends ? "no value" : value === null || position < stop ? "" : numberText(value),
      gradient: told ? `∂ ${numberText(gradient)}${more}` : "",
      check: whole && told && difference !== null ? `≈ ${numberText(difference)}` : "",
      now: [stop, turn].includes(position) || (root && position === gates.length + 1),
    };
  });
}

/** @param {Now} context */
function cellsOf(context) {
  const { layout, half, middle } = placesOf(context);
  return knownNow(context).map((known, k) => {
    const { op } = known.node;
    const variable = known.input >= 0;
    return {
      ...known,
      ...around(middle(layout.places[k]), half),
      valueOf: variable ? `of-${op}` : known.node.name === "f" ? "of-out" : "",
      gradientOf: variable ? `of-d_${op}` : "",
      ink: variable ? `var(--lab-hue-${HUES[known.input]})` : undefined,
    };
  });
}

/** @type {{ name: string, from: number, x: number } | null} the input that is being dragged */
let held = null;

/** @type {Panel<Settings, Shared, State>} */
const graph = {
  title: "Graph",
  keys: [
    ["2", "value", { color: VALUE }],
    ["∂ 0.2", "gradient of f", { color: GRADIENT }],
    ["…", "more will come"],
    ["≈ 0.2", "central difference"],
    ["▢", "thick: at work"],
  ],
  label(context) {
    const told = knownNow(context).filter(({ value }) => value);
    return told
      .map(({ node, value, gradient }) => {
        const pulled = gradient && `, gradient ${gradient.slice(2).replace(" …", " so far")}`;
        return `${node.name} ${value}${pulled}`;
      })
      .join("; ");
  },
  draw(context) {
    const { layout, wide, height, half, middle } = placesOf(context);
    const cells = cellsOf(context);
    const arrows = layout.edges.map(({ from, to, argument, places }) => {
      const twice = layout.edges.filter((edge) => edge.from === from && edge.to === to).length > 1;
      const aside = twice ? 14 * argument - 7 : 0;
      const points = places.map((place, i) => {
        const [x, y] = middle(place);
        const out = i === 0 ? 1 : i === places.length - 1 ? -1 : 0; // of a box, or into one
        return /** @type {Pair} */ (
          wide ? [x + out * half[0], y + aside] : [x + aside, y + out * half[1]]
        );
      });
      return arrow(points, cells[to].now, cells[to].back);
    });
    const back = context.position > cells.filter(({ input }) => input < 0).length;
    return drawGraph([context.width, height], cells, arrows, {
      ink: back ? GRADIENT : VALUE,
      fontSize: wide ? "11px" : "10px",
    });
  },
  drag(context, x, y, begins) {
    const { settings, position } = context;
    if (!begins) {
      if (!held) return [{}];
      const stops = Math.round((x - held.x) / GAIN) / 4;
      const value = clamp(held.from + stops, [-4, 4]);
      return value === settings[held.name]
        ? [{}]
        : [{ [held.name]: value }, `${held.name}: ${show(value)}. `, held.name];
    }
    const cell = cellsOf(context).find(holds(x, y));
    held = null;
    if (!cell) return [{}];
    const { op } = cell.node;
    if (cell.input >= 0) {
      held = { name: op, from: Number(settings[op]), x };
      return [{}, "", op];
    }
    if (cell.turn === position) return [{}];
    return [{ step: cell.turn }, `Step: ${cell.turn}. `];
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["graph"],
  columns: "1fr",
  terms: Object.fromEntries(
    [...VARIABLES].flatMap((name, i) => [
      [name, HUES[i]],
      [`d_${name}`, 3],
    ]),
  ),
  panels: { graph },
  kinds: { formula: formulaField },
  train,
};
