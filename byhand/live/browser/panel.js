// The box at the top of a page: it offers to run the page, says what that costs, shows how Python
// is loaded, and then holds what concerns all cells.

import { element } from "../../labs/browser/dom.js";
import { announce } from "./announce.js";
import { megabytes } from "./words.js";

/** @import { Progress } from "./types.ts" */

/** @typedef {{ text: string, onclick: () => void, main?: boolean }} Action */

/** @typedef {ReturnType<typeof createPanel>} Panel */

export function createPanel() {
  const node = element("section", { className: "live-panel", ariaLabel: "Run this page" });
  node.tabIndex = -1; // it takes the focus of a button that is gone

  let key = ""; // of what it shows

  /** @param {Node[]} parts */
  const fill = (...parts) => {
    const place = [...node.querySelectorAll("button")].findIndex((one) => one.matches(":focus"));
    node.replaceChildren(...parts);
    if (place >= 0) (node.querySelectorAll("button")[place] ?? node).focus();
  };

  return {
    node,
    /**
     * Sentences, and what can be done.
     *
     * @param {string[]} sentences
     * @param {Action[]} actions
     */
    show(sentences, actions) {
      const next = JSON.stringify([sentences, actions]);
      if (next === key) return; // the buttons do the same
      key = next;
      const words = sentences.map((text) => element("p", {}, text));
      fill(...words, buttons(actions));
    },
    /**
     * A bar that fills. Its answer takes the next progress.
     *
     * @param {() => void} onclick of the button that cancels
     */
    loading(onclick) {
      key = "";
      const bar = element("progress", { ariaLabel: "Loading Python" });
      const words = element("p", {}, "Python is on its way …");
      fill(words, bar, buttons([{ text: "Cancel", onclick }]));
      announce("Python is being loaded");
      return (/** @type {Progress} */ progress) => {
        words.textContent = progressWords(progress);
        if (progress.step !== "fetch") return bar.removeAttribute("value"); // how long is unknown
        bar.max = progress.total;
        bar.value = progress.loaded;
      };
    },
  };
}

/** @param {Action[]} actions */
function buttons(actions) {
  const made = actions.map(({ text, onclick, main }) =>
    element("button", { type: "button", className: main ? "live-main" : "", onclick }, text),
  );
  return element("div", { className: "live-tools" }, ...made);
}

/** @param {Progress} progress */
function progressWords({ step, loaded, total, cached }) {
  if (step === "unpack") return "Unpacking …";
  if (step === "start") return "Starting Python …";
  if (cached) return "Reading Python from this browser …";
  return `Loading: ${megabytes(loaded)} of ${megabytes(total)} …`;
}
