"""The equations of chapter 12, measured."""

import math
from itertools import combinations

import numpy as np
import pytest

from byhand.exercises.ch12 import BATCHES
from dlcore import schedules
from dlcore.averages import ewa
from dlcore.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    ClassicalMomentum,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSprop,
    bfgs_update,
)
from tests.measure import worst_error, worst_relative_error

BETAS = (0.0, 0.5, 0.9, 0.98)


def follow(optimizer, gradients, theta):
    """Return theta after each step with these gradients, (T, P)."""
    state, path = optimizer.init(theta), []
    for gradient in gradients:
        theta, state = optimizer.update(theta, gradient, state)
        path.append(theta)
    return np.array(path)


def descend(optimizer, H, theta, steps):
    """Return theta before and after each step on theta H theta / 2, (T + 1, P)."""
    state, path = optimizer.init(theta), [theta]
    for _ in range(steps):
        theta, state = optimizer.update(theta, H @ theta, state)
        path.append(theta)
    return np.array(path)


@pytest.fixture
def gradients():
    return np.random.default_rng(0).standard_normal((40, 5))


# --- batches ---


@pytest.mark.ledger("eq-opt-unbiased", "eq-opt-noise")
def test_every_batch_that_can_be_drawn(ledger):
    g = np.random.default_rng(0).standard_normal((7, 3))  # one gradient an example
    mean, sigma2 = g.mean(axis=0), np.mean(np.sum((g - g.mean(axis=0)) ** 2, axis=1))
    means, measured, printed = [], [], []
    for B in range(1, 8):
        batches = np.array([g[list(batch)].mean(axis=0) for batch in combinations(range(7), B)])
        means.append(batches.mean(axis=0))
        measured.append(np.mean(np.sum((batches - mean) ** 2, axis=1)))
        printed.append(sigma2 / B * (7 - B) / 6)
    error = worst_error(means, [mean] * 7)
    ledger("counting: all 127 batches of seven", error, 1e-14, label="eq-opt-unbiased")
    error = worst_error(measured, printed)
    ledger("counting: all 127 batches of seven", error, 1e-14, label="eq-opt-noise")


@pytest.mark.ledger("eq-opt-batches")
def test_the_number_of_batches_and_the_last_one(ledger):
    wrong = 0
    for N in range(1, 80):
        for B in range(1, 90):
            batches = BATCHES.reference(np.zeros((N, 1)), np.zeros(N), B, [np.arange(N)])
            K = math.ceil(N / B)
            wrong += (len(batches), len(batches[-1][0])) != (K, N - (K - 1) * B)
    ledger("counting: 7,031 partitions", wrong, tolerance=0)
    cut = BATCHES.reference(np.zeros((300, 1)), np.zeros(300), 64, [np.arange(300)])
    sizes = [len(inputs) for inputs, _ in cut]
    ledger("by hand: 4 · 64 + 44", worst_error(sizes, [64] * 4 + [44]), tolerance=0)


# --- the average ---


@pytest.mark.ledger("eq-opt-ewa", "eq-opt-ewa-expansion", "eq-opt-ewa-corrected")
def test_the_average_and_its_expansion(ledger, gradients):
    one, all_weights, corrected = [], [], []
    for beta in BETAS:
        v = np.zeros(5)
        for t, (x, average) in enumerate(zip(gradients, ewa(gradients, beta), strict=True), 1):
            v = beta * v + (1 - beta) * x
            one.append(worst_error(average, v))
            weights = (1 - beta) * beta ** np.arange(t)[::-1]
            all_weights.append(worst_error(average, weights @ gradients[:t]))
            mean = np.average(gradients[:t], axis=0, weights=weights if beta else None)
            fair = ewa(gradients[:t], beta, bias_correction=True)[-1]
            corrected.append(worst_error(fair, mean if beta else gradients[t - 1]))
    ledger("loops", max(one), 1e-14, label="eq-opt-ewa")
    ledger(
        "the printed formula: the weighted sum",
        max(all_weights),
        1e-13,
        label="eq-opt-ewa-expansion",
    )
    ledger("NumPy: average", max(corrected), 1e-12, label="eq-opt-ewa-corrected")
    by_hand = ewa(np.eye(2), 0.98, bias_correction=True)[1]
    error = worst_error(by_hand, [0.495, 0.505])
    ledger("printed digits: 0.495 and 0.505", error, 1e-3, label="eq-opt-ewa-corrected")


@pytest.mark.ledger("eq-opt-ewa-window")
def test_a_third_is_left_after_the_window(ledger):
    left = [1 - ewa(np.ones(10), 0.9)[-1], 1 - ewa(np.ones(50), 0.98)[-1]]
    ledger("printed digits: 0.349 and 0.364", worst_error(left, [0.349, 0.364]), tolerance=2e-3)
    far = [beta ** (1 / (1 - beta)) for beta in (0.999, 0.9999, 0.99999)]
    ledger("a limit: 1/e, β from 0.999 on", worst_error(far, [math.exp(-1)] * 3), tolerance=1e-3)


@pytest.mark.ledger("eq-opt-ewa-lag")
def test_a_ramp_is_followed_at_a_distance(ledger):
    ramp = np.arange(5000.0)
    lags = [ramp[-1] - ewa(ramp, beta)[-1] for beta in (0.5, 0.9, 0.98)]
    ledger("step by step: a ramp of 5,000 values", worst_error(lags, [1, 9, 49]), tolerance=1e-9)


@pytest.mark.ledger("eq-opt-ewa-noise")
def test_the_variance_that_is_left(ledger):
    betas = (0.5, 0.9, 0.98)
    printed = [(1 - beta) / (1 + beta) for beta in betas]
    pulse = np.eye(1, 3000)[0]  # the answer to a pulse is the list of weights
    weights = [np.sum(ewa(pulse, beta) ** 2) for beta in betas]
    ledger(
        "another way: the sum of squared weights",
        worst_relative_error(weights, printed),
        tolerance=1e-12,
    )
    noise = np.random.default_rng(0).standard_normal((400, 3000))
    sampled = [np.var(ewa(noise, beta)[-1]) for beta in betas]
    ledger("a sample: 3,000 series of noise", worst_relative_error(sampled, printed), tolerance=0.1)


@pytest.mark.ledger("eq-opt-ewa-weights")
def test_the_weights_given_out_so_far(ledger):
    ones = np.ones(300)
    found = np.array([ewa(ones, beta) for beta in BETAS])
    printed = [1 - beta ** np.arange(1, 301) for beta in BETAS]
    ledger("step by step: an average of ones", worst_error(found, printed), tolerance=1e-13)


# --- the ravine ---


@pytest.mark.ledger("eq-opt-limit")
def test_gradient_descent_is_stable_up_to_its_limit(ledger):
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(20):
        A = rng.standard_normal((4, 4))
        H = A @ A.T
        limit = 2 / np.linalg.eigvalsh(H)[-1]
        for share in (0.98, 1.02):
            end = descend(GradientDescent(share * limit), H, rng.standard_normal(4), 2000)
            grew = np.linalg.norm(end[-1]) > np.linalg.norm(end[-2])
            wrong += grew != (share > 1)
    ledger("step by step: 40 descents", wrong, tolerance=0)


@pytest.mark.ledger("eq-opt-best-rate")
def test_the_best_rate_makes_the_slowest_direction_fastest(ledger):
    rates, factors = [], []
    for low, high in [(2.0, 100.0), (0.3, 0.5), (1.0, 1000.0)]:
        alphas = np.linspace(0, 2 / high, 400_001)
        slowest = np.maximum(abs(1 - alphas * low), abs(1 - alphas * high))
        rates.append(alphas[slowest.argmin()] * (high + low) / 2 - 1)
        factors.append(slowest.min() / ((high / low - 1) / (high / low + 1)) - 1)
    ledger("a search: 400,001 rates", np.abs(rates).max(), tolerance=1e-5)
    ledger("a search: 400,001 rates, its factor", np.abs(factors).max(), tolerance=1e-3)


# --- momentum ---


@pytest.mark.ledger("eq-opt-momentum", "eq-opt-classical", "eq-opt-momentum-forms")
def test_both_forms_of_momentum(ledger, gradients):
    errors = {"eq-opt-momentum": [], "eq-opt-classical": [], "eq-opt-momentum-forms": []}
    for beta in BETAS:
        theta = classical = np.ones(5)
        v = u = np.zeros(5)
        printed = []
        for g in gradients:
            v, u = beta * v + (1 - beta) * g, beta * u + g
            theta, classical = theta - 0.3 * v, classical - 0.3 * u
            printed.append((theta, classical))
        average = follow(Momentum(0.3, beta), gradients, np.ones(5))
        velocity = follow(ClassicalMomentum(0.3, beta), gradients, np.ones(5))
        smaller = follow(ClassicalMomentum(0.3 * (1 - beta), beta), gradients, np.ones(5))
        ours = (average, velocity, smaller)
        theirs = (*np.swapaxes(printed, 0, 1), average)
        for found, a, b in zip(errors.values(), ours, theirs, strict=True):
            found.append(worst_error(a, b))
    for label, found in errors.items():
        against = "dlcore: Momentum" if label == "eq-opt-momentum-forms" else "loops"
        ledger(against, max(found), 1e-13, label=label)


@pytest.mark.ledger("eq-opt-momentum-bound")
def test_momentum_never_exceeds_the_largest_gradient(ledger):
    excess = []
    for seed in range(50):
        g = np.random.default_rng(seed).standard_normal(60) + (seed % 3)
        bound = (1 - 0.9 ** np.arange(1, 61)) * np.maximum.accumulate(np.abs(g))
        excess.append(np.max(np.abs(ewa(g, 0.9)) - bound))
    ones = np.max(ewa(np.ones(60), 0.9) / (1 - 0.9 ** np.arange(1, 61)))
    ledger("a bound: 50 series", max(0.0, *excess), tolerance=1e-14)
    ledger("another way: steady gradients reach it", abs(ones - 1), tolerance=1e-14)


@pytest.mark.ledger("eq-opt-momentum-alternating")
def test_alternating_gradients_nearly_cancel(ledger):
    series = (-1.0) ** np.arange(2000)
    found = [abs(ewa(series, beta)[-1]) for beta in (0.5, 0.9, 0.98)]
    printed = [(1 - beta) / (1 + beta) for beta in (0.5, 0.9, 0.98)]
    ledger("step by step: 2,000 steps", worst_relative_error(found, printed), tolerance=1e-12)


def matrix(beta, product):
    """Return the map of (theta_t, theta_{t-1}) to the next pair; product is rate · curvature."""
    return np.array([[1 + beta - product, -beta], [1.0, 0.0]])


@pytest.mark.ledger("eq-opt-momentum-roots")
def test_a_path_is_a_sum_of_powers_of_the_roots(ledger):
    rng, errors = np.random.default_rng(0), []
    for _ in range(40):
        beta, product = rng.uniform(0.05, 0.95), rng.uniform(0.05, 1.9)
        path = descend(ClassicalMomentum(product, beta), np.eye(1), np.ones(1), 60)[:, 0]
        roots = np.roots([1, -(1 + beta - product), beta])
        weights = np.linalg.solve(np.array([[1, 1], roots]), path[:2].astype(complex))
        powers = weights @ roots[:, np.newaxis] ** np.arange(61)
        errors.append(worst_error(path, powers.real))
    ledger("dlcore: ClassicalMomentum, 40 paths of 60 steps", max(errors), tolerance=1e-9)


@pytest.mark.ledger("eq-opt-momentum-rate")
def test_between_the_bounds_every_direction_shrinks_alike(ledger):
    errors = []
    for beta in (0.1, 0.5, 0.9, 0.99):
        low, high = (1 - beta**0.5) ** 2, (1 + beta**0.5) ** 2
        for product in np.linspace(low, high, 40)[1:-1]:
            roots = np.abs(np.linalg.eigvals(matrix(beta, product)))
            errors.append(worst_error(roots, [beta**0.5] * 2))
        outside = np.abs(np.linalg.eigvals(matrix(beta, 1.05 * high))).max()
        assert outside > beta**0.5 * 1.01
    ledger("NumPy: eigenvalues of the step", max(errors), tolerance=1e-12)
    path = descend(ClassicalMomentum(0.02, 0.81), np.diag([2.0, 100.0]), np.ones(2), 400)
    factor = (np.abs(path[-9:]).max(axis=0) / np.abs(path[-209:-200]).max(axis=0)) ** (1 / 200)
    ledger("a limit: 200 steps on the ravine", worst_error(factor, [0.9] * 2), tolerance=5e-3)


@pytest.mark.ledger("eq-opt-momentum-limit")
def test_momentum_is_stable_nineteen_times_as_far(ledger):
    wrong, limits = 0, []
    for beta in (0.0, 0.5, 0.9, 0.98):
        limit = 2 * (1 + beta)
        for share in (0.999, 1.001):
            largest = np.abs(np.linalg.eigvals(matrix(beta, share * limit))).max()
            wrong += (largest > 1) != (share > 1)
        limits.append((1 + beta) / (1 - beta) * 2)
    ledger("NumPy: eigenvalues of the step, verdicts", wrong, tolerance=0)
    ends = []
    for share in (0.99, 1.01):
        rate = share * limits[2] / 7.0  # curvature 7, beta 0.9
        ends.append(np.abs(descend(Momentum(rate), np.eye(1) * 7, np.ones(1), 3000)[-20:]).max())
    ledger("step by step: 3,000 steps", (ends[0] >= 1) + (ends[1] <= 1), tolerance=0)
    ledger("by hand: 19", abs(limits[2] / 2 - 19), tolerance=1e-12)


@pytest.mark.ledger("eq-opt-momentum-best")
def test_no_other_pair_of_constants_is_faster(ledger):
    apart, gains = [], []
    for low, high in [(2.0, 100.0), (1.0, 9.0)]:
        root = math.sqrt(high / low)
        best = (root - 1) / (root + 1)
        rate = (2 / (math.sqrt(high) + math.sqrt(low))) ** 2

        def slowest(rate, beta, ends=(low, high)):
            return max(np.abs(np.linalg.eigvals(matrix(beta, rate * c))).max() for c in ends)

        apart.append(slowest(rate, best**2) - best)
        others = [
            slowest(rate * a, best**2 * b)
            for a in np.linspace(0.8, 1.2, 21)
            for b in np.linspace(0.8, 1.2, 21)
            if b * best**2 < 1
        ]
        gains.append(best - min(others))
    ledger("a search: eigenvalues, at a double root", np.abs(apart).max(), tolerance=1e-6)
    ledger("a bound: 441 neighbors", max(0.0, *gains), tolerance=1e-9)


@pytest.mark.ledger("eq-opt-nesterov-lookahead", "eq-opt-nesterov")
def test_the_two_forms_of_nesterov(ledger, gradients):
    errors = []
    for H in (np.diag([2.0, 100.0]), np.array([[3.0, 1.0], [1.0, 2.0]])):
        phi, u, ahead = np.ones(2), np.zeros(2), [np.ones(2)]
        for _ in range(100):
            u = 0.9 * u + H @ (phi - 0.008 * 0.9 * u)
            phi = phi - 0.008 * u
            ahead.append(phi - 0.008 * 0.9 * u)
        errors.append(worst_error(descend(Nesterov(0.008), H, np.ones(2), 100), ahead))
    ledger("dlcore: Nesterov, moved ahead", max(errors), 1e-12, label="eq-opt-nesterov-lookahead")
    theta, u, printed = np.ones(5), np.zeros(5), []
    for g in gradients:
        u = 0.9 * u + g
        theta = theta - 0.1 * (g + 0.9 * u)
        printed.append(theta)
    error = worst_error(follow(Nesterov(0.1), gradients, np.ones(5)), printed)
    ledger("loops", error, 1e-14, label="eq-opt-nesterov")


# --- rates of their own ---


@pytest.mark.ledger("eq-opt-adagrad", "eq-opt-adagrad-rms")
def test_adagrad_is_the_printed_loop_and_a_schedule_over_a_plain_mean(ledger, gradients):
    theta, s, printed = [1.0] * 5, [0.0] * 5, []
    for g in gradients:
        for i in range(5):
            s[i] += g[i] ** 2
            theta[i] -= 0.1 * g[i] / (math.sqrt(s[i]) + 1e-3)
        printed.append(list(theta))
    ours = follow(AdaGrad(0.1, 1e-3), gradients, np.ones(5))
    ledger("loops: over the entries", worst_error(ours, printed), 1e-13, label="eq-opt-adagrad")
    steps = np.diff(follow(AdaGrad(0.1, 1e-300), gradients, np.ones(5)), axis=0, prepend=[[1] * 5])
    errors = []
    for t, g in enumerate(gradients, start=1):
        size = np.sqrt(np.mean(gradients[:t] ** 2, axis=0))
        errors.append(worst_error(steps[t - 1], -schedules.inverse_sqrt_step(t, 0.1) * g / size))
    ledger("dlcore: AdaGrad, step by step", max(errors), 1e-13, label="eq-opt-adagrad-rms")


@pytest.mark.ledger("eq-opt-rmsprop")
def test_rmsprop_is_the_printed_loop(ledger, gradients):
    theta, s, printed = [1.0] * 5, [0.0] * 5, []
    for g in gradients:
        for i in range(5):
            s[i] = 0.9 * s[i] + (1 - 0.9) * g[i] ** 2
            theta[i] -= 0.1 * g[i] / (math.sqrt(s[i]) + 1e-3)
        printed.append(list(theta))
    ours = follow(RMSprop(0.1, 0.9, 1e-3), gradients, np.ones(5))
    ledger("loops: over the entries", worst_error(ours, printed), tolerance=1e-13)


@pytest.mark.ledger("eq-opt-scale-free")
def test_a_louder_cost_changes_no_step(ledger, gradients):
    errors = []
    for optimizer in (RMSprop(0.1, eps=1e-30), Adam(0.1, eps=1e-30)):
        quiet = follow(optimizer, gradients, np.ones(5))
        errors += [
            worst_error(follow(optimizer, c * gradients, np.ones(5)), quiet)
            for c in (1e-3, 7.0, 1e6)
        ]
    ledger("dlcore: RMSprop and Adam, costs times c", max(errors), tolerance=1e-12)


@pytest.mark.ledger("eq-opt-rmsprop-bound")
def test_no_gradient_throws_rmsprop_farther(ledger):
    rng = np.random.default_rng(0)
    steps = []
    for beta in (0.5, 0.9, 0.99):
        wild = rng.standard_cauchy((300, 20))
        path = follow(RMSprop(0.1, beta), wild, np.zeros(20))
        steps.append(np.abs(np.diff(path, axis=0)).max() / (0.1 / math.sqrt(1 - beta)))
    assert max(steps) > 0.95  # nearly reached
    ledger("a bound: 18,000 wild steps", max(0.0, max(steps) - 1), tolerance=1e-12)


@pytest.mark.ledger("eq-opt-adam", "eq-opt-adam-first")
def test_adam_is_the_printed_loop(ledger, gradients):
    theta, v, s, printed = [1.0] * 5, [0.0] * 5, [0.0] * 5, []
    for t, g in enumerate(gradients, start=1):
        for i in range(5):
            v[i] = 0.9 * v[i] + (1 - 0.9) * g[i]
            s[i] = 0.999 * s[i] + (1 - 0.999) * g[i] ** 2
            root = math.sqrt(s[i] / (1 - 0.999**t)) + 1e-8
            theta[i] -= 0.1 * v[i] / (1 - 0.9**t) / root
        printed.append(list(theta))
    error = worst_error(follow(Adam(0.1), gradients, np.ones(5)), printed)
    ledger("loops: over the entries", error, 1e-12, label="eq-opt-adam")
    g = np.array([8.0, -3e-5, 1e-8, 2e6])
    first = follow(Adam(0.1), [g], np.zeros(4))[0]
    error = worst_relative_error(first, -0.1 * g / (np.abs(g) + 1e-8))
    ledger("dlcore: one step of Adam", error, 1e-12, label="eq-opt-adam-first")


@pytest.mark.ledger("eq-opt-adam-slip")
def test_the_steps_with_the_wrong_correction(ledger, gradients):
    v = s = np.zeros(5)
    ratios, printed, rights = [], [], []
    for t, g in enumerate(gradients, start=1):
        v, s = 0.9 * v + 0.1 * g, 0.999 * s + 0.001 * g**2
        right = v / (1 - 0.9**t) / np.sqrt(s / (1 - 0.999**t))
        wrong = v / (1 - 0.9**t) / np.sqrt(s / (1 - 0.9**t))
        rights.append(right)
        ratios.append(wrong / right)
        printed.append([math.sqrt((1 - 0.9**t) / (1 - 0.999**t))] * 5)
    path = follow(Adam(1.0, eps=1e-30), gradients, np.zeros(5))
    error = worst_error(-np.cumsum(rights, axis=0), path)
    ledger("dlcore: Adam, the right steps", error, tolerance=1e-13)
    ledger("step by step: 40 steps with the slip", worst_error(ratios, printed), tolerance=1e-13)
    factors = [math.sqrt((1 - 0.9**t) / (1 - 0.999**t)) for t in (1, 10, 100, 1000)]
    known = worst_relative_error(factors, [10, 8.089, 3.241, 1.258])
    ledger("printed digits: 10, 8.089, 3.241 and 1.258", known, tolerance=5e-4)


@pytest.mark.ledger("eq-opt-adamw")
def test_adamw_is_adam_and_a_decay_beside_it(ledger, gradients):
    theta, state, printed = np.ones(5), Adam(0.1).init(np.ones(5)), []
    for g in gradients:
        step, state = Adam(0.1).update(np.zeros(5), g, state)  # minus the rate times the quotient
        theta = theta + step - 0.1 * 0.3 * theta
        printed.append(theta)
    ours = follow(AdamW(0.1, weight_decay=0.3), gradients, np.ones(5))
    ledger("another way: Adam, and the decay", worst_error(ours, printed), tolerance=1e-13)


# --- a matrix for the gradient ---


@pytest.mark.ledger("eq-opt-secant", "eq-opt-bfgs", "eq-opt-bfgs-positive")
def test_bfgs_knows_the_last_step_and_stays_positive(ledger):
    rng = np.random.default_rng(0)
    unknown, apart, lost, forms = [], [], [], []
    for P in (1, 2, 5, 9):
        for _ in range(20):
            A = rng.standard_normal((P, P))
            H, Q = A @ A.T + np.eye(P), np.eye(P)
            for _ in range(3):
                step = rng.standard_normal(P)
                change = H @ step
                rho, old = 1 / (change @ step), Q
                left = np.eye(P) - rho * np.outer(step, change)
                Q = bfgs_update(old, step, change)
                apart.append(worst_error(Q, left @ old @ left.T + rho * np.outer(step, step)))
                unknown.append(worst_error(Q @ change, step))
                lost.append(max(0.0, -np.linalg.eigvalsh(Q)[0]))
                x = rng.standard_normal(P)
                z = left.T @ x
                forms.append(abs(x @ Q @ x - (z @ old @ z + rho * (step @ x) ** 2)))
    ledger("the printed formula", max(apart), 1e-12, label="eq-opt-bfgs")
    ledger("another way: the new matrix on the change", max(unknown), 1e-11, label="eq-opt-secant")
    ledger("NumPy: eigenvalues below 0", max(lost), 1e-12, label="eq-opt-bfgs-positive")
    ledger("another way: both sides", max(forms), 1e-10, label="eq-opt-bfgs-positive")
    by_hand = bfgs_update(np.eye(2), np.array([1.0, 0.0]), np.array([2.0, 1.0]))
    error = worst_error(by_hand, [[0.75, -0.5], [-0.5, 1.0]])
    ledger("by hand: one step from the identity", error, 1e-14, label="eq-opt-bfgs")


# --- slowing down ---


@pytest.mark.ledger("eq-opt-noise-ball")
def test_the_ball_of_noise(ledger):
    iterated, sampled, rng = [], [], np.random.default_rng(0)
    for alpha, lam, sigma in [(0.4, 1.0, 1.0), (0.04, 1.0, 1.0), (0.1, 4.0, 3.0)]:
        printed, V, theta = alpha * sigma**2 / (lam * (2 - alpha * lam)), 0.0, np.zeros(20_000)
        for _ in range(600):
            V = (1 - alpha * lam) ** 2 * V + alpha**2 * sigma**2
            noisy = lam * theta + sigma * rng.standard_normal(20_000)
            theta, _ = GradientDescent(alpha).update(theta, noisy, ())
        iterated.append(V / printed - 1)
        sampled.append(theta.var() / printed - 1)
    ledger("step by step: 600 steps of the variance", np.abs(iterated).max(), tolerance=1e-12)
    ledger("a sample: 20,000 noisy descents", np.abs(sampled).max(), tolerance=0.05)


SCHEDULES = {
    "eq-opt-inverse-time": (
        lambda t: schedules.inverse_time(t, 0.2, 1.0), lambda t: 0.2 / (1 + t),
        [0.2, 0.1, 0.06667, 0.05],
    ),
    "eq-opt-exponential": (
        lambda t: schedules.exponential(t, 0.2, 0.5), lambda t: 0.2 * 0.5**t,
        [0.2, 0.1, 0.05, 0.025],
    ),
    "eq-opt-inverse-sqrt-epoch": (
        lambda t: schedules.inverse_sqrt_epoch(t + 1, 0.2, 3), lambda t: 0.6 / math.sqrt(t + 1),
        [0.6, 0.42426, 0.34641, 0.3],
    ),
    "eq-opt-inverse-sqrt-step": (
        lambda t: schedules.inverse_sqrt_step(t + 1, 0.2, 3), lambda t: 0.6 / math.sqrt(t + 1),
        [0.6, 0.42426, 0.34641, 0.3],
    ),
    "eq-opt-staircase": (
        lambda t: schedules.staircase(t, 0.2, 2), lambda t: 0.2 * 0.5 ** math.floor(t / 2),
        [0.2, 0.2, 0.1, 0.1],
    ),
    "eq-opt-warmup": (
        lambda t: schedules.warmup(t, 0.2, 4), lambda t: 0.2 * min(1, (t + 1) / 4),
        [0.05, 0.1, 0.15, 0.2, 0.2],
    ),
    "eq-opt-cosine": (
        lambda t: schedules.cosine(t, 0.2, 20, 0.01),
        lambda t: 0.01 + 0.19 / 2 * (1 + math.cos(math.pi * t / 20)),
        [0.2, 0.19883, 0.19535],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "label", [pytest.param(label, marks=pytest.mark.ledger(label)) for label in SCHEDULES]
)
def test_the_schedules_are_the_printed_formulas(label, ledger):
    schedule, formula, by_hand = SCHEDULES[label]
    steps = range(20)
    ours = [schedule(t) for t in steps]
    ledger("the printed formula", worst_error(ours, [formula(t) for t in steps]), tolerance=1e-15)
    ledger("printed digits", worst_error(ours[: len(by_hand)], by_hand), tolerance=1e-4)


@pytest.mark.ledger("eq-opt-noise-step", "eq-opt-best-schedule")
def test_the_mean_square_step_by_step_and_the_best_rates(ledger):
    rng, lam, sigma, start = np.random.default_rng(0), 2.0, 3.0, 25.0
    theta, M = np.full(200_000, 5.0), start
    sampled, searched, reciprocals = [], [], []
    for t in range(30):
        best = 1 / lam / (t + 1 + sigma**2 / (lam**2 * start))
        tries = best * np.linspace(0.5, 1.5, 2001)
        after = (1 - tries * lam) ** 2 * M + tries**2 * sigma**2
        searched.append(tries[after.argmin()] / best - 1)
        noisy = lam * theta + sigma * rng.standard_normal(theta.size)
        theta, _ = GradientDescent(best).update(theta, noisy, ())
        M = (1 - best * lam) ** 2 * M + best**2 * sigma**2
        sampled.append(np.mean(theta**2) / M - 1)
        reciprocals.append(M * (1 / start + lam**2 / sigma**2 * (t + 1)) - 1)
    error = np.abs(sampled).max()
    ledger("a sample: 200,000 noisy descents", error, 0.03, label="eq-opt-noise-step")
    error = np.abs(reciprocals).max()
    ledger("step by step: 30 steps", error, 1e-12, label="eq-opt-best-schedule")
    error = np.abs(searched).max()
    ledger("a search: 2,001 rates in each step", error, 1e-3, label="eq-opt-best-schedule")
