// How the page speaks: sizes, times, and how a cell stands.

import { show } from "../../labs/browser/text.js";
import { exerciseOf, isChanged, isInteract, staleBy } from "./cells.js";

/** @import { Result } from "./types.ts" */
/** @import { Cell, Standing, Versions } from "./page-types.ts" */

/** @param {number} bytes */
export const megabytes = (bytes) => `${show(bytes / 1e6, bytes < 9.5e6 ? ".1f" : ".0f")} MB`;

/** @param {number} ms */
export function seconds(ms) {
  if (ms < 50) return "less than 0.1 s";
  return `${show(ms / 1000, ms < 9500 ? ".1f" : ".0f")} s`;
}

/** @param {Cell} cell */
export const nameOf = (cell) => `cell ${cell.number ?? cell.index + 1}`;

/**
 * How a cell that does nothing now stands.
 *
 * @param {Cell[]} cells
 * @param {Cell} cell
 * @param {string[]} passed the names of the exercises that were passed
 * @returns {Standing}
 */
export function standing(cells, cell, passed) {
  const { ran, text, data } = cell;
  if (!ran) return { kind: "fresh", words: beforeItRan(cell, passed) };
  if (ran.text !== text) return { kind: "changed", words: "changed since it ran" };
  const cause = staleBy(cells, cell);
  if (cause) return { kind: "stale", words: `stale: ${nameOf(cause)} has changed since it ran` };
  const { error } = ran.result;
  if (error) {
    const line = error.line === null ? "" : ` in line ${error.line}`;
    return { kind: "failed", words: `stopped${line}: ${error.name}` };
  }
  const time = `ran in ${seconds(ran.ms)}`;
  return {
    kind: "ran",
    words: text === data.source || exerciseOf(cell) ? time : `${time}, with your change`,
  };
}

/**
 * @param {Cell} cell
 * @param {string[]} passed
 */
function beforeItRan(cell, passed) {
  const exercise = exerciseOf(cell);
  const parts = [
    cell.before && "ran before Python was started anew",
    isChanged(cell) && "your change, not run yet",
    exercise && passed.includes(exercise) && "passed before",
    cell.data.long && `takes about ${show(cell.data.long, ".0f")} s`,
    isInteract(cell) && "run it, and it gets sliders",
  ];
  return parts.filter(Boolean).join("; ");
}

/**
 * What those hear who do not see how a cell ran.
 *
 * @param {Cell} cell
 * @param {Result} result
 */
export function heard(cell, { error, ms, out }) {
  if (error) return `${nameOf(cell)} stopped: ${error.name}: ${error.message}`;
  const verdict = exerciseOf(cell) ? `: ${out.split("\n", 1)[0]}` : "";
  return `${nameOf(cell)} ran in ${seconds(ms)}${verdict}`;
}

/**
 * Why the numbers of a cell may be others than the published ones.
 *
 * @param {Versions} versions
 * @param {string | null} reason
 */
export function whyOthers({ here, page }, reason) {
  const numpy = `NumPy ${here.numpy} here, ${page.numpy} when the page was built`;
  const sentence = `These numbers depend on the machine and on the versions: ${numpy}.`;
  return reason ? `${sentence} ${reason}` : sentence;
}
