// A formula that is wider than its place scrolls; it must do so from the keyboard too.
(() => {
  const update = () => {
    for (const box of document.querySelectorAll(".katex-display")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  window.addEventListener("load", update);
  window.addEventListener("resize", update);
})();

// The search shows a few lines of each page that it finds. Browsers refuse to read them from file://.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
