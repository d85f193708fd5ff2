// A lab's challenge: what can be reached in it, the par that dlcore has set, and the best score of
// this browser's reader.

import { button, element } from "./dom.js";
import { bestOf } from "./memory.js";
import { show } from "./text.js";

/** @import { Settings, Spec, Challenge as Task } from "./types.ts" */

export class Challenge {
  #task;
  #memory;
  #said = element("output", { className: "lab-best", ariaLive: "polite" });
  #forget;
  node;

  /**
   * @param {Spec} spec
   * @param {Task} task
   */
  constructor({ name, title }, task) {
    this.#task = task;
    this.#memory = bestOf(name);
    this.#forget = button("Forget", `Forget the best score: ${title}`, () => {
      this.#memory.write(null);
      this.#tell();
    });
    const par = ` Par is ${show(task.par, task.format)}, ${task.parWords}. `;
    this.node = element(
      "div",
      { className: "lab-challenge", role: "group", ariaLabel: "Challenge" },
      element("p", {}, element("strong", {}, "Challenge. "), task.text, par, this.#said),
      element("div", { className: "lab-tools" }, ...this.#forget.parts),
    );
    this.#tell();
  }

  /**
   * Keep the score of what the reader has come to, if it counts and is the best so far.
   *
   * @param {Settings} settings
   * @param {{ [name: string]: unknown }} values
   */
  judge(settings, values) {
    const { where, within, score } = this.#task;
    const now = values[score];
    const counts =
      typeof now === "number" &&
      Object.entries(where).every(([name, allowed]) => allowed.includes(settings[name])) &&
      Object.entries(within).every(([name, most]) => Number(values[name] ?? NaN) <= most);
    const best = this.#memory.read();
    if (!counts || (best !== null && !this.#better(now, best))) return;
    this.#memory.write(now);
    this.#tell();
  }

  /**
   * @param {number} one
   * @param {number} other
   */
  #better(one, other) {
    return this.#task.lowest ? one < other : one > other;
  }

  #tell() {
    const best = this.#memory.read();
    const { par, format } = this.#task;
    this.#forget.node.hidden = best === null;
    if (best === null) {
      this.#said.textContent = "You have no score yet.";
      return;
    }
    const [mine, theirs] = [best, par].map((score) => show(score, format));
    const versus = this.#better(best, par) ? "better than par" : "not yet par";
    this.#said.textContent = `Your best is ${mine}, ${mine === theirs ? "which is par" : versus}.`;
  }
}
