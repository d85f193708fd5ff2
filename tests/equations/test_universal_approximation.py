"""The equations of chapter 08, measured."""

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from dlcore import models
from dlcore.activations import relu, sigmoid
from dlcore.layers import Affine, ReLU
from dlcore.network import Sequential
from dlcore.regions import linear_regions, max_regions
from tests.measure import worst_error

X = np.linspace(0, 1, 2001)
SIZES = (2, 3, 7, 20, 64)


def curve(x):
    """Return a smooth curve on [0, 1], between 0 and 1, with a slope of at most 1.5 pi."""
    return 0.5 + 0.3 * np.sin(2 * np.pi * x) + 0.15 * np.sin(6 * np.pi * x)


SLOPE = 1.5 * np.pi


def run(built, x=X):
    net, params = built
    return net.forward(params, x[:, np.newaxis])[0][:, 0]


def middles(n):
    return (np.arange(n) + 0.5) / n


def bumps(x, n, w):
    """Return the bumps of height 1, each as its own two sigmoids; the outer ends are far away."""
    ends = np.concatenate([[-1e6], np.arange(1, n) / n, [1e6]])
    rises = sigmoid(w * (x[:, np.newaxis] - ends))  # (N, n + 1)
    return rises[:, :-1] - rises[:, 1:]


def excess(error, bound):
    """Return by how much an error is beyond its bound, as a share of the bound."""
    return max(0.0, float(np.max(np.asarray(error) / np.asarray(bound))) - 1)


# --- one step ---


@pytest.mark.ledger("eq-ua-step")
def test_a_unit_steps_at_minus_b_over_w(ledger):
    crossings, places = [], []
    for w, b in ((100.0, -40.0), (-3.0, 1.5), (0.5, 2.0), (-20.0, -7.0)):
        unit = np.vectorize(lambda x, w=w, b=b: float(sigmoid(np.array(w * x + b))) - 0.5)
        crossings.append(brentq(unit, -50, 50, xtol=1e-14))
        places.append(-b / w)
    ledger("a search: SciPy's root finder", worst_error(crossings, places), tolerance=1e-10)


@pytest.mark.ledger("eq-ua-logit")
def test_logit_inverts_the_sigmoid(ledger):
    p = np.linspace(0.001, 0.999, 999)
    ledger("dlcore: sigmoid", worst_error(sigmoid(np.log(p / (1 - p))), p), tolerance=1e-12)


@pytest.mark.ledger("eq-ua-width")
def test_width_of_a_step(ledger):
    error = 0.0
    for w in (0.5, 3.0, 100.0, -8.0):
        ends = [
            brentq(lambda x, w=w, p=p: float(sigmoid(np.array(w * x))) - p, -50, 50, xtol=1e-15)
            for p in (0.1, 0.9)
        ]
        error = max(error, worst_error(abs(ends[1] - ends[0]), math.log(81) / abs(w)))
    ledger("a search: SciPy's root finder", error, tolerance=1e-10)


@pytest.mark.ledger("eq-ua-step-error")
def test_distance_of_a_step_from_a_sharp_one(ledger):
    x, s, w = np.linspace(-1, 2, 600), 0.4, 30.0
    measured = np.abs(sigmoid(w * (x - s)) - (x > s))
    ledger(
        "another way: the sharp step",
        worst_error(measured, sigmoid(-w * np.abs(x - s))),
        tolerance=1e-12,
    )
    assert np.all(measured <= np.exp(-w * np.abs(x - s)) * (1 + 1e-12) + 1e-15)


# --- bumps ---


@pytest.mark.ledger("eq-ua-bump", "eq-ua-bump-peak")
def test_a_bump_is_two_units_of_a_network(ledger):
    h, s1, s2 = 0.8, 0.4, 0.6
    for w in (20.0, 100.0):
        bump = h * sigmoid(w * (X - s1)) - h * sigmoid(w * (X - s2))
        theta = np.array([w, w, -w * s1, -w * s2, h, -h, 0])
        net, params = models.random_steps(2, "sigmoid", np.random.default_rng(0))
        built = net.forward(params.like(theta), X[:, np.newaxis])[0][:, 0]
        ledger("dlcore: the built network", worst_error(bump, built), 1e-12, label="eq-ua-bump")
        peak = h * math.tanh(w * (s2 - s1) / 4)
        ledger(
            "a search: the largest value", abs(bump.max() - peak), 1e-12, label="eq-ua-bump-peak"
        )


@pytest.mark.ledger("eq-ua-staircase", "eq-ua-partition")
def test_staircase_is_the_sum_of_single_bumps(ledger):
    rng = np.random.default_rng(0)
    for n in SIZES:
        for w in (5.0, 20.0 * n):
            heights = rng.standard_normal(n)
            p = bumps(X, n, w)
            error = worst_error(run(models.staircase(heights, w)), p @ heights)
            ledger("another way: 2n separate sigmoids", error, 1e-10, label="eq-ua-staircase")
            ledger(
                "another way: weights that sum to 1",
                worst_error(p.sum(axis=1), np.ones(X.size)),
                1e-12,
                label="eq-ua-partition",
            )
            assert np.all(p >= 0)
            assert models.staircase(heights, w)[1]["steps.b"].shape == (n - 1,)


@pytest.mark.ledger("eq-ua-mean-width")
def test_mean_width_of_the_sigmoid(ledger):
    def integrand(u):
        a = float(sigmoid(np.array(u)))
        return abs(u) * a * (1 - a)

    area = 2 * quad(integrand, 0, 60, epsabs=1e-13)[0]
    ledger("SciPy: integration", abs(area - 2 * math.log(2)), tolerance=1e-10)


@pytest.mark.ledger("eq-ua-bound", "eq-ua-lipschitz")
def test_error_of_the_staircase_is_within_the_bound(ledger):
    shares = []
    for n, w in itertools.product((2, 5, 12, 40, 200), (10.0, 100.0, 1000.0, 1e5)):
        smooth = np.abs(run(models.staircase(curve(middles(n)), w)) - curve(X)).max()
        bound = SLOPE * (1 / (2 * n) + 2 * math.log(2) / w)
        shares.append(smooth / bound)
        ledger("a bound: the largest error", excess(smooth, bound), 1e-9, label="eq-ua-lipschitz")
        root = np.abs(run(models.staircase(np.sqrt(middles(n)), w)) - np.sqrt(X)).max()
        bound = math.sqrt(1 / (2 * n)) + (1 + 2 * math.log(2)) * math.sqrt(1 / w)
        shares.append(root / bound)
        ledger(
            "a bound: the largest error, of a root", excess(root, bound), 1e-9, label="eq-ua-bound"
        )
    assert max(shares) > 0.9, "the bound is loose: it would not notice a wrong factor"


# --- the output ---


@pytest.mark.ledger("eq-ua-output", "eq-ua-output-error")
def test_output_through_a_sigmoid(ledger):
    logit = np.log(curve(X) / (1 - curve(X)))
    ledger(
        "another way: the curve", worst_error(sigmoid(logit), curve(X)), 1e-12, label="eq-ua-output"
    )
    z = np.linspace(-6, 6, 241)
    gaps = np.abs(sigmoid(z[:, np.newaxis]) - sigmoid(z))
    distance = np.abs(z[:, np.newaxis] - z)
    apart = distance > 0
    ledger(
        "a bound: all pairs of scores", excess(gaps[apart], distance[apart] / 4), 1e-9,
        label="eq-ua-output-error",
    )  # fmt: skip
    assert (gaps[apart] / distance[apart]).max() > 0.249


# --- several inputs ---


@pytest.mark.ledger("eq-ua-tower")
def test_towers_one_by_one(ledger):
    rng = np.random.default_rng(1)
    for D, n in ((1, 4), (2, 3), (3, 3)):
        heights, points = rng.standard_normal((n,) * D), rng.random((50, D))
        w, v = 12.0, 7.0
        total = np.zeros(50)
        for cell in itertools.product(range(n), repeat=D):
            ridges = sum(bumps(points[:, i], n, w)[:, cell[i]] for i in range(D))
            total += heights[cell] * sigmoid(v * (ridges - D + 0.5))
        net, params = models.towers(heights, w, v)
        ledger(
            "loops: over the cells",
            worst_error(net.forward(params, points)[0][:, 0], total),
            tolerance=1e-10,
        )


@pytest.mark.ledger("eq-ua-count")
def test_hidden_units_of_towers(ledger):
    worst = 0
    for D, n in ((1, 5), (2, 8), (3, 4), (4, 3)):
        _, params = models.towers(np.zeros((n,) * D), 1.0, 1.0)
        units = len(params["steps.b"]) + len(params["cells.b"])
        worst = max(worst, abs(units - (D * (n - 1) + n**D)))
    ledger("counting: the biases of dlcore's network", worst, tolerance=0)


@pytest.mark.ledger("eq-ua-product")
def test_a_product_is_a_difference_of_squares(ledger):
    a, b = np.random.default_rng(0).standard_normal((2, 1000))
    ledger(
        "another way: the product",
        worst_error(((a + b) / 2) ** 2 - ((a - b) / 2) ** 2, a * b),
        1e-12,
    )


# --- ReLU ---


def hat(x, c, d):
    return (relu(x - c + d) - 2 * relu(x - c) + relu(x - c - d)) / d


@pytest.mark.ledger("eq-ua-hat")
def test_three_relus_make_a_hat(ledger):
    x = np.linspace(-1, 2, 1001)
    triangle = np.maximum(0, 1 - np.abs(x - 0.3) / 0.25)
    ledger(
        "another way: max(0, 1 - |x - c| / d)",
        worst_error(hat(x, 0.3, 0.25), triangle),
        tolerance=1e-12,
    )


@pytest.mark.ledger("eq-ua-interpolant")
def test_relus_interpolate(ledger):
    rng = np.random.default_rng(0)
    for n in SIZES:
        values, knots = rng.standard_normal(n), np.linspace(0, 1, n)
        g = run(models.hats(values))
        ledger("NumPy: interp", worst_error(g, np.interp(X, knots, values)), tolerance=1e-9)
        hats = sum(v * hat(X, c, 1 / (n - 1)) for v, c in zip(values, knots, strict=True))
        ledger("another way: n hats of three ReLUs", worst_error(g, hats), tolerance=1e-9)


@pytest.mark.ledger("eq-ua-hat-error")
def test_error_of_the_polygon(ledger):
    second = np.pi**2 * np.abs(1.2 * np.sin(2 * np.pi * X) + 5.4 * np.sin(6 * np.pi * X)).max()
    for n in (2, 5, 20, 100):
        error = np.abs(run(models.hats(curve(np.linspace(0, 1, n)))) - curve(X)).max()
        ledger(
            "a bound: the largest error", excess(error, second / 8 / (n - 1) ** 2), tolerance=1e-4
        )
        square = np.abs(run(models.hats(np.linspace(0, 1, n) ** 2), knots(n)) - knots(n) ** 2).max()
        ledger(
            "another way: a parabola, where it is equal",
            abs(square * 8 * (n - 1) ** 2 / 2 - 1),
            tolerance=1e-9,
        )


def knots(n):
    """Return points that hold the middle of every piece."""
    return np.linspace(0, 1, 2 * (n - 1) + 1)


# --- limits ---


@pytest.mark.ledger("eq-ua-jump")
def test_half_the_jump_remains(ledger):
    rng = np.random.default_rng(0)
    x = np.array([0.4 - 1e-9, 0.4 + 1e-9])  # on both sides of the jump
    target = np.array([0.3, 0.7])
    networks = [models.staircase(0.3 + 0.4 * (middles(n) > 0.4), 50.0 * n) for n in (5, 10, 320)]
    networks += [models.hats(0.3 + 0.4 * (np.linspace(0, 1, n) > 0.4)) for n in (6, 11, 300)]
    networks += [models.random_steps(40, "sigmoid", rng) for _ in range(20)]
    errors = [np.abs(run(network, x) - target).max() for network in networks]
    ledger("a bound: 26 networks", max(0.0, 0.2 - min(errors)), tolerance=1e-5)
    assert min(errors) < 0.2001  # half the jump is what a step on the spot reaches


@pytest.mark.ledger("eq-ua-line")
def test_no_network_of_sigmoids_follows_a_wave_for_ever(ledger):
    far = 1e7 * np.pi + np.array([np.pi / 2, 3 * np.pi / 2])  # 1e7 pi is a whole number of turns
    assert np.allclose(np.sin(far), [1, -1])
    rng = np.random.default_rng(0)
    errors = []
    for _ in range(50):
        net, params = models.random_steps(30, "sigmoid", rng)
        errors.append(np.abs(run((net, params), far) - [1, -1]).max())
    errors.append(np.abs(run(models.staircase(np.zeros(4), 10.0), far) - [1, -1]).max())
    ledger("a bound: 51 networks", max(0.0, 1 - min(errors)), tolerance=1e-9)
    assert min(errors) < 1 + 1e-6  # reached by the constant 0


# --- depth ---


def dyadic(power):
    return np.arange(2**power + 1) / 2**power


@pytest.mark.ledger("eq-ua-tent")
def test_tent_from_two_relus(ledger):
    tent = 1 - np.abs(1 - 2 * X)
    ledger(
        "another way: 1 - |1 - 2x|",
        worst_error(2 * relu(X) - 4 * relu(X - 0.5), tent),
        tolerance=1e-12,
    )
    again = tent
    for depth in (1, 2, 3, 4):
        error = worst_error(run(models.sawtooth(depth)), again)
        ledger("dlcore: the built network", error, tolerance=1e-10)
        again = 1 - np.abs(1 - 2 * again)


@pytest.mark.ledger("eq-ua-pieces")
def test_each_layer_doubles_the_pieces(ledger):
    worst = 0
    for depth in range(1, 11):
        net, params = models.sawtooth(depth)
        slopes = np.diff(run((net, params), dyadic(depth + 2)))
        found = 1 + np.count_nonzero(np.diff(slopes))
        units = sum(len(params[f"fc{i}.b"]) for i in range(1, depth + 1))
        worst = max(worst, abs(found - 2**depth), abs(units - 2 * depth))
    ledger("counting: pieces and units", worst, tolerance=0)


@pytest.mark.ledger("eq-ua-depth")
def test_a_shallow_network_needs_as_many_kinks(ledger):
    """Count crossings: of the zigzag, and at most one a piece of random shallow networks."""
    rng = np.random.default_rng(0)
    missing = 0
    for depth in range(1, 9):
        zigzag = run(models.sawtooth(depth), dyadic(depth))
        crossings = np.count_nonzero(np.diff(np.sign(zigzag - 0.5)))
        missing = max(missing, 2**depth - crossings)
    for units in (1, 5, 50):
        for _ in range(20):
            g = run(models.random_steps(units, "relu", rng), np.linspace(0, 1, 5001))
            crossings = np.count_nonzero(np.diff(np.sign(g - np.median(g))))
            missing = max(missing, crossings - (units + 1))
    ledger("counting: crossings", max(missing, 0), tolerance=0)
    for depth in (2, 3, 4):  # with units to spare it can be drawn, with fewer than the bound not
        target = run(models.sawtooth(depth), dyadic(depth))
        assert np.abs(run(models.hats(target), dyadic(depth)) - target).max() < 1e-9
        fewer = models.hats(run(models.sawtooth(depth), np.linspace(0, 1, 2**depth - 1)))
        assert np.abs(run(fewer, dyadic(depth)) - target).max() >= 0.5


@pytest.mark.ledger("eq-ua-square")
def test_square_from_zigzags(ledger):
    x = dyadic(12)
    total = x.copy()
    for depth in range(1, 9):
        total = total - run(models.sawtooth(depth), x) / 4**depth
        error = np.abs(x**2 - total).max()
        ledger(
            "another way: a parabola, where it is equal", abs(error * 4 ** (depth + 1) - 1), 1e-9
        )


# --- linear regions ---

SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def layers_of(*sizes, seed):
    """Return a network of ReLUs on two inputs with random weights and biases."""
    layers, before = {}, 2
    for i, units in enumerate(sizes):
        layers |= {f"fc{i}": Affine(before, units), f"relu{i}": ReLU()}
        before = units
    net = Sequential(**layers)
    rng = np.random.default_rng(seed)
    params = net.init(rng)
    return net, params.like(rng.standard_normal(params.theta.size))


def patterns_of_points(W, b, X):
    return len(np.unique(X @ W.T + b > 0, axis=0))


@pytest.mark.ledger("eq-ua-regions-step", "eq-ua-regions")
def test_most_regions_of_a_layer(ledger):
    table = {}
    for m, D in itertools.product(range(9), range(1, 6)):
        below = table.get((m - 1, D), 0) + table.get((m - 1, D - 1), 1) if m else 1
        table[m, D] = below
        ledger(
            "another way: hyperplane by hyperplane", abs(max_regions(m, D) - below), 0,
            label="eq-ua-regions",
        )  # fmt: skip
    rng = np.random.default_rng(0)
    worst = 0
    for m, D in ((1, 1), (5, 1), (3, 2), (4, 2), (5, 2), (3, 3), (4, 3)):
        W, b = rng.standard_normal((m, D)), 0.3 * rng.standard_normal(m)
        # Points beside every crossing of D hyperplanes, and far away in every direction.
        near = [
            np.linalg.solve(W[list(rows)], -b[list(rows)])
            for rows in itertools.combinations(range(m), min(m, D))
            if len(rows) == D
        ]
        near = np.array(near if near else np.zeros((1, D)))
        X = np.concatenate([
            (near[:, np.newaxis] + 1e-3 * rng.standard_normal((4000, D))).reshape(-1, D),
            1e4 * rng.standard_normal((40_000, D)),
        ])  # fmt: skip
        worst = max(worst, abs(patterns_of_points(W, b, X) - table[m, D]))
    ledger("counting: sign patterns of points", worst, 0, label="eq-ua-regions-step")


@pytest.mark.ledger("eq-ua-regions-window")
def test_regions_in_a_window(ledger):
    worst = 0
    for seed, m in itertools.product(range(6), (1, 3, 8, 15)):
        net, params = layers_of(m, seed=seed)
        W, b = params["fc0.W"], params["fc0.b"]
        values = SQUARE @ W.T + b
        lines = np.count_nonzero((values.min(axis=0) < 0) & (values.max(axis=0) > 0))
        crossings = 0
        for i, j in itertools.combinations(range(m), 2):
            x = np.linalg.solve(W[[i, j]], -b[[i, j]])
            crossings += np.all(np.abs(x) < 1)
        cut = len(linear_regions(net, params, SQUARE)[0])
        worst = max(worst, abs(cut - (1 + lines + crossings)))
        whole = len(linear_regions(net, params, 1e6 * SQUARE)[0])
        worst = max(worst, abs(whole - max_regions(m, 2)))
    ledger("counting: lines and crossings", worst, tolerance=0)


@pytest.mark.ledger("eq-ua-regions-layers")
def test_regions_of_several_layers(ledger):
    most = 0.0
    for seed, sizes in itertools.product(range(10), ((2, 2), (4, 4), (3, 3, 3), (8, 8), (2, 6))):
        net, params = layers_of(*sizes, seed=seed)
        found = len(linear_regions(net, params, 1e4 * SQUARE)[0])
        most = max(most, found / math.prod(max_regions(m, 2) for m in sizes))
    ledger("a bound: 50 networks", max(0.0, most - 1), tolerance=0)
    assert most > 0.5, "the bound is loose everywhere: it would not notice a wrong factor"


@pytest.mark.ledger("eq-ua-regions-fold")
def test_folding_several_inputs(ledger):
    worst = 0
    for depth in (1, 2, 3, 4):
        net, params = models.folds(2, depth)
        polygons, _ = linear_regions(net, params, (SQUARE + 1) / 2)
        worst = max(worst, abs(len(polygons) - 4**depth))
    for inputs, depth in ((1, 5), (3, 1), (3, 2)):  # by the slopes in the middles of a fine grid
        net, params = models.folds(inputs, depth)
        middle = (np.arange(2**depth) + 0.5) / 2**depth
        X = np.stack(np.meshgrid(*[middle] * inputs), axis=-1).reshape(-1, inputs)
        _, cache = net.forward(params, X)
        slopes, _ = net.backward(np.ones((len(X), 1)), cache)
        assert np.all(np.abs(slopes) == 2**depth)
        cells = slopes.reshape(*[2**depth] * inputs, inputs)
        for axis in range(inputs):  # two neighbors differ, so no two cells are one region
            assert np.all(np.any(np.diff(cells, axis=axis) != 0, axis=-1))
        worst = max(worst, abs(len(X) - 2 ** (inputs * depth)))
    ledger("counting: polygons, and slopes that differ", worst, tolerance=0)


@pytest.mark.ledger("eq-ua-tanh")
def test_a_sigmoid_is_a_tanh_moved_and_scaled(ledger):
    z = np.concatenate([np.linspace(-40, 40, 1001), [-800.0, 800.0]])
    ledger("NumPy: tanh", worst_error(sigmoid(z), (1 + np.tanh(z / 2)) / 2), tolerance=1e-14)
