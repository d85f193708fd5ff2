// Lab race: paths down a surface, their costs, the stable rates, and the same settings on moons.

import * as Plot from "@observablehq/plot";
import { contours, equalHeight, frame, shades } from "../marks.js";
import { between, clamp, lastOf, range } from "../numbers.js";
import { chosenOf, entriesOf, RUNNERS, surfaceOf, train } from "../race.js";
import { show } from "../text.js";

/** @import { Name, Place, Settings, Shared, State } from "../race.js" */
/** @import { Key, Lab, Pair, Panel } from "../types.ts" */

const X1 = /** @type {Pair} */ ([-2, 2]);
const X2 = /** @type {Pair} */ ([-1.5, 1.5]);
const GRID = { columns: 81, rows: 61 };
const LEVELS = range(13).map((i) => 0.03 * 2 ** i);
const SHADES = shades(LEVELS.length);
const at = { x: "x1", y: "x2" };

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function contoursOf(settings, shared) {
  const surface = surfaceOf(settings, shared);
  const heights = range(GRID.columns * GRID.rows).map((i) => {
    const x1 = between(X1, ((i % GRID.columns) + 0.5) / GRID.columns);
    return surface(x1, between(X2, (Math.floor(i / GRID.columns) + 0.5) / GRID.rows))[0];
  });
  return contours(heights, {
    ...GRID,
    x: X1,
    y: X2,
    value: undefined,
    fill: Plot.identity,
    thresholds: LEVELS,
    stroke: "var(--lab-contour)",
    strokeWidth: 0.5,
    clip: null,
  });
}

/**
 * How a runner's dot looks.
 *
 * @param {Name} name
 * @returns {Plot.DotOptions}
 */
function dotOf(name, hollow = false) {
  const { symbol, color } = RUNNERS[name];
  const ground = "var(--lab-ground)";
  const [fill, stroke] = hollow ? [ground, color] : [color, ground];
  return { symbol, r: 6, fill, stroke, strokeWidth: 1.5 };
}

/**
 * A path up to the stop at `position`, its velocity there, and the runner.
 *
 * @param {Name} name
 * @param {Place[]} path
 * @param {Settings} settings
 * @param {number} position
 */
function trace(name, path, settings, position) {
  const done = path.slice(0, position + 1);
  const { x1, x2 } = done.length ? lastOf(done) : settings;
  const inside = { x1: clamp(x1, X1), x2: clamp(x2, X2) };
  const out = inside.x1 !== x1 || inside.x2 !== x2 || done.length <= position;
  const stroke = RUNNERS[name].color;
  return [
    Plot.line(done, { ...at, stroke, strokeWidth: 1.8, strokeOpacity: 0.8, clip: true }),
    Plot.dot(done, { ...at, r: 1.7, fill: stroke, clip: true }),
    Plot.arrow(out ? [] : done.slice(-1).map(velocity), {
      x1: "x1",
      y1: "x2",
      x2: "to1",
      y2: "to2",
      stroke,
      strokeWidth: 2.5,
      clip: true,
    }),
    Plot.dot([inside], { ...at, ...dotOf(name, out) }),
  ];
}

/**
 * The ends of the arrow of a step.
 *
 * @param {Place} place
 */
function velocity({ x1, x2, next }) {
  const [d1, d2] = [next[0] - x1, next[1] - x2];
  const longer = 0.7 * Math.hypot(d1, d2) ** (-2 / 3); // so that small steps are seen
  return { x1, x2, to1: x1 + longer * d1, to2: x2 + longer * d2 };
}

/** @param {SVGElement} node */
const copyOf = (node) => /** @type {SVGElement} */ (node.cloneNode(true));

/** @type {{ key: string, node: SVGElement | null }} the contours: most changes leave them alone */
let ground = { key: "", node: null };

/** @type {Panel<Settings, Shared, State>} */
const map = {
  title: "Paths",
  keysNow: ({ settings }) => [
    ["→", "velocity"],
    ["○", "off the map"],
    ...chosenOf(settings).map(keyOf),
  ],
  label: ({ values: { step, first } }) => `after ${step} steps the lowest is ${first}`,
  draw({ settings, shared, state, position, width }) {
    const { surface, kappa } = settings;
    const key = JSON.stringify([surface, kappa, width]);
    const { node } = ground.key === key ? ground : { node: null };
    const svg = Plot.plot({
      ...frame,
      width,
      height: equalHeight(width, X1, X2),
      x: { domain: X1, label: "x₁", ticks: 5 },
      y: { domain: X2, label: "x₂", ticks: 7 },
      color: { type: "threshold", domain: LEVELS, range: SHADES },
      marks: [
        node ? () => copyOf(node) : contoursOf(settings, shared),
        Plot.text(shared.surfaces[surface].lowest, { text: ["✕", "✕"], fontSize: 13 }),
        Plot.dot([settings], { ...at, r: 4, fill: "var(--lab-ground)", stroke: "currentColor" }),
        Plot.text([settings], { ...at, text: ["start"], dy: -12, fontWeight: 600 }),
        entriesOf(state.paths).map(([name, path]) => trace(name, path, settings, position)),
      ],
    });
    if (!node) ground = { key, node: svg.querySelector("[aria-label=contour]") };
    return svg;
  },
  drag(_, x, y) {
    const [x1, x2] = [startAt(x, X1), startAt(y, X2)];
    return [{ x1, x2 }, `Start: (${show(x1)}, ${show(x2)}). `];
  },
};

/**
 * The stop of a start's slider that is nearest: twentieths, without the ends.
 *
 * @param {number} value
 * @param {Pair} ends
 */
function startAt(value, [low, high]) {
  return clamp(Math.round(20 * value), [20 * low + 1, 20 * high - 1]) / 20;
}

/**
 * @param {Name} name
 * @returns {Key}
 */
function keyOf(name) {
  const { sign, name: words, color } = RUNNERS[name];
  return [sign, words, { color }];
}

/**
 * Curves of all runners, light to their end and strong up to now; hollow where one is out.
 *
 * @param {string} title
 * @param {"costs" | "moons"} what
 * @param {"first" | "moons_first"} first
 * @param {Plot.ScaleOptions & { domain: Pair }} y
 * @returns {Panel<Settings, Shared, State>}
 */
const curves = (title, what, first, y) => ({
  title,
  minHeight: 165,
  label: ({ values }) => `the lowest is ${values[first]}`,
  draw({ shared, state, position, width, height }) {
    const last = shared.draws.length - 1;
    return Plot.plot({
      ...frame,
      marginTop: 12,
      marginLeft: 50,
      width,
      height,
      x: { domain: [0, last], label: "step", ticks: 5 },
      y: { label: null, grid: true, ...y },
      marks: entriesOf(state[what]).map(([name, costs]) => {
        const every = what === "moons" ? last / costs.length : 1;
        const points = costs.map((cost, i) => ({ x: i * every, y: clamp(cost, y.domain) }));
        const done = points.filter(({ x }) => x <= position);
        const line = { x: "x", y: "y", stroke: RUNNERS[name].color };
        const dot = dotOf(name, position > every * costs.length);
        return [
          Plot.line(points, { ...line, strokeOpacity: 0.35 }),
          Plot.line(done, { ...line, strokeWidth: 2 }),
          Plot.dot(done.slice(-1), { ...line, ...dot }),
        ];
      }),
    });
  },
});

const cost = curves("Cost, logarithmic", "costs", "first", {
  type: "log",
  domain: [0.0001, 300],
  ticks: [0.0001, 0.01, 1, 100],
  tickFormat: "~g",
});

const moons = curves("Cost on the moons", "moons", "moons_first", { domain: [0, 0.8], ticks: 4 });

const LOWEST = 0.001; // rate

/**
 * A row for each runner: up to which rate it is stable; and the highest of these rates.
 *
 * @param {Settings} settings
 * @param {number} stable below which gradient descent is stable
 */
function limitsOf(settings, stable) {
  const limits = chosenOf(settings).map((id) => {
    const { name, sign, color, stable: times } = RUNNERS[id];
    return { name, sign, color, limit: times ? stable * times(settings.beta) : Infinity };
  });
  const highest = Math.max(2, ...limits.map(({ limit }) => limit).filter(Number.isFinite));
  const rows = limits.map(({ name, sign, color, limit }) => ({
    runner: `${sign} ${name}`,
    limit: Math.min(limit, highest),
    text:
      (limit < Infinity ? show(limit, ".3g") : "▸ bounded steps") +
      (settings.rate > limit ? ": unstable" : ""),
    stroke: color,
  }));
  return { rows, highest };
}

/** @type {Panel<Settings, Shared, State>} */
const rates = {
  title: "Stable rates near the lowest point",
  keys: [["┊", "the rate α"]],
  label: ({ values: { stable, rate } }) =>
    `gradient descent below ${show(stable, ".3g")}, α is ${show(rate)}`,
  draw({ settings, state, width }) {
    const { rows, highest } = limitsOf(settings, state.stable);
    const ticks = width < 480 ? [0.001, 0.1, 10] : [0.001, 0.01, 0.1, 1, 10];
    const bars = rows.map((row) =>
      Plot.ruleY([row], {
        y: "runner",
        x1: LOWEST,
        x2: "limit",
        stroke: row.stroke,
        strokeWidth: 6,
      }),
    );
    return Plot.plot({
      ...frame,
      marginTop: 8,
      marginLeft: 130,
      marginRight: 108,
      width,
      height: 40 + 20 * rows.length,
      x: {
        type: "log",
        domain: [LOWEST, highest],
        label: "α",
        ticks: ticks.filter((tick) => tick <= highest),
        tickFormat: "~g",
      },
      y: { domain: rows.map(({ runner }) => runner), label: null, tickSize: 0 },
      marks: [
        bars,
        Plot.ruleX([settings.rate], { strokeDasharray: "3 2", strokeWidth: 2 }),
        Plot.text(rows, {
          x: "limit",
          y: "runner",
          text: "text",
          dx: 6,
          textAnchor: "start",
          fill: "currentColor",
          stroke: "var(--lab-ground)",
          strokeWidth: 4,
        }),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["map cost", "map moons", "rates rates"],
  columns: "3fr 2fr",
  panels: { map, cost, moons, rates },
  train,
};
