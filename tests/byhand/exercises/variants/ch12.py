"""Right answers of chapter 12 in other styles."""

import math

import numpy as np


def batches_by_popping(order, B):
    left, found = list(order), []
    while left:
        found.append(np.array(left[:B]))
        left = left[B:]
    return found


def weights_by_recursion(T, beta):
    weights = np.zeros(T)
    for t in range(T):
        weights *= beta
        weights[t] += 1 - beta
    return weights / (1 - beta**T)


def momentum_by_difference(theta, g, v, lr, beta):
    new = v + (1 - beta) * (g - v)
    return theta - lr * new, new


def adam_with_one_rate(theta, g, v, s, t, lr, beta1, beta2, eps):
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    root = np.sqrt(1 - beta2**t)
    return theta - lr * root / (1 - beta1**t) * v / (np.sqrt(s) + eps * root), v, s


def adam_by_entries(theta, g, v, s, t, lr, beta1, beta2, eps):
    theta, v, s = theta.copy(), v.copy(), s.copy()
    for i in range(len(theta)):
        v[i] = beta1 * v[i] + (1 - beta1) * g[i]
        s[i] = beta2 * s[i] + (1 - beta2) * g[i] ** 2
        step = v[i] / (1 - beta1**t) / (math.sqrt(s[i] / (1 - beta2**t)) + eps)
        theta[i] -= lr * step
    return theta, v, s


def best_rate_sorted(curvatures):
    low, *_, high = sorted(curvatures)
    rate = 2 / (low + high)
    return 2 / high, rate, 1 - rate * low


def schedule_by_cases(step, lr, warm, steps):
    if step < warm:
        return lr / warm * (step + 1)
    return lr * math.cos(math.pi / 2 * (step - warm) / (steps - warm)) ** 2


VARIANTS = {
    "opt-batches": [
        batches_by_popping,
        lambda order, B: np.split(order, range(B, len(order), B)),
    ],
    "opt-weights": [
        weights_by_recursion,
        lambda T, beta: np.array(
            [beta ** (T - 1 - t) * (1 - beta) / (1 - beta**T) for t in range(T)]
        ),
    ],
    "opt-momentum": [
        momentum_by_difference,
        lambda theta, g, v, lr, beta: np.array(
            [theta - lr * (beta * v + (1 - beta) * g), beta * v + (1 - beta) * g]
        ),
    ],
    "opt-adam": [adam_with_one_rate, adam_by_entries],
    "opt-best-rate": [
        best_rate_sorted,
        lambda c: np.array([2 / c.max(), 2 / (c.max() + c.min()), np.ptp(c) / (c.max() + c.min())]),
    ],
    "opt-schedule": [
        schedule_by_cases,
        lambda step, lr, warm, steps: lr * min(
            (step + 1) / warm,
            0.5 + 0.5 * np.cos(np.pi * max(step - warm, 0) / (steps - warm)),
        ),
    ],
}  # fmt: skip
