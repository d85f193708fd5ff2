// The panels of a lab beside each other, each a title with its keys and a box for the drawing.

import { element } from "./dom.js";
import { ease } from "./ease.js";
import { follow } from "./gesture.js";

/** @import { Scene } from "./context.js" */
/** @import { Point } from "./gesture.js" */
/** @import { Context, Drawn, Key, Lab, Panel, Settings } from "./types.ts" */

/** @typedef {(changes: Settings, words?: string, focus?: string) => void} Go */
/** @typedef {(changes: Settings | null) => void} Peek */

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
  #peek;
  #peeked = "null"; // what the pointer rests on, as JSON
  /** @type {Scene | null} what was drawn last */
  #scene = null;
  #widths = "";
  #main;
  #observer = new ResizeObserver(() => this.#resize());

  /**
   * @param {Lab} lab
   * @param {Go | null} go called where the reader draws on a panel; null where all stays as it is
   * @param {Peek | null} peek called where a pointer rests on one, with what is to be shown as long
   */
  constructor({ areas, narrow, columns = "1fr 1fr", main, panels }, go, peek) {
    const places = Object.entries(panels).map(([name, panel]) => placeFor(name, panel));
    this.node = element("div", { className: "lab-panels" }, ...places.map(({ node }) => node));
    const first = places[main ? Object.keys(panels).indexOf(main) : 0];
    this.#main = narrow ? this.node : first.node;
    this.#main.classList.add("lab-main");
    this.node.style.setProperty("--areas", areas.map((row) => `"${row}"`).join(" "));
    this.node.style.setProperty("--columns", columns);
    if (narrow) {
      this.node.classList.add("lab-compact");
      this.node.style.setProperty("--narrow", narrow.map((row) => `"${row}"`).join(" "));
    }
    // Those that fill what is left are drawn last.
    const fills = places.filter(({ panel }) => panel.minHeight);
    this.#places = [...places.filter(({ panel }) => !panel.minHeight), ...fills];
    this.#go = go;
    this.#peek = peek;
    for (const { panel, box } of places) {
      if (panel.hover && peek) this.#watch(panel, box);
      if (!panel.drag || !go) continue;
      box.classList.add("lab-draw-on");
      follow(box, (point, begins) => this.#drag(panel, box, point, begins));
    }
    for (const { box } of places) this.#observer.observe(box);
  }

  /**
   * @param {Scene} scene
   * @param {boolean} [eased] whether the marks move from where they were
   */
  draw(scene, eased = false) {
    this.#scene = scene;
    for (const { panel, box, title } of this.#places) {
      const context = contextIn(box, scene);
      if (context.width === 0) continue; // not laid out yet: the resize observer calls again
      if (panel.keysNow) entitle(title, panel.title, panel.keysNow(context));
      const svg = panel.draw(context);
      for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
      for (const part of svg.querySelectorAll("[class*='of-']")) standFor(part);
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", `${panel.title}: ${panel.label(context)}`);
      const before = box.firstElementChild;
      box.replaceChildren(svg);
      if (eased && before) ease(before, svg);
    }
  }

  dispose() {
    this.#observer.disconnect();
  }

  #resize() {
    // A phone keeps in sight what leaves it half of the screen.
    this.node.classList.toggle("lab-low", 2 * this.#main.offsetHeight <= innerHeight);
    const widths = this.#places.map(({ box }) => box.clientWidth).join();
    if (widths === this.#widths) return;
    this.#widths = widths;
    if (this.#scene) this.draw(this.#scene);
  }

  /**
   * Go where the pointer is.
   *
   * @param {Panel} panel
   * @param {HTMLElement} box
   * @param {Point} point
   * @param {boolean} begins
   */
  #drag(panel, box, point, begins) {
    this.#look(null);
    if (!this.#scene || !panel.drag) return;
    const context = contextIn(box, this.#scene);
    const [changes, words, focus] = panel.drag(context, ...placeIn(box, point), begins);
    const mouse = point.pointerType !== "touch"; // for a finger a keyboard would come up
    this.#go?.(changes, words, mouse ? focus : undefined);
  }

  /**
   * Show what a panel says of the place that a mouse or a pen rests on.
   *
   * @param {Panel} panel
   * @param {HTMLElement} box
   */
  #watch(panel, box) {
    box.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch" || event.buttons || !this.#scene) return;
      const context = contextIn(box, this.#scene);
      this.#look(panel.hover?.(context, ...placeIn(box, event)) ?? null);
    });
    box.addEventListener("pointerleave", () => this.#look(null));
  }

  /** @param {Settings | null} changes */
  #look(changes) {
    const peeked = JSON.stringify(changes);
    if (peeked === this.#peeked) return;
    this.#peeked = peeked;
    this.#peek?.(changes);
  }
}

/**
 * Where a point of the screen is in the units of a drawing's axes: Plot knows.
 *
 * @param {HTMLElement} box
 * @param {Point} point
 * @returns {[x: number, y: number]}
 */
function placeIn(box, { clientX, clientY }) {
  const svg = /** @type {Drawn} */ (box.firstChild);
  const { left, top } = svg.getBoundingClientRect();
  return [svg.scale("x")?.invert?.(clientX - left), svg.scale("y")?.invert?.(clientY - top)];
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
function keyFor([sign, text, { color = "inherit", of } = {}]) {
  const mark = element("span", { ariaHidden: "true" }, sign);
  mark.style.color = color;
  const node = element("span", { className: "lab-key" }, mark, ` ${text}`);
  if (of) node.dataset.of = of;
  return node;
}

/**
 * Turn a mark's class, "of-cost of-start", into the names that it shows.
 *
 * @param {Element} part of a drawing
 */
function standFor(part) {
  const names = part.getAttribute("class")?.match(/(?<=\bof-)\w+/g);
  if (names) part.setAttribute("data-of", names.join(" "));
}
