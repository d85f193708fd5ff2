// Bundle the labs: `npm run bundle` writes ../static/labs.js and ../static/labs.css (or into the
// folder that is named).
// One classic script serves both the pages (from file:// too) and the Jupyter widget.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { appendLicenses } from "./licenses.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../static");
const labs = readdirSync(join(here, "labs"))
  .filter((file) => file.endsWith(".js"))
  .sort();
const THANKS =
  "Drawn with Observable Plot and D3 (ISC licence), (c) Observable, Inc. and Mike Bostock.";

/**
 * Every file in labs/ is the lab of that name; adding one is all it takes.
 *
 * @type {import("esbuild").Plugin}
 */
const everyLab = {
  name: "every-lab",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^every-lab$/ }, () => ({ path: "every-lab", namespace: "every-lab" }));
    onLoad({ filter: /.*/, namespace: "every-lab" }, () => ({
      resolveDir: here,
      contents: labs
        .map((file, i) => `import lab${i} from "./labs/${file}";`)
        .concat(`export default {${labs.map((file, i) => `"${file.slice(0, -3)}": lab${i}`)}};`)
        .join("\n"),
    }));
  },
};

const leftOut = join(here, "left-out.js");

/**
 * Plot's own files that no lab needs; left-out.js stands in their place.
 *
 * @type {import("esbuild").Plugin}
 */
const without = {
  name: "without",
  setup({ onResolve }) {
    const files = /\/(legends|schemes|diverging|temporal|tip|pointer|marker)\.js$/;
    onResolve({ filter: files }, ({ importer }) =>
      importer.includes("@observablehq") ? { path: leftOut } : undefined,
    );
  },
};

const { metafile } = await build({
  entryPoints: { labs: join(here, "main.js") },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "GradientsLabs",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  banner: { js: `/* ${THANKS} The licenses stand at the end. */` },
  plugins: [everyLab, without],
  alias: Object.fromEntries(
    ["d3-geo", "d3-delaunay", "d3-random", "d3-time-format"].map((name) => [name, leftOut]),
  ),
});
appendLicenses(metafile);
await build({
  entryPoints: [join(here, "labs.css")],
  outdir: out,
  bundle: true,
  minify: true,
});
