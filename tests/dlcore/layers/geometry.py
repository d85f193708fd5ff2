"""Tests over a grid of geometries: their parameters, gradients by differences, PyTorch."""

import numpy as np
import pytest

from benchmarks.geometries import STRIDES
from tests.require import require


def over(grid):
    """Parametrize over the strides of ``grid``; each test gets the geometries of one."""
    groups = {stride: [g for g in grid if g.stride == stride] for stride in STRIDES}
    return pytest.mark.parametrize(
        "group", [pytest.param(group, id=f"stride{s[0]}{s[1]}") for s, group in groups.items()]
    )


def difference_gradients(linear_by_example, X, dout, eps=1e-5):
    """Approximate dL/dX by central differences, all entries of an example in one call.

    ``linear_by_example`` maps images (M, ...) to outputs (M, ...), each example by itself.
    """
    gradient = np.zeros(X.shape)
    for n in range(len(X)):
        steps = eps * np.eye(X[n].size).reshape(-1, *X[n].shape)
        change = linear_by_example(X[n] + steps) - linear_by_example(X[n] - steps)
        axes = tuple(range(1, change.ndim))
        gradient[n] = ((change * dout[n]).sum(axis=axes) / (2 * eps)).reshape(X[n].shape)
    return gradient


def pytorch():
    """Return PyTorch on one thread, which is fastest for arrays this small; skip without it."""
    try:
        import torch
    except ImportError:
        torch = None
    require("PyTorch", torch is not None, "pip install -r requirements-dev.txt")
    torch.set_num_threads(1)
    return torch
