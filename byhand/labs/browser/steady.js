// A lab gets no lower while the reader plays with it: what stands below it keeps its place.

/**
 * Keep the greatest height that the figure has had at its width. Returns what ends that.
 *
 * @param {HTMLElement} figure
 */
export function keepHeight(figure) {
  let width = 0;
  const forget = () => (figure.style.minHeight = "");
  const keep = () => {
    if (figure.clientWidth !== width) forget();
    width = figure.clientWidth;
    figure.style.minHeight = `${figure.offsetHeight}px`;
  };
  const observer = new ResizeObserver(keep);
  observer.observe(figure);
  figure.addEventListener("toggle", forget, { capture: true }); // of a part that is folded
  return () => observer.disconnect();
}
