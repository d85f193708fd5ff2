// One code cell on the page: its buttons, its editor, how it stands, and what it gave out here.

import { element } from "../../labs/browser/dom.js";
import { announce } from "./announce.js";
import { exerciseOf } from "./cells.js";
import { Editing } from "./editing.js";
import { gave } from "./gave.js";
import { draw, spoken } from "./output.js";
import { toolbar } from "./toolbar.js";

/** @import { Cell, CellView, Page } from "./page-types.ts" */

const nothing = () => {};

/**
 * What a cell without an editor shows.
 *
 * @type {CellView}
 */
export const NO_VIEW = {
  update: nothing,
  reset: nothing,
  write: nothing,
  start: nothing,
  stopped: nothing,
  show: nothing,
  clear: nothing,
};

/**
 * @param {Cell} cell
 * @param {HTMLElement} node the published cell
 * @param {Page} page
 * @returns {CellView}
 */
export function cellView(cell, node, page) {
  const input = /** @type {HTMLElement} */ (node.querySelector(".cell_input"));
  const output = gave(cell, node, page);
  const hints = element("div", { className: "live-hint" });
  let began = 0;

  const update = () => {
    const ms = performance.now() - began;
    tools.update({ open: edit.isOpen, lost: edit.canUndo, same: output.isSame(), ms });
  };
  const edit = new Editing(cell, input, page, update);
  const reset = () => {
    edit.reset();
    output.clear();
    hints.replaceChildren();
  };
  const tools = toolbar(cell, page, {
    edit: () => void edit.open(),
    undo: () => edit.undo(),
    reset() {
      reset();
      tools.edit.focus(); // the button that had the focus is gone, or says something else
    },
    async hint() {
      const source = `__import__("byhand").hint(${JSON.stringify(exerciseOf(cell))})`;
      const result = await page.session.aside(cell, source);
      if (!result) return;
      hints.replaceChildren(...draw(result.outputs, page.live));
      announce(spoken(result));
    },
  });
  (input.closest("details") ?? input).after(tools.node, hints);

  return {
    ...output,
    update,
    reset,
    start() {
      began = performance.now();
      output.start();
      const tick = setInterval(() => {
        if (page.session.running === cell) update();
        else clearInterval(tick);
      }, 1000);
    },
  };
}
