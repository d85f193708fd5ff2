"""What a layer, a loss and an optimizer are: whatever has these methods.

Nothing has to be inherited. A dataclass that inherits from ``Layer`` gets an ``init`` without
arrays and a repr that is code. Arrays are NumPy's, or those of a library that speaks NumPy's
protocols, so they are not given a type here.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, Protocol, runtime_checkable

Array = Any


@runtime_checkable
class Layer(Protocol):
    """A step of a network, with arrays of its own.

    A layer may also have

    - ``init_buffers(params) -> dict`` and ``update_buffers(params, cache) -> dict``: arrays that
      it remembers and nobody trains, as ``BatchNorm`` does;
    - ``parameter_gradients(dout, cache) -> dict``: the gradients without dX, where that saves time,
      as in ``Conv2d``;
    - ``uses(params, out) -> (connections, multiply_adds)``: for ``models.summary``, where a
      parameter is not used once at every position of the output, as in ``Subsample``.
    """

    def init(self, rng) -> Mapping[str, Array]:
        """Return the start values of its arrays, by the names that it calls them; here none."""
        return {}

    def forward(self, params, X, *, train, rng) -> tuple[Array, Any]:
        """Return ``out, cache``; ``params`` has its arrays, by the names from ``init``."""

    def backward(self, dout, cache) -> tuple[Array, Mapping[str, Array]]:
        """Return dX and the gradients by name, each of its array's shape, summed over examples."""

    def __repr__(self):
        """Write the code that makes the layer: what differs from the defaults, by name."""
        given = {field: getattr(self, field.name) for field in fields(self) if field.repr}
        return f"{type(self).__name__}({', '.join(_arguments(given))})"


def _arguments(given):
    for field, value in given.items():
        text = getattr(value, "__name__", None) or repr(value)  # a function by its name
        if field.default is MISSING:
            yield text
        elif value != field.default:
            yield f"{field.name}={text}"


@runtime_checkable
class Loss(Protocol):
    """A function of the scores and the targets: the mean over the batch, and its gradient."""

    def __call__(self, scores, targets) -> tuple[Array, Array]:
        """Return ``value, dscores``."""


@runtime_checkable
class Optimizer(Protocol):
    """A way to step, as two pure functions on one vector.

    Where a schedule sets the rate it is a dataclass with the field ``lr``, or has a method
    ``at_rate(lr)`` that returns the same optimizer with another rate.
    """

    lr: float

    def init(self, theta) -> Any:
        """Return the state before the first step."""

    def update(self, theta, grad, state) -> tuple[Array, Any]:
        """Return theta and state after one step; the arguments are not changed."""
