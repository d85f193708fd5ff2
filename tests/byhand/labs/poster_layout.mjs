// node poster_layout.mjs < [{"spec": …, "state": …}]: print for each lab the panels of its poster,
// each with its words and where in the picture its drawing stands.

import { readFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { posterOf } from "../../../byhand/labs/browser/poster.js";

/** @import { Lab, Spec, State } from "../../../byhand/labs/browser/types.ts" */

const { document } = parseHTML("<html></html>");
Object.assign(globalThis, { document, window: { document } });
/** @type {{ spec: Spec, state: State | null }[]} */
const asked = JSON.parse(readFileSync(0, "utf8"));
const panels = [];
for (const { spec, state } of asked) {
  /** @type {{ default: Lab }} */
  const { default: lab } = await import(`../../../byhand/labs/browser/labs/${spec.name}.js`);
  panels.push(posterOf(spec, lab, state).panels);
}
console.log(JSON.stringify(panels));
