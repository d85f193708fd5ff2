// node plane_errors.mjs plane.js plane.json: print plane.js' worst error for every fixture.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/**
 * Points that dlcore carries part of the way, and their scores.
 *
 * @typedef {object} Fixture
 * @property {number[]} theta
 * @property {number[]} X
 * @property {[way: number, points: number[]][]} carried
 * @property {number[]} scores
 */

const [planeFile, fixtureFile] = process.argv.slice(2);
/** @type {typeof import("../../../byhand/labs/browser/plane.js")} */
const { scores, through } = await import(pathToFileURL(planeFile).href);
/** @type {{ [activation: string]: Fixture }} */
const fixtures = JSON.parse(readFileSync(fixtureFile, "utf8"));
/** @type {{ [name: string]: number }} */
const errors = {};

/** @type {(got: Float64Array, wanted: number[]) => number} */
const worst = (got, wanted) => Math.max(...wanted.map((e, i) => Math.abs(got[i] - e)));

for (const [activation, { carried, ...fixture }] of Object.entries(fixtures)) {
  const [theta, X] = [Float64Array.from(fixture.theta), Float64Array.from(fixture.X)];
  for (const [way, wanted] of carried) {
    errors[`${activation} ${way}`] = worst(through(theta, activation, X, way), wanted);
  }
  errors[`${activation} scores`] = worst(scores(theta, activation, X), fixture.scores);
}

console.log(JSON.stringify(errors));
