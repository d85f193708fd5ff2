// A bundle ends in the licenses of what it holds.

import { appendFileSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Append to each script the licenses of the packages that its files came from.
 *
 * @param {import("esbuild").Metafile} metafile of a build that wrote its files
 */
export function appendLicenses(metafile) {
  for (const [script, { inputs }] of Object.entries(metafile.outputs)) {
    const used = Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0);
    const text = licenses(used);
    if (script.endsWith(".js") && text) appendFileSync(script, `/*\n${text}\n*/\n`);
  }
}

/**
 * The licenses of the packages that files came from, each text once, under the names that share it.
 *
 * @param {string[]} files
 */
function licenses(files) {
  const packages = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  /** @type {Map<string, string[]>} */
  const holders = new Map();
  for (const folder of [...packages].sort()) {
    const names = readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name));
    const file = names.find((name) => /mit/i.test(name)) ?? names[0]; // where one may choose
    const text = readFileSync(join(folder, file), "utf8").trim();
    const copyright = /^Copyright.*$/m.exec(text)?.[0] ?? "";
    const permission = text.replace(copyright, "").trim();
    const name = folder.split("node_modules/").pop();
    holders.set(permission, [...(holders.get(permission) ?? []), `${name}: ${copyright}`]);
  }
  return [...holders]
    .map(([permission, names]) => `${names.join("\n")}\n\n${permission}`)
    .join("\n\n---\n\n");
}
