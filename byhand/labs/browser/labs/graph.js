// Lab graph: the gates of one neuron, with what the walk has found so far.

import { holds } from "../cells.js";
import { scrubTo, slideTo } from "../drags.js";
import { graphBackward, graphForward, graphNumerical } from "../gates.js";
import { around, arrow, drawGraph, GRADIENT, VALUE, written } from "../graph-drawing.js";
import { show } from "../text.js";

/** @import { Context, Drag, Lab, Pair, Panel } from "../types.ts" */

/** @typedef {{ [name: string]: number }} Settings the inputs, and `walk` */

/**
 * A node of the graph, its place on the drawing, and when it is at work.
 *
 * @typedef {object} Node
 * @property {string} node
 * @property {string} name
 * @property {string} sign
 * @property {string[]} of its inputs
 * @property {number} depth
 * @property {number} lane
 * @property {number} forward
 * @property {number} backward
 * @property {number} turn
 */

/**
 * @typedef {object} Shared
 * @property {Node[]} nodes
 * @property {{ [name: string]: [first: number, last: number, number: string] }} told a number of
 *   the state, and the stops at which it is said
 * @property {string[]} weights
 * @property {number} rate
 * @property {number} eps
 * @property {number} step the stop at which the weights move
 * @property {string[]} doing at each stop
 */

/** @typedef {{ [name: string]: unknown, series: { [name: string]: unknown[] } }} State */

const WIDE = 560; // pixels, from which the graph runs from left to right

const NODES = ["w0", "x0", "p0", "w1", "x1", "p1", "w2", "s", "z", "n", "e", "g", "L"];

// The names in the sentences of a node's value, and of its gradient: those of inputs differ.
const isInput = (/** @type {string} */ node) => /^[wx]/.test(node);
const valuesOf = (/** @type {string} */ node) => (isInput(node) ? node : `${node} at_${node}`);
const gradientsOf = (/** @type {string} */ node) =>
  `by_${node} d_${node}${isInput(node) ? ` all_${node}` : ""}`;

/** @param {string} names */
const shows = (names) => names.replace(/\w+/g, "of-$&");

/**
 * The state has every node's value by its name, and under d_, check_ and new_ its gradient, the
 * difference beside it, and its value after a step.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 * @returns {Generator<State, void, void>}
 */
function* train({ walk, ...inputs }, { told, eps, rate, weights, doing, step }) {
  const values = graphForward(inputs);
  const grads = graphBackward(values);
  const moved = weights.map((name) => [name, inputs[name] - rate * grads[name]]);
  const after = graphForward({ ...inputs, ...Object.fromEntries(moved) });
  const promised = weights.reduce((sum, name) => sum - rate * grads[name] ** 2, values.L);
  /** @type {{ [name: string]: number }} */
  const numbers = { ...values, promised };
  const found = { d_: grads, check_: graphNumerical(inputs, values, eps), new_: after };
  for (const [start, nodes] of Object.entries(found)) {
    for (const node in nodes) numbers[start + node] = nodes[node];
  }
  /** @type {{ [name: string]: unknown[] }} */
  const series = { doing };
  for (const [name, [first, last, number]] of Object.entries(told)) {
    series[name] = doing.map((_, i) => (i >= first && i <= last ? numbers[number] : null));
  }
  series.change = doing.map((_, i) => (i > step ? changeOf(values.L, after.L) : null));
  yield { ...numbers, series };
}

/**
 * What the step has done to the output, in the digits that are shown.
 *
 * @param {number} before
 * @param {number} now
 */
function changeOf(before, now) {
  const [was, is] = [before, now].map((value) => show(value, ".3g"));
  return was === is
    ? `a stays at ${was} in these digits: the gradient is too small for this step.`
    : `a falls from ${was} to ${is}.`;
}

// --- what is drawn of a node ---

/**
 * A node at this stop of the walk: its value and gradient, as soon as they are known, and whether
 * it is at work.
 *
 * @typedef {Node & { value: number | null, gradient: number | null, check: number, now: boolean }}
 *   Known
 */

/** @typedef {Pick<Context<Settings, Shared, State>, "shared" | "state" | "position">} Now */

/**
 * @param {Now} context
 * @returns {Known[]}
 */
function known({ shared: { nodes, step, weights }, state, position }) {
  const number = (/** @type {string} */ name) => Number(state[name]);
  return nodes.map((entry) => {
    const { node, forward, backward, turn, of } = entry;
    const old = position >= forward ? number(node) : null;
    const renewed = position > step || !of.length ? number(`new_${node}`) : null;
    return {
      ...entry,
      value: position < step ? old : renewed,
      gradient: position >= backward && position <= step ? number(`d_${node}`) : null,
      check: number(`check_${node}`),
      now:
        [forward, turn].includes(position) ||
        (node === "L" && [step / 2, step + 1].includes(position)) ||
        (position === step && weights.includes(node)),
    };
  });
}

/**
 * Where the nodes are: half a box wide and high, and the middle of each.
 *
 * @typedef {object} Plan
 * @property {boolean} wide whether the walk goes from left to right, not down
 * @property {number} height
 * @property {Pair} half
 * @property {(node: Node) => Pair} middle
 */

/**
 * @param {number} width
 * @returns {Plan}
 */
function planFor(width) {
  const wide = width >= WIDE;
  const [length, height] = wide ? [width, 400] : [680, 680];
  /** @type {Pair} */
  const half = [width / (wide ? 22 : 11), 35];
  const side = half[wide ? 0 : 1] + 4; // half a box and a margin, along the walk
  return {
    wide,
    height,
    half,
    middle({ depth, lane }) {
      const along = side + (depth / 7) * (length - 2 * side);
      const across = ((lane + 0.5) / 5) * (wide ? height : width);
      return wide ? [along, across] : [across, along];
    },
  };
}

/**
 * The arrows between the boxes, turned around where the gradient flows.
 *
 * @param {Known[]} nodes
 * @param {number} position
 * @param {Plan} plan
 */
function edgesOf(nodes, position, { wide, half: [halfX, halfY], middle }) {
  const place = new Map(nodes.map((node) => [node.node, middle(node)]));
  return nodes.flatMap((to) =>
    to.of.map((name) => {
      const [ax, ay] = place.get(name) ?? [NaN, NaN];
      const [bx, by] = middle(to);
      /** @type {Pair[]} */
      const points = wide
        ? [
            [ax + halfX, ay],
            [bx - halfX, by],
          ]
        : [
            [ax, ay + halfY],
            [bx, by - halfY],
          ];
      return arrow(points, to.now, to.turn === position);
    }),
  );
}

// --- an input is dragged, a gate is clicked ---

const PULL = 24; // pixels, of a drag that makes an input larger by 1

/** @type {{ name: string, value: number, x: number } | null} what was taken, and where */
let held = null;

/**
 * A drag on an input changes it; a click on a gate goes to its turn, forward or backward as the
 * walk does, and a second one to its other turn.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {number} x
 * @param {number} y
 * @param {boolean} begins
 * @returns {Drag}
 */
function drag(context, x, y, begins) {
  const { settings, shared, position } = context;
  if (begins) {
    const { half, middle } = planFor(context.width);
    const hit = shared.nodes.find((node) => holds(x, y)(around(middle(node), half)));
    held = null;
    if (!hit) return [{}];
    if (hit.of.length) {
      const turns = position < shared.step / 2 ? [hit.forward, hit.turn] : [hit.turn, hit.forward];
      return scrubTo(context, turns[Number(turns[0] === position)]);
    }
    held = { name: hit.node, value: settings[hit.node], x };
  }
  return held ? slideTo(context, { [held.name]: held.value + (x - held.x) / PULL }) : [{}];
}

/** @type {Panel<Settings, Shared, State>} */
const graph = {
  title: "Graph",
  keys: [
    ["2.00", "value", { color: VALUE, of: NODES.map(valuesOf).join(" ") }],
    ["∂ 0.20", "gradient of a", { color: GRADIENT, of: NODES.map(gradientsOf).join(" ") }],
    ["≈ 0.20", "central difference"],
    ["▢", "thick: at work"],
  ],
  label(context) {
    const told = known(context).map(({ name, value, gradient }) => {
      if (value === null) return null;
      const pulled = gradient === null ? "" : `, gradient ${written(gradient)}`;
      return `${name} ${written(value)}${pulled}`;
    });
    return told.filter((words) => words !== null).join("; ");
  },
  drag,
  draw(context) {
    const { width, position, shared } = context;
    const plan = planFor(width);
    const nodes = known(context);
    const cells = nodes.map((entry) => {
      const { node, name, sign, of, value, gradient, check, now } = entry;
      const number = value === null ? "" : written(value);
      const pulled = gradient !== null;
      return {
        ...around(plan.middle(entry), plan.half),
        head: `${name} ${sign}`,
        value: of.length ? number : `‹ ${number} ›`, // it can be dragged
        gradient: pulled ? `∂ ${written(gradient)}` : "",
        check: pulled ? `≈ ${written(check)}` : "",
        now,
        valueOf: shows(valuesOf(node)),
        gradientOf: shows(gradientsOf(node)),
      };
    });
    const back = position >= shared.step / 2 && position <= shared.step;
    return drawGraph([width, plan.height], cells, edgesOf(nodes, position, plan), {
      ink: back ? GRADIENT : VALUE,
      fontSize: plan.wide ? "11px" : "10px",
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["graph"],
  columns: "1fr",
  terms: Object.fromEntries([
    ...NODES.map((node) => [valuesOf(node), null]),
    ...NODES.map((node) => [gradientsOf(node), 3]),
  ]),
  panels: { graph },
  train,
};
