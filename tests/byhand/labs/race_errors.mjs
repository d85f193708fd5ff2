// node race_errors.mjs race.js cases.json case ...: print how far the lab's runs are from dlcore's,
// for each of the cases that are numbered.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @import { Settings, Shared, State } from "../../../byhand/labs/browser/race.js" */

const [file, caseFile, ...numbers] = process.argv.slice(2);
/** @type {typeof import("../../../byhand/labs/browser/race.js")} */
const { train } = await import(pathToFileURL(file).href);
/** @type {{ shared: Shared, cases: { settings: Settings, state: State }[] }} */
const { shared, cases } = JSON.parse(readFileSync(caseFile, "utf8"));
const stops = shared.draws.map((_, t) => t);

/**
 * Words and gaps must be the same; numbers are compared relative to their size, from 1 up.
 *
 * @param {unknown} got
 * @param {unknown} expected
 */
function distance(got, expected) {
  if (typeof expected !== "number" || typeof got !== "number") {
    return got === expected ? 0 : Infinity;
  }
  return Math.abs(got - expected) / Math.max(1, Math.abs(expected));
}

/** @typedef {{ [name: string]: unknown }} Named */

/**
 * The worst distance of each number and each series.
 *
 * @param {State} got
 * @param {State} expected
 */
function distances({ series, ...got }, { series: columns, ...expected }) {
  const numbers = Object.entries(expected).map(([name, value]) => {
    return [name, distance(/** @type {Named} */ (got)[name], value)];
  });
  const worst = Object.entries(columns).map(([name, column]) => {
    const found = series[name] ?? [];
    if (found.length !== column.length) throw new Error(`${name}: ${found.length} entries`);
    return [name, Math.max(...column.map((value, t) => distance(found[t], value)))];
  });
  return Object.fromEntries([...numbers, ...worst]);
}

const errors = numbers.map((n) => {
  const { settings, state } = cases[Number(n)];
  const last = [...train(settings, shared, stops)].at(-1);
  if (!last) throw new Error(`case ${n}: no state`);
  return distances(last, state);
});
console.log(JSON.stringify(errors, (_, value) => (value === Infinity ? 1e300 : value)));
