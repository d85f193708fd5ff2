"""Every layer and every loss, one line each, with what the tests of all of them need.

A new layer or loss is added here, and the generic tests in ``tests/dlcore``
(``layers/test_every_layer.py``, ``test_every_loss.py``, ``test_several_scores.py``,
``test_array_protocols.py``) test it.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from dlcore import layers, losses, optimizers, reference


@dataclass(frozen=True)
class LayerCase:
    """A layer: its functions, sample shapes for the arguments that get a gradient, its object.

    The shapes are given in the order of the forward's arguments. No two sizes are equal, so a
    missing transpose shows.
    """

    name: str
    shapes: dict
    layer: object
    forward_label: str | None = None
    backward_label: str | None = None
    options: dict = field(default_factory=dict)

    def samples(self, dtype=np.float64, seed=0, batch=None):
        """Draw the arguments; ``batch`` replaces the first argument's number of examples."""
        rng = np.random.default_rng(seed)
        (first, shape), *others = self.shapes.items()
        shapes = {first: shape if batch is None else (batch, *shape[1:]), **dict(others)}
        return {name: rng.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}

    def forward(self, *arrays, module=layers):
        return getattr(module, f"{self.name}_forward")(*arrays, **self.options)

    def backward(self, dout, cache, module=layers):
        """Return the gradients as a tuple, a single one too."""
        grads = getattr(module, f"{self.name}_backward")(dout, cache)
        return grads if isinstance(grads, tuple) else (grads,)

    def reference_forward(self, *arrays):
        return self.forward(*arrays, module=reference)

    def reference_backward(self, dout, cache):
        return self.backward(dout, cache, module=reference)


CONNECTIONS = ((True, False, True), (False, True, True))  # two filters, three channels

LAYERS = [
    LayerCase(
        "affine", {"X": (5, 4), "W": (3, 4), "b": (3,)}, layers.Affine(4, 3),
        "eq-affine-forward", "eq-affine-backward",
    ),
    LayerCase("sigmoid", {"Z": (5, 3)}, layers.Sigmoid(), "eq-sigmoid", "eq-sigmoid-derivative"),
    LayerCase("tanh", {"Z": (5, 3)}, layers.Tanh(), "eq-tanh", "eq-tanh-derivative"),
    LayerCase("relu", {"Z": (5, 3)}, layers.ReLU(), "eq-relu", "eq-relu-derivative"),
    LayerCase(
        "leaky_relu", {"Z": (5, 3)}, layers.LeakyReLU(0.1),
        "eq-leaky-relu", "eq-leaky-relu-derivative", options={"alpha": 0.1},
    ),
    LayerCase(
        "elu", {"Z": (5, 3)}, layers.ELU(0.5), "eq-elu", "eq-elu-derivative",
        options={"alpha": 0.5},
    ),
    LayerCase("gelu", {"Z": (5, 3)}, layers.GELU(), "eq-gelu", "eq-gelu-derivative"),
    LayerCase("silu", {"Z": (5, 3)}, layers.SiLU(), "eq-silu", "eq-silu-derivative"),
    LayerCase(
        "scaled_tanh", {"Z": (5, 3)}, layers.ScaledTanh(2.0, 0.7),
        "eq-scaled-tanh", "eq-scaled-tanh-derivative", options={"A": 2.0, "S": 0.7},
    ),
    LayerCase(
        "prelu", {"Z": (5, 3, 4), "alpha": (3,)}, layers.PReLU(3),
        "eq-prelu", "eq-prelu-derivative",
    ),
    LayerCase(
        "maxout", {"X": (6, 4), "W": (3, 2, 4), "b": (3, 2)}, layers.Maxout(4, 3, 2),
        "eq-maxout", "eq-maxout-derivative",
    ),
    LayerCase(
        "conv2d", {"X": (2, 6, 7, 8), "W": (4, 3, 3, 2), "b": (4,)},
        layers.Conv2d(6, 4, (3, 2), (2, 1), (1, 2), (1, 3), 2), "eq-conv2d", "eq-convback-all",
        options={"stride": (2, 1), "padding": (1, 2), "dilation": (1, 3), "groups": 2},
    ),
    LayerCase(
        "conv2d_connected", {"X": (5, 3, 6, 7), "W": (4, 3, 2), "b": (2,)},
        layers.Conv2dConnected(CONNECTIONS, (3, 2), 2, 1), "eq-lenet-c3", "eq-lenet-c3-backward",
        options={"connections": CONNECTIONS, "stride": 2, "padding": 1},
    ),
    LayerCase(
        "conv_transpose2d", {"X": (3, 4, 5, 4), "W": (4, 3, 3, 2), "b": (6,)},
        layers.ConvTranspose2d(4, 6, (3, 2), (2, 3), (1, 2), (1, 0), (1, 3), 2),
        "eq-convback-transposed", "eq-convback-transposed-backward",
        options={"stride": (2, 3), "padding": (1, 2), "output_padding": (1, 0),
                 "dilation": (1, 3), "groups": 2},
    ),
    LayerCase(
        "maxpool2d", {"X": (2, 3, 8, 7)}, layers.MaxPool2d((3, 2), 2, 1),
        "eq-maxpool", "eq-maxpool-backward",
        options={"size": (3, 2), "stride": 2, "padding": 1},
    ),
    LayerCase(
        "avgpool2d", {"X": (2, 3, 8, 7)}, layers.AvgPool2d((3, 2), 2, 1),
        "eq-avgpool", "eq-avgpool-backward",
        options={"size": (3, 2), "stride": 2, "padding": 1},
    ),
    LayerCase(
        "global_maxpool", {"X": (5, 3, 4, 2)}, layers.GlobalMaxPool(),
        "eq-global-maxpool", "eq-global-maxpool-backward",
    ),
    LayerCase(
        "global_avgpool", {"X": (5, 3, 4, 2)}, layers.GlobalAvgPool(),
        "eq-global-avgpool", "eq-global-avgpool-backward",
    ),
    LayerCase(
        "subsample", {"X": (2, 3, 7, 4), "w": (3,), "b": (3,)}, layers.Subsample(3, (3, 2)),
        "eq-lenet-subsample", "eq-lenet-subsample-backward", options={"size": (3, 2)},
    ),
    LayerCase(
        "batchnorm", {"X": (6, 3), "gamma": (3,), "beta": (3,)}, layers.BatchNorm(3),
        "eq-bn-forward", "eq-bn-backward",
    ),
    LayerCase("lrn", {"X": (2, 7, 3, 4)}, layers.LRN(1.0, 4, 0.3, 0.6),
        "eq-deep-lrn", "eq-deep-lrn-backward",
        options={"k": 1.0, "n": 4, "alpha": 0.3, "beta": 0.6},
    ),
    LayerCase("flatten", {"X": (5, 3, 4, 2)}, layers.Flatten()),
    LayerCase(
        "rbf", {"X": (5, 4), "W": (3, 4)}, layers.RBF(4, 3),
        "eq-lenet-rbf", "eq-lenet-rbf-backward",
    ),
]  # fmt: skip


@dataclass(frozen=True)
class LossCase:
    """A loss: its labels' two values (or None), and what its scores look like."""

    name: str
    classes: tuple
    value_label: str | None = None
    gradient_label: str | None = None
    probabilities: bool = False

    @property
    def function(self):
        return getattr(losses, self.name)

    @property
    def reference(self):
        return getattr(reference, self.name)

    def samples(self, shape=(7,), dtype=np.float64, seed=0):
        """Draw scores and targets; both classes occur."""
        rng = np.random.default_rng(seed)
        scores = 3 * rng.standard_normal(shape)
        if self.probabilities:
            scores = 0.05 + 0.9 * rng.random(shape)
        targets = np.resize(self.classes, shape)
        return scores.astype(dtype), targets


LOSSES = [
    LossCase(
        "binary_cross_entropy", (0, 1), "eq-bce", "eq-bce-derivative", probabilities=True
    ),
    LossCase("logistic", (0, 1), "eq-logistic-stable", "eq-logistic-delta"),
    LossCase("logistic_pm1", (-1, 1), "eq-logistic-pm1", "eq-logistic-pm1-delta"),
]  # fmt: skip


@dataclass(frozen=True)
class ClassLossCase(LossCase):
    """A loss of C scores an example and the number of its class."""

    classes: tuple = ()

    def samples(self, shape=(7, 4), dtype=np.float64, seed=0):
        """Draw scores (N, C) and labels (N,)."""
        scores = 3 * np.random.default_rng(seed).standard_normal(shape)
        return scores.astype(dtype), np.resize(np.arange(shape[1]), shape[0])


CLASS_LOSSES = [ClassLossCase("softmax_cross_entropy"), ClassLossCase("svm_hinge")]


@dataclass(frozen=True)
class RegressionLossCase(LossCase):
    """A loss of numbers and the numbers that they should be."""

    classes: tuple = ()

    def samples(self, shape=(7, 3), dtype=np.float64, seed=0):
        """Draw outputs and targets of one shape."""
        scores, targets = np.random.default_rng(seed).standard_normal((2, *shape))
        return scores.astype(dtype), targets.astype(dtype)


REGRESSION_LOSSES = [RegressionLossCase("squared_error"), RegressionLossCase("quadratic")]


@dataclass(frozen=True)
class DistributionLossCase(LossCase):
    """A loss of scores (N, C) that are the parameters of a distribution, and of what it gave."""

    classes: tuple = ()
    draw: object = None

    def samples(self, shape=(7, 3), dtype=np.float64, seed=0):
        """Draw scores and targets; ``draw(rng, shape)`` returns both."""
        scores, targets = self.draw(np.random.default_rng(seed), shape)
        return scores.astype(dtype), targets


DISTRIBUTION_LOSSES = [
    DistributionLossCase(
        "gaussian_nll",
        draw=lambda rng, shape: (
            rng.standard_normal((shape[0], 2)), rng.standard_normal(shape[0])
        ),
    ),
    DistributionLossCase(
        "poisson_nll",
        draw=lambda rng, shape: (2 * rng.standard_normal(shape), rng.poisson(2, shape)),
    ),
    DistributionLossCase(
        "multilabel_logistic",
        draw=lambda rng, shape: (3 * rng.standard_normal(shape), rng.integers(2, size=shape)),
    ),
]  # fmt: skip

OPTIMIZERS = [
    optimizers.GradientDescent(0.1),
    optimizers.Momentum(0.1),
    optimizers.ClassicalMomentum(0.1),
    optimizers.Nesterov(0.1),
    optimizers.AdaGrad(0.1),
    optimizers.RMSprop(0.1),
    optimizers.Adam(0.1),
    optimizers.AdamW(0.1),
]


def each(cases, *labels):
    """Parametrize over ``cases``; ``labels`` are the fields whose equations the test measures."""
    params = []
    for case in cases:
        equations = [getattr(case, label) for label in labels if getattr(case, label)]
        marks = [pytest.mark.ledger(*equations)] if equations else []
        params.append(pytest.param(case, id=case.name, marks=marks))
    return pytest.mark.parametrize("case", params)
