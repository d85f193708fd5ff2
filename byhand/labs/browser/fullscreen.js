// The button that gives a lab the whole screen, where the browser has that.

import { button } from "./dom.js";

/**
 * The button's parts for the page.
 *
 * @param {HTMLElement} figure
 * @param {string} title
 */
export function fullScreen(figure, title) {
  if (!document.fullscreenEnabled) return [];
  const isFull = () => document.fullscreenElement === figure;
  const { node, parts } = button("Full screen", `Full screen: ${title}`, () => {
    if (isFull()) document.exitFullscreen();
    else figure.requestFullscreen();
  });
  node.ariaPressed = "false";
  figure.addEventListener("fullscreenchange", () => (node.ariaPressed = String(isFull())));
  return parts;
}
