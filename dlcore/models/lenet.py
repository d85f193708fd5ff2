"""LeNet-5 as published and in its modern form, and the small network beside it."""

from dataclasses import dataclass

import numpy as np

from dlcore.initializers import he_normal, initializer
from dlcore.layers import (
    Affine,
    Conv2d,
    Conv2dConnected,
    Flatten,
    MaxPool2d,
    ReLU,
    ScaledTanh,
    Subsample,
    rbf_backward,
    rbf_forward,
)
from dlcore.losses import softmax_cross_entropy
from dlcore.network import Sequential
from dlcore.protocols import Layer

# The maps of S2 that each of C3's 16 maps reads: LeCun et al. (1998), table I.
_READ_BY_C3 = [
    *[(0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)],
    *[(0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)],
    *[(0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)],
    (0, 1, 2, 3, 4, 5),
]
C3_CONNECTIONS = tuple(tuple(c in read for c in range(6)) for read in _READ_BY_C3)

# Each digit as a picture of 7 by 12 pixels, ink where there is a #: our own drawings.
_PICTURES = """
.......  .......  .......  .......  .......  .......  .......  .......  .......  .......
..###..  ...#...  .#####.  .#####.  ....##.  #######  ..####.  #######  ..###..  ..###..
.#...#.  ..##...  ##...##  ##...##  ...###.  ##.....  .##....  #######  .##.##.  .##.##.
##...##  .###...  ##...##  .....##  ..####.  ##.....  ##.....  .....##  ##...##  ##...##
##...##  ...#...  .....##  .....##  .##.##.  ##.....  ##.....  ....##.  ##...##  ##...##
##...##  ...#...  ....##.  ..####.  ##..##.  ######.  ######.  ....##.  .##.##.  .##..##
##...##  ...#...  ...##..  .....##  ##..##.  .....##  ##...##  ...##..  ..###..  ..#####
##...##  ...#...  ..##...  .....##  #######  .....##  ##...##  ...##..  .##.##.  .....##
##...##  ...#...  .##....  .....##  ....##.  .....##  ##...##  ..##...  ##...##  .....##
.#...#.  ...#...  ##.....  ##...##  ....##.  ##...##  ##...##  ..##...  ##...##  ....##.
..###..  .#####.  #######  .#####.  ....##.  .#####.  .#####.  ..##...  .#####.  .####..
.......  .......  .......  .......  .......  .......  .......  .......  .......  .......
"""


def _codes():
    """Return ten rows of 84 numbers: a picture row by row, 1 for ink and -1 for paper."""
    rows = [line.split() for line in _PICTURES.split("\n") if line]  # 12 rows of ten pictures
    pictures = ["".join(parts) for parts in zip(*rows, strict=True)]
    return tuple(tuple(1.0 if pixel == "#" else -1.0 for pixel in picture) for picture in pictures)


DIGIT_CODES = _codes()


@dataclass(frozen=True, repr=False)
class FixedRBF(Layer):
    """Score a class by minus the squared distance from its code; nothing here is trained.

    The codes are part of the architecture, as a table of connections is: they are not among the
    network's parameters. With the minus sign the largest score wins, as everywhere in this
    library.

    Source: LeCun et al. (1998), section II.B, equation 7.

    Parameters
    ----------
    codes : sequence of sequences of float
        One row a class.
    """

    codes: tuple = DIGIT_CODES

    def forward(self, params, X, *, train, rng):
        """Call ``rbf_forward``, and turn its sign."""
        Z, cache = rbf_forward(X, np.array(self.codes, dtype=X.dtype, like=X))
        return -Z, cache

    def backward(self, dscores, cache):
        """Call ``rbf_backward``; the codes take no gradient."""
        dX, _ = rbf_backward(-dscores, cache)
        return dX, {}

    def uses(self, params, out):
        """Count the codes, which are not among the parameters, as weights."""
        codes = np.size(self.codes)
        return codes, codes


@initializer
def uniform_by_fan_in(rng, shape, fan_in, fan_out):
    """Draw from the uniform distribution on ±2.4 / fan_in: LeNet-5's start values.

    Their variance is 1.92 / fan_in², which is far below 1 / fan_in in a wide layer.

    Equation: eq-lenet-start

    Source: LeCun et al. (1998), section III.A.

    Parameters
    ----------
    rng : Generator or RandomState
    shape : tuple of int
    fan_in, fan_out : int
        Inputs of a unit; ``fan_out`` is unused.

    Returns
    -------
    array, shape ``shape``

    Raises
    ------
    TypeError, ValueError
        As in ``initializers.xavier_normal``.
    """
    return 2.4 / fan_in * (2.0 * rng.random(shape) - 1.0)


def lenet5(*, weights=uniform_by_fan_in):
    """Return LeNet-5 as published, for images (N, 1, 32, 32): 60,000 parameters.

    Trainable subsampling, C3's table of connections, a scaled tanh after every layer up to F6, and
    the distances from ten fixed codes as output. Its inputs have background -0.1 and ink 1.175.

    Train it with ``lenet5_loss``. The paper's codes are stylized pictures of the characters; ours
    are ``DIGIT_CODES``, of the same size.

    Source: LeCun et al. (1998), section II.B.

    Parameters
    ----------
    weights : initializer
        The paper's by default.

    Returns
    -------
    Sequential
    """
    return Sequential(
        c1=Conv2d(1, 6, 5, weights=weights),  # -> (N, 6, 28, 28)
        tanh1=ScaledTanh(),
        s2=Subsample(6, 2),  # -> (N, 6, 14, 14)
        tanh2=ScaledTanh(),
        c3=Conv2dConnected(C3_CONNECTIONS, 5, weights=weights),  # -> (N, 16, 10, 10)
        tanh3=ScaledTanh(),
        s4=Subsample(16, 2),  # -> (N, 16, 5, 5)
        tanh4=ScaledTanh(),
        c5=Conv2d(16, 120, 5, weights=weights),  # -> (N, 120, 1, 1)
        tanh5=ScaledTanh(),
        flatten=Flatten(),
        f6=Affine(120, 84, weights),
        tanh6=ScaledTanh(),
        output=FixedRBF(DIGIT_CODES),  # -> (N, 10)
    )


def lenet5_loss(scores, targets, *, j=1.0):
    """Return the criterion that LeNet-5 was trained with: mean of d_y + log(e^-j + sum_i e^-d_i).

    d_i are the distances from the codes, minus the scores. It is the softmax cross-entropy with one
    more class, "none of these", at the fixed squared distance j: the right code has to be closer
    than that, or "none of these" is the likelier answer; without it, a code only has to be closer
    than the others. The paper does not give its j.

    Equation: eq-lenet-loss, eq-lenet-loss-gradient

    Source: LeCun et al. (1998), equation 9.

    Parameters
    ----------
    scores : array of floats, shape (N, C)
        Minus the distances.
    targets : array of int, shape (N,)
        The class of each example, 0 to C - 1.
    j : float
        > 0.

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``

    Raises
    ------
    TypeError
        When the scores are not floats, or the labels not integers.
    ShapeError
        When the shapes do not fit.
    ValueError
        When ``j`` is not positive.
    """
    if not j > 0:
        raise ValueError(f"lenet5_loss: j is {j}, expected a squared distance > 0")
    none = np.full_like(scores[:, :1], -j)
    value, dscores = softmax_cross_entropy(np.concatenate([scores, none], axis=1), targets)
    return value, dscores[:, :-1]


def lenet5_modern(*, activation=ReLU, weights=he_normal):
    """Return LeNet-5 as it is built today, for images (N, 1, 32, 32): 61,706 parameters.

    Max pooling, every map of C3 reads all of S2, and an affine output for the softmax.

    Source: LeCun et al. (1998), section II.B, simplified.

    Parameters
    ----------
    activation : layer class
        Such as ``layers.Tanh``.
    weights : initializer

    Returns
    -------
    Sequential
    """
    return Sequential(
        conv1=Conv2d(1, 6, 5, weights=weights),  # -> (N, 6, 28, 28)
        act1=activation(),
        pool1=MaxPool2d(2),  # -> (N, 6, 14, 14)
        conv2=Conv2d(6, 16, 5, weights=weights),  # -> (N, 16, 10, 10)
        act2=activation(),
        pool2=MaxPool2d(2),  # -> (N, 16, 5, 5)
        flatten=Flatten(),
        fc3=Affine(16 * 5 * 5, 120, weights),
        act3=activation(),
        fc4=Affine(120, 84, weights),
        act4=activation(),
        fc5=Affine(84, 10, weights),
    )


def lenet_small(*, weights=he_normal):
    """Return LeNet-5's plan for images of half the size, (N, 1, 16, 16): 3,446 parameters.

    The network of the lab ``lenet``, small enough to be part of a page.

    Parameters
    ----------
    weights : initializer

    Returns
    -------
    Sequential
    """
    return Sequential(
        c1=Conv2d(1, 6, 5, weights=weights),  # -> (N, 6, 12, 12)
        relu1=ReLU(),
        s2=MaxPool2d(2),  # -> (N, 6, 6, 6)
        c3=Conv2d(6, 16, 3, weights=weights),  # -> (N, 16, 4, 4)
        relu3=ReLU(),
        s4=MaxPool2d(2),  # -> (N, 16, 2, 2)
        flatten=Flatten(),
        f5=Affine(16 * 2 * 2, 32, weights),
        relu5=ReLU(),
        output=Affine(32, 10, weights),
    )


def companion(*, weights=he_normal):
    """Return the small network that the notes train, for images (N, 1, 28, 28).

    One convolution, overlapping max pooling and one hidden layer.

    Parameters
    ----------
    weights : initializer

    Returns
    -------
    Sequential
    """
    return Sequential(
        conv1=Conv2d(1, 3, 5, weights=weights),  # -> (N, 3, 24, 24)
        relu1=ReLU(),
        pool1=MaxPool2d(3, 2),  # -> (N, 3, 11, 11)
        flatten=Flatten(),
        fc2=Affine(3 * 11 * 11, 84, weights),
        relu2=ReLU(),
        fc3=Affine(84, 10, weights),
    )
