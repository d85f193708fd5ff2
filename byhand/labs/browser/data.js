// The numbers behind a lab's drawings, as a table below it: made only while it is open.

import { button, element, labeled } from "./dom.js";
import { cellText, csvOf, tablesOf } from "./tables.js";

/** @import { Scene } from "./context.js" */
/** @import { Table } from "./tables.js" */

const ROWS = 50; // and columns, that are shown of a table; its file has all
const COLUMNS = 20;

export class Data {
  #name;
  /** @type {Scene | null} */
  #scene = null;
  /** @type {Table[]} */
  #tables = [];
  #choice = element("select");
  #box = element("div", { className: "lab-table", tabIndex: 0, role: "region" });
  node;

  /** @param {{ name: string, title: string }} spec */
  constructor({ name, title }) {
    this.#name = name;
    this.#choice.addEventListener("change", () => this.#fill());
    this.#box.ariaLabel = `Data: ${title}`;
    const save = button("Save as CSV", `Save this table as CSV: ${title}`, () => this.#save());
    const tools = element(
      "div",
      { className: "lab-tools" },
      ...labeled("Table", this.#choice),
      ...save.parts,
    );
    const summary = element("summary", {}, "Data as a table");
    this.node = element("details", { className: "lab-data" }, summary, tools, this.#box);
    this.node.addEventListener("toggle", () => this.#show());
  }

  /** @param {Scene} scene what is drawn now */
  update(scene) {
    this.#scene = scene;
    this.#show();
  }

  #show() {
    if (!this.node.open || !this.#scene) return;
    this.#tables = tablesOf(this.#scene);
    const chosen = Math.max(this.#choice.selectedIndex, 0);
    const names = this.#tables.map(({ name }) => element("option", {}, name));
    this.#choice.replaceChildren(...names);
    this.#choice.selectedIndex = Math.min(chosen, names.length - 1);
    this.#fill();
  }

  #fill() {
    this.#box.replaceChildren(...tableFor(this.#tables[this.#choice.selectedIndex]));
  }

  #save() {
    const file = new Blob([csvOf(this.#tables[this.#choice.selectedIndex])], { type: "text/csv" });
    const href = URL.createObjectURL(file);
    element("a", { href, download: `${this.#name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  }
}

/** @param {Table} table */
function tableFor({ rows, columns }) {
  const shown = columns.slice(0, COLUMNS);
  const names = shown.map(({ name }) => element("th", { scope: "col" }, name));
  const lines = Array.from({ length: Math.min(rows, ROWS) }, (_, i) => {
    const [first, ...others] = shown.map(({ values }) => cellText(values[i]));
    const head = element("th", { scope: "row" }, first);
    return element("tr", {}, head, ...others.map((text) => element("td", {}, text)));
  });
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...names)),
    element("tbody", {}, ...lines),
  );
  const left = leftOut(rows - lines.length, columns.length - shown.length);
  return left ? [table, element("p", {}, left)] : [table];
}

/**
 * What is not shown, in words.
 *
 * @param {number} rows
 * @param {number} columns
 */
function leftOut(rows, columns) {
  const parts = [rows && `${rows} more rows`, columns && `${columns} more columns`];
  const said = parts.filter(Boolean).join(" and ");
  return said && `${said}: the file has all.`;
}
