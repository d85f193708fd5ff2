"""The equations of chapter 06 that no single function of dlcore stands for, measured."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from dlcore import layers
from dlcore.activations import leaky_relu, sigmoid
from dlcore.gradcheck import numerical_gradient
from dlcore.layers import (
    Affine,
    LeakyReLU,
    ReLU,
    affine_backward,
    affine_forward,
    maxout_forward,
)
from dlcore.losses import logistic, quadratic
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from tests.measure import worst_error

ELEMENTWISE = ("sigmoid", "tanh", "scaled_tanh", "relu", "leaky_relu", "elu", "silu", "gelu")


def slope(name, z):
    _, cache = getattr(layers, f"{name}_forward")(z)
    return getattr(layers, f"{name}_backward")(np.ones_like(z), cache)


def normal_cdf(z):
    return (1 + math.erf(z / math.sqrt(2))) / 2


def normal_pdf(z):
    return math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


@pytest.mark.ledger("eq-activation-valve")
def test_an_activation_multiplies_the_error_by_its_slope(ledger):
    rng = np.random.default_rng(0)
    Z, dA = 2 * rng.standard_normal((2, 6, 4))
    errors = []
    for name in ELEMENTWISE:
        forward = getattr(layers, f"{name}_forward")
        one_by_one = np.vectorize(
            lambda z, f=forward: numerical_gradient(lambda x: f(x)[0][0], np.array([z]))[0]
        )
        dZ = getattr(layers, f"{name}_backward")(dA, forward(Z)[1])
        errors.append(worst_error(dZ, dA * one_by_one(Z)))
    ledger("central differences", max(errors), tolerance=1e-8)


@pytest.mark.ledger("eq-tanh-sigmoid")
def test_tanh_is_a_stretched_sigmoid(ledger):
    z = np.linspace(-20, 20, 801)
    ledger(
        "another way: math.tanh",
        worst_error(2 * sigmoid(2 * z) - 1, list(map(math.tanh, z))),
        1e-15,
    )


@pytest.mark.ledger("eq-leaky-max")
def test_leaky_relu_as_a_maximum(ledger):
    z = np.linspace(-3, 3, 61)
    errors = [worst_error(leaky_relu(z, a), np.maximum(a * z, z)) for a in (-0.5, 0, 0.01, 1)]
    errors += [worst_error(leaky_relu(z, a), np.minimum(a * z, z)) for a in (1, 1.5, 4)]
    ledger("dlcore: leaky_relu", max(errors), tolerance=0)
    assert worst_error(leaky_relu(z, 2.0), np.maximum(2 * z, z)) > 0.4  # not beyond 1


@pytest.mark.ledger("eq-maxout-convex")
def test_a_maxout_unit_is_convex(ledger):
    rng = np.random.default_rng(0)
    above, strictly = -np.inf, 0
    for pieces in (1, 2, 5):
        W, b = rng.standard_normal((3, pieces, 4)), rng.standard_normal((3, pieces))
        left, right = 3 * rng.standard_normal((2, 200, 4))
        ends = [maxout_forward(X, W, b)[0] for X in (left, right)]
        for share in (0.0, 0.25, 0.5, 0.9, 1.0):
            between, _ = maxout_forward(share * left + (1 - share) * right, W, b)
            gap = between - share * ends[0] - (1 - share) * ends[1]
            above = max(above, gap.max())
            strictly += np.sum(gap < -0.1) * (pieces > 1)
            assert pieces > 1 or np.abs(gap).max() < 1e-13  # one piece is a line
    ledger("a bound", max(0, above), tolerance=1e-13)
    assert strictly > 100  # it does bend


@pytest.mark.ledger("eq-gelu-exact")
def test_gelu_is_z_times_a_normal_probability(ledger):
    z = np.linspace(-6, 6, 49)
    exact = [number * normal_cdf(number) for number in z]
    integral = [number * (0.5 + quad(normal_pdf, 0, number, epsabs=1e-13)[0]) for number in z]
    ledger("SciPy: integration", worst_error(exact, integral), tolerance=1e-12)
    error = worst_error(layers.gelu_forward(z)[0], exact)  # dlcore has the form with a tanh
    ledger("a limit: dlcore's GELU, which approximates it", error, tolerance=5e-4)


@pytest.mark.ledger("eq-gelu-exact-derivative")
def test_the_slope_of_the_exact_gelu(ledger):
    z = np.linspace(-5, 5, 101)
    printed = [normal_cdf(number) + number * normal_pdf(number) for number in z]
    measured = [
        numerical_gradient(lambda x: x[0] * normal_cdf(x[0]), np.array([n]), 1e-5)[0] for n in z
    ]
    ledger("central differences", worst_error(printed, measured), tolerance=1e-9)
    error = worst_error(slope("gelu", z), printed)
    ledger("a limit: the slope of dlcore's GELU", error, tolerance=2e-3)


@pytest.mark.ledger("eq-saturation-bound")
def test_slopes_die_exponentially(ledger):
    z = np.linspace(-30, 30, 1201)
    e = np.exp(-np.abs(z))
    ledger("dlcore: the layers' slopes", worst_error(slope("sigmoid", z), e / (1 + e) ** 2), 1e-14)
    ledger(
        "dlcore: the layers' slopes",
        worst_error(slope("tanh", z), 4 * slope("sigmoid", 2 * z)),
        1e-14,
    )
    above = [np.max(slope("sigmoid", z) - e), np.max(slope("tanh", z) - 4 * e**2)]
    ledger("a bound", max(0, *above), tolerance=1e-15)


@pytest.mark.ledger("eq-saturation-chain")
def test_a_chain_multiplies_weights_and_slopes(ledger):
    rng = np.random.default_rng(0)
    chain = Sequential(
        **{f"{kind}{k}": layer for k in range(6)
           for kind, layer in (("fc", Affine(1, 1)), ("act", layers.Sigmoid()))}
    )  # fmt: skip
    params = chain.init(rng)
    params = params.like(2 * rng.standard_normal(params.theta.size))
    x = np.array([[0.3]])
    a, product, bound = x, 1.0, 1.0
    for k in range(6):
        z = a * params[f"fc{k}.W"] + params[f"fc{k}.b"]
        product *= (params[f"fc{k}.W"] * slope("sigmoid", z)).item()
        bound *= abs(params[f"fc{k}.W"].item()) / 4
        a = sigmoid(z)
    out, cache = chain.forward(params, x)
    ledger(
        "dlcore: Sequential",
        worst_error(chain.backward(np.ones_like(out), cache)[0], product + 0 * x),
        tolerance=1e-13,
    )
    assert 0 < abs(product) <= bound


@pytest.mark.ledger("eq-zigzag-sign")
def test_positive_inputs_give_one_example_gradients_of_one_sign(ledger):
    rng = np.random.default_rng(0)
    W, b = rng.standard_normal((1, 8)), rng.standard_normal(1)
    wrong = 0
    for _ in range(200):
        a = rng.random((1, 8)) + 1e-3
        z, cache = affine_forward(a, W, b)
        _, delta = logistic(z, rng.integers(0, 2, (1, 1)))
        _, dW, _ = affine_backward(delta, cache)
        wrong += np.sum(np.sign(dW) != np.sign(delta))
    ledger("dlcore: affine_backward", wrong, tolerance=0)


@pytest.mark.ledger("eq-zigzag-curvature")
def test_the_curvature_is_covariance_plus_mean(ledger):
    rng = np.random.default_rng(0)
    A, target = rng.random((50, 4)), rng.standard_normal(4)

    def gradient(w):
        scores, cache = affine_forward(A, w[np.newaxis], np.zeros(1))
        _, dscores = quadratic(scores, (A @ target)[:, np.newaxis])
        return affine_backward(dscores, cache)[1][0]

    w = rng.standard_normal(4)
    measured = [numerical_gradient(lambda v, i=i: gradient(v)[i], w) for i in range(4)]
    mean = A.mean(axis=0)
    printed = np.cov(A.T, bias=True) + np.outer(mean, mean)
    ledger(
        "another way: the mean of a a^T", worst_error(A.T @ A / len(A), printed), tolerance=1e-14
    )
    ledger("central differences", worst_error(printed, measured), tolerance=1e-8)


@pytest.mark.ledger("eq-zigzag-condition")
def test_the_valley_of_inputs_that_are_not_centered(ledger):
    errors, dlcores = [], []
    for D, m, s in ((2, 0.5, 0.2), (8, 0.3, 1.0), (64, 0.5, 0.21), (5, 0.0, 0.7)):
        printed = 1 + D * m**2 / s**2
        values = np.linalg.eigvalsh(s**2 * np.eye(D) + m**2 * np.ones((D, D)))
        errors.append(abs(values[-1] / values[0] - printed) / printed)
        # Inputs with exactly this mean and spread: each input m ± s, one at a time of 2 D.
        X = m + s * np.sqrt(D) * np.concatenate([np.eye(D), -np.eye(D)])
        values = np.linalg.eigvalsh(curvature(X))
        dlcores.append(abs(values[-1] / values[0] - printed) / printed)
    ledger("NumPy: eigenvalues", max(errors), tolerance=1e-11)
    ledger("dlcore: the curvature of an affine unit's cost", max(dlcores), tolerance=1e-11)


def curvature(X):
    """Return the Hessian of the quadratic cost of an affine unit: how a step moves the gradient."""
    D = X.shape[1]

    def gradient(w):
        Z, cache = affine_forward(X, w[np.newaxis], np.zeros(1))
        return affine_backward(quadratic(Z, np.zeros_like(Z))[1], cache)[1][0]

    return np.array([gradient(w) - gradient(np.zeros(D)) for w in np.eye(D)])


@pytest.mark.ledger("eq-dead-forever")
def test_a_dead_unit_never_moves(ledger):
    rng = np.random.default_rng(0)
    X, Y = rng.random((30, 3)), rng.integers(0, 2, (30, 1))
    net = Sequential(fc1=Affine(3, 4), relu=ReLU(), fc2=Affine(4, 1))
    start = net.init(rng)
    start["fc1.b"][1] = -10.0  # unit 1 is dead
    params, largest = start, 0.0
    for _ in range(50):
        scores, cache = net.forward(params, X)
        _, grads = net.backward(logistic(scores, Y)[1], cache)
        largest = max(largest, np.abs(grads["fc1.W"][1]).max(), abs(grads["fc1.b"][1]))
        params = params.like(GradientDescent(1.0).update(params.theta, grads.theta, ())[0])
    ledger("dlcore: Sequential", largest, tolerance=0)
    moved = np.abs(params["fc1.W"] - start["fc1.W"]).max(axis=1)
    assert moved[1] == 0
    assert np.delete(moved, 1).min() > 0.01


@pytest.fixture
def unit():
    """Return images that are not negative, a ReLU unit, an example's number and its error."""
    rng = np.random.default_rng(0)
    return rng.random((40, 6)), rng.standard_normal(6), 3.0, 7, 0.25


def after_a_step(unit, rate):
    """Scores of every image after one step of gradient descent on one of them."""
    X, w, b, n, delta = unit
    _, cache = affine_forward(X[[n]], w[np.newaxis], np.array([b]))
    _, dW, db = affine_backward(np.array([[delta]]), cache)
    theta, _ = GradientDescent(rate).update(np.array([*w, b]), np.array([*dW[0], *db]), ())
    return X @ theta[:-1] + theta[-1]


@pytest.mark.ledger("eq-dead-step")
def test_one_step_lowers_every_score(ledger, unit):
    X, w, b, n, delta = unit
    printed = X @ w + b - 0.7 * delta * (1 + X @ X[n])
    ledger(
        "dlcore: GradientDescent", worst_error(after_a_step(unit, 0.7), printed), tolerance=1e-14
    )


@pytest.mark.ledger("eq-dead-rate")
def test_the_rate_that_kills(ledger, unit):
    X, w, b, n, delta = unit
    printed = np.max((X @ w + b) / (1 + X @ X[n])) / delta
    low, high = 1e-6, 1000.0  # alive, dead
    assert after_a_step(unit, low).max() > 0 > after_a_step(unit, high).max()
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (low, middle) if after_a_step(unit, middle).max() <= 0 else (middle, high)
    ledger("a search: bisection", abs(high - printed) / printed, tolerance=1e-12)


@pytest.mark.ledger("eq-leaky-chain")
def test_leaks_multiply(ledger):
    errors = []
    for depth in (1, 3, 10):
        for alpha in (0.01, 0.3):
            net = Sequential(**{f"leaky{k}": LeakyReLU(alpha) for k in range(depth)})
            _, cache = net.forward(net.init(np.random.default_rng(0)), np.array([[-1.0]]))
            dz, _ = net.backward(np.ones((1, 1)), cache)
            errors.append(abs(dz.item() / alpha**depth - 1))
    ledger("dlcore: Sequential", max(errors), tolerance=1e-14)
