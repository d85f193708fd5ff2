"""Exercises of chapter 12, optimizers."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.schedules import cosine, warmup

# opt-batches: find the bug


def _batches(X, y, B, orders, inputs="order", labels="order", last=True):
    """Return all batches; ``inputs`` and ``labels`` say in which order each is read."""
    found, (N, seen) = [], (len(X), np.arange(len(X)))
    for order in orders:
        seen = seen[order]
        rows = {"order": order, "again": seen, "file": np.arange(N), "first": orders[0]}
        end = N if last else N - N % B
        for k in range(0, end, B):
            found.append((X[rows[inputs][k : k + B]], y[rows[labels][k : k + B]]))
    return found


def _rows(batches):
    """View batches as rows of inputs and labels, whose order in a batch is left open."""
    tables = []
    for k, (X, y) in enumerate(batches):
        if len(X) == 0:
            raise ValueError(
                f"the batch at index {k} is empty: does a slice start at the end of the row?"
            )
        table = np.column_stack([X, y]).astype(float)
        tables.append(table[np.lexsort(table.T)])
    rows = np.full((len(tables), max(map(len, tables), default=0), 3), np.nan)
    for row, table in zip(rows, tables, strict=True):
        row[: len(table)] = table
    return rows


def _epochs_case(rng, N, B, epochs):
    X = np.round(rng.standard_normal((N, 2)), 3)
    return X, rng.permutation(N), B, [rng.permutation(N) for _ in range(epochs)]


BATCHES = Exercise(
    name="opt-batches",
    verifies="every input beside its own label, in every epoch",
    reference=lambda X, y, B, orders: _batches(X, y, B, orders),
    returns=("batches (rows of inputs and label, sorted; nan fills up)",),
    planted=lambda X, y, B, orders: _batches(X, y, B, orders, inputs="again"),
    cases=lambda rng: {
        "six in threes, twice": _epochs_case(rng, 6, 3, 2),
        "seven in threes, three times": _epochs_case(rng, 7, 3, 3),
        "300 in batches of 64, once": _epochs_case(rng, 300, 64, 1),
        "40 in batches of 64, four times": _epochs_case(rng, 40, 64, 4),
    },
    mistakes={
        "the last partial batch is dropped, which the code did not do": lambda X, y, B, orders: (
            _batches(X, y, B, orders, last=False)
        ),
        "the labels are read as they lie in the file": lambda X, y, B, orders: _batches(
            X, y, B, orders, labels="file"
        ),
        "the inputs are read as they lie in the file": lambda X, y, B, orders: _batches(
            X, y, B, orders, inputs="file"
        ),
        "both are reordered again on top of the last epoch's order: the pairs are right, but an "
        "epoch does not have the order that it was given": lambda X, y, B, orders: _batches(
            X, y, B, orders, inputs="again", labels="again"
        ),
        "every epoch has the first one's order": lambda X, y, B, orders: _batches(
            X, y, B, orders, inputs="first", labels="first"
        ),
        "nothing is shuffled: inputs and labels are read as they lie in the file": (
            lambda X, y, B, orders: _batches(X, y, B, orders, inputs="file", labels="file")
        ),
        "the labels are reordered again on top of the last epoch's order, and the inputs are not": (
            lambda X, y, B, orders: _batches(X, y, B, orders, labels="again")
        ),
    },
    hints=(
        "Run it by hand for two epochs of three examples, and write the label beside each input.",
        "In the second epoch X is no longer what came in, and y still is.",
        "Read both by the same indices: batch = order[k : k + B], then X[batch] and y[batch].",
    ),
    view=_rows,
    numbers={"of three examples": "given", "for two epochs": "given"},
)  # fmt: skip


# opt-weights: derive it


def _twice(T, beta):
    ages = np.arange(T)[::-1]
    return (1 - beta) ** 2 * (ages + 1) * beta ** ages.astype(float)


WEIGHTS = Exercise(
    name="opt-weights",
    verifies="the weights that you derived for an average of an average",
    reference=_twice,
    returns=("weights",),
    cases=lambda rng: {
        "two values": (2, 0.5),
        "one value": (1, 0.9),
        "ten values": (10, 0.9),
        "forty values, a longer memory": (40, 0.98),
    },
    mistakes={
        "the weights of one average are returned: there are two": lambda T, beta: (
            (1 - beta) * beta ** np.arange(T)[::-1].astype(float)
        ),
        "the number of ways is left out: a value of age k takes k + 1 ways through the two": (
            lambda T, beta: (1 - beta) ** 2 * beta ** np.arange(T)[::-1].astype(float)
        ),
        "a value of age k is given k ways: it is one more": lambda T, beta: (
            (1 - beta) ** 2 * np.arange(T)[::-1] * beta ** np.arange(T)[::-1].astype(float)
        ),
        "the factor 1 - beta comes in once: each average brings its own": lambda T, beta: (
            _twice(T, beta) / (1 - beta)
        ),
        "the weights of one average are squared": lambda T, beta: (
            ((1 - beta) * beta ** np.arange(T)[::-1].astype(float)) ** 2
        ),
        "the newest value comes first: the oldest should": lambda T, beta: _twice(T, beta)[::-1],
        "the weights are divided by their sum: no correction was asked for": lambda T, beta: (
            _twice(T, beta) / _twice(T, beta).sum()
        ),
    },
    hints=(
        "Put the expansion of the inner average into that of the outer one. Which pairs of "
        "ages, one in each average, add up to k?",
        "All pairs (j, k - j) with j from 0 to k, and each contributes the same.",
        "The weight of age k is (1 - beta) ** 2 * (k + 1) * beta ** k.",
    ),
)  # fmt: skip


# opt-momentum: derive it


MOMENTUM = Exercise(
    name="opt-momentum",
    verifies="the limit that you derived for Nesterov's form",
    reference=lambda beta, curvature: 2 * (1 + beta) / ((1 + 2 * beta) * curvature),
    returns=("limit",),
    entrywise=True,
    cases=lambda rng: {
        "no memory": (0.0, 4.0),
        "the usual memory": (0.9, 100.0),
        "half of it": (0.45, 0.3),
        "a long memory": (0.99, 7.0),
    },
    mistakes={
        "the limit of classical momentum is returned": lambda beta, curvature: (
            2 * (1 + beta) / curvature
        ),
        "the limit of gradient descent is returned, whatever beta is": lambda beta, curvature: (
            2 / curvature
        ),
        "only the product of the roots is kept below 1: one root may pass -1 before": (
            lambda beta, curvature: (1 + 1 / max(beta, 1e-9)) / curvature
        ),
        "the rate is that of the form with an average: Nesterov's has none": (
            lambda beta, curvature: 2 * (1 + beta) / ((1 + 2 * beta) * (1 - beta) * curvature)
        ),
        "the 2 in the numerator is left out": lambda beta, curvature: (
            (1 + beta) / ((1 + 2 * beta) * curvature)
        ),
        "the curvature multiplies: a steeper direction needs a smaller rate": (
            lambda beta, curvature: 2 * (1 + beta) / (1 + 2 * beta) * curvature
        ),
    },
    hints=(
        "With x = lr * curvature, write the first form of Nesterov for the place phi, and put "
        "phi[t - 1] - phi[t] for lr * u as the chapter does for momentum.",
        "phi[t + 1] = (1 - x) * ((1 + beta) * phi[t] - beta * phi[t - 1]). What is p(r), and "
        "where is p(-1) = 0?",
        "p(-1) = 1 + (1 - x) * (1 + 2 * beta), so x < 1 + 1 / (1 + 2 * beta).",
    ),
)  # fmt: skip


# opt-best-rate


def _steps(H, share, curvatures=np.linalg.eigvalsh, root=np.sqrt, rounded=np.ceil, best=None):
    values = curvatures(H)
    kappa = np.max(values) / np.min(values)
    counts = []
    for number in (kappa, root(kappa)):
        factor = (number - 1) / (number + 1) if best is None else best(number)
        counts.append(rounded(np.log(share) / np.log(factor)))
    return tuple(counts)


def _hessian(rng, curvatures):
    turn = np.linalg.qr(rng.standard_normal((len(curvatures), len(curvatures))))[0]
    return turn @ np.diag(curvatures) @ turn.T


BEST_RATE = Exercise(
    name="opt-best-rate",
    verifies="the steps of gradient descent and of momentum, each at its best",
    reference=lambda H, share: _steps(H, share),
    returns=("gradient descent", "momentum"),
    cases=lambda rng: {
        "a ravine along the axes": (np.diag([2.0, 100.0]), 1e-3),
        "turned": (np.array([[5.0, 4.0], [4.0, 5.0]]), 1e-6),
        "five parameters": (_hessian(rng, [0.3, 40.0, 1.0, 7.0, 2.0]), 1e-6),
        "a hundredth": (_hessian(rng, rng.uniform(1, 60, 4)), 0.01),
    },
    mistakes={
        "the diagonal is taken for the curvatures: in a turned ravine it is not": (
            lambda H, share: _steps(H, share, np.diag, best=lambda n: max((n - 1) / (n + 1), 1e-9))
        ),
        "momentum is given the factor of gradient descent": lambda H, share: _steps(
            H, share, root=lambda kappa: kappa
        ),
        "the number of steps is not rounded up": lambda H, share: _steps(
            H, share, rounded=lambda n: n
        ),
        "the rate is taken to be one over the steepest curvature, with the factor 1 - 1/κ": (
            lambda H, share: _steps(H, share, best=lambda n: 1 - 1 / n)
        ),
        "the factor is approximated by exp(-2/κ)": lambda H, share: _steps(
            H, share, rounded=lambda n: n, best=lambda n: np.exp(-2 / n)
        ),
        "both are swapped: momentum needs fewer steps": lambda H, share: _steps(H, share)[::-1],
        "β is taken for the factor of momentum, which is its root": lambda H, share: (
            _steps(H, share)[0],
            _steps(H, share, best=lambda n: ((n - 1) / (n + 1)) ** 2)[1],
        ),
    },
    hints=(
        "The curvatures are the eigenvalues of H: np.linalg.eigvalsh. Which two of them count?",
        "After n steps factor ** n of the distance is left. Solve for n, and round up.",
        "The factors are (q - 1) / (q + 1) with q = kappa for gradient descent and its root for "
        "momentum.",
    ),
)  # fmt: skip


# opt-adam: predict, then measure


def _way(steps, beta1, beta2, first=True, second=True, root=np.sqrt, since=0, old=1.0):
    t = np.arange(1, steps + 1)
    v = (1 - beta1) * beta1 ** (t - 1.0)
    s = (1 - beta2) * beta2 ** (t - 1.0)
    v = v / (1 - beta1**t) if first else v
    s = s / (1 - beta2**t) if second else s
    return old * np.sum((v / root(s))[since:])


ADAM = Exercise(
    name="opt-adam",
    verifies="how far one gradient moves a parameter under Adam",
    reference=lambda steps, beta1, beta2: _way(steps, beta1, beta2),
    returns=("way",),
    entrywise=True,
    predicts="your prediction for 200 steps with Adam's usual constants",
    cases=lambda rng: {
        "one step": (1, 0.9, 0.999),
        "two steps by hand": (2, 0.5, 0.75),
        "ten steps, a short memory of the squares": (10, 0.9, 0.5),
        "200 steps": (200, 0.9, 0.999),
    },
    mistakes={
        "the second average is not corrected": lambda steps, beta1, beta2: _way(
            steps, beta1, beta2, second=False
        ),
        "the first average is not corrected": lambda steps, beta1, beta2: _way(
            steps, beta1, beta2, first=False
        ),
        "neither average is corrected": lambda steps, beta1, beta2: _way(
            steps, beta1, beta2, first=False, second=False
        ),
        "the square root is left out": lambda steps, beta1, beta2: _way(
            steps, beta1, beta2, root=lambda s: s
        ),
        "only the last step is returned: asked is the sum of all": lambda steps, beta1, beta2: (
            _way(steps, beta1, beta2, since=steps - 1)
        ),
        "the parameter goes uphill: asked is a length": lambda steps, beta1, beta2: _way(
            steps, beta1, beta2, old=-1.0
        ),
        "the gradient is taken to be 1 in every step": lambda steps, beta1, beta2: float(steps),
        "the second correction uses beta1: s has its own beta2": lambda steps, beta1, beta2: sum(
            (1 - beta1) * beta1 ** (t - 1) / (1 - beta1**t)
            / np.sqrt((1 - beta2) * beta2 ** (t - 1) / (1 - beta1**t))
            for t in range(1, steps + 1)
        ),
    },
    hints=(
        "With a gradient of 1 in step 1 and 0 afterwards, what is v after t steps, and what s?",
        "v = (1 - beta1) * beta1 ** (t - 1), and s likewise. Correct both, and add up "
        "v_corrected / np.sqrt(s_corrected).",
        "While t is small beside 1 / (1 - beta2), the corrected s is about 1 / t: the steps are "
        "longer than v alone says by about the root of t.",
    ),
)  # fmt: skip


# opt-schedule


def _schedule(step, lr, warm, steps):
    return warmup(step, cosine(max(step - warm, 0), lr, steps - warm), warm)


SCHEDULE = Exercise(
    name="opt-schedule",
    verifies="warm-up to the full rate, then half a cosine down to 0",
    reference=_schedule,
    returns=("rate",),
    cases=lambda rng: {
        "the first step": (0, 0.2, 4, 12),
        "in the warm-up": (2, 0.2, 4, 12),
        "the first step after it": (4, 0.2, 4, 12),
        "half way down": (8, 0.2, 4, 12),
        "the last step": (999, 0.1, 100, 1000),
    },
    mistakes={
        "the first step has the rate 0: nothing is learned in it": lambda step, lr, warm, steps: (
            lr * step / warm if step < warm else _schedule(step, lr, warm, steps)
        ),
        "the cosine falls already during the warm-up": lambda step, lr, warm, steps: warmup(
            step, cosine(step, lr, steps), warm
        ),
        "the cosine takes all the steps, as if there were no warm-up": (
            lambda step, lr, warm, steps: warmup(step, cosine(max(step - warm, 0), lr, steps), warm)
        ),
        "the rate stays constant after the warm-up": lambda step, lr, warm, steps: warmup(
            step, lr, warm
        ),
        "the rate falls in a straight line": lambda step, lr, warm, steps: (
            _schedule(step, lr, warm, steps)
            if step < warm
            else lr * (1 - (step - warm) / (steps - warm))
        ),
        "there is no warm-up": lambda step, lr, warm, steps: cosine(
            max(step - warm, 0), lr, steps - warm
        ),
    },
    hints=(
        "Two cases: step < warm, and the rest.",
        "The warm-up ends at the full rate: step warm - 1 has lr * warm / warm.",
        "After it count anew: u = (step - warm) / (steps - warm) runs from 0 to 1, and the rate "
        "is lr * (1 + cos(pi * u)) / 2.",
    ),
)


# opt-plan: design


def _times_steps(rates):
    """View rates as the mean cost at the end, times the number of steps."""
    rates = np.asarray(rates, dtype=float)
    if rates.ndim != 1 or not np.all(np.isfinite(rates)):
        raise ValueError(f"the rates have shape {rates.shape}; one finite number per step, please")
    curvatures = np.array([1.0, 20.0])
    M = np.full(2, 100.0)
    for rate in rates:
        M = (1 - rate * curvatures) ** 2 * M + rate**2
    return float(np.sum(curvatures * M) / 2 * len(rates))


PLAN = Exercise(
    name="opt-plan",
    verifies="rates that bring a noisy ravine down as fast as 1/t",
    reference=lambda steps: np.minimum(0.09, 2 / (np.arange(steps) + 1)),
    returns=("rates",),
    view=_times_steps,
    goals={"cost times steps": ("at most", 1.7)},
    cases=lambda rng: {"100 steps": (100,), "1,000 steps": (1000,), "4,000 steps": (4000,)},
    mistakes={},
    hints=(
        "What does the best schedule of one parabola want for the flat direction, and which rate "
        "does the steep one allow?",
        "The flat one wants about 1 / (t + 1) in step t, counted from 0, and the steep one less "
        "than 2 / 20. The start is cut off by that bound: how is it made up for?",
        "Take the smaller of 0.09 and 2 / (t + 1).",
    ),
    numbers={"of 0.09": "given"},
)

EXERCISES = [BATCHES, WEIGHTS, MOMENTUM, BEST_RATE, ADAM, SCHEDULE, PLAN]
