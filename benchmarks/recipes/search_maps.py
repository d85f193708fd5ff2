"""Chapter 13: two maps of the accuracy on the digits, rate by momentum and rate by units.

A draw fixes the split and the start weights.
"""

from benchmarks.search_tasks import DEFAULTS, EPOCHS, learn, parts, right

SETTINGS = {
    "seeds": 20,
    "exponents": [-5, -4.5, -4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1],
    "windows": [0, 1, 2, 3],
    "sizes": [1, 3, 5, 7],
}


def draws(settings):
    """Draw both maps from each seed."""
    axes = {name: settings[name] for name in ("exponents", "windows", "sizes")}
    return {f"seed {seed}": {"seed": seed, **axes} for seed in range(settings["seeds"])}


def draw(seed, exponents, windows, sizes):
    """Return how many of the 400 validation images are read right, a row for each rate."""
    train, valid, _ = parts("digits", seed)

    def count(exponent, **setting):
        settings = {**DEFAULTS, **setting, "lr": 10.0**exponent}
        net = learn(*train, seed, **settings, epochs=EPOCHS["digits"])
        return round(right(net, *valid) * len(valid[0]))

    return {
        "beta1": [[count(r, beta1=1 - 10.0**-step) for step in windows] for r in exponents],
        "units": [[count(r, units=2**step) for step in sizes] for r in exponents],
    }


def collect(settings, found):
    """Return the axes, and for each map its accuracies, of shape (seeds, exponents, steps)."""
    maps = {
        name: [
            [[count / 400 for count in row] for row in found[f"seed {seed}"][name]]
            for seed in range(settings["seeds"])
        ]
        for name in ("beta1", "units")
    }
    return {name: settings[name] for name in ("exponents", "windows", "sizes")} | maps
