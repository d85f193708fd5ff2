// node counts.mjs counts.js cases.json: count every network at every size, and print the rows.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @import { Net } from "../../../byhand/labs/browser/counts.js" */

const [file, cases] = process.argv.slice(2);
/** @type {typeof import("../../../byhand/labs/browser/counts.js")} */
const { count } = await import(pathToFileURL(file).href);
/** @type {{ nets: { [name: string]: Net }, sizes: number[] }} */
const { nets, sizes } = JSON.parse(readFileSync(cases, "utf8"));

const found = Object.fromEntries(
  Object.entries(nets).map(([net, spec]) => [net, sizes.map((size) => count(spec, size))]),
);
console.log(JSON.stringify(found));
