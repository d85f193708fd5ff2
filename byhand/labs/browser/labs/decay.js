// Lab decay: noisy gradient descent with a rate that falls, beside the same with a constant rate.

import * as Plot from "@observablehq/plot";
import { noisyDescent, rateAt } from "../engine.js";
import { equalHeight, frame, here } from "../marks.js";
import { fill, show } from "../text.js";

const LAST = 100; // steps of the ball

const sum = (values) => values.reduce((total, value) => total + value, 0);

function radius(path, step) {
  const last = step ? path.slice(Math.max(step - LAST, 0) + 1, step + 1) : path.slice(0, 1);
  return Math.sqrt(sum(last.map(([a, b]) => a * a + b * b)) / last.length);
}

function* train(settings, { noise, scale, curvatures, start, laws, code }, stops) {
  const { schedule, rate, batch, warmup } = settings;
  const deviation = scale / Math.sqrt(batch);
  const shocks = noise.map((shock) => shock.map((s) => deviation * s));
  const rates = noise.map((_, step) => rateAt(step, settings));
  const descend = (rates) => noisyDescent(start, curvatures, shocks, rates.slice(0, -1));
  const [path, constant] = [descend(rates), descend(rates.map(() => rate))];
  const limit = 2 / Math.max(...curvatures);
  const state = {
    deviation,
    limit: rate > limit ? limit : null,
    rates,
    path,
    constant,
    series: {},
  };
  for (const step of stops) {
    const [now, w, epoch] = [rates[step], path[step], Math.floor(step / 10)];
    const [w1, w2] = w;
    const [g1, g2] = w.map((value, i) => curvatures[i] * value + shocks[step][i]);
    const counts = { ...settings, step, count: step + 1, epoch, passes: epoch + 1 };
    const [law, call] = [laws[schedule], code[schedule]].map((template) => fill(template, counts));
    const spread = curvatures.map((c) => (now * deviation ** 2) / (c * (2 - now * c)));
    const stop = {
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
    for (const [name, value] of Object.entries(stop)) (state.series[name] ??= []).push(value);
  }
  yield state;
}

// The two runs, the one with the schedule in front.
const RUNS = [
  { run: "constant", size: "still", stroke: "var(--lab-0)", dash: "5 3" },
  { run: "path", size: "radius", stroke: "var(--lab-path)" },
];
const KEYS = [
  ["━━", "schedule", { color: RUNS[1].stroke }],
  ["╌╌", "constant rate", { color: RUNS[0].stroke }],
];
const W1 = [-5.3, 1.9];
const W2 = [-2.6, 2.6];

const ellipse = (a, b) =>
  Array.from({ length: 73 }, (_, i) => [
    a * Math.cos((Math.PI * i) / 36),
    b * Math.sin((Math.PI * i) / 36),
  ]);

const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);
const stepOf = ({ settings: { step } }) => step;

const plane = {
  title: "Paths, last 100 steps, ball",
  keys: KEYS,
  label: ({ values: { radius, still } }) =>
    `the ball has a radius of ${show(radius, ".3g")}, with the constant rate ${show(still, ".3g")}`,
  draw(context) {
    const { shared, state, values, width } = context;
    const step = stepOf(context);
    const [w1, w2] = state.path[step];
    const now = [clamp(w1, W1), clamp(w2, W2)];
    return Plot.plot({
      ...frame,
      width,
      height: equalHeight(width, W1, W2),
      x: { domain: W1, label: "w₁", ticks: 6 },
      y: { domain: W2, label: "w₂", ticks: 6 },
      marks: [
        [0.5, 2, 5, 9, 14].map((cost) =>
          Plot.line(ellipse(...shared.curvatures.map((c) => Math.sqrt((2 * cost) / c))), {
            stroke: "var(--lab-contour)",
            strokeOpacity: 0.45,
            clip: true,
          }),
        ),
        RUNS.map(({ run, size, stroke, dash }) => {
          const path = state[run].slice(0, step + 1);
          return [
            Plot.line(path, { stroke, strokeOpacity: 0.45, strokeWidth: 1, clip: true }),
            Plot.dot(path.slice(-LAST), {
              r: 1.8,
              fill: stroke,
              symbol: dash ? "square" : "circle",
              clip: true,
            }),
            Plot.line(ellipse(values[size], values[size]), {
              stroke,
              strokeWidth: 2.4,
              strokeDasharray: dash,
              clip: true,
            }),
          ];
        }),
        here([now], { x: "0", y: "1" }, { hollow: now[0] !== w1 || now[1] !== w2 }),
        RUNS.map(({ size, stroke, dash }, i) =>
          Plot.text([`${dash ? "constant rate" : "schedule"}: r = ${show(values[size], ".3g")}`], {
            frameAnchor: "bottom-right",
            dx: -6,
            dy: -8 - 17 * i,
            fill: stroke,
            stroke: "var(--lab-ground)",
            strokeWidth: 4,
            fontWeight: 600,
          }),
        ),
      ],
    });
  },
};

const at = { x: "step", y: "y" };
const overSteps = (values) => values.map((y, step) => ({ step, y }));

// A curve a run, over the steps.
const curves = (title, options) => ({
  title,
  minHeight: 150,
  ...options,
  draw(context) {
    const { shared, state, settings, width, height } = context;
    const step = stepOf(context);
    const lines = options.lines(state, settings, shared.curvatures);
    return Plot.plot({
      ...frame,
      marginLeft: 46,
      width,
      height,
      x: { domain: [0, state.rates.length - 1], label: "step", ticks: 5 },
      y: { label: null, grid: true, ...options.y(lines) },
      marks: [
        RUNS.map(({ stroke, dash }, i) =>
          Plot.line(overSteps(lines[i]), {
            ...at,
            stroke,
            strokeWidth: 1.2,
            strokeDasharray: dash,
            clip: true,
          }),
        ),
        options.marks?.(shared.curvatures),
        here([{ step, y: clamp(lines[1][step], options.y(lines).domain) }], at),
      ],
    });
  },
});

const COSTS = [0.001, 30];

export default {
  areas: ["plane rate", "plane cost"],
  columns: "3fr 2fr",
  panels: {
    plane,
    rate: curves("Learning rate", {
      keys: [["┄", "limit 2 / λ"]],
      label: ({ values: { now } }) => `${show(now, ".3g")} now`,
      lines: ({ rates }, { rate }) => [rates.map(() => rate), rates],
      y: (lines) => ({ domain: [0, 1.05 * Math.max(...lines.flat())], ticks: 4 }),
      marks: (curvatures) =>
        Plot.ruleY([2 / Math.max(...curvatures)], { strokeDasharray: "2 3", clip: true }),
    }),
    cost: curves("Cost J, logarithmic", {
      label: ({ values: { w1, w2 } }) => `at the weights (${show(w1, ".2g")}, ${show(w2, ".2g")})`,
      lines: ({ constant, path }, _, [a, b]) =>
        [constant, path].map((run) =>
          run.map(([x, y]) => Math.max((a * x * x + b * y * y) / 2, 1e-9)),
        ),
      y: () => ({ type: "log", domain: COSTS, ticks: 4, tickFormat: "~g" }),
    }),
  },
  train,
};
