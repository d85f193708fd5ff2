"""A lab's controls, used by their keys as a reader does."""

# What moves a lab: not what copies a link to it, or pins it.
CONTROLS = "figure.lab :is(input, select, button):not(.lab-tools *)"
USABLE = f"{CONTROLS}:enabled:not(.lab-off *, details:not([open]) *)"
UNFOLD = "node => node.querySelectorAll('.lab-more').forEach(folded => { folded.open = true; })"

# Focus a control; note when a key goes down, and when drawing and summary have changed after it.
WATCH = """control => {
  const figure = control.closest('figure.lab');
  const drawing = figure.querySelector('.lab-panels');
  const summary = figure.querySelector('.lab-summary');
  const markup = () => drawing.innerHTML.replace(/plot-clip-[0-9]+/g, '');
  const seen = (window.seen = {});
  document.addEventListener('keydown', () => {
    const before = {markup: markup(), text: summary.textContent, time: performance.now()};
    const observer = new MutationObserver(() => {
      const now = performance.now() - before.time;
      if (!seen.drawing && markup() !== before.markup) seen.drawing = now;
      if (!seen.summary && summary.textContent !== before.text) seen.summary = now;
      if (seen.drawing && seen.summary) observer.disconnect();
    });
    observer.observe(figure, {subtree: true, childList: true, characterData: true});
  }, {capture: true, once: true});
  figure.scrollIntoView();
  control.focus();
}"""
BOTH = "window.seen.drawing && window.seen.summary"


# Labs that nobody is near wait with their training; printing the page makes them ready.
STANDS = """() => {
  const labs = [...document.querySelectorAll('figure.lab')];
  if (labs.some(lab => 'waits' in lab.dataset)) dispatchEvent(new Event('beforeprint'));
  return labs.length
    && labs.every(lab => lab.querySelector('.lab-panels') && !('busy' in lab.dataset));
}"""


def settle(page):
    """Wait until every lab on the page stands, and none trains."""
    page.wait_for_function(STANDS, timeout=60_000)


def controls(page):
    """Return all controls of all labs, in the page's order.

    As handles: a locator would look through the whole page again for each question.
    """
    return page.query_selector_all(CONTROLS)


def names(page):
    """Return the labels of all controls of all labs, in the page's order."""
    return page.locator(CONTROLS).evaluate_all(
        "all => all.map(control => control.labels[0]?.textContent ?? '')"
    )


def key_for(control):
    """Return the key that moves a control away from where it stands."""
    kind, at_end = control.evaluate("""c => [c.type, c.type === 'select-one'
        ? c.selectedIndex === c.length - 1 : c.value === c.max]""")
    match kind:
        case "range":
            return "ArrowLeft" if at_end else "ArrowRight"
        case "number":
            return "ArrowDown" if at_end else "ArrowUp"
        case "select-one":
            return "ArrowUp" if at_end else "ArrowDown"
        case "text":
            return "5"
        case "checkbox":
            return "Space"
    return "Enter"


def press(page, control, key):
    """Press a key on a control; return the milliseconds until drawing and summary changed."""
    control.evaluate(WATCH)
    page.keyboard.press(key)
    page.wait_for_function(BOTH, timeout=20_000)
    return max(page.evaluate("[window.seen.drawing, window.seen.summary]"))


def use(page, control):
    """Use a control by its key, from the start of its lab; return the milliseconds."""
    figure = control.evaluate_handle("control => control.closest('figure.lab')").as_element()
    reset(page, figure)
    figure.evaluate(UNFOLD)
    enable(page, figure, control)
    assert usable(control)
    return press(page, control, key_for(control))


def reset(page, figure):
    """Bring a lab back to its start."""
    button = reset_button(figure)
    if button.is_enabled():
        button.evaluate("button => button.click()")
        settle(page)


def reset_button(figure):
    """Return the button that brings a lab back to its start."""
    return figure.evaluate_handle(
        """figure => [...figure.querySelectorAll('button')].find(
          (button) => button.textContent.trim() === 'Reset')"""
    ).as_element()


def usable(control):
    """Tell whether a reader can use a control: it is shown, and not at an end."""
    return control.is_visible() and control.is_enabled()


def enable(page, figure, control):
    """Go to a state in which a control has an effect: Reset has none at the start."""
    move_sliders(page, figure, control)
    press_neighbors(page, control)
    for select in filter(usable, figure.query_selector_all("select")):
        for option in select.query_selector_all("option"):
            if usable(control):
                return
            select.select_option(option.get_attribute("value"))
            settle(page)
    move_sliders(page, figure, control)


def press_neighbors(page, control):
    """Press the buttons of its group until a control can be used: Undo takes a stroke back."""
    group = control.evaluate_handle("control => control.closest('[role=group]')").as_element()
    for button in group.query_selector_all("button") if group else []:
        if usable(control):
            return
        if usable(button):
            press(page, button, "Enter")


def move_sliders(page, figure, control):
    """Move one slider after the other until a control can be used."""
    for slider in figure.query_selector_all("input[type=range]"):
        if usable(control):
            return
        if usable(slider):
            press(page, slider, key_for(slider))
            settle(page)
