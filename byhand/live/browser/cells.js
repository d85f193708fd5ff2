// The code cells of a page: what each one's code is now, when it ran, and which are stale.

/** @import { Cell, LiveCell, Ran } from "./page-types.ts" */

const EXERCISE = /^check\(\s*"([^"]+)"/m;
const INTERACT = /\blabs\.interact\(/;
const LAB = /^labs\.(?!interact\b)\w+\([^]*\)$/;

/**
 * @param {LiveCell[]} data
 * @param {{ [id: string]: string }} edits a reader's own code, by the cells' ids
 * @returns {Cell[]}
 */
export function createCells(data, edits = {}) {
  let number = 0;
  return data.map((one, index) => ({
    data: one,
    index,
    number: hasEditor(one) ? ++number : null,
    text: edits[one.id] ?? one.source,
    ran: null,
    before: false,
  }));
}

/**
 * Labs and predictions are alive without Python, and stay as they are.
 *
 * @param {LiveCell} data
 */
export const hasEditor = (data) => data.shown && !isLab(data);

/** @param {LiveCell} data */
const isLab = (data) => LAB.test(data.source.trim());

/** @param {Cell} cell */
export const isChanged = (cell) => cell.text !== cell.data.source;

/**
 * The name of the exercise that a cell checks, or null.
 *
 * @param {Cell} cell
 */
export const exerciseOf = (cell) => EXERCISE.exec(cell.data.source)?.[1] ?? null;

/** @param {Cell} cell */
export const isInteract = (cell) => INTERACT.test(cell.data.source);

/**
 * A reader's own code, by the cells' ids.
 *
 * @param {Cell[]} cells
 */
export const editsOf = (cells) =>
  Object.fromEntries(cells.filter(isChanged).map(({ data, text }) => [data.id, text]));

/**
 * Note that a cell ran, and on what code above it.
 *
 * @param {Cell[]} cells
 * @param {Cell} cell
 * @param {Omit<Ran, "above">} ran
 */
export function noteRan(cells, cell, ran) {
  cell.ran = { ...ran, above: cells.slice(0, cell.index).map(inEffect) };
  cell.before = false;
}

/**
 * The code that the cells below build on. One that did not run yet counts as published.
 *
 * @param {Cell} cell
 */
const inEffect = ({ ran, data }) => ran?.text ?? data.source;

/**
 * Note that Python was started anew, and knows nothing of what ran.
 *
 * @param {Cell[]} cells
 */
export function forget(cells) {
  for (const cell of cells) {
    cell.before ||= cell.ran !== null;
    cell.ran = null;
  }
}

/**
 * The first cell above that is not what it was when this one ran, or null. What an exercise defines
 * is used nowhere else.
 *
 * @param {Cell[]} cells
 * @param {Cell} cell
 */
export function staleBy(cells, { ran }) {
  if (!ran) return null;
  return ran.above.map((_, i) => cells[i]).find(isOtherThan(ran.above)) ?? null;
}

/** @param {string[]} above */
const isOtherThan = (above) => (/** @type {Cell} */ cell) =>
  cell.text !== above[cell.index] && !exerciseOf(cell);

/**
 * Whether a cell ran here, as it stands, on what stands above it.
 *
 * @param {Cell[]} cells
 * @param {Cell} cell
 */
export const isFresh = (cells, cell) =>
  cell.ran !== null && cell.ran.text === cell.text && !staleBy(cells, cell);

/**
 * The cells that a run of all has to run: those that are not fresh. Labs define nothing.
 *
 * @param {Cell[]} cells
 */
export const toRun = (cells) => cells.filter((cell) => !isLab(cell.data) && !isFresh(cells, cell));

/**
 * The cells that must run before the one at this place. Exercises define nothing that others use.
 *
 * @param {Cell[]} cells
 * @param {number} index
 */
export const neededAbove = (cells, index) =>
  toRun(cells.slice(0, index)).filter((cell) => !exerciseOf(cell));

/**
 * What ran here and is stale, with the changed cells that it builds on.
 *
 * @param {Cell[]} cells
 */
export function stale(cells) {
  const causes = new Set(cells.map((cell) => staleBy(cells, cell)));
  return cells.filter((cell) => causes.has(cell) || staleBy(cells, cell));
}
