// The buttons of a cell, and how it stands. A button that would do nothing is not there.

import { element } from "../../labs/browser/dom.js";
import { show } from "../../labs/browser/text.js";
import { exerciseOf, isChanged, neededAbove } from "./cells.js";
import { nameOf, standing } from "./words.js";

/** @import { Cell, Page } from "./page-types.ts" */

const SAME = "the same output as published";

/**
 * @typedef {object} Actions
 * @property {() => void} edit
 * @property {() => void} reset
 * @property {() => void} undo brings back what a reset took
 * @property {() => void} hint
 */

/**
 * @param {Cell} cell
 * @param {Page} page
 * @param {Actions} actions
 */
export function toolbar(cell, page, actions) {
  const name = nameOf(cell);
  const { session } = page;
  const runs = () => session.running === cell;
  const make = (/** @type {string} */ text, /** @type {() => void} */ onclick) =>
    element("button", { type: "button", ariaLabel: `${text} ${name}`, onclick }, text);

  const run = make("Run", () => (runs() ? page.stop() : void session.run([cell])));
  const needed = () => neededAbove(page.cells, cell.index);
  const above = make("Run all above", () => void session.run(needed()));
  const edit = make("Edit", actions.edit);
  const hint = make("Hint", actions.hint);
  const reset = make("Reset", () => (isChanged(cell) ? actions.reset() : actions.undo()));
  const words = element("span", { className: "live-standing" });
  const exercise = exerciseOf(cell);
  const label = element("span", { className: "live-number" }, `Cell ${cell.number}`);
  const parts = [label, run, above, edit, ...(exercise ? [hint] : []), reset, words];
  const node = element("div", { className: "live-tools", role: "group" }, ...parts);
  node.ariaLabel = `Cell ${cell.number}`;

  return {
    node,
    edit,
    /**
     * @param {{ open: boolean, lost: boolean, same: boolean, ms: number }} now whether there is an
     *   editor, whether a reset can be undone, whether the output is the published one, and for how
     *   long the cell has been running
     */
    update({ open, lost, same, ms }) {
      const rename = (/** @type {HTMLButtonElement} */ button, /** @type {string} */ text) => {
        if (button.textContent === text) return;
        button.textContent = text;
        button.ariaLabel = `${text} ${name}`;
      };
      rename(run, runs() ? "Stop" : "Run");
      rename(reset, lost && !isChanged(cell) ? "Undo reset" : "Reset");
      above.hidden = cell.number === 1;
      above.ariaDisabled = String(needed().length === 0); // they have run; it keeps the focus
      edit.hidden = open;
      reset.hidden = !isChanged(cell) && !lost;
      const now = standingNow(cell, page, ms);
      words.dataset.kind = now.kind;
      const text = same && now.kind === "ran" ? `${now.words}: ${SAME}` : now.words;
      if (words.textContent !== text) words.textContent = text;
    },
  };
}

/**
 * @param {Cell} cell
 * @param {Page} page
 * @param {number} ms
 * @returns {import("./page-types.ts").Standing}
 */
function standingNow(cell, { cells, session, passed }, ms) {
  if (session.running === cell) {
    const time = ms < 1000 ? "" : `, ${show(ms / 1000, ".0f")} s`;
    return { kind: "running", words: `running${time}` };
  }
  if (session.waits(cell)) return { kind: "waiting", words: "waits for its turn" };
  return standing(cells, cell, passed());
}
