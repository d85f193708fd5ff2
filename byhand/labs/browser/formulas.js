// What a formula is read as, and what is wrong with one.

import { graphOf } from "./computation.js";
import { parse } from "./formula.js";

const READERS = { surface: parse, graph: graphOf };

/** @typedef {keyof typeof READERS} Reads */

/**
 * What is wrong with a formula, or null.
 *
 * @param {string} text
 * @param {Reads} reads
 */
export function faultOf(text, reads) {
  try {
    READERS[reads](text);
    return null;
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
}
