"""The three dense layers that AlexNet and, after it, VGG end in."""

from dlcore.layers import Affine, Dropout, ReLU
from dlcore.models.table import output_shape
from dlcore.network import Sequential


def with_dense_layers(features, input_shape, units, classes, keep_prob):
    """Return the layers of ``features``, which end flattened, and the three dense ones on them.

    Parameters
    ----------
    features : dict of str to layer
    input_shape : tuple of int
        (C, H, W).
    units : int
        Of each of the first two.
    classes : int
    keep_prob : float
        Of the dropout after each of the first two.

    Returns
    -------
    Sequential

    Raises
    ------
    ShapeError
        When the images are too small.
    """
    (read,) = output_shape(Sequential(**features), input_shape)
    return Sequential(
        **features,
        fc6=Affine(read, units),
        relu6=ReLU(),
        dropout6=Dropout(keep_prob),
        fc7=Affine(units, units),
        relu7=ReLU(),
        dropout7=Dropout(keep_prob),
        fc8=Affine(units, classes),
    )
