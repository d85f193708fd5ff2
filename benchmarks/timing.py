"""Compare the speed of functions by running them in turn.

On a shared machine the speed drifts. Functions that take turns meet the same drift, so the ratio
of their times holds where each time alone does not.
"""

import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds a call, over the rounds.

    Parameters
    ----------
    minimum, median : float
        The minimum is nearest to what the code itself costs, the median to what a user waits.
    """

    minimum: float
    median: float


def interleave(functions, *, rounds=30, least=1e-3, pause=0.0, clock=time.perf_counter):
    """Time functions round by round, each once a round.

    Parameters
    ----------
    functions : dict of str to callable
        Called without arguments.
    rounds : int
    least : float
        A measurement takes at least so many seconds: a fast function is called repeatedly.
    pause : float
        Seconds of rest before each turn, and then a call that does not count: for libraries whose
        threads stay awake for a while after a call and would slow down the next one's.
    clock : callable
        Returns seconds.

    Returns
    -------
    dict of str to Timing
        In the order of ``functions``.
    """

    def measure(function, calls):
        start = clock()
        for _ in range(calls):
            function()
        return clock() - start

    calls = dict.fromkeys(functions, 1)
    for name, function in functions.items():
        while measure(function, calls[name]) < least:  # also warms up
            calls[name] *= 2
    seconds = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            if pause:
                time.sleep(pause)
                function()
            seconds[name].append(measure(function, calls[name]) / calls[name])
    return {name: Timing(min(all_), statistics.median(all_)) for name, all_ in seconds.items()}


def table(timings):
    """Format timings as lines of text; the ratios are to the fastest minimum.

    Parameters
    ----------
    timings : dict of str to Timing

    Returns
    -------
    str
    """
    best = min(timing.minimum for timing in timings.values())
    width = max(map(len, timings))
    lines = [f"{'':{width}}  {'minimum':>10}  {'median':>10}  {'ratio':>8}"]
    for name, timing in timings.items():
        minimum, median = (f"{1e6 * t:.1f} µs" for t in (timing.minimum, timing.median))
        ratio = f"{timing.minimum / best:.1f}"
        lines.append(f"{name:{width}}  {minimum:>10}  {median:>10}  {ratio:>8}")
    return "\n".join(lines)
