// A caption as cells write it, in a line of Markdown: formulas, code, stress, and references.

import { element } from "../../labs/browser/dom.js";
import { load } from "./load.js";

const PART = new RegExp(
  [
    String.raw`\$(?<formula>[^$]+)\$`,
    String.raw`\{(?<role>\w+)\}\x60(?<label>[^\x60]+)\x60`, // \x60 is a backtick
    String.raw`\x60(?<code>[^\x60]+)\x60`,
    String.raw`(?<stars>\*\*?)(?<stressed>[^*]+)\*\*?`,
  ].join("|"),
  "g",
);

/**
 * The nodes of a caption. A formula is drawn as soon as the script for it is there.
 *
 * @param {string} text
 * @param {string} live the folder of the scripts
 * @returns {(Node | string)[]}
 */
export function caption(text, live) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(PART)) {
    const groups = /** @type {{ [name: string]: string | undefined }} */ (match.groups);
    nodes.push(text.slice(done, match.index), part(groups, live));
    done = match.index + match[0].length;
  }
  return [...nodes, text.slice(done)];
}

/**
 * @param {{ [name: string]: string | undefined }} groups
 * @param {string} live
 */
function part({ formula, role, label, code, stars, stressed }, live) {
  if (formula) return drawn(formula, live);
  if (code) return element("code", {}, code);
  if (stressed) return element(stars === "*" ? "em" : "strong", {}, stressed);
  return reference(role ?? "", label ?? "");
}

/**
 * @param {string} formula
 * @param {string} live
 */
function drawn(formula, live) {
  const node = element("span", { className: "math" }, formula);
  load(`${live}math.js`, "GradientsMath").then(
    (math) => {
      const { render } = /** @type {typeof import("./math.js")} */ (math);
      node.innerHTML = render(formula);
    },
    () => {}, // it stays as it is written
  );
  return node;
}

/**
 * A link to an equation or a figure of this page, with its number; to those of others, no more than
 * what it is.
 *
 * @param {string} role
 * @param {string} label
 */
function reference(role, label) {
  const id = role === "eq" ? `equation-${label}` : label;
  const target = document.getElementById(id);
  const kind = role === "eq" ? "the equation" : "the figure";
  if (!target) return kind;
  const number = target.querySelector(".eqno, .caption-number")?.textContent ?? "";
  const text = number.replace(/[^\w.() ]/g, "").trim() || kind;
  return element("a", { href: `#${id}` }, text);
}
