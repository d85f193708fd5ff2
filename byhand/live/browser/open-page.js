// The cells of a page, each with its view, and the session that runs them.

import { announce } from "./announce.js";
import { NO_VIEW, cellView } from "./cell-view.js";
import { createCells, editsOf, isChanged } from "./cells.js";
import { Session } from "./session.js";
import { editsIn, progress } from "./storage.js";
import { heard } from "./words.js";

/** @import { LiveError } from "./engine.js" */
/** @import { Cell, CellView, Engine, Notebook, Page } from "./page-types.ts" */

/**
 * @typedef {object} Told
 * @property {() => void} changed anything that is shown for all cells
 * @property {() => void} stop the reader wants to end what runs
 * @property {(error: LiveError) => void} failed the engine did, or was stopped
 */

/** The page shows other cells than those that would run. */
export class OtherEdition extends Error {}

/**
 * @param {Engine} engine
 * @param {string} live
 * @param {string} name
 * @param {Told} told
 */
export async function openPage(engine, live, name, told) {
  const { versions, pages } = await engine.manifest();
  const { cells: data, notebook } = await engine.cells();
  const edits = editsIn(name);
  const cells = createCells(data, edits.read());
  /** @type {Map<Cell, CellView>} */
  const views = new Map();
  const viewOf = (/** @type {Cell} */ cell) => views.get(cell) ?? NO_VIEW;
  const update = () => {
    for (const view of views.values()) view.update();
    told.changed();
  };
  const session = new Session(engine, cells, viewOf, {
    changed: update,
    failed: told.failed,
    ran(cell, result, own) {
      if (result.memory !== null) progress.write(result.memory);
      if (own && cell.number && !session.isBusy) announce(heard(cell, result));
    },
  });
  let kept = true; // the reader's own code, in this browser
  const edited = () => {
    kept = edits.write(editsOf(cells));
    update();
  };
  /** @type {Page} */
  const page = { cells, live, versions, session, edited, passed: progress.passed, stop: told.stop };
  addViews(page, views);
  return {
    page,
    update,
    keeps: () => kept,
    seconds: pages[name].seconds,
    notebook: /** @type {Notebook} */ (/** @type {unknown} */ (notebook)),
    resetAll: () => cells.filter(isChanged).forEach((cell) => viewOf(cell).reset()),
  };
}

/**
 * Give each cell of the page its buttons.
 *
 * @param {Page} page
 * @param {Map<Cell, CellView>} views
 */
function addViews(page, views) {
  /** @type {NodeListOf<HTMLElement>} */
  const nodes = document.querySelectorAll("div.cell");
  if (nodes.length !== page.cells.length) {
    throw new OtherEdition(
      "This page and the code that came with it are of two editions. Reload the page; if that " +
        "does not help, whoever built the book should run “make live” again.",
    );
  }
  page.cells.forEach((cell, i) => {
    if (cell.number) views.set(cell, cellView(cell, nodes[i], page));
  });
}
