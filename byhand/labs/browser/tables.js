// A lab's numbers as tables: settings and single numbers, the run, and lists of one length side by
// side. A list of lists has a column for each place.

import { scrubberOf } from "./spec.js";
import { show } from "./text.js";

/** @import { Scene } from "./context.js" */
/** @import { Settings, Spec, State } from "./types.ts" */

/** @typedef {{ name: string, values: ArrayLike<unknown> }} Column */
/** @typedef {{ name: string, rows: number, columns: Column[] }} Table */

/**
 * @param {Scene} scene
 * @returns {Table[]}
 */
export function tablesOf({ spec, settings, state, shared, stops }) {
  const { series = {}, ...rest } = state;
  const lists = [...grouped(flat(rest)), ...grouped(flat(shared))];
  const runs = grouped(flat(series)).map(({ rows, columns }) => ({
    name: `Run: ${rows} rows`,
    rows,
    columns: [
      { name: scrubberOf(spec)?.label ?? "step", values: stops.slice(0, rows) },
      ...columns,
    ],
  }));
  return [single(spec, settings, rest), ...runs, ...lists];
}

/**
 * What is worth a line of a file: comma-separated, with all rows and digits.
 *
 * @param {Table} table
 */
export function csvOf({ columns, rows }) {
  const line = (/** @type {unknown[]} */ cells) => `${cells.map(quoted).join(",")}\r\n`;
  const lines = Array.from({ length: rows }, (_, i) =>
    line(columns.map(({ values }) => values[i])),
  );
  return line(columns.map(({ name }) => name)) + lines.join("");
}

/** @param {unknown} cell */
function quoted(cell) {
  const text = String(cell ?? "");
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A cell as it is read: numbers with six digits.
 *
 * @param {unknown} cell
 */
export function cellText(cell) {
  if (typeof cell !== "number") return String(cell ?? "");
  return Number.isFinite(cell) ? show(Number(cell.toPrecision(6))) : "";
}

/**
 * @param {Spec} spec
 * @param {Settings} settings
 * @param {State} state
 * @returns {Table}
 */
function single({ controls }, settings, state) {
  const numbers = Object.entries(state).filter(([, value]) => isSingle(value));
  const columns = [
    { name: "name", values: [...controls.map(({ label }) => label), ...numbers.map(namedSo)] },
    {
      name: "value",
      values: [...controls.map(({ name }) => settings[name]), ...numbers.map(([, one]) => one)],
    },
  ];
  return { name: "Settings and single numbers", rows: columns[0].values.length, columns };
}

/** @param {[string, unknown]} entry */
const namedSo = ([name]) => name.replaceAll("_", " ");

/**
 * The columns in a tree of lists.
 *
 * @param {unknown} value
 * @returns {Column[]}
 */
function flat(value, name = "") {
  if (isList(value)) return columnsOf(value, name);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap((entry) => flat(entry[1], `${name} ${namedSo(entry)}`));
}

/**
 * @param {ArrayLike<unknown>} list
 * @param {string} name
 * @returns {Column[]}
 */
function columnsOf(list, name) {
  const first = list[0];
  if (first === undefined) return [];
  if (isSingle(first)) return [{ name: name.trim(), values: list }];
  return Object.entries(Object(first)).flatMap((entry) => {
    const place = isList(first) ? Number(entry[0]) + 1 : namedSo(entry);
    const values = Array.from(list, (row) => Object(row)[entry[0]] ?? null);
    return columnsOf(values, `${name} ${place}`);
  });
}

/**
 * Columns of one length beside each other.
 *
 * @param {Column[]} columns
 * @returns {Table[]}
 */
function grouped(columns) {
  const lengths = [...new Set(columns.map(({ values }) => values.length))];
  return lengths.map((rows) => {
    const own = columns.filter(({ values }) => values.length === rows);
    const more = own.length > 1 ? `, and ${own.length - 1} more` : "";
    return { name: `${own[0].name}${more}: ${rows} rows`, rows, columns: own };
  });
}

/**
 * @param {unknown} value
 * @returns {value is ArrayLike<unknown>}
 */
const isList = (value) => Array.isArray(value) || ArrayBuffer.isView(value);

/** @param {unknown} value */
const isSingle = (value) => typeof value !== "object" || value === null;
