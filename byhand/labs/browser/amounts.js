// Large numbers, and numbers of bytes, to three digits.

import { show } from "./text.js";

/**
 * A number of bytes as a reader writes it.
 *
 * @param {number} bytes
 */
export const large = (bytes) =>
  bytes >= 1e9 ? `${show(bytes / 1e9, ".3g")} GB` : `${show(bytes / 1e6, ".3g")} MB`;

/** @type {[number, string][]} */
const UNITS = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/**
 * A number to three digits, with the letter of its unit.
 *
 * @param {number | null} value
 */
export function brief(value) {
  if (!value) return "–";
  const [unit, letter] = UNITS.find(([least]) => value >= 0.9995 * least) ?? [1, ""];
  return unit === 1 ? show(value) : `${show(value / unit, ".3g")} ${letter}`;
}
