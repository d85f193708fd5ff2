// What a lab says: the summary, the equation with its live numbers, and the line of dlcore.

import { element } from "./dom.js";
import { fill, join } from "./text.js";

/** @import { Links } from "./links.js" */
/** @import { Spec } from "./types.ts" */

export class Sentences {
  #spec;
  #links;
  #summary;
  #equation = element("div", { className: "lab-equation" });
  #code = element("code");
  nodes;

  /**
   * @param {Spec} spec
   * @param {Links} links
   * @param {HTMLElement | null} summary that the page has already
   */
  constructor(spec, links, summary) {
    this.#spec = spec;
    this.#links = links;
    this.#summary = summary ?? element("output", { className: "lab-summary", ariaLive: "polite" });
    const code = element("pre", { className: "lab-code" }, this.#code);
    this.nodes = [this.#summary, this.#equation, code];
  }

  /**
   * While it is busy the summary is not read aloud: only the last sentence of a run is.
   *
   * @param {boolean} busy
   */
  set busy(busy) {
    this.#summary.ariaBusy = String(busy);
  }

  /** @param {string} words before there are numbers */
  wait(words) {
    this.#summary.textContent = words;
  }

  /**
   * @param {{ [name: string]: unknown }} values
   * @param {string} said what the summary starts with
   */
  tell(values, said) {
    const templates = this.#spec.summary.map(plain);
    this.#summary.innerHTML = plain(said) + join(templates, values, this.#plainNumber);
    this.#link(this.#summary);
    this.write(values);
  }

  /**
   * The equation and the code, which nobody hears.
   *
   * @param {{ [name: string]: unknown }} values
   */
  write(values) {
    const { equation, code } = this.#spec;
    this.#equation.innerHTML = equation
      .map((line) => fill(line, values, liveNumber))
      .filter((line) => line !== null)
      .map((line) => `<div>${line}</div>`)
      .join("");
    this.#links.markSymbols(this.#equation);
    this.#link(this.#equation);
    const lines = code.split("\n").map((line) => fill(plain(line), values, this.#plainNumber));
    this.#code.innerHTML = lines.map((line) => `<span>${line}</span>`).join("\n");
    this.#link(this.#code);
    this.#links.renew();
  }

  /** @type {typeof liveNumber} */
  #plainNumber = (text, name) => liveNumber(plain(text), name);

  /** @param {HTMLElement} sentence whose numbers say what they stand for */
  #link(sentence) {
    /** @type {NodeListOf<HTMLElement>} */
    const numbers = sentence.querySelectorAll(".lab-number");
    for (const number of numbers) this.#links.mark(number, number.dataset.of ?? "");
  }
}

/**
 * @param {string} text
 * @param {string} name
 */
const liveNumber = (text, name) =>
  `<span class="lab-number" data-of="${name}">${terms(text, name)}</span>`;

/**
 * The terms of a sum, each with a name of its own: the third one of {sum} is "sum-2".
 *
 * @param {string} text
 * @param {string} name
 */
function terms(text, name) {
  const all = text.split(/ (?=[+−] )/);
  if (all.length === 1) return text;
  return all.map((term, n) => `<span data-of="${name}-${n}">${term}</span>`).join(" ");
}

/** @param {string} text none of it markup */
const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
