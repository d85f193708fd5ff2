// Lab epsilon: the difference against the step, and the computed curve around θ, magnified.

import * as Plot from "@observablehq/plot";
import { chart } from "../chart.js";
import { frame, here } from "../marks.js";

/** @import { Lab, Panel } from "../types.ts" */

/** @typedef {"float64" | "float32"} Precision */

/**
 * @typedef {object} Settings
 * @property {number} eps
 * @property {"central" | "one" | "complex"} method
 * @property {Precision} precision
 * @property {string} function
 */

/**
 * @typedef {object} Shared
 * @property {number[]} steps
 * @property {number[]} zoom places around θ, in steps
 * @property {number} edge
 * @property {{ [name: string]: { [precision in Precision]: number[][] } }} curves a row a step
 */

/**
 * @typedef {object} State
 * @property {number} truncation
 * @property {number} order of the truncation
 * @property {number | null} rounding
 * @property {number | null} best
 * @property {string | null} best_text
 * @property {string} slope
 * @property {object} series
 * @property {number[]} series.difference
 * @property {number[]} series.ratio of the slope found to the true one
 * @property {string[]} series.approx
 * @property {string[]} series.off
 * @property {string[]} series.step
 */

const FLOOR = 1e-17; // what is exact, or below, is drawn here
const RANGE = [FLOOR, 2];
const TRUNCATION = { stroke: "var(--lab-1)", strokeWidth: 1.8, strokeDasharray: "7 4", clip: true };
const ROUNDING = { stroke: "var(--lab-0)", strokeWidth: 1.8, strokeDasharray: "2 3", clip: true };

/** @param {number} value */
const exponent = (value) => `1e${Math.round(Math.log10(value))}`;

/**
 * A line with words at the best step.
 *
 * @param {number} best
 * @param {string | null} words
 */
const balance = (best, words) => [
  Plot.ruleX([best], { stroke: "var(--lab-ink)", strokeOpacity: 0.5, className: "of-best_text" }),
  Plot.text([best], {
    x: Plot.identity,
    text: [`best ε ≈ ${words}`],
    frameAnchor: "bottom",
    textAnchor: "end",
    dx: -5,
    dy: -4,
    fontWeight: 600,
    stroke: "var(--lab-ground)",
    strokeWidth: 4,
    fill: "var(--lab-ink)",
  }),
];

/** @type {Panel<Settings, Shared, State>} */
const error = {
  title: "Relative difference against ε",
  keys: [
    ["●", "measured", { of: "off" }],
    ["╌╌", "truncation", { color: TRUNCATION.stroke, of: "method" }],
    ["┈┈", "rounding", { color: ROUNDING.stroke, of: "precision" }],
  ],
  minHeight: 260,
  label({ values: { step, off, best_text } }) {
    const where = `the two predicted lines are in balance near ε = ${best_text}`;
    return `${off} at ε = ${step}${best_text ? `; ${where}` : ""}`;
  },
  draw({ state, shared, position, width, height }) {
    const { truncation, order, rounding, best, best_text, series } = state;
    const at = { x: "eps", y: "error" };
    const measured = shared.steps.map((eps, i) => ({
      eps,
      error: Math.max(series.difference[i], FLOOR),
    }));
    const line = (/** @type {(eps: number) => number} */ law) =>
      shared.steps.map((eps) => ({ eps, error: law(eps) }));
    const ticks = width < 350 ? 4 : 8;
    return chart({
      ...frame,
      width,
      height,
      marginLeft: 46,
      x: { type: "log", label: "ε", ticks, tickFormat: exponent },
      y: { type: "log", domain: RANGE, label: null, ticks: 8, tickFormat: exponent, grid: true },
      marks: [
        Plot.line(
          line((eps) => truncation * eps ** order),
          { ...at, ...TRUNCATION, className: "of-method" },
        ),
        rounding
          ? Plot.line(
              line((eps) => rounding / eps),
              { ...at, ...ROUNDING, className: "of-precision" },
            )
          : null,
        best ? balance(best, best_text) : null,
        Plot.dot(measured, { ...at, r: 2.2, fill: "var(--lab-quiet)", className: "of-off" }),
        here(
          [measured[position]],
          { ...at, className: "of-off of-eps of-step" },
          { hollow: measured[position].error === FLOOR },
        ),
      ],
    });
  },
};

/** @type {Panel<Settings, Shared, State>} */
const curve = {
  title: "Under the microscope",
  keys: [
    ["●", "J as computed"],
    ["╌╌", "true slope", { of: "slope" }],
    ["━━", "slope found", { color: "var(--lab-path)", of: "approx" }],
  ],
  label: ({ values: { step, approx, slope } }) =>
    `around θ, in steps of ε = ${step}: the slope found is ${approx}, the true one ${slope}`,
  draw({ settings, state, shared, position, width }) {
    const rises = shared.curves[settings.function][settings.precision][position];
    const points = shared.zoom.map((t, i) => ({ t, rise: rises[i] }));
    const of = (/** @type {number} */ t) => rises[shared.zoom.indexOf(t)];
    const found = state.series.ratio[position];
    const middle = settings.method === "central" ? (of(1) + of(-1)) / 2 : 0;
    const used = { central: [-1, 1], one: [0, 1], complex: [] }[settings.method];
    const at = { x: "t", y: "rise" };
    /** @type {(slope: number, middle: number, options: Plot.LineOptions) => Plot.Line} */
    const straight = (slope, middle, options) =>
      Plot.line(
        [-2, 2].map((t) => ({ t, rise: middle + slope * t })),
        { ...at, clip: true, ...options },
      );
    return chart({
      ...frame,
      width,
      height: Math.min(340, width),
      x: { domain: [-2, 2], label: "steps of ε from θ", ticks: 5 },
      y: { domain: [-shared.edge, shared.edge], label: "rise, in ε J′(θ)", ticks: 5 },
      marks: [
        straight(1, 0, { stroke: "var(--lab-ink)", strokeDasharray: "5 4", className: "of-slope" }),
        straight(found, middle, {
          stroke: "var(--lab-path)",
          strokeWidth: 2.4,
          className: "of-approx",
        }),
        Plot.dot(points, { ...at, r: 2.4, fill: "var(--lab-quiet)", clip: true }),
        Plot.dot(
          used.map((t) => ({ t, rise: of(t) })),
          {
            ...at,
            r: 5,
            fill: "var(--lab-path)",
            stroke: "var(--lab-ground)",
            strokeWidth: 1.5,
            clip: true,
          },
        ),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["error curve"],
  columns: "3fr 2fr",
  terms: { "approx off": 3, "eps step": 4, method: 0, precision: 1 },
  panels: { error, curve },
};
