"""Interactive figures, alive in the published page and in a notebook.

A lab is one Python file here (what can change, what dlcore computes, how it is told) and one
browser file, ``browser/labs/NAME.js`` (how it is drawn).
"""

from byhand.labs.activations import activations
from byhand.labs.architectures import architectures
from byhand.labs.autograd import autograd
from byhand.labs.backprop_debugger import backprop_debugger
from byhand.labs.batchnorm import batchnorm
from byhand.labs.bumps import bumps
from byhand.labs.controls import Drawing, Scrubber, Select, Several, Slider
from byhand.labs.conv_arithmetic import conv_arithmetic
from byhand.labs.conv_backward import conv_backward
from byhand.labs.conv_matrix import conv_matrix
from byhand.labs.decay import decay
from byhand.labs.epsilon import epsilon
from byhand.labs.ewa import ewa
from byhand.labs.graph import graph
from byhand.labs.hidden_units import hidden_units
from byhand.labs.init import init
from byhand.labs.interaction import interact
from byhand.labs.lab import Lab
from byhand.labs.learning_rate import learning_rate
from byhand.labs.lenet import lenet
from byhand.labs.pooling import pooling
from byhand.labs.predictions import answered, predict
from byhand.labs.race import race
from byhand.labs.regularization import regularization
from byhand.labs.residual import residual
from byhand.labs.search import search
from byhand.labs.slow_start import slow_start
from byhand.labs.softmax import softmax
from byhand.labs.untangle import untangle

__all__ = [
    "Drawing",
    "Lab",
    "Scrubber",
    "Select",
    "Several",
    "Slider",
    "activations",
    "answered",
    "architectures",
    "autograd",
    "backprop_debugger",
    "batchnorm",
    "bumps",
    "conv_arithmetic",
    "conv_backward",
    "conv_matrix",
    "decay",
    "epsilon",
    "ewa",
    "graph",
    "hidden_units",
    "init",
    "interact",
    "learning_rate",
    "lenet",
    "pooling",
    "predict",
    "race",
    "regularization",
    "residual",
    "search",
    "slow_start",
    "softmax",
    "untangle",
]
