"""AlexNet."""

from dlcore.layers import LRN, Affine, Conv2d, Dropout, Flatten, MaxPool2d, ReLU
from dlcore.models._dense import with_dense_layers
from dlcore.models.table import output_shape
from dlcore.network import Sequential


def alexnet(*, groups=1, size=227, channels=3, classes=1000, width=1.0, keep_prob=0.5):
    """Return AlexNet: 62,378,344 parameters, or 60,965,224 with two groups.

    Source: Krizhevsky, Sutskever and Hinton (2012), sections 3.5 and 4.2.

    Parameters
    ----------
    groups : int
        2 as published, where each of two GPUs held half of the maps of layers 2, 4 and 5, which
        read only the maps of their own half: half of the weights and of the products.
    size : int
        Height and width of the images, at least 67.
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
    ValueError
        When a layer's maps cannot be divided into the groups.
    """
    maps = [round(width * n) for n in (96, 256, 384, 384, 256)]
    units = round(width * 4096)
    if groups < 1 or any(n < groups or n % groups for n in maps):
        raise ValueError(
            f"alexnet: groups is {groups}, expected a number that divides {maps}, the maps of each "
            f"layer at width {width}; another width?"
        )

    features = dict(
        conv1=Conv2d(channels, maps[0], 11, stride=4),
        relu1=ReLU(),
        lrn1=LRN(),
        pool1=MaxPool2d(3, 2),
        conv2=Conv2d(maps[0], maps[1], 5, padding=2, groups=groups),
        relu2=ReLU(),
        lrn2=LRN(),
        pool2=MaxPool2d(3, 2),
        conv3=Conv2d(maps[1], maps[2], 3, padding=1),
        relu3=ReLU(),
        conv4=Conv2d(maps[2], maps[3], 3, padding=1, groups=groups),
        relu4=ReLU(),
        conv5=Conv2d(maps[3], maps[4], 3, padding=1, groups=groups),
        relu5=ReLU(),
        pool5=MaxPool2d(3, 2),
        flatten=Flatten(),
    )
    return with_dense_layers(features, (channels, size, size), units, classes, keep_prob)


def alexnet_digits(*, activation=ReLU, pool=3, lrn=None, keep_prob=1.0):
    """Return a narrow AlexNet for digits (N, 1, 32, 32), whose parts can be left out one by one.

    Five convolutions and three dense layers as in AlexNet, with smaller kernels, few maps and no
    last pooling: 39,786 parameters with overlapping windows.

    Source: Krizhevsky, Sutskever and Hinton (2012), section 3, made small.

    Parameters
    ----------
    activation : layer class
        Such as ``layers.Tanh``.
    pool : int
        The window of both poolings, whose stride is 2: from 3 on they overlap.
    lrn : LRN, optional
        Behind the first two convolutions; by default none.
    keep_prob : float
        Of the dropout behind the first two dense layers; 1 leaves the layers out.

    Returns
    -------
    Sequential
    """

    def normalized(i):
        return {} if lrn is None else {f"lrn{i}": lrn}

    def dropped(i):
        return {} if keep_prob == 1 else {f"dropout{i}": Dropout(keep_prob)}

    features = dict(
        conv1=Conv2d(1, 8, 5, stride=2, padding=2),  # -> (N, 8, 16, 16)
        act1=activation(),
        **normalized(1),
        pool1=MaxPool2d(pool, 2),  # -> (N, 8, 7, 7)
        conv2=Conv2d(8, 16, 5, padding=2),
        act2=activation(),
        **normalized(2),
        pool2=MaxPool2d(pool, 2),  # -> (N, 16, 3, 3)
        conv3=Conv2d(16, 24, 3, padding=1),
        act3=activation(),
        conv4=Conv2d(24, 24, 3, padding=1),
        act4=activation(),
        conv5=Conv2d(24, 16, 3, padding=1),
        act5=activation(),
        flatten=Flatten(),
    )
    (read,) = output_shape(Sequential(**features), (1, 32, 32))
    return Sequential(
        **features,
        fc6=Affine(read, 96),
        act6=activation(),
        **dropped(6),
        fc7=Affine(96, 96),
        act7=activation(),
        **dropped(7),
        fc8=Affine(96, 10),
    )
