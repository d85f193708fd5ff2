// What a lab asks first: a prediction, which is made once; Reset allows another. The answer stands
// beside its buttons, and this browser remembers it.

import { button, element } from "./dom.js";
import { answerTo } from "./memory.js";

/** @import { Answer, Spec } from "./types.ts" */

export class Question {
  #answers;
  #memory;
  #output = element("output", { className: "lab-answer", ariaLive: "polite" });
  /** @type {number | null} the answer that was given */
  #chosen = null;
  node;

  /**
   * @param {Spec} spec
   * @param {() => void} predict called when it is answered
   */
  constructor({ name, question, answers }, predict) {
    this.#memory = answerTo(`lab-${name}`);
    this.#answers = answers.map((answer, i) => ({
      answer,
      ...button(answer.text, `Predict: ${answer.text}`, () => {
        this.#choose(i);
        predict();
      }),
    }));
    const buttons = this.#answers.flatMap(({ parts }) => parts);
    this.node = element(
      "div",
      { className: "lab-question", role: "group", ariaLabel: "Predict first" },
      element("p", {}, element("strong", {}, "Predict first. "), question),
      element("div", { className: "lab-buttons" }, ...buttons),
      this.#output,
    );
    const remembered = this.#memory.read();
    this.#show(answers[remembered ?? -1] ? remembered : null);
  }

  get answered() {
    return this.#chosen !== null;
  }

  /** Allow another prediction. */
  forget() {
    this.#choose(null);
  }

  /** @param {number | null} chosen */
  #choose(chosen) {
    this.#memory.write(chosen);
    this.#show(chosen);
  }

  /** @param {number | null} chosen */
  #show(chosen) {
    this.#chosen = chosen;
    this.#answers.forEach(({ answer, node }, i) => {
      node.disabled = chosen !== null;
      node.ariaPressed = String(i === chosen);
      const sign = chosen === null ? "" : answer.right ? "✓ " : i === chosen ? "✗ " : "";
      node.textContent = sign + answer.text;
    });
    this.#output.replaceChildren(...(chosen === null ? [] : verdict(this.#answers[chosen].answer)));
  }
}

/**
 * Right or not, by a sign and in words, and why: a reply begins with its own "Yes" or "No".
 *
 * @param {Answer} answer
 */
function verdict({ right, reply }) {
  const words = right ? "✓ Right" : "✗ Not so";
  const own = /^(Yes|No)\b/.exec(reply);
  const rest = own ? reply.slice(own[0].length) : `. ${reply}`;
  return [element("strong", {}, words), element("span", { innerHTML: rest })];
}
