// The page as a notebook file, with a reader's own code and what it gave out.

import { element } from "../../labs/browser/dom.js";
import { isChanged } from "./cells.js";

/** @import { Cell, Notebook } from "./page-types.ts" */

/**
 * The notebook, where the cells have their code of now, and the outputs of that code's last run.
 *
 * @param {Notebook} notebook
 * @param {Cell[]} cells
 * @returns {Notebook}
 */
export function withEdits(notebook, cells) {
  const byId = new Map(cells.map((cell) => [cell.data.id, cell]));
  return {
    ...notebook,
    cells: notebook.cells.map((one) => {
      const cell = one.cell_type === "code" ? byId.get(one.id) : undefined;
      if (!cell) return one;
      const source = isChanged(cell) ? lines(cell.text) : one.source;
      const outputs = cell.ran?.text === cell.text ? cell.ran.result.outputs : [];
      return { ...one, source, outputs, execution_count: null };
    }),
  };
}

/**
 * Lines with their ends, as notebooks keep them.
 *
 * @param {string} text
 */
const lines = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/**
 * @param {Notebook} notebook
 * @param {string} name of the file
 */
export function download(notebook, name) {
  const text = `${JSON.stringify(notebook, null, 1)}\n`;
  const href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  element("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
