// Charts with axes. Axes cost as much as marks do, and seldom change while a reader plays: the same
// ones are drawn once, and copied.

import * as Plot from "@observablehq/plot";

/** @import { Drawn } from "./types.ts" */

/** @typedef {Omit<Plot.PlotOptions, "marks">} Frame size, margins and scales */

const KEPT = 100; // axes

/** @type {Map<string, Element[]>} what is drawn below the marks, by frame */
const known = new Map();

/** @type {WeakMap<object, number>} numbers of the functions that write ticks */
const functions = new WeakMap();
let count = 0;

/**
 * As Plot.plot.
 *
 * @param {Plot.PlotOptions} options
 * @returns {Drawn}
 */
export function chart({ marks, ...frame }) {
  if (![frame.x, frame.y].every(isFixed)) return Plot.plot({ ...frame, marks });
  const svg = Plot.plot({ ...withoutAxes(frame), marks });
  svg.prepend(...axesOf(frame).map((part) => part.cloneNode(true)));
  return svg;
}

/**
 * The same frame for marks that come upon axes.
 *
 * @param {Frame} frame
 * @returns {Frame}
 */
export function withoutAxes(frame) {
  const none = /** @type {const} */ ({ axis: null, grid: false });
  return { ...frame, x: { ...frame.x, ...none }, y: { ...frame.y, ...none } };
}

/**
 * Whether an axis is the same whatever the marks are.
 *
 * @param {Plot.ScaleOptions} [scale]
 */
function isFixed({ axis, domain, type, label } = {}) {
  if (!domain) return false;
  const known = type !== undefined || Array.from(domain).every((end) => typeof end === "number");
  return known && (axis === null || label !== undefined);
}

/** @param {Frame} frame */
function axesOf(frame) {
  const key = JSON.stringify(frame, (_, value) =>
    value instanceof Function ? idOf(value) : value,
  );
  const axes = known.get(key) ?? [...Plot.plot(frame).children].slice(1); // the first is a style
  known.delete(key);
  known.set(key, axes); // as the latest
  const [oldest] = known.keys();
  if (known.size > KEPT) known.delete(oldest);
  return axes;
}

/** @param {Function} write */
function idOf(write) {
  const id = functions.get(write) ?? ++count;
  functions.set(write, id);
  return id;
}
