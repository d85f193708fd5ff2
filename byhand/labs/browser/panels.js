// The panels of a lab beside each other, each a title with its keys and a box for the drawing.

import { element } from "./dom.js";
import { follow } from "./gesture.js";

/** @import { Scene } from "./context.js" */
/** @import { Point } from "./gesture.js" */
/** @import { Context, Drawn, Key, Lab, Panel, Settings } from "./types.ts" */

/** @typedef {(changes: Settings, words?: string) => void} Go */

/**
 * A panel on the page.
 *
 * @typedef {object} Place
 * @property {Panel} panel
 * @property {HTMLElement} node
 * @property {HTMLElement} title
 * @property {HTMLElement} box
 */

export class Panels {
  node;
  #places;
  #go;
  /** @type {Scene | null} what was drawn last */
  #scene = null;
  #width = 0;
  #observer = new ResizeObserver(() => this.#resize());

  /**
   * @param {Lab} lab
   * @param {Go} go called where the reader draws on a panel
   */
  constructor({ areas, columns = "1fr 1fr", panels }, go) {
    const places = Object.entries(panels).map(([name, panel]) => placeFor(name, panel));
    this.node = element("div", { className: "lab-panels" }, ...places.map(({ node }) => node));
    this.node.style.setProperty("--areas", areas.map((row) => `"${row}"`).join(" "));
    this.node.style.setProperty("--columns", columns);
    // Those that fill what is left are drawn last.
    const fills = places.filter(({ panel }) => panel.minHeight);
    this.#places = [...places.filter(({ panel }) => !panel.minHeight), ...fills];
    this.#go = go;
    for (const { panel, box } of places) {
      if (!panel.drag) continue;
      box.classList.add("lab-draw-on");
      follow(box, (point, begins) => this.#drag(panel, box, point, begins));
    }
    this.#observer.observe(this.node);
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.#scene = scene;
    for (const { panel, box, title } of this.#places) {
      const context = contextIn(box, scene);
      if (context.width === 0) continue; // not laid out yet: the resize observer calls again
      if (panel.keysNow) entitle(title, panel.title, panel.keysNow(context));
      const svg = panel.draw(context);
      for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", `${panel.title}: ${panel.label(context)}`);
      box.replaceChildren(svg);
    }
  }

  dispose() {
    this.#observer.disconnect();
  }

  #resize() {
    if (this.node.clientWidth === this.#width) return;
    this.#width = this.node.clientWidth;
    if (this.#scene) this.draw(this.#scene);
  }

  /**
   * Go where the pointer is. Plot knows what its place means.
   *
   * @param {Panel} panel
   * @param {HTMLElement} box
   * @param {Point} point
   * @param {boolean} begins
   */
  #drag(panel, box, { clientX, clientY }, begins) {
    if (!this.#scene || !panel.drag) return;
    const svg = /** @type {Drawn} */ (box.firstChild);
    const { left, top } = svg.getBoundingClientRect();
    const x = svg.scale("x")?.invert?.(clientX - left);
    const y = svg.scale("y")?.invert?.(clientY - top);
    this.#go(...panel.drag(contextIn(box, this.#scene), x, y, begins));
  }
}

/**
 * @param {HTMLElement} box
 * @param {Scene} scene
 * @returns {Context}
 */
const contextIn = (box, scene) => ({ ...scene, width: box.clientWidth, height: box.clientHeight });

/**
 * @param {string} name
 * @param {Panel} panel
 * @returns {Place}
 */
function placeFor(name, panel) {
  const title = element("div", { className: "lab-panel-title" });
  entitle(title, panel.title, panel.keys ?? []);
  const box = element("div", { className: "lab-drawing" });
  if (panel.minHeight) {
    box.classList.add("lab-stretch");
    box.style.minHeight = `${panel.minHeight}px`;
  }
  const node = element("div", { className: "lab-panel" }, title, box);
  node.style.gridArea = name;
  return { panel, node, title, box };
}

/**
 * Write a panel's title, and its keys beside it.
 *
 * @param {HTMLElement} node
 * @param {string} title
 * @param {Key[]} keys
 */
const entitle = (node, title, keys) => node.replaceChildren(title, ...keys.map(keyFor));

/** @param {Key} key */
function keyFor([sign, text, { color } = { color: "inherit" }]) {
  const mark = element("span", { ariaHidden: "true" }, sign);
  mark.style.color = color;
  return element("span", { className: "lab-key" }, mark, ` ${text}`);
}
