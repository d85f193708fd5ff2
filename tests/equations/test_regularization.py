"""The equations of chapter 11, measured."""

import itertools

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import Lasso, Ridge

from dlcore import augment, gradcheck, losses, regularizers
from dlcore.layers import (
    Affine,
    ReLU,
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
)
from dlcore.metrics import proportion
from dlcore.network import Sequential
from dlcore.optimizers import Adam, AdamW, GradientDescent
from tests.measure import worst_error


class Drawn:
    """A generator whose uniform numbers are given."""

    def __init__(self, uniform):
        self.uniform = uniform

    def random(self, shape):
        """Return the numbers."""
        assert self.uniform.shape == shape
        return self.uniform

    def standard_normal(self, shape):
        """Return the numbers."""
        assert self.uniform.shape == shape
        return self.uniform

    permutation = None


@pytest.mark.ledger("eq-reg-bias-variance")
def test_bias_variance_and_noise_add_up(ledger):
    """Every training set of six points whose noise is ±0.3, and every new label."""
    x, sigma = np.linspace(-1, 1, 6), 0.3
    truth = np.exp(x)
    noise = sigma * np.array(list(itertools.product([-1, 1], repeat=6)))  # (64, 6)
    V = np.vander(x, 3)
    answers = (truth + noise) @ np.linalg.pinv(V).T @ V[0]  # (64,), at the first point
    answers = 0.8 * answers  # and biased
    new = truth[0] + sigma * np.array([-1, 1])
    measured = np.mean((new[:, np.newaxis] - answers) ** 2)
    printed = (answers.mean() - truth[0]) ** 2 + answers.var() + sigma**2
    ledger("counting: all 128 outcomes", abs(measured - printed), tolerance=1e-14)


@pytest.mark.ledger("eq-reg-score-sd", "eq-reg-wilson")
def test_the_uncertainty_of_a_score(ledger):
    p, n = 0.81, 200
    k = np.arange(n + 1)
    chance = stats.binom.pmf(k, n, p)
    sd = np.sqrt(chance @ (k / n - p) ** 2)
    error = abs(sd - np.sqrt(p * (1 - p) / n))
    ledger("SciPy: the binomial distribution", error, 1e-12, label="eq-reg-score-sd")
    errors, z = [], stats.norm.ppf(0.975)
    for right, of in [(162, 200), (0, 10), (10, 10), (1, 3)]:
        rate, q = right / of, z**2 / of
        half = z * np.sqrt(rate * (1 - rate) / of + z**2 / (4 * of**2))
        printed = [(rate + z**2 / (2 * of) + side * half) / (1 + q) for side in (-1, 1)]
        ours = proportion(right, of)
        errors.append(worst_error(printed, (ours.low, ours.high)))
        errors.append(
            worst_error(printed, stats.binomtest(right, of).proportion_ci(0.95, "wilson"))
        )
    ledger("SciPy: binomtest", max(errors), 1e-12, label="eq-reg-wilson")


@pytest.mark.ledger("eq-reg-l2-cost", "eq-reg-l2-gradient", "eq-reg-decay")
def test_l2_on_a_network(ledger):
    rng = np.random.default_rng(0)
    net = Sequential(fc1=Affine(2, 4), relu1=ReLU(), fc2=Affine(4, 1))
    params = net.init(rng)
    X, y = rng.standard_normal((9, 2)), rng.integers(0, 2, (9, 1))
    lam, m, rate = 0.7, 9, 0.3

    def cost(theta):
        now = params.like(theta)
        value, _ = losses.logistic(net.forward(now, X)[0], y)
        weights = [now[name] for name in ("fc1.W", "fc2.W")]
        return value + sum(lam / (2 * m) * w**2 for W in weights for w in W.flat)

    scores, cache = net.forward(params, X)
    value, dscores = losses.logistic(scores, y)
    _, grads = net.backward(dscores, cache)
    decayed = params.decayed
    penalty, dweights = regularizers.l2(params.theta[decayed], lam, m)
    error = abs(value + penalty - cost(params.theta))
    ledger("loops: over the layers' weights", error, 1e-14, label="eq-reg-l2-cost")
    full = grads.theta.copy()
    full[decayed] += dweights
    error = worst_error(full, gradcheck.numerical_gradient(cost, params.theta))
    ledger("central differences", error, 1e-7, label="eq-reg-l2-gradient")
    stepped, _ = GradientDescent(rate).update(params.theta, full, ())
    W = params.theta[decayed]
    printed = (1 - rate * lam / m) * W - rate * grads.theta[decayed]
    ledger(
        "step by step: a step on the penalized cost",
        worst_error(stepped[decayed], printed),
        1e-14,
        label="eq-reg-decay",
    )


@pytest.mark.ledger("eq-reg-near-linear", "eq-reg-lipschitz")
def test_the_two_bounds(ledger):
    z = np.concatenate([np.linspace(-5, 5, 10_001), np.logspace(-4, 2, 1000)])
    above = np.max(np.abs(z - np.tanh(z)) - np.abs(z) ** 3 / 3)
    ledger("a bound: 11,001 points", max(above, 0), 1e-15, label="eq-reg-near-linear")
    rng = np.random.default_rng(0)
    net = Sequential(fc1=Affine(3, 6), relu1=ReLU(), fc2=Affine(6, 1))
    params = net.init(rng)
    A, B = rng.standard_normal((2, 5000, 3))
    slopes = np.abs(net.forward(params, A)[0] - net.forward(params, B)[0])[:, 0]
    slopes /= np.linalg.norm(A - B, axis=1)
    spectral = [np.linalg.norm(params[name], 2) for name in ("fc1.W", "fc2.W")]
    frobenius = [np.linalg.norm(params[name]) for name in ("fc1.W", "fc2.W")]
    assert np.all(np.less_equal(spectral, np.multiply(frobenius, 1 + 1e-15)))
    assert slopes.max() > 0.2 * np.prod(spectral)  # the bound says something
    above = max(slopes.max() - np.prod(spectral), 0)
    ledger("a bound: 5,000 pairs", above, 0, label="eq-reg-lipschitz")


@pytest.mark.ledger("eq-reg-ridge")
def test_ridge(ledger):
    rng = np.random.default_rng(0)
    V, y, lam = rng.standard_normal((15, 5)), rng.standard_normal(15), 0.8
    printed = np.linalg.solve(V.T @ V + lam / 2 * np.eye(5), V.T @ y)
    measured = Ridge(alpha=lam / 2, fit_intercept=False).fit(V, y).coef_
    ledger("scikit-learn: Ridge", worst_error(measured, printed), tolerance=1e-12)
    scores, cache = affine_forward(V, printed[np.newaxis], np.zeros(1))
    _, dscores = losses.squared_error(scores, y[:, np.newaxis])
    gradient = affine_backward(dscores, cache)[1][0] + regularizers.l2(printed, lam, 15)[1]
    error = np.abs(gradient).max()
    ledger("dlcore: the gradient of squared_error and l2 is 0", error, tolerance=1e-13)


@pytest.mark.ledger("eq-reg-gaussian-prior", "eq-reg-laplace-prior")
def test_priors_are_penalties(ledger):
    w, other = np.random.default_rng(0).standard_normal((2, 6))
    for density, penalty, lam, label in [
        (stats.norm(scale=0.4), regularizers.l2, 1 / 0.4**2, "eq-reg-gaussian-prior"),
        (stats.laplace(scale=0.4), regularizers.l1, 1 / 0.4, "eq-reg-laplace-prior"),
    ]:
        prior = -(density.logpdf(w).sum() - density.logpdf(other).sum()) / 50
        printed = penalty(w, lam, 50)[0] - penalty(other, lam, 50)[0]
        ledger("SciPy: the density", abs(prior / printed - 1), 1e-12, label=label)


@pytest.mark.ledger("eq-reg-adam-l2", "eq-reg-adamw")
def test_decay_under_adam(ledger):
    """Loud zero-mean gradients: what is left of an L2 penalty is divided by their size."""
    rng, rate, strength, steps = np.random.default_rng(0), 0.001, 0.01, 2000
    theta = np.ones(20_000)
    optimizer = Adam(rate)
    state = optimizer.init(theta)
    for _ in range(steps):
        gradient = 0.5 * rng.choice([-1.0, 1.0], theta.size) + strength * theta
        theta, state = optimizer.update(theta, gradient, state)
    printed = np.exp(-steps * rate * strength / 0.5)
    decay = (1 - theta.mean()) / (1 - printed)
    ledger("a sample: 20,000 weights, 2,000 steps", abs(decay - 1), 0.05, label="eq-reg-adam-l2")

    weights, plain = rng.standard_normal((2, 7)), Adam(0.1)
    optimizer = AdamW(0.1, weight_decay=0.3)
    theta = weights[0]
    state = both = optimizer.init(theta)
    for _ in range(3):
        expected, both = plain.update(theta, weights[1], both)
        expected = expected - 0.1 * 0.3 * theta
        theta, state = optimizer.update(theta, weights[1], state)
    ledger(
        "another way: Adam's step and the decay",
        worst_error(theta, expected),
        1e-15,
        label="eq-reg-adamw",
    )


@pytest.mark.ledger("eq-reg-l1-cost", "eq-reg-subdifferential", "eq-reg-subgradient-abs")
def test_l1_and_its_subgradient(ledger):
    w = np.array([[1.5, -0.2], [0.0, 3.0]])
    value, dw = regularizers.l1(w, 0.7, 9)
    error = abs(value - 0.7 / 9 * sum(abs(entry) for entry in w.flat))
    ledger("loops", error, 1e-15, label="eq-reg-l1-cost")
    x = np.linspace(-3, 3, 601)
    slopes = dw / (0.7 / 9)
    gaps = [abs(w0) + v * (x - w0) - np.abs(x) for w0, v in zip(w.flat, slopes.flat, strict=True)]
    gaps += [v * x - np.abs(x) for v in (-1, -0.3, 1)]
    assert np.max(1.01 * x - np.abs(x)) > 0  # outside the interval a line crosses
    ledger("a bound: six lines", max(np.max(gaps), 0), 1e-15, label="eq-reg-subgradient-abs")

    def f(x):
        return np.maximum(-2 * x, 0.5 * x) + x**2

    h = 1e-8
    ends = np.array([(f(-h) - f(0.0)) / -h, (f(h) - f(0.0)) / h])
    lines = np.linspace(-3, 2, 5001)
    below = np.all(f(x)[:, np.newaxis] - lines * x[:, np.newaxis] >= -1e-12, axis=0)
    measured = lines[below][[0, -1]]
    # The grid of x leaves a line uncontested by up to its spacing.
    ledger(
        "a search: 5,001 lines", worst_error(measured, ends), 0.01, label="eq-reg-subdifferential"
    )


def orthogonal():
    rng = np.random.default_rng(0)
    Q, _ = np.linalg.qr(rng.standard_normal((50, 6)))
    X = np.sqrt(50) * Q
    return X, X @ [3, -2, 1, 0.2, 0, 0] + rng.standard_normal(50), rng


@pytest.mark.ledger(
    "eq-reg-least-squares", "eq-reg-separable", "eq-reg-shrinkage", "eq-reg-soft-threshold",
    "eq-reg-sklearn",
)  # fmt: skip
def test_the_orthogonal_design(ledger):
    X, y, rng = orthogonal()
    n, lam = len(X), 0.8
    w_hat = X.T @ y / n
    solved, *_ = np.linalg.lstsq(X, y)
    ledger("NumPy: lstsq", worst_error(w_hat, solved), 1e-12, label="eq-reg-least-squares")
    w = rng.standard_normal(6)
    left = np.mean((y - X @ w) ** 2)
    right = np.mean((y - X @ w_hat) ** 2) + np.sum((w - w_hat) ** 2)
    ledger("another way: the other side", abs(left / right - 1), 1e-12, label="eq-reg-separable")
    ridge = Ridge(alpha=n * lam, fit_intercept=False).fit(X, y).coef_
    lasso = Lasso(alpha=lam / 2, fit_intercept=False, tol=1e-14).fit(X, y).coef_
    shrunk, cut = w_hat / (1 + lam), regularizers.soft_threshold(w_hat, lam / 2)
    ledger("scikit-learn: Ridge", worst_error(ridge, shrunk), 1e-12, label="eq-reg-shrinkage")
    ledger("scikit-learn: Lasso", worst_error(lasso, cut), 1e-12, label="eq-reg-soft-threshold")
    assert np.any(cut == 0)
    grid = np.linspace(-4, 4, 80_001)
    found = [grid[np.argmin((grid - v) ** 2 + lam * np.abs(grid))] for v in w_hat]
    ledger("a search: 80,001 weights", worst_error(found, cut), 1e-4, label="eq-reg-soft-threshold")
    ours = [np.mean((y - X @ w) ** 2) + lam * np.sum(np.abs(w)),
            np.mean((y - X @ w) ** 2) + lam * np.sum(w**2)]  # fmt: skip
    theirs = [np.sum((y - X @ w) ** 2) / (2 * n) + lam / 2 * np.sum(np.abs(w)),
              np.sum((y - X @ w) ** 2) + n * lam * np.sum(w**2)]  # fmt: skip
    error = worst_error([2 * theirs[0], theirs[1] / n], ours)
    ledger("another way: the other cost at a random point", error, 1e-14, label="eq-reg-sklearn")


@pytest.mark.ledger("eq-reg-proximal")
def test_proximal_gradient_descent(ledger):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((40, 5)) @ rng.standard_normal((5, 5))
    y, lam = X @ [2, 0, 0, -1, 0] + rng.standard_normal(40), 0.7
    rate = 40 / (2 * np.linalg.norm(X, 2) ** 2)
    w = np.zeros(5)
    for _ in range(20_000):
        w = regularizers.soft_threshold(w + rate * 2 / 40 * X.T @ (y - X @ w), rate * lam)
    lasso = Lasso(alpha=lam / 2, fit_intercept=False, tol=1e-14, max_iter=10**5).fit(X, y).coef_
    assert np.any(w == 0)
    ledger("a search: scikit-learn's Lasso", worst_error(w, lasso), tolerance=1e-6)


@pytest.mark.ledger("eq-reg-dropout-forward", "eq-reg-dropout-backward")
def test_dropout_and_its_gradient(ledger):
    rng = np.random.default_rng(0)
    X, U, dA = rng.standard_normal((4, 6)), rng.random((4, 6)), rng.standard_normal((4, 6))
    A, cache = dropout_forward(X, 0.8, Drawn(U))
    loop = [[x / 0.8 if u < 0.8 else 0 for x, u in zip(*rows, strict=True)]
            for rows in zip(X, U, strict=True)]  # fmt: skip
    ledger("loops", worst_error(A, loop), 1e-15, label="eq-reg-dropout-forward")
    measured = gradcheck.numerical_gradient(
        lambda X: np.sum(dA * dropout_forward(X, 0.8, Drawn(U))[0]), X
    )
    error = worst_error(dropout_backward(dA, cache), measured)
    ledger("central differences", error, 1e-7, label="eq-reg-dropout-backward")


@pytest.mark.ledger("eq-reg-dropout-moments", "eq-reg-dropout-linear", "eq-reg-dropout-minimum")
def test_all_masks_of_a_linear_model(ledger):
    rng, p = np.random.default_rng(0), 0.7
    X, w, y = rng.standard_normal((9, 5)) + 1, rng.standard_normal(5), rng.standard_normal(9)
    kept = np.array(list(itertools.product([0, 1], repeat=5)))  # (32, 5)
    chance = p ** kept.sum(axis=1) * (1 - p) ** (5 - kept.sum(axis=1))
    A = np.array([dropout_forward(X, p, Drawn(np.tile(1.0 - mask, (9, 1))))[0] for mask in kept])
    mean = np.tensordot(chance, A, 1)
    variance = np.tensordot(chance, (A - mean) ** 2, 1)
    error = max(worst_error(mean, X), worst_error(variance, (1 - p) / p * X**2))
    ledger("counting: all 32 masks", error, 1e-14, label="eq-reg-dropout-moments")

    def expected(w):  # examples share a mask here; the mean over them does not mind
        return chance @ np.mean((y - A @ w) ** 2, axis=1)

    strengths = (1 - p) / p * np.mean(X**2, axis=0)
    printed = np.mean((y - X @ w) ** 2) + np.sum(strengths * w**2)
    error = abs(expected(w) / printed - 1)
    ledger("counting: all 32 masks", error, 1e-14, label="eq-reg-dropout-linear")
    lowest = np.linalg.solve(X.T @ X / 9 + np.diag(strengths), X.T @ y / 9)
    gradient = gradcheck.numerical_gradient(expected, lowest)
    ledger("central differences", np.max(np.abs(gradient)), 1e-8, label="eq-reg-dropout-minimum")


@pytest.mark.ledger("eq-reg-color-covariance", "eq-reg-pca-color")
def test_colors(ledger):
    rng = np.random.default_rng(0)
    X = rng.random((4, 3, 5, 6)) * np.array([1, 0.2, 0.8]).reshape(3, 1, 1)
    variances, directions = augment.color_components(X)
    colors = np.array([X[n, :, i, j] for n in range(4) for i in range(5) for j in range(6)])
    C = np.zeros((3, 3))
    for color in colors:
        C += np.outer(color - colors.mean(axis=0), color - colors.mean(axis=0)) / len(colors)
    rebuilt = sum(variances[i] * np.outer(directions[:, i], directions[:, i]) for i in range(3))
    ledger(
        "loops: over the pixels", worst_error(rebuilt, C), 1e-13, label="eq-reg-color-covariance"
    )
    a = rng.standard_normal((4, 3))
    moved = augment.pca_color(X, Drawn(a), components=(variances, directions), sd=0.1) - X
    loop = np.zeros_like(X)
    for n in range(4):
        for i in range(3):
            shift = 0.1 * a[n, i] * variances[i] * directions[:, i]
            loop[n] += shift[:, np.newaxis, np.newaxis]
    ledger("loops: over the images", worst_error(moved, loop), 1e-12, label="eq-reg-pca-color")


@pytest.mark.ledger("eq-reg-stopped", "eq-reg-parabola-l2")
def test_stopping_and_l2_on_a_parabola(ledger):
    h, rate, minimum, steps = np.array([0.001, 0.1, 1.0]), 0.1, np.array([2.0, -1.0, 3.0]), 57
    optimizer, w = GradientDescent(rate), np.zeros(3)
    for _ in range(steps):
        w, _ = optimizer.update(w, h * (w - minimum), ())
    printed = (1 - (1 - rate * h) ** steps) * minimum
    ledger("step by step: 57 steps", worst_error(w, printed), 1e-13, label="eq-reg-stopped")
    w = np.zeros(3)
    for _ in range(20_000):
        _, dw = regularizers.l2(w, 0.3, 1)
        w, _ = optimizer.update(w, h * (w - minimum) + dw, ())
    printed = h / (h + 0.3) * minimum
    ledger(
        "step by step: gradient descent", worst_error(w, printed), 1e-12, label="eq-reg-parabola-l2"
    )
