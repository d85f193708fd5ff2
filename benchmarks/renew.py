"""Compute the slow results that are missing or stale, draw by draw.

Draws of all recipes share one pool, the long ones first, so that no core idles at the end. Each has
one thread for its products, so a value does not depend on the number of cores. The draws of a
recipe that measures time or memory come before, one at a time, with all threads.

Each draw is stored when it is done. So a run that is stopped, or killed, loses the draws that were
running, and the same command goes on.

Where code changed that should change no value, such as a check of an argument, a sample will do: a
few draws of each recipe are computed, and where they come out as they were stored, the others stay.
Their lines say so.
"""

import importlib
import importlib.util
import math
import os
import signal
import statistics
import threading
import time
from dataclasses import dataclass, field

import psutil
from filelock import FileLock, Timeout
from joblib import Parallel, cpu_count, delayed, parallel_config
from tqdm import tqdm

from benchmarks import store
from benchmarks.fingerprint import Code, hash_of
from benchmarks.freshness import module_of, recipe_names, save, settings_of, why_stale

BAR = "{desc}{percentage:3.0f}%|{bar}| {elapsed}<{remaining}"


@dataclass(frozen=True)
class Draw:
    """One run of a recipe.

    Parameters
    ----------
    recipe, key : str
    hash : str
        Of what decides its value: the arguments, and the code under the recipe's ``draw``.
    arguments : dict
    inputs : dict
        Arguments that decide nothing, such as the folder of the data.
    alone : bool
        Whether nothing else may run meanwhile.
    seconds : float or None
        What it took before, or what others of the recipe took.
    """

    recipe: str
    key: str
    hash: str
    arguments: dict
    inputs: dict = field(default_factory=dict)
    alone: bool = False
    seconds: float | None = None

    def share(self):
        """Return the expected seconds of the whole machine, or None."""
        return None if self.seconds is None else self.seconds / (1 if self.alone else cpu_count())

    def compute(self):
        """Run it.

        Returns
        -------
        draw : Draw
            This one: a pool returns them in any order.
        line : str
            To be stored.
        """
        recipe = importlib.import_module(module_of(self.recipe))
        start = time.perf_counter()
        try:
            value = recipe.draw(**self.arguments, **self.inputs)
            return self, store.line(self.key, self.hash, time.perf_counter() - start, value)
        except Exception as error:
            error.add_note(f"in the draw {self.key!r} of benchmarks/recipes/{self.recipe}.py")
            raise


class Renewal:
    """A result that is to be computed, its draws, and those of them that are missing.

    Parameters
    ----------
    root : Path
        Of the repository.
    code : Code
    name : str
        Of the recipe.
    keep : bool
        Whether stored draws will do.
    mnist_path : str or None
    sample : int or None
        How many of the stale draws to compute, of which each stands for others; None for all.
    """

    def __init__(self, root, code, name, *, keep=True, mnist_path=None, sample=None):
        self.root, self.code, self.name = root, code, name
        self.recipe = importlib.import_module(module_of(name))
        self.needs = getattr(self.recipe, "NEEDS", ())
        self.settings = settings_of(code, name)
        self.path = store.draws_path(root, name)
        stored = store.read_draws(self.path)
        took = {record["key"]: record["seconds"] for record in stored.values()}
        usual = statistics.median(took.values()) if took else None
        alone = getattr(self.recipe, "ALONE", False)
        draw_code = code.fingerprint(module_of(name), ["draw"])
        self.draws = [
            Draw(
                recipe=name,
                key=key,
                hash=hash_of(draw_code, arguments),
                arguments=arguments,
                inputs={"mnist_path": mnist_path} if "MNIST" in self.needs else {},
                alone=alone,
                seconds=took.get(key, usual),
            )
            for key, arguments in self.recipe.draws(self.settings).items()
        ]
        self.kept = stored if keep else {}
        self.missing = [draw for draw in self.draws if draw.hash not in self.kept]
        self.stale = {}  # by key: draws that are computed only if the sample differs
        if sample is not None and not alone:  # no time comes out as before
            old = {record["key"]: record for record in stored.values()}
            again = [draw for draw in self.missing if draw.key in old]
            chosen = again[:: max(1, len(again) // sample)][:sample]
            self.stale = {draw.key: old[draw.key] for draw in again}
            left_out = {draw.key for draw in again} - {draw.key for draw in chosen}
            self.missing = [draw for draw in self.missing if draw.key not in left_out]

    def lacks(self):
        """Say what the missing draws need and is not here, or return an empty string."""
        for need in self.needs if self.missing else ():
            if need == "MNIST":
                from dlcore.datasets import mnist

                try:
                    mnist(self.missing[0].inputs["mnist_path"])
                except (OSError, ValueError, ImportError) as error:
                    return str(error)
            elif importlib.util.find_spec(need) is None:
                return f"{need} is not installed; pip install -r requirements-dev.txt"
        return ""

    def begin(self):
        """Leave only whole lines in the file of draws, and none that is not to be kept."""
        store.write_draws(self.path, [*self.kept.values(), *self.stale.values()])

    def finish(self):
        """Bring the draws into the recipe's order, drop stale ones, write the result, say so."""
        stored = store.read_draws(self.path)
        self._keep_stale(stored)
        records = [stored[draw.hash] | {"key": draw.key} for draw in self.draws]
        store.write_draws(self.path, records)
        found = {record["key"]: record["value"] for record in records}
        save(self.root, self.code, self.name, self.recipe.collect(self.settings, found))
        tqdm.write(f"{self.name}: renewed")

    def _keep_stale(self, stored):
        """Keep what a sample stands for, under today's hashes, unless the sample differs."""
        for draw in self.draws:
            if draw.key in self.stale and draw.hash in stored:
                now, before = stored[draw.hash]["value"], self.stale[draw.key]["value"]
                if not _alike(now, before):
                    fresh = [stored[each.hash] for each in self.draws if each.hash in stored]
                    store.write_draws(self.path, fresh)  # so that no later sample keeps the others
                    raise SystemExit(
                        f"{self.name}: {draw.key!r} is {now} now and was {before}, so the code "
                        "changes values; the same command without --sample computes all draws"
                    )
        for draw in self.draws:
            if draw.key in self.stale and draw.hash not in stored:
                kept = {"hash": draw.hash, "kept": "a sample came out as before"}
                stored[draw.hash] = self.stale[draw.key] | kept


def _alike(now, before):
    """Tell whether two values are equal, numbers to six decimal places, which pages show."""
    if isinstance(now, dict):
        return now.keys() == before.keys() and all(_alike(now[key], before[key]) for key in now)
    if isinstance(now, list):
        return len(now) == len(before) and all(map(_alike, now, before))
    if isinstance(now, float):
        return math.isclose(now, before, rel_tol=1e-6, abs_tol=1e-6)
    return now == before


def renew(root, names=(), *, force=False, mnist_path=None, sample=None):
    """Compute the named results (all by default) that are missing or stale.

    Parameters
    ----------
    root : Path
        Of the repository.
    names : sequence of str
    force : bool
        Compute fresh ones too, and all their draws.
    mnist_path : str, optional
        The folder of the MNIST files; they are downloaded otherwise.
    sample : int, optional
        Compute only so many of each recipe's stale draws, and keep the others if these come out as
        they were stored.

    Raises
    ------
    SystemExit
        When a name is not a recipe's, another run is on, or a result is left out; when Ctrl-C was
        pressed.
    """
    known = recipe_names(root)
    if unknown := sorted(set(names) - set(known)):
        raise SystemExit(f"no recipe {unknown}; there are {known}")
    folder = store.draws_path(root, "any").parent
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            _renew(root, names or known, force, mnist_path, sample)
    except Timeout:
        raise SystemExit(
            f"results: another run is computing in {root}; wait for it, or stop it"
        ) from None


def _renew(root, names, force, mnist_path, sample):
    code, work, left_out = Code(root), [], []
    for name in names:
        reason = "forced" if force else why_stale(root, code, name)
        if not reason:
            print(f"{name}: fresh")
            continue
        options = {"keep": not force, "mnist_path": mnist_path, "sample": sample}
        renewal = Renewal(root, code, name, **options)
        if lacking := renewal.lacks():
            left_out.append(name)
            print(f"{name}: {reason}; left out: {lacking}")
        else:
            work.append(renewal)
            print(f"{name}: {reason}; {plan(renewal.missing, len(renewal.draws))}")
    if len(work) > 1:
        missing = [draw for renewal in work for draw in renewal.missing]
        print(f"in all: {plan(missing, sum(len(renewal.draws) for renewal in work))}")
    _work_off(work, "the same command without --force" if force else "the same command")
    if left_out:
        raise SystemExit(f"left out: {', '.join(left_out)}")


def plan(missing, total):
    """Say how many of all draws are to be computed, and how long it takes."""
    shares = [draw.share() for draw in missing]
    duration = "unknown" if None in shares else tqdm.format_interval(sum(shares))
    return f"{len(missing)} of {total} draws to compute; time on {cpu_count()} cores: {duration}"


def longest_first(draws):
    """Sort draws; one that may take any time comes before all others."""
    return sorted(
        draws,
        key=lambda draw: float("inf") if draw.seconds is None else draw.seconds,
        reverse=True,
    )


def _work_off(work, how_to_go_on):
    """Compute all missing draws, store each at once, and finish each result after its last one."""
    missing = [draw for renewal in work for draw in renewal.missing]
    shares = [draw.share() for draw in missing]
    usual = statistics.median([share for share in shares if share is not None] or [1.0])
    total, done = sum(usual if share is None else share for share in shares), 0
    left = {renewal.name: len(renewal.missing) for renewal in work}
    by_name = {renewal.name: renewal for renewal in work}
    for renewal in work:
        renewal.begin()
        if not renewal.missing:
            renewal.finish()
    try:
        with tqdm(total=total, bar_format=BAR, smoothing=0, disable=None) as bar:
            for draw, line in _computed(missing):
                renewal = by_name[draw.recipe]
                store.append_draw(renewal.path, line)
                done, left[draw.recipe] = done + 1, left[draw.recipe] - 1
                if not left[draw.recipe]:
                    renewal.finish()
                bar.set_description(f"{done} of {len(missing)} draws", refresh=False)
                bar.update(usual if draw.seconds is None else draw.share())
    except KeyboardInterrupt:
        raise SystemExit(
            f"stopped; {done} of {len(missing)} draws are kept, and {how_to_go_on} goes on"
        ) from None


def _computed(draws):
    """Yield each draw with its line when it is done."""
    for draw in draws:
        if draw.alone:
            yield draw.compute()
    rest = longest_first(draw for draw in draws if not draw.alone)
    follow = {"initializer": _follow, "initargs": [os.getpid()]}
    with parallel_config("loky", inner_max_num_threads=1, **follow):
        pool = Parallel(n_jobs=-1, batch_size=1, return_as="generator_unordered")
    yield from pool(delayed(Draw.compute)(draw) for draw in rest)


def _follow(main):
    """Leave Ctrl-C, which every process of a terminal gets, to the main one, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after, args=[main], daemon=True).start()


def _end_after(main):
    """Wait until another process, or none, has taken the main one's place."""
    while (parent := psutil.Process().parent()) and parent.pid == main:
        time.sleep(1)
    os._exit(1)  # nobody reads what is computed here
