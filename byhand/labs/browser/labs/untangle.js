// Lab untangle: the plane with its grid at the input, the same plane on its way through the
// layers, and the accuracy.

import * as Plot from "@observablehq/plot";
import { contours } from "d3-contour";
import { chart } from "../chart.js";
import { kinds } from "../controls.js";
import { box, CLASS_KEYS, CLASSES, equalHeight, frame, here, points } from "../marks.js";
import { between, clamp, lastOf, range } from "../numbers.js";
import { layersOf, scores, through } from "../plane.js";
import { HATCH, hatching } from "../regions.js";
import { controlOf } from "../spec.js";
import { show } from "../text.js";

/** @import { Context, ControlState, Kind, Lab, Pair, Panel } from "../types.ts" */
/** @import { ScrubberSpec, Spec } from "../types.ts" */

/**
 * @typedef {object} Settings
 * @property {string} data
 * @property {"tanh" | "relu" | "none"} activation
 * @property {number} way
 * @property {string} depth
 * @property {number} iteration
 */

/** @typedef {{ [data: string]: { X: Pair[], y: [number][] } }} Shared */
/** @typedef {{ series: { theta: number[][], accuracy: number[] } }} State */
/** @typedef {Context<Settings, Shared, State>} Now */

const CELLS = 56; // of the grid on which scores are computed, along each axis
const LINES = 15; // of the grid that is drawn, each way
const FINE = 81; // points on each of them

// --- the input: class 1's region, and the grid ---

/** @typedef {[x: Pair, y: Pair]} Frame */
/** @typedef {(points: Pair[]) => Float64Array} Score */

/**
 * A border of class 1's region; where it is free it does not lie on the frame.
 *
 * @typedef {{ free: boolean[], pairs: Pair[] }} Ring
 */

/**
 * The smallest square around the points, with a margin.
 *
 * @param {Pair[]} X
 * @returns {Frame}
 */
function square(X) {
  const sides = box(X, 0.12);
  const half = Math.max(...sides.map(([low, high]) => high - low), 0.1) / 2;
  /** @type {(side: Pair) => Pair} */
  const around = ([low, high]) => [(low + high) / 2 - half, (low + high) / 2 + half];
  return [around(sides[0]), around(sides[1])];
}

/**
 * A place of the scores' grid, which counts from 0 along each axis.
 *
 * @param {Frame} frame
 * @param {number} i
 * @param {number} j
 * @returns {Pair}
 */
const placeOf = ([x, y], i, j) => [between(x, i / (CELLS - 1)), between(y, j / (CELLS - 1))];

/**
 * The same for d3-contour, which counts from a cell's corner.
 *
 * @param {number} k
 */
const edge = (k) => clamp(k - 0.5, [0, CELLS - 1]);

/**
 * The polygons of class 1's region, each a few rings.
 *
 * @param {Score} score
 * @param {Frame} frame
 * @returns {Ring[][]}
 */
function regionOf(score, frame) {
  const grid = range(CELLS ** 2).map((i) => placeOf(frame, i % CELLS, Math.floor(i / CELLS)));
  const found = contours()
    .size([CELLS, CELLS])
    .contour([...score(grid)], 0);
  const size = placeOf(frame, 1, 0)[0] - placeOf(frame, 0, 0)[0];
  return found.coordinates.map((polygon) =>
    polygon.map((ring) => {
      const free = ring.map((place) => place.every((k) => edge(k) > 0 && edge(k) < CELLS - 1));
      const pairs = ring.map(([i, j]) => placeOf(frame, edge(i), edge(j)));
      return { free, pairs: refine(pairs, score, size, free) };
    }),
  );
}

/**
 * Newton's steps onto the zeros of the score: later layers magnify what a coarse grid leaves.
 *
 * @param {Pair[]} pairs
 * @param {Score} score
 * @param {number} size the longest step
 * @param {boolean[]} allowed
 * @returns {Pair[]}
 */
function refine(pairs, score, size, allowed) {
  const h = 1e-4 * size;
  for (let step = 0; step < 3; step++) {
    const shifted = (/** @type {number} */ dx, /** @type {number} */ dy) =>
      score(pairs.map(([x, y]) => [x + dx, y + dy]));
    const [s, sx, sy] = [shifted(0, 0), shifted(h, 0), shifted(0, h)];
    pairs = pairs.map(([x, y], i) => {
      const [gx, gy] = [(sx[i] - s[i]) / h, (sy[i] - s[i]) / h];
      const length = Math.hypot(gx, gy);
      if (!allowed[i] || length === 0) return [x, y];
      const go = clamp(s[i] / length, [-size, size]) / length;
      return [x - go * gx, y - go * gy];
    });
  }
  return pairs;
}

/** @type {WeakMap<number[], Ring[][]>} by theta: both panels and every step of the way need them */
const regions = new WeakMap();

/**
 * @param {number[]} theta
 * @param {Score} score
 * @param {Frame} frame
 */
function knownRegion(theta, score, frame) {
  const found = regions.get(theta) ?? regionOf(score, frame);
  regions.set(theta, found);
  return found;
}

/**
 * The lines of the grid that is drawn.
 *
 * @param {Frame} frame
 */
function meshIn([x, y]) {
  const along = range(FINE).map((j) => j / (FINE - 1));
  return range(LINES).flatMap((i) => {
    const [xi, yi] = [between(x, i / (LINES - 1)), between(y, i / (LINES - 1))];
    /** @type {Pair[][]} */
    const cross = [
      along.map((share) => [xi, between(y, share)]),
      along.map((share) => [between(x, share), yi]),
    ];
    return cross;
  });
}

/**
 * The frame itself, as fine as the grid.
 *
 * @param {Frame} frame
 */
function rimOf(frame) {
  const side = range(FINE).map((k) => (k / (FINE - 1)) * CELLS);
  const around = [
    ...side.map((k) => [k, 0]),
    ...side.map((k) => [CELLS, k]),
    ...side.map((k) => [CELLS - k, CELLS]),
    ...side.map((k) => [0, CELLS - k]),
  ];
  return around.map(([i, j]) => placeOf(frame, edge(i), edge(j)));
}

// --- the panels ---

/** @param {Iterable<Pair>} pairs */
const flat = (pairs) => Float64Array.from([...pairs].flat());

/**
 * Lines, each apart from the others.
 *
 * @param {Pair[][]} lines
 * @param {Plot.LineOptions} options
 */
const drawn = (lines, options) =>
  Plot.line(
    lines.flatMap((points, z) => points.map(([x, y]) => ({ x, y, z }))),
    { x: "x", y: "y", z: "z", clip: true, ...options },
  );

/**
 * The line on which the last layer's score is zero.
 *
 * @param {Float64Array} theta
 * @returns {Pair[]}
 */
function straight(theta) {
  const [v1, v2, c] = theta.slice(-3);
  const square = v1 * v1 + v2 * v2;
  /** @type {(t: number) => Pair} */
  const at = (t) => [(-c * v1 - t * v2) / square, (-c * v2 + t * v1) / square];
  return [at(-1e3), at(1e3)];
}

/**
 * Carries points as far through the layers as `way` says.
 *
 * @param {Float64Array} theta
 * @param {string} activation
 * @param {number} way
 * @returns {(pairs: Pair[]) => Pair[]}
 */
const mover = (theta, activation, way) => (pairs) => {
  const moved = through(theta, activation, flat(pairs), way);
  return pairs.map((_, i) => [moved[2 * i], moved[2 * i + 1]]);
};

const STRAIGHT = {
  stroke: "var(--lab-ink)",
  strokeDasharray: "5 4",
  className: "of-v1 of-v2 of-c",
};

/** @param {Pair[][]} coordinates */
const polygon = (coordinates) => ({ type: "Polygon", coordinates });

/**
 * A plane and what lies in it, this part of the way through the layers.
 *
 * @param {Now} context
 * @param {number} part
 * @param {string} words
 */
function plane({ settings, shared, values, width }, part, words) {
  const { X, y } = shared[settings.data];
  const theta = Float64Array.from(values.theta);
  const move = mover(theta, settings.activation, 2 * layersOf(theta) * part);
  /** @type {Score} */
  const score = (pairs) => scores(theta, settings.activation, flat(pairs));
  const input = square(X);
  const polygons = knownRegion(values.theta, score, input).map((rings) =>
    rings.map(({ free, pairs }) => ({ free, pairs: move(pairs) })),
  );
  const one = polygons.map((rings) => polygon(rings.map(({ pairs }) => pairs)));
  const border = polygons
    .flat()
    .map(({ free, pairs }) =>
      pairs.map((pair, i) => /** @type {Pair} */ (free[i] ? pair : [NaN, NaN])),
    );
  const moved = move(X);
  const [x1, x2] = square(moved);
  const ink = "var(--lab-ink)";
  return chart({
    ...frame,
    width,
    height: equalHeight(width, x1, x2),
    x: { domain: x1, label: null, ticks: 5 },
    y: { domain: x2, label: null, ticks: 5 },
    marks: [
      hatching,
      Plot.geo([polygon([move(rimOf(input))])], { fill: CLASSES[0].tint, clip: true }),
      Plot.geo(one, { fill: CLASSES[1].tint, clip: true }),
      Plot.geo(one, { fill: HATCH, clip: true }),
      drawn(meshIn(input).map(move), {
        stroke: "var(--lab-quiet)",
        strokeOpacity: 0.55,
        strokeWidth: 0.7,
      }),
      drawn(part === 1 ? [straight(theta)] : [], STRAIGHT),
      drawn(border, { stroke: ink, strokeWidth: 2 }),
      points(moved, y.map(Number)),
      Plot.text([words], {
        frameAnchor: "top",
        dy: -16,
        text: Plot.identity,
        fontWeight: 600,
        fontSize: 12,
      }),
    ],
  });
}

/** @param {Spec} spec */
const lastWay = (spec) => lastOf(/** @type {number[]} */ (controlOf(spec, "way").values));

const BENDS = { tanh: "tanh", relu: "ReLU", none: "no bend" };

/**
 * Where on its way the plane is, in words.
 *
 * @param {Now} context
 */
function stage({ settings: { way, activation, depth }, spec }) {
  const units = (2 * Number(depth) * way) / lastWay(spec);
  if (units === 0) return "the input";
  const layer = Math.ceil(units / 2);
  const rest = units - 2 * layer + 2;
  if (rest === 2) return `behind layer ${layer}`;
  const what = rest <= 1 ? "stretch, turn, shift" : BENDS[activation];
  return `layer ${layer}, ${what}: ${show(rest <= 1 ? rest : rest - 1, ".0%")}`;
}

/** @type {Panel<Settings, Shared, State>} */
const input = {
  title: "The input",
  keys: CLASS_KEYS,
  label({ values: { data, accuracy } }) {
    const right = `${show(accuracy, ".1%")} of the points lie on their side`;
    return `two classes, ${data}, with the curve on which the score is zero; ${right}`;
  },
  draw: (context) => plane(context, 0, "the input"),
};

/** @type {Panel<Settings, Shared, State>} */
const bent = {
  title: "On its way",
  keys: [["━━", "score 0"]],
  label: (context) => `the same grid, points and curve, ${stage(context)}`,
  draw: (context) => plane(context, context.settings.way / lastWay(context.spec), stage(context)),
};

/** @type {Panel<Settings, Shared, State>} */
const accuracy = {
  title: "Accuracy",
  minHeight: 130,
  label: ({ values }) => show(values.accuracy, ".1%"),
  draw({ state, position, stops, width, height }) {
    const run = state.series.accuracy.map((y, i) => ({ x: stops[i], y }));
    return chart({
      ...frame,
      marginLeft: 44,
      marginRight: 24,
      width,
      height,
      x: {
        domain: [0, lastOf(stops)],
        type: "sqrt",
        label: "iteration (root scale)",
        ticks: [0, 50, 200, 500, 1000],
      },
      y: { domain: [0.4, 1], label: null, tickFormat: ".0%", ticks: 4, grid: true },
      marks: [
        Plot.ruleX([stops[position]], {
          stroke: "var(--lab-quiet)",
          strokeOpacity: 0.5,
          className: "of-iteration",
        }),
        Plot.line(run, {
          x: "x",
          y: "y",
          stroke: "var(--lab-path)",
          strokeWidth: 2.2,
          className: "of-accuracy",
        }),
        here([run[position]], { x: "x", y: "y", className: "of-accuracy" }),
      ],
    });
  },
};

/**
 * The scrubber, but through the layers: it is as long whatever the training's run is.
 *
 * @type {Kind<ScrubberSpec>}
 */
const passage = (spec, change, context) => {
  const control = kinds.scrubber(spec, change, context);
  const update = (/** @type {ControlState<number>} */ now) =>
    control.update({ ...now, stops: Infinity });
  return { ...control, update };
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["input bent", "accuracy accuracy"],
  terms: { accuracy: 3, depth: 4, "v1 v2 c": 5 },
  main: "bent",
  panels: { input, bent, accuracy },
  kinds: { passage },
};
