"""Chapter 13: the same search by one process, by joblib's workers and by a Dask cluster.

Two workers each. A trial trains on the digits, for so many epochs that it costs more and more;
another costs nothing, and shows what handing a trial over costs.
"""

import time
from functools import partial

import joblib
import numpy as np

from benchmarks.search_tasks import learn, parts, right
from dlcore.search import LogIntegers, LogUniform, OneMinusLogUniform, random_search

SETTINGS = {"trials": 20, "epochs": [1, 4, 16, 64], "empty": 200, "rounds": 3, "workers": 2}
ALONE = True
NEEDS = ("distributed",)

SPACE = {
    "lr": LogUniform(1e-4, 1.0),
    "beta1": OneMinusLogUniform(0.5, 0.999),
    "units": LogIntegers(4, 64),
    "batch": LogIntegers(16, 128),
}


def draws(settings):
    """Measure once."""
    return {"times": settings}


def nothing(lr, beta1, units, batch):
    """Cost nothing."""
    return lr


def score(lr, beta1, units, batch, epochs):
    """Train on the digits, and return the accuracy on the validation images."""
    train, valid, _ = parts("digits", 0)
    net = learn(*train, 0, lr=lr, beta1=beta1, units=units, batch=batch, epochs=epochs)
    return right(net, *valid)


def draw(trials, epochs, empty, rounds, workers):
    """Return the seconds of each search, the least of a few rounds, and whether all agree."""
    from dask.distributed import Client

    def search(score, n, **options):
        start = time.perf_counter()
        found = random_search(score, SPACE, n, np.random.default_rng(0), **options)
        return time.perf_counter() - start, found

    start = time.perf_counter()
    client = Client(n_workers=workers, threads_per_worker=1, dashboard_address=None)
    with joblib.parallel_config("dask"):
        search(nothing, workers)
    seconds = {"cluster": time.perf_counter() - start}
    start = time.perf_counter()
    search(nothing, workers, n_jobs=workers)
    seconds["joblib"] = time.perf_counter() - start
    found, equal = {}, True
    jobs = {"empty": (nothing, empty)}
    jobs |= {str(count): (partial(score, epochs=count), trials) for count in epochs}
    try:
        for name, (function, n) in jobs.items():
            times = {"one": [], "joblib": [], "dask": []}
            for _round in range(rounds):
                taken, one = search(function, n)
                times["one"].append(taken)
                taken, joblibs = search(function, n, n_jobs=workers)
                times["joblib"].append(taken)
                with joblib.parallel_config("dask"):
                    taken, dasks = search(function, n)
                times["dask"].append(taken)
                equal = equal and one == joblibs == dasks
            found[name] = {side: round(min(taken) / n, 6) for side, taken in times.items()}
    finally:
        client.close()
    return {
        "start": {name: round(value, 3) for name, value in seconds.items()},
        "per_trial": found,
        "equal": equal,
    }


def collect(settings, found):
    """Return "start", the seconds until the workers answer; "per_trial", the seconds; "equal"."""
    return found["times"]
