"""Networks with other weights that compute the same: the symmetries of a hidden layer."""

from itertools import permutations, product

import numpy as np

from dlcore.errors import ShapeError


def equal_networks(W1, b1, W2):
    """Yield every network that has the same scores by an order and signs of its tanh units.

    A hidden unit takes its row of ``W1``, its bias and its column of ``W2`` along wherever it
    stands, and all three may change their sign, since ``tanh(-z) = -tanh(z)``. With H units these
    are ``2^H H!`` networks. The bias of the output layer is the same for all of them.

    Equation: eq-shallow-symmetries

    Parameters
    ----------
    W1 : array, shape (H, D)
    b1 : array, shape (H,)
    W2 : array, shape (C, H)

    Yields
    ------
    W1, b1, W2 : arrays of the same shapes
        The network itself comes first.

    Raises
    ------
    ShapeError
        When the three do not have the same number of units.
    """
    units = len(b1)
    if np.ndim(W1) != 2 or np.ndim(W2) != 2 or W1.shape[0] != units or W2.shape[1] != units:
        raise ShapeError(
            f"equal_networks: W1 {np.shape(W1)}, b1 {np.shape(b1)} and W2 {np.shape(W2)} do not "
            "fit, expected (H, D), (H,) and (C, H); is W2 transposed?"
        )
    for order in map(list, permutations(range(units))):
        for signs in product((1, -1), repeat=units):
            s = np.array(signs, dtype=W1.dtype)  # (H,)
            yield s[:, np.newaxis] * W1[order], s * b1[order], W2[:, order] * s
