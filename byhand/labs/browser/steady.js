// No part of a lab gets lower while the reader plays with it: what stands below keeps its place.

/**
 * Keep the greatest height that each part has had at its width, until something in it is folded.
 * Returns what ends that.
 *
 * @param {HTMLElement[]} parts
 */
export function keepHeights(parts) {
  /** @type {Map<Element, number>} */
  const widths = new Map();
  const forget = (/** @type {HTMLElement} */ part) => (part.style.minHeight = "");
  const observer = new ResizeObserver((changes) => {
    const changed = parts.filter((part) => changes.some(({ target }) => target === part));
    for (const part of changed) {
      if (part.clientWidth !== widths.get(part)) forget(part);
      widths.set(part, part.clientWidth);
    }
    const heights = changed.map((part) => Math.ceil(part.getBoundingClientRect().height));
    changed.forEach((part, i) => (part.style.minHeight = `${heights[i]}px`));
  });
  for (const part of parts) {
    observer.observe(part);
    part.addEventListener("toggle", () => forget(part), { capture: true });
  }
  return () => observer.disconnect();
}
