"""The residual layer: what its body computes is added to its input."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcore.composite import Composite
from dlcore.errors import ShapeError
from dlcore.protocols import Layer


@dataclass(frozen=True, repr=False)
class Residual(Composite, Layer):
    """``Z = X + F(X)``, or ``Z = P(X) + F(X)`` where the body changes the shape.

    The gradient runs along both ways and is added where they part: dX = dZ + (dF/dX)^T dZ.

    Source: He et al. (2016), section 3.

    Parameters
    ----------
    body : layer
        F, usually a ``Sequential``.
    projection : layer, optional
        P, such as a 1 by 1 convolution with the body's stride; without it X itself is added.

    Raises
    ------
    TypeError
        When one of the two is no layer.
    """

    body: Any
    projection: Any = None

    def __post_init__(self):
        for name, layer in self.layers.items():
            if isinstance(layer, type) or not isinstance(layer, Layer):
                raise TypeError(
                    f"Residual: {name} is {layer!r}, expected a layer; Sequential(fc=...) for "
                    "several?"
                )

    @property
    def layers(self):
        """The layers by name."""
        if self.projection is None:
            return {"body": self.body}
        return {"body": self.body, "projection": self.projection}

    def _with(self, layers):
        return Residual(**layers)

    def forward(self, params, X, *, train=False, rng=None):
        """Add the body's output to X, or to its projection.

        Equation: eq-deep-residual

        Parameters
        ----------
        params : Parameters
        X : array of floats, shape (N, ...)
        train : bool
        rng : Generator or RandomState, optional

        Returns
        -------
        Z : array, shape (N, ...)
        cache : tuple
            For ``backward``.

        Raises
        ------
        TypeError, KeyError
            When ``params`` are not Parameters, or lack arrays.
        ShapeError
            When an array does not have its layer's shape, or the two sides not the same.
        """
        params = self._own("forward", params)
        out, *caches = self._run("body", params, X, train, rng)
        shortcut = X
        if self.projection is not None:
            shortcut, cache = self._run("projection", params, X, train, rng)
            caches.append(cache)
        if out.shape != shortcut.shape:
            raise ShapeError(
                f"Residual: the body returns {out.shape} and {shortcut.shape} is added to it, "
                "expected the same shape; a projection, or another padding?"
            )
        return out + shortcut, (params, caches)

    def backward(self, dZ, cache):
        """Pull dL/dZ back along both ways, and add the two.

        Equation: eq-deep-residual-backward, eq-init-residual

        Parameters
        ----------
        dZ : array, shape (N, ...)
        cache : what ``forward`` returned

        Returns
        -------
        dX : array, the shape of X
        grads : Parameters
        """
        params, (body, *projection) = cache
        grads = params.like(np.empty_like(params.theta))
        dX = self._pull("body", dZ, body, grads)
        for projected in projection:
            dZ = self._pull("projection", dZ, projected, grads)
        return dX + dZ, grads
