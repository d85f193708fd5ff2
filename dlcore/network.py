"""Networks: named layers in a row, whose parameters are one vector."""

import math
from collections.abc import Mapping

import numpy as np

from dlcore.errors import ShapeError, require_rng


class Layout:
    """Where named arrays lie in one flat vector: one after the other.

    It is computed once for a network; every vector of parameters or gradients shares it.

    Parameters
    ----------
    shapes : dict of str to tuple of int
        The arrays by name, such as ``"fc1.W"``: the layer, a dot, and what the layer calls it.
    """

    def __init__(self, shapes):
        self.shapes = shapes
        self.places = {}  # by name: a slice of the vector, and the shape
        self.layers = {}  # by layer, and by what the layer calls it: the same
        self.size = 0
        for name, shape in shapes.items():
            start, self.size = self.size, self.size + math.prod(shape)
            layer, _, key = name.partition(".")
            self.places[name] = slice(start, self.size), shape
            self.layers.setdefault(layer, {})[key] = self.places[name]

    def require_fits(self, name, vector):
        """Raise ShapeError when a vector does not have as many entries as the arrays."""
        if vector.shape != (self.size,):
            raise ShapeError(
                f"Parameters: {name} has shape {vector.shape}, expected ({self.size},) for "
                f"{self.shapes}; does it belong to another network?"
            )


def _views(vector, places):
    """Return the arrays that lie at some places of a vector, as views."""
    return {name: vector[where].reshape(shape) for name, (where, shape) in places.items()}


class Parameters(Mapping):
    """Named arrays that are views of one flat vector.

    ``params["fc1.W"]`` and ``params.theta`` share memory. An optimizer sees only ``theta``, a
    gradient check perturbs ``theta[i]``, and the layers see their matrices.

    Parameters
    ----------
    theta : array, shape (P,)
        All parameters, one after the other.
    layout : Layout
        The name and shape of each array in ``theta``.
    buffers : array, shape (B,), optional
        A second vector, of what layers remember and nobody trains, such as batch norm's averages.
    buffer_layout : Layout, optional
        The name and shape of each array in ``buffers``.

    Raises
    ------
    ShapeError
        When a vector does not have as many entries as its layout asks for.
    """

    def __init__(self, theta, layout, buffers=None, buffer_layout=None):
        layout.require_fits("theta", theta)
        self.theta = theta
        self.layout = layout
        self.buffers = theta[:0] if buffers is None else buffers
        self.buffer_layout = _EMPTY if buffer_layout is None else buffer_layout
        self.buffer_layout.require_fits("buffers", self.buffers)

    def __getitem__(self, name):
        where, shape = self.layout.places[name]
        return self.theta[where].reshape(shape)

    def __iter__(self):
        return iter(self.layout.places)

    def __len__(self):
        return len(self.layout.places)

    def __repr__(self):
        arrays = ", ".join(f"{name} {shape}" for name, shape in self.layout.shapes.items())
        return f"Parameters({self.theta.size} numbers: {arrays})"

    @property
    def arrays(self):
        """All arrays by name, those of the buffers too."""
        buffers = _views(self.buffers, self.buffer_layout.places)
        return _views(self.theta, self.layout.places) | buffers

    def like(self, theta, buffers=None):
        """Return the same layout over another vector; the buffers stay, unless others are given."""
        buffers = self.buffers if buffers is None else buffers
        return Parameters(theta, self.layout, buffers, self.buffer_layout)

    def layer(self, name):
        """Return one layer's arrays, buffers too, by short names: ``{"W": ..., "b": ...}``."""
        arrays = _views(self.theta, self.layout.layers.get(name, {}))
        if name in self.buffer_layout.layers:
            arrays |= _views(self.buffers, self.buffer_layout.layers[name])
        return arrays

    @property
    def decayed(self):
        """Where ``theta`` holds weights (arrays named W): the entries that a penalty acts on."""
        mask = self.like(np.zeros_like(self.theta, dtype=bool))
        for name, view in mask.items():
            view[...] = name.endswith(".W")
        return mask.theta


_EMPTY = Layout({})


def _flat(arrays):
    """Put arrays one after the other in a vector; return it and its layout."""
    flat = [array.ravel() for array in arrays.values()] or [np.zeros(0)]
    return np.concatenate(flat), Layout({name: array.shape for name, array in arrays.items()})


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
        theta, layout = _flat(arrays)
        if not buffers:
            return Parameters(theta.astype(dtype), layout)
        remembered, buffer_layout = _flat(buffers)
        return Parameters(theta.astype(dtype), layout, remembered.astype(dtype), buffer_layout)

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

    def backward(self, dout, cache, *, input_gradient=True):
        """Pull dL/dout back through every layer, last to first.

        Equation: eq-bp-signal, eq-bp-signal-parameters

        Parameters
        ----------
        dout : array, the shape of forward's ``out``
        cache : what ``forward`` returned
        input_gradient : bool
            Whether dX is wanted. Training does not need it, and the first layer of a convolutional
            network would spend most of its time on it.

        Returns
        -------
        dX : array, the shape of ``X``
            None where it is not wanted.
        grads : Parameters
            The layout of ``params``, holding dL/dtheta.
        """
        params, caches = cache
        grads = params.like(np.empty_like(params.theta))
        first = next(iter(self.layers))
        for (name, layer), layer_cache in zip(
            reversed(self.layers.items()), reversed(caches), strict=True
        ):
            if name == first and not input_gradient and hasattr(layer, "parameter_gradients"):
                layer_grads = layer.parameter_gradients(dout, layer_cache)
            else:
                dout, layer_grads = layer.backward(dout, layer_cache)
            views = grads.layer(name)
            for key, grad in layer_grads.items():
                views[key][...] = grad
        return dout if input_gradient else None, grads

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
        if not params.buffer_layout.size:
            return params
        _, caches = cache
        updated = params.like(params.theta, params.buffers.copy())
        for (name, layer), layer_cache in zip(self.layers.items(), caches, strict=True):
            if hasattr(layer, "update_buffers"):
                views = updated.layer(name)
                for key, value in layer.update_buffers(params.layer(name), layer_cache).items():
                    views[key][...] = value
        return updated
