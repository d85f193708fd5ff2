// A digit that is drawn on, written as one word: a digit a cell (0 leaves the sample as it is, 1 is
// white, f is black), then the pen's row and column.

import { range } from "./numbers.js";

/** @typedef {{ digit: string, pen: "ink" | "eraser" | "lifted", edits: string }} Drawn */
/** @typedef {{ samples: { [digit: string]: number[] }, side: number }} Samples */

const HALF = "8";

/** @param {string} digit */
const level = (digit) => (parseInt(digit, 16) - 1) / 14;

/**
 * The pen's row and column.
 *
 * @param {string} word
 */
export const penOf = (word) => [...word.slice(-2)].map((place) => parseInt(place, 16));

/**
 * The sample with what was drawn on it, each pixel from 0 to 1.
 *
 * @param {{ digit: string, edits: string }} settings
 * @param {Samples} shared
 */
export function picture({ digit, edits }, { samples, side }) {
  const sample = samples[digit];
  return Float64Array.from(range(side * side), (i) =>
    edits[i] > "0" ? level(edits[i]) : (sample?.[i] ?? 0),
  );
}

const CROSS = [
  [0, 0],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

/**
 * Go to a cell in steps of one, and leave ink, or take it away, on the way.
 *
 * @param {Drawn} settings
 * @param {Samples} shared
 * @param {number} row
 * @param {number} column
 * @param {boolean} [jump] whether the pen is set down there
 */
export function moved(settings, shared, row, column, jump = false) {
  const { edits, pen, digit } = settings;
  const { side, samples } = shared;
  const cells = [...edits];
  const image = picture(settings, shared);
  const [y, x] = jump ? [row, column] : penOf(edits);
  const steps = Math.max(Math.abs(row - y), Math.abs(column - x), 1);
  for (let t = pen === "lifted" ? steps + 1 : 0; t <= steps; t++) {
    const r = Math.round(y + ((row - y) * t) / steps);
    const c = Math.round(x + ((column - x) * t) / steps);
    for (const [dr, dc] of CROSS) {
      const i = (r + dr) * side + c + dc;
      if (r + dr < 0 || r + dr >= side || c + dc < 0 || c + dc >= side) continue;
      if (pen === "eraser") cells[i] = samples[digit]?.[i] ? "1" : "0";
      else if (!dr && !dc) cells[i] = "f";
      else if ((cells[i] === "0" ? image[i] : level(cells[i])) < 0.5) cells[i] = HALF;
    }
  }
  return cells.slice(0, -2).join("") + row.toString(16) + column.toString(16);
}

/**
 * What is drawn, without the pen's place.
 *
 * @param {string} word
 */
export const inked = (word) => word.slice(0, -2);

/**
 * The word without strokes; the pen stays.
 *
 * @param {string} word
 */
export const cleared = (word) => inked(word).replace(/./g, "0") + word.slice(-2);

/**
 * Where the pen is, in words.
 *
 * @param {string} word
 */
export const placed = (word) => `row ${penOf(word)[0]}, column ${penOf(word)[1]}`;
