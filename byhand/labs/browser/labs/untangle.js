// Lab untangle: the plane with its grid at the input, the same plane on its way through the
// layers, and the accuracy.

import * as Plot from "@observablehq/plot";
import { contours } from "d3-contour";
import { kinds } from "../controls.js";
import { box, CLASS_KEYS, CLASSES, equalHeight, frame, hatching, here, points } from "../marks.js";
import { layersOf, scores, through } from "../plane.js";
import { show } from "../text.js";

const CELLS = 56; // of the grid on which scores are computed, along each axis
const LINES = 15; // of the grid that is drawn, each way
const FINE = 81; // points on each of them

const regions = new WeakMap(); // of class 1, in the input: both panels and every step of the way need them

// A plane and what lies in it, as `way` units of the layers leave it.
function plane({ settings, shared, values, width }, part, words) {
  const { X, y } = shared[settings.data];
  const theta = Float64Array.from(values.theta);
  const way = 2 * layersOf(theta) * part;
  const move = (pairs) => {
    const moved = through(theta, settings.activation, Float64Array.from(pairs.flat()), way);
    return pairs.map((_, i) => [moved[2 * i], moved[2 * i + 1]]);
  };
  const frames = square(X, 0.12);
  const at = (i, n, [low, high]) => low + (i / n) * (high - low);
  const cell = (i, axis) => at(i, CELLS - 1, frames[axis]);
  const edge = (i) => Math.min(Math.max(i - 0.5, 0), CELLS - 1); // contours count from a cell's corner
  const place = ([i, j]) => [cell(edge(i), 0), cell(edge(j), 1)];
  const inside = (place) => place.every((k) => edge(k) > 0 && edge(k) < CELLS - 1);
  const score = (P) => scores(theta, settings.activation, P);
  const find = () => {
    const grid = Array.from({ length: CELLS ** 2 }, (_, i) => [
      cell(i % CELLS, 0),
      cell(Math.floor(i / CELLS), 1),
    ]);
    const { coordinates } = contours()
      .size([CELLS, CELLS])
      .contour(score(Float64Array.from(grid.flat())), 0);
    return coordinates.map((polygon) =>
      polygon.map((ring) => {
        const free = ring.map(inside);
        return { free, pairs: refine(ring.map(place), score, cell(1, 0) - cell(0, 0), free) };
      }),
    );
  };
  if (!regions.has(values.theta)) regions.set(values.theta, find());
  const polygons = regions
    .get(values.theta)
    .map((rings) => rings.map(({ free, pairs }) => ({ free, pairs: move(pairs) })));
  const side = Array.from({ length: FINE }, (_, k) => (k / (FINE - 1)) * CELLS);
  const around = [
    ...side.map((k) => [k, 0]),
    ...side.map((k) => [CELLS, k]),
    ...side.map((k) => [CELLS - k, CELLS]),
    ...side.map((k) => [0, CELLS - k]),
  ];
  const mesh = Array.from({ length: LINES }, (_, i) => i).flatMap((i) =>
    [0, 1].map((turned) =>
      move(
        Array.from({ length: FINE }, (_, j) => {
          const pair = [at(i, LINES - 1, frames[turned]), at(j, FINE - 1, frames[1 - turned])];
          return turned ? pair.reverse() : pair;
        }),
      ),
    ),
  );
  const border = polygons
    .flat()
    .map(({ free, pairs }) => pairs.map((pair, i) => (free[i] ? pair : [NaN, NaN])));
  const [v1, v2, c] = theta.slice(-3);
  const straight = [-1e3, 1e3].map((t) =>
    [-c * v1 - t * v2, -c * v2 + t * v1].map((z) => z / (v1 * v1 + v2 * v2)),
  );
  const line = (lines, options) =>
    Plot.line(
      lines.flatMap((points, z) => points.map(([x, y]) => ({ x, y, z }))),
      { x: "x", y: "y", z: "z", clip: true, ...options },
    );
  const moved = move(X);
  const [x1, x2] = square(moved, 0.12);
  const polygon = (coordinates) => ({ type: "Polygon", coordinates });
  const one = polygons.map((rings) => polygon(rings.map(({ pairs }) => pairs)));
  return Plot.plot({
    ...frame,
    width,
    height: equalHeight(width, x1, x2),
    x: { domain: x1, label: null, ticks: 5 },
    y: { domain: x2, label: null, ticks: 5 },
    marks: [
      hatching,
      Plot.geo([polygon([move(around.map(place))])], { fill: CLASSES[0].tint, clip: true }),
      Plot.geo(one, { fill: CLASSES[1].tint, clip: true }),
      Plot.geo(one, { fill: "url(#lab-hatch)", clip: true }),
      line(mesh, { stroke: "var(--lab-quiet)", strokeOpacity: 0.55, strokeWidth: 0.7 }),
      line(part === 1 ? [straight] : [], { stroke: "var(--lab-ink)", strokeDasharray: "5 4" }),
      line(border, { stroke: "var(--lab-ink)", strokeWidth: 2 }),
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

// Newton's steps onto the zeros of the score: later layers magnify what a coarse grid leaves.
function refine(pairs, score, size, allowed) {
  const h = 1e-4 * size;
  for (let step = 0; step < 3; step++) {
    const shifted = (dx, dy) =>
      score(Float64Array.from(pairs.flatMap(([x, y]) => [x + dx, y + dy])));
    const [s, sx, sy] = [shifted(0, 0), shifted(h, 0), shifted(0, h)];
    pairs = pairs.map(([x, y], i) => {
      const [gx, gy] = [(sx[i] - s[i]) / h, (sy[i] - s[i]) / h];
      const length = Math.hypot(gx, gy);
      if (!allowed[i] || length === 0) return [x, y];
      const go = Math.max(-size, Math.min(size, s[i] / length)) / length;
      return [x - go * gx, y - go * gy];
    });
  }
  return pairs;
}

// The smallest square around the points, with a margin.
function square(X, margin) {
  const sides = box(X, margin);
  const half = Math.max(...sides.map(([low, high]) => high - low), 0.1) / 2;
  return sides.map(([low, high]) => [(low + high) / 2 - half, (low + high) / 2 + half]);
}

const last = (spec) => spec.controls.find(({ kind }) => kind === "passage").values.at(-1);

// Where on its way the plane is, in words.
function stage({ settings: { way, activation, depth }, spec }) {
  const units = (2 * depth * way) / last(spec);
  if (units === 0) return "the input";
  const layer = Math.ceil(units / 2);
  const rest = units - 2 * layer + 2;
  if (rest === 2) return `behind layer ${layer}`;
  const what =
    rest <= 1
      ? "stretch, turn, shift"
      : { tanh: "tanh", relu: "ReLU", none: "no bend" }[activation];
  return `layer ${layer}, ${what}: ${show(rest <= 1 ? rest : rest - 1, ".0%")}`;
}

const input = {
  title: "The input",
  keys: CLASS_KEYS,
  label: ({ values }) =>
    `two classes, ${values.data}, with the curve on which the score is zero; ${show(values.accuracy, ".1%")} of the points lie on their side`,
  draw: (context) => plane(context, 0, "the input"),
};

const bent = {
  title: "On its way",
  keys: [["━━", "score 0"]],
  label: (context) => `the same grid, points and curve, ${stage(context)}`,
  draw: (context) => plane(context, context.settings.way / last(context.spec), stage(context)),
};

const accuracy = {
  title: "Accuracy",
  minHeight: 130,
  label: ({ values }) => show(values.accuracy, ".1%"),
  draw({ state, position, spec, width, height }) {
    const stops = spec.controls.find(({ kind }) => kind === "scrubber").values;
    const run = state.series.accuracy.map((y, i) => ({ x: stops[i], y }));
    return Plot.plot({
      ...frame,
      marginLeft: 44,
      marginRight: 24,
      width,
      height,
      x: {
        domain: [0, stops.at(-1)],
        type: "sqrt",
        label: "iteration (root scale)",
        ticks: [0, 50, 200, 500, 1000],
      },
      y: { domain: [0.4, 1], label: null, tickFormat: ".0%", ticks: 4, grid: true },
      marks: [
        Plot.ruleX([stops[position]], { stroke: "var(--lab-quiet)", strokeOpacity: 0.5 }),
        Plot.line(run, { x: "x", y: "y", stroke: "var(--lab-path)", strokeWidth: 2.2 }),
        here([run[position]], { x: "x", y: "y" }),
      ],
    });
  },
};

// The scrubber, but through the layers: it is as long whatever the training's run is.
function passage(spec, change, context) {
  const control = kinds.scrubber(spec, change, context);
  return { ...control, update: (now) => control.update({ ...now, stops: Infinity }) };
}

export default {
  areas: ["input bent", "accuracy accuracy"],
  panels: { input, bent, accuracy },
  kinds: { passage },
};
