"""Activations, maxout and the losses of several scores beside PyTorch's, forward and backward.

Functions with an equation of the book are compared in ``test_oracle.py``; here are their other
shapes and options.
"""

import numpy as np
import pytest

from dlcore import activations, layers, losses
from tests.cases import DISTRIBUTION_LOSSES
from tests.measure import worst_error
from tests.require import require

try:
    import torch
    from torch.nn import functional as F
except ImportError:
    torch = None

pytestmark = pytest.mark.oracle
TOLERANCE = 1e-12


@pytest.fixture(autouse=True)
def _needs_torch():
    require("PyTorch", torch is not None, "pip install torch==2.13.0")


def with_gradient(array):
    return torch.tensor(array, requires_grad=True)


def maxout(X, W, b):
    return (torch.einsum("nd,okd->nok", X, W) + b).amax(dim=2)


# The forward's name, its shapes and options, and the same in PyTorch.
LAYERS = [
    ("leaky_relu", [(5, 3)], {}, lambda Z: F.leaky_relu(Z)),
    ("leaky_relu", [(5, 3)], {"alpha": 0.3}, lambda Z: F.leaky_relu(Z, 0.3)),
    ("elu", [(5, 3)], {}, lambda Z: F.elu(Z)),
    ("elu", [(2, 3, 4)], {"alpha": 0.3}, lambda Z: F.elu(Z, 0.3)),
    ("scaled_tanh", [(5, 3)], {}, lambda Z: 1.7159 * torch.tanh(2 / 3 * Z)),
    ("prelu", [(5, 3), (3,)], {}, lambda Z, a: F.prelu(Z, a)),
    ("prelu", [(5, 3, 4, 2), (3,)], {}, lambda Z, a: F.prelu(Z, a)),
    ("prelu", [(5, 3, 4), ()], {}, lambda Z, a: F.prelu(Z, a)),
    ("maxout", [(6, 4), (3, 5, 4), (3, 5)], {}, maxout),
]


@pytest.mark.parametrize(("name", "shapes", "options", "theirs"), LAYERS)
@pytest.mark.parametrize("seed", range(5))
def test_layers(name, shapes, options, theirs, seed):
    rng = np.random.default_rng(seed)
    arrays = [3 * np.asarray(rng.standard_normal(shape)) for shape in shapes]
    out, cache = getattr(layers, f"{name}_forward")(*arrays, **options)
    dout = rng.standard_normal(out.shape)
    grads = getattr(layers, f"{name}_backward")(dout, cache)
    tensors = [with_gradient(array) for array in arrays]
    expected = theirs(*tensors)
    expected.backward(torch.tensor(dout))
    assert worst_error(out, expected.detach()) <= TOLERANCE
    for grad, tensor in zip(grads if isinstance(grads, tuple) else (grads,), tensors, strict=True):
        assert worst_error(grad, tensor.grad) <= TOLERANCE


@pytest.mark.parametrize("name", ["leaky_relu", "elu", "scaled_tanh"])
def test_the_slope_at_zero(name):
    """PyTorch's choice at the kink, and alpha's of ELU, whose kink is only there for alpha ≠ 1."""
    options = {} if name == "scaled_tanh" else {"alpha": 0.3}
    Z = np.zeros((1, 1))
    dZ = getattr(layers, f"{name}_backward")(
        np.ones((1, 1)), getattr(layers, f"{name}_forward")(Z, **options)[1]
    )
    tensor = with_gradient(Z)
    if name == "scaled_tanh":
        (1.7159 * torch.tanh(2 / 3 * tensor)).backward()
    else:
        getattr(F, name)(tensor, 0.3).backward()
    assert worst_error(dZ, tensor.grad) <= TOLERANCE


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("axis", [-1, 0, 1])
@pytest.mark.parametrize("scale", [1, 30, 1000])
def test_softmax(name, axis, scale):
    S = scale * np.random.default_rng(0).standard_normal((4, 5, 3))
    expected = getattr(torch, name)(torch.tensor(S), dim=axis)
    assert worst_error(getattr(activations, name)(S, axis), expected) <= TOLERANCE


def hinge(scores, targets):
    return F.multi_margin_loss(scores, targets) * scores.shape[1]  # PyTorch divides by C


CLASSES = {"softmax_cross_entropy": lambda *args: F.cross_entropy(*args), "svm_hinge": hinge}
REGRESSIONS = {
    "squared_error": lambda s, y: F.mse_loss(s, y, reduction="sum") / len(s),
    "quadratic": lambda s, y: F.mse_loss(s, y, reduction="sum") / (2 * len(s)),
}


DISTRIBUTIONS = {
    "gaussian_nll": lambda s, y: F.gaussian_nll_loss(s[:, 0], y, s[:, 1].exp(), eps=0.0),
    "poisson_nll": lambda s, y: F.poisson_nll_loss(s, y, reduction="sum") / len(s),
    "multilabel_logistic": lambda s, y: (
        F.binary_cross_entropy_with_logits(s, y, reduction="sum") / len(s)
    ),
}


@pytest.mark.parametrize("case", DISTRIBUTION_LOSSES, ids=lambda case: case.name)
@pytest.mark.parametrize("shape", [(7, 4), (1, 3), (40, 10)])
@pytest.mark.parametrize("seed", range(5))
def test_losses_of_distributions(case, shape, seed):
    scores, targets = case.samples(shape, seed=seed)
    value, dscores = case.function(scores, targets)
    tensor = with_gradient(scores)
    expected = DISTRIBUTIONS[case.name](tensor, torch.tensor(targets, dtype=float))
    expected.backward()
    assert worst_error(value, expected.detach()) <= TOLERANCE
    assert worst_error(dscores, tensor.grad) <= TOLERANCE


@pytest.mark.parametrize("name", [*CLASSES, *REGRESSIONS])
@pytest.mark.parametrize("shape", [(7, 4), (1, 3), (40, 10)])
@pytest.mark.parametrize("seed", range(5))
def test_losses(name, shape, seed):
    rng = np.random.default_rng(seed)
    scores = 5 * rng.standard_normal(shape)
    if name in CLASSES:
        theirs, targets = CLASSES[name], rng.integers(shape[1], size=shape[0])
    else:
        theirs, targets = REGRESSIONS[name], rng.standard_normal(shape)
    value, dscores = getattr(losses, name)(scores, targets)
    tensor = with_gradient(scores)
    expected = theirs(tensor, torch.tensor(targets))
    expected.backward()
    assert worst_error(value, expected.detach()) <= TOLERANCE
    assert worst_error(dscores, tensor.grad) <= TOLERANCE
