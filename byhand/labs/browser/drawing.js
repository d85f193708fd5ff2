// A curve that the reader draws: its heights written as one word, each a digit to the base 36.

import { kinds } from "./controls.js";
import { clamp, range } from "./numbers.js";
import { show } from "./text.js";

/** @import { ControlState, DrawingSpec, Kind, Settings } from "./types.ts" */

/** @param {string} word */
export const heightsOf = (word) => Array.from(word, (digit) => parseInt(digit, 36));

/**
 * The word with the height at place k changed, to the nearest of its levels.
 *
 * @param {string} word
 * @param {number} k
 * @param {number} height
 * @param {number} levels
 */
export function moved(word, k, height, levels) {
  const level = Math.round(clamp(height, [0, levels]));
  return word.slice(0, k) + level.toString(36) + word.slice(k + 1);
}

/**
 * A control for the height of one point, the one at `placeOf(settings)`; `scale` levels are 1, and
 * `read` is how a height is read.
 *
 * @template {Settings} Chosen
 * @param {(settings: Chosen) => number} placeOf
 * @returns {Kind<DrawingSpec>}
 */
export const heightControl =
  (placeOf, scale = 1, read = (/** @type {number} */ height) => show(height)) =>
  ({ label, levels, value: start }, change, context) => {
    const values = range(levels + 1).map((level) => level / scale);
    let word = start;
    let place = 0;
    const put = (/** @type {number} */ height) =>
      change(moved(word, place, height * scale, levels), read(height));
    const words = Object.fromEntries(values.map((height) => [show(height), read(height)]));
    const base = kinds.slider({ label, values, bounds: null, words }, put, context);
    const update = (/** @type {ControlState<string, Chosen>} */ now) => {
      word = now.value;
      place = placeOf(now.settings);
      base.update({ ...now, value: values[heightsOf(word)[place]] });
    };
    return { ...base, update };
  };
