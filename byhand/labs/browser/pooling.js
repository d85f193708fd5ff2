// What lab pooling says of each window: its number, and where its gradient goes.

import { heightsOf } from "./drawing.js";
import { range } from "./numbers.js";
import { show } from "./text.js";

/** @import { PoolWindow } from "./images.js" */

/**
 * The numbers that a word stands for.
 *
 * @param {string} word
 * @param {number} zero
 */
export const numbers = (word, zero) => heightsOf(word).map((height) => height - zero);

/** @param {number} value */
export const short = (value) => show(value, Number.isInteger(value) ? "d" : ".2f");

/**
 * The options of the pooling: global pooling is one window.
 *
 * @param {{ kind: string, size: string, stride: string, padding: string }} settings
 * @param {number} side
 */
export function optionsOf({ kind, size, stride, padding }, side) {
  const max = kind.endsWith("max");
  if (kind.startsWith("global")) return { max, size: side, stride: 1, padding: 0 };
  return { max, size: Number(size), stride: Number(stride), padding: Number(padding) };
}

/** @typedef {{ dX: number[], visits: number[] }} Arrived at each cell, and how many times */

/**
 * What has arrived after each of the windows.
 *
 * @param {PoolWindow[]} windows
 * @param {number[]} upstream
 * @param {number} cells
 */
export function arrivals(windows, upstream, cells) {
  const dX = range(cells).map(() => 0);
  const visits = range(cells).map(() => 0);
  return windows.map(({ to, share }, n) => {
    for (const cell of to) {
      dX[cell] += upstream[n] * share;
      visits[cell]++;
    }
    return { dX: [...dX], visits: [...visits] };
  });
}

/**
 * What there is to say of one output.
 *
 * @param {PoolWindow} window
 * @param {number[]} X
 * @param {ReturnType<typeof optionsOf>} options
 */
export function told({ value, places, cells, to }, X, { max, size }) {
  const padding = max ? "−∞" : "0";
  const words = places.map((cell) => (cell === null ? padding : show(X[cell])));
  const equals = cells.filter((cell) => X[cell] === value).length;
  const side = Math.sqrt(X.length);
  return {
    value,
    sum: max ? `max(${words.join(", ")})` : `(${words.join(" + ")}) / ${size * size}`,
    to_row: max ? Math.floor(to[0] / side) : null,
    to_column: max ? to[0] % side : null,
    inside: max ? null : cells.length,
    outside: max ? null : size * size - cells.length || null,
    tie: max && equals > 1 ? equals : null,
  };
}
