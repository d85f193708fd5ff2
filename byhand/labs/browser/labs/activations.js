// Lab activations: a distribution pushed through one or two curves, and through their slopes.

import * as Plot from "@observablehq/plot";
import { chart } from "../chart.js";
import { curves } from "../curves.js";
import { slideTo } from "../drags.js";
import { frame, here } from "../marks.js";
import { average, clamp, range } from "../numbers.js";
import { show } from "../text.js";

/** @import { Context, Drag, Lab, Pair, Panel, Trained, Values } from "../types.ts" */

/**
 * @typedef {{ function: string, versus: string, alpha: number, mean: number, spread: number }}
 *   Settings
 */

/**
 * @typedef {object} Shared
 * @property {number[]} quantiles of the standard normal distribution
 * @property {{ [name: string]: string }} formulas
 * @property {{ [name: string]: string }} functions as a reader reads them
 * @property {string[]} with_alpha the functions that have one
 * @property {number} saturated slopes below it are
 * @property {number} zero slopes below it are
 */

/** @typedef {Trained<typeof train>} State */
/** @typedef {Context<Settings, Shared, State>} Now */

const X = /** @type {Pair} */ ([-10, 10]);
const SQUASHING = ["sigmoid", "tanh", "scaled_tanh"];
const HEIGHT = 210;
const BINS = 52;
const INPUT = "var(--lab-0)";

/** @typedef {0 | 1} Which of the two: the curve, or its slope */
/** @typedef {{ name: string, color: string, dash: string, prefix: "" | "other_" }} Side */

/**
 * The functions that are drawn, the second one only where it is another.
 *
 * @param {Settings} settings
 * @returns {Side[]}
 */
function sidesOf({ function: name, versus }) {
  /** @type {Side} */
  const one = { name, color: "var(--lab-path)", dash: "none", prefix: "" };
  if (versus === "none" || versus === name) return [one];
  return [one, { name: versus, color: "var(--lab-2)", dash: "6 3", prefix: "other_" }];
}

/** @type {(settings: Settings, shared: Shared) => number[]} */
const scores = ({ mean, spread }, { quantiles }) => quantiles.map((q) => mean + spread * q);

/**
 * What a function makes of the scores.
 *
 * @param {string} name
 * @param {Settings} settings
 * @param {Shared} shared
 */
function measured(name, settings, shared) {
  const { alpha, mean } = settings;
  const pairs = scores(settings, shared).map((z) => curves[name](z, alpha));
  const A = pairs.map(([a]) => a);
  const slopes = pairs.map(([, slope]) => slope);
  const below = (/** @type {number} */ limit) =>
    average(slopes.map((slope) => Number(Math.abs(slope) < limit)));
  const [at, slope_at] = curves[name](mean, alpha);
  const out_mean = average(A);
  return {
    formula: shared.formulas[name],
    out_mean,
    out_spread: Math.sqrt(average(A.map((a) => (a - out_mean) ** 2))),
    passed: average(slopes),
    saturated: below(shared.saturated),
    dead: below(shared.zero),
    at,
    slope_at,
  };
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, shared) {
  const { alpha } = settings;
  const [{ name }, two] = sidesOf(settings);
  const hasAlpha = (/** @type {string} */ each) => shared.with_alpha.includes(each);
  const one = measured(name, settings, shared);
  const other = two ? measured(two.name, settings, shared) : null;
  yield {
    layer: name,
    argument: hasAlpha(name) ? `, alpha=${alpha}` : "",
    with_alpha: hasAlpha(name) ? alpha : null,
    without: hasAlpha(name) ? null : "",
    alphas: sidesOf(settings).filter((side) => hasAlpha(side.name)).length,
    verdict: one.dead === 1 ? "dead" : null,
    ...one,
    other: two ? shared.functions[two.name] : null,
    other_formula: other?.formula ?? null,
    other_out_mean: other?.out_mean ?? null,
    other_out_spread: other?.out_spread ?? null,
    other_passed: other?.passed ?? null,
    other_saturated: other?.saturated ?? null,
    other_dead: other?.dead ?? null,
    other_at: other?.at ?? null,
    other_slope_at: other?.slope_at ?? null,
  };
}

/**
 * The drawn values, and the drawn slopes.
 *
 * @type {((settings: Settings) => Pair)[]}
 */
const DOMAINS = [
  (settings) => {
    const squash = sidesOf(settings).map(({ name }) => SQUASHING.includes(name));
    if (!squash.includes(false)) return [-2, 2];
    return squash.includes(true) ? [-2, 4] : [-3, 10];
  },
  (settings) => {
    const above = sidesOf(settings).some(({ name }) => name === "leaky_relu" || name === "elu");
    return [-0.2, above ? Math.max(1.2, settings.alpha + 0.2) : 1.2];
  },
];

/** @typedef {(values: Values<Settings, State>) => string} Label */

// --- the bell can be dragged ---

let side = 0; // of the bell that is being dragged, -1 or 1; 0 where all of it is
let from = 0; // how far from its middle it was taken

/**
 * A drag of the bell's middle moves it, one of its sides stretches it; a click far away takes it
 * there.
 *
 * @param {Now} context
 * @param {number} x
 * @param {number} _
 * @param {boolean} begins
 * @returns {Drag}
 */
function drag(context, x, _, begins) {
  const { mean, spread } = context.settings;
  const off = x - mean;
  if (begins) {
    const away = Math.abs(off);
    side = away > 0.6 * spread && away < 1.5 * spread + 0.6 ? Math.sign(off) : 0;
    from = away < spread ? off : 0;
  }
  if (side) return slideTo(context, { spread: side * off });
  return slideTo(context, { mean: x - from });
}

const STEPS = range(401).map((i) => X[0] + i / 20);

/**
 * A curve, thick where it is open, and the way of the middle score through it.
 *
 * @param {Side} side
 * @param {Which} which
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number} top of the bell
 */
function through({ name, color, dash, prefix }, which, { alpha, mean }, { saturated }, top) {
  const line = STEPS.map((z) => {
    const pair = curves[name](z, alpha);
    const open = Math.abs(pair[1]) >= saturated;
    return { z, y: pair[which], open: open ? pair[which] : NaN };
  });
  const middle = { z: mean, y: curves[name](mean, alpha)[which] };
  const way = [{ z: mean, y: top }, middle, { z: X[1], y: middle.y }];
  const at = { x: "z", y: "y" };
  const ink = { ...at, stroke: color, clip: true };
  const className = `of-${prefix}${which ? "slope_at" : "at"}`;
  return [
    Plot.line(way, { ...ink, strokeDasharray: "2 3", className }),
    Plot.line(line, { ...ink, strokeWidth: 1.2, className: `of-${prefix}formula` }),
    Plot.line(line, {
      ...ink,
      y: "open",
      strokeWidth: 4,
      strokeDasharray: dash,
      className: `of-${prefix}saturated`,
    }),
    prefix
      ? Plot.dot([middle], { ...at, r: 4, fill: color, symbol: "square", className })
      : here([middle], { ...at, className }),
  ];
}

/**
 * The curves or their slopes, with the density of the scores along the bottom, and the way of the
 * middle score through them.
 *
 * @param {Which} which
 * @param {string} title
 * @param {Label} label
 * @returns {Panel<Settings, Shared, State>}
 */
const curve = (which, title, label) => ({
  title,
  label: ({ values }) => label(values),
  drag,
  keysNow: ({ settings, shared }) => [
    ["▁▃▁", "the scores", { color: INPUT, of: "mean spread" }],
    ...keysOf(settings, shared),
  ],
  draw({ settings, shared, width }) {
    const { mean, spread } = settings;
    const [low, high] = DOMAINS[which](settings);
    const hillAt = (/** @type {number} */ z) =>
      low + 0.3 * (high - low) * Math.exp(-(((z - mean) / spread) ** 2) / 2);
    const hill = STEPS.map((z) => ({ z, y: hillAt(z) }));
    const ends = [mean - spread, mean + spread].map((z) => ({ z, y: hillAt(z) }));
    const at = { x: "z", y: "y" };
    const BELL = { ...at, stroke: INPUT, clip: true };
    return chart({
      ...frame,
      width,
      height: HEIGHT,
      x: { domain: X, label: "score z", ticks: 5 },
      y: { domain: [low, high], label: null, ticks: 5, grid: true },
      marks: [
        Plot.areaY(hill, { x: "z", y1: low, y2: "y", fill: INPUT, fillOpacity: 0.3 }),
        Plot.line(hill, { ...BELL, strokeWidth: 1, className: "of-mean of-spread" }),
        Plot.text(ends, {
          ...at,
          text: ["◀", "▶"],
          fill: INPUT,
          clip: true,
          className: "of-spread",
        }),
        Plot.dot([{ z: mean, y: hillAt(mean) }], {
          ...BELL,
          r: 4,
          fill: INPUT,
          className: "of-mean",
        }),
        sidesOf(settings)
          .reverse()
          .map((one) => through(one, which, settings, shared, hillAt(mean))),
      ],
    });
  },
});

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @returns {import("../types.ts").Key[]}
 */
const keysOf = (settings, { functions }) =>
  sidesOf(settings).map(({ name, color, prefix }) => [
    prefix ? "╍╍" : "━━",
    functions[name],
    { color, of: `${prefix}formula` },
  ]);

/**
 * How the values or the slopes of the scores are spread, on the curve's own axis. What lies beyond
 * it is counted in its last bar.
 *
 * @param {Which} which
 * @param {string} title
 * @param {Label} label
 * @returns {Panel<Settings, Shared, State>}
 */
const histogram = (which, title, label) => ({
  title,
  keys: [["╌╌", "mean", { of: which ? "passed" : "out_mean" }]],
  label: ({ values }) => label(values),
  draw({ settings, shared, values, width }) {
    const [low, high] = DOMAINS[which](settings);
    const size = (high - low) / BINS;
    const sides = sidesOf(settings).map((one) => {
      const shares = new Array(BINS).fill(0);
      for (const z of scores(settings, shared)) {
        const bin = Math.floor((curves[one.name](z, settings.alpha)[which] - low) / size + 1e-9);
        shares[clamp(bin, [0, BINS - 1])] += 1 / shared.quantiles.length;
      }
      const bars = shares.map((share, i) => ({ y: low + (i + 0.5) * size, share }));
      return {
        ...one,
        bars,
        mean: Number(values[`${one.prefix}${which ? "passed" : "out_mean"}`]),
      };
    });
    const most = Math.max(...sides.flatMap(({ bars }) => bars.map(({ share }) => share)));
    return chart({
      ...frame,
      width,
      height: HEIGHT,
      x: { domain: [0, most], label: "share", ticks: 4, tickFormat: ".0%" },
      y: { domain: [low, high], label: null, ticks: 5, grid: true },
      marks: sides.reverse().map(({ bars, color, mean, prefix, dash }) => {
        const shape = { y: "y", curve: /** @type {const} */ ("step") };
        const className = `of-${prefix}${which ? "passed" : "out_mean"}`;
        return [
          prefix
            ? null
            : Plot.areaX(bars, { ...shape, x2: "share", fill: color, fillOpacity: 0.5 }),
          Plot.lineX(bars, { ...shape, x: "share", stroke: color, strokeDasharray: dash }),
          Plot.ruleY([clamp(mean, [low, high])], {
            stroke: color,
            strokeDasharray: "5 3",
            className,
          }),
        ];
      }),
    });
  },
});

const ONE = "formula at slope_at out_mean out_spread passed saturated dead";
const OTHER = `versus other ${ONE.replace(/\w+/g, "other_$&")}`;

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["curve outputs", "slope slopes"],
  columns: "3fr 2fr",
  terms: {
    [`function ${ONE}`]: 3,
    [OTHER]: 2,
    mean: 4,
    spread: 5,
  },
  panels: {
    curve: curve(
      0,
      "The function g",
      ({ at, mean }) => `at the mean ${show(mean)} it is ${show(at, ".3f")}`,
    ),
    outputs: histogram(
      0,
      "What comes out",
      ({ out_mean, out_spread }) =>
        `mean ${show(out_mean, ".2f")}, spread ${show(out_spread, ".2f")}`,
    ),
    slope: curve(
      1,
      "Its slope g′",
      ({ slope_at, mean }) => `at the mean ${show(mean)} it is ${show(slope_at, ".3f")}`,
    ),
    slopes: histogram(
      1,
      "Slopes met",
      ({ passed, saturated }) =>
        `${show(passed, ".1%")} on average, ${show(saturated, ".1%")} saturated`,
    ),
  },
  train,
};
