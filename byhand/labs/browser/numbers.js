// The small arithmetic of lists that several files need.

/** @import { Pair } from "./types.ts" */

/**
 * The whole numbers from 0 up to n, without n.
 *
 * @param {number} n
 */
export const range = (n) => Array.from({ length: n }, (_, i) => i);

/**
 * @template T
 * @param {T[]} entries at least one
 */
export const lastOf = (entries) => entries[entries.length - 1];

/** @param {ArrayLike<number>} values */
export function sum(values) {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** @param {ArrayLike<number>} values */
export const average = (values) => sum(values) / values.length;

/**
 * The value, or the end of the range that it is beyond.
 *
 * @param {number} value
 * @param {Pair} range
 */
export const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);

/**
 * The place of the value that is nearest, of equals the first.
 *
 * @param {number[]} values
 * @param {number} value
 */
export function nearest(values, value) {
  let best = 0;
  values.forEach((other, i) => {
    if (Math.abs(other - value) < Math.abs(values[best] - value)) best = i;
  });
  return best;
}

/**
 * What lies this share of the way from the low end to the high one.
 *
 * @param {Pair} range
 * @param {number} share
 */
export const between = ([low, high], share) => low + (high - low) * share;
