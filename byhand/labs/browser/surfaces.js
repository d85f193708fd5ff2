// The surfaces of lab race, as byhand/labs/surfaces.py has them: costs, gradients, lowest points.

import { parse } from "./formula.js";
import { range } from "./numbers.js";

/** @import { Settings, Shared } from "./race.js" */
/** @import { Pair } from "./types.ts" */

export const X1 = /** @type {Pair} */ ([-2, 2]);
export const X2 = /** @type {Pair} */ ([-1.5, 1.5]);

/** @typedef {(x1: number, x2: number) => [cost: number, gradient: Pair]} Surface */
/** @typedef {[cost: number, du: number, dw: number]} Slopes along the axis and across */

/** @type {(u: number, w: number, kappa: number) => Slopes} u runs along the axis, w across */
const ravine = (u, w, kappa) => [(u * u + kappa * w * w) / 2, u, kappa * w];

/** @type {{ [surface: string]: (u: number, w: number, kappa: number) => Slopes }} */
const FORMS = {
  ravine,
  turned: ravine,
  rosenbrock(u, w) {
    const b = w - u * u;
    return [((1 - u) * (1 - u)) / 10 + b * b, (u - 1) / 5 - 4 * u * b, 2 * b];
  },
  saddle(u, w) {
    const q = u * u - 1;
    return [(q * q) / 4 + (w * w) / 2, u * q, w];
  },
};

/**
 * @param {Pick<Settings, "surface" | "kappa" | "own">} settings
 * @param {Shared} shared
 * @returns {Surface}
 */
export function surfaceOf({ surface, kappa, own }, { surfaces }) {
  if (surface === "own") {
    const jet = parse(own);
    return (x1, x2) => {
      const [cost, g1, g2] = jet(x1, x2);
      return [cost, [g1, g2]];
    };
  }
  const [c, s] = surfaces[surface].axis;
  return (x1, x2) => {
    const [cost, du, dw] = FORMS[surface](c * x1 + s * x2, c * x2 - s * x1, kappa);
    return [cost, [c * du - s * dw, s * du + c * dw]];
  };
}

/** @typedef {{ lowest: Pair[], curvatures: Pair | null }} Bottom */

/**
 * The lowest points, and the least and the greatest curvature there.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 * @returns {Bottom}
 */
export function bottomOf({ surface, kappa, own }, { surfaces }) {
  if (surface === "own") return valley(own);
  const { lowest, curvatures } = surfaces[surface];
  return { lowest, curvatures: curvatures ?? [1, kappa] };
}

/** @type {Bottom} */
const NONE = { lowest: [], curvatures: null };

/**
 * Newton's method goes on from the lowest point of a grid; it arrives in a bowl, or nowhere.
 *
 * @param {string} own
 * @returns {Bottom}
 */
function valley(own) {
  const jet = parse(own);
  let [x, y] = lowestOnGrid((x1, x2) => jet(x1, x2)[0]);
  for (const _ of range(20)) {
    const [, fx, fy, fxx, fxy, fyy] = jet(x, y);
    const volume = fxx * fyy - fxy * fxy;
    if (!(fxx > 0 && volume > 1e-9)) return NONE;
    const [dx, dy] = [(fyy * fx - fxy * fy) / volume, (fxx * fy - fxy * fx) / volume];
    [x, y] = [x - dx, y - dy];
    if (!(inside(x, X1) && inside(y, X2))) return NONE;
    if (Math.abs(dx) + Math.abs(dy) >= 1e-9) continue;
    const [middle, half] = [(fxx + fyy) / 2, Math.hypot((fxx - fyy) / 2, fxy)];
    return { lowest: [[x, y]], curvatures: [middle - half, middle + half] };
  }
  return NONE;
}

/**
 * Of equals the first: what differs by rounding counts as equal.
 *
 * @param {(x1: number, x2: number) => number} cost
 */
function lowestOnGrid(cost) {
  let [found, place] = [Infinity, [NaN, NaN]];
  for (const j of range(31)) {
    for (const i of range(41)) {
      const [x1, x2] = [(i - 20) / 10, (j - 15) / 10];
      const value = cost(x1, x2);
      if (value < found - 1e-9) [found, place] = [value, [x1, x2]];
    }
  }
  return place;
}

/** @type {(value: number, ends: Pair) => boolean} */
const inside = (value, [low, high]) => low <= value && value <= high;
