"""The plain activation functions, stable for every finite input."""

import numpy as np

from dlcore.errors import ShapeError, require_float


def sigmoid(z):
    """Squash ``z`` into (0, 1): 1 / (1 + exp(-z)).

    Written with ``exp(-|z|)``, which can not overflow: for z >= 0 it is the formula above; for
    z < 0 numerator and denominator are multiplied by exp(z).

    Equation: eq-sigmoid, eq-sigmoid-stable

    Parameters
    ----------
    z : array of floats, any shape

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` holds integers.
    """
    require_float("sigmoid", z=z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def tanh(z):
    """Squash ``z`` into (-1, 1).

    Equation: eq-tanh

    Parameters
    ----------
    z : array of floats, any shape

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` holds integers.
    """
    require_float("tanh", z=z)
    return np.tanh(z)


def relu(z):
    """Keep the positive part of ``z``: max(z, 0).

    Equation: eq-relu

    Parameters
    ----------
    z : array of floats, any shape

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` holds integers.
    """
    require_float("relu", z=z)
    return np.maximum(z, 0.0)


def leaky_relu(z, alpha=0.01):
    """Keep the positive part of ``z`` and a little of the negative: z if z > 0, else alpha z.

    Source: Maas, Hannun and Ng (2013).

    Parameters
    ----------
    z : array of floats, any shape
    alpha : float
        The slope for z <= 0.

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` holds integers.
    """
    require_float("leaky_relu", z=z)
    return np.where(z > 0, z, float(alpha) * z)


def elu(z, alpha=1.0):
    """Keep the positive part of ``z``; bend the negative towards -alpha.

    z if z > 0, else alpha (exp(z) - 1). The exponential sees only z <= 0, so it can not overflow.

    Source: Clevert, Unterthiner and Hochreiter (2016), section 3.

    Parameters
    ----------
    z : array of floats, any shape
    alpha : float
        Minus the limit for z towards minus infinity.

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` holds integers.
    """
    require_float("elu", z=z)
    return np.where(z > 0, z, float(alpha) * np.expm1(np.minimum(z, 0.0)))


def scaled_tanh(z, A=1.7159, S=2 / 3):
    """Squash ``z`` into (-A, A): A tanh(S z).

    With the defaults f(±1) is ±1 to four digits, so targets of ±1 lie where the slope is still
    large.

    Source: LeCun et al. (1998), equation 6 and appendix A.

    Parameters
    ----------
    z : array of floats, any shape
    A, S : float
        The amplitude, and the scale of ``z``.

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` holds integers.
    """
    require_float("scaled_tanh", z=z)
    return float(A) * np.tanh(float(S) * z)


def _shifted(function, S, axis):
    """Subtract the largest score: no probability changes, and exp can not overflow."""
    require_float(function, S=S)
    shape = getattr(S, "shape", ())
    if axis not in range(-len(shape), len(shape)) or shape[axis] == 0:
        raise ShapeError(
            f"{function}: S has shape {shape}, expected at least one score along axis {axis}; "
            "one row an example, one column a class?"
        )
    return S - np.max(S, axis=axis, keepdims=True)


def softmax(S, axis=-1):
    """Turn scores into probabilities: exp(s_i) / sum_j exp(s_j).

    Equation: eq-softmax-shift

    Source: Bridle (1990); stable because the largest score is subtracted from all.

    Parameters
    ----------
    S : array of floats, shape (..., C)
    axis : int
        The axis of the classes, along which the result sums to 1.

    Returns
    -------
    array, the shape and dtype of ``S``

    Raises
    ------
    TypeError
        When ``S`` holds integers.
    ShapeError
        When there is no class.
    """
    E = np.exp(_shifted("softmax", S, axis))
    return E / np.sum(E, axis=axis, keepdims=True)


def log_softmax(S, axis=-1):
    """Return the logarithm of ``softmax``: s_i - log sum_j exp(s_j).

    Finite where the probability itself rounds to 0.

    Equation: eq-log-sum-exp

    Parameters
    ----------
    S : array of floats, shape (..., C)
    axis : int
        The axis of the classes.

    Returns
    -------
    array, the shape and dtype of ``S``

    Raises
    ------
    TypeError
        When ``S`` holds integers.
    ShapeError
        When there is no class.
    """
    shifted = _shifted("log_softmax", S, axis)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
