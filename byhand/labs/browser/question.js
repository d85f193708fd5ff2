// What a lab asks first: a prediction, which is made once; Reset allows another.

import { button, element } from "./dom.js";

/** @import { Spec } from "./types.ts" */

export class Question {
  #answers;
  node;

  /**
   * @param {Spec} spec
   * @param {(text: string, feedback: string) => void} predict called with the answer
   */
  constructor({ question, answers }, predict) {
    this.#answers = answers.map(([text, feedback]) => ({
      text,
      ...button(text, `Predict: ${text}`, () => predict(text, feedback)),
    }));
    const buttons = this.#answers.flatMap(({ parts }) => parts);
    this.node = element(
      "div",
      { className: "lab-question", role: "group", ariaLabel: "Predict first" },
      element("p", {}, element("strong", {}, "Predict first. "), question),
      element("div", { className: "lab-buttons" }, ...buttons),
    );
  }

  /** @param {string | null} chosen the answer that was given */
  update(chosen) {
    for (const { text, node } of this.#answers) {
      node.disabled = chosen !== null;
      node.ariaPressed = String(text === chosen);
    }
  }
}
