// What a teacher's address hides or locks: ?race.hide=noise,beta2&race.lock=rate

import { namesFor, readSettings } from "./address.js";
import { startOf } from "./spec.js";

/** @import { Settings, Spec } from "./types.ts" */

export class Teacher {
  #hidden;
  #locked;
  /** @type {Settings} what stays as it is, from the page's first address on */
  kept;

  /**
   * @param {Spec} spec
   * @param {string} query
   */
  constructor(spec, query) {
    this.#hidden = namesFor(spec, query, "hide");
    this.#locked = namesFor(spec, query, "lock");
    const first = { ...startOf(spec), ...readSettings(spec, query) };
    this.kept = Object.fromEntries(
      Object.entries(first).filter(([name]) => this.hides(name) || this.locks(name)),
    );
  }

  /** @param {string} name */
  hides(name) {
    return this.#hidden.has(name);
  }

  /** @param {string} name */
  locks(name) {
    return this.#locked.has(name);
  }

  /**
   * The changes that the reader may make.
   *
   * @param {Settings} changes
   * @returns {Settings}
   */
  free(changes) {
    return Object.fromEntries(Object.entries(changes).filter(([name]) => !(name in this.kept)));
  }
}
