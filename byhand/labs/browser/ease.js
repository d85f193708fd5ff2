// How a drawing becomes the next one: what is the same stays, the rest is changed in its place, and
// each mark moves from where it was. Only what is seen moves; the markup is the next one's at once.

const DURATION = 120; // milliseconds
const MOST = 400; // moving parts, beyond which it would stutter
const MOVED = ["cx", "cy", "r", "x", "y", "width", "height"]; // attributes that are styles, too

/** @typedef {[part: Element, from: Keyframe, to: Keyframe]} Move */

/** Whether the reader has asked for no animation. */
export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Make a drawing on the page the same as another one. If it is eased its parts move; a group whose
 * parts have become more or fewer stands at once.
 *
 * @param {Element} drawing
 * @param {Element} next which is used up
 * @param {boolean} eased
 */
export function become(drawing, next, eased) {
  /** @type {Move[] | null} */
  const moves = eased && !reducedMotion() ? [] : null;
  change(drawing, next, moves);
  if (!moves || moves.length > MOST) return;
  for (const [part, from, to] of moves) part.animate([from, to], DURATION);
}

/**
 * @param {Element} part
 * @param {Element} next
 * @param {Move[] | null} moves
 */
function change(part, next, moves) {
  if (part.isEqualNode(next)) return;
  if (part.tagName !== next.tagName) return part.replaceWith(next);
  const before = moves && placeOf(part);
  copyAttributes(part, next);
  const after = before && placeOf(part);
  if (after && differ(before, after)) moves.push([part, before, after]);
  const [parts, nexts] = [[...part.children], [...next.children]];
  if (parts.length === 0 || nexts.length === 0) return part.replaceChildren(...next.childNodes);
  const same = parts.length === nexts.length;
  nexts.forEach((next, i) => {
    if (i < parts.length) change(parts[i], next, same ? moves : null);
    else part.append(next);
  });
  for (const extra of parts.slice(nexts.length)) extra.remove();
}

/**
 * Give a part the attributes of another one, in their order.
 *
 * @param {Element} part
 * @param {Element} next
 */
function copyAttributes(part, next) {
  const names = part.getAttributeNames();
  const others = names.join() !== next.getAttributeNames().join();
  if (others) for (const name of names) part.removeAttribute(name);
  for (const { namespaceURI, name, value } of next.attributes) {
    if (part.getAttribute(name) !== value) part.setAttributeNS(namespaceURI, name, value);
  }
}

/**
 * Where a part is, as styles.
 *
 * @param {Element} part
 */
function placeOf(part) {
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
 * Whether a part is at another place, and there is a way to it: two paths need the same commands.
 *
 * @param {Keyframe} before
 * @param {Keyframe} after
 */
function differ(before, after) {
  const names = Object.keys(after);
  if (names.every((name) => before[name] === after[name])) return false;
  const [from, to] = [before, after].map(({ d }) => String(d).replace(/[^A-Za-z]/g, ""));
  return from === to;
}
