"""The equations of chapter 11, measured."""

import itertools

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import Lasso, Ridge

from dlcore import augment, gradcheck, losses, regularizers, search
from dlcore.activations import sigmoid
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
from dlcore.wrappers import Smoothed
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


@pytest.mark.ledger("eq-reg-cross-validation")
def test_cross_validation(ledger):
    """The printed mean and standard error, over the folds that ``folds`` deals, by loops."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((23, 3)), rng.standard_normal(23)
    dealt = search.folds(23, 5, np.random.default_rng(1))

    def error(seen, held):
        w = np.linalg.lstsq(X[seen], y[seen])[0]
        return np.mean((X[held] @ w - y[held]) ** 2)

    E = [error(seen, held) for seen, held in dealt]
    K, total, squares = len(E), 0.0, 0.0
    for value in E:
        total += value
    for value in E:
        squares += (value - total / K) ** 2
    by_numpy = np.mean(E), stats.sem(E)
    printed = total / K, np.sqrt(squares / (K * (K - 1)))
    order = np.random.default_rng(1).permutation(23)  # and the folds, dealt by hand
    starts = [0, 4, 9, 13, 18, 23]
    by_hand = [
        error(np.setdiff1d(order, order[a:b]), order[a:b]) for a, b in itertools.pairwise(starts)
    ]
    ledger("SciPy: sem", worst_error(printed, by_numpy), 1e-14)
    ledger("loops: five folds dealt by hand", worst_error(E, by_hand), 1e-12)


@pytest.mark.ledger("eq-reg-batch-decay")
def test_a_penalty_per_batch_and_per_data_set(ledger):
    """An epoch of decay alone; the error of the approximation falls with the square of the rate."""
    N, B, lam, worst = 600, 20, 3.0, []
    for alpha in (1e-4, 1e-5):
        w = {n: np.array([1.0]) for n in (N, B)}
        for _ in range(N // B):
            for n in (N, B):
                w[n] = w[n] - alpha * regularizers.l2(w[n], lam, n)[1]
        printed = 1 - alpha * lam / B, 1 - alpha * lam / B * N / B
        worst.append([abs(w[N][0] - printed[0]), abs(w[B][0] - printed[1])])
        exact = (1 - alpha * lam / N) ** (N / B), (1 - alpha * lam / B) ** (N / B)
        ledger("step by step: an epoch", worst_error((w[N][0], w[B][0]), exact), 1e-13)
    assert np.all(np.divide(worst[0], worst[1]) > 90)  # of second order


@pytest.mark.ledger("eq-reg-margin-scale", "eq-reg-margin-bound")
def test_margins(ledger):
    rng = np.random.default_rng(0)
    net = Sequential(fc1=Affine(2, 8), relu1=ReLU(), fc2=Affine(8, 4), relu2=ReLU(),
                     fc3=Affine(4, 1))  # fmt: skip
    params = net.init(rng)
    for k in (1, 2, 3):
        params[f"fc{k}.b"][...] = 0.3 * rng.standard_normal(params[f"fc{k}.b"].shape)
    X, t = rng.standard_normal((60, 2)), rng.choice([-1, 1], (60, 1))

    def cost(kappa):
        now = params.copy()
        for k in (1, 2, 3):
            now[f"fc{k}.W"][...] *= kappa[0]
            now[f"fc{k}.b"][...] *= kappa[0] ** k
        return losses.logistic_pm1(net.forward(now, X)[0], t)[0]

    margin = t * net.forward(params, X)[0]
    for kappa in (0.6, 1.0, 1.7):
        printed = np.mean(np.log1p(np.exp(-(kappa**3) * margin)))
        error = abs(cost([kappa]) - printed)
        ledger("dlcore: the scaled network", error, 1e-13, label="eq-reg-margin-scale")
        slope = -3 * kappa**2 * np.mean(margin * sigmoid(-(kappa**3) * margin))
        measured = gradcheck.numerical_gradient(cost, np.array([kappa]))[0]
        error = abs(measured - slope)
        ledger("central differences", error, 1e-8, label="eq-reg-margin-scale")
    norms = np.prod([np.linalg.norm(params[f"fc{k}.W"], 2) for k in (1, 2, 3)])
    distance = np.linalg.norm(X[:, np.newaxis] - X, axis=2)
    both = (t != t.T) & (margin > 0) & (margin > 0).T
    assert both.sum() > 100
    above = np.max((np.minimum(margin, margin.T) - norms * distance / 2)[both])
    ledger("a bound: all pairs that are reproduced", max(above, 0), 0, label="eq-reg-margin-bound")


@pytest.mark.ledger("eq-reg-smoothing", "eq-reg-smoothed-loss", "eq-reg-smoothing-score")
def test_smoothed_labels(ledger):
    rng = np.random.default_rng(0)
    for C, eta in ((2, 0.2), (5, 0.3)):
        S, y = rng.standard_normal((7, C)), rng.integers(0, C, 7)
        targets = np.zeros((7, C))
        for n, label in enumerate(y):
            for k in range(C):
                targets[n, k] = (1 - eta) * (k == label) + eta / C
        assert np.all(targets > 0)
        error = worst_error(targets.sum(axis=1), np.ones(7))
        ledger("another way: the targets add up to 1", error, 1e-14, label="eq-reg-smoothing")
        logs = S - np.log(np.sum(np.exp(S), axis=1, keepdims=True))
        loop = -sum(targets[n, k] * logs[n, k] for n in range(7) for k in range(C)) / 7
        value, dS = Smoothed(losses.softmax_cross_entropy, C, eta)(S, y)
        ledger("loops", abs(value - loop), 1e-13, label="eq-reg-smoothed-loss")
        numerical = gradcheck.numerical_gradient(
            lambda S, y=y, C=C, eta=eta: Smoothed(losses.softmax_cross_entropy, C, eta)(S, y)[0], S
        )
        error = worst_error(dS, numerical)
        ledger("central differences", error, 1e-8, label="eq-reg-smoothed-loss")
    for eta in (0.05, 0.2, 0.7):
        best = np.log((2 - eta) / eta)
        _, slope = Smoothed(losses.logistic, 2, eta)(np.array([best]), np.array([1]))
        error = abs(slope[0])
        ledger("dlcore: the gradient is 0", error, 1e-14, label="eq-reg-smoothing-score")


@pytest.mark.ledger("eq-reg-max-norm")
def test_max_norm_is_the_nearest_matrix_with_short_rows(ledger):
    rng = np.random.default_rng(0)
    W = rng.standard_normal((5, 3)) * [[0.1], [1], [1], [3], [10]]
    clipped = regularizers.clip_rows(W, 1.5)
    loop = np.array([row * min(1, 1.5 / np.sqrt(sum(w * w for w in row))) for row in W])
    ledger("loops: over the rows", worst_error(clipped, loop), 1e-14)
    others = rng.standard_normal((20_000, 5, 3))
    others *= 1.5 * rng.random((20_000, 5, 1)) / np.linalg.norm(others, axis=2, keepdims=True)
    nearer = np.linalg.norm(W - clipped, axis=1) - np.linalg.norm(W - others, axis=2)
    ledger("a bound: 20,000 short rows", max(nearer.max(), 0), 0)


@pytest.mark.ledger("eq-reg-ensemble")
def test_the_variance_of_an_ensemble(ledger):
    for S, r, v in ((5, 0.5, 2.0), (3, 0.0, 0.7), (4, 1.0, 1.3)):
        covariance = v * (r * np.ones((S, S)) + (1 - r) * np.eye(S))
        weights = np.full(S, 1 / S)
        printed = r * v + (1 - r) / S * v
        error = abs(weights @ covariance @ weights - printed)
        ledger("another way: the covariance matrix", error, 1e-14)
        # A linear map has this covariance exactly on points with the identity as theirs.
        points = np.sqrt(2 * S) * np.concatenate([np.eye(S), -np.eye(S)]) / np.sqrt(2)
        root = np.linalg.cholesky(covariance + 1e-15 * np.eye(S))
        answers = points @ root.T
        error = abs(answers.mean(axis=1).var() - printed)
        ledger("counting: 2 S equally likely answers", error, 1e-12)


@pytest.mark.ledger("eq-reg-spread")
def test_the_spread_of_the_shortest_weights(ledger):
    """Noise of ±σ on each target, all sign patterns: the mean squared distance, exactly."""
    rng, sigma = np.random.default_rng(0), 0.3
    signs = np.array(list(itertools.product([-1, 1], repeat=6)))  # (64, 6)
    for D in (3, 6, 9):
        V = rng.standard_normal((6, D))
        labels = rng.standard_normal(6) + sigma * signs
        w = np.array([np.linalg.lstsq(V, y)[0] for y in labels])
        measured = np.mean(np.sum((w - w.mean(axis=0)) ** 2, axis=1))
        printed = sigma**2 * np.sum(1 / np.linalg.svd(V, compute_uv=False) ** 2)
        ledger("counting: all 64 noises, by lstsq", abs(measured / printed - 1), 1e-11)
