"""VGG networks: convolutions of 3 by 3 pixels, in blocks that end in a pooling."""

from dlcore.layers import Conv2d, Flatten, MaxPool2d, ReLU
from dlcore.models._dense import with_dense_layers

_MAPS = (64, 128, 256, 512, 512)  # of each block


def vgg11(*, size=224, channels=3, classes=1000, width=1.0, keep_prob=0.5):
    """Return VGG-11: eight convolutions and three dense layers, 132,863,336 parameters.

    Source: Simonyan and Zisserman (2015), table 1, column A.

    Parameters
    ----------
    size : int
        Height and width of the images, at least 32.
    channels, classes : int
    width : float
        Scales the number of maps and hidden units; 1/16 makes a network for small experiments.
    keep_prob : float
        Of the dropout after the first two dense layers.

    Returns
    -------
    Sequential

    Raises
    ------
    ShapeError
        When the images are too small.
    """
    return _vgg((1, 1, 2, 2, 2), size, channels, classes, width, keep_prob)


def vgg16(*, size=224, channels=3, classes=1000, width=1.0, keep_prob=0.5):
    """Return VGG-16: thirteen convolutions and three dense layers, 138,357,544 parameters.

    Source: Simonyan and Zisserman (2015), table 1, column D.

    Parameters
    ----------
    size, channels, classes, width, keep_prob
        See ``vgg11``.

    Returns
    -------
    Sequential

    Raises
    ------
    ShapeError
        When the images are too small.
    """
    return _vgg((2, 2, 3, 3, 3), size, channels, classes, width, keep_prob)


def _vgg(depths, size, channels, classes, width, keep_prob):
    """Return a network with so many convolutions in each block."""
    layers, c_in = {}, channels
    for block, (depth, maps) in enumerate(zip(depths, _MAPS, strict=True), start=1):
        c_out = max(1, round(width * maps))
        for i in range(1, depth + 1):
            layers[f"conv{block}_{i}"] = Conv2d(c_in, c_out, 3, padding=1)
            layers[f"relu{block}_{i}"] = ReLU()
            c_in = c_out
        layers[f"pool{block}"] = MaxPool2d(2)
    layers["flatten"] = Flatten()
    units = max(1, round(width * 4096))
    return with_dense_layers(layers, (channels, size, size), units, classes, keep_prob)
