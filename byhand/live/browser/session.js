// What runs, and what waits: one cell after the other, until one of them stops with an error.

import { noteRan } from "./cells.js";

/** @import { LiveError } from "./engine.js" */
/** @import { Result } from "./types.ts" */
/** @import { Cell, CellView, Engine } from "./page-types.ts" */

/**
 * @typedef {object} Job
 * @property {Cell} cell
 * @property {string | null} source null: the cell's own code
 * @property {(result: Result | null) => void} done gets null where it did not run to an end
 */

/**
 * @typedef {object} Told
 * @property {() => void} changed something runs, ran, or waits
 * @property {(cell: Cell, result: Result, own: boolean) => void} ran a cell did: its own code, or
 *   other code for it
 * @property {(error: LiveError) => void} failed the engine did
 */

export class Session {
  /** @type {Job[]} */
  #waiting = [];
  /** @type {Job | null} */
  #running = null;
  #engine;
  #cells;
  #viewOf;
  #told;

  /**
   * @param {Engine} engine
   * @param {Cell[]} cells
   * @param {(cell: Cell) => CellView} viewOf
   * @param {Told} told
   */
  constructor(engine, cells, viewOf, told) {
    this.#engine = engine;
    this.#cells = cells;
    this.#viewOf = viewOf;
    this.#told = told;
  }

  /** The cell that runs, or null. */
  get running() {
    return this.#running?.cell ?? null;
  }

  get isBusy() {
    return this.#running !== null || this.#waiting.length > 0;
  }

  /** @param {Cell} cell */
  waits(cell) {
    return this.#waiting.some((job) => job.cell === cell);
  }

  /**
   * Run cells in this order, behind what waits already.
   *
   * @param {Cell[]} cells
   */
  async run(cells) {
    const known = this.#waiting.filter(({ source }) => source === null).map(({ cell }) => cell);
    const added = cells.filter((cell) => !known.includes(cell));
    const results = added.map((cell) => this.#add(cell, null));
    void this.#work();
    return Promise.all(results);
  }

  /**
   * Run other code for a cell; what the cell gave out stays.
   *
   * @param {Cell} cell
   * @param {string} source
   */
  aside(cell, source) {
    const result = this.#add(cell, source);
    void this.#work();
    return result;
  }

  /** Forget what waits. What runs ends with the engine. */
  drop() {
    for (const { done } of this.#waiting) done(null);
    this.#waiting = [];
  }

  /**
   * @param {Cell} cell
   * @param {string | null} source
   * @returns {Promise<Result | null>}
   */
  #add(cell, source) {
    return new Promise((done) => this.#waiting.push({ cell, source, done }));
  }

  async #work() {
    if (this.#running) return;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      this.#running = job;
      this.#told.changed();
      const result = await this.#finish(job);
      this.#running = null;
      if (result) this.#told.ran(job.cell, result, job.source === null);
      job.done(result);
    }
    this.#told.changed();
  }

  /**
   * @param {Job} job
   * @returns {Promise<Result | null>}
   */
  async #finish({ cell, source }) {
    const view = this.#viewOf(cell);
    const text = cell.text;
    const own = source === null;
    const write = (/** @type {string} */ _, /** @type {string} */ part) => own && view.write(part);
    if (own) view.start();
    try {
      const options = { write, cell: cell.number ?? cell.index + 1 };
      const result = await this.#engine.run(source ?? text, options);
      if (!own) return result;
      noteRan(this.#cells, cell, { text, ms: result.ms, result });
      view.show(result);
      if (!result.ok) this.drop();
      return result;
    } catch (error) {
      this.drop();
      view.stopped();
      this.#told.failed(/** @type {LiveError} */ (error));
      return null;
    }
  }
}
