"""Every layer as a pair of functions, and as a small frozen object for ``Sequential``."""

from dlcore.layers.affine import Affine, affine_backward, affine_forward
from dlcore.layers.elu import ELU, elu_backward, elu_forward
from dlcore.layers.leaky_relu import LeakyReLU, leaky_relu_backward, leaky_relu_forward
from dlcore.layers.maxout import Maxout, maxout_backward, maxout_forward
from dlcore.layers.prelu import PReLU, prelu_backward, prelu_forward
from dlcore.layers.relu import ReLU, relu_backward, relu_forward
from dlcore.layers.scaled_tanh import ScaledTanh, scaled_tanh_backward, scaled_tanh_forward
from dlcore.layers.sigmoid import Sigmoid, sigmoid_backward, sigmoid_forward
from dlcore.layers.tanh import Tanh, tanh_backward, tanh_forward

__all__ = [
    "ELU",
    "Affine",
    "LeakyReLU",
    "Maxout",
    "PReLU",
    "ReLU",
    "ScaledTanh",
    "Sigmoid",
    "Tanh",
    "affine_backward",
    "affine_forward",
    "elu_backward",
    "elu_forward",
    "leaky_relu_backward",
    "leaky_relu_forward",
    "maxout_backward",
    "maxout_forward",
    "prelu_backward",
    "prelu_forward",
    "relu_backward",
    "relu_forward",
    "scaled_tanh_backward",
    "scaled_tanh_forward",
    "sigmoid_backward",
    "sigmoid_forward",
    "tanh_backward",
    "tanh_forward",
]
