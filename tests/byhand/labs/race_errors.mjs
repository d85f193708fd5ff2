// node race_errors.mjs race.js cases.json case ...: print how far the lab's runs are from dlcore's,
// for each of the cases that are numbered.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [labFile, caseFile, ...numbers] = process.argv.slice(2);
const { default: lab } = await import(pathToFileURL(labFile));
const { shared, cases } = JSON.parse(readFileSync(caseFile, "utf8"));
const stops = shared.draws.map((_, t) => t);

// Words and gaps must be the same; numbers are compared relative to their size, from 1 up.
function distance(got, expected) {
  if (typeof expected !== "number" || typeof got !== "number")
    return got === expected ? 0 : Infinity;
  return Math.abs(got - expected) / Math.max(1, Math.abs(expected));
}

const errors = numbers
  .map((n) => cases[n])
  .map(({ settings, state: { series, ...expected } }) => {
    const [{ series: columns, ...state }] = [...lab.train(settings, shared, stops)].slice(-1);
    const found = {};
    for (const [name, value] of Object.entries(expected))
      found[name] = distance(state[name], value);
    for (const [name, column] of Object.entries(series)) {
      if (columns[name]?.length !== column.length)
        throw new Error(`${name}: ${columns[name]?.length} entries`);
      found[name] = Math.max(...column.map((value, t) => distance(columns[name][t], value)));
    }
    return found;
  });
console.log(JSON.stringify(errors, (_, value) => (value === Infinity ? 1e300 : value)));
