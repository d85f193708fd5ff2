// The buttons that move the pen over a drawn digit.

import { button, element } from "./dom.js";
import { clamp } from "./numbers.js";
import { moved, penOf, placed } from "./pen.js";

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
 * The pen's four buttons.
 *
 * @type {Kind<DrawingSpec>}
 */
export const penButtons = (spec, change, context) => {
  const shared = /** @type {Samples} */ (context.shared);
  /** @type {Drawn | null} */
  let now = null;
  const buttons = STEPS.map(([sign, down, right, word]) =>
    button(sign, `Move the pen ${word}`, () => {
      if (!now) return;
      const [row, column] = penOf(now.edits);
      const within = (/** @type {number} */ at) => clamp(at, [0, shared.side - 1]);
      const edits = moved(now, shared, within(row + down), within(column + right));
      change(edits, placed(edits));
    }),
  );
  const head = element("div", { className: "lab-control-head" }, spec.label);
  const parts = buttons.flatMap(({ parts }) => parts);
  const node = element(
    "div",
    { className: "lab-control", role: "group", ariaLabel: spec.label },
    head,
    element("div", { className: "lab-buttons" }, ...parts),
  );
  const update = (/** @type {ControlState<string, Drawn>} */ { settings }) => {
    now = settings;
  };
  return { node, input: buttons[0].node, update };
};
