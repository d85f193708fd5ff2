// Lab graph: the gates of one neuron, with what the walk has found so far.

import * as Plot from "@observablehq/plot";
import { graphBackward, graphForward, graphNumerical } from "../gates.js";
import { frame, inPixels } from "../marks.js";
import { show } from "../text.js";

const WIDE = 560; // pixels, from which the graph runs from left to right
const VALUE = "var(--lab-ink)";
const GRADIENT = "var(--lab-path)";

function* train({ walk, ...inputs }, { told, eps, rate, weights, doing }) {
  const values = graphForward(inputs);
  const grads = graphBackward(values);
  const moved = weights.map((name) => [name, inputs[name] - rate * grads[name]]);
  const after = graphForward({ ...inputs, ...Object.fromEntries(moved) });
  const promised = weights.reduce((sum, name) => sum - rate * grads[name] ** 2, values.L);
  const state = { ...values, promised, series: { doing } };
  const found = { d_: grads, check_: graphNumerical(inputs, values, eps), new_: after };
  for (const [start, numbers] of Object.entries(found)) {
    for (const node in numbers) state[start + node] = numbers[node];
  }
  for (const [name, [first, last, number]] of Object.entries(told)) {
    state.series[name] = doing.map((_, i) => (i >= first && i <= last ? state[number] : null));
  }
  yield state;
}

const number = (value) =>
  show(value, value && (Math.abs(value) < 0.001 || Math.abs(value) >= 1000) ? ".1e" : ".3g");

// What is known of each node at this stop of the walk, and which nodes are at work.
function known({ shared: { nodes, step, weights }, state, position }) {
  return nodes.map((entry) => {
    const { node, forward, backward, turn, of } = entry;
    const old = position >= forward ? state[node] : null;
    const renewed = position > step || !of.length ? state[`new_${node}`] : null;
    return {
      ...entry,
      value: position < step ? old : renewed,
      gradient: position >= backward && position <= step ? state[`d_${node}`] : null,
      check: state[`check_${node}`],
      now:
        [forward, turn].includes(position) ||
        (node === "L" && [step / 2, step + 1].includes(position)) ||
        (position === step && weights.includes(node)),
    };
  });
}

const graph = {
  title: "Graph",
  keys: [
    ["2.00", "value", { color: VALUE }],
    ["∂ 0.20", "gradient of L", { color: GRADIENT }],
    ["≈ 0.20", "central difference"],
    ["▢", "thick: at work"],
  ],
  label: (context) =>
    known(context)
      .filter(({ value }) => value !== null)
      .map(
        ({ name, value, gradient }) =>
          `${name} ${number(value)}${gradient === null ? "" : `, gradient ${number(gradient)}`}`,
      )
      .join("; "),
  draw(context) {
    const { width, position, shared } = context;
    const nodes = known(context);
    const wide = width >= WIDE;
    const [length, height] = wide ? [width, 400] : [680, 680];
    const [half, halfY] = [width / (wide ? 22 : 11), 35];
    const side = (wide ? half : halfY) + 4; // half a box and a margin, along the walk
    for (const node of nodes) {
      const along = side + (node.depth / 7) * (length - 2 * side);
      const across = ((node.lane + 0.5) / 5) * (wide ? height : width);
      [node.x, node.y] = wide ? [along, across] : [across, along];
    }
    const back = position >= shared.step / 2 && position <= shared.step;
    const ink = back ? GRADIENT : VALUE;
    const place = Object.fromEntries(nodes.map((node) => [node.node, node]));
    const edges = nodes.flatMap((to) =>
      to.of.map((name) => {
        const [a, b] = [place[name], to];
        const ends = wide
          ? [a.x + half, a.y, b.x - half, b.y]
          : [a.x, a.y + halfY, b.x, b.y - halfY];
        return {
          ends: to.turn === position ? [2, 3, 0, 1].map((i) => ends[i]) : ends,
          live: to.now,
        };
      }),
    );
    const arrows = (edges, options) =>
      Plot.arrow(edges, {
        ...Object.fromEntries(
          ["x1", "y1", "x2", "y2"].map((key, i) => [key, ({ ends }) => ends[i]]),
        ),
        ...options,
      });
    const text = (dy, text, options) =>
      Plot.text(nodes, {
        x: "x",
        y: "y",
        text,
        dy,
        fontVariant: "tabular-nums",
        fontWeight: 600,
        ...options,
      });
    return Plot.plot({
      ...inPixels,
      width,
      height,
      style: { ...frame.style, fontSize: wide ? "11px" : "10px" },
      marks: [
        arrows(edges, { stroke: "var(--lab-contour)", headLength: 4 }),
        arrows(
          edges.filter(({ live }) => live),
          { stroke: ink, strokeWidth: 2.5 },
        ),
        Plot.rect(nodes, {
          x1: ({ x }) => x - half,
          x2: ({ x }) => x + half,
          y1: ({ y }) => y - halfY,
          y2: ({ y }) => y + halfY,
          rx: 6,
          fill: "var(--lab-card)",
          stroke: ({ now }) => (now ? ink : "var(--lab-line)"),
          strokeWidth: ({ now }) => (now ? 2.5 : 1),
        }),
        text(-24, ({ name, sign }) => `${name} ${sign}`, {
          fill: "var(--lab-quiet)",
          fontWeight: 400,
        }),
        text(-8, ({ value }) => (value === null ? "" : number(value)), { fill: VALUE }),
        text(9, ({ gradient }) => (gradient === null ? "" : `∂ ${number(gradient)}`), {
          fill: GRADIENT,
        }),
        text(24, ({ gradient, check }) => (gradient === null ? "" : `≈ ${number(check)}`), {
          fill: "var(--lab-quiet)",
          fontWeight: 400,
        }),
      ],
    });
  },
};

export default { areas: ["graph"], columns: "1fr", panels: { graph }, train };
