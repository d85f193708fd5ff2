"""How fast the labs of the built book answer a key, in headless Chromium.

Every control is used by its key, from the start of its lab. The milliseconds, a median over several
openings of the page, are those until drawing and sentence have both changed.
"""

import os
import platform
import statistics

from tests.book import keyboard
from tests.book.chromium import find_chromium, launched, new_tab
from tests.book.pages import file_of, holding

BUDGET = 100  # milliseconds


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
