"""The equations of chapter 10, measured."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from dlcore import losses, models
from dlcore.activations import relu, sigmoid
from dlcore.gradcheck import numerical_gradient
from dlcore.initializers import he_normal, normal, xavier_normal, zeros
from dlcore.layers import (
    Affine,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
    affine_backward,
    affine_forward,
    relu_backward,
)
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent, clip_by_norm
from dlcore.training import fit
from tests.measure import worst_error, worst_relative_error


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.ledger("eq-init-stuck")
def test_only_the_last_bias_moves_from_zero(ledger, rng):
    X, y = rng.standard_normal((30, 2)), (rng.random((30, 1)) < 0.3).astype(int)
    net = models.circles(weights=zeros)
    params = net.init(rng).like(np.zeros(91))
    params["fc3.b"][...] = 0.4
    grad = numerical_gradient(
        lambda theta: losses.logistic(net.forward(params.like(theta), X)[0], y)[0], params.theta
    )
    expected = np.zeros(91)
    expected[-1] = sigmoid(np.array(0.4)) - y.mean()
    ledger("central differences", worst_error(grad, expected), tolerance=1e-9)
    end, _ = fit(
        net, params, X, y, loss=losses.logistic, optimizer=GradientDescent(0.5), epochs=300,
        progress=False,
    )  # fmt: skip
    moved = np.abs(end.theta[:-1]).max()
    ledger(
        "a limit: 300 steps", max(moved, abs(sigmoid(end.theta[-1:])[0] - y.mean())), tolerance=1e-6
    )


@pytest.mark.ledger("eq-init-homogeneous")
def test_a_factor_in_every_layer(ledger, rng):
    X, c = rng.standard_normal((20, 2)), 3.0
    net = models.circles()
    params = net.init(rng)
    one, many = (net.forward(params.like(s * params.theta), X) for s in (1.0, c))
    grads = [net.backward(np.ones_like(out), cache)[1] for out, cache in (one, many)]
    errors = [worst_relative_error(many[0], c**3 * one[0])]
    weights = params.decayed
    errors.append(worst_error(grads[1].theta[weights], c**2 * grads[0].theta[weights]))
    ledger("dlcore: a network of three layers", max(errors), tolerance=1e-9)


@pytest.mark.ledger("eq-init-variance", "eq-init-forward", "eq-init-he")
def test_the_variance_of_a_score(ledger, rng):
    n, units = 200, 4000
    X = np.exp(rng.standard_normal(n))[np.newaxis]  # mean far from 0, and skew
    for label, initializer, factor in [
        ("eq-init-variance", normal(0.3), 0.09 * n),
        ("eq-init-forward", normal(np.sqrt(1 / n)), 1.0),
        ("eq-init-he", he_normal, 2.0),
    ]:
        W = initializer(rng, (units, n), n, units)
        z, _ = affine_forward(X, W, np.zeros(units))
        seen = relu(z) if label == "eq-init-he" else z
        wanted = factor * np.mean(X**2) * (0.5 if label == "eq-init-he" else 1.0)
        gap = abs(np.mean(seen**2) / wanted - 1)
        ledger("a sample: 4,000 units", gap, tolerance=0.1, label=label)


@pytest.mark.ledger("eq-init-relu-half")
def test_relu_keeps_half_of_the_mean_square(ledger):
    gaps = []
    for sd in (0.1, 1.0, 30.0):
        half, _ = quad(
            lambda z, s=sd: relu(np.array(z)) ** 2 * norm.pdf(z, scale=s), -12 * sd, 12 * sd,
            points=[0], epsabs=1e-13,
        )  # fmt: skip
        gaps.append(abs(half / (sd**2 / 2) - 1))
    ledger("SciPy: integration", max(gaps), tolerance=1e-9)


@pytest.mark.ledger("eq-init-growth")
def test_depth_multiplies(ledger):
    gaps = []
    n, depth = 40, 5
    for v in (1 / n, 2 / n, 4 / n):
        squares = []
        for seed in range(400):
            rng = np.random.default_rng(seed)
            a = np.ones((1, n))
            for _ in range(depth):
                a = relu(affine_forward(a, normal(np.sqrt(v))(rng, (n, n), n, n), np.zeros(n))[0])
            squares.append(np.mean(a**2))
        gaps.append(abs(np.mean(squares) / (n * v / 2) ** depth - 1))
    ledger("a sample: 400 networks", max(gaps), tolerance=0.15)


@pytest.mark.ledger("eq-init-backward", "eq-init-xavier")
def test_the_variance_of_an_error(ledger, rng):
    n_in, n_out, N = 300, 100, 1000
    Z, delta = rng.standard_normal((N, n_in)), rng.standard_normal((N, n_out))
    W = xavier_normal(rng, (n_out, n_in), n_in, n_out)
    _, cache = affine_forward(Z, W, np.zeros(n_out))
    dA, _, _ = affine_backward(delta, cache)
    dZ = relu_backward(dA, relu(Z))
    expected = n_out * W.var() * 0.5
    ledger(
        "a sample: 1,000 errors",
        abs(np.mean(dZ**2) / np.mean(delta**2) / expected - 1),
        tolerance=0.02,
        label="eq-init-backward",
    )
    harmonic = 2 / (1 / (1 / n_in) + 1 / (1 / n_out))
    ledger(
        "a sample: 30,000 draws",
        abs(W.var() / harmonic - 1),
        tolerance=0.03,
        label="eq-init-xavier",
    )


@pytest.mark.ledger("eq-init-telescope")
def test_what_forward_scaling_costs_the_errors(ledger, rng):
    widths = [20, 60, 15, 80, 50]  # n_1 to n_L
    ratios = []
    for _ in range(2000):
        delta = start = rng.standard_normal((4, widths[-1]))
        for n_in, n_out in reversed(list(pairwise(widths))):
            W = normal(np.sqrt(1 / n_in))(rng, (n_out, n_in), n_in, n_out)
            delta, _, _ = affine_backward(delta, (np.zeros((4, n_in)), W))
        ratios.append(np.mean(delta**2) / np.mean(start**2))
    expected = widths[-1] / widths[0]
    ledger("a sample: 2,000 networks", abs(np.mean(ratios) / expected - 1), tolerance=0.05)


@pytest.mark.ledger("eq-init-deep-linear")
def test_a_power_of_the_depth(ledger):
    gaps = []
    for c in (1.5, 0.5):
        x = np.array([[1.0, -2.0]])
        for _ in range(50):
            x, _ = affine_forward(x, c * np.eye(2), np.zeros(2))
        gaps.append(worst_relative_error(x, c**50 * np.array([[1.0, -2.0]])))
    ledger("step by step: 50 layers", max(gaps), tolerance=1e-13)


@pytest.mark.ledger("eq-init-singular")
def test_singular_values_bound_a_product(ledger, rng):
    beyond = []
    for _ in range(200):
        Ws = rng.standard_normal((4, 5, 5))
        x = rng.standard_normal(5)
        values = np.linalg.svd(Ws, compute_uv=False)
        out = x[np.newaxis]
        for W in Ws:
            out, _ = affine_forward(out, W, np.zeros(5))
        stretched = np.linalg.norm(out) / np.linalg.norm(x)
        low, high = values.min(axis=1).prod(), values.max(axis=1).prod()
        beyond += [low / stretched - 1, stretched / high - 1]
    ledger("a bound: 200 products", max(0.0, *beyond), tolerance=1e-12)
    _, s, Vt = np.linalg.svd(Ws[0])
    assert np.linalg.norm(Ws[0] @ Vt[0]) == pytest.approx(s[0])  # the bound is reached


def scalar_chain(w, b, x):
    layers = {}
    for k in range(len(w)):
        layers |= {f"fc{k}": Affine(1, 1), f"s{k}": Sigmoid()}
    net = Sequential(**layers)
    params = net.init(np.random.default_rng(0))
    params.theta[::2], params.theta[1::2] = w, b
    out, cache = net.forward(params, np.array([[x]]))
    return net.backward(np.ones_like(out), cache)[1].theta[::2]


@pytest.mark.ledger("eq-init-chain", "eq-init-chain-bound")
def test_the_derivative_of_a_chain(ledger, rng):
    w, b, x = 2 * rng.standard_normal(8), rng.standard_normal(8), 0.7
    a = [x]
    for weight, bias in zip(w, b, strict=True):
        a.append(float(sigmoid(np.array(weight * a[-1] + bias))))
    slope = [value * (1 - value) for value in a[1:]]
    printed = []
    for k in range(8):
        product = slope[k] * a[k]
        for m in range(k + 1, 8):
            product *= slope[m] * w[m]
        printed.append(product)
    gap = worst_relative_error(np.array(printed), scalar_chain(w, b, x))
    ledger("dlcore: Sequential", gap, tolerance=1e-10, label="eq-init-chain")

    weights = np.linspace(-3.999, 3.999, 401)
    z = np.linspace(-10, 10, 401)
    s = sigmoid(z)
    largest = np.abs(np.outer(weights, s * (1 - s))).max()
    ledger("a search: a grid of weights and scores", abs(largest - 3.999 / 4), tolerance=1e-9,
           label="eq-init-chain-bound")  # fmt: skip
    assert largest < 1


@pytest.mark.ledger("eq-init-residual")
def test_the_jacobian_of_a_residual_layer(ledger, rng):
    W, a = rng.standard_normal((4, 4)), rng.standard_normal(4)
    slope = 1 - np.tanh(W @ a) ** 2
    printed = np.eye(4) + slope[:, np.newaxis] * W
    measured = np.array(
        [
            numerical_gradient(lambda v, i=i: float((v + np.tanh(W @ v))[i]), a, eps=1e-5)
            for i in range(4)
        ]
    )
    ledger("central differences", worst_error(printed, measured), tolerance=1e-8)
    layer = Residual(Sequential(fc=Affine(4, 4), tanh=Tanh()))
    params = layer.init(rng)
    params["body.fc.W"][...] = W
    _, cache = layer.forward(params, np.tile(a, (4, 1)))
    rows, _ = layer.backward(np.eye(4), cache)
    ledger("dlcore: Residual", worst_error(printed, rows), tolerance=1e-14)


def block_factors(V_sd, *, L=6, D=30, draws=300, normalized=False):
    """Return the mean factors of the mean squares of signal and error over L residual blocks."""
    body = Sequential(fc1=Affine(D, D, he_normal), relu=ReLU(), fc2=Affine(D, D, normal(V_sd)))
    up, down = [], []
    for seed in range(draws):
        rng = np.random.default_rng(seed)
        a, delta = rng.standard_normal((2, 1, D))
        a /= np.sqrt(np.mean(a**2))  # q_0 = 1
        start, caches = delta, []
        for _ in range(L):
            root = np.sqrt(np.mean(a**2)) if normalized else 1.0
            params = body.init(rng)
            out, cache = body.forward(params, a / root)
            a = a + out
            caches.append((cache, root))
        for cache, root in reversed(caches):
            delta = delta + body.backward(delta, cache)[0] / root  # the root is a constant
        up.append(np.mean(a**2))
        down.append(np.mean(delta**2) / np.mean(start**2))
    return np.mean(up), np.mean(down)


@pytest.mark.ledger("eq-init-residual-growth")
def test_residual_blocks_add_their_variance(ledger):
    gaps = []
    for rho in (0.0, 0.25, 1.0):
        expected = (1 + rho) ** 6
        gaps += [abs(found / expected - 1) for found in block_factors(np.sqrt(rho / 30))]
        assert rho or max(gaps) == 0  # without a second matrix nothing is added
    ledger("a sample: 300 networks of 6 blocks", max(gaps), tolerance=0.15)


@pytest.mark.ledger("eq-init-residual-scaled")
def test_scaled_blocks_stay_below_a_bound(ledger):
    beyond = []
    for rho in (0.0, 0.1, 1.0, 3.0):
        growth = [(1 + rho / L) ** L for L in (1, 2, 10, 100, 10_000)]
        assert growth == sorted(growth)
        beyond.append(max(growth) / np.exp(rho) - 1)
    ledger("a bound: 20 cases", max(0.0, *beyond), tolerance=1e-12)
    found = block_factors(np.sqrt(1 / 30 / 6))
    gap = max(abs(value / (1 + 1 / 6) ** 6 - 1) for value in found)
    ledger("a sample: 300 networks of 6 blocks", gap, tolerance=0.1)


@pytest.mark.ledger("eq-init-residual-norm")
def test_blocks_that_read_a_normalized_signal(ledger):
    gaps = []
    for rho in (0.5, 1.0):
        expected = 1 + 6 * rho  # of both, since q_0 = 1
        gaps += [
            abs(found / expected - 1) for found in block_factors(np.sqrt(rho / 30), normalized=True)
        ]
    ledger("a sample: 300 networks of 6 blocks", max(gaps), tolerance=0.15)


@pytest.mark.ledger("eq-init-clip")
def test_clipping_is_the_printed_formula(ledger, rng):
    gaps = [worst_error(clip_by_norm(np.array([3.0, 4.0]), 1.0), np.array([0.6, 0.8]))]
    for c in (0.1, 1.0, 50.0):
        g = rng.standard_normal((3, 4))
        length = sum(entry**2 for entry in g.ravel()) ** 0.5
        gaps.append(worst_error(clip_by_norm(g, c), g * min(1.0, c / length)))
    ledger("loops", max(gaps), tolerance=1e-14)
