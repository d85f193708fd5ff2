"""Right answers of chapter 13 in other styles."""

import math

import numpy as np


def mean_by_substitution(low, high):
    r = math.log(high / low)
    return low * math.expm1(r) / r


def trials_by_counting(q, p):
    for n in range(2, 100_000):
        none, one = (1 - q) ** n, n * q * (1 - q) ** (n - 1)
        if none + one <= 1 - p:
            return n
    return None


def trials_by_the_binomial(q, p):
    def good(n):
        return sum(math.comb(n, k) * q**k * (1 - q) ** (n - k) for k in (0, 1))

    n = 1
    while good(n) > 1 - p:
        n += 1
    return float(n)


def zoom_in_logs(low, high, best, keep):
    a, b, c = np.log10([low, high, best])
    half = keep * (b - a) / 2
    return 10 ** max(a, c - half), 10 ** min(b, c + half)


def zoom_clipped(low, high, best, keep):
    half = keep / 2 * np.log(high / low)
    return np.clip(best * np.exp([-half, half]), low, high)


def steepest_by_loop(rates, costs):
    found, least = None, math.inf
    for a, b, before, after in zip(rates, rates[1:], costs, costs[1:], strict=False):
        slope = (after - before) / (math.log10(b) - math.log10(a))
        if slope < least:
            found, least = 10 ** ((math.log10(a) + math.log10(b)) / 2), slope
    return found


def steepest_with_gradient(rates, costs):
    k = np.argmax(-np.diff(costs) / np.diff(np.log2(rates)))
    return np.exp(np.log(rates[k : k + 2]).mean())


def halve_with_lists(scores):
    alive = list(range(len(scores)))
    for j in range(scores.shape[1] - 1):
        alive = sorted(alive, key=lambda i: scores[i, j], reverse=True)[: len(alive) // 2]
    return max(alive, key=lambda i: scores[i, -1])


def halve_with_a_mask(scores):
    out = np.zeros(len(scores), dtype=bool)
    for column in scores.T[:-1]:
        left = np.where(out, -np.inf, column)
        half = np.sum(~out) // 2
        out = ~np.isin(np.arange(len(scores)), np.argsort(left)[::-1][:half])
    return np.argmax(np.where(out, -np.inf, scores[:, -1]))


def luck_step_by_step(n, s):
    return s if n == 1 else luck_step_by_step(n - 1, s) + s / n


def lost_by_rank(quality, early):
    rows = np.arange(len(quality))
    own = early[rows, quality.argmax(axis=1)]
    better = np.sum(early > own[:, np.newaxis], axis=1)
    return np.mean(better >= quality.shape[1] // 2)


def lost_by_loop(quality, early):
    lost = 0
    for q, e in zip(quality, early, strict=True):
        stay = sorted(range(len(q)), key=lambda i: -e[i])[: len(q) // 2]
        lost += int(np.argmax(q)) not in stay
    return lost / len(quality)


def spread_by_shuffling():
    rng, best = np.random.default_rng(0), None
    line = np.linspace(0, 1, 41)
    places = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 1, 2)
    for _ in range(400):
        points = np.stack([rng.permutation(20), np.arange(20)], axis=1) / 20 + 0.025
        hole = np.linalg.norm(places - points, axis=-1).min(axis=1).max()
        if best is None or hole < best[0]:
            best = hole, points
    return best[1]


VARIANTS = {
    "log-mean": [mean_by_substitution, lambda a, b: (b - a) / (np.log(b) - np.log(a))],
    "zoom": [zoom_in_logs, zoom_clipped],
    "enough-trials": [trials_by_counting, trials_by_the_binomial],
    "steepest-rate": [steepest_by_loop, steepest_with_gradient],
    "halving-bug": [halve_with_lists, halve_with_a_mask],
    "lucky-exponential": [
        luck_step_by_step,
        lambda n, s: sum(s / (n - k) for k in range(n)),
    ],
    "lost-share": [lost_by_rank, lost_by_loop],
    "search-spread": [
        spread_by_shuffling(),
        [[(i + 0.5) / 20, (i * (math.sqrt(5) - 1) / 2) % 1] for i in range(20)],
    ],
}
