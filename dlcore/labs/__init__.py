"""Interactive figures, alive in the published page and in a notebook.

A lab is one Python file here (what can change, what dlcore computes, how it is told) and one
browser file, ``browser/labs/NAME.js`` (how it is drawn).
"""

from dlcore.labs.activations import activations
from dlcore.labs.architectures import architectures
from dlcore.labs.backprop_debugger import backprop_debugger
from dlcore.labs.batchnorm import batchnorm
from dlcore.labs.bumps import bumps
from dlcore.labs.controls import Drawing, Scrubber, Select, Several, Slider
from dlcore.labs.conv_arithmetic import conv_arithmetic
from dlcore.labs.conv_backward import conv_backward
from dlcore.labs.conv_matrix import conv_matrix
from dlcore.labs.decay import decay
from dlcore.labs.epsilon import epsilon
from dlcore.labs.ewa import ewa
from dlcore.labs.graph import graph
from dlcore.labs.hidden_units import hidden_units
from dlcore.labs.init import init
from dlcore.labs.interaction import interact
from dlcore.labs.lab import Lab
from dlcore.labs.learning_rate import learning_rate
from dlcore.labs.lenet import lenet
from dlcore.labs.pooling import pooling
from dlcore.labs.predictions import predict
from dlcore.labs.race import race
from dlcore.labs.regularization import regularization
from dlcore.labs.search import search
from dlcore.labs.slow_start import slow_start
from dlcore.labs.untangle import untangle

__all__ = [
    "Drawing",
    "Lab",
    "Scrubber",
    "Select",
    "Several",
    "Slider",
    "activations",
    "architectures",
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
    "search",
    "slow_start",
    "untangle",
]
