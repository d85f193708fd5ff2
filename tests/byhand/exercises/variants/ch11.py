"""Right answers of chapter 11 in other styles."""

import math

import numpy as np


def stop_with_a_counter(costs, patience):
    best, kept, waited = float("inf"), 0, 0
    for epoch, cost in enumerate(costs):
        if cost < best:
            best, kept, waited = cost, epoch, 0
        else:
            waited += 1
            if waited == patience:
                return epoch, kept
    return epoch, kept


def stop_by_minima(costs, patience):
    for epoch in range(len(costs)):
        kept = int(np.argmin(costs[: epoch + 1]))
        if epoch >= kept + patience:
            break
    return epoch, kept


def enough_by_search(rate_a, rate_b, apart):
    both = rate_a * (1 - rate_a) + rate_b * (1 - rate_b)
    n = 1
    while apart * math.sqrt(both / n) > abs(rate_a - rate_b) * (1 + 1e-12):
        n += 1
    return n


def elastic_by_cases(w_hat, lam1, lam2):
    right = (w_hat - lam1 / 2) / (1 + lam2)
    left = (w_hat + lam1 / 2) / (1 + lam2)
    return np.where(right > 0, right, np.where(left < 0, left, 0.0))


def layer_with_where(X, W, U, keep_prob, dZ):
    A = np.where(U < keep_prob, X / keep_prob, 0.0)
    dA = np.einsum("no,oi->ni", dZ, W)
    return (
        np.einsum("ni,oi->no", A, W),
        np.einsum("no,ni->oi", dZ, A),
        np.where(U < keep_prob, dA / keep_prob, 0.0),
    )


def layer_in_two_steps(X, W, U, keep_prob, dZ):
    mask = (U < keep_prob).astype(float)
    A = X * mask / keep_prob
    return A.dot(W.T), dZ.T.dot(A), dZ.dot(W) * mask / keep_prob


def luck_by_loop(X, t):
    best = 0.5
    for j in range(X.shape[1]):
        right = sum(int(a == b) for a, b in zip(X[:, j], t, strict=True))
        best = max(best, right / len(t), 1 - right / len(t))
    return best


VARIANTS = {
    "early-stopping": [stop_with_a_counter, stop_by_minima],
    "reg-enough": [
        enough_by_search,
        lambda a, b, z: math.ceil(round((a - a * a + b - b * b) * (z / (a - b)) ** 2, 9)),
    ],
    "reg-elastic": [
        elastic_by_cases,
        lambda w, lam1, lam2: (w - np.clip(w, -lam1 / 2, lam1 / 2)) / (1 + lam2),
    ],
    "reg-jitter": [
        lambda spread, n: spread * spread * 2 * n,
        lambda s, n: s**2 / (1 / (2 * n)),
    ],
    "reg-gap": [
        lambda share, classes: math.log((classes * (1 - share) + share) / share),
        lambda e, c: math.log(1 - e + e / c) - math.log(e / c),
    ],
    "reg-dropout-bug": [layer_with_where, layer_in_two_steps],
    "reg-luck": [luck_by_loop, lambda X, t: 0.5 + np.abs(t @ X).max() / (2 * len(t))],
    "reg-design": [
        lambda degrees: [0.5 if d in (1, 3, 5) else 1e8 for d in degrees],
        lambda degrees: np.where(degrees % 2 == 0, 1e4, 0.03 * degrees**3),
    ],
}
