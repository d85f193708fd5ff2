"""Chapter 07: a network that learns how noisy its targets are, and one that does not.

Points of a sine with a standard deviation that grows with x. ``varying``: two outputs, the mean and
the logarithm of the variance, under ``gaussian_nll``. ``constant``: one output under ``quadratic``,
and one variance for all, the mean square on the training points. Each draw draws the points and the
start weights, and each side chooses its rate on points that train nothing.
"""

import numpy as np

from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, Tanh
from dlcore.losses import gaussian_nll, quadratic
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "draws": 24,
    "n": 300,
    "validation": 150,
    "test": 2000,
    "hidden": 20,
    "rates": [3e-3, 1e-2, 3e-2],
    "epochs": 1500,
}
MEASURES = ["nll", "error_of_mean", "quiet_inside", "loud_inside", "error_of_deviation"]


def draws(settings):
    """Train both networks from every seed."""
    same = {name: value for name, value in settings.items() if name != "draws"}
    return {
        f"{outputs}, seed {seed}": {"outputs": outputs, "seed": seed, **same}
        for outputs in ("varying", "constant")
        for seed in range(settings["draws"])
    }


def noise(x):
    """Return the standard deviation of the targets at x (N,)."""
    return 0.05 + 0.4 / (1 + np.exp(-2 * x))


def points(rng, n):
    """Draw x (n, 1) from -3 to 3, and targets (n,)."""
    x = rng.uniform(-3, 3, n)
    return x[:, np.newaxis], np.sin(2 * x) + noise(x) * rng.standard_normal(n)


def draw(outputs, seed, n, validation, test, hidden, rates, epochs):
    """Return the measures on fresh points, at the rate that is best on the validation points."""
    rng = np.random.default_rng(seed)
    (X, y), (X_chosen, y_chosen), (X_test, y_test) = (
        points(rng, size) for size in (n, validation, test)
    )
    out = 2 if outputs == "varying" else 1
    net = Sequential(fc1=Affine(1, hidden, xavier_normal), tanh1=Tanh(),
                     fc2=Affine(hidden, out, xavier_normal))  # fmt: skip
    start = net.init(rng)
    best = None
    for rate in rates:
        params, _ = fit(
            net, start, X, y if out == 2 else y[:, np.newaxis], optimizer=Adam(lr=rate),
            loss=gaussian_nll if out == 2 else quadratic, epochs=epochs, progress=False,
        )  # fmt: skip
        S = [net.forward(params, inputs)[0] for inputs in (X, X_chosen, X_test)]
        if out == 1:
            r = np.log(np.mean((S[0][:, 0] - y) ** 2))
            S = [np.column_stack([scores, np.full(len(scores), r)]) for scores in S]
        value, _ = gaussian_nll(S[1], y_chosen)
        if best is None or value < best[0]:
            best = value, S[2]
    return _measured(best[1], X_test[:, 0], y_test)


def _measured(S, x, y):
    deviation = np.exp(S[:, 1] / 2)
    inside = np.abs(y - S[:, 0]) < 2 * deviation
    return [
        float(gaussian_nll(S, y)[0]),
        float(np.sqrt(np.mean((S[:, 0] - np.sin(2 * x)) ** 2))),
        float(np.mean(inside[x < -1])),
        float(np.mean(inside[x > 1])),
        float(np.mean(np.abs(deviation - noise(x)))),
    ]


def collect(settings, found):
    """Return, for each kind of network and measure, a list of the draws."""
    return {
        outputs: {
            measure: [found[f"{outputs}, seed {seed}"][k] for seed in range(settings["draws"])]
            for k, measure in enumerate(MEASURES)
        }
        for outputs in ("varying", "constant")
    }
