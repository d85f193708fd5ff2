// What a lab says: the summary, the equation with its live numbers, and the line of dlcore.

import { element } from "./dom.js";
import { fill, join } from "./text.js";

/** @import { Spec } from "./types.ts" */

export class Sentences {
  #spec;
  #summary;
  #equation = element("div", { className: "lab-equation" });
  #code = element("code");
  nodes;

  /**
   * @param {Spec} spec
   * @param {HTMLElement | null} summary that the page has already
   */
  constructor(spec, summary) {
    this.#spec = spec;
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
    this.#summary.textContent = said + join(this.#spec.summary, values);
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
    this.#code.textContent = fill(code, values);
  }
}

/**
 * @param {string} text
 * @param {string} name
 */
const liveNumber = (text, name) => `<span class="lab-number" data-of="${name}">${text}</span>`;
