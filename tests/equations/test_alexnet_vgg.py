"""The equations of chapter 19 that no single function stands for, measured."""

import itertools

import numpy as np
import pytest

from dlcore import augment, models
from dlcore.gradcheck import numerical_gradient
from dlcore.initializers import normal
from dlcore.layers import (
    LRN,
    Affine,
    Conv2d,
    ReLU,
    Residual,
    affine_forward,
    conv2d_backward,
    conv2d_forward,
    global_avgpool_forward,
    lrn_backward,
    lrn_forward,
)
from dlcore.network import Sequential
from dlcore.optimizers import Adam, ClassicalMomentum
from tests.equations.joined import joined
from tests.measure import worst_error


def arrays(layer):
    """Return the parameters of a layer."""
    return layer.init(np.random.default_rng(0)).values()


@pytest.mark.ledger("eq-deep-parameters", "eq-deep-macs")
def test_parameters_and_multiply_adds(ledger):
    nets = {
        1: models.alexnet(width=1 / 16, size=67),
        2: models.alexnet(groups=2, width=1 / 16, size=67),
    }
    printed, counted, work, products = [], [], [], []
    for groups, net in nets.items():
        shape = (3, 67, 67)
        for row in models.summary(net, shape).rows:
            layer = net.layers[row.name]
            split = groups if row.name in ("conv2", "conv4", "conv5") else 1
            if row.layer.startswith("Conv2d"):
                c_in, (c_out, H, W), k = shape[0], row.output, layer.size
                printed.append((k**2 * c_in // split + 1) * c_out)
                work.append(k**2 * c_in // split * c_out * H * W)
            elif row.layer == "Affine":
                printed.append((layer.d_in + 1) * layer.d_out)
                work.append(layer.d_in * layer.d_out)
            if row.parameters:
                counted.append(sum(array.size for array in arrays(layer)))
                products.append(row.multiply_adds)
            shape = row.output
    ledger(
        "counting: the arrays' entries",
        worst_error(printed, counted),
        0,
        label="eq-deep-parameters",
    )
    ledger("dlcore: models.summary", worst_error(work, products), 0, label="eq-deep-macs")
    small = [
        (2, 3, 3, 1),
        (4, 6, 2, 2),
        (6, 3, 1, 3),
    ]  # and each product of small layers, one by one
    printed = [k**2 * (c_in // g) * c_out * (6 - k + 1) ** 2 for c_in, c_out, k, g in small]
    found = [joined(Conv2d(c_in, c_out, k, groups=g), (c_in, 6, 6)) for c_in, c_out, k, g in small]
    found.append(joined(Affine(5, 7), (5,)))
    error = worst_error([*printed, 5 * 7], found)
    ledger("counting: the products of each output", error, 0, label="eq-deep-macs")


@pytest.mark.ledger("eq-deep-crops")
def test_number_of_views(ledger):
    rng, found, printed = np.random.default_rng(0), [], []
    for S, s in [(4, 2), (5, 3), (4, 4), (6, 3)]:
        image = np.arange(float(S * S)).reshape(1, 1, S, S)
        views = (augment.mirror(augment.random_crop(image, rng, size=s), rng) for _ in range(1500))
        found.append(len({tuple(view.ravel()) for view in views}))
        printed.append(2 * (S - s + 1) ** 2)
    ledger("counting: the views that are drawn", worst_error(printed, found), tolerance=0)


@pytest.mark.ledger("eq-deep-covariance", "eq-deep-pca")
def test_colors(ledger):
    rng = np.random.default_rng(0)
    X = np.einsum("ij,njhw->nihw", rng.standard_normal((3, 3)), rng.random((5, 3, 4, 6)))
    variances, directions = components = augment.color_components(X)
    pixels = X.transpose(0, 2, 3, 1).reshape(-1, 3)
    covariance = np.zeros((3, 3))
    for x in pixels:
        d = x - pixels.mean(axis=0)
        covariance += d[:, np.newaxis] * d / len(pixels)
    rebuilt = directions @ np.diag(variances) @ directions.T
    ledger("loops", worst_error(rebuilt, covariance), 1e-14, label="eq-deep-covariance")
    shifted = augment.pca_color(X, np.random.default_rng(1), components=components)
    alpha = 0.1 * np.random.default_rng(1).standard_normal((5, 3))
    printed = X.copy()
    for n, i in np.ndindex(5, 3):
        printed[n] += (alpha[n, i] * variances[i] * directions[:, i]).reshape(3, 1, 1)
    ledger("loops", worst_error(shifted, printed), 1e-14, label="eq-deep-pca")


@pytest.mark.ledger("eq-deep-lrn-jacobian", "eq-deep-lrn-scale")
def test_local_response_normalization(ledger):
    X, errors = np.random.default_rng(0).standard_normal(8), []
    for n in (1, 3, 5):
        options = {"k": 2.0, "n": n, "alpha": 0.3, "beta": 0.75}
        A, (*_, D, _, _, _, _) = lrn_forward(X[np.newaxis], **options)
        A, D = A[0], D[0]
        for j in range(8):
            near = np.abs(np.arange(8) - j) <= n // 2
            printed = (np.arange(8) == j) * D[j] ** -0.75 - 0.45 * X * A[j] / D[j] * near
            numerical = numerical_gradient(
                lambda X, j=j, o=options: lrn_forward(X[np.newaxis], **o)[0][0, j], X
            )
            errors.append(worst_error(printed, numerical))
            pulled = lrn_backward(np.eye(8)[j : j + 1], lrn_forward(X[np.newaxis], **options)[1])
            assert worst_error(pulled[0], printed) < 1e-14
    ledger("central differences", max(errors), 1e-8, label="eq-deep-lrn-jacobian")
    c, images = 255.0, np.random.default_rng(0).random((2, 7, 3, 3))
    left, right = lrn_forward(c * images)[0], c * lrn_forward(images, alpha=1e-4 * c**2)[0]
    ledger("dlcore", worst_error(left, right), 1e-14, label="eq-deep-lrn-scale")


@pytest.mark.ledger("eq-deep-stack", "eq-deep-stack-weights")
def test_receptive_fields(ledger):
    rng, stacks = np.random.default_rng(0), [[(3, 1)] * m for m in (1, 2, 3, 4)]
    printed, found = [], []
    for layers in [*stacks, [(3, 2), (3, 1)], [(5, 1), (2, 2), (3, 1)], [(3, 2), (2, 2), (3, 1)]]:
        A, caches = rng.random((1, 1, 1, 60)), []
        r = j = 1
        for k, s in layers:
            r, j = r + (k - 1) * j, j * s
            A, cache = conv2d_forward(A, 0.1 + rng.random((1, 1, 1, k)), np.zeros(1), stride=s)
            caches.append(cache)
        dA = np.zeros_like(A)
        dA[..., A.shape[-1] // 2] = 1
        for cache in reversed(caches):
            dA, *_ = conv2d_backward(dA, cache)
        seen = np.flatnonzero(dA)
        printed.append(r)
        found.append(seen[-1] - seen[0] + 1)
    assert printed == found
    sizes = [2 * m + 1 for m in (1, 2, 3, 4)]
    ledger(
        "counting: pixels that get a gradient",
        worst_error(sizes, found[:4]),
        0,
        label="eq-deep-stack",
    )
    C, sums = 6, []
    for m in (1, 2, 3):
        for layers, formula in (([3] * m, m * 9 * C**2), ([2 * m + 1], (2 * m + 1) ** 2 * C**2)):
            weights = sum(next(iter(arrays(Conv2d(C, C, k)))).size for k in layers)
            sums.append(abs(weights - formula))
    ledger("counting: the arrays' entries", max(sums), 0, label="eq-deep-stack-weights")


@pytest.mark.ledger("eq-deep-memory")
def test_memory_of_training(ledger):
    net, N = models.vgg16(size=32, width=1 / 16, classes=10), 3
    params = net.init(np.random.default_rng(0), np.float32)
    total = models.summary(net, (3, 32, 32)).total
    rng = np.random.default_rng(0)
    X = rng.standard_normal((N, 3, 32, 32), dtype=np.float32)
    scores, cache = net.forward(params, X, train=True, rng=rng)
    _, grads = net.backward(np.ones_like(scores), cache)
    averages = Adam(1e-3).init(params.theta)
    kept = {id(owner(array)): owner(array) for array in held(cache)}
    for array in params.arrays.values():
        kept.pop(id(owner(array)), None)
    arrays = [params.theta, grads.theta, *held(averages), *kept.values()]
    printed = 4 * total.parameters * (1 + 1 + 2) + N * total.cache_bytes
    found = sum(array.nbytes for array in arrays)
    ledger("counting: the bytes of a real step", abs(found - printed) / printed, 0)


def held(cache):
    """Yield every array in a cache."""
    if isinstance(cache, np.ndarray):
        yield cache
    elif isinstance(cache, dict):
        yield from held(list(cache.values()))
    elif isinstance(cache, tuple | list):
        for item in cache:
            yield from held(item)


def owner(array):
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


@pytest.mark.ledger("eq-deep-homogeneous")
def test_factors_of_the_weights_come_out(ledger):
    rng, net = np.random.default_rng(0), models.vgg11(size=32, width=1 / 16, classes=10)
    params, X = net.init(rng), rng.standard_normal((2, 3, 32, 32))
    scaled, factors = params.like(params.theta.copy()), []
    for name in scaled:
        if name.endswith(".W"):
            factors.append(0.5 + rng.random())
            scaled[name][...] *= factors[-1]
    printed = np.prod(factors) * net.forward(params, X)[0]
    ledger(
        "dlcore: VGG-11, narrow", worst_error(net.forward(scaled, X)[0], printed), tolerance=1e-12
    )


def residual(weights):
    """Return blocks Y = X + W2 relu(W1 X) one after the other, with these weights (n, 2, D, D)."""
    D = weights.shape[-1]
    block = Residual(Sequential(fc1=Affine(D, D), relu=ReLU(), fc2=Affine(D, D)))
    net = Sequential(**{f"block{n}": block for n in range(len(weights))})
    params = net.init(np.random.default_rng(0))
    for n, (W1, W2) in enumerate(weights):
        params[f"block{n}.body.fc1.W"][...] = W1
        params[f"block{n}.body.fc2.W"][...] = W2
    return net, params


@pytest.mark.ledger("eq-deep-residual", "eq-deep-residual-backward", "eq-deep-residual-product")
def test_residual_blocks(ledger):
    rng = np.random.default_rng(0)
    X, dY = rng.standard_normal((2, 1, 6))
    weights = 0.5 * rng.standard_normal((3, 2, 6, 6))

    def F(X, W1, W2):
        return np.maximum(X @ W1.T, 0) @ W2.T

    def J(X, W1, W2):  # dF/dX of one example
        return W2 @ np.diag((X @ W1.T > 0)[0] * 1.0) @ W1

    one, params = residual(weights[:1])
    Y, cache = one.forward(params, X)
    error = worst_error(Y, X + F(X, *weights[0]))
    ledger("dlcore: Residual", error, 1e-14, label="eq-deep-residual")
    errors = []
    for D in (1, 2, 5, 8) * 5:
        W1, W2 = rng.standard_normal((2, D, D))
        X_D = rng.standard_normal((3, D))
        for pair in ((W1, W2), (W1, 0 * W2)):  # F = 0 leaves X as it is
            block, own = residual(np.array([pair]))
            errors.append(worst_error(block.forward(own, X_D)[0], X_D + F(X_D, *pair)))
        errors.append(worst_error(block.forward(own, X_D)[0], X_D))
    ledger("dlcore: Residual", max(errors), 1e-14, label="eq-deep-residual")
    printed = dY + dY @ J(X, *weights[0])
    dX, _ = one.backward(dY, cache)
    ledger("dlcore: Residual", worst_error(dX, printed), 1e-14, label="eq-deep-residual-backward")
    measured = numerical_gradient(lambda X: float(np.sum(dY * one.forward(params, X)[0])), X)
    error = worst_error(printed, measured)
    ledger("central differences", error, 1e-8, label="eq-deep-residual-backward")

    A, jacobians = X, []
    for W1, W2 in weights:
        jacobians.append(J(A, W1, W2).T)
        A = A + F(A, W1, W2)
    J1, J2, J3 = jacobians
    opened = np.eye(6) + J1 + J2 + J3 + J1 @ J2 + J1 @ J3 + J2 @ J3 + J1 @ J2 @ J3
    three, params = residual(weights)
    dX, _ = three.backward(dY, three.forward(params, X)[1])
    error = worst_error(dX[0], opened @ dY[0])  # every set of blocks that are gone through
    ledger("dlcore: three Residual", error, 1e-13, label="eq-deep-residual-product")


@pytest.mark.ledger("eq-deep-pooled")
def test_votes_and_their_mean(ledger):
    rng, errors = np.random.default_rng(0), []
    for C, classes, H, W in [(1, 2, 1, 3), (5, 7, 4, 3), (3, 3, 6, 6)]:
        A, b = rng.standard_normal((4, C, H, W)), rng.standard_normal(classes)
        weights = rng.standard_normal((classes, C))
        votes, _ = conv2d_forward(A, weights.reshape(classes, C, 1, 1), b)
        scores, _ = global_avgpool_forward(votes)
        printed = b + np.einsum("ji,nihw->njhw", weights, A).mean(axis=(2, 3))
        means, _ = global_avgpool_forward(A)
        errors += [
            worst_error(scores, printed),
            worst_error(affine_forward(means, weights, b)[0], printed),
        ]
    ledger("dlcore: a 1 by 1 convolution, an affine layer", max(errors), tolerance=1e-13)


@pytest.mark.ledger("eq-deep-recipe")
def test_the_step_of_alexnets_authors(ledger):
    """At a constant rate it is classical momentum on the gradient plus decay."""
    rng, errors = np.random.default_rng(0), []
    for rate in (0.01, 0.3):
        printed = W = rng.standard_normal(7)
        u, state = np.zeros(7), ClassicalMomentum(rate).init(W)
        for _ in range(50):
            grad = rng.standard_normal(7)
            u = 0.9 * u - 0.0005 * rate * printed - rate * grad
            printed = printed + u
            W, state = ClassicalMomentum(rate).update(W, grad + 0.0005 * W, state)
            errors += [worst_error(printed, W), worst_error(u, -rate * state[0])]
    ledger("dlcore: ClassicalMomentum", max(errors), tolerance=1e-12)


@pytest.mark.ledger("eq-deep-residual-growth")
def test_size_of_the_gradient_below_random_blocks(ledger):
    """The mean of the squares is exact in expectation; the printed sizes are their roots."""
    D, errors = 64, {1: [], 12: []}
    for depth, rho in itertools.product(errors, (0.09, 0.49)):
        body = Sequential(
            fc1=Affine(D, D, normal(np.sqrt(2 / D))), relu=ReLU(),
            fc2=Affine(D, D, normal(np.sqrt(rho / D))),
        )  # fmt: skip
        for block, printed in (
            (Residual(body), (1 + rho) ** (depth / 2)), (body, rho ** (depth / 2)),
        ):  # fmt: skip
            net = Sequential(**{f"block{n}": block for n in range(depth)})
            squares = []
            for seed in range(60):
                rng = np.random.default_rng(seed)
                X, start = rng.standard_normal((2, 4, D))
                dX, _ = net.backward(start, net.forward(net.init(rng), X)[1])
                squares.append(np.sum(dX**2) / np.sum(start**2))
            errors[depth].append(abs(np.mean(squares) ** 0.5 / printed - 1))
    ledger("a sample: 60 networks of one block", max(errors[1]), tolerance=0.02)
    ledger("a sample: 60 networks of twelve blocks", max(errors[12]), tolerance=0.05)


def test_the_layer_takes_alexnets_constants():
    X = np.random.default_rng(0).random((2, 7, 3, 3))
    A, _ = LRN().forward({}, X, train=False, rng=None)
    np.testing.assert_array_equal(A, lrn_forward(X, k=2.0, n=5, alpha=1e-4, beta=0.75)[0])
