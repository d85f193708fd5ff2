"""Check a gradient against central differences.

The premise: the forward function is right. A check compares backward with forward.
"""

import numpy as np

from dlcore.errors import GradientMismatch, VacuousCheck, require_same_shape


def _require_float64(function, x):
    if getattr(x, "dtype", None) != np.float64:
        raise TypeError(
            f"{function}: x has dtype {getattr(x, 'dtype', type(x).__name__)}, expected "
            "float64; in float32 a step of 1e-6 drowns in rounding"
        )


def numerical_gradient(f, x, eps=1e-6):
    """Approximate df/dx entry by entry: (f(x + eps e_i) - f(x - eps e_i)) / (2 eps).

    Equation: eq-central-difference, eq-gradcheck-approx, eq-gradcheck-partial

    Parameters
    ----------
    f : callable
        Takes an array of ``x``'s shape, returns a number.
    x : array of float64, any shape
        Not changed.
    eps : float
        The step. 1e-6 balances truncation and rounding for values near 1.

    Returns
    -------
    array of float64, the shape of ``x``

    Raises
    ------
    TypeError
        When ``x`` is not float64: in float32 the difference is mostly rounding.
    """
    _require_float64("numerical_gradient", x)
    theta = x.copy()
    gradient = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        theta[i] = x[i] + eps
        plus = f(theta)
        theta[i] = x[i] - eps
        minus = f(theta)
        theta[i] = x[i]
        gradient[i] = (plus - minus) / (2 * eps)
    return gradient


def relative_difference(grad, approx):
    """Distance of two gradients on a scale where 0 is equal and 1 is opposite or unrelated.

    ``||grad - approx|| / (||grad|| + ||approx||)``, and 0 when both are zero; nan when an entry of
    either is nan or infinite.

    Equation: eq-relative-difference

    Parameters
    ----------
    grad, approx : array, equal shapes

    Returns
    -------
    float

    Raises
    ------
    ShapeError
        When the shapes differ.
    """
    require_same_shape("relative_difference", grad=grad, approx=approx)
    distance = float(np.linalg.norm(grad - approx))
    size = float(np.linalg.norm(grad)) + float(np.linalg.norm(approx))
    return distance / size if size != 0 else 0.0  # nan stays nan


def relative_differences(grads, approx):
    """Return the relative difference of each named array: which of them is wrong says why.

    Parameters
    ----------
    grads, approx : mapping of str to array
        Such as ``Parameters``; equal names and shapes.

    Returns
    -------
    dict of str to float

    Raises
    ------
    ShapeError
        When two shapes differ.
    """
    return {name: relative_difference(grads[name], approx[name]) for name in grads}


def directional_difference(f, x, v, eps=1e-6):
    """Approximate the derivative of f at x along v: (f(x + eps v) - f(x - eps v)) / (2 eps).

    It is the sum of ``grad * v``. Two calls of ``f``, whatever the size of ``x``: with a random
    ``v`` a check of a network that is too large for ``numerical_gradient``.

    Equation: eq-gradcheck-direction

    Parameters
    ----------
    f : callable
        Takes an array of ``x``'s shape, returns a number.
    x : array of float64, any shape
    v : array, the shape of ``x``
        Not all ones: a transposed gradient has the same sum.
    eps : float
        The step, in lengths of ``v``.

    Returns
    -------
    number

    Raises
    ------
    TypeError
        When ``x`` is not float64.
    ShapeError
        When ``v`` does not have the shape of ``x``.
    """
    _require_float64("directional_difference", x)
    require_same_shape("directional_difference", v=v, x=x)
    return (f(x + eps * v) - f(x - eps * v)) / (2 * eps)


def check_gradient(f, x, grad, *, eps=1e-6, tolerance=1e-7):
    """Compare ``grad`` with central differences of ``f`` at ``x``, and raise when they disagree.

    Parameters
    ----------
    f : callable
        Takes an array of ``x``'s shape, returns a number.
    x : array of float64, any shape
    grad : array, the shape of ``x``
        The gradient to check.
    eps : float
        The step of the differences.
    tolerance : float
        The largest relative difference that passes.

    Returns
    -------
    float
        The relative difference.

    Raises
    ------
    GradientMismatch
        Naming the worst index and both values there.
    VacuousCheck
        When both gradients are zero everywhere: any wrong sign or factor would pass.
    ShapeError
        When ``grad`` does not have the shape of ``x``.
    """
    require_same_shape("check_gradient", grad=grad, x=x)
    approx = numerical_gradient(f, x, eps)
    if not np.any(grad) and not np.any(np.abs(approx) > tolerance):
        raise VacuousCheck(
            "check_gradient: both gradients are zero everywhere, so a wrong sign or factor would "
            "pass too; check at another point, or with a random upstream gradient"
        )
    difference = relative_difference(grad, approx)
    if not difference <= tolerance:  # also true for nan
        gap = np.abs(grad - approx)
        worst = np.unravel_index(np.argmax(np.where(np.isnan(gap), np.inf, gap)), gap.shape)
        raise GradientMismatch(
            f"check_gradient: relative difference {difference:.1e} exceeds {tolerance:.0e}; worst "
            f"at index {tuple(int(i) for i in worst)}: grad {float(grad[worst]):.6g}, central "
            f"difference {float(approx[worst]):.6g}"
        )
    return difference
