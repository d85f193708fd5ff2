// Bundle the scripts of a page that runs itself: `npm run build` writes them into ../static (or
// into the folder that is named). Each is a classic script of its own, and the page loads the
// worker's and the editor's only when they are needed.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { appendLicenses } from "../../labs/browser/licenses.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../static");
const GLOBALS = {
  page: "GradientsLive",
  worker: undefined,
  editor: "GradientsEditor",
  math: "GradientsMath",
};

for (const [name, globalName] of Object.entries(GLOBALS)) {
  const source = join(here, `${name}.js`);
  if (!existsSync(source)) continue;
  const { metafile } = await build({
    entryPoints: { [name]: source },
    outdir: out,
    bundle: true,
    minify: true,
    format: "iife",
    globalName,
    target: "es2022",
    legalComments: "none",
    metafile: true,
  });
  appendLicenses(metafile);
}
if (existsSync(join(here, "page.css"))) {
  await build({ entryPoints: [join(here, "page.css")], outdir: out, bundle: true, minify: true });
}
