"""The equations of chapter 07 on gradients of losses and on stable exponentials, measured."""

import math

import numpy as np
import pytest
import scipy.stats
from scipy.integrate import quad
from scipy.special import logsumexp

from byhand.labs.slow_start import learn
from dlcore import losses, reference
from dlcore.activations import log_softmax, sigmoid, softmax
from dlcore.gradcheck import check_gradient, numerical_gradient
from dlcore.layers import sigmoid_backward, sigmoid_forward
from dlcore.losses import quadratic, softmax_cross_entropy, squared_error, svm_hinge
from tests.measure import worst_error

MARGINS = np.array([[1.0, 0.5, 3.0, -1.0], [0.3, 2.0, 0.9, 1.1], [-1.0, 0.2, 0.1, 4.0]])


@pytest.fixture
def batch():
    """Return scores (9, 5) and labels (9,)."""
    rng = np.random.default_rng(0)
    return 2 * rng.standard_normal((9, 5)), rng.integers(5, size=9)


@pytest.mark.ledger("eq-quadratic")
def test_the_quadratic_cost_is_the_printed_sum(ledger):
    A, Y = np.random.default_rng(0).standard_normal((2, 6, 3))
    printed = sum(0.5 * math.dist(a, y) ** 2 for a, y in zip(A, Y, strict=True)) / 6
    ledger("the printed formula", worst_error(quadratic(A, Y)[0], printed), tolerance=1e-14)
    check_gradient(lambda a: quadratic(a, Y)[0], A, (A - Y) / 6)


@pytest.mark.ledger("eq-quadratic-delta")
def test_the_quadratic_error_behind_a_sigmoid(ledger):
    z, y = np.linspace(-4, 4, 10), np.resize([0.0, 1.0, 0.3], 10)
    a, cache = sigmoid_forward(z)
    printed = (a - y) * a * (1 - a) / z.size
    difference = check_gradient(lambda z: quadratic(sigmoid(z), y)[0], z, printed)
    ledger("central differences", difference, tolerance=1e-7)
    chained = sigmoid_backward(quadratic(a, y)[1], cache)
    ledger(
        "dlcore: quadratic, back through sigmoid", worst_error(chained, printed), tolerance=1e-14
    )


def wait(loss, z0, rate):
    """Return the printed number of epochs from the score z0 down to 0."""
    if loss == "entropy":
        return (z0 + 1 - math.exp(-z0)) / (2 * rate)
    fading = 3 * (1 - math.exp(-z0)) + (1 - math.exp(-2 * z0)) / 2
    return (math.exp(z0) - 1 + 3 * z0 + fading) / (2 * rate)


@pytest.mark.ledger("eq-slow-start")
def test_how_long_a_wrong_neuron_waits(ledger):
    errors = {"entropy": sigmoid, "quadratic": lambda z: sigmoid(z) ** 2 * (1 - sigmoid(z))}
    worst, steps = [], []
    for loss, error in errors.items():
        for z0 in (0.5, 1.0, 4.0, 8.0):
            integral, _ = quad(lambda z, error=error: 1 / error(np.array(z)), 0, z0, epsabs=0)
            worst.append(worst_error(wait(loss, z0, 0.5), integral))
        _, half = learn(loss, 1.0, 1.0, 0.05)  # short steps: nearly the differential equation
        steps.append(abs(half - wait(loss, 2.0, 0.05)) / half)
    ledger("SciPy: integration", max(worst), tolerance=1e-12)
    assert max(steps) < 0.03


def test_what_the_lab_says_of_other_starts():
    assert learn("quadratic", 2.0, 2.0, 0.15)[1] == 232
    assert learn("entropy", 2.0, 2.0, 0.15)[1] == 17
    assert 1400 < wait("quadratic", 6.0, 0.15) < 1450
    assert 6.5 < learn("quadratic", 2.0, 2.0, 0.15)[0][0, 2] / (sigmoid(6.0) * sigmoid(-6.0)) < 7.5


@pytest.mark.ledger("eq-cross-entropy-derived")
def test_the_cross_entropy_is_the_integral_of_the_demand(ledger):
    worst = []
    for a, y in [(0.3, 1), (0.9, 0), (0.6, 1), (0.99, 0)]:
        demand, _ = quad(lambda u, y=y: (u - y) / (u * (1 - u)), 0.5, a, epsabs=0)
        at = [losses.binary_cross_entropy(np.array([p]), np.array([y]))[0] for p in (0.5, a)]
        worst.append(worst_error(at[1] - at[0], demand))
    ledger("SciPy: integration", max(worst), tolerance=1e-12)
    perfect = losses.binary_cross_entropy(np.array([1e-12, 1 - 1e-12]), np.array([0, 1]))[0]
    assert perfect < 1e-11  # the constant: a perfect answer costs nothing


@pytest.mark.ledger("eq-matching-loss")
def test_every_activation_has_its_loss(ledger):
    def tanh_loss(a, y):
        return -(1 + y) / 2 * np.log((1 + a) / (1 + y)) - (1 - y) / 2 * np.log((1 - a) / (1 - y))

    def entropy(a, y):
        return -y * np.log(a / y) - (1 - y) * np.log((1 - a) / (1 - y))

    known = [
        (lambda u: 1.0, lambda a, y: (a - y) ** 2 / 2),
        (lambda u: u * (1 - u), entropy),
        (lambda u: 1 - u**2, tanh_loss),
    ]
    worst = []
    for slope, loss in known:
        for a, y in [(0.2, 0.7), (0.9, 0.1), (0.5, 0.4)]:
            integral, _ = quad(lambda u, y=y, slope=slope: (u - y) / slope(u), y, a, epsabs=0)
            worst.append(worst_error(loss(a, y), integral))
    ledger("SciPy: integration", max(worst), tolerance=1e-11)
    a, y = np.array([0.2, 0.9, 0.5]), np.array([0, 1, 0])
    certain = [-math.log(1 - p) if t == 0 else -math.log(p) for p, t in zip(a, y, strict=True)]
    soft = [(0.3, 0.3), (0.9, 0.3), (0.2, 0.7)]  # the constant c(y) is what a = y still costs
    cross = [-t * math.log(p) - (1 - t) * math.log(1 - p) for p, t in soft]
    at_best = [-t * math.log(t) - (1 - t) * math.log(1 - t) for _, t in soft]
    parts = [entropy(p, t) + c for (p, t), c in zip(soft, at_best, strict=True)]
    ledger("another way: the cross-entropy, with its c(y)", worst_error(parts, cross), 1e-14)
    assert cross[0] == pytest.approx(0.6109, abs=5e-5)
    assert entropy(0.3, 0.3) == 0
    pairs = [
        (losses.binary_cross_entropy(a, y)[0], np.mean(certain)),
        (losses.quadratic(a, y)[0], np.mean((a - y) ** 2 / 2)),
    ]
    worst = max(worst_error(*pair) for pair in pairs)
    ledger("dlcore: binary_cross_entropy and quadratic", worst, tolerance=1e-14)


@pytest.mark.ledger("eq-softmax-jacobian")
def test_the_jacobian_of_softmax(ledger, batch):
    scores, _ = batch
    worst = []
    for s in scores:
        p = softmax(s)
        measured = [numerical_gradient(lambda s, i=i: softmax(s)[i], s) for i in range(len(s))]
        worst.append(worst_error(np.diag(p) - np.outer(p, p), measured))
    ledger("central differences", max(worst), tolerance=1e-8)


@pytest.mark.ledger("eq-softmax-delta")
def test_the_softmax_error_is_p_minus_y(ledger, batch):
    scores, labels = batch
    p, y = softmax(scores), np.eye(5)[labels]
    chained = [(np.diag(q) - np.outer(q, q)).T @ (-t / q) / 9 for q, t in zip(p, y, strict=True)]
    ledger(
        "another way: the Jacobian times -y/p", worst_error((p - y) / 9, chained), tolerance=1e-14
    )
    difference = check_gradient(lambda s: softmax_cross_entropy(s, labels)[0], scores, (p - y) / 9)
    ledger("central differences", difference, tolerance=1e-7)
    _, ds = softmax_cross_entropy(scores, labels)
    ledger("dlcore: softmax_cross_entropy", worst_error(ds, (p - y) / 9), tolerance=1e-14)


@pytest.mark.ledger("eq-softmax-demand")
def test_minus_y_log_p_meets_the_demand(ledger, batch):
    scores, _ = batch
    rng = np.random.default_rng(1)
    worst = []
    for s, y in zip(scores, rng.dirichlet(np.ones(5), size=9), strict=True):  # soft labels
        p = softmax(s)
        gradient = numerical_gradient(lambda p, y=y: -np.sum(y * np.log(p)), p, eps=1e-6 * p.min())
        for c in (0.0, 3.0):  # the number that the demand leaves free changes nothing
            demanded = p * (gradient + c - np.sum(p * (gradient + c)))
            worst.append(worst_error(demanded, p - y))
    ledger("central differences", max(worst), tolerance=1e-6)


@pytest.mark.ledger("eq-hinge-gradient")
def test_the_hinge_counts_who_is_too_close(ledger):
    labels = np.array([0, 1, 3])
    printed = np.array([[-2.0, 1, 1, 0], [0, -1, 0, 1], [0, 0, 0, 0]])  # e_j - |Δ| e_y, by hand
    _, ds = svm_hinge(MARGINS, labels)
    ledger("by hand", worst_error(3 * ds, printed), tolerance=1e-15)
    difference = check_gradient(lambda s: svm_hinge(s, labels)[0], MARGINS, printed / 3)
    ledger("central differences", difference, tolerance=1e-7)
    loops = reference.svm_hinge(MARGINS, labels)[1]
    ledger("loops", worst_error(ds, loops), tolerance=1e-15)


@pytest.mark.ledger("eq-zero-sum")
def test_the_gradients_of_shift_invariant_losses_sum_to_zero(ledger, batch):
    scores, labels = batch
    sums = [
        np.abs(loss(scores, labels)[1].sum(axis=1)) for loss in (softmax_cross_entropy, svm_hinge)
    ]
    ledger("dlcore: the losses' gradients", np.max(sums), tolerance=1e-15)
    shifts = np.random.default_rng(2).standard_normal((9, 1))
    for loss in (softmax_cross_entropy, svm_hinge):
        assert loss(scores + shifts, labels)[0] == pytest.approx(loss(scores, labels)[0], rel=1e-13)
    assert abs(squared_error(scores, np.zeros((9, 5)))[1].sum(axis=1)).min() > 1e-3  # not this one


@pytest.mark.ledger("eq-squared-error-gradient")
def test_the_squared_error_pulls_with_twice_the_distance(ledger):
    s, y = np.random.default_rng(0).standard_normal((2, 8))
    printed = 2 * (s - y) / 8
    difference = check_gradient(lambda s: squared_error(s, y)[0], s, printed)
    ledger("central differences", difference, tolerance=1e-7)
    ledger("dlcore: squared_error", worst_error(squared_error(s, y)[1], printed), tolerance=1e-15)


@pytest.mark.ledger("eq-softmax-shift")
def test_softmax_does_not_feel_a_shift(ledger, batch):
    scores, _ = batch
    naive = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    errors = [
        worst_error(np.exp(scores - c) / np.exp(scores - c).sum(axis=1, keepdims=True), naive)
        for c in (-300.0, 1.0, 300.0)
    ]
    ledger("another way: without the shift", max(errors), tolerance=1e-13)
    ledger("dlcore: softmax", worst_error(softmax(scores), naive), tolerance=1e-15)


def stable(s):
    """Return log-sum-exp of each row as printed."""
    c = s.max(axis=1)
    return c + np.log(np.sum(np.exp(s - c[:, np.newaxis]), axis=1))


@pytest.mark.ledger("eq-log-sum-exp")
def test_log_sum_exp(ledger, batch):
    scores, _ = batch
    naive = np.log(np.sum(np.exp(scores), axis=1))
    ledger(
        "the printed formula: its left side", worst_error(stable(scores), naive), tolerance=1e-14
    )
    far = np.concatenate([scores, 1e4 * scores])
    ledger("SciPy: logsumexp", worst_error(stable(far), logsumexp(far, axis=1)), tolerance=1e-15)
    from_softmax = (far - log_softmax(far)).mean(axis=1)
    ledger("dlcore: log_softmax", worst_error(from_softmax, stable(far)), tolerance=1e-14)


@pytest.mark.ledger("eq-log-sum-exp-bounds")
def test_log_sum_exp_is_a_smooth_maximum(ledger, batch):
    scores = np.concatenate([batch[0], np.zeros((1, 5)), 1e3 * batch[0]])
    above = (scores - log_softmax(scores)).mean(axis=1) - scores.max(axis=1)
    ledger("a bound", max(-above.min(), above.max() - math.log(5), 0), tolerance=1e-12)
    assert above[9] == pytest.approx(math.log(5))  # equal scores reach the upper bound
    assert above[10:].min() < 1e-9  # far ones the lower


@pytest.mark.ledger("eq-log-sum-exp-gradient")
def test_the_gradient_of_log_sum_exp_is_softmax(ledger, batch):
    scores, _ = batch
    differences = [
        check_gradient(lambda s: stable(s[np.newaxis])[0], s, softmax(s)) for s in scores
    ]
    ledger("central differences", max(differences), tolerance=1e-7)


@pytest.mark.ledger("eq-temperature")
def test_temperature(ledger):
    s = np.array([2.0, 1.0, 2.0, -1.0])
    errors = []
    for T in (0.3, 1.0, 7.0):
        printed = np.array([math.exp(x / T) for x in s]) / sum(math.exp(x / T) for x in s)
        errors.append(worst_error(softmax(s / T), printed))
    ledger("the printed formula", max(errors), tolerance=1e-15)
    ledger(
        "a limit: T = 1e-3, the largest share",
        worst_error(softmax(s / 1e-3), [0.5, 0, 0.5, 0]),
        1e-15,
    )
    ledger(
        "a limit: T = 1e9, one in four each", worst_error(softmax(s / 1e9), np.full(4, 0.25)), 1e-8
    )


@pytest.mark.ledger("eq-temperature-entropy", "eq-temperature-gradient")
def test_what_the_temperature_changes(ledger, batch):
    scores, labels = batch
    entropies, gradients = [], []
    for s, y in zip(scores, labels, strict=True):

        def entropy(T, s=s):
            log_p = log_softmax(s / T[0])
            return -np.sum(np.exp(log_p) * log_p)

        def loss(T, s=s, y=y):
            return softmax_cross_entropy(s[np.newaxis] / T[0], np.array([y]))[0]

        for T in (0.7, 1.0, 3.0):
            p = softmax(s / T)
            variance = p @ s**2 - (p @ s) ** 2
            slope = (s[y] - p @ s) / T**2
            entropies.append(check_gradient(entropy, np.array([T]), np.array([variance / T**3])))
            gradients.append(check_gradient(loss, np.array([T]), np.array([slope])))
    ledger("central differences", max(entropies), 1e-6, label="eq-temperature-entropy")
    ledger("central differences", max(gradients), 1e-6, label="eq-temperature-gradient")


def families():
    """Return the four families: name, K, its gradient, log h, and outcomes y with their sum of 1.

    An outcome is a row; ``weight`` is what a sum over the outcomes counts it with.
    """
    whole = np.arange(120.0)[:, np.newaxis]
    line = np.linspace(-12, 12, 4001)[:, np.newaxis]
    return {
        "normal": (
            lambda s: s[0] ** 2 / 2, lambda s: s,
            lambda y: -y[0] ** 2 / 2 - math.log(2 * math.pi) / 2, line, line[1, 0] - line[0, 0],
        ),
        "Bernoulli": (
            lambda s: np.logaddexp(0, s[0]), sigmoid, lambda y: 0.0,
            np.array([[0.0], [1.0]]), 1.0,
        ),
        "categorical": (logsumexp, softmax, lambda y: 0.0, np.eye(3), 1.0),
        "Poisson": (
            lambda s: math.exp(s[0]), np.exp, lambda y: -math.lgamma(y[0] + 1), whole, 1.0,
        ),
    }  # fmt: skip


def shares(family, s):
    """Return the probability of each outcome, exp(s·y - K + log h), times its weight."""
    K, _, log_h, outcomes, weight = family
    return np.array([math.exp(s @ y - K(s) + log_h(y)) for y in outcomes]) * weight


SCORES = {name: [np.array([0.7]), np.array([-1.3]), np.array([0.1])] for name in families()} | {
    "categorical": [np.array([1.0, -0.5, 0.2]), np.zeros(3)]
}


@pytest.mark.ledger("eq-def-family")
def test_four_distributions_are_one_family(ledger):
    def known(name, s, y):
        if name == "normal":
            return math.exp(-((y[0] - s[0]) ** 2) / 2) / math.sqrt(2 * math.pi)
        if name == "Bernoulli":
            return sigmoid(s if y[0] else -s)[0]
        if name == "categorical":
            return softmax(s) @ y
        return math.exp(-math.exp(s[0]) + s[0] * y[0]) / math.factorial(int(y[0]))

    errors, sums = [], []
    for name, family in families().items():
        for s in SCORES[name]:
            p = shares(family, s)
            errors.append(worst_error(p / family[4], [known(name, s, y) for y in family[3]]))
            sums.append(abs(p.sum() - 1))
    ledger("another way: the textbook's formulas", max(errors), tolerance=1e-12)
    ledger("another way: the probabilities sum to 1", max(sums), tolerance=1e-9)


@pytest.mark.ledger("eq-family-mean", "eq-family-variance")
def test_the_slope_of_k_is_the_mean_and_its_curvature_the_variance(ledger):
    means, slopes, variances = [], [], []
    for name, family in families().items():
        K, mean, _, outcomes, _ = family
        for s in SCORES[name]:
            p = shares(family, s)
            means.append(worst_error(mean(s), p @ outcomes))
            slopes.append(check_gradient(lambda s, K=K: float(K(s)), s, mean(s)))
            centered = outcomes - mean(s)
            spread = (p[:, np.newaxis] * centered).T @ centered
            measured = [
                numerical_gradient(lambda s, i=i, g=mean: g(s)[i], s) for i in range(len(s))
            ]
            variances.append(worst_error(spread, measured))
    ledger("another way: the sum over outcomes", max(means), 1e-9, label="eq-family-mean")
    ledger("central differences", max(slopes), 1e-7, label="eq-family-mean")
    ledger("central differences", max(variances), 1e-7, label="eq-family-variance")


@pytest.mark.ledger("eq-family-delta")
def test_mean_minus_target_in_all_four(ledger):
    rng = np.random.default_rng(3)
    s, S, N = rng.standard_normal(8), rng.standard_normal((8, 3)), 8
    labels, counts = np.arange(8) % 3, rng.poisson(2, 8)
    pairs = {
        "quadratic": (losses.quadratic(s, s[::-1])[1], s - s[::-1]),
        "logistic": (losses.logistic(s, labels % 2)[1], sigmoid(s) - labels % 2),
        "softmax": (softmax_cross_entropy(S, labels)[1], softmax(S) - np.eye(3)[labels]),
        "poisson": (losses.poisson_nll(s, counts)[1], np.exp(s) - counts),
    }
    errors = [worst_error(N * got, printed) for got, printed in pairs.values()]
    ledger("dlcore: four losses", max(errors), tolerance=1e-14)


@pytest.mark.ledger("eq-gaussian-nll", "eq-gaussian-nll-gradient")
def test_the_normal_distribution_with_its_own_variance(ledger):
    rng = np.random.default_rng(4)
    S, y = rng.standard_normal((9, 2)), rng.standard_normal(9)
    S[0, 0] = y[0]  # a hit: the first gradient is 0, the second one half
    deviation = np.exp(S[:, 1] / 2)
    logs = scipy.stats.norm.logpdf(y, S[:, 0], deviation)
    value, dS = losses.gaussian_nll(S, y)
    expected = -np.mean(logs) - math.log(2 * math.pi) / 2
    ledger("SciPy: norm.logpdf", abs(value - expected), 1e-14, label="eq-gaussian-nll")
    loops, gradient = reference.gaussian_nll(S, y)
    ledger("loops", worst_error(value, loops), 1e-14, label="eq-gaussian-nll")
    ledger("loops", worst_error(dS, gradient), 1e-14, label="eq-gaussian-nll-gradient")
    difference = check_gradient(lambda S: losses.gaussian_nll(S, y)[0], S, dS)
    ledger("central differences", difference, 1e-7, label="eq-gaussian-nll-gradient")
    np.testing.assert_array_equal(9 * dS[0], [0, 0.5])


@pytest.mark.ledger("eq-poisson-nll", "eq-poisson-nll-gradient")
def test_counts(ledger):
    rng = np.random.default_rng(5)
    s, y = rng.standard_normal(9), rng.poisson(2, 9)
    y[0], s[1] = 0, -30.0  # no event, and hardly a rate
    value, ds = losses.poisson_nll(s, y)
    logs = scipy.stats.poisson.logpmf(y, np.exp(s))
    constant = np.mean([math.lgamma(k + 1) for k in y])
    error = worst_error(value, -np.mean(logs) - constant)
    ledger("SciPy: poisson.logpmf", error, 1e-14, label="eq-poisson-nll")
    loops, gradient = reference.poisson_nll(s, y)
    ledger("loops", worst_error(value, loops), 1e-14, label="eq-poisson-nll")
    ledger("loops", worst_error(ds, gradient), 1e-14, label="eq-poisson-nll-gradient")
    difference = check_gradient(lambda s: losses.poisson_nll(s, y)[0], s, ds)
    ledger("central differences", difference, 1e-7, label="eq-poisson-nll-gradient")


@pytest.mark.ledger("eq-multilabel", "eq-multilabel-gradient")
def test_several_labels(ledger):
    rng = np.random.default_rng(6)
    S, Y = 3 * rng.standard_normal((8, 3)), rng.integers(2, size=(8, 3))
    Y[0], Y[1] = 0, 1  # none of the labels, and all of them
    value, dS = losses.multilabel_logistic(S, Y)
    logs = scipy.stats.bernoulli.logpmf(Y, sigmoid(S)).sum(axis=1)
    ledger(
        "SciPy: bernoulli.logpmf", worst_error(value, -np.mean(logs)), 1e-13, label="eq-multilabel"
    )
    loops, gradient = reference.multilabel_logistic(S, Y)
    ledger("loops", worst_error(value, loops), 1e-14, label="eq-multilabel")
    ledger("loops", worst_error(dS, gradient), 1e-14, label="eq-multilabel-gradient")
    difference = check_gradient(lambda S: losses.multilabel_logistic(S, Y)[0], S, dS)
    ledger("central differences", difference, 1e-7, label="eq-multilabel-gradient")
