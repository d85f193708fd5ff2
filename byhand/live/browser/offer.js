// What is said before a page runs: how much it loads, whether that stays, and how much memory it
// takes.

import { megabytes } from "./words.js";

/** @import { LivePage } from "./types.ts" */

const WHAT =
  "Python and NumPy can run in this page: change the code, run it, have your exercises checked.";
const PRIVATE = "What you write stays in this browser.";
const PHONE =
  "This looks like a phone: Python may be slow on it, or lack memory, and the load may cost you.";

/**
 * @param {LivePage} entry
 * @param {{ stored: boolean, keeps: boolean, edits: number }} found whether the files are in this
 *   browser, whether it can keep them, and how many cells the reader changed before
 */
export function offer({ size, memory }, { stored, keeps, edits }) {
  const once = keeps ? `${megabytes(size)}, once` : megabytes(size);
  const button = stored ? "Run this page" : `Run this page (${once})`;
  const load = keeps
    ? `It loads ${megabytes(size)} once, and then stays in this browser.`
    : `It loads ${megabytes(size)} at each visit, because browsers keep nothing from plain http.`;
  const cost = stored ? "Everything it needs is in this browser already." : load;
  const needs = memory ? ` It takes about ${megabytes(memory)} of memory.` : "";
  const sentences = [WHAT, `${cost}${needs} ${PRIVATE}`];
  if (edits) sentences.push(welcome(edits));
  if (isPhone()) sentences.push(PHONE);
  return { button, sentences };
}

/** @param {number} edits */
const welcome = (edits) =>
  edits === 1
    ? "Your change to one cell is kept, and comes back when the page runs."
    : `Your changes to ${edits} cells are kept, and come back when the page runs.`;

const isPhone = () => matchMedia("(pointer: coarse) and (max-width: 48rem)").matches;

/**
 * How to serve a book that was opened as a file.
 *
 * @param {string} page such as chapters/03_logistic_regression
 */
export const howToServe = (page) => [
  "Browsers run no Python in a page that was opened as a file. Serve the book from its folder:",
  "make serve",
  `and open http://localhost:8000/${page}.html instead.`,
  "Without make: python -m http.server --bind 127.0.0.1 -d _build/html",
];
