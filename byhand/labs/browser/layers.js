// A panel's drawing on the page, which is drawn anew where it reads something that has changed. One
// in layers has axes and marks that stay, and layers above them, each of which is drawn alone.

import * as Plot from "@observablehq/plot";
import { chart, withoutAxes } from "./chart.js";
import { become } from "./ease.js";
import { Kept } from "./kept.js";

/** @import { Context, Drawn, Panel } from "./types.ts" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * The whole drawing of a panel.
 *
 * @param {Panel} panel
 * @param {Context} context
 * @returns {Drawn}
 */
export function drawingOf({ draw, plot, layers = [] }, context) {
  if (draw) return draw(context);
  const { marks, ...frame } = plot?.(context) ?? {};
  return chart({ ...frame, marks: [marks, layers.map((layer) => layer(context))] });
}

let count = 0; // of the drawings

export class Drawing {
  #box;
  #base;
  #layers;
  /** @type {Plot.PlotOptions} */
  #options = {};
  #clip = `plot-clip-${++count}`;
  /** @type {Drawn | null} on the page */
  #svg = null;
  #words = "";

  /**
   * @param {Panel} panel
   * @param {HTMLElement} box
   */
  constructor({ draw, plot, layers = [] }, box) {
    this.#box = box;
    this.#base = new Kept((context) => draw?.(context) ?? this.#plot(plot?.(context)));
    this.#layers = layers.map((marks) => new Kept(marks));
  }

  /** @param {string} words for those who do not see it */
  name(words) {
    this.#words = words;
    this.#svg?.setAttribute("aria-label", words);
  }

  /** Draw all the next time: what was read may change in its place. */
  forget() {
    this.#base.forget();
  }

  /**
   * @param {Context} context
   * @param {boolean} eased whether the marks move from where they were
   */
  draw(context, eased) {
    const base = this.#base.renew(context);
    if (base) {
      const layers = this.#layers.map((layer, i) => {
        layer.forget();
        return this.#layer(layer, i, context) ?? "";
      });
      const svg = tidied(base, this.#clip);
      svg.append(...layers);
      this.#put(svg, eased);
    } else {
      this.#layers.forEach((layer, i) => {
        const next = this.#layer(layer, i, context);
        const drawn = this.#svg?.children[this.#svg.children.length - this.#layers.length + i];
        if (next && drawn) become(drawn, next, eased);
      });
    }
  }

  /** @param {Plot.PlotOptions} [options] */
  #plot(options = {}) {
    this.#options = options;
    return chart(options);
  }

  /**
   * A layer's marks as a group, null where it stays.
   *
   * @param {Kept<Plot.Markish[]>} layer
   * @param {number} i
   * @param {Context} context
   */
  #layer(layer, i, context) {
    const marks = layer.renew(context);
    if (!marks) return null;
    const svg = Plot.plot({ ...withoutAxes(this.#options), marks });
    const group = document.createElementNS(SVG, "g");
    group.append(...tidied(svg, `${this.#clip}-${i}`).children);
    return group;
  }

  /**
   * @param {Drawn} svg
   * @param {boolean} eased
   */
  #put(svg, eased) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", this.#words);
    if (this.#svg?.tagName === svg.tagName) {
      become(this.#svg, svg, eased);
      this.#svg.scale = svg.scale;
    } else {
      this.#svg = svg;
      this.#box.replaceChildren(svg);
    }
  }
}

/**
 * What Plot has drawn, without what we have in labs.css, with names for those that read the marks'
 * classes, and without numbers that count the drawings.
 *
 * @template {Element} Root
 * @param {Root} svg
 * @param {string} clip
 * @returns {Root}
 */
function tidied(svg, clip) {
  svg.querySelector("style")?.remove();
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  for (const part of svg.querySelectorAll("[class*='of-']")) standFor(part);
  svg.querySelectorAll("clipPath").forEach((path, i) => {
    for (const part of svg.querySelectorAll(`[clip-path="url(#${path.id})"]`)) {
      part.setAttribute("clip-path", `url(#${clip}-${i})`);
    }
    path.id = `${clip}-${i}`;
  });
  return svg;
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
