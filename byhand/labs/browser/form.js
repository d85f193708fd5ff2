// The controls of a lab: one without effect at a setting is hidden, and those that a first
// reader does not need are folded.

import { kinds } from "./controls.js";
import { element } from "./dom.js";

/** @import { Links } from "./links.js" */
/** @import { Teacher } from "./teacher.js" */
/** @import { ControlContext, ControlSpec, Kind, Kinds, Lab, Settings, Spec } from "./types.ts" */
/** @import { State, Value } from "./types.ts" */

/**
 * What the form calls: when the reader has set a control, and when one begins or ends to play.
 *
 * @typedef {object} Does
 * @property {(own: ControlSpec, value: Value, text?: string) => void} change
 * @property {(now: boolean) => void} playing
 */

export class Form {
  node = element("div", { className: "lab-controls" });
  #controls;
  #teacher;
  #more = element("details", { className: "lab-more" }, element("summary", {}, "More"));

  /**
   * @param {Spec} spec
   * @param {Lab} lab
   * @param {Links} links
   * @param {Teacher} teacher
   * @param {Does} does
   */
  constructor({ controls, live, shared }, lab, links, teacher, { change, playing }) {
    this.#teacher = teacher;
    /** @type {Kinds} */
    const known = { ...kinds, ...lab.kinds };
    /** @type {ControlContext} */
    const context = { live, shared, playing };
    this.#controls = [...controls]
      .sort((a, b) => Number(a.rare) - Number(b.rare))
      .map((own) => {
        const make = /** @type {Kind} */ (known[own.kind]);
        return { own, ...make(own, (value, text) => change(own, value, text), context) };
      });
    for (const { own, node } of this.#controls) {
      (own.rare ? this.#more : this.node).append(node);
      node.hidden = teacher.hides(own.name);
      links.mark(node, own.name);
    }
    const folded = controls.filter(({ name, rare }) => rare && !teacher.hides(name));
    if (folded.length) this.node.append(this.#more);
  }

  /**
   * @param {Settings} settings
   * @param {State | undefined} state
   * @param {number} stops of the run
   */
  update(settings, state, stops) {
    const known = /** @type {Settings} */ ({ ...state, ...settings });
    for (const { own, node, update } of this.#controls) {
      const off = Object.entries(own.off).some(([name, at]) => at.includes(known[name]));
      node.classList.toggle("lab-off", off);
      const disabled = this.#teacher.locks(own.name);
      node.classList.toggle("lab-locked", disabled);
      update({ value: settings[own.name], disabled, settings, stops });
    }
  }

  /**
   * Unfold the rare controls if one of them is away from its start.
   *
   * @param {Settings} settings
   */
  unfold(settings) {
    const moved = this.#controls.some(({ own }) => own.rare && settings[own.name] !== own.value);
    if (moved) this.#more.open = true;
  }

  /**
   * The browser drops the focus of what cannot be used any more; keep it near.
   *
   * @param {Element} focused
   */
  keepFocus(focused) {
    if (!focused.matches(":disabled, .lab-off *")) return;
    const at = this.#controls.findIndex(({ node }) => node.contains(focused)) + 1;
    const nearest = [...this.#controls.slice(0, at).reverse(), ...this.#controls.slice(at)];
    nearest
      .find(({ node }) => !node.matches(".lab-off, [hidden], details:not([open]) *"))
      ?.input.focus({ preventScroll: true });
  }

  /**
   * Hand the focus to the control of this name, if one is named.
   *
   * @param {string} [name]
   */
  focus(name) {
    this.#controls.find(({ own }) => own.name === name)?.input.focus({ preventScroll: true });
  }

  stop() {
    for (const { stop } of this.#controls) stop?.();
  }
}
