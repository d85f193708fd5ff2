// What a finger means: one that sets out up or down scrolls the page, and nothing changes. On a
// drawing it draws when it taps, sets out sideways, or has rested for a moment; after a stroke the
// drawing is held for a while, and the next strokes may go anywhere. A mouse draws at once.

const SLOP = 8; // pixels that a tap may move
const REST = 250; // milliseconds
const HELD = 3000; // milliseconds after a stroke

/** @typedef {{ clientX: number, clientY: number, pointerType?: string }} Point on the screen */

/**
 * Call `draw` for the points of each stroke on a box; `begins` is true for its first.
 *
 * @param {HTMLElement} box
 * @param {(point: Point, begins: boolean) => void} draw
 */
export function follow(box, draw) {
  /** @type {Point | null} where a finger went down that may still scroll */
  let down = null;
  let drawing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let release;

  const hold = (/** @type {boolean} */ held) => {
    clearTimeout(release);
    box.classList.toggle("lab-held", held);
    if (held && !drawing) release = setTimeout(() => hold(false), HELD);
  };
  const begin = (/** @type {Point} */ point) => {
    clearTimeout(rest);
    [down, drawing] = [null, true];
    draw(point, true);
  };
  const end = () => {
    clearTimeout(rest);
    [down, drawing] = [null, false];
  };

  box.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    box.setPointerCapture(event.pointerId);
    if (event.pointerType !== "touch") event.preventDefault(); // it would select text
    if (event.pointerType !== "touch" || box.classList.contains("lab-held")) return begin(event);
    down = event;
    rest = setTimeout(() => begin(event), REST);
  });
  box.addEventListener("pointermove", (event) => {
    if (down && sideways(down, event)) {
      begin(down);
      hold(true);
    }
    if (drawing && event.isPrimary) draw(event, false);
  });
  box.addEventListener("pointerup", (event) => {
    const touched = event.pointerType === "touch";
    if (down) begin(down);
    const drew = drawing;
    end();
    if (touched && drew) hold(true);
  });
  box.addEventListener("pointercancel", end); // the page scrolls
  // Once it draws, the finger no longer scrolls.
  const keep = (/** @type {TouchEvent} */ event) => drawing && event.preventDefault();
  box.addEventListener("touchmove", keep, { passive: false });
}

/**
 * Call `change` when a slider moves, but not for a finger that scrolls past it.
 *
 * @param {HTMLInputElement} input
 * @param {() => void} change
 */
export function slide(input, change) {
  /** @type {(Point & { value: string }) | null} where a finger went down that may still scroll */
  let down = null;
  const commit = () => {
    if (!down) return;
    const moved = input.value !== down.value;
    down = null;
    if (moved) change();
  };
  input.addEventListener("pointerdown", ({ pointerType, clientX, clientY }) => {
    if (pointerType === "touch") down = { clientX, clientY, value: input.value };
  });
  input.addEventListener("pointermove", (event) => {
    if (down && sideways(down, event)) commit();
  });
  input.addEventListener("pointerup", commit);
  input.addEventListener("pointercancel", () => {
    if (down) input.value = down.value; // the page scrolls
    down = null;
  });
  input.addEventListener("input", () => {
    if (!down) change();
  });
}

/**
 * Whether a finger has set out sideways.
 *
 * @param {Point} from
 * @param {Point} to
 */
function sideways(from, to) {
  const across = Math.abs(to.clientX - from.clientX);
  return across > SLOP && across > Math.abs(to.clientY - from.clientY);
}
