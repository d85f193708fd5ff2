"""The fully connected networks of the first chapters; each ends in one score an example."""

from itertools import pairwise

from dlcore.initializers import he_normal, xavier_normal, zeros
from dlcore.layers import Affine, Dropout, ReLU, Tanh
from dlcore.network import Sequential


def _dense(sizes, activation, weights, keep_prob=1.0):
    """Return affine layers of these sizes, with an activation between any two."""
    layers, last = {}, len(sizes) - 1
    for i, (d_in, d_out) in enumerate(pairwise(sizes), start=1):
        layers[f"fc{i}"] = Affine(d_in, d_out, weights)
        if i < last:
            layers[f"{activation.__name__.lower()}{i}"] = activation()
            if keep_prob < 1:
                layers[f"dropout{i}"] = Dropout(keep_prob)
    return Sequential(**layers)


def logistic(d_in=2, *, weights=zeros):
    """Return logistic regression: one affine unit.

    Parameters
    ----------
    d_in : int
        Features of an example.
    weights : initializer
        Zeros do no harm here: the cost has one minimum.

    Returns
    -------
    Sequential
    """
    return Sequential(neuron=Affine(d_in, 1, weights))


def planar(units=4, *, weights=xavier_normal):
    """Return the network for the planar flower: 2, 4, 1, with tanh.

    Parameters
    ----------
    units : int
        Of the hidden layer.
    weights : initializer

    Returns
    -------
    Sequential
    """
    return _dense((2, units, 1), Tanh, weights)


def circles(*, weights=he_normal):
    """Return the network for the circles, on which initializations are compared: 2, 10, 5, 1.

    Parameters
    ----------
    weights : initializer

    Returns
    -------
    Sequential
    """
    return _dense((2, 10, 5, 1), ReLU, weights)


def moons(*, weights=he_normal):
    """Return the network for the moons, on which optimizers are compared: 2, 5, 2, 1.

    Parameters
    ----------
    weights : initializer

    Returns
    -------
    Sequential
    """
    return _dense((2, 5, 2, 1), ReLU, weights)


def regularization(*, keep_prob=1.0, weights=he_normal):
    """Return the network that overfits the noisy boundary: 2, 20, 3, 1.

    Parameters
    ----------
    keep_prob : float
        In (0, 1]; below 1, dropout follows both hidden layers.
    weights : initializer

    Returns
    -------
    Sequential
    """
    return _dense((2, 20, 3, 1), ReLU, weights, keep_prob)
