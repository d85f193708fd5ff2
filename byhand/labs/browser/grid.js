// Where panels stand in a poster: CSS's grid of named areas, for where there is no CSS.

import { range, sum } from "./numbers.js";

export const GAP = 13; // pixels between two panels

/**
 * What a panel covers: columns and rows, the first and the one behind the last.
 *
 * @typedef {{ left: number, right: number, top: number, bottom: number }} Area
 */

/**
 * @param {string[]} areas rows of names, as in CSS's grid-template-areas
 * @param {string} name
 * @returns {Area}
 */
export function areaOf(areas, name) {
  const cells = areas.flatMap((row, y) =>
    row.split(" ").flatMap((cell, x) => (cell === name ? [{ x, y }] : [])),
  );
  const [xs, ys] = [cells.map(({ x }) => x), cells.map(({ y }) => y)];
  return {
    left: Math.min(...xs),
    right: Math.max(...xs) + 1,
    top: Math.min(...ys),
    bottom: Math.max(...ys) + 1,
  };
}

/**
 * The widths of columns, as CSS shares a width among them, in whole pixels.
 *
 * @param {string} columns as in CSS's grid-template-columns: "3fr 2fr", "repeat(3, 1fr)"
 * @param {number} width
 */
export function widthsOf(columns, width) {
  const [, times, same] = /^repeat\((\d+), (.*)\)$/.exec(columns) ?? [];
  const list = times ? range(Number(times)).map(() => same) : columns.split(" ");
  const shares = list.map((column) => Number(/([\d.]+)fr/.exec(column)?.[1]));
  const room = width - GAP * (shares.length - 1);
  return shares.map((share) => Math.floor((room * share) / sum(shares)));
}

/**
 * The heights of rows: of those that a panel covers, as much as it needs, the same more for each.
 *
 * @param {number} count
 * @param {{ area: Area, height: number }[]} panels
 */
export function heightsOf(count, panels) {
  const heights = range(count).map(() => 0);
  const spanOf = (/** @type {Area} */ { top, bottom }) => bottom - top;
  for (const { area, height } of [...panels].sort((a, b) => spanOf(a.area) - spanOf(b.area))) {
    const missing = Math.max(0, height - extent(heights, area.top, area.bottom));
    for (let y = area.top; y < area.bottom; y++) heights[y] += Math.ceil(missing / spanOf(area));
  }
  return heights;
}

/**
 * How far it is across these columns or rows, with the gaps between them.
 *
 * @param {number[]} sizes
 * @param {number} from
 * @param {number} to
 */
export const extent = (sizes, from, to) => sum(sizes.slice(from, to)) + GAP * (to - from - 1);

/**
 * Where a column or row begins.
 *
 * @param {number[]} sizes
 * @param {number} at
 */
export const startOf = (sizes, at) => sum(sizes.slice(0, at)) + GAP * at;
