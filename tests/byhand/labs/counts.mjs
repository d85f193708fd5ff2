// node counts.mjs counts.js cases.json: count every network at every size, and print the rows.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [file, cases] = process.argv.slice(2);
const { count } = await import(pathToFileURL(file));
const { nets, sizes } = JSON.parse(readFileSync(cases, "utf8"));

const found = Object.fromEntries(
  Object.entries(nets).map(([net, spec]) => [net, sizes.map((size) => count(spec, size))]),
);
console.log(JSON.stringify(found));
