"""The arithmetic of windows that slide: sizes, paddings, how often a pixel is read, what it costs.

All of it is whole numbers along one axis; nothing is convolved.
"""

import numpy as np

from dlcore.errors import as_int


def windows(n, k, *, stride=1, padding=0):
    """Return how many windows fit along one axis, and how many pixels behind the last are unread.

    Equation: eq-conv-size, eq-conv-dropped

    Source: Dumoulin and Visin (2016), relationship 6.

    Parameters
    ----------
    n, k : int
        Pixels of the image and of the window.
    stride, padding : int
        The padding stands at both ends.

    Returns
    -------
    count, unread : int

    Raises
    ------
    TypeError
        When an argument is no whole number.
    ValueError
        When one is too small, or the window does not fit.
    """
    n, k, s, p = _read("windows", n, k, stride, padding)
    if k > n + 2 * p:
        raise ValueError(
            f"windows: k is {k}, expected at most {n + 2 * p}, the image with its padding; more "
            "padding?"
        )
    return (n + 2 * p - k) // s + 1, (n + 2 * p - k) % s


def same_padding(n, k, *, stride=1):
    """Return TensorFlow's padding "SAME": zeros in front and behind, for ceil(n / s) windows.

    Equation: eq-conv-same-size, eq-conv-total

    Parameters
    ----------
    n, k : int
        Pixels of the image and of the window.
    stride : int

    Returns
    -------
    front, behind : int
        The second is larger by one where the sum is odd.

    Raises
    ------
    TypeError
        When an argument is no whole number.
    ValueError
        When one is too small.
    """
    n, k, s, _ = _read("same_padding", n, k, stride, 0)
    total = max(0, (-(-n // s) - 1) * s + k - n)
    return total // 2, total - total // 2


def uses(n, k, *, stride=1, padding=0):
    """Return how many windows hold each pixel of an axis.

    Equation: eq-conv-uses

    Parameters
    ----------
    n, k : int
        Pixels of the image and of the window.
    stride, padding : int

    Returns
    -------
    array of int, shape (n,)

    Raises
    ------
    TypeError
        When an argument is no whole number.
    ValueError
        When one is too small, or the window does not fit.
    """
    count, _ = windows(n, k, stride=stride, padding=padding)
    y = np.arange(n) + padding  # counted in the padded image
    first = np.maximum(0, -((k - 1 - y) // stride))
    last = np.minimum(count - 1, y // stride)
    return np.maximum(last - first + 1, 0)


def receptive_field(layers):
    """Return how many pixels along one axis a unit sees, and how far the fields of two lie apart.

    The unit is one of the last layer.

    Equation: eq-conv-field, eq-conv-dilation

    Source: Dumoulin and Visin (2016), section 5.1, for the dilated kernel.

    Parameters
    ----------
    layers : sequence of (kernel, stride) or (kernel, stride, dilation)
        From the first layer to the last.

    Returns
    -------
    pixels, distance : int
        The width of a field, and the distance of the fields of two neighbors.

    Raises
    ------
    TypeError
        When a layer is no pair or triple of whole numbers.
    ValueError
        When one of them is below 1.
    """
    pixels, distance = 1, 1
    for layer in layers:
        if not isinstance(layer, tuple | list) or len(layer) not in {2, 3}:
            raise TypeError(
                f"receptive_field: a layer is {layer!r}, expected (kernel, stride) or (kernel, "
                "stride, dilation); one layer alone is [(3, 1)]"
            )
        names = "kernel", "stride", "dilation"
        k, s, d = (
            as_int("receptive_field", name, value, ge=1)
            for name, value in zip(names, (*layer, 1)[:3], strict=True)
        )
        pixels += d * (k - 1) * distance
        distance *= s
    return pixels, distance


def conv_cost(c_in, c_out, size, out, *, groups=1):
    """Return the weights of a convolution, without biases, and its multiplications per example.

    Equation: eq-conv-cost

    Source: Howard et al. (2017), section 3.1.

    Parameters
    ----------
    c_in, c_out : int
        Channels and filters.
    size, out : pair of int
        Height and width of the kernel, and of the output.
    groups : int
        Into how many equal parts channels and filters are divided.

    Returns
    -------
    weights, multiplications : int

    Raises
    ------
    TypeError
        When an argument is no whole number.
    ValueError
        When one is below 1, or ``groups`` does not divide both.
    """
    names = ["c_in", "c_out", "kH", "kW", "oH", "oW", "groups"]
    given = [c_in, c_out, *size, *out, groups]
    C, F, kH, kW, oH, oW, G = (
        as_int("conv_cost", name, value, ge=1) for name, value in zip(names, given, strict=True)
    )
    if C % G or F % G:
        raise ValueError(
            f"conv_cost: groups is {G}, expected a number that divides c_in and c_out, {C} and "
            f"{F}; every group has as many channels and as many filters"
        )
    weights = F * (C // G) * kH * kW
    return weights, weights * oH * oW


def _read(function, n, k, stride, padding):
    """Return the four as Python ints."""
    return (
        as_int(function, "n", n, ge=1),
        as_int(function, "k", k, ge=1),
        as_int(function, "stride", stride, ge=1),
        as_int(function, "padding", padding, ge=0),
    )
