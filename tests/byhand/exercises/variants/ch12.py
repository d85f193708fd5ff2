"""Right answers of chapter 12 in other styles."""

import math

import numpy as np


def batches_by_splitting(X, y, B, orders):
    pieces = []
    for order in orders:
        for rows in np.split(order, range(B, len(order), B)):
            pieces.append([X[rows], y[rows]])
    return pieces


def batches_shuffled_first(X, y, B, orders):
    found = []
    for order in orders:
        inputs, labels = X[order], y[order]
        found += [(inputs[k : k + B], labels[k : k + B]) for k in range(0, len(y), B)]
    return found


def twice_by_running(T, beta):
    inner, outer = np.zeros(T), np.zeros(T)
    for t in range(T):
        inner = beta * inner
        inner[t] += 1 - beta
        outer = beta * outer + (1 - beta) * inner
    return outer


def limit_by_search(beta, curvature):
    low, high = 0.0, 3.0
    for _ in range(60):
        x = (low + high) / 2
        roots = np.roots([1, -(1 + beta) * (1 - x), beta * (1 - x)])
        low, high = (x, high) if np.abs(roots).max() < 1 else (low, x)
    return low / curvature


def steps_by_counting(H, share):
    values = np.linalg.eigvals(H).real
    kappa, counts = max(values) / min(values), []
    for q in (kappa, math.sqrt(kappa)):
        left, count = 1.0, 0
        while left > share:
            left, count = left * (1 - 2 / (q + 1)), count + 1
        counts.append(count)
    return counts


def way_by_steps(steps, beta1, beta2):
    v = s = way = 0.0
    for t in range(1, steps + 1):
        g = 1.0 if t == 1 else 0.0
        v = beta1 * v + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g * g
        way += v / (1 - beta1**t) / math.sqrt(s / (1 - beta2**t))
    return way


def schedule_by_cases(step, lr, warm, steps):
    if step < warm:
        return lr / warm * (step + 1)
    return lr * math.cos(math.pi / 2 * (step - warm) / (steps - warm)) ** 2


VARIANTS = {
    "opt-batches": [batches_by_splitting, batches_shuffled_first],
    "opt-weights": [
        twice_by_running,
        lambda T, beta: np.array(
            [(T - t) * (1 - beta) ** 2 * beta ** (T - 1 - t) for t in range(T)]
        ),
    ],
    "opt-momentum": [
        limit_by_search,
        lambda beta, curvature: (1 + 1 / (1 + 2 * beta)) / curvature,
    ],
    "opt-best-rate": [
        steps_by_counting,
        lambda H, share: np.ceil(
            [
                math.log(share) / math.log(1 - 2 / (q + 1))
                for q in (np.linalg.cond(H), np.linalg.cond(H) ** 0.5)
            ]
        ),
    ],
    "opt-adam": [
        way_by_steps,
        lambda steps, b1, b2: sum(
            (1 - b1) * b1 ** (t - 1) / (1 - b1**t)
            * math.sqrt((1 - b2**t) / ((1 - b2) * b2 ** (t - 1)))
            for t in range(1, steps + 1)
        ),
    ],
    "opt-schedule": [
        schedule_by_cases,
        lambda step, lr, warm, steps: lr * min(
            (step + 1) / warm,
            0.5 + 0.5 * np.cos(np.pi * max(step - warm, 0) / (steps - warm)),
        ),
    ],
    "opt-plan": [
        lambda steps: [min(0.085, 2.1 / (t + 1)) for t in range(steps)],
        lambda steps: np.where(np.arange(steps) < 20, 0.09, 2 / np.arange(1, steps + 1)),
    ],
}  # fmt: skip
