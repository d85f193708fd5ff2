"""Networks: named layers in a row, whose parameters are one vector."""

import math
from collections.abc import Mapping

import numpy as np

from dlcore.errors import ShapeError, require_rng


class Parameters(Mapping):
    """Named arrays that are views of one flat vector.

    ``params["fc1.W"]`` and ``params.theta`` share memory. An optimizer sees only ``theta``, a
    gradient check perturbs ``theta[i]``, and the layers see their matrices. ``params.arrays`` holds
    these views by name, and those of the buffers.

    Parameters
    ----------
    theta : array, shape (P,)
        All parameters, one after the other.
    shapes : dict of str to tuple of int
        The name and shape of each array, in the order in which they lie in ``theta``.
    buffers : array, shape (B,), optional
        A second vector, of what layers remember and nobody trains, such as batch norm's averages.
    buffer_shapes : dict of str to tuple of int, optional
        The name and shape of each array in ``buffers``.

    Raises
    ------
    ShapeError
        When a vector does not have as many entries as its shapes ask for.
    """

    def __init__(self, theta, shapes, buffers=None, buffer_shapes=None):
        self.theta = theta
        self.shapes = shapes
        self._views = _named_views("theta", theta, shapes)
        self.buffers = theta[:0] if buffers is None else buffers
        self.buffer_shapes = buffer_shapes or {}
        self.arrays = self._views | _named_views("buffers", self.buffers, self.buffer_shapes)

    def __getitem__(self, name):
        return self._views[name]

    def __iter__(self):
        return iter(self._views)

    def __len__(self):
        return len(self._views)

    def __repr__(self):
        arrays = ", ".join(f"{name} {shape}" for name, shape in self.shapes.items())
        return f"Parameters({self.theta.size} numbers: {arrays})"

    def like(self, theta, buffers=None):
        """Return the same layout over another vector; the buffers stay, unless others are given."""
        buffers = self.buffers if buffers is None else buffers
        return Parameters(theta, self.shapes, buffers, self.buffer_shapes)

    def layer(self, name):
        """Return one layer's arrays, buffers too, by short names: ``{"W": ..., "b": ...}``."""
        prefix = name + "."
        return {
            key.removeprefix(prefix): array
            for key, array in self.arrays.items()
            if key.startswith(prefix)
        }

    @property
    def decayed(self):
        """Where ``theta`` holds weights (arrays named W): the entries that a penalty acts on."""
        mask = self.like(np.zeros_like(self.theta, dtype=bool))
        for name, view in mask.items():
            view[...] = name.endswith(".W")
        return mask.theta


def _named_views(vector_name, vector, shapes):
    """Cut a vector into its arrays."""
    sizes = [math.prod(shape) for shape in shapes.values()]
    if vector.shape != (sum(sizes),):
        raise ShapeError(
            f"Parameters: {vector_name} has shape {vector.shape}, expected ({sum(sizes)},) for "
            f"{shapes}; does it belong to another network?"
        )
    views, start = {}, 0
    for (name, shape), size in zip(shapes.items(), sizes, strict=True):
        views[name] = vector[start : start + size].reshape(shape)
        start += size
    return views


def _flat(arrays):
    """Put arrays one after the other in a vector; return it and the shapes by name."""
    flat = [array.ravel() for array in arrays.values()] or [np.zeros(0)]
    return np.concatenate(flat), {name: array.shape for name, array in arrays.items()}


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
        arrays, buffers = {}, {}
        for name, layer in self.layers.items():
            start = layer.init(rng)
            arrays |= {f"{name}.{key}": array for key, array in start.items()}
            if hasattr(layer, "init_buffers"):
                buffers |= {f"{name}.{k}": array for k, array in layer.init_buffers(start).items()}
        theta, shapes = _flat(arrays)
        if not buffers:
            return Parameters(theta.astype(dtype), shapes)
        remembered, buffer_shapes = _flat(buffers)
        return Parameters(theta.astype(dtype), shapes, remembered.astype(dtype), buffer_shapes)

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

        Equation: eq-bp-signal, eq-bp-signal-parameters

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

    def update_buffers(self, params, cache):
        """Let the layers remember what they saw in a batch, such as its mean and variance.

        Parameters
        ----------
        params : Parameters
            Not changed.
        cache : what ``forward`` returned with ``train=True``

        Returns
        -------
        params : Parameters
            With new buffers; the same object where no layer has any.
        """
        if not params.buffer_shapes:
            return params
        _, caches = cache
        updated = params.like(params.theta, params.buffers.copy())
        for (name, layer), layer_cache in zip(self.layers.items(), caches, strict=True):
            if hasattr(layer, "update_buffers"):
                views = updated.layer(name)
                for key, value in layer.update_buffers(params.layer(name), layer_cache).items():
                    views[key][...] = value
        return updated
