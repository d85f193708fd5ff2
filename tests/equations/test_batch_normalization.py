"""The equations of chapter 14, measured."""

import math

import numpy as np
import pytest

from dlcore import reference
from dlcore.gradcheck import numerical_gradient
from dlcore.initializers import he_normal, lecun_normal
from dlcore.layers import (
    Affine,
    BatchNorm,
    ReLU,
    Residual,
    affine_backward,
    affine_forward,
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_inference,
)
from dlcore.losses import quadratic
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from tests.dlcore.layers.geometry import pytorch
from tests.measure import worst_error, worst_relative_error

EPS = 1e-5


def draw(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.fixture
def batch():
    """Return a batch (7, 3) with its gamma, beta and a gradient from above."""
    return 3 + 2 * draw(7, 3), draw(3, seed=1), draw(3, seed=2), draw(7, 3, seed=3)


def normalized(X, eps=EPS):
    D = X.shape[1]
    return batchnorm_forward(X, np.ones(D), np.zeros(D), eps=eps)[0]


# --- inputs ---


def cost(w, X, y):
    return np.mean((X @ w - y) ** 2) / 2


@pytest.mark.ledger("eq-bn-hessian")
def test_the_hessian_of_least_squares(ledger):
    X, y, w = draw(20, 3), draw(20, seed=1), draw(3, seed=2)

    def gradient(w):
        scores, cache = affine_forward(X, w[np.newaxis], np.zeros(1))
        return affine_backward(quadratic(scores, y[:, np.newaxis])[1], cache)[1][0]

    error = worst_error(gradient(w), numerical_gradient(lambda w: cost(w, X, y), w))
    ledger("central differences: the gradient", error, tolerance=1e-8)
    columns = [
        numerical_gradient(lambda w, i=i: gradient(w)[i], w, eps=1e-4) for i in range(len(w))
    ]
    ledger("central differences", worst_error(X.T @ X / len(X), columns), tolerance=1e-10)


@pytest.mark.ledger("eq-bn-rate", "eq-bn-steps")
def test_how_fast_the_flattest_direction_shrinks(ledger):
    X, y = draw(50, 2) * [5, 1], draw(50, seed=1)
    H, g = X.T @ X / 50, X.T @ y / 50
    (low, high), axes = np.linalg.eigh(H)
    best, flat = np.linalg.solve(H, g), axes[:, 0]
    w, optimizer = best + flat, GradientDescent(1 / high)
    shrunk = (optimizer.update(w, H @ w - g, ())[0] - best) @ flat
    error = abs(shrunk - (1 - low / high))
    ledger("step by step: one step", error, 1e-13, label="eq-bn-rate")
    assert shrunk <= math.exp(-low / high)
    w, steps = best + flat, math.ceil(high / low / 2 * math.log(1000))
    start = cost(w, X, y) - cost(best, X, y)
    for _ in range(steps):
        w, _ = optimizer.update(w, H @ w - g, ())
    left = (cost(w, X, y) - cost(best, X, y)) / start
    ledger("a bound: the share left", max(0.0, left - 1e-3), 0.0, label="eq-bn-steps")
    assert left > 0.5e-3, "the bound should be close in the flattest direction"


@pytest.mark.ledger("eq-bn-mean")
def test_what_a_mean_does_to_the_condition_number(ledger):
    for mean, sd in ((19.0, 4.0), (0.0, 3.0), (-2.0, 0.5)):
        x = draw(40)
        x = mean + sd * (x - x.mean()) / x.std()
        A = np.column_stack([x, np.ones(40)])
        kappa = np.linalg.cond(A.T @ A / 40)
        printed = (1 + mean**2 + sd**2) ** 2 / sd**2
        error = worst_relative_error(kappa + 2 + 1 / kappa, printed)
        ledger("NumPy: cond", error, tolerance=1e-9)


# --- forward ---


@pytest.mark.ledger("eq-bn-variance", "eq-bn-identity")
def test_what_normalizing_leaves(batch, ledger):
    X, *_ = batch
    X_hat, var = normalized(0.01 * X), (0.01 * X).var(axis=0)
    error = worst_error(X_hat.var(axis=0), var / (var + EPS))
    ledger("NumPy: var", error, 1e-14, label="eq-bn-variance")
    assert np.all(X_hat.var(axis=0) < 0.99), "eps should show in this test"
    undone, _ = batchnorm_forward(X, np.sqrt(X.var(axis=0) + EPS), X.mean(axis=0))
    ledger("dlcore: batchnorm_forward", worst_error(undone, X), 1e-14, label="eq-bn-identity")


@pytest.mark.ledger("eq-bn-bias")
def test_a_bias_before_the_layer_does_nothing(batch, ledger):
    X, gamma, beta, dZ = batch
    moved, _ = batchnorm_forward(X + draw(3, seed=4), gamma, beta)
    Z, cache = batchnorm_forward(X, gamma, beta)
    ledger("another way: another bias", worst_error(moved, Z), tolerance=1e-14)
    db = batchnorm_backward(dZ, cache)[0].sum(axis=0)
    ledger("another way: db is 0", worst_error(db, np.zeros(3)), tolerance=1e-14)


def remembered(layer, batches):
    """Return what a layer remembers after each batch."""
    params = layer.init(np.random.default_rng(0))
    buffers, found = layer.init_buffers(params), []
    for X in batches:
        _, cache = layer.forward(params, X, train=True, rng=None)
        buffers = layer.update_buffers(buffers, cache)
        found.append(buffers)
    return found


@pytest.mark.ledger("eq-bn-running", "eq-bn-startup")
def test_running_averages(ledger):
    """With batches of one size the layer keeps that size times the average, unbiased."""
    layer, batches = BatchNorm(3, decay=0.8), 2 + draw(6, 10, 3)
    mean, var = np.zeros(3), np.zeros(3)
    for X in batches:
        mean, var = 0.8 * mean + 0.2 * X.mean(axis=0), 0.8 * var + 0.2 * X.var(axis=0)
    buffers = remembered(layer, batches)[-1]
    error = worst_error([buffers["mean"] / 10, buffers["var"] / 10 * 9 / 10], [mean, var])
    ledger("loops: the recursion", error, 1e-14, label="eq-bn-running")
    same = batches[0]
    shares = [b["var"] / 10 / same.var(axis=0, ddof=1) for b in remembered(layer, [same] * 10)]
    printed = 1 - 0.8 ** np.arange(1, 11)[:, np.newaxis]
    error = worst_error(shares, np.broadcast_to(printed, (10, 3)))
    ledger("step by step: ten equal batches", error, 1e-14, label="eq-bn-startup")


@pytest.mark.ledger("eq-bn-weighted")
def test_averages_weighted_by_size(ledger):
    batches = [2 + draw(n, 3, seed=n) for n in (10, 3, 7, 2)]
    shares = np.array([len(X) * 0.8**age for X, age in zip(batches, (3, 2, 1, 0), strict=True)])
    factors = [len(X) / (len(X) - 1) for X in batches]
    mean = sum(s * X.mean(axis=0) for s, X in zip(shares, batches, strict=True))
    var = sum(s * f * X.var(axis=0) for s, f, X in zip(shares, factors, batches, strict=True))
    buffers = remembered(BatchNorm(3, decay=0.8), batches)[-1]
    found = [buffers["mean"] / buffers["weight"], buffers["var"] / buffers["weight"]]
    error = worst_error(found, [mean / shares.sum(), var / shares.sum()])
    ledger("the printed formula", error, 1e-14)


@pytest.mark.ledger("eq-bn-torch", "eq-bn-torch-start")
def test_the_averages_of_pytorch(ledger):
    batches = [2 + draw(8, 3, seed=k) for k in range(5)]
    kept = np.ones(3)
    for X in batches:
        kept = 0.8 * kept + 0.2 * 8 / 7 * X.var(axis=0)
    ours = remembered(BatchNorm(3, decay=0.8), batches)[-1]
    printed = 0.8**5 + (1 - 0.8**5) * ours["var"] / ours["weight"]
    ledger("step by step: five batches", worst_error(kept, printed), 1e-14, label="eq-bn-torch")
    ledger(
        "step by step: five batches", worst_error(kept, printed), 1e-14, label="eq-bn-torch-start"
    )


@pytest.mark.ledger("eq-bn-torch", "eq-bn-torch-start")
def test_the_averages_are_those_that_pytorch_computes(ledger):
    torch = pytorch()
    layer = torch.nn.BatchNorm1d(3, momentum=0.2, dtype=torch.float64)
    batches = [2 + draw(8, 3, seed=k) for k in range(5)]
    kept = np.ones(3)
    for X in batches:
        layer(torch.tensor(X))
        kept = 0.8 * kept + 0.2 * 8 / 7 * X.var(axis=0)
    found = layer.running_var.numpy()
    ledger("PyTorch", worst_error(kept, found), 1e-14, label="eq-bn-torch")
    ours = remembered(BatchNorm(3, decay=0.8), batches)[-1]
    printed = 0.8**5 + (1 - 0.8**5) * ours["var"] / ours["weight"]
    ledger("PyTorch", worst_error(printed, found), 1e-14, label="eq-bn-torch-start")


@pytest.mark.ledger("eq-bn-inference", "eq-bn-fold")
def test_inference_and_its_fold(batch, ledger):
    X, gamma, beta, _ = batch
    mean, var = draw(3, seed=5), 0.5 + np.abs(draw(3, seed=6))
    Z = batchnorm_inference(X, gamma, beta, mean, var)
    loops = reference.batchnorm_inference(X, gamma, beta, mean, var)
    ledger("loops", worst_error(Z, loops), 1e-14, label="eq-bn-inference")
    W, b = draw(3, 4, seed=7), draw(3, seed=8)
    A = draw(9, 4, seed=9)
    two = batchnorm_inference(affine_forward(A, W, b)[0], gamma, beta, mean, var)
    scale = gamma / np.sqrt(var + EPS)
    one, _ = affine_forward(A, np.diag(scale) @ W, scale * (b - mean) + beta)
    ledger("another way: both layers", worst_error(one, two), 1e-14, label="eq-bn-fold")


# --- backward ---


@pytest.mark.ledger("eq-bn-chain")
def test_the_chain_of_steps(batch, ledger):
    X, gamma, beta, dY = batch
    N, c = len(X), X - X.mean(axis=0)
    s = ((c**2).mean(axis=0) + EPS) ** -0.5
    x_hat = c * s
    dgamma, dbeta, dx_hat = (x_hat * dY).sum(axis=0), dY.sum(axis=0), gamma * dY
    ds = (c * dx_hat).sum(axis=0)
    dv = -(s**3) * ds / 2
    dc = s * dx_hat + 2 / N * c * dv
    dmu = -dc.sum(axis=0)
    dX = dc + dmu / N
    for got, argument in [(dX, 0), (dgamma, 1), (dbeta, 2)]:

        def loss(array, argument=argument):
            arrays = [X, gamma, beta]
            arrays[argument] = array
            return np.sum(dY * batchnorm_forward(*arrays)[0])

        measured = numerical_gradient(loss, [X, gamma, beta][argument])
        ledger("central differences", worst_error(got, measured), tolerance=1e-8)


@pytest.mark.ledger("eq-bn-jacobian")
def test_the_jacobian(ledger):
    x = 2 + 3 * draw(6)
    x_hat = normalized(x[:, np.newaxis])[:, 0]
    s = (x.var() + EPS) ** -0.5
    printed = s * (np.eye(6) - 1 / 6 - np.outer(x_hat, x_hat) / 6)
    measured = [
        numerical_gradient(lambda x, i=i: normalized(x[:, np.newaxis])[i, 0], x) for i in range(6)
    ]
    ledger("central differences", worst_error(printed, measured), tolerance=1e-9)


@pytest.mark.ledger("eq-bn-images", "eq-bn-images-backward")
def test_images(ledger):
    X, dY, gamma, beta = 1 + draw(2, 3, 4, 5), draw(2, 3, 4, 5, seed=1), draw(3), draw(3, seed=2)
    _, cache = batchnorm_forward(X, gamma, beta)
    error = worst_error(cache[-2:], [X.mean(axis=(0, 2, 3)), X.var(axis=(0, 2, 3))])
    ledger("NumPy: mean and var", error, 1e-14, label="eq-bn-images")
    dX, *_ = batchnorm_backward(dY, cache)
    measured = numerical_gradient(lambda X: np.sum(dY * batchnorm_forward(X, gamma, beta)[0]), X)
    ledger("central differences", worst_error(dX, measured), 1e-8, label="eq-bn-images-backward")
    loops, *_ = reference.batchnorm_backward(dY, reference.batchnorm_forward(X, gamma, beta)[1])
    ledger("loops", worst_error(dX, loops), 1e-13, label="eq-bn-images-backward")


@pytest.mark.ledger("eq-bn-orthogonal")
def test_the_two_forbidden_directions(batch, ledger):
    X, gamma, beta, dY = batch
    X = 0.01 * X  # so that eps shows
    dX, dgamma, _ = batchnorm_backward(dY, batchnorm_forward(X, gamma, beta)[1])
    ledger(
        "another way: the sum of dX is 0", worst_error(dX.sum(axis=0), np.zeros(3)), tolerance=1e-12
    )
    var = X.var(axis=0)
    printed = gamma * dgamma / np.sqrt(var + EPS) * EPS / (var + EPS)
    assert np.abs(printed).max() > 1e-3
    along = (normalized(X) * dX).sum(axis=0)
    ledger(
        "another way: the sum of dX x_hat", worst_relative_error(along, printed), tolerance=1e-10
    )


def unit(w, eps=0.0):
    """Return the loss of one unit with batch norm, and its gradient."""
    A, dY = draw(30, 4), draw(30, 1, seed=1)
    Z, cache = batchnorm_forward((A @ w)[:, np.newaxis], np.ones(1), np.zeros(1), eps=eps)
    loss = np.sum((Z - dY) ** 2) / 2
    return loss, A.T @ batchnorm_backward(Z - dY, cache)[0][:, 0]


@pytest.mark.ledger("eq-bn-scale", "eq-bn-radial", "eq-bn-growth", "eq-bn-effective-rate")
def test_weights_without_a_scale(ledger):
    w = draw(4, seed=2)
    _, g = unit(w)
    measured = numerical_gradient(lambda w: unit(w)[0], 3 * w)
    ledger("central differences: at 3 w", worst_error(g / 3, measured), 1e-7, label="eq-bn-scale")
    ledger("another way: w times its gradient is 0", abs(w @ g), 1e-12, label="eq-bn-radial")
    step = w - 0.1 * g
    error = abs(step @ step - w @ w - 0.01 * g @ g)
    ledger("step by step: one step", error, 1e-12, label="eq-bn-growth")
    long, rate = 5 * w, 1e-4
    moved = long - rate * unit(long)[1]
    turned = moved / np.linalg.norm(moved) - long / np.linalg.norm(long)
    u = w / np.linalg.norm(w)
    printed = -rate / (long @ long) * unit(u)[1]
    error = worst_relative_error(turned, printed)
    ledger("a limit: a small turn of a long vector", error, 1e-4, label="eq-bn-effective-rate")


# --- residual blocks ---


@pytest.mark.ledger("eq-bn-residual")
def test_errors_through_residual_blocks_that_read_normalized_signals(ledger):
    L, D, N, found = 20, 100, 200, []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        blocks = {
            f"block{k}": Residual(
                Sequential(
                    norm=BatchNorm(D),
                    fc1=Affine(D, D, he_normal),
                    relu=ReLU(),
                    fc2=Affine(D, D, lecun_normal),
                )
            )
            for k in range(L)
        }
        net = Sequential(**blocks)
        a, delta = rng.standard_normal((2, N, D))
        _, cache = net.forward(net.init(rng), a, train=True)
        down, _ = net.backward(delta, cache)
        found.append(np.mean(down**2) / np.mean(delta**2))
    printed = np.prod(1 + 1 / (1 + (1 - 1 / math.pi) * np.arange(L)))
    error = abs(np.mean(found) / printed - 1)
    ledger("a sample: 8 networks of 20 blocks", error, tolerance=0.1)
    linear = 1 + L  # eq-init-residual-norm, which takes the root mean square
    assert np.mean(found) > 1.3 * linear


# --- noise ---


@pytest.mark.ledger("eq-bn-noise")
def test_the_noise_of_a_batch(ledger):
    rng, N, u, gamma = np.random.default_rng(0), 400, 1.5, 2.0
    columns = 3 + 5 * rng.standard_normal((N, 4000))
    columns[0] = 3 + 5 * u
    Z, _ = batchnorm_forward(columns, np.full(4000, gamma), np.zeros(4000))
    printed = gamma * math.sqrt((1 + u**2 / 2) / N)
    ledger("a sample: 4,000 batches of 400", abs(Z[0].std() / printed - 1), tolerance=0.04)


@pytest.mark.ledger("eq-bn-noise-exact", "eq-bn-noise-two")
def test_the_noise_of_a_small_batch(ledger):
    for N in (2, 3, 4, 9):
        others, u = draw(N - 1, 500, seed=N), 1.5
        columns = np.concatenate([np.full((1, 500), u), others])
        one = np.ones(500)
        Z, _ = batchnorm_forward(7 + 3 * columns, one, 0 * one, eps=0.0)
        xi = math.sqrt((N - 1) / N) * (u - others.mean(axis=0))
        Q = ((others - others.mean(axis=0)) ** 2).sum(axis=0)
        printed = math.sqrt(N - 1) * xi / np.sqrt(xi**2 + Q)
        ledger(
            "dlcore: batchnorm_forward", worst_error(Z[0], printed), 1e-9, label="eq-bn-noise-exact"
        )
        assert np.abs(Z).max() <= math.sqrt(N - 1) + 1e-12
    rng, u = np.random.default_rng(0), 0.7
    pairs = np.stack([np.full(40_000, u), rng.standard_normal(40_000)])
    Z, _ = batchnorm_forward(pairs, np.ones(40_000), np.zeros(40_000), eps=0.0)
    share = (1 + math.erf(u / math.sqrt(2))) / 2
    error = max(
        abs(np.mean(Z[0] > 0) - share), abs(Z[0].std() - 2 * math.sqrt(share * (1 - share)))
    )
    ledger("a sample: 40,000 batches of two", error, 0.01, label="eq-bn-noise-two")


@pytest.mark.ledger("eq-bn-noise-exact")
def test_the_parts_of_the_exact_law_have_their_distributions(ledger):
    rng, N, u = np.random.default_rng(1), 5, 1.5
    others = rng.standard_normal((N - 1, 40_000))
    xi = math.sqrt((N - 1) / N) * (u - others.mean(axis=0))
    Q = ((others - others.mean(axis=0)) ** 2).sum(axis=0)
    found = [xi.mean(), xi.var(), Q.mean() / 3, Q.var() / 6, np.corrcoef(xi, Q)[0, 1]]
    printed = [math.sqrt((N - 1) / N) * u, 1 / N, 1, 1, 0]
    error = worst_error(np.array(found), np.array(printed))
    ledger("a sample: 40,000 batches of five", error, 0.03, label="eq-bn-noise-exact")


@pytest.mark.ledger("eq-bn-dropout")
def test_dropout_enlarges_the_variance(ledger):
    a, p = 1 + np.abs(draw(50)), 0.3
    # Both outcomes of every value, weighed by their probabilities.
    values, weights = np.concatenate([a / p, 0 * a]), np.repeat([p, 1 - p], 50) / 50
    mean = weights @ values
    exact = weights @ (values - mean) ** 2
    printed = a.var() + (1 - p) / p * np.mean(a**2)
    ledger("counting: both outcomes of each value", abs(exact - printed), tolerance=1e-12)


# --- other axes ---


def layer_norm(X, gamma, beta):
    c = X - X.mean(axis=1, keepdims=True)
    std = np.sqrt((c**2).mean(axis=1, keepdims=True) + EPS)
    return gamma * c / std + beta, c / std, std


@pytest.mark.ledger("eq-bn-layer-norm", "eq-bn-any-axis")
def test_layer_norm(batch, ledger):
    X, gamma, beta, dY = batch
    Y, X_hat, std = layer_norm(X, gamma, beta)
    columns, _ = batchnorm_forward(X.T, np.ones(7), np.zeros(7))
    error = worst_error(Y, gamma * columns.T + beta)
    ledger("dlcore: batchnorm_forward of the transpose", error, 1e-14, label="eq-bn-layer-norm")
    dX_hat, D = gamma * dY, X.shape[1]
    total = dX_hat.sum(axis=1, keepdims=True)
    along = (dX_hat * X_hat).sum(axis=1, keepdims=True)
    dX = (D * dX_hat - total - X_hat * along) / (D * std)
    measured = numerical_gradient(lambda X: np.sum(dY * layer_norm(X, gamma, beta)[0]), X)
    ledger("central differences", worst_error(dX, measured), 1e-8, label="eq-bn-any-axis")
