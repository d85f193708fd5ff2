"""Every layer as a pair of functions, and as a small frozen object for ``Sequential``."""

from dlcore.layers.affine import Affine, affine_backward, affine_forward
from dlcore.layers.avgpool2d import AvgPool2d, avgpool2d_backward, avgpool2d_forward
from dlcore.layers.batchnorm import (
    BatchNorm,
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_inference,
)
from dlcore.layers.conv2d import Conv2d, conv2d_backward, conv2d_forward
from dlcore.layers.conv2d_connected import (
    Conv2dConnected,
    conv2d_connected_backward,
    conv2d_connected_forward,
)
from dlcore.layers.conv_transpose2d import (
    ConvTranspose2d,
    conv_transpose2d_backward,
    conv_transpose2d_forward,
)
from dlcore.layers.dropout import Dropout, dropout_backward, dropout_forward
from dlcore.layers.elu import ELU, elu_backward, elu_forward
from dlcore.layers.flatten import Flatten, flatten_backward, flatten_forward
from dlcore.layers.gelu import GELU, gelu_backward, gelu_forward
from dlcore.layers.global_avgpool import (
    GlobalAvgPool,
    global_avgpool_backward,
    global_avgpool_forward,
)
from dlcore.layers.global_maxpool import (
    GlobalMaxPool,
    global_maxpool_backward,
    global_maxpool_forward,
)
from dlcore.layers.leaky_relu import LeakyReLU, leaky_relu_backward, leaky_relu_forward
from dlcore.layers.lrn import LRN, lrn_backward, lrn_forward
from dlcore.layers.maxout import Maxout, maxout_backward, maxout_forward
from dlcore.layers.maxpool2d import MaxPool2d, maxpool2d_backward, maxpool2d_forward
from dlcore.layers.prelu import PReLU, prelu_backward, prelu_forward
from dlcore.layers.rbf import RBF, rbf_backward, rbf_forward
from dlcore.layers.relu import ReLU, relu_backward, relu_forward
from dlcore.layers.residual import Residual
from dlcore.layers.scaled_tanh import ScaledTanh, scaled_tanh_backward, scaled_tanh_forward
from dlcore.layers.sigmoid import Sigmoid, sigmoid_backward, sigmoid_forward
from dlcore.layers.silu import SiLU, silu_backward, silu_forward
from dlcore.layers.subsample import Subsample, subsample_backward, subsample_forward
from dlcore.layers.tanh import Tanh, tanh_backward, tanh_forward

__all__ = [
    "ELU",
    "GELU",
    "LRN",
    "RBF",
    "Affine",
    "AvgPool2d",
    "BatchNorm",
    "Conv2d",
    "Conv2dConnected",
    "ConvTranspose2d",
    "Dropout",
    "Flatten",
    "GlobalAvgPool",
    "GlobalMaxPool",
    "LeakyReLU",
    "MaxPool2d",
    "Maxout",
    "PReLU",
    "ReLU",
    "Residual",
    "ScaledTanh",
    "SiLU",
    "Sigmoid",
    "Subsample",
    "Tanh",
    "affine_backward",
    "affine_forward",
    "avgpool2d_backward",
    "avgpool2d_forward",
    "batchnorm_backward",
    "batchnorm_forward",
    "batchnorm_inference",
    "conv2d_backward",
    "conv2d_connected_backward",
    "conv2d_connected_forward",
    "conv2d_forward",
    "conv_transpose2d_backward",
    "conv_transpose2d_forward",
    "dropout_backward",
    "dropout_forward",
    "elu_backward",
    "elu_forward",
    "flatten_backward",
    "flatten_forward",
    "gelu_backward",
    "gelu_forward",
    "global_avgpool_backward",
    "global_avgpool_forward",
    "global_maxpool_backward",
    "global_maxpool_forward",
    "leaky_relu_backward",
    "leaky_relu_forward",
    "lrn_backward",
    "lrn_forward",
    "maxout_backward",
    "maxout_forward",
    "maxpool2d_backward",
    "maxpool2d_forward",
    "prelu_backward",
    "prelu_forward",
    "rbf_backward",
    "rbf_forward",
    "relu_backward",
    "relu_forward",
    "scaled_tanh_backward",
    "scaled_tanh_forward",
    "sigmoid_backward",
    "sigmoid_forward",
    "silu_backward",
    "silu_forward",
    "subsample_backward",
    "subsample_forward",
    "tanh_backward",
    "tanh_forward",
]
