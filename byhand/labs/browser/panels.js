// The panels of a lab beside each other, each a title with its keys and a box for the drawing.

import { element } from "./dom.js";
import { follow } from "./gesture.js";
import { Kept } from "./kept.js";
import { Drawing } from "./layers.js";

/** @import { Scene } from "./context.js" */
/** @import { Point } from "./gesture.js" */
/** @import { Context, Drawn, Key, Lab, Panel, Settings } from "./types.ts" */

/** @typedef {{ width: number, height: number }} Size in pixels */

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
 * @property {Drawing} drawing
 * @property {Kept<Key[]>} keys
 * @property {Kept<string>} label
 */

const NOWHERE = { width: 0, height: 0 };

export class Panels {
  node;
  #places;
  #go;
  #peek;
  #fitted;
  #peeked = "null"; // what the pointer rests on, as JSON
  /** @type {Scene | null} what was drawn last */
  #scene = null;
  /** @type {Map<Element, Size>} of the boxes: to ask the page for it halfway costs a layout */
  #sizes = new Map();
  #main;
  #observer = new ResizeObserver(() => this.#resize());

  /**
   * @param {Lab} lab
   * @param {Go | null} go called where the reader draws on a panel; null where all stays as it is
   * @param {Peek | null} peek called where a pointer rests on one, with what is to be shown as long
   * @param {() => void} fitted called after some of them were drawn for another size
   */
  constructor({ areas, narrow, columns = "1fr 1fr", main, panels }, go, peek, fitted) {
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
    this.#fitted = fitted;
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
   * @param {object} [how]
   * @param {boolean} [how.eased] whether the marks move from where they were
   * @param {boolean} [how.growing] whether the state changes in its place, because it trains
   */
  draw(scene, { eased = false, growing = false } = {}) {
    const first = this.#scene === null;
    this.#scene = scene;
    if (first) this.#fit();
    else for (const place of this.#places) this.#drawOn(place, scene, eased);
    if (growing) for (const place of this.#places) forget(place);
  }

  /**
   * @param {Place} place
   * @param {Scene} scene
   */
  #drawOn({ panel, box, title, drawing, keys, label }, scene, eased = false) {
    const context = this.#contextIn(box, scene);
    if (context.width === 0) return; // not laid out yet: the resize observer calls again
    drawing.draw(context, eased);
    const key = panel.keysNow && keys.renew(context);
    if (key) entitle(title, panel.title, key);
    const said = label.renew(context);
    if (said !== null) drawing.name(`${panel.title}: ${said}`);
  }

  /**
   * @param {Element} box
   * @param {Scene} scene
   * @returns {Context}
   */
  #contextIn(box, scene) {
    return { ...scene, ...(this.#sizes.get(box) ?? NOWHERE) };
  }

  /** Draw what has got another size; and then those that fill what these leave. */
  #fit() {
    for (let pass = 0; pass < 2; pass++) {
      const places = this.#measure();
      if (!this.#scene || places.length === 0) return;
      for (const place of places) this.#drawOn(place, this.#scene);
      this.#fitted();
    }
  }

  /** Ask for the size of each box; those come back whose drawing has to be another one. */
  #measure() {
    return this.#places.filter(({ panel, box }) => {
      const now = { width: box.clientWidth, height: box.clientHeight };
      const before = this.#sizes.get(box);
      this.#sizes.set(box, now);
      return before?.width !== now.width || (panel.minHeight && before.height !== now.height);
    });
  }

  dispose() {
    this.#observer.disconnect();
  }

  #resize() {
    // A phone keeps in sight what leaves it half of the screen.
    this.node.classList.toggle("lab-low", 2 * this.#main.offsetHeight <= innerHeight);
    this.#fit();
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
    const context = this.#contextIn(box, this.#scene);
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
      const context = this.#contextIn(box, this.#scene);
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
  const keys = new Kept((context) => panel.keysNow?.(context) ?? []);
  const label = new Kept((context) => panel.label(context));
  return { panel, node, title, box, drawing: new Drawing(panel, box), keys, label };
}

/** @param {Place} place to draw anew the next time */
function forget({ drawing, keys, label }) {
  for (const kept of [drawing, keys, label]) kept.forget();
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
