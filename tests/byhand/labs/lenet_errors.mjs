// node lenet_errors.mjs lenet.js lenet.json: print lenet.js' worst error in every layer.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [netFile, fixtureFile] = process.argv.slice(2);
const { forward, softmax } = await import(pathToFileURL(netFile));
const { theta, images } = JSON.parse(readFileSync(fixtureFile, "utf8"));
const errors = {};

for (const [name, { X, values, sums, probabilities }] of Object.entries(images)) {
  const compare = (of, got, wanted) => {
    const worst = Math.max(...wanted.map((e, i) => Math.abs(got[i] - e)));
    errors[`${name} ${of}`] = got.length === wanted.length ? worst : null;
  };
  const found = forward(Float64Array.from(theta), Float64Array.from(X));
  for (const [layer, wanted] of Object.entries(values)) compare(layer, found[layer], wanted);
  for (const [layer, wanted] of Object.entries(sums))
    compare(`${layer} before relu`, found.sums[layer], wanted);
  compare("probabilities", softmax(found.output), probabilities);
}

console.log(JSON.stringify(errors));
