// What a cell gave out here, below its published output: texts, figures, sliders, errors, and what
// may help.

import { element } from "../../labs/browser/dom.js";
import { announce } from "./announce.js";
import { again } from "./engine.js";
import { neededAbove } from "./cells.js";
import { draw, hasPicture, interactOf, said, shortened, spoken } from "./output.js";
import { sliders } from "./sliders.js";
import { nameOf, whyOthers } from "./words.js";

/** @import { Result } from "./types.ts" */
/** @import { Cell, Interact, Page } from "./page-types.ts" */

/**
 * @param {Cell} cell
 * @param {HTMLElement} node the published cell
 * @param {Page} page
 */
export function gave(cell, node, page) {
  const label = `What ${nameOf(cell)} gives here`;
  const box = element("div", { className: "live-output", role: "group", ariaLabel: label });
  const published = publishedText(node);
  let printed = "";
  let same = false;
  node.append(box);
  const fill = (/** @type {Node[]} */ nodes) => {
    box.replaceChildren(...nodes);
    box.hidden = nodes.length === 0;
    node.classList.toggle("live-both", nodes.length > 0);
    delete box.dataset.old;
  };
  fill([]);
  return {
    start() {
      printed = "";
      box.dataset.old = ""; // what still stands there is from before
    },
    /** @type {(text: string) => void} */
    write(text) {
      printed += text;
      fill([element("pre", { className: "live-text" }, shortened(printed))]);
    },
    /** @type {(result: Result) => void} */
    show(result) {
      same = result.ok && !hasPicture(result) && !interactOf(result) && said(result) === published;
      fill(same ? [] : drawResult(result, cell, page));
      node.classList.toggle("live-instead", interactOf(result) !== null);
      same &&= published !== "";
    },
    /** Whether it gave here what it was published with. */
    isSame: () => same,
    stopped() {
      if (printed) box.append(element("p", { className: "live-note" }, "It was stopped here."));
    },
    clear() {
      fill([]);
      same = false;
      node.classList.remove("live-instead");
    },
  };
}

/**
 * @param {Result} result
 * @param {Cell} cell
 * @param {Page} page
 * @returns {Node[]}
 */
function drawResult(result, cell, page) {
  const interact = interactOf(result);
  if (interact) return drawInteract(interact, result, cell, page);
  const nodes = draw(result.outputs, page.live);
  const help = result.error?.name === "NameError" ? helpWith(cell, page) : null;
  if (help) nodes.push(help);
  if (!nodes.length) return [];
  if (result.ok && cell.data.varies) {
    const why = whyOthers(page.versions, cell.data.reason);
    nodes.push(element("p", { className: "live-note" }, why));
  }
  return nodes;
}

/**
 * Controls, and below them what the function gives at their place.
 *
 * @param {Interact} interact
 * @param {Result} result
 * @param {Cell} cell
 * @param {Page} page
 */
function drawInteract(interact, result, cell, page) {
  const shown = element("div", {}, ...draw(result.outputs, page.live));
  const controls = sliders(interact, async (values) => {
    const next = await page.session.aside(cell, again(interact.id, values));
    if (!next) return;
    shown.replaceChildren(...draw(next.outputs, page.live));
    announce(spoken(next));
  });
  return [controls, shown];
}

/**
 * What helps where a name is missing: to run what stands above, if it did not run yet.
 *
 * @param {Cell} cell
 * @param {Page} page
 */
function helpWith(cell, { cells, session }) {
  const needed = neededAbove(cells, cell.index);
  if (!needed.length) return null;
  const text = "Run all above, then this";
  const onclick = () => void session.run([...needed, cell]);
  return element(
    "p",
    { className: "live-help" },
    "Cells above have not run here yet, and this one may need them. ",
    element("button", { type: "button", onclick }, text),
  );
}

/** @param {HTMLElement} node */
function publishedText(node) {
  const texts = node.querySelectorAll(".cell_output > .output:is(.stream, .text_plain) pre");
  return [...texts]
    .map((pre) => pre.textContent)
    .join("\n")
    .trim();
}
