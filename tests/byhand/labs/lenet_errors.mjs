// node lenet_errors.mjs lenet.js lenet.json: print lenet.js' worst error in every layer.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @import { LayerName, Weighted } from "../../../byhand/labs/browser/lenet.js" */

/**
 * What dlcore computes of an image.
 *
 * @typedef {object} Fixture
 * @property {number[]} X
 * @property {{ [layer in LayerName]: number[] }} values
 * @property {{ [layer in Weighted]: number[] }} sums
 * @property {number[]} probabilities
 */

const [netFile, fixtureFile] = process.argv.slice(2);
/** @type {typeof import("../../../byhand/labs/browser/lenet.js")} */
const { forward } = await import(pathToFileURL(netFile).href);
/** @type {typeof import("../../../byhand/labs/browser/engine.js")} */
const { softmax } = await import(new URL("engine.js", pathToFileURL(netFile)).href);
/** @type {{ theta: number[], images: { [name: string]: Fixture } }} */
const { theta, images } = JSON.parse(readFileSync(fixtureFile, "utf8"));
/** @type {{ [name: string]: number | null }} */
const errors = {};

for (const [name, { X, values, sums, probabilities }] of Object.entries(images)) {
  /** @type {(of: string, got: Float64Array, wanted: number[]) => void} */
  const compare = (of, got, wanted) => {
    const worst = Math.max(...wanted.map((e, i) => Math.abs(got[i] - e)));
    errors[`${name} ${of}`] = got.length === wanted.length ? worst : null;
  };
  const found = forward(Float64Array.from(theta), Float64Array.from(X));
  for (const layer of /** @type {LayerName[]} */ (Object.keys(values))) {
    compare(layer, found[layer], values[layer]);
  }
  for (const layer of /** @type {Weighted[]} */ (Object.keys(sums))) {
    compare(`${layer} before relu`, found.sums[layer], sums[layer]);
  }
  compare("probabilities", softmax(found.output), probabilities);
}

console.log(JSON.stringify(errors));
