// Draw posters: reads [{ spec, state }] from the standard input, and prints [{ svg, png }], the png
// to the base 64. `node posters.mjs FONT.ttf …` names the files of the fonts that the png has.

import { readFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";
import { parseHTML } from "linkedom";
import { lightened } from "./lighten.js";
import { painted, paletteOf } from "./palette.js";

/** @import { Lab, Spec, State } from "./types.ts" */

const SHARP = 2; // pixels of the png a pixel of the svg: it is for paper

const { document } = parseHTML("<html></html>");
// Plot looks for the window when it is loaded, and draws lines between pixels where there is none.
Object.assign(globalThis, { document, window: { document } });
const { posterOf } = await import("./poster.js");

const palette = paletteOf(readFileSync(new URL("labs.css", import.meta.url), "utf8"));
const font = {
  fontFiles: process.argv.slice(2),
  loadSystemFonts: false,
  sansSerifFamily: "DejaVu Sans",
};

/** @param {string} svg */
const pngOf = (svg) =>
  new Resvg(svg, { font, fitTo: { mode: "zoom", value: SHARP } })
    .render()
    .asPng()
    .toString("base64");

/** @type {{ spec: Spec, state: State | null }[]} */
const asked = JSON.parse(readFileSync(0, "utf8"));
const drawn = [];
for (const { spec, state } of asked) {
  /** @type {{ default: Lab }} */
  const { default: lab } = await import(`./labs/${spec.name}.js`);
  const svg = lightened(painted(posterOf(spec, lab, state).svg, palette));
  drawn.push({ svg, png: pngOf(svg) });
}
process.stdout.write(JSON.stringify(drawn));
