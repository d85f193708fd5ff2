// Lab decay: noisy gradient descent with a rate that falls, beside the same with a constant rate.

import * as Plot from "@observablehq/plot";
import { chart } from "../chart.js";
import { heightControl, heightsOf, moved } from "../drawing.js";
import { equalHeight, frame, here } from "../marks.js";
import { clamp, nearest, range, sum } from "../numbers.js";
import { gradientDescent } from "../optimizers.js";
import { seriesOf } from "../series.js";
import { fill, show } from "../text.js";

/** @import { Context, Key, Lab, Pair, Panel, Trained } from "../types.ts" */

/**
 * @typedef {object} Settings
 * @property {string} schedule
 * @property {number} rate
 * @property {number} batch
 * @property {number} warmup
 * @property {number} decay
 * @property {number} share
 * @property {number} k
 * @property {number} every
 * @property {string} drawing
 * @property {number} step
 */

/**
 * @typedef {object} Shared
 * @property {number[][]} noise a pair for each step
 * @property {number} scale of the noise
 * @property {Pair} curvatures
 * @property {Pair} start
 * @property {{ [schedule: string]: string }} laws
 * @property {{ [schedule: string]: string }} code
 */

/** @typedef {Trained<typeof train>} State */

// --- the runs ---

const PER_EPOCH = 10; // steps
const STEPS = 400; // of a run
const LAST = 100; // steps of the ball
const HEIGHTS = 20; // of a drawing, above 0
const SPACING = 20; // steps between its points

/**
 * The height of a drawing at a step: straight lines join its points.
 *
 * @param {string} drawing
 * @param {number} step
 */
function heightAt(drawing, step) {
  const heights = heightsOf(drawing).map((height) => height / HEIGHTS);
  const place = Math.floor(step / SPACING);
  const part = (step % SPACING) / SPACING;
  return (1 - part) * heights[place] + part * (heights[place + 1] ?? 0);
}

/**
 * What each schedule makes of the rate: one of dlcore's, by the step and its epoch.
 *
 * @type {{ [schedule: string]: (settings: Settings, step: number, epoch: number) => number }}
 */
const SCHEDULES = {
  constant: () => 1,
  inverse_time: ({ decay }, _, epoch) => 1 / (1 + decay * epoch),
  exponential: ({ share }, _, epoch) => share ** epoch,
  inverse_sqrt_epoch: ({ k }, _, epoch) => k / Math.sqrt(epoch + 1),
  inverse_sqrt_step: ({ k }, step) => k / Math.sqrt(step + 1),
  staircase: ({ share, every }, _, epoch) => share ** Math.floor(epoch / every),
  cosine: (_, step) => (1 + Math.cos((Math.PI * step) / STEPS)) / 2,
  drawn: ({ drawing }, step) => heightAt(drawing, step),
};

/** @param {number} step from 0 */
const epochOf = (step) => Math.floor(step / PER_EPOCH);

/**
 * The rate of a step.
 *
 * @param {number} step
 * @param {Settings} settings
 */
function rateAt(step, settings) {
  const { schedule, rate, warmup } = settings;
  const factor = SCHEDULES[schedule](settings, step, epochOf(step));
  return rate * factor * (warmup ? Math.min(1, (step + 1) / warmup) : 1);
}

/**
 * The path down the surface sum(curvature w^2 / 2), one rate a step; noise is added to the
 * gradients.
 *
 * @param {number[]} w
 * @param {Pair} curvatures
 * @param {number[][]} noise
 * @param {number[]} rates
 */
function descend(w, curvatures, noise, rates) {
  const path = [w];
  rates.forEach((rate, step) => {
    const gradient = w.map((value, i) => curvatures[i] * value + noise[step][i]);
    w = gradientDescent(w, gradient, rate);
    path.push(w);
  });
  return path;
}

/**
 * The root of the mean square of the last distances from the lowest point.
 *
 * @param {number[][]} path
 * @param {number} step
 */
function radius(path, step) {
  const last = step ? path.slice(Math.max(step - LAST, 0) + 1, step + 1) : path.slice(0, 1);
  return Math.sqrt(sum(last.map(([a, b]) => a * a + b * b)) / last.length);
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function* train(settings, { noise, scale, curvatures, start, laws, code }, stops) {
  const { schedule, rate, batch, warmup } = settings;
  const deviation = scale / Math.sqrt(batch);
  const shocks = noise.map((shock) => shock.map((s) => deviation * s));
  const rates = noise.map((_, step) => rateAt(step, settings));
  const run = (/** @type {number[]} */ rates) =>
    descend(start, curvatures, shocks, rates.slice(0, -1));
  const [path, constant] = [run(rates), run(rates.map(() => rate))];
  const limit = 2 / Math.max(...curvatures);
  const stopAt = (/** @type {number} */ step) => {
    const [now, [w1, w2], epoch] = [rates[step], path[step], epochOf(step)];
    const [g1, g2] = path[step].map((value, i) => curvatures[i] * value + shocks[step][i]);
    const drawn = heightAt(settings.drawing, step);
    const counts = { ...settings, step, count: step + 1, epoch, passes: epoch + 1, drawn };
    const [law, call] = [laws[schedule], code[schedule]].map((words) => fill(words, counts));
    const spread = curvatures.map((c) => (now * deviation ** 2) / (c * (2 - now * c)));
    return {
      now,
      w1,
      w2,
      g1,
      g2,
      next1: w1 - now * g1,
      next2: w2 - now * g2,
      radius: radius(path, step),
      still: radius(constant, step),
      ball: now < limit ? Math.sqrt(sum(spread)) : null,
      total: sum(rates.slice(0, step)),
      span: step >= LAST ? `the last ${LAST} steps` : "all steps so far",
      law: warmup ? `min(1, ${step + 1} / ${warmup}) · ${law}` : law,
      call: warmup ? `warmup(${step}, ${call}, steps=${warmup})` : call,
    };
  };
  yield {
    deviation,
    limit: rate > limit ? limit : null,
    rates,
    path,
    constant,
    series: seriesOf(stops.map(stopAt)),
  };
}

// --- drawing ---

/** @typedef {{ stroke: string, dash?: string, words: string, of: string }} Look */

const SCHEDULE = { stroke: "var(--lab-path)", words: "schedule", of: "radius" };
const CONSTANT = { stroke: "var(--lab-0)", dash: "5 3", words: "constant rate", of: "still" };

/** @type {Key[]} */
const KEYS = [
  ["━━", SCHEDULE.words, { color: SCHEDULE.stroke, of: "radius" }],
  ["╌╌", CONSTANT.words, { color: CONSTANT.stroke, of: "still" }],
];
const W1 = /** @type {Pair} */ ([-5.3, 1.9]);
const W2 = /** @type {Pair} */ ([-2.6, 2.6]);
const LEVELS = [0.5, 2, 5, 9, 14];

/** @type {(a: number, b: number) => Pair[]} */
const ellipse = (a, b) =>
  range(73).map((i) => [a * Math.cos((Math.PI * i) / 36), b * Math.sin((Math.PI * i) / 36)]);

/**
 * The level lines of the cost.
 *
 * @param {Pair} curvatures
 */
const levels = ([c1, c2]) =>
  LEVELS.map((cost) =>
    Plot.line(ellipse(Math.sqrt((2 * cost) / c1), Math.sqrt((2 * cost) / c2)), {
      stroke: "var(--lab-contour)",
      strokeOpacity: 0.45,
      clip: true,
    }),
  );

const FAR = 1000; // from the minimum: a run that gets there diverges, and is drawn no further

/** @param {number[]} point */
const far = ([a, b]) => Math.hypot(a, b) > FAR;

/**
 * The run as far as it can be drawn.
 *
 * @param {number[][]} path
 */
function drawable(path) {
  const end = path.findIndex(far);
  return end < 0 ? path : path.slice(0, end + 1);
}

/**
 * A run up to now, its last steps, and their ball.
 *
 * @param {number[][]} path
 * @param {number} radius
 * @param {Look} look
 */
const trace = (path, radius, { stroke, dash, of }) => [
  Plot.line(drawable(path), { stroke, strokeOpacity: 0.45, strokeWidth: 1, clip: true }),
  Plot.dot(
    path.slice(-LAST).filter((point) => !far(point)),
    {
      r: 1.8,
      fill: stroke,
      symbol: dash ? "square" : "circle",
      clip: true,
    },
  ),
  Plot.line(radius < FAR ? ellipse(radius, radius) : [], {
    fill: stroke,
    fillOpacity: 0.14,
    stroke,
    strokeWidth: 2.4,
    strokeDasharray: dash,
    className: `of-${of}`,
    clip: true,
  }),
];

/**
 * @param {number} radius
 * @param {Look} look
 * @param {number} i from below
 */
const told = (radius, { stroke, words }, i) =>
  Plot.text([radius < FAR ? `${words}: r = ${show(radius, ".3g")}` : `${words}: diverges`], {
    frameAnchor: "bottom-right",
    dx: -6,
    dy: -8 - 17 * i,
    fill: stroke,
    stroke: "var(--lab-ground)",
    strokeWidth: 4,
    fontWeight: 600,
  });

/** @type {Panel<Settings, Shared, State>} */
const plane = {
  title: "Paths, last 100 steps, ball",
  keys: KEYS,
  label: ({ values: { radius, still } }) =>
    `the ball has a radius of ${show(radius, ".3g")}, with the constant rate ${show(still, ".3g")}`,
  draw({ shared, state, settings: { step }, values: { radius, still }, width }) {
    const [w1, w2] = state.path[step];
    const now = [clamp(w1, W1), clamp(w2, W2)];
    return chart({
      ...frame,
      width,
      height: equalHeight(width, W1, W2),
      x: { domain: W1, label: "w₁", ticks: 6 },
      y: { domain: W2, label: "w₂", ticks: 6 },
      marks: [
        levels(shared.curvatures),
        trace(state.constant.slice(0, step + 1), still, CONSTANT),
        trace(state.path.slice(0, step + 1), radius, SCHEDULE),
        here(
          [now],
          { x: "0", y: "1", className: "of-w1 of-w2" },
          { hollow: now[0] !== w1 || now[1] !== w2 },
        ),
        told(still, CONSTANT, 0),
        told(radius, SCHEDULE, 1),
      ],
    });
  },
};

const at = { x: "step", y: "y" };

/** @param {number[]} values */
const overSteps = (values) => values.map((y, step) => ({ step, y }));

/** @typedef {Context<Settings, Shared, State>} Now */

/**
 * A curve a run, over the steps.
 *
 * @typedef {object} Curves
 * @property {Key[]} [keys]
 * @property {Panel<Settings, Shared, State>["label"]} label
 * @property {(context: Now) => [constant: number[], path: number[]]} lines
 * @property {(lines: number[][]) => Plot.ScaleOptions & { domain: Pair }} y
 * @property {(curvatures: Pair) => Plot.Markish} [marks]
 * @property {Panel<Settings, Shared, State>["drag"]} [drag]
 */

/**
 * @param {string} title
 * @param {Curves} curves
 * @returns {Panel<Settings, Shared, State>}
 */
const curves = (title, { keys, label, lines: linesOf, y: yOf, marks, drag }) => ({
  title,
  minHeight: 150,
  keys,
  label,
  drag,
  draw(context) {
    const { shared, state, settings, width, height } = context;
    const { step } = settings;
    const [constant, path] = linesOf(context);
    const y = yOf([constant, path]);
    const line = (/** @type {number[]} */ values, /** @type {Look} */ { stroke, dash }) =>
      Plot.line(overSteps(values), {
        ...at,
        stroke,
        strokeWidth: 1.2,
        strokeDasharray: dash,
        clip: true,
      });
    return chart({
      ...frame,
      marginLeft: 46,
      width,
      height,
      x: { domain: [0, state.rates.length - 1], label: "step", ticks: 5 },
      y: { label: null, grid: true, ...y },
      marks: [
        line(constant, CONSTANT),
        line(path, SCHEDULE),
        marks?.(shared.curvatures),
        here([{ step, y: clamp(path[step], y.domain) }], { ...at, className: "of-step" }),
      ],
    });
  },
});

/**
 * The drawing that is nearest to some rates.
 *
 * @param {number[]} rates
 * @param {number} highest
 */
const drawingOf = (rates, highest) =>
  range(STEPS / SPACING + 1).reduce(
    (word, i) => moved(word, i, (HEIGHTS * rates[i * SPACING]) / highest, HEIGHTS),
    "",
  );

/** @param {number} step */
const placeOf = (step) => clamp(Math.round(step / SPACING), [0, STEPS / SPACING]);

const rate = curves("Learning rate", {
  keys: [
    ["┄", "limit 2 / λ"],
    ["✎", "draw on it"],
  ],
  drag({ settings, state }, x, y) {
    const { schedule, rate, drawing } = settings;
    const word = schedule === "drawn" ? drawing : drawingOf(state.rates, rate);
    const place = placeOf(x);
    const changed = moved(word, place, (HEIGHTS * y) / rate, HEIGHTS);
    const warmup = schedule === "drawn" ? settings.warmup : 0; // it is in the rates already
    const height = show((rate * heightsOf(changed)[place]) / HEIGHTS, ".3g");
    return [
      { schedule: "drawn", drawing: changed, warmup },
      `Rate drawn at step ${place * SPACING}: ${height}. `,
      "drawing",
    ];
  },
  label: ({ values: { now } }) => `${show(now, ".3g")} now`,
  lines: ({ state: { rates }, settings: { rate } }) => [rates.map(() => rate), rates],
  y: (lines) => ({ domain: [0, 1.05 * Math.max(...lines.flat())], ticks: 4 }),
  marks: (curvatures) =>
    Plot.ruleY([2 / Math.max(...curvatures)], { strokeDasharray: "2 3", clip: true }),
});

const cost = curves("Cost J, logarithmic", {
  drag({ stops }, x) {
    const step = stops[nearest(stops, x)];
    return [{ step }, `Step: ${step}. `, "step"];
  },
  label: ({ values: { w1, w2 } }) => `at the weights (${show(w1, ".2g")}, ${show(w2, ".2g")})`,
  lines({ state: { constant, path }, shared: { curvatures } }) {
    const [a, b] = curvatures;
    const costs = (/** @type {number[][]} */ run) =>
      run.map(([x, y]) => Math.max((a * x * x + b * y * y) / 2, 1e-9));
    return [costs(constant), costs(path)];
  },
  y: () => ({ type: "log", domain: [0.001, 30], ticks: 4, tickFormat: "~g" }),
});

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["plane rate", "plane cost"],
  told: "below",
  columns: "3fr 2fr",
  terms: { radius: 3, still: 0, "now rate": 4, "w1 w2": 3 },
  panels: { plane, rate, cost },
  kinds: {
    drawing: heightControl((/** @type {Settings} */ { step }) => placeOf(step), HEIGHTS),
  },
  train,
};
