// The buttons that move the pen over a drawn digit, and those that take strokes back.

import { button, element } from "./dom.js";
import { clamp, lastOf } from "./numbers.js";
import { cleared, inked, moved, penOf, placed } from "./pen.js";

/** @import { Drawn, Samples } from "./pen.js" */
/** @import { ControlState, DrawingSpec, Kind } from "./types.ts" */

/** @type {[sign: string, down: number, right: number, word: string][]} */
const STEPS = [
  ["←", 0, -1, "left"],
  ["↑", -1, 0, "up"],
  ["↓", 1, 0, "down"],
  ["→", 0, 1, "right"],
];

/**
 * What the sheet held before each stroke. A stroke is what comes of one press: of the pointer, or
 * of a button.
 */
function strokes() {
  /** @type {string[]} */
  const before = [];
  let sheet = "";
  let begins = true;
  return {
    begin: () => (begins = true),
    /** @param {string} edits */
    follow(edits) {
      if (sheet && inked(edits) !== inked(sheet)) {
        if (begins) before.push(sheet);
        begins = false;
      }
      sheet = edits;
    },
    /** Return to the last sheet that is another one, which begins no stroke. */
    back() {
      while (before.length && inked(lastOf(before)) === inked(sheet)) before.pop();
      return (sheet = before.pop() ?? sheet);
    },
    none: () => before.every((other) => inked(other) === inked(sheet)),
  };
}

/**
 * The pen's four buttons, and two that take strokes back.
 *
 * @type {Kind<DrawingSpec>}
 */
export const penButtons = (spec, change, context) => {
  const shared = /** @type {Samples} */ (context.shared);
  /** @type {Drawn | null} */
  let now = null;
  const taken = strokes();
  const buttons = STEPS.map(([sign, down, right, word]) =>
    button(sign, `Move the pen ${word}`, () => {
      if (!now) return;
      taken.begin();
      const [row, column] = penOf(now.edits);
      const within = (/** @type {number} */ at) => clamp(at, [0, shared.side - 1]);
      const edits = moved(now, shared, within(row + down), within(column + right));
      change(edits, placed(edits));
    }),
  );
  const undo = button("Undo", "Undo the last stroke", () => {
    change(taken.back(), "one stroke less");
  });
  const clear = button("Clear", "Clear all strokes", () => {
    taken.begin();
    if (now) change(cleared(now.edits), "all strokes cleared");
  });
  const head = element("div", { className: "lab-control-head" }, spec.label);
  const rows = [buttons, [undo, clear]].map((row) =>
    element("div", { className: "lab-buttons" }, ...row.flatMap(({ parts }) => parts)),
  );
  const node = element(
    "div",
    { className: "lab-control", role: "group", ariaLabel: spec.label },
    head,
    ...rows,
  );
  let listens = false;
  const update = (/** @type {ControlState<string, Drawn>} */ { settings, disabled }) => {
    now = settings;
    const figure = listens ? null : node.closest(".lab");
    for (const press of ["pointerdown", "keydown"]) {
      figure?.addEventListener(press, taken.begin, { capture: true });
    }
    listens ||= figure !== null;
    taken.follow(now.edits);
    for (const { node } of buttons) node.disabled = disabled;
    undo.node.disabled = disabled || taken.none();
    clear.node.disabled = disabled || cleared(now.edits) === now.edits;
  };
  return { node, input: buttons[0].node, update };
};
