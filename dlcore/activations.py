"""The plain activation functions, stable for every finite input."""

import math

import numpy as np

from dlcore.errors import ShapeError, as_float, as_int, require_float
from dlcore.precision import half_in_single

GELU_SCALE, GELU_CUBE = math.sqrt(2 / math.pi), 0.044715


def _check(function, name, z):
    if type(z) is not float:  # a number is as good as an array without axes
        require_float(function, **{name: z})


def sigmoid(z):
    """Squash ``z`` into (0, 1): 1 / (1 + exp(-z)).

    Written with ``exp(-|z|)``, which cannot overflow: for z >= 0 it is the formula above; for
    z < 0 numerator and denominator are multiplied by exp(z).

    Equation: eq-sigmoid, eq-sigmoid-stable

    Parameters
    ----------
    z : array of floats, any shape, or a float

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` does not hold floats.
    """
    _check("sigmoid", "z", z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def tanh(z):
    """Squash ``z`` into (-1, 1).

    Equation: eq-tanh

    Parameters
    ----------
    z : array of floats, any shape, or a float

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` does not hold floats.
    """
    _check("tanh", "z", z)
    return np.tanh(z)


def relu(z):
    """Keep the positive part of ``z``: max(z, 0).

    Equation: eq-relu

    Parameters
    ----------
    z : array of floats, any shape, or a float

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` does not hold floats.
    """
    _check("relu", "z", z)
    return np.maximum(z, 0.0)


def leaky_relu(z, alpha=0.01):
    """Keep the positive part of ``z`` and a little of the negative: z if z > 0, else alpha z.

    Equation: eq-leaky-relu

    Source: Maas, Hannun and Ng (2013).

    Parameters
    ----------
    z : array of floats, any shape, or a float
    alpha : float
        The slope for z <= 0.

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` does not hold floats, or ``alpha`` is not a number.
    ValueError
        When ``alpha`` is not finite.
    """
    _check("leaky_relu", "z", z)
    alpha = as_float("leaky_relu", "alpha", alpha)
    return np.where(z > 0, z, alpha * z)


def elu(z, alpha=1.0):
    """Keep the positive part of ``z``; bend the negative towards -alpha.

    z if z > 0, else alpha (exp(z) - 1). The exponential sees only z <= 0, so it cannot overflow.

    Equation: eq-elu

    Source: Clevert, Unterthiner and Hochreiter (2016), section 3.

    Parameters
    ----------
    z : array of floats, any shape, or a float
    alpha : float
        Minus the limit for z towards minus infinity.

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` does not hold floats, or ``alpha`` is not a number.
    ValueError
        When ``alpha`` is not finite.
    """
    _check("elu", "z", z)
    alpha = as_float("elu", "alpha", alpha)
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0)))


def scaled_tanh(z, A=1.7159, S=2 / 3):
    """Squash ``z`` into (-A, A): A tanh(S z).

    With the defaults f(±1) is ±1 to four digits, so targets of ±1 lie where the slope is still
    large.

    Equation: eq-scaled-tanh

    Source: LeCun et al. (1998), equation 6 and appendix A.

    Parameters
    ----------
    z : array of floats, any shape, or a float
    A, S : float
        The amplitude, and the scale of ``z``.

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` does not hold floats, or ``A`` or ``S`` is not a number.
    ValueError
        When ``A`` or ``S`` is not finite.
    """
    _check("scaled_tanh", "z", z)
    A, S = as_float("scaled_tanh", "A", A), as_float("scaled_tanh", "S", S)
    return A * np.tanh(S * z)


def gelu(z):
    """Weigh ``z`` by (nearly) the normal probability of a number below it: z Phi(z).

    Phi(z) is replaced by (1 + tanh(sqrt(2/pi) (z + 0.044715 z³))) / 2, because NumPy has no error
    function. The result is within 5e-4 of the exact one for every z.

    Equation: eq-gelu

    Source: Hendrycks and Gimpel (2016), section 2.

    Parameters
    ----------
    z : array of floats, any shape, or a float

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` does not hold floats.
    """
    _check("gelu", "z", z)
    return z * gelu_gate(z)


def gelu_gate(z):
    """Return what multiplies ``z`` in ``gelu``.

    Where abs(z) > 10 it is 0 or 1 to the last digit, so ``z`` is clipped there: its third power
    could overflow.

    Equation: eq-gelu

    Parameters
    ----------
    z : array of floats, any shape, or a float

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` does not hold floats.
    """
    _check("gelu_gate", "z", z)
    near = np.clip(z, -10.0, 10.0)
    return 0.5 * (1 + np.tanh(GELU_SCALE * near * (1 + GELU_CUBE * near**2)))


def silu(z):
    """Weigh ``z`` by its own sigmoid: z sigmoid(z).

    Equation: eq-silu

    Source: Elfwing, Uchibe and Doya (2018); Ramachandran, Zoph and Le (2017) call it Swish.

    Parameters
    ----------
    z : array of floats, any shape, or a float

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` does not hold floats.
    """
    _check("silu", "z", z)
    return z * sigmoid(z)


def _shifted(function, S, axis):
    """Subtract the largest score: no probability changes, and exp cannot overflow."""
    _check(function, "S", S)
    axis, shape = as_int(function, "axis", axis), getattr(S, "shape", ())
    if axis not in range(-len(shape), len(shape)) or shape[axis] == 0:
        raise ShapeError(
            f"{function}: S has shape {shape}, expected at least one score along axis {axis}; "
            "one row an example, one column a class?"
        )
    return S - np.max(S, axis=axis, keepdims=True)


@half_in_single
def softmax(S, axis=-1):
    """Turn scores into probabilities: exp(s_i) / sum_j exp(s_j).

    Equation: eq-softmax, eq-softmax-shift

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
        When ``S`` does not hold floats, or ``axis`` is not one whole number.
    ShapeError
        When there is no class.
    """
    E = np.exp(_shifted("softmax", S, axis))
    return E / np.sum(E, axis=axis, keepdims=True)


@half_in_single
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
        When ``S`` does not hold floats, or ``axis`` is not one whole number.
    ShapeError
        When there is no class.
    """
    shifted = _shifted("log_softmax", S, axis)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
