"""The equations of chapter 17 that no single function stands for, measured."""

import math

import numpy as np
import pytest

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
    ledger("windows counted one by one", worst_error(printed, found), tolerance=0)


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
    ledger("windows searched one by one", worst_error(printed, found), tolerance=0)


@pytest.mark.ledger("eq-avgpool-linear", "eq-avgpool-conv")
def test_average_pooling_is_linear(X, ledger):
    ones, errors = np.ones(2), []
    A, _ = avgpool2d_forward(X, size=2)
    for n, c, y, x in np.ndindex(A.shape):
        window = X[n, c, 2 * y : 2 * y + 2, 2 * x : 2 * x + 2]
        errors.append(abs(ones @ window @ ones / 4 - A[n, c, y, x]))
    ledger("dlcore's mean", max(errors), tolerance=1e-15, label="eq-avgpool-linear")
    worst = []
    for k, s, p in GEOMETRIES:
        W = np.zeros((3, 3, k, k))
        W[range(3), range(3)] = 1 / k**2
        Z, _ = conv2d_forward(X, W, np.zeros(3), stride=s, padding=p)
        worst.append(worst_error(Z, avgpool2d_forward(X, size=k, stride=s, padding=p)[0]))
    ledger("conv2d, constant kernel", max(worst), tolerance=1e-14, label="eq-avgpool-conv")


@pytest.mark.ledger("eq-max-gradient")
def test_gradient_of_a_maximum_is_a_unit_vector(ledger):
    errors = []
    for x in np.random.default_rng(0).standard_normal((20, 7)):
        unit = np.eye(7)[x.argmax()]
        errors.append(worst_error(unit, numerical_gradient(lambda x: x.max(), x)))
    ledger("central differences", max(errors), tolerance=1e-9)


@pytest.mark.ledger("eq-pool-overlap")
def test_two_windows_that_overlap_in_one_dimension(ledger):
    x, delta = np.array([1.0, 3, 2, 5]), np.array([1.0, 2, 4])
    errors, by_hand = [], {"max": [0, 3, 0, 4], "mean": [0.5, 1.5, 3, 2]}
    for name, (forward, backward) in POOLS.items():
        A, cache = forward(x.reshape(1, 1, 1, 4), size=(1, 2), stride=1)
        dx = backward(delta.reshape(A.shape), cache).ravel()
        reduce = getattr(np, name)
        local = numerical_gradient  # da_v/dx_u, one window at a time
        printed = np.zeros(4)
        for v in range(3):
            printed[v : v + 2] += delta[v] * local(reduce, x[v : v + 2])
        errors += [worst_error(dx, by_hand[name]), worst_error(dx, printed)]
    ledger("by hand, and differences", max(errors), tolerance=1e-8)


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
    ledger("random signals", max(sums), tolerance=1e-12, label="eq-pool-sum")
    ledger("random signals", max(norms), tolerance=1e-14, label="eq-pool-norm")
