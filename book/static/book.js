// A formula that is wider than its place scrolls; it must do so from the keyboard too.
(() => {
  const update = () => {
    /** @type {NodeListOf<HTMLElement>} */
    const formulas = document.querySelectorAll(".katex-display");
    for (const box of formulas) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  window.addEventListener("load", update);
  window.addEventListener("resize", update);
})();

// The search shows a few lines of each page that it finds. Browsers refuse to read them from
// file://.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
