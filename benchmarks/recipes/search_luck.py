"""Chapter 13: how far the best of many equal networks leads, on images that chose it and others.

A draw fixes the images to train on and the start weights of forty networks with the same
hyperparameters; the other images are split 200 times.
"""

import numpy as np

from benchmarks.search_tasks import DEFAULTS, EPOCHS, learn, parts

SETTINGS = {
    "seeds": 20,
    "networks": 40,
    "rate": 0.03,
    "sizes": [100, 400],
    "counts": [5, 10, 20, 40],
}


def draws(settings):
    """Train forty networks from each seed."""
    same = {name: settings[name] for name in ("networks", "rate", "sizes", "counts")}
    return {f"seed {seed}": {"seed": seed, **same} for seed in range(settings["seeds"])}


def draw(seed, networks, rate, sizes, counts):
    """Return in points, for each validation size and number of networks, the winner's mean lead.

    Three numbers: on the images that chose it, on others, and where the scores were independent,
    s times the mean of the largest of so many standard normal numbers.
    """
    train, valid, test = parts("digits", seed)
    X, y = (np.concatenate(pair) for pair in zip(valid, test, strict=True))
    settings = {**DEFAULTS, "lr": rate, "epochs": EPOCHS["digits"]}
    nets = [learn(*train, 1000 * seed + k, **settings) for k in range(networks)]
    hits = np.array([net(X).argmax(axis=1) == y for net in nets])  # (networks, images)
    rng = np.random.default_rng([seed, 2])
    orders = [rng.permutation(len(y)) for _ in range(200)]
    normal = np.random.default_rng(0).standard_normal((20_000, networks))
    p, found = hits.mean(), {}
    for size in sizes:
        for n in counts:
            leads = [_leads(hits[:n], order, size) for order in orders]
            luck, kept = 100 * np.mean(leads, axis=0)
            spread = 100 * np.sqrt(p * (1 - p) / size) * normal[:, :n].max(axis=1).mean()
            found[f"{size} {n}"] = [round(float(x), 3) for x in (luck, kept, spread)]
    return found


def _leads(hits, order, size):
    """Return the winner's lead over the mean on the first images of an order, and on the others."""
    on_valid, on_test = hits[:, order[:size]].mean(axis=1), hits[:, order[size:]].mean(axis=1)
    winner = on_valid.argmax()
    return on_valid[winner] - on_valid.mean(), on_test[winner] - on_test.mean()


def collect(settings, found):
    """Return for each size and count "luck", "kept" and "independent", a number a draw."""
    runs = list(found.values())
    return {
        key: dict(
            zip(
                ("luck", "kept", "independent"),
                map(list, zip(*[run[key] for run in runs], strict=True)),
                strict=True,
            )
        )
        for key in runs[0]
    }
