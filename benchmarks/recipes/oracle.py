"""How far dlcore is from PyTorch's autograd, equation by equation.

The tests compare anew wherever PyTorch is installed; elsewhere the ledger shows these figures.
"""

import math

import numpy as np

from benchmarks.geometries import convolutions, geometries
from benchmarks.pytorch import require_version
from dlcore import layers, losses
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, Tanh
from dlcore.network import Sequential
from dlcore.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    ClassicalMomentum,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSprop,
)
from dlcore.training import fit

SETTINGS = {"torch": "2.13.0", "seeds": 10}
NEEDS = ("torch",)
TOLERANCE = 1e-12
CONVOLUTIONS, POOLS = convolutions(), geometries(padding_below_size=True)


def draws(settings):
    """Run every line of ``COMPARISONS``."""
    return {
        ", ".join(labels): {
            "labels": list(labels), "version": settings["torch"],
            "seeds": seeds_of(labels, settings["seeds"]),
        }
        for labels in COMPARISONS
    }  # fmt: skip


def seeds_of(labels, seeds):
    """Return how many seeds a line is run with: one where it goes through a grid of geometries."""
    return 1 if labels in GRIDS else seeds


def draw(labels, version, seeds):
    """Return the worst error of each equation of a line, rounded up to a power of ten.

    Raises
    ------
    RuntimeError
        When another version of PyTorch is installed: the record says which one it compares with.
    """
    require_version("oracle", version)
    errors = worst_errors(tuple(labels), seeds)
    return {label: _power_of_ten(error) for label, error in errors.items()}


def worst_errors(labels, seeds):
    """Run one line of ``COMPARISONS``: each label's worst |dlcore - PyTorch| / max |PyTorch|."""
    import torch

    torch.set_num_threads(1)  # the fastest for arrays this small
    errors = dict.fromkeys(labels, 0.0)
    for seed in range(seeds):
        results = COMPARISONS[labels](np.random.default_rng(seed))
        for label, pairs in zip(labels, results, strict=True):
            errors[label] = max(errors[label], *(_error(*pair) for pair in pairs))
    return errors


def _error(ours, theirs):
    ours, theirs = np.asarray(ours), theirs.detach().numpy()
    if ours.shape != theirs.shape:
        raise ValueError(f"oracle: dlcore's shape {ours.shape} is not PyTorch's {theirs.shape}")
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def _power_of_ten(error):
    """Round up, and to no less than one rounding error: below that two machines differ."""
    return float(f"1e{math.ceil(math.log10(max(error, np.finfo(float).eps)))}")


def _tensors(*arrays):
    import torch

    return [torch.tensor(array, requires_grad=True) for array in arrays]


def _affine(rng):
    import torch

    X, W, b = rng.standard_normal((6, 4)), rng.standard_normal((3, 4)), rng.standard_normal(3)
    dZ = rng.standard_normal((6, 3))
    Z, cache = layers.affine_forward(X, W, b)
    tensors = _tensors(X, W, b)
    Z_torch = torch.nn.functional.linear(*tensors)
    Z_torch.backward(torch.tensor(dZ))
    grads = layers.affine_backward(dZ, cache)
    return [(Z, Z_torch)], list(zip(grads, (tensor.grad for tensor in tensors), strict=True))


def _elementwise(forward, backward, torch_name, **options):
    def compare(rng):
        import torch

        Z, dA = 3 * rng.standard_normal((6, 3)), rng.standard_normal((6, 3))
        A, cache = forward(Z)
        (Z_torch,) = _tensors(Z)
        A_torch = getattr(torch.nn.functional, torch_name)(Z_torch, **options)
        A_torch.backward(torch.tensor(dA))
        return [(A, A_torch)], [(backward(dA, cache), Z_torch.grad)]

    return compare


def _scaled_tanh(rng):
    import torch

    Z, dY = 3 * rng.standard_normal((6, 3)), rng.standard_normal((6, 3))
    Y, cache = layers.scaled_tanh_forward(Z)
    (Z_torch,) = _tensors(Z)
    Y_torch = 1.7159 * torch.tanh(2 / 3 * Z_torch)
    Y_torch.backward(torch.tensor(dY))
    return [(Y, Y_torch)], [(layers.scaled_tanh_backward(dY, cache), Z_torch.grad)]


def _prelu(rng):
    import torch

    Z, alpha, dA = rng.standard_normal((5, 3, 4)), rng.random(3), rng.standard_normal((5, 3, 4))
    A, cache = layers.prelu_forward(Z, alpha)
    tensors = _tensors(Z, alpha)
    A_torch = torch.nn.functional.prelu(*tensors)
    A_torch.backward(torch.tensor(dA))
    grads = layers.prelu_backward(dA, cache)
    return [(A, A_torch)], [(g, t.grad) for g, t in zip(grads, tensors, strict=True)]


def _maxout(rng):
    import torch

    X, W, b = (rng.standard_normal(shape) for shape in ((6, 4), (3, 5, 4), (3, 5)))
    A, cache = layers.maxout_forward(X, W, b)
    dA = rng.standard_normal(A.shape)
    tensors = _tensors(X, W, b)
    X_torch, W_torch, b_torch = tensors
    A_torch = (torch.einsum("nd,okd->nok", X_torch, W_torch) + b_torch).amax(dim=2)
    A_torch.backward(torch.tensor(dA))
    grads = layers.maxout_backward(dA, cache)
    return [(A, A_torch)], [(g, t.grad) for g, t in zip(grads, tensors, strict=True)]


def _conv2d(rng):
    import torch

    outputs, gradients = [], []
    for geometry in CONVOLUTIONS:
        (N, C, *image), F = geometry.shape, geometry.filters
        filters = (F, C // geometry.groups, *geometry.size)
        X, W, b = (rng.standard_normal(shape) for shape in ((N, C, *image), filters, (F,)))
        Z, cache = layers.conv2d_forward(X, W, b, **geometry.options)
        dZ, tensors = rng.standard_normal(Z.shape), _tensors(X, W, b)
        Z_torch = torch.nn.functional.conv2d(*tensors, **geometry.options)
        Z_torch.backward(torch.tensor(dZ))
        outputs.append((Z, Z_torch))
        grads = layers.conv2d_backward(dZ, cache)
        gradients += zip(grads, (tensor.grad for tensor in tensors), strict=True)
    return outputs, gradients


def _pool(name):
    """Compare a pooling layer; every second image has ties. Padding is the frame's value."""

    def compare(rng):
        import torch

        functional = torch.nn.functional
        pool, frame = {
            "maxpool2d": (functional.max_pool2d, -np.inf),
            "avgpool2d": (functional.avg_pool2d, 0.0),
        }[name]
        outputs, gradients = [], []
        for number, geometry in enumerate(POOLS):
            X = rng.permutation(math.prod(geometry.shape)).reshape(geometry.shape) / 10
            X = np.round(X) if number % 2 else X
            forward, backward = (
                getattr(layers, f"{name}_{way}") for way in ("forward", "backward")
            )
            A, cache = forward(X, size=geometry.size, **geometry.options)
            dA, (pH, pW), (X_torch,) = rng.standard_normal(A.shape), geometry.padding, _tensors(X)
            framed = functional.pad(X_torch, (pW, pW, pH, pH), value=frame)
            A_torch = pool(framed, geometry.size, geometry.stride)
            A_torch.backward(torch.tensor(dA))
            outputs.append((A, A_torch))
            gradients.append((backward(dA, cache), X_torch.grad))
        return outputs, gradients

    return compare


def _batchnorm(*shape):
    def compare(rng):
        import torch

        X, dZ = 3 + 2 * rng.standard_normal(shape), rng.standard_normal(shape)
        gamma, beta = rng.standard_normal((2, shape[1]))
        Z, cache = layers.batchnorm_forward(X, gamma, beta)
        tensors = _tensors(X, gamma, beta)
        X_torch, gamma_torch, beta_torch = tensors
        Z_torch = torch.nn.functional.batch_norm(
            X_torch, None, None, gamma_torch, beta_torch, training=True
        )
        Z_torch.backward(torch.tensor(dZ))
        grads = layers.batchnorm_backward(dZ, cache)
        return [(Z, Z_torch)], [(g, t.grad) for g, t in zip(grads, tensors, strict=True)]

    return compare


def _batchnorm_inference(rng):
    import torch

    X, (gamma, beta, mean) = rng.standard_normal((7, 3)), rng.standard_normal((3, 3))
    var = 0.1 + rng.random(3)
    Z = layers.batchnorm_inference(X, gamma, beta, mean, var)
    X_torch, *others = map(torch.tensor, (X, mean, var, gamma, beta))
    return ([(Z, torch.nn.functional.batch_norm(X_torch, *others))],)


def _lrn(rng):
    import torch

    X, dA = rng.standard_normal((2, 3, 8, 2, 4))
    A, cache = layers.lrn_forward(X, alpha=0.1)
    (X_torch,) = _tensors(X)
    lrn = torch.nn.functional.local_response_norm
    A_torch = lrn(X_torch, 5, alpha=5 * 0.1, beta=0.75, k=2.0)  # PyTorch divides alpha by n
    A_torch.backward(torch.tensor(dA))
    return [(A, A_torch)], [(layers.lrn_backward(dA, cache), X_torch.grad)]


def _loss(loss, torch_name, draw, classes):
    def compare(rng):
        import torch

        scores, targets = draw(rng), np.resize(classes, 40)
        value, dscores = loss(scores, targets)
        (scores_torch,) = _tensors(scores)
        torch_loss = getattr(torch.nn.functional, torch_name)
        value_torch = torch_loss(scores_torch, torch.tensor(targets, dtype=float))
        value_torch.backward()
        return [(value, value_torch)], [(dscores, scores_torch.grad)]

    return compare


def _distribution(loss, arguments, torch_name, draw, share=1):
    def compare(rng):
        import torch

        scores, targets = draw(rng)
        value, dscores = loss(scores, targets)
        (scores_torch,) = _tensors(scores)
        torch_loss = getattr(torch.nn.functional, torch_name)
        options = arguments(scores_torch, torch.tensor(targets, dtype=float))
        value_torch = torch_loss(**options) / share
        value_torch.backward()
        return [(value, value_torch)], [(dscores, scores_torch.grad)]

    return compare


def _logistic_regression(rng):
    import torch

    X, Y = rng.standard_normal((9, 4)), (np.arange(9) % 2)[:, np.newaxis].astype(float)
    W, b = rng.standard_normal((1, 4)), rng.standard_normal(1)
    scores, cache = layers.affine_forward(X, W, b)
    _, dW, db = layers.affine_backward(losses.logistic(scores, Y)[1], cache)
    W_torch, b_torch = _tensors(W, b)
    _cross_entropy(torch.tensor(X) @ W_torch.T + b_torch, Y).backward()
    return ([(dW, W_torch.grad), (db, b_torch.grad)],)


def _cross_entropy(scores, Y):
    import torch

    return torch.nn.functional.binary_cross_entropy_with_logits(scores, torch.tensor(Y))


def _shallow_problem(rng):
    """Return chapter 04's network, start values, and eight labeled points."""
    net = Sequential(fc1=Affine(2, 4, xavier_normal), tanh1=Tanh(), fc2=Affine(4, 1, xavier_normal))
    X, Y = rng.standard_normal((8, 2)), (np.arange(8) % 2)[:, np.newaxis].astype(float)
    return net, net.init(rng), X, Y


def _shallow_forward(tensors, X):
    import torch

    W1, b1, W2, b2 = tensors
    return torch.tanh(torch.tensor(X) @ W1.T + b1) @ W2.T + b2


def _shallow(rng):
    net, params, X, Y = _shallow_problem(rng)
    scores, cache = net.forward(params, X)
    cost, dscores = losses.logistic(scores, Y)
    _, grads = net.backward(dscores, cache)
    tensors = _tensors(*params.values())
    scores_torch = _shallow_forward(tensors, X)
    scores_torch.retain_grad()
    cost_torch = _cross_entropy(scores_torch, Y)
    cost_torch.backward()
    pairs = zip(grads.values(), (tensor.grad for tensor in tensors), strict=True)
    gradients = [(dscores, scores_torch.grad), *pairs]
    return [(scores, scores_torch)], [(cost, cost_torch)], gradients


def _gradient_descent(rng):
    import torch

    net, params, X, Y = _shallow_problem(rng)
    tensors = _tensors(*params.values())
    params, _ = fit(
        net, params, X, Y, loss=losses.logistic, optimizer=GradientDescent(0.5), epochs=50,
        progress=False,
    )  # fmt: skip
    optimizer = torch.optim.SGD(tensors, lr=0.5)
    for _ in range(50):
        optimizer.zero_grad()
        _cross_entropy(_shallow_forward(tensors, X), Y).backward()
        optimizer.step()
    return (list(zip(params.values(), tensors, strict=True)),)


def _optimizer(optimizer, torch_name, **options):
    """Compare a hundred steps with the same gradients: RMSprop's own may follow chaotic paths."""

    def compare(rng):
        import torch

        theta, gradients = rng.standard_normal(6), rng.standard_normal((100, 6))
        (theirs,) = _tensors(theta)
        torch_optimizer = getattr(torch.optim, torch_name)([theirs], **options)
        state, path, torch_path = optimizer.init(theta), [], []
        for gradient in gradients:
            theta, state = optimizer.update(theta, gradient, state)
            theirs.grad = torch.tensor(gradient)
            torch_optimizer.step()
            path.append(theta)
            torch_path.append(theirs.detach().clone())
        return ([(np.array(path), torch.stack(torch_path))],)

    return compare


def _scores(rng):
    return 10 * rng.standard_normal(40)


def _probabilities(rng):
    return 0.01 + 0.98 * rng.random(40)


# Labels, and a function of rng that returns, for each of them, pairs (dlcore's, PyTorch's).
COMPARISONS = {
    ("eq-affine-forward", "eq-affine-backward"): _affine,
    ("eq-sigmoid", "eq-sigmoid-derivative"): _elementwise(
        layers.sigmoid_forward, layers.sigmoid_backward, "sigmoid"
    ),
    ("eq-tanh", "eq-tanh-derivative"): _elementwise(
        layers.tanh_forward, layers.tanh_backward, "tanh"
    ),
    ("eq-relu", "eq-relu-derivative"): _elementwise(
        layers.relu_forward, layers.relu_backward, "relu"
    ),
    ("eq-leaky-relu", "eq-leaky-relu-derivative"): _elementwise(
        layers.leaky_relu_forward, layers.leaky_relu_backward, "leaky_relu"
    ),
    ("eq-elu", "eq-elu-derivative"): _elementwise(layers.elu_forward, layers.elu_backward, "elu"),
    ("eq-gelu", "eq-gelu-derivative"): _elementwise(
        layers.gelu_forward, layers.gelu_backward, "gelu", approximate="tanh"
    ),
    ("eq-silu", "eq-silu-derivative"): _elementwise(
        layers.silu_forward, layers.silu_backward, "silu"
    ),
    ("eq-scaled-tanh", "eq-scaled-tanh-derivative"): _scaled_tanh,
    ("eq-prelu", "eq-prelu-derivative"): _prelu,
    ("eq-maxout", "eq-maxout-derivative"): _maxout,
    ("eq-deep-lrn", "eq-deep-lrn-backward"): _lrn,
    ("eq-conv2d", "eq-convback-all"): _conv2d,
    ("eq-maxpool", "eq-maxpool-backward"): _pool("maxpool2d"),
    ("eq-avgpool", "eq-avgpool-backward"): _pool("avgpool2d"),
    ("eq-bn-forward", "eq-bn-backward"): _batchnorm(6, 3),
    ("eq-bn-images", "eq-bn-images-backward"): _batchnorm(2, 3, 4, 5),
    ("eq-bn-inference",): _batchnorm_inference,
    ("eq-bce", "eq-bce-derivative"): _loss(
        losses.binary_cross_entropy, "binary_cross_entropy", _probabilities, (0, 1)
    ),
    ("eq-logistic-stable", "eq-logistic-delta"): _loss(
        losses.logistic, "binary_cross_entropy_with_logits", _scores, (0, 1)
    ),
    ("eq-logistic-pm1", "eq-logistic-pm1-delta"): _loss(
        losses.logistic_pm1, "soft_margin_loss", _scores, (-1, 1)
    ),
    ("eq-gaussian-nll", "eq-gaussian-nll-gradient"): _distribution(
        losses.gaussian_nll,
        lambda S, y: {"input": S[:, 0], "target": y, "var": S[:, 1].exp(), "eps": 0.0},
        "gaussian_nll_loss",
        lambda rng: (rng.standard_normal((40, 2)), rng.standard_normal(40)),
    ),
    ("eq-poisson-nll", "eq-poisson-nll-gradient"): _distribution(
        losses.poisson_nll,
        lambda S, y: {"input": S, "target": y},
        "poisson_nll_loss",
        lambda rng: (2 * rng.standard_normal(40), rng.poisson(3, 40)),
    ),
    ("eq-multilabel", "eq-multilabel-gradient"): _distribution(
        losses.multilabel_logistic,
        lambda S, Y: {"input": S, "target": Y, "reduction": "sum"},
        "binary_cross_entropy_with_logits",
        lambda rng: (3 * rng.standard_normal((40, 5)), rng.integers(2, size=(40, 5))),
        share=40,
    ),
    ("eq-logistic-batch",): _logistic_regression,
    ("eq-gradient-descent",): _gradient_descent,
    ("eq-opt-momentum",): _optimizer(Momentum(0.1, 0.8), "SGD", lr=0.1 * (1 - 0.8), momentum=0.8),
    ("eq-opt-classical",): _optimizer(ClassicalMomentum(0.02), "SGD", lr=0.02, momentum=0.9),
    ("eq-opt-nesterov",): _optimizer(Nesterov(0.02), "SGD", lr=0.02, momentum=0.9, nesterov=True),
    ("eq-opt-adagrad",): _optimizer(AdaGrad(0.05), "Adagrad", lr=0.05, eps=1e-8),
    ("eq-opt-rmsprop",): _optimizer(RMSprop(0.01), "RMSprop", lr=0.01, alpha=0.9),
    ("eq-opt-adam",): _optimizer(Adam(0.05), "Adam", lr=0.05),
    ("eq-opt-adamw",): _optimizer(
        AdamW(0.05, weight_decay=0.1), "AdamW", lr=0.05, weight_decay=0.1
    ),
    ("eq-shallow-forward", "eq-shallow-cost", "eq-shallow-batch"): _shallow,
}

# The lines that go through a grid, and how many geometries it has.
GRIDS = {
    ("eq-conv2d", "eq-convback-all"): len(CONVOLUTIONS),
    ("eq-maxpool", "eq-maxpool-backward"): len(POOLS),
    ("eq-avgpool", "eq-avgpool-backward"): len(POOLS),
}


def collect(settings, found):
    """Return the error of each equation."""
    return {label: error for errors in found.values() for label, error in errors.items()}
