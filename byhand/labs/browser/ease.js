// How a drawing goes over into the next one: each mark moves from where it was. Only what is seen
// moves; the markup, and what is said, is the new drawing's at once.

const DURATION = 120; // milliseconds
const MOST = 400; // moving parts, beyond which it would stutter
const MOVED = ["cx", "cy", "r", "x", "y", "width", "height"]; // attributes that are styles, too

/** Whether the reader has asked for no animation. */
export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Let the parts of a drawing move from their places in the one before. A group whose parts have
 * become more or fewer stands at once.
 *
 * @param {Element} before
 * @param {Element} after
 */
export function ease(before, after) {
  if (reducedMotion()) return;
  const moves = [...movesOf(before, after)];
  if (moves.length > MOST) return;
  for (const [part, from, to] of moves) part.animate([from, to], DURATION);
}

/**
 * @param {Element} before
 * @param {Element} after
 * @returns {Generator<[part: Element, from: Keyframe, to: Keyframe], void, void>}
 */
function* movesOf(before, after) {
  if (before.tagName !== after.tagName || before.isEqualNode(after)) return;
  const [from, to] = [styleOf(before), styleOf(after)];
  if (JSON.stringify(from) !== JSON.stringify(to) && alike(before, after)) yield [after, from, to];
  if (before.children.length !== after.children.length) return;
  for (let i = 0; i < after.children.length; i++) {
    yield* movesOf(before.children[i], after.children[i]);
  }
}

/**
 * Where a part is, as styles.
 *
 * @param {Element} part
 */
function styleOf(part) {
  /** @type {Keyframe} */
  const style = {};
  if (part.tagName === "svg" || part.tagName === "text") return style;
  for (const name of MOVED) {
    const value = part.getAttribute(name);
    if (value !== null) style[name] = `${value}px`;
  }
  const [path, transform] = [part.getAttribute("d"), part.getAttribute("transform")];
  if (path) style.d = `path("${path}")`;
  const moved = transform && /^translate\((-?[\d.]+),(-?[\d.]+)\)$/.exec(transform);
  if (moved) style.transform = `translate(${moved[1]}px,${moved[2]}px)`;
  return style;
}

/**
 * Whether two paths have the same commands, so that there is a way from one to the other.
 *
 * @param {Element} before
 * @param {Element} after
 */
function alike(before, after) {
  const commands = [before, after].map((part) => part.getAttribute("d")?.replace(/[^A-Za-z]/g, ""));
  return commands[0] === commands[1];
}
