"""Residual networks for small images, and the plain ones of the same layers."""

from dlcore.errors import as_int
from dlcore.layers import Affine, BatchNorm, Conv2d, GlobalAvgPool, ReLU, Residual
from dlcore.network import Sequential

STAGES = 3  # the side is halved between two of them, and the number of maps doubled


def resnet(blocks=3, *, connections=True, channels=3, classes=10, maps=16):
    """Return a residual network for small images: 6 ``blocks`` + 2 layers with weights.

    One convolution, three stages of blocks of two convolutions, the mean of each map, and an
    affine layer. Batch norm follows every convolution, and a ReLU every addition. The first block
    of stages two and three halves the side, and a 1 by 1 convolution with the same stride brings
    its input to that shape. (In the paper's networks for CIFAR-10 zeros are added to the input in
    place of this projection.)

    Source: He et al. (2016), sections 3.3 and 4.2.

    Parameters
    ----------
    blocks : int
        Of each stage.
    connections : bool
        Without them the convolutions stay and the projections go: the plain network of the same
        depth.
    channels, classes : int
    maps : int
        Of the first stage; 16 in the paper.

    Returns
    -------
    Sequential
    """
    blocks = as_int("resnet", "blocks", blocks, ge=1)
    layers = {"conv1": Conv2d(channels, maps, 3, padding=1), "norm1": BatchNorm(maps)}
    layers["relu1"], c_in = ReLU(), maps
    for stage in range(STAGES):
        c_out = maps * 2**stage
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            name = f"block{stage + 1}_{block + 1}"
            layers[name] = _block(c_in, c_out, stride, connections)
            layers[f"relu{stage + 1}_{block + 1}"], c_in = ReLU(), c_out
    return Sequential(**layers, pool=GlobalAvgPool(), fc=Affine(c_in, classes))


def _block(c_in, c_out, stride, connected):
    """Return what stands between two ReLUs: two convolutions, with a connection around or not."""
    body = Sequential(
        conv1=Conv2d(c_in, c_out, 3, stride=stride, padding=1),
        norm1=BatchNorm(c_out),
        relu1=ReLU(),
        conv2=Conv2d(c_out, c_out, 3, padding=1),
        norm2=BatchNorm(c_out),
    )
    if not connected:
        return body
    if (c_in, stride) == (c_out, 1):
        return Residual(body)
    projection = Sequential(conv=Conv2d(c_in, c_out, 1, stride=stride), norm=BatchNorm(c_out))
    return Residual(body, projection)
