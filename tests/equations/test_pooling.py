"""The equations of chapter 17 that no single function stands for, measured."""

import math

import numpy as np
import pytest

from dlcore import datasets
from dlcore.activations import sigmoid
from dlcore.gradcheck import check_gradient, numerical_gradient
from dlcore.layers import (
    avgpool2d_backward,
    avgpool2d_forward,
    conv2d_forward,
    maxpool2d_backward,
    maxpool2d_forward,
)
from tests.measure import worst_error

POOLS = {
    "max": (maxpool2d_forward, maxpool2d_backward),
    "mean": (avgpool2d_forward, avgpool2d_backward),
}
GEOMETRIES = [(k, s, p) for k in (1, 2, 3, 4) for s in (1, 2, 3) for p in (0, 1, 2) if p < k]


@pytest.fixture
def X():
    return np.random.default_rng(0).standard_normal((2, 3, 8, 8))


@pytest.mark.ledger("eq-pool-size")
def test_output_size_counts_the_windows_that_fit(ledger):
    found, printed = [], []
    for k, s, p in GEOMETRIES:
        for H in range(4, 12):
            starts = [y for y in range(0, H + 2 * p, s) if y + k <= H + 2 * p]
            A, _ = maxpool2d_forward(np.zeros((1, 1, H, H)), size=k, stride=s, padding=p)
            assert len(starts) == A.shape[2] == A.shape[3]
            found.append(len(starts))
            printed.append(math.floor((H + 2 * p - k) / s) + 1)
    ledger("counting: the windows", worst_error(printed, found), tolerance=0)


@pytest.mark.ledger("eq-pool-limits")
def test_limits_are_the_windows_that_hold_a_row(ledger):
    found, printed = [], []
    for k, s, p in GEOMETRIES:
        for H in range(4, 12):
            out = (H + 2 * p - k) // s + 1
            for m in range(H):
                holding = [y for y in range(out) if y * s <= m + p <= y * s + k - 1]
                first = max(0, math.ceil((m + p - k + 1) / s))
                last = min(out - 1, math.floor((m + p) / s))
                assert holding == list(range(first, last + 1))
                if holding:
                    found.append([holding[0], holding[-1]])
                    printed.append([first, last])
    ledger("counting: the windows", worst_error(printed, found), tolerance=0)


@pytest.mark.ledger("eq-avgpool-linear", "eq-avgpool-conv")
def test_average_pooling_is_linear(X, ledger):
    errors = []
    for s in (1, 2, 3, 5):
        ones = np.ones(s)
        windows = np.random.default_rng(s).standard_normal((4, s, s))
        A, _ = avgpool2d_forward(windows[:, np.newaxis], size=s)
        errors += [
            abs(ones @ window @ ones / s**2 - a) for window, a in zip(windows, A.flat, strict=True)
        ]
    ledger("dlcore: avgpool2d_forward", max(errors), tolerance=1e-15, label="eq-avgpool-linear")
    both = avgpool2d_forward(X + 3 * X[::-1], size=2)[0]
    apart = avgpool2d_forward(X, size=2)[0] + 3 * avgpool2d_forward(X[::-1], size=2)[0]
    error = worst_error(both, apart)
    ledger("another way: sums and multiples", error, tolerance=1e-15, label="eq-avgpool-linear")
    worst = []
    for k, s, p in GEOMETRIES:
        W = np.zeros((3, 3, k, k))
        W[range(3), range(3)] = 1 / k**2
        Z, _ = conv2d_forward(X, W, np.zeros(3), stride=s, padding=p)
        worst.append(worst_error(Z, avgpool2d_forward(X, size=k, stride=s, padding=p)[0]))
    ledger("dlcore: conv2d, constant kernel", max(worst), tolerance=1e-14, label="eq-avgpool-conv")


def limits(m, n, k, s, p):
    """Return the windows that hold pixel m of n, as printed: from the first to the last."""
    out = (n + 2 * p - k) // s + 1
    first = max(0, math.ceil((m + p - k + 1) / s))
    return range(first, min(out - 1, math.floor((m + p) / s)) + 1)


WINDOWS = [  # (kH, kW), stride, padding
    ((2, 2), 2, 0), ((3, 2), 2, 1), ((3, 4), 1, 2), ((2, 3), 3, 1), ((4, 3), 3, 0), ((1, 2), 2, 0),
]  # fmt: skip


@pytest.mark.ledger("eq-avgpool-backward")
def test_each_pixel_gathers_from_the_windows_that_hold_it(ledger):
    X, errors = np.zeros((1, 1, 8, 7)), []
    for (kH, kW), s, p in WINDOWS:
        A, cache = avgpool2d_forward(X, size=(kH, kW), stride=s, padding=p)
        delta = np.random.default_rng(kH).standard_normal(A.shape)
        printed = np.zeros((8, 7))
        for m, n in np.ndindex(8, 7):
            for y in limits(m, 8, kH, s, p):
                for x in limits(n, 7, kW, s, p):
                    printed[m, n] += delta[0, 0, y, x] / (kH * kW)
        errors.append(worst_error(printed, avgpool2d_backward(delta, cache)[0, 0]))
    ledger("the printed formula", max(errors), tolerance=1e-14)


@pytest.mark.ledger("eq-maxpool-backward")
def test_each_pixel_gathers_from_the_windows_that_it_wins(ledger):
    """Among numbers from 0 to 3 there are ties: of equal numbers the first wins."""
    errors = []
    for draw in range(20):
        rng = np.random.default_rng(draw)
        image = rng.integers(0, 4, (8, 7)) if draw % 2 else rng.standard_normal((8, 7))
        for size, s, p in WINDOWS:
            if p >= min(size):
                continue
            X = image[np.newaxis, np.newaxis].astype(float)
            A, cache = maxpool2d_forward(X, size=size, stride=s, padding=p)
            delta = rng.standard_normal(A.shape)[0, 0]
            framed = np.pad(image.astype(float), p, constant_values=-np.inf)
            winners = {}
            for y, x in np.ndindex(delta.shape):
                window = framed[y * s : y * s + size[0], x * s : x * s + size[1]]
                i, j = np.unravel_index(window.argmax(), size)
                winners[y, x] = (y * s + i - p, x * s + j - p)
            printed = [
                [sum(delta[at] for at, w in winners.items() if w == (m, n)) for n in range(7)]
                for m in range(8)
            ]
            dX = maxpool2d_backward(delta[np.newaxis, np.newaxis], cache)
            errors.append(worst_error(printed, dX[0, 0]))
    ledger("the printed formula", max(errors), tolerance=1e-14)


@pytest.mark.ledger("eq-max-gradient")
def test_gradient_of_a_maximum_is_a_unit_vector(ledger):
    errors, pulled = [], []
    for x in np.random.default_rng(0).standard_normal((20, 7)):
        unit = np.eye(7)[x.argmax()]
        errors.append(worst_error(unit, numerical_gradient(lambda x: x.max(), x)))
        _, cache = maxpool2d_forward(x.reshape(1, 1, 1, 7), size=(1, 7))
        dx = maxpool2d_backward(np.ones((1, 1, 1, 1)), cache)
        pulled.append(worst_error(unit, dx.ravel()))
    ledger("central differences", max(errors), tolerance=1e-9)
    ledger("dlcore: maxpool2d_backward", max(pulled), tolerance=0)


@pytest.mark.ledger("eq-pool-overlap")
def test_two_windows_that_overlap_in_one_dimension(ledger):
    x, delta = np.array([1.0, 3, 2, 5]), np.array([1.0, 2, 4])
    by_hand = {"max": [0, 3, 0, 4], "mean": [0.5, 1.5, 3, 2]}
    errors = [worst_error(gathered(name, x, delta), by_hand[name]) for name in POOLS]
    ledger("by hand", max(errors), tolerance=0)

    rng, errors, slopes = np.random.default_rng(0), [], []
    for n in (2, 3, 4, 7, 12) * 6:  # 2: one window, so each number is at a border
        for x in (rng.standard_normal(n), rng.integers(0, 3, n) * 1.0):  # the integers tie
            delta = rng.standard_normal(n - 1)
            for name, (forward, backward) in POOLS.items():
                A, cache = forward(x.reshape(1, 1, 1, n), size=(1, 2), stride=1)
                printed = gathered(name, x, delta)
                errors.append(worst_error(backward(delta.reshape(A.shape), cache).ravel(), printed))
                if len(np.unique(x)) == n:  # at a tie the maximum has no derivative

                    def loss(x, forward=forward, delta=delta):
                        return float(
                            np.sum(delta * forward(x[None, None, None], size=(1, 2), stride=1)[0])
                        )

                    slopes.append(worst_error(printed, numerical_gradient(loss, x, 1e-7)))
    ledger("dlcore: the pools' backward", max(errors), tolerance=1e-15)
    ledger("central differences", max(slopes), tolerance=1e-6)


def gathered(name, x, delta):
    """Return eq-pool-overlap, pixel by pixel, over the windows u - 1 and u that exist."""
    slopes = {"max": lambda u, v: float(u == v + x[v : v + 2].argmax()), "mean": lambda u, v: 0.5}
    return [
        sum(delta[v] * slopes[name](u, v) for v in (u - 1, u) if 0 <= v < len(delta))
        for u in range(len(x))
    ]


@pytest.mark.ledger("eq-pool-recursion")
def test_recursion_through_pooling_and_activation(X, ledger):
    errors = []
    for forward, backward in POOLS.values():
        A, cache = forward(sigmoid(X), size=3, stride=2, padding=1)
        dA = np.random.default_rng(1).standard_normal(A.shape)
        printed = backward(dA, cache) * sigmoid(X) * (1 - sigmoid(X))
        errors.append(
            check_gradient(
                lambda Z, f=forward, d=dA: float(
                    np.sum(d * f(sigmoid(Z), size=3, stride=2, padding=1)[0])
                ),
                X,
                printed,
            )
        )
    ledger("central differences", max(errors), tolerance=1e-7)


@pytest.mark.ledger("eq-pool-sum", "eq-pool-norm")
def test_sum_and_norm_of_the_gradient(X, ledger):
    sums, norms = [], []
    for s in (2, 4):
        for name, (forward, backward) in POOLS.items():
            A, cache = forward(X, size=s)
            dA = np.random.default_rng(s).standard_normal(A.shape)
            dX = backward(dA, cache)
            sums.append(abs(dX.sum() - dA.sum()))
            ratio = np.linalg.norm(dX) / np.linalg.norm(dA)
            norms.append(abs(ratio - (1 / s if name == "mean" else 1)))
    ledger("another way: of a random signal", max(sums), tolerance=1e-12, label="eq-pool-sum")
    ledger("another way: of a random signal", max(norms), tolerance=1e-14, label="eq-pool-norm")


def test_a_blur_before_the_stride_damps_both_distances():
    images, digits = datasets.digits()
    moved = np.pad(images, ((0, 0), (0, 0), (0, 0), (1, 0)))[..., :-1]
    unlike = digits != np.roll(digits, 1)

    def blurred(X, more):
        X = np.pad(X, ((0, 0), (0, 0), (0, more), (0, more)))
        largest, _ = maxpool2d_forward(X, size=2, stride=1)
        return avgpool2d_forward(largest, size=2, stride=2)[0]

    def compared(pool):
        A, B = (pool(X).reshape(len(X), -1) for X in (images, moved))
        lengths = np.linalg.norm(A, axis=1)
        shift = np.linalg.norm(A - B, axis=1) / lengths
        other = np.linalg.norm(A - np.roll(A, 1, axis=0), axis=1) / lengths
        shift, other = shift.mean(), other[unlike].mean()
        return round(100 * shift), round(100 * other), round(shift / other, 2)

    assert compared(lambda X: maxpool2d_forward(X, size=2)[0]) == (54, 51, 1.05)
    assert compared(lambda X: blurred(X, 0)) == (39, 41, 0.94)
    assert compared(lambda X: blurred(X, 1)) == (47, 45, 1.06)
