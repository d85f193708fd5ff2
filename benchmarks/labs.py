"""How fast the labs answer a key, in headless Chromium.

In the built book every control is used by its key, from the start of its lab. The milliseconds, a
median over several openings of the page, are those until drawing and sentence have both changed.

With ``--slow`` each lab stands on a page of its own, on a processor that Chromium slows down four
times. The sliders and lists are moved to and fro. A redraw is what the page's script does between
the control's event and the new drawing; an answer lasts from the key to the frame that shows it.
"""

import os
import platform
import statistics
import tempfile
from pathlib import Path

from tests.book import alone, keyboard
from tests.book.chromium import find_chromium, launched, new_tab
from tests.book.pages import file_of, holding
from tests.byhand.labs.bundle import build
from tests.byhand.labs.names import LABS

BUDGET = 100  # milliseconds
SLOWER = 4
REDRAW, ANSWER = 16, 50  # milliseconds on the slowed processor, at the 95th percentile
BACK = {"ArrowLeft": "ArrowRight", "ArrowUp": "ArrowDown"}
BACK |= {back: key for key, back in BACK.items()}

# Note for each change of a control the milliseconds of its redraw and of its answer.
NOTE = """() => {
  const drawing = document.querySelector('figure.lab .lab-panels');
  window.times = [];
  let pressed = 0;
  addEventListener('keydown', ({timeStamp}) => { pressed = timeStamp; }, true);
  const note = () => {
    const [began, key] = [performance.now(), pressed];
    const observer = new MutationObserver(() => {
      observer.disconnect();
      const redraw = performance.now() - began;
      const shown = new MessageChannel();
      shown.port1.onmessage = () => times.push([redraw, performance.now() - key]);
      requestAnimationFrame(() => shown.port2.postMessage(0));
    });
    observer.observe(drawing, {childList: true, subtree: true});
  };
  for (const type of ['input', 'change']) addEventListener(type, note, true);
}"""


def measure(browser, address, rounds):
    """Use every control of the labs on a page.

    Parameters
    ----------
    browser : Playwright's browser
    address : str
    rounds : int
        How often the page is opened: a lab computes a state once and then remembers it.

    Returns
    -------
    list of (lab, control, median)
        Names, and milliseconds.
    """
    times = []
    for _ in range(rounds):
        page = new_tab(browser)
        page.goto(address)
        keyboard.settle(page)
        controls = keyboard.controls(page)
        times.append([keyboard.use(page, control) for control in controls])
        labs = [
            control.evaluate("c => c.closest('figure.lab').dataset.lab") for control in controls
        ]
        names = keyboard.names(page)
        page.context.close()
    medians = map(statistics.median, zip(*times, strict=True))
    return list(zip(labs, names, medians, strict=True))


def table(rows):
    """Format what was measured as lines of text, and mark what is over the budget."""
    lines = [f"{'lab':20}  {'control':48}  {'median':>9}"]
    for lab, control, median in rows:
        mark = "  over the budget" if median > BUDGET else ""
        lines.append(f"{lab:20}  {control[:48]:48}  {median:6.0f} ms{mark}")
    return "\n".join(lines)


def paces(browser, address):
    """Move the sliders and lists of one lab on a slowed processor.

    Returns
    -------
    list of (redraw, answer)
        Milliseconds, one pair a change.
    """
    page = new_tab(browser)
    page.goto(address)
    keyboard.settle(page)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(NOTE)
    for control in page.query_selector_all("figure.lab :is(input[type=range], select)"):
        if not (control.is_visible() and control.is_enabled()):
            continue
        key = keyboard.key_for(control)
        for each in [key, key, BACK[key], BACK[key]]:
            control.focus()
            page.keyboard.press(each)
            page.wait_for_timeout(150)
            keyboard.settle(page)
    times = page.evaluate("times")
    page.context.close()
    return times


def ends(times):
    """Return the 95th percentile of the redraws and that of the answers."""
    return [
        statistics.quantiles(column, n=20, method="inclusive")[-1]
        for column in zip(*times, strict=True)
    ]


def slow(browser, folder, names):
    """Print a line for each lab; return how many are over a budget."""
    build(folder)
    print(f"budget at the 95th percentile: redraw {REDRAW} ms, answer {ANSWER} ms")
    print(f"{'lab':20} {'changes':>8} {'redraw':>10} {'answer':>10}")
    over = 0
    for name in names:
        times = paces(browser, alone.page(folder, name).as_uri())
        redraw, answer = ends(times)
        over += late(redraw, answer)
        mark = "  over a budget" if late(redraw, answer) else ""
        print(f"{name:20} {len(times):8} {redraw:7.1f} ms {answer:7.1f} ms{mark}", flush=True)
    return over


def late(redraw, answer):
    """Tell whether one of them is over its budget."""
    return redraw > REDRAW or answer > ANSWER


def main_slow():
    """Print the table of the slowed processor.

    Raises
    ------
    SystemExit
        When Chromium is missing, or a lab is over a budget.
    """
    chromium = find_chromium()
    if not chromium:
        raise SystemExit("benchmarks labs: no Chromium; apt-get install chromium-headless-shell")
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} threads, {SLOWER}x slower"
    )
    with tempfile.TemporaryDirectory() as folder, launched(chromium) as browser:
        over = slow(browser, Path(folder), LABS)
    print(f"over a budget: {over} of {len(LABS)} labs")
    if over:
        raise SystemExit(1)


def main(rounds):
    """Print a table for each page with a lab.

    Raises
    ------
    SystemExit
        When something is missing, or when a median is over the budget.
    """
    chromium, pages = find_chromium(), holding('class="lab"')
    if not chromium:
        raise SystemExit("benchmarks labs: no Chromium; apt-get install chromium-headless-shell")
    if not pages:
        raise SystemExit("benchmarks labs: no built book; make book")
    print(__doc__)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} threads")
    print(f"budget: {BUDGET} ms; openings of each page: {rounds}")
    rows = []
    with launched(chromium) as browser:
        for name in pages:
            found = measure(browser, file_of(name).as_uri(), rounds)
            print(f"\n{name}\n{table(found)}", flush=True)
            rows += found
    slow = sum(median > BUDGET for _, _, median in rows)
    print(f"\nover the budget: {slow} of {len(rows)} controls")
    if slow:
        raise SystemExit(1)
