// The index of the ledger, filtered: a line stays when it holds every word that is typed. Without
// this script all lines are there.
(() => {
  const lists = /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("ul.ledger-index")
  );
  const first = lists[0]?.closest("section");
  if (!first) return;

  const form = document.createElement("form");
  form.className = "ledger-filter";
  form.setAttribute("role", "search");
  const label = document.createElement("label");
  label.append("Filter ");
  const input = document.createElement("input");
  input.type = "search";
  label.append(input);
  const found = document.createElement("output");
  form.append(label, found);
  first.before(form);

  const update = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const list of lists) {
      const section = /** @type {HTMLElement} */ (list.closest("section"));
      const title = section.querySelector("h2, h3")?.textContent ?? "";
      let any = false;
      for (const item of /** @type {Iterable<HTMLElement>} */ (list.children)) {
        const text = `${title} ${item.textContent}`.toLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
        if (!item.hidden) shown += 1;
        any ||= !item.hidden;
      }
      section.hidden = !any;
    }
    found.textContent = words.length ? `${shown} ${shown === 1 ? "equation" : "equations"}` : "";
  };
  input.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target?.closest("[hidden]")) return;
    input.value = "";
    update();
    target.scrollIntoView();
  });
})();
