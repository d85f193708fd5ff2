"""Every layer as a pair of functions, and as a small frozen object for ``Sequential``."""

from dlcore.layers.affine import Affine, affine_backward, affine_forward
from dlcore.layers.relu import ReLU, relu_backward, relu_forward
from dlcore.layers.sigmoid import Sigmoid, sigmoid_backward, sigmoid_forward
from dlcore.layers.tanh import Tanh, tanh_backward, tanh_forward

__all__ = [
    "Affine",
    "ReLU",
    "Sigmoid",
    "Tanh",
    "affine_backward",
    "affine_forward",
    "relu_backward",
    "relu_forward",
    "sigmoid_backward",
    "sigmoid_forward",
    "tanh_backward",
    "tanh_forward",
]
