"""The book's networks, each a function that returns a ``Sequential``, and ``summary``.

Every network ends in scores: the losses put the sigmoid or the softmax behind them. Those of
``built`` come with their parameters: nothing is left to learn.
"""

from dlcore.models.alexnet import alexnet, alexnet_digits
from dlcore.models.built import folds, hats, random_steps, sawtooth, staircase, towers
from dlcore.models.lenet import (
    C3_CONNECTIONS,
    DIGIT_CODES,
    FixedRBF,
    companion,
    lenet5,
    lenet5_loss,
    lenet5_modern,
    lenet_small,
)
from dlcore.models.resnet import resnet
from dlcore.models.small import circles, logistic, moons, planar, regularization
from dlcore.models.table import LayerCounts, Summary, output_shape, summary
from dlcore.models.vgg import vgg11, vgg16

__all__ = [
    "C3_CONNECTIONS",
    "DIGIT_CODES",
    "FixedRBF",
    "LayerCounts",
    "Summary",
    "alexnet",
    "alexnet_digits",
    "circles",
    "companion",
    "folds",
    "hats",
    "lenet5",
    "lenet5_loss",
    "lenet5_modern",
    "lenet_small",
    "logistic",
    "moons",
    "output_shape",
    "planar",
    "random_steps",
    "regularization",
    "resnet",
    "sawtooth",
    "staircase",
    "summary",
    "towers",
    "vgg11",
    "vgg16",
]
