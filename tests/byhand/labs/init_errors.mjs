// node init_errors.mjs init.js init.json: print the worst error of what the lab init computes.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @import { Lab, Settings, Shared, State } from "../../../byhand/labs/browser/types.ts" */

const [labFile, fixtureFile] = process.argv.slice(2);
/** @type {{ default: Required<Lab> }} */
const { default: lab } = await import(pathToFileURL(labFile).href);
/** @type {{ shared: Shared, cases: { settings: Settings, state: State }[] }} */
const { shared, cases } = JSON.parse(readFileSync(fixtureFile, "utf8"));

/**
 * The numbers of a number, of an array, or of arrays in an array.
 *
 * @param {unknown} values
 * @returns {number[]}
 */
const flat = (values) =>
  typeof values === "object" ? Object.values(values ?? {}).flatMap(flat) : [Number(values)];

/**
 * @param {unknown} got
 * @param {unknown} wanted
 */
function worst(got, wanted) {
  if (wanted === null || typeof wanted === "string") return got === wanted ? 0 : 1;
  const [g, w] = [flat(got), flat(wanted)];
  const scale = Math.max(...w.map(Math.abs)) || 1;
  return w.length === g.length ? Math.max(...w.map((x, i) => Math.abs(x - g[i]))) / scale : 1;
}

const errors = cases.map(({ settings, state }) => {
  const got = [...lab.train(settings, shared, [])].at(-1) ?? {};
  return Math.max(...Object.keys(state).map((name) => worst(got[name], state[name])));
});
console.log(JSON.stringify(errors));
