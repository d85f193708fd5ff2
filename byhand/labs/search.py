"""Lab ``search`` (chapter 13): where the trials fall, and how good the best of them is."""

from functools import cache

import numpy as np

from byhand.labs.challenges import Challenge
from byhand.labs.controls import Drawing, Scrubber, Select, Slider
from byhand.labs.lab import Lab
from dlcore.search import Uniform

SEED = 0
TASKS = 1000
STOPS = [*range(1, 11), 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500, 700, TASKS]
RATES = 1e-4, 1.0
WIDTH = 0.1  # of the hill of good settings, as a share of an axis
ROUNDS, ZOOM = 3, 0.3  # of the search from coarse to fine
GRIDS = {  # budget: values of the learning rate, values of the other hyperparameter
    6: (2, 3), 9: (3, 3), 12: (3, 4), 24: (4, 6), 30: (5, 6),
    36: (6, 6), 42: (6, 7), 54: (6, 9), 72: (8, 9), 90: (9, 10),
}  # fmt: skip
IMPORTANCES = [0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0]
METHODS = {"grid": "grid", "random": "random", "fine": "coarse to fine"}
OWN = "own"  # the reader's points
NINE, LEVELS = 9, 20  # how many points the reader has, and where on an axis each can stand
ACROSS, UP = "000aaakkk", "0ak0ak0ak"  # as words: at first they are the grid
AXES = {"log": "logarithmic", "linear": "linear"}


@cache
def tasks():
    """Return where the best setting of each task lies (T, 2), and each task's draws (T, n, 2)."""
    rng = np.random.RandomState(SEED)  # the browser draws the same
    return rng.random((TASKS, 2)), rng.random((TASKS, max(GRIDS), 2))


def own_places(across, up):
    """Return the places (9, 2) that two drawings put the reader's points at."""
    words = zip(across, up, strict=True)
    return np.array([[int(digit, 36) / LEVELS for digit in pair] for pair in words])


def places(shares, axis):
    """Put shares (..., 2) of the two ranges on the map, whose learning rates are logarithmic."""
    if axis == "log":
        return shares
    values = Uniform(*RATES).low + shares[..., 0] * (RATES[1] - RATES[0])
    decades = np.log10(values / RATES[0]) / np.log10(RATES[1] / RATES[0])
    return np.stack([decades, shares[..., 1]], axis=-1)


def settings_at(places):
    """Return the learning rates and the other values at these places (n, 2)."""
    return RATES[0] * (RATES[1] / RATES[0]) ** places[:, 0], places[:, 1]


def score(places, optimum, importance):
    """Return how good the settings at ``places`` (..., 2) are: 1 at the optimum, 0 far away."""
    distance = (places - optimum) / WIDTH
    return np.exp(-0.5 * (distance[..., 0] ** 2 + importance * distance[..., 1] ** 2))


def trials(method, budget, axis, importance):
    """Search all tasks at once, with the draws that ``dlcore.search`` would take.

    Returns
    -------
    array, shape (T, budget, 2)
        The places that are tried, in order.
    """
    optima, draws = tasks()
    if method == "random":
        return places(draws[:, :budget], axis)
    if method == "grid":
        rates, others = (np.linspace(0, 1, count) for count in GRIDS[budget])
        grid = np.stack(np.meshgrid(rates, others, indexing="ij"), axis=-1).reshape(-1, 2)
        return np.broadcast_to(places(grid, axis), (TASKS, budget, 2))
    each = budget // ROUNDS
    low, high = np.zeros((TASKS, 1, 2)), np.ones((TASKS, 1, 2))
    shares = draws[:, :0]
    for start in range(0, budget, each):
        new = low + draws[:, start : start + each] * (high - low)
        shares = np.concatenate([shares, new], axis=1)
        found = score(places(shares, axis), optima[:, np.newaxis], importance).argmax(axis=1)
        center = shares[np.arange(TASKS), found][:, np.newaxis]
        width = ZOOM * (high - low)
        low, high = np.maximum(center - width / 2, low), np.minimum(center + width / 2, high)
    return places(shares, axis)


@cache
def found(method, budget, axis, importance):
    """Return the best score of each task (T,)."""
    return best(trials(method, budget, axis, importance), importance)


def best(tried, importance):
    """Return the best score of each task (T,), whose trials are at ``tried`` (T or 1, n, 2)."""
    return score(tried, tasks()[0][:, np.newaxis], importance).max(axis=1)


def state(method, budget, axis, importance, across, up):
    """Search 1,000 tasks in three ways and at the reader's nine points, one task after another."""
    placed = method == OWN or (across, up) != (ACROSS, UP)
    budget = NINE if method == OWN else budget
    rates, others = GRIDS[budget]
    tried = {m: trials(m, budget, axis, importance) for m in METHODS}
    tried[OWN] = np.broadcast_to(own_places(across, up), (TASKS, NINE, 2))
    scores = {m: best(points, importance) for m, points in tried.items()}
    series = {m: [scores[m][:stop].mean() for stop in STOPS] for m in scores}
    series["one"] = [scores[method][stop - 1] for stop in STOPS]
    if not placed:
        series[OWN] = [None] * len(STOPS)
    series["best_rate"], series["best_other"] = settings_at(tasks()[0][np.array(STOPS) - 1])
    shown = [(stop, m, points[stop - 1]) for stop in STOPS for m, points in tried.items()]
    rate, other = settings_at(np.concatenate([points for _, _, points in shown]))
    return {
        "budget": budget,
        "rates": rates,
        "others": others,
        "different": len(set(across)) if placed else None,
        "grid_gap": 1 / (4 * (rates - 1)),
        "random_gap": (budget + 3) / (2 * (budget + 1) * (budget + 2)),
        "trials": {
            "task": [stop for stop, _, points in shown for _ in points],
            "method": [m for _, m, points in shown for _ in points],
            "rate": rate,
            "other": other,
        },
        "spread": {
            m: [np.quantile(each[:stop], [0.1, 0.9]) for stop in STOPS]
            for m, each in scores.items()
        },
        "series": series,
    }


def shared():
    """Return what the browser searches with, and the mean best score for every budget."""
    curves = {
        axis: {
            f"{weight:g}": {
                m: [found(m, b, axis, weight).mean().round(4) for b in GRIDS] for m in METHODS
            }
            for weight in IMPORTANCES
        }
        for axis in AXES
    }
    return {
        "seed": SEED,
        "tasks": TASKS,
        "width": WIDTH,
        "rates": RATES,
        "rounds": ROUNDS,
        "zoom": ZOOM,
        "budgets": list(GRIDS),
        "grids": {str(budget): grid for budget, grid in GRIDS.items()},
        "start": [ACROSS, UP],
        "curves": curves,
    }


def search():
    """Return the lab of chapter 13: where to put the trials."""
    not_own = {"method": list(METHODS)}
    return Lab(
        name="search",
        title="Where should the trials go?",
        note=f"{TASKS:,} tasks (seed {SEED}), each with its best setting somewhere else on the "
        "map. A setting scores 1 at that place and less around it. The grid is the same for all "
        f"tasks; coarse to fine takes {ROUNDS} rounds and keeps {ZOOM:.0%} of each range. Drag on "
        "the map to place nine points of your own, which all tasks get, too.",
        controls=[
            Select(
                name="method",
                label="Trials shown",
                options=METHODS | {OWN: "your own nine"},
                value="grid",
            ),
            Slider(
                name="budget",
                label="Trials",
                values=list(GRIDS),
                value=9,
                off={"method": [OWN]},
            ),
            Select(
                name="point",
                label="Your point",
                options={str(k): str(k) for k in range(1, NINE + 1)},
                value="1",
                off=not_own,
            ),
            Drawing(
                name="across",
                label="Its learning rate",
                value=ACROSS,
                levels=LEVELS,
                off=not_own,
            ),
            Drawing(name="up", label="Its other value", value=UP, levels=LEVELS, off=not_own),
            Select(name="axis", label="Learning rate's scale", options=AXES, value="log"),
            Slider(
                name="importance",
                label="How much the other one matters",
                values=IMPORTANCES,
                value=0.0,
            ),
            Scrubber(name="tasks", label="Tasks", values=STOPS, value=TASKS, frame=180),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "With {budget} trials the best score, mean of {tasks:,d task}, is {grid:.2f} for the "
            "grid, {random:.2f} for random search and {fine:.2f} for coarse to fine. The grid "
            "tries only {rates} learning rates; the others try {budget}.",
            "On the task that is shown the best trial ({method}) scores {one:.2f}.",
            "Your own nine points try {different:d rate} and reach {own:.2f}.",
        ],
        equation=[
            "grid: {budget} trials = {rates} × {others}, so the best learning rate is missed by "
            "1 / (4 · ({rates} − 1)) = {grid_gap:.3f} of the range on average",
            "random: ({budget} + 3) / (2 ({budget} + 1)({budget} + 2)) = {random_gap:.3f}",
        ],
        code="best(random_search(score, space, {budget}, rng))",
        alt="Left: a map of the learning rate and another hyperparameter with {budget} trials on a "
        "grid and a cross at the best setting. Right: the mean best score of each method on all "
        "tasks, {grid:.2f} for the grid and {random:.2f} for random search; and how it rises with "
        "the number of trials, a curve for each of the three methods.",
        challenge=Challenge(
            text="Place your nine points where they do best when the other hyperparameter has an "
            "importance of 0.2. The score is the mean best score of all 1,000 tasks.",
            score=OWN,
            format=".3f",
            lowest=False,
            where={"method": [OWN], "axis": ["log"], "importance": [0.2], "tasks": [TASKS]},
            par={"method": "random", "importance": 0.2},
            par_score="random",
            par_words="which nine random points reach",
        ),
        question="Nine trials, and only the learning rate matters. Over 1,000 tasks, which search "
        "finds the better setting?",
        reveal={"method": "random"},
        answers={
            "The 3 × 3 grid: it covers the map evenly": "It covers the <em>map</em> evenly. On the "
            "one axis that matters its nine trials lie on three values.",
            "Nine random points": "Yes: nine different learning rates against three.",
            "Both the same: nine trials are nine trials": "Three of the grid's trials share each "
            "learning rate, and say the same thing three times.",
        },
    )
