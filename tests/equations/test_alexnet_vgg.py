"""The equations of chapter 19 that no single function stands for, measured."""

import numpy as np
import pytest

from dlcore import augment, models
from dlcore.gradcheck import numerical_gradient
from dlcore.layers import LRN, Conv2d, conv2d_backward, conv2d_forward, lrn_backward, lrn_forward
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
    ledger("arrays counted", worst_error(printed, counted), 0, label="eq-deep-parameters")
    ledger("models.summary", worst_error(work, products), 0, label="eq-deep-macs")
    c_in, c_out, k, side = 2, 3, 3, 5  # and every product of a convolution, counted in a loop
    loops = sum(1 for _ in np.ndindex(c_out, side, side, c_in, k, k))
    layer = Conv2d(c_in, c_out, k)
    Z, _ = layer.forward(
        layer.init(np.random.default_rng(0)), np.zeros((1, 2, 7, 7)), train=False, rng=None
    )
    assert Z.shape[1:] == (c_out, side, side)
    ledger("loops", abs(loops - k**2 * c_in * c_out * side**2), 0, label="eq-deep-macs")


@pytest.mark.ledger("eq-deep-crops")
def test_number_of_views(ledger):
    rng, found, printed = np.random.default_rng(0), [], []
    for S, s in [(4, 2), (5, 3), (4, 4), (6, 3)]:
        image = np.arange(float(S * S)).reshape(1, 1, S, S)
        views = (augment.mirror(augment.random_crop(image, rng, size=s), rng) for _ in range(1500))
        found.append(len({tuple(view.ravel()) for view in views}))
        printed.append(2 * (S - s + 1) ** 2)
    ledger("views collected", worst_error(printed, found), tolerance=0)


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
    ledger("the sum in a loop", worst_error(rebuilt, covariance), 1e-14, label="eq-deep-covariance")
    shifted = augment.pca_color(X, np.random.default_rng(1), components=components)
    alpha = 0.1 * np.random.default_rng(1).standard_normal((5, 3))
    printed = X.copy()
    for n, i in np.ndindex(5, 3):
        printed[n] += (alpha[n, i] * variances[i] * directions[:, i]).reshape(3, 1, 1)
    ledger("the sum in loops", worst_error(shifted, printed), 1e-14, label="eq-deep-pca")


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
    ledger("gradient that arrives", worst_error(sizes, found[:4]), 0, label="eq-deep-stack")
    C, sums = 6, []
    for m in (1, 2, 3):
        for layers, formula in (([3] * m, m * 9 * C**2), ([2 * m + 1], (2 * m + 1) ** 2 * C**2)):
            weights = sum(next(iter(arrays(Conv2d(C, C, k)))).size for k in layers)
            sums.append(abs(weights - formula))
    ledger("arrays counted", max(sums), 0, label="eq-deep-stack-weights")


@pytest.mark.ledger("eq-deep-memory")
def test_memory_of_training(ledger):
    net, N = models.vgg16(size=32, width=1 / 16, classes=10), 3
    params = net.init(np.random.default_rng(0), np.float32)
    total = models.summary(net, (3, 32, 32)).total
    rng = np.random.default_rng(0)
    X = rng.standard_normal((N, 3, 32, 32), dtype=np.float32)
    _, cache = net.forward(params, X, train=True, rng=rng)
    owners = {}
    known = {id(owner(array)) for array in params.arrays.values()}
    for array in held(cache):
        if id(owner(array)) not in known:
            owners[id(owner(array))] = owner(array).nbytes
    four = 4 * params.theta.nbytes  # the parameters, their gradient and Adam's two averages
    printed = 4 * total.parameters * 4 + N * total.cache_bytes
    ledger("arrays of a real cache", abs(four + sum(owners.values()) - printed) / printed, 1e-3)


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
    ledger("VGG-11, narrow", worst_error(net.forward(scaled, X)[0], printed), tolerance=1e-12)


# residual blocks: Y = X + relu(X W1^T) W2^T


def block(X, W1, W2):
    return X + np.maximum(X @ W1.T, 0) @ W2.T


def back(dY, X, W1, W2, skip=1):
    return skip * dY + (dY @ W2 * (X @ W1.T > 0)) @ W1


@pytest.mark.ledger("eq-deep-residual", "eq-deep-residual-backward", "eq-deep-residual-product")
def test_residual_blocks(ledger):
    rng = np.random.default_rng(0)
    X, dY = rng.standard_normal((2, 1, 6))
    weights = 0.5 * rng.standard_normal((3, 2, 6, 6))
    net, F = X, []
    for W1, W2 in weights:
        F.append(np.einsum("ij,nj->ni", W2, np.maximum(np.einsum("ij,nj->ni", W1, net), 0)))
        net = net + F[-1]
    stacked = X
    for W1, W2 in weights:
        stacked = block(stacked, W1, W2)
    ledger(
        "X and the sum of all F", worst_error(stacked, X + sum(F)), 1e-14, label="eq-deep-residual"
    )

    W1, W2 = weights[0]
    numerical = numerical_gradient(lambda X: float(np.sum(dY * block(X, W1, W2))), X)
    error = worst_error(back(dY, X, W1, W2), numerical)
    ledger("central differences", error, 1e-8, label="eq-deep-residual-backward")

    inputs = [X]
    for W1, W2 in weights[:-1]:
        inputs.append(block(inputs[-1], W1, W2))
    J = [
        W2 @ np.diag((A @ W1.T > 0)[0] * 1.0) @ W1
        for A, (W1, W2) in zip(inputs, weights, strict=True)
    ]
    J1, J2, J3 = (matrix.T for matrix in J)
    opened = (np.eye(6) + J1 + J2 + J3 + J1 @ J2 + J1 @ J3 + J2 @ J3 + J1 @ J2 @ J3) @ dY[
        0
    ]  # every set of blocks that are gone through
    for A, (W1, W2) in zip(reversed(inputs), weights[::-1], strict=True):
        dY = back(dY, A, W1, W2)
    ledger("three blocks", worst_error(dY[0], opened), 1e-13, label="eq-deep-residual-product")


@pytest.mark.ledger("eq-deep-residual-growth")
def test_size_of_the_gradient_below_random_blocks(ledger):
    depth, D, errors = 12, 256, []
    for g in (0.3, 0.7):
        for skip, predicted in ((1, (1 + g**2) ** (depth / 2)), (0, g**depth)):
            ratios = []
            for seed in range(6):
                rng = np.random.default_rng(seed)
                A, inputs, weights = rng.standard_normal((4, D)), [], []
                for _ in range(depth):
                    sd = np.sqrt([2 / D, g**2 / D]).reshape(2, 1, 1)
                    W1, W2 = sd * rng.standard_normal((2, D, D))
                    inputs.append(A)
                    weights.append((W1, W2))
                    A = skip * A + np.maximum(A @ W1.T, 0) @ W2.T
                dA = start = rng.standard_normal((4, D))
                for X, (W1, W2) in zip(reversed(inputs), reversed(weights), strict=True):
                    dA = back(dA, X, W1, W2, skip)
                ratios.append(np.linalg.norm(dA) / np.linalg.norm(start))
            errors.append(abs(np.mean(ratios) / predicted - 1))
    ledger("random blocks, six seeds", max(errors), tolerance=0.15)


def test_the_layer_takes_alexnets_constants():
    X = np.random.default_rng(0).random((2, 7, 3, 3))
    A, _ = LRN().forward({}, X, train=False, rng=None)
    np.testing.assert_array_equal(A, lrn_forward(X, k=2.0, n=5, alpha=1e-4, beta=0.75)[0])
