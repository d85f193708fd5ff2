// Links of names: a term of the equation, its number, its control, its mark in the drawings and its
// place in the code share a color and a kind of line, and one that is pointed at lights the others.
//
// Whatever stands for a name says so by data-of, whatever shows its color by data-hue.

/** @import { Lab, Spec } from "./types.ts" */

const HUES = [4, 5, 0, 1, 2, 3]; // of labs.css: violet, ochre, blue, orange, green, magenta

/**
 * The hue of each name that has one. The lab's own terms come first; then, as long as there are
 * hues, the controls that the equation or the code names.
 *
 * @param {Spec} spec
 * @param {NonNullable<Lab["terms"]>} terms
 */
export function huesOf({ controls, equation, code }, terms) {
  /** @type {Map<string, number>} */
  const hues = new Map();
  for (const [names, hue] of Object.entries(terms)) {
    if (hue !== null) for (const name of names.split(" ")) hues.set(name, hue);
  }
  const used = Object.values(terms);
  const free = HUES.filter((hue) => !used.includes(hue));
  const known = Object.keys(terms).join(" ").split(" ");
  const said = equation.join() + code;
  for (const { name } of controls) {
    if (known.includes(name) || !new RegExp(`\\{${name}[:}]`).test(said)) continue;
    const hue = free.shift();
    if (hue !== undefined) hues.set(name, hue);
  }
  return hues;
}

/**
 * The symbol that a control's label ends with, such as α in "Learning rate α".
 *
 * @param {string} label
 */
export const symbolOf = (label) => /(?:^|\s)(\p{L}['₀-₉]?)$/u.exec(label)?.[1];

export class Links {
  #figure;
  #hues;
  /** @type {Map<string, string[]>} the names of a name's term */
  #together = new Map();
  #symbols;
  /** @type {EventTarget | null} what is pointed at: a step may change what it stands for */
  #hovered = null;
  /** @type {string[]} the names that shine, by what asks for it */
  #tapped = [];
  /** @type {string[]} */
  #focused = [];

  /**
   * @param {HTMLElement} figure
   * @param {Spec} spec
   * @param {Lab["terms"]} terms
   */
  constructor(figure, spec, terms = {}) {
    this.#figure = figure;
    this.#hues = huesOf(spec, terms);
    for (const names of Object.keys(terms)) {
      const all = names.split(" ");
      for (const name of all) this.#together.set(name, all);
    }
    this.#symbols = new Map(spec.controls.map(({ name, label }) => [symbolOf(label), name]));
    figure.addEventListener("pointerover", ({ target, pointerType }) => {
      if (pointerType === "touch") return; // it leaves as it lifts: a tap stays
      this.#hovered = target;
      this.renew();
    });
    figure.addEventListener("pointerleave", () => {
      this.#hovered = null;
      this.renew();
    });
    figure.addEventListener("click", ({ target }) => {
      this.#tapped = namesAt(target);
      this.renew();
    });
    figure.addEventListener("focusin", ({ target }) => {
      const keyed = target instanceof Element && target.matches(":focus-visible");
      this.#focused = keyed ? namesAt(target) : [];
      this.renew();
    });
    figure.addEventListener("focusout", () => {
      this.#focused = this.#tapped = [];
      this.renew();
    });
  }

  /**
   * Say what a part of the page stands for.
   *
   * @param {HTMLElement} node
   * @param {string} name
   */
  mark(node, name) {
    node.dataset.of = name;
    const hue = this.#hues.get(name);
    if (hue !== undefined) node.dataset.hue = String(hue);
  }

  /**
   * A line of the equation with its symbols marked, as its numbers are.
   *
   * @param {HTMLElement} line
   */
  markSymbols(line) {
    for (const symbol of line.querySelectorAll("i")) {
      const name = this.#symbols.get(symbol.textContent ?? "");
      if (name !== undefined && !symbol.dataset.of) this.mark(symbol, name);
    }
  }

  /** Light what is pointed at, or has the focus, again: it may have been drawn anew. */
  renew() {
    const asks = [namesAt(this.#hovered), this.#tapped, this.#focused];
    const asked = asks.find(({ length }) => length) ?? [];
    const lit = new Set(asked.flatMap((name) => this.#together.get(name) ?? name));
    for (const part of this.#figure.querySelectorAll("[data-of]")) {
      part.classList.toggle(
        "lab-lit",
        namesAt(part).some((name) => lit.has(name)),
      );
    }
  }
}

/**
 * What the part that is pointed at stands for.
 *
 * @param {EventTarget | null} target
 */
function namesAt(target) {
  const part = target instanceof Element ? target.closest("[data-of]") : null;
  return part?.getAttribute("data-of")?.split(" ") ?? [];
}
