// A lab's drawings: those of the settings now, and those of the pinned ones beside them.

import { element } from "./dom.js";
import { Panels } from "./panels.js";
import { differences, Pinned } from "./pinned.js";
import { startOf } from "./spec.js";

/** @import { Scene } from "./context.js" */
/** @import { Links } from "./links.js" */
/** @import { Go, Peek } from "./panels.js" */
/** @import { States } from "./states.js" */
/** @import { Lab, Settings, Spec } from "./types.ts" */

export class Stage {
  #spec;
  #panels;
  #pinned;
  #words = element("span");
  node;

  /**
   * @param {Spec} spec
   * @param {Lab} lab
   * @param {States} states
   * @param {Links} links
   * @param {{ move: Go, peek: Peek, swap(): void, unpin(): void }} does
   */
  constructor(spec, lab, states, links, { move, peek, swap, unpin }) {
    this.#spec = spec;
    this.#panels = new Panels(lab, move, peek, () => links.renew());
    this.#pinned = new Pinned(spec, lab, states, links, { swap, unpin });
    const strong = element("strong", {}, "Now. ");
    const title = element("p", { className: "lab-now-title" }, strong, this.#words);
    const now = element("div", { className: "lab-now" }, title, this.#panels.node);
    this.node = element("div", { className: "lab-stage" }, this.#pinned.node, now);
  }

  /**
   * @param {Scene} scene
   * @param {Parameters<Panels["draw"]>[1]} [how]
   */
  draw(scene, how) {
    this.#panels.draw(scene, how);
    if (!this.pinned) return;
    this.#pinned.tell(scene.settings);
    this.#words.textContent = differences(this.#spec, scene.settings, this.pinned);
  }

  get pinned() {
    return this.#pinned.settings;
  }

  /** @param {Settings | null} settings those that are missing are at their start */
  set pinned(settings) {
    this.node.toggleAttribute("data-pinned", settings !== null);
    this.#pinned.settings = settings && { ...startOf(this.#spec), ...settings };
    this.node.dispatchEvent(new Event("toggle")); // the lab may get lower: see steady.js
  }

  dispose() {
    this.#panels.dispose();
    this.#pinned.dispose();
  }
}
