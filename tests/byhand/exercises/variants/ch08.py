"""Right answers of chapter 08 in other styles."""

import itertools
import math

import numpy as np

from dlcore.activations import sigmoid


def staircase_by_loops(x, edges, heights):
    g = np.full(len(x), heights[0])
    for k in range(1, len(heights)):
        narrow = min(edges[k] - edges[k - 1], edges[k + 1] - edges[k])
        w = 10 * math.log(81) / narrow
        g = g + (heights[k] - heights[k - 1]) * (1 + np.tanh(w * (x - edges[k]) / 2)) / 2
    return g


def staircase_by_shares(x, edges, heights):
    widths = np.diff(edges)
    w = 40 * np.log(3) / np.array([min(pair) for pair in itertools.pairwise(widths)])
    ends = np.ones((1, len(x))), np.zeros((1, len(x)))
    a = np.concatenate([ends[0], sigmoid(w * np.subtract.outer(x, edges[1:-1])).T, ends[1]])
    return heights @ (a[:-1] - a[1:])


def weights_by_loops(values):
    h, before, weights = 1 / (len(values) - 1), 0.0, []
    for left, right in itertools.pairwise(values):
        slope = (right - left) / h
        weights.append(slope - before)
        before = slope
    return np.array(weights)


def weights_by_solving(values):
    knots = np.linspace(0, 1, len(values))
    A = np.maximum(knots[1:, None] - knots[:-1], 0)
    return np.linalg.solve(A, values[1:] - values[0])


def tower_by_loops(X, low, high, w, v):
    total = np.zeros(len(X))
    for i in range(X.shape[1]):
        total += sigmoid(w * (X[:, i] - low[i])) - sigmoid(w * (X[:, i] - high[i]))
    return sigmoid(v * (total - X.shape[1] + 0.5))


def tower_by_tanh(X, low, high, w, v):
    ridges = (np.tanh(w * (X - low) / 2) - np.tanh(w * (X - high) / 2)) / 2
    return (1 + np.tanh(v / 2 * (ridges @ np.ones(X.shape[1]) - X.shape[1] + 0.5))) / 2


def sawtooth_recursive(x, L):
    if L == 0:
        return x
    return sawtooth_recursive(2 * np.maximum(x, 0) - 4 * np.maximum(x - 0.5, 0), L - 1)


def sawtooth_by_two_sides(x, L):
    for _ in range(L):
        x = 1 - 2 * np.maximum(x - 0.5, 0) - 2 * np.maximum(0.5 - x, 0)
    return x


def tanh_by_loops(heights, w):
    n = len(heights)
    c, v, b = heights[0], [], []
    for k in range(1, n):
        v.append((heights[k] - heights[k - 1]) / 2)
        b.append(-w * k / n / 2)
        c += v[-1]
    return [w / 2] * (n - 1), b, v, c


def tanh_facing_left(heights, w):
    n = len(heights)
    steps = np.arange(1, n)[::-1] / n
    v = -np.diff(heights)[::-1] / 2
    return np.full(n - 1, -w / 2), w * steps / 2, v, heights[0] - v.sum()


def regions_by_corners(W, b):
    corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    heights = corners @ W.T + b
    total = 1 + np.sum((heights.min(axis=0) < 0) & (heights.max(axis=0) > 0))
    for (u, c), (v, d) in itertools.combinations(zip(W, b, strict=True), 2):
        det = u[0] * v[1] - u[1] * v[0]
        x, y = (u[1] * d - v[1] * c) / det, (v[0] * c - u[0] * d) / det
        total += max(abs(x), abs(y)) < 1
    return total


def regions_from_line_to_line(W, b):
    regions = 1
    for i in range(len(b)):
        if abs(b[i]) < abs(W[i, 0]) + abs(W[i, 1]):
            crossings = [np.linalg.solve(W[[i, j]], -b[[i, j]]) for j in range(i)]
            regions += 1 + sum(np.abs(x).max() < 1 for x in crossings)
    return regions


def root_by_solving(units):
    knots = np.linspace(0, 1, units + 1) ** 4
    A = np.maximum(knots[1:, None] - knots[:-1], 0)
    return knots[:-1], np.linalg.solve(A, np.sqrt(knots[1:]))


def root_with_lifted_knots(units):
    k = np.arange(units + 1) / units
    values = k**2 + 0.001 * (k > 0) * (k < 1)
    slopes = np.diff(values) / np.diff(k**4)
    return list(k[:-1] ** 4), list(np.diff(slopes, prepend=0))


def patterns_in_a_set(W, b, X):
    return len({tuple(bool(w @ x + c > 0) for w, c in zip(W, b, strict=True)) for x in X})


def patterns_as_bytes(W, b, X):
    return np.unique(np.packbits(X @ W.T > -b, axis=1), axis=0).shape[0]


VARIANTS = {
    "step-parameters": [
        lambda s, width: (2 * math.log(9) / width, -2 * math.log(9) * s / width),
        lambda s, width: np.array([1, -s]) * 4 * np.log(3) / width,
    ],
    "staircase": [staircase_by_loops, staircase_by_shares],
    "relu-weights": [weights_by_loops, weights_by_solving],
    "tower": [tower_by_loops, tower_by_tanh],
    "sawtooth": [sawtooth_recursive, sawtooth_by_two_sides],
    "tanh-staircase": [tanh_by_loops, tanh_facing_left],
    "regions-bug": [regions_by_corners, regions_from_line_to_line],
    "start-regions": [patterns_in_a_set, patterns_as_bytes],
    "root-kinks": [root_by_solving, root_with_lifted_knots],
}
