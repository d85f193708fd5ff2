"""Networks: named layers in a row, whose parameters are one vector."""

import math
from collections.abc import Mapping

import numpy as np

from dlcore.errors import ShapeError, require_rng


class Parameters(Mapping):
    """Named arrays that are views of one flat vector.

    ``params["fc1.W"]`` and ``params.theta`` share memory. An optimizer sees only ``theta``, a
    gradient check perturbs ``theta[i]``, and the layers see their matrices.

    Parameters
    ----------
    theta : array, shape (P,)
        All parameters, one after the other.
    shapes : dict of str to tuple of int
        The name and shape of each array, in the order in which they lie in ``theta``.

    Raises
    ------
    ShapeError
        When ``theta`` does not have as many entries as the shapes ask for.
    """

    def __init__(self, theta, shapes):
        sizes = [math.prod(shape) for shape in shapes.values()]
        if theta.shape != (sum(sizes),):
            raise ShapeError(
                f"Parameters: theta has shape {theta.shape}, expected ({sum(sizes)},) for "
                f"{shapes}; does it belong to another network?"
            )
        self.theta = theta
        self.shapes = shapes
        self._views = {}
        start = 0
        for (name, shape), size in zip(shapes.items(), sizes, strict=True):
            self._views[name] = theta[start : start + size].reshape(shape)
            start += size

    def __getitem__(self, name):
        return self._views[name]

    def __iter__(self):
        return iter(self._views)

    def __len__(self):
        return len(self._views)

    def __repr__(self):
        arrays = ", ".join(f"{name} {shape}" for name, shape in self.shapes.items())
        return f"Parameters({self.theta.size} numbers: {arrays})"

    def like(self, theta):
        """Return the same layout over another vector."""
        return Parameters(theta, self.shapes)

    def layer(self, name):
        """Return one layer's arrays under their short names: ``{"W": ..., "b": ...}``."""
        prefix = name + "."
        return {key.removeprefix(prefix): self[key] for key in self if key.startswith(prefix)}

    @property
    def decayed(self):
        """Where ``theta`` holds weights (arrays named W): the entries that a penalty acts on."""
        mask = self.like(np.zeros_like(self.theta, dtype=bool))
        for name, view in mask.items():
            view[...] = name.endswith(".W")
        return mask.theta


class Sequential:
    """Layers applied one after the other.

    Parameters
    ----------
    **layers
        Layer objects by name, in order: ``Sequential(fc1=Affine(2, 5), relu1=ReLU())``.

    Raises
    ------
    ValueError
        When there is no layer.
    """

    def __init__(self, **layers):
        if not layers:
            raise ValueError("Sequential: got no layers, expected at least one, such as fc1=...")
        self.layers = layers

    def __repr__(self):
        return f"Sequential({', '.join(f'{name}={layer}' for name, layer in self.layers.items())})"

    def init(self, rng, dtype=np.float64):
        """Draw the start values of every layer, in order.

        Parameters
        ----------
        rng : Generator or RandomState
        dtype : floating dtype

        Returns
        -------
        params : Parameters

        Raises
        ------
        TypeError
            When ``rng`` is not a generator.
        """
        require_rng("Sequential.init", rng)
        arrays = {
            f"{name}.{key}": array
            for name, layer in self.layers.items()
            for key, array in layer.init(rng).items()
        }
        shapes = {name: array.shape for name, array in arrays.items()}
        flat = [array.ravel() for array in arrays.values()] or [np.zeros(0)]
        return Parameters(np.concatenate(flat).astype(dtype), shapes)

    def forward(self, params, X, *, train=False, rng=None):
        """Run every layer on the output of the one before.

        Parameters
        ----------
        params : Parameters
        X : array of floats, shape (N, ...)
        train : bool
            Whether layers that behave differently in training do so.
        rng : Generator or RandomState, optional
            For layers that draw random numbers in training.

        Returns
        -------
        out : array, shape (N, ...)
        cache : tuple
            For ``backward``.

        Raises
        ------
        ShapeError, TypeError
            From the layer where they occur; a note names it.
        """
        caches = []
        for name, layer in self.layers.items():
            try:
                X, cache = layer.forward(params.layer(name), X, train=train, rng=rng)
            except (ShapeError, TypeError) as error:
                error.add_note(f"in layer {name} = {layer}")
                raise
            caches.append(cache)
        return X, (params, caches)

    def backward(self, dout, cache):
        """Pull dL/dout back through every layer, last to first.

        Parameters
        ----------
        dout : array, the shape of forward's ``out``
        cache : what ``forward`` returned

        Returns
        -------
        dX : array, the shape of ``X``
        grads : Parameters
            The layout of ``params``, holding dL/dtheta.
        """
        params, caches = cache
        grads = params.like(np.empty_like(params.theta))
        for (name, layer), layer_cache in zip(
            reversed(self.layers.items()), reversed(caches), strict=True
        ):
            dout, layer_grads = layer.backward(dout, layer_cache)
            for key, grad in layer_grads.items():
                grads[f"{name}.{key}"][...] = grad
        return dout, grads
