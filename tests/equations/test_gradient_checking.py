"""The equations of chapter 09, measured."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from byhand.exercises import planted
from byhand.labs.epsilon import best, functions, predicted
from dlcore import losses
from dlcore.gradcheck import (
    directional_difference,
    missed_share,
    numerical_gradient,
    relative_difference,
    relative_differences,
)
from dlcore.sanity import chance_loss, memorized_loss, spread_loss, update_ratios
from tests.measure import worst_error, worst_relative_error

U = np.finfo(float).eps / 2


@pytest.fixture
def net():
    """Return chapter 09's network with its parameters, a batch, and the right gradients."""
    params, X, y = planted.problem(np.random.default_rng(0))
    return params, X, y, planted.backward(params, X, y)


def cost_of(params, X, y):
    return lambda theta: planted.cost(params.like(theta), X, y)


@pytest.mark.ledger("eq-sanity-chance")
def test_equal_scores_cost_the_logarithm_of_the_classes(ledger):
    rng, errors = np.random.default_rng(0), []
    for classes in (2, 3, 10, 1000):
        scores = np.full((20, classes), rng.standard_normal())
        cost, _ = losses.softmax_cross_entropy(scores, rng.integers(classes, size=20))
        errors.append(abs(cost - chance_loss(classes)))
    cost, _ = losses.logistic(np.zeros(20), rng.integers(2, size=20))
    errors.append(abs(cost - chance_loss(2)))
    ledger("dlcore: the losses at equal scores", max(errors), tolerance=1e-14)


@pytest.mark.ledger("eq-sanity-spread")
def test_half_the_variance_is_added(ledger):
    """All labels are equally likely, so the expected cost is a mean over them."""
    rng, errors = np.random.default_rng(0), []
    for classes in (2, 3, 10):
        scores = 0.01 * rng.standard_normal((50, classes)) + rng.standard_normal((50, 1))
        costs = [losses.softmax_cross_entropy(scores, np.full(50, k))[0] for k in range(classes)]
        errors.append(abs(np.mean(costs) - spread_loss(scores)) / 0.01**2)
    ledger("a limit: scores of 0.01, in their squares", max(errors), tolerance=0.02)


@pytest.mark.ledger("eq-sanity-memorized")
def test_below_the_mark_all_examples_are_right(ledger):
    rng, above = np.random.default_rng(0), []
    for _ in range(5000):
        n = int(rng.integers(1, 8))
        scores, y = 6 * rng.standard_normal((n, 3)), rng.integers(3, size=n)
        scores[np.arange(n), y] += 6 * rng.random()
        cost, _ = losses.softmax_cross_entropy(scores, y)
        if np.any(scores.argmax(axis=1) != y):
            above.append(memorized_loss(n) - cost)
    assert len(above) > 1000
    ledger("a bound: 5,000 batches", max(0.0, *above), tolerance=0)


@pytest.mark.ledger("eq-sanity-ratio")
def test_the_ratio_of_a_step_of_gradient_descent(ledger, net):
    params, _, _, grads = net
    found = update_ratios(params, params.like(params.theta - 0.1 * grads.theta))
    errors = []
    for name, W in params.items():
        above = sum(float(g) ** 2 for g in grads[name].ravel()) ** 0.5
        below = sum(float(w) ** 2 for w in W.ravel()) ** 0.5
        errors.append(abs(found[name] - 0.1 * above / below))
    ledger("loops", max(errors), tolerance=1e-14)


@pytest.mark.ledger("eq-gradcheck-approx")
def test_gradapprox_by_hand(ledger):
    approx = numerical_gradient(lambda t: t[0] ** 3, np.array([2.0]), eps=0.1)
    ledger("by hand", worst_error(approx, [12.01]), tolerance=1e-14)
    thetas = np.linspace(-2, 2, 41)
    found = [numerical_gradient(lambda t: np.sin(t[0]), np.array([t]), eps=1e-5) for t in thetas]
    ledger("a limit: the derivative", worst_error(np.ravel(found), np.cos(thetas)), tolerance=1e-9)


@pytest.mark.ledger("eq-relative-difference")
def test_relative_difference_is_the_printed_formula(ledger):
    rng, errors = np.random.default_rng(0), []
    for shape in [(5,), (3, 4), (2, 3, 2)]:
        a, b = rng.standard_normal((2, *shape))
        gap = above = below = 0.0
        for x, z in zip(a.ravel(), b.ravel(), strict=True):
            gap, above, below = gap + (x - z) ** 2, above + x**2, below + z**2
        printed = gap**0.5 / (above**0.5 + below**0.5)
        errors.append(abs(relative_difference(a, b) - printed))
        errors.append(abs(relative_difference(1e3 * a, 1e3 * b) - printed))
    ledger("loops", max(errors), tolerance=1e-15)


@pytest.mark.ledger("eq-gradcheck-factor")
def test_a_constant_factor_can_be_read_off(ledger):
    g, errors = np.random.default_rng(0).standard_normal(50), []
    for c in (1.01, 2.0, 7.0, 100.0):
        for factor in (c, 1 / c):
            r = relative_difference(factor * g, g)
            errors += [abs(r - abs(factor - 1) / (factor + 1)), abs((1 + r) / (1 - r) / c - 1)]
    ledger("dlcore: relative_difference", max(errors), tolerance=1e-12)


@pytest.mark.ledger("eq-gradcheck-angle")
def test_equal_lengths_show_their_angle(ledger):
    errors = []
    for phi in np.linspace(0, np.pi, 50):
        a, b = np.array([3.0, 0.0]), 3.0 * np.array([np.cos(phi), np.sin(phi)])
        errors.append(abs(relative_difference(a, b) - np.sin(phi / 2)))
    ledger("dlcore: relative_difference", max(errors), tolerance=1e-14)


@pytest.mark.ledger("eq-gradcheck-partial")
def test_each_entry_is_moved_alone(ledger, net):
    params, X, y, grads = net
    approx = params.like(numerical_gradient(cost_of(params, X, y), params.theta, eps=1e-5))
    worst = max(relative_differences(grads, approx).values())
    ledger("central differences: the backward pass", worst, tolerance=1e-9)


@pytest.mark.ledger("eq-gradcheck-rounding")
def test_rounding_stays_below_its_bound(ledger):
    """The square has no truncation: whatever is wrong with its difference is rounding."""
    rng, ratios = np.random.default_rng(0), []
    for theta in rng.uniform(0.1, 10, 500):
        for eps in 10.0 ** rng.uniform(-12, -4, 10):
            plus, minus = (theta + eps) * (theta + eps), (theta - eps) * (theta - eps)
            eta = U * (theta**2 + theta * 2 * theta)
            ratios.append(abs((plus - minus) / (2 * eps) - 2 * theta) / (eta / eps))
    assert max(ratios) > 0.5  # the bound is not a loose one
    ledger("a bound: 5,000 squares", max(0.0, max(ratios) - 1), tolerance=1e-3)


@pytest.mark.ledger("eq-gradcheck-total")
def test_the_sum_of_both_predicts_the_error(ledger):
    rng, excess = np.random.default_rng(0), []
    for theta in rng.uniform(-3, 3, 300):
        eta = U * (abs(np.sin(theta)) + abs(theta * np.cos(theta)))
        for eps in 10.0 ** rng.uniform(-12, -1, 10):
            error = abs((np.sin(theta + eps) - np.sin(theta - eps)) / (2 * eps) - np.cos(theta))
            excess.append(error / (abs(np.cos(theta)) / 6 * eps**2 + eta / eps))
    assert np.median(excess) > 0.1  # it is a prediction, not only a bound
    too_large = np.mean(np.array(excess) > 1.5)
    ledger("a bound: 3,000 sines", too_large, tolerance=1e-2)

    bends = rng.uniform(-1.3, 1.3, 300)  # away from where the third derivative is zero
    eps = 1e-2  # here truncation is all
    errors = np.abs((np.sin(bends + eps) - np.sin(bends - eps)) / (2 * eps) - np.cos(bends))
    apart = worst_relative_error(errors, np.cos(bends) / 6 * eps**2)
    ledger("a limit: 300 sines at ε = 0.01", apart, tolerance=1e-4)


CASES = [(eta, bend) for eta in (1e-17, 1e-16, 1e-13, 6e-8) for bend in (0.01, 0.5, 3.0, 900.0)]


def smallest(error):
    """Return where a function of log(eps) is smallest, and its value there."""
    found = minimize_scalar(lambda x: np.log(error(np.exp(x))), bounds=(-25, 2), method="bounded",
                            options={"xatol": 1e-10})  # fmt: skip
    return np.exp(found.x), np.exp(found.fun)


@pytest.mark.ledger("eq-best-epsilon", "eq-best-epsilon-error")
def test_the_cube_root_is_the_minimum(ledger):
    steps, errors = [], []
    for eta, M in CASES:
        eps, error = smallest(lambda e, eta=eta, M=M: M / 6 * e**2 + eta / e)
        steps.append(abs(np.cbrt(3 * eta / M) / eps - 1))
        errors.append(abs(np.cbrt(9 * eta**2 * M) / 2 / error - 1))
    ledger("a search: SciPy's minimizer", max(steps), tolerance=1e-6, label="eq-best-epsilon")
    ledger(
        "a search: SciPy's minimizer", max(errors), tolerance=1e-12, label="eq-best-epsilon-error"
    )


@pytest.mark.ledger("eq-best-epsilon-forward")
def test_the_square_root_is_the_minimum_of_one_sided_differences(ledger):
    gaps = []
    for eta, M in CASES:
        eps, error = smallest(lambda e, eta=eta, M=M: M / 2 * e + 2 * eta / e)
        gaps += [abs(2 * np.sqrt(eta / M) / eps - 1), abs(2 * np.sqrt(eta * M) / error - 1)]
    ledger("a search: SciPy's minimizer", max(gaps), tolerance=1e-6)


def test_the_lab_finds_the_same_best_step():
    f = functions()["sine"]
    step, difference = best(*predicted("sine", "float64", "central"))
    eta = U * (np.sin(1.0) + np.cos(1.0))
    assert step == pytest.approx(np.cbrt(3 * eta / np.cos(1.0)), rel=1e-9)
    assert 2 * f.slope * difference == pytest.approx(1.5 * eta / step, rel=1e-9)


@pytest.mark.ledger("eq-gradcheck-cost")
def test_two_forward_passes_a_parameter(ledger, net):
    params, X, y, _ = net
    cost, calls = cost_of(params, X, y), []
    numerical_gradient(lambda theta: calls.append(1) or cost(theta), params.theta)
    ledger("counting: the calls", abs(len(calls) - 2 * params.theta.size), tolerance=0)


@pytest.mark.ledger("eq-gradcheck-direction")
def test_one_direction_checks_all_entries(ledger, net):
    params, X, y, grads = net
    rng, gaps = np.random.default_rng(0), []
    for _ in range(50):
        v = rng.standard_normal(params.theta.size)
        measured = directional_difference(cost_of(params, X, y), params.theta, v, 1e-5)
        gaps.append(abs(measured - grads.theta @ v) / np.linalg.norm(grads.theta))
    ledger("central differences: the backward pass", max(gaps), tolerance=1e-8)


@pytest.mark.ledger("eq-gradcheck-miss")
def test_how_often_a_direction_misses(ledger):
    rng = np.random.default_rng(0)
    g = rng.standard_normal(20)
    e = rng.standard_normal(20)
    e -= (e @ g) / (g @ g) * g  # perpendicular
    e *= 0.1 * np.linalg.norm(g) / np.linalg.norm(e)
    v = rng.standard_normal((200_000, 20))
    ratios = np.abs(v @ e) / np.abs(v @ g)
    gaps = [abs(np.mean(ratios <= t) - missed_share(0.1, t)) for t in (0.003, 0.01, 0.1, 1)]
    ledger("a sample: 200,000 directions", max(gaps), tolerance=5e-3)


def test_every_planted_mistake_is_found_where_the_page_says(net):
    params, X, y, _ = net
    approx = params.like(numerical_gradient(cost_of(params, X, y), params.theta))
    wrong = {
        letter: {
            name
            for name, r in relative_differences(backward(params, X, y), approx).items()
            if r > 1e-6
        }
        for letter, backward in planted.PLANTED.items()
    }
    assert wrong == {
        "A": {"fc1.W", "fc2.W", "fc3.W"},
        "B": set(params),
        "C": {"fc1.W", "fc1.b"},
        "D": {"fc1.W"},
        "E": {"fc2.b"},
        "F": {"fc1.W", "fc1.b"},
    }


def test_the_network_of_the_lab_is_dlcores():
    from byhand.labs.epsilon import network, network_cost

    net, params, X, y = network()
    cost, _ = losses.logistic(net.forward(params, X)[0], y)
    assert network_cost(params["fc1.W"][0, 0]) == pytest.approx(cost, rel=1e-14)
