// Panels of the lab init: what each layer sees, in A, in B, and in both.

import * as Plot from "@observablehq/plot";
import { chart } from "./chart.js";
import { BINS, log } from "./init-views.js";
import { frame } from "./marks.js";
import { between, clamp, lastOf, range } from "./numbers.js";
import { show } from "./text.js";

/** @import { Settings, Shared } from "./init-network.js" */
/** @import { Axis } from "./init-views.js" */
/** @import { train } from "./init.js" */
/** @import { Context, Drag, Key, Pair, Panel, Trained } from "./types.ts" */

/** @typedef {Trained<typeof train>} State */
/** @typedef {Context<Settings, Shared, State>} Now */
/** @typedef {"signals" | "errors"} Shown */

const HEIGHT = 134;
export const INK = "var(--lab-ink)";
/** Channels of a number a layer, on a logarithmic axis. */
const perLayer = { x: (/** @type {number} */ _, /** @type {number} */ k) => k + 1, y: log };
const THEORY = { stroke: INK, strokeDasharray: "4 3", clip: true };

/** @typedef {{ name: string, prefix: "" | "other_", color: string, dash: string,
 *   symbol: "circle" | "square" }} Side */

/** @type {Side[]} */
export const SIDES = [
  { name: "A", prefix: "", color: "var(--lab-path)", dash: "none", symbol: "circle" },
  { name: "B", prefix: "other_", color: "var(--lab-2)", dash: "6 3", symbol: "square" },
];

/** @param {Now} context */
const layerOf = ({ settings: { layer, depth } }) => Math.min(layer, depth);

// --- a network, layer by layer ---

/**
 * The axis of the layers: where there is no room for all numbers, every fifth is written.
 *
 * @param {number} depth
 * @param {number} width
 * @returns {Plot.ScaleOptions}
 */
function axisOf(depth, width) {
  const layers = range(depth).map((k) => k + 1);
  const all = depth * 20 < width - 54;
  const ticks = layers.filter((layer) => all || layer === 1 || layer % 5 === 0);
  return { domain: [0.4, depth + 0.6], label: "layer", ticks, tickSize: 3, tickFormat: "d" };
}

/**
 * A histogram a layer, upright and mirrored: its middle is the layer, its width how many.
 *
 * @param {Uint16Array[]} layers
 * @param {Axis} axis
 */
function upright(layers, { domain }) {
  return layers.flatMap((counts, k) => {
    const most = Math.max(...counts);
    const filled = range(BINS).filter((i) => counts[i]);
    if (!filled.length) return [];
    const [low, high] = [Math.max(filled[0] - 1, 0), Math.min(lastOf(filled) + 1, BINS - 1)];
    return range(high - low + 1).map((i) => {
      const half = (0.46 * counts[low + i]) / most;
      const y = between(domain, (low + i + 0.5) / BINS);
      return { k, y, x1: k + 1 - half, x2: k + 1 + half };
    });
  });
}

/**
 * What a click on a layer shows large.
 *
 * @param {Now} context
 * @param {number} x
 * @param {Shown} shown
 * @returns {Drag}
 */
function picked({ settings: { depth } }, x, shown) {
  const layer = clamp(Math.round(x), [1, depth]);
  return [{ layer, shown }, `Layer ${layer} shown large. `, "layer"];
}

/** @type {{ [shown in Shown]: "spread" | "first" }} which of a network's numbers sums it up */
const SHOWN = { signals: "spread", errors: "first" };

const WORDS = { signals: "activations", errors: "errors δ" };

/**
 * @param {0 | 1} side
 * @param {Shown} of
 * @returns {Panel<Settings, Shared, State>}
 */
export function histograms(side, of) {
  const { name, color, prefix } = SIDES[side];
  const measured = of === "signals" ? "spreads" : "sizes";
  const theory = of === "signals" ? "should_spread" : "should_size";
  return {
    title: `${name}: ${WORDS[of]}`,
    keys: of === "errors" ? [["╌╌", "theory"]] : [],
    label({ values }) {
      const sizes = side ? values[`other_${measured}`] : values[measured];
      const what = of === "signals" ? "standard deviation" : "size";
      const [first, last] = [sizes[0], lastOf(sizes)].map((v) => show(v, ".2g"));
      return `${what} ${first} in layer 1, ${last} in the last`;
    },
    draw(context) {
      const { state, values, settings, width } = context;
      const { label, domain, logarithmic } = state.axes[of];
      const bars = upright(values.views[side][of], state.axes[of]);
      const layer = layerOf(context);
      const expected = logarithmic ? state.starts[side][theory] : [];
      return chart({
        ...frame,
        width,
        height: HEIGHT,
        x: axisOf(settings.depth, width),
        y: { domain, label, ticks: 4, grid: true },
        marks: [
          Plot.rectX([layer], {
            x1: layer - 0.5,
            x2: layer + 0.5,
            fill: "var(--lab-line)",
            fillOpacity: settings.shown === of ? 0.8 : 0.25,
          }),
          Plot.areaX(bars, {
            y: "y",
            x1: "x1",
            x2: "x2",
            z: "k",
            curve: "step",
            fill: color,
            className: `of-${prefix}${SHOWN[of]}`,
          }),
          Plot.line(expected, { ...perLayer, ...THEORY }),
          Plot.text(bars.length ? [] : ["all of them are 0"], { frameAnchor: "middle", fill: INK }),
        ],
      });
    },
    drag: (context, x) => picked(context, x, of),
    hover: (context, x) => picked(context, x, of)[0],
  };
}

// --- a layer of both, and all layers of both ---

/**
 * @param {"spread" | "first" | "cost"} of which of a network's numbers they show
 * @param {(side: Side, k: 0 | 1) => string} text
 * @returns {Key[]}
 */
export const keysOf = (of, text) =>
  SIDES.map((side, k) => {
    const look = { color: side.color, of: side.prefix + of };
    return [k ? "╌╌" : "━━", text(side, k ? 1 : 0), look];
  });

/**
 * How much of a layer passes no error on, in words.
 *
 * @param {Now["values"]} values
 * @param {Side["prefix"]} prefix
 * @param {number} k
 */
const flatOf = (values, prefix, k) =>
  `${show(values[`${prefix}saturated`][k], ".0%")} saturated, ` +
  `${show(values[`${prefix}dead`][k], ".0%")} dead`;

/** @type {Panel<Settings, Shared, State>} */
export const large = {
  title: "Layer",
  keysNow: (context) => [["", `${layerOf(context)}: ${WORDS[context.settings.shown]}`]],
  label(context) {
    const k = layerOf(context) - 1;
    const [a, b] = SIDES.map(({ prefix }) => flatOf(context.values, prefix, k));
    return `${k + 1}, ${WORDS[context.settings.shown]}; A: ${a}; B: ${b}`;
  },
  draw(context) {
    const { settings, shared, state, values, width } = context;
    const { label, domain } = state.axes[settings.shown];
    const all = shared.X.length * settings.width;
    const k = layerOf(context) - 1;
    const bars = values.views.map((view) =>
      Array.from(view[settings.shown][k], (count, i) => ({
        x: between(domain, (i + 0.5) / BINS),
        y: count / all,
      })),
    );
    const at = { x: "x", y: "y", curve: /** @type {const} */ ("step") };
    return chart({
      ...frame,
      width,
      height: HEIGHT,
      x: { domain, label, ticks: 5 },
      y: {
        domain: [0, 1.4 * Math.max(0.05, ...bars.flat().map(({ y }) => y))], // room for the words
        label: "share",
        tickFormat: ".0%",
        ticks: 4,
        grid: true,
      },
      marks: [
        Plot.areaY(bars[0], { ...at, fill: SIDES[0].color, fillOpacity: 0.25 }),
        ...SIDES.flatMap(({ name, prefix, color, dash }, i) => [
          Plot.line(bars[i], {
            ...at,
            stroke: color,
            strokeWidth: 1.8,
            strokeDasharray: dash,
            className: `of-${prefix}${SHOWN[settings.shown]}`,
          }),
          Plot.text([`${i ? "╌╌" : "━━"} ${name} ${flatOf(values, prefix, k)}`], {
            frameAnchor: "top-left",
            dx: 3,
            dy: -4 + 13 * i,
            fill: color,
            stroke: "var(--lab-ground)",
            strokeWidth: 4,
          }),
        ]),
      ],
    });
  },
};

/**
 * Wide enough for what is measured at the start and for the theory: training does not move it.
 *
 * @param {State} state
 * @returns {Pair}
 */
function spreadDomain({ series, starts }) {
  const should = starts.map(({ should_spread }) => should_spread);
  const seen = [series.spreads[0], series.other_spreads[0], ...should];
  const finite = seen.flat().map(log).filter(Number.isFinite);
  return [Math.min(-2, ...finite) - 0.6, Math.max(0, ...finite) + 0.6];
}

/**
 * A network's line, with a mark a layer.
 *
 * @param {number[]} spreads
 * @param {Side} side
 */
function measured(spreads, { prefix, color, dash, symbol }) {
  const at = { ...perLayer, clip: true, className: `of-${prefix}spread` };
  return [
    Plot.line(spreads, { ...at, stroke: color, strokeWidth: 1.8, strokeDasharray: dash }),
    Plot.dot(spreads, { ...at, symbol, r: 2.4, fill: color }),
  ];
}

/** @type {Panel<Settings, Shared, State>} */
export const spreads = {
  title: "Standard deviation",
  label: ({ values: { spreads, other_spreads } }) =>
    ["A", "B"]
      .map(
        (name, k) =>
          `${name} ${show(lastOf(k ? other_spreads : spreads), ".2g")} in the last layer`,
      )
      .join(", "),
  draw(context) {
    const { settings, state, values, width } = context;
    const layer = layerOf(context);
    const both = [values.spreads, values.other_spreads];
    const lower = both[0][layer - 1] > both[1][layer - 1] ? 1 : 0;
    const domain = spreadDomain(state);
    const right = layer > settings.depth / 2;
    return chart({
      ...frame,
      width,
      height: HEIGHT,
      x: axisOf(settings.depth, width),
      y: { domain, label: "log₁₀", ticks: 4, grid: true },
      marks: [
        Plot.ruleX([layer], { stroke: "var(--lab-quiet)" }),
        ...SIDES.flatMap(({ name, color }, k) => [
          Plot.line(state.starts[k].should_spread, { ...perLayer, ...THEORY, strokeOpacity: 0.6 }),
          ...measured(both[k], SIDES[k]),
          Plot.text([both[k][layer - 1]], {
            x: layer,
            y: (v) => (v ? clamp(log(v), domain) : domain[0] + 0.7),
            text: (v) => `${name} ${show(v, ".2g")}`,
            dy: k === lower ? 12 : -12,
            dx: right ? -6 : 6,
            textAnchor: right ? "end" : "start",
            fill: color,
            stroke: "var(--lab-ground)",
            strokeWidth: 4,
            fontWeight: 600,
          }),
        ]),
      ],
    });
  },
  drag: (context, x) => picked(context, x, "signals"),
  hover: (context, x) => picked(context, x, "signals")[0],
};
