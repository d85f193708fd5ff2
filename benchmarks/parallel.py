"""Run one function on many cases, on all cores."""

from joblib import Parallel, delayed
from tqdm import tqdm


def run_each(function, cases, name):
    """Return ``[function(*case) for case in cases]``.

    Each process computes with one thread, so the results do not depend on the number of cores. A
    terminal shows a progress bar.
    """
    jobs = Parallel(n_jobs=-1, return_as="generator")(delayed(function)(*case) for case in cases)
    bar = tqdm(jobs, desc=name, total=len(cases), unit="run", disable=None)  # None: if a terminal
    return list(bar)
