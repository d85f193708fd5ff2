"""Check a gradient against central differences.

The premise: the forward function is right. A check compares backward with forward.
"""

import math

import numpy as np

from dlcore.errors import (
    GradientMismatch,
    ShapeError,
    VacuousCheck,
    as_float,
    require_array,
    require_float,
    require_real,
    require_same_shape,
)


def _as_array(number):
    """Return a float, NumPy's float64 too, as an array without axes; an array as it is."""
    return np.array(number) if isinstance(number, float) else number


def _read_point(function, x):
    """Return the point of a difference as an array of float64."""
    x = _as_array(x)
    require_array(function, x=x)
    if x.dtype != np.float64:
        raise TypeError(
            f"{function}: x has dtype {x.dtype}, expected float64; in float32 a step of 1e-6 "
            "drowns in rounding"
        )
    return x


def _value(function, f, x):
    """Return f(x), a number, as one without axes."""
    value = f(x)
    if isinstance(value, int | float):
        return value
    if value is None:
        raise TypeError(f"{function}: f(x) is None, expected one number; is a return missing?")
    require_real(function, **{"f(x)": value})
    if value.shape not in {(), (1,)}:
        raise ShapeError(
            f"{function}: f(x) has shape {value.shape}, expected one number; is a sum or a mean "
            "missing?"
        )
    if value.dtype.kind == "f" and value.dtype.itemsize < 8:
        raise TypeError(
            f"{function}: f(x) has dtype {value.dtype}, expected float64; does f go through "
            f"{value.dtype}? There a step of 1e-6 drowns in rounding"
        )
    return value.reshape(())


def numerical_gradient(f, x, eps=1e-6):
    """Approximate df/dx entry by entry: (f(x + eps e_i) - f(x - eps e_i)) / (2 eps).

    Equation: eq-central-difference, eq-gradcheck-approx, eq-gradcheck-partial

    Parameters
    ----------
    f : callable
        Takes an array of ``x``'s shape, its own to write into or to keep; returns a number.
    x : array of float64, any shape, or a float
        Not changed.
    eps : float
        The step, > 0. 1e-6 balances truncation and rounding for values near 1.

    Returns
    -------
    array of float64, the shape of ``x``

    Raises
    ------
    TypeError
        When ``x`` or what ``f`` returns is not float64: in float32 the difference is mostly
        rounding. When ``eps`` is not a number.
    ShapeError
        When ``f`` returns more than one number.
    ValueError
        When ``eps`` is not positive.
    """
    x = _read_point("numerical_gradient", x)
    eps = as_float("numerical_gradient", "eps", eps, gt=0, kind="a step")

    def moved(i, step):
        theta = x.copy()
        theta[i] = x[i] + step
        return _value("numerical_gradient", f, theta)

    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        gradient[i] = (moved(i, eps) - moved(i, -eps)) / (2 * eps)
    return gradient


def relative_difference(grad, approx):
    """Distance of two gradients on a scale where 0 is equal and 1 is opposite or unrelated.

    ``||grad - approx|| / (||grad|| + ||approx||)``, and 0 when both are zero; nan when an entry of
    either is nan or infinite. Both are divided by a power of two near the largest entry first, so
    that no square overflows or vanishes, and the norms are taken in float64.

    Equation: eq-relative-difference

    Parameters
    ----------
    grad, approx : array, equal shapes

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When one of them is not an array of numbers.
    ShapeError
        When the shapes differ.
    """
    grad, approx = _as_array(grad), _as_array(approx)
    require_real("relative_difference", grad=grad, approx=approx)
    require_same_shape("relative_difference", grad=grad, approx=approx)
    grad, approx = grad.astype(float), approx.astype(float)
    largest = max(float(np.max(np.abs(a), initial=0.0)) for a in (grad, approx))
    if not 0 < largest < math.inf:
        return 0.0 if largest == 0 else math.nan
    power = math.frexp(largest)[1]
    grad, approx = np.ldexp(grad, -power), np.ldexp(approx, -power)
    distance = np.linalg.norm(grad - approx)
    return float(distance / (np.linalg.norm(grad) + np.linalg.norm(approx)))


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
    TypeError
        When an entry is not an array of numbers.
    ShapeError
        When two shapes, or the names, differ.
    """
    if set(grads) != set(approx):
        raise ShapeError(
            f"relative_differences: grads has {sorted(grads)} but approx {sorted(approx)}, "
            "expected equal names; do both belong to the same network?"
        )
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
    x : array of float64, any shape, or a float
    v : array, the shape of ``x``
        Not all ones: a transposed gradient has the same sum.
    eps : float
        The step, > 0, in lengths of ``v``.

    Returns
    -------
    number

    Raises
    ------
    TypeError
        When ``x`` or what ``f`` returns is not float64, ``v`` not an array of floats, or ``eps``
        not a number.
    ShapeError
        When ``v`` does not have the shape of ``x``, or ``f`` returns more than one number.
    ValueError
        When ``eps`` is not positive.
    """
    name = "directional_difference"
    x, v = _read_point(name, x), _as_array(v)
    require_float(name, v=v)
    require_same_shape(name, v=v, x=x)
    eps = as_float(name, "eps", eps, gt=0, kind="a step")
    return (_value(name, f, x + eps * v) - _value(name, f, x - eps * v)) / (2 * eps)


def missed_share(error, t):
    """Return the share of random directions along which an error of a gradient goes unseen.

    The error is perpendicular to the gradient; along v it is unseen where it is at most ``t`` times
    as large as the gradient's own rate. The entries of v are independent and normal.

    Equation: eq-gradcheck-miss

    Parameters
    ----------
    error : float
        The error's length as a share of the gradient's, > 0.
    t : float
        The largest share of the rate that is not seen, >= 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When one of them is not a number.
    ValueError
        When ``error`` is not positive, or ``t`` negative.
    """
    error = as_float("missed_share", "error", error, gt=0, kind="a length")
    t = as_float("missed_share", "t", t, ge=0, kind="a share")
    return 2 / math.pi * math.atan(t / error)


def check_gradient(f, x, grad, *, eps=1e-6, tolerance=1e-7):
    """Compare ``grad`` with central differences of ``f`` at ``x``, and raise when they disagree.

    Parameters
    ----------
    f : callable
        Takes an array of ``x``'s shape, returns a number.
    x : array of float64, any shape, or a float
    grad : array, the shape of ``x``
        The gradient to check.
    eps : float
        The step of the differences, > 0.
    tolerance : float
        The largest relative difference that passes, > 0.

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
    TypeError
        When ``x`` or what ``f`` returns is not float64, ``grad`` not an array of numbers, or an
        option not a number.
    ShapeError
        When ``grad`` does not have the shape of ``x``, or ``f`` returns more than one number.
    ValueError
        When an option is not positive.
    """
    x, grad = _read_point("check_gradient", x), _as_array(grad)
    require_real("check_gradient", grad=grad)
    require_same_shape("check_gradient", grad=grad, x=x)
    eps = as_float("check_gradient", "eps", eps, gt=0, kind="a step")
    tolerance = as_float("check_gradient", "tolerance", tolerance, gt=0)
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
