// Writing in a cell: the published code gives way to an editor, and a reset brings it back.

import { element } from "../../labs/browser/dom.js";
import { isChanged } from "./cells.js";
import { load } from "./load.js";
import { nameOf } from "./words.js";

/** @import { Cell, Editor, EditorOptions, Page } from "./page-types.ts" */

export class Editing {
  /** @type {Editor | null} */
  #editor = null;
  /** @type {string | null} */
  #lost = null; // what a reset took
  #opening = false;
  #note = element("p", { className: "live-note", role: "alert" });

  /**
   * @param {Cell} cell
   * @param {HTMLElement} input the frame of the published code
   * @param {Page} page
   * @param {() => void} changed an editor came or went
   */
  constructor(cell, input, page, changed) {
    this.cell = cell;
    this.input = input;
    this.page = page;
    this.changed = changed;
    this.published = /** @type {HTMLElement} */ (input.firstElementChild);
    this.published.addEventListener("click", (event) => this.#clicked(event));
    if (isChanged(cell)) void this.open(null, false);
  }

  get isOpen() {
    return this.#editor !== null;
  }

  get canUndo() {
    return this.#lost !== null;
  }

  /**
   * @param {EditorOptions["at"]} at
   * @param {boolean} [focus]
   */
  async open(at = null, focus = true) {
    const fold = this.input.closest("details");
    if (fold) fold.open = true;
    if (!this.#editor && !this.#opening) {
      this.#opening = true;
      this.#note.remove();
      try {
        this.#editor = await this.#made(at);
        this.published.hidden = true;
      } catch (error) {
        this.#note.textContent = /** @type {Error} */ (error).message;
        this.input.after(this.#note);
      }
      this.#opening = false;
      this.changed();
    }
    if (focus) this.#editor?.focus();
  }

  reset() {
    const text = this.cell.text;
    this.#write(this.cell.data.source);
    this.#lost = text;
    this.#editor?.destroy();
    this.#editor = null;
    this.input.querySelector(".live-editor")?.remove();
    this.published.hidden = false;
    this.changed();
  }

  /** Bring back what the reset took. */
  undo() {
    if (this.#lost === null) return;
    this.#write(this.#lost);
    void this.open();
  }

  /** @param {string} text */
  #write(text) {
    this.cell.text = text;
    if (isChanged(this.cell)) this.#lost = null;
    this.page.edited();
  }

  /** @param {MouseEvent} event */
  #clicked({ target, clientX: x, clientY: y }) {
    const onLink = /** @type {Element} */ (target).closest("a, button");
    if (!onLink && getSelection()?.isCollapsed) void this.open({ x, y });
  }

  /**
   * @param {EditorOptions["at"]} at
   * @returns {Promise<Editor>}
   */
  async #made(at) {
    const bundle = await load(`${this.page.live}editor.js`, "GradientsEditor");
    const { create } = /** @type {typeof import("./editor.js")} */ (bundle);
    const parent = element("div", { className: "live-editor highlight" });
    // Sphinx takes the slash for its search, from everything but form fields.
    parent.addEventListener("keydown", (event) => event.stopPropagation());
    this.input.append(parent);
    return create({
      parent,
      text: this.cell.text,
      label: `Code of ${nameOf(this.cell)}. Shift-Enter runs it, Tab leaves it.`,
      at,
      onChange: (text) => this.#write(text),
      onRun: () => void this.page.session.run([this.cell]),
    });
  }
}
