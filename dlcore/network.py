"""Networks: named layers in a row, whose parameters are one vector.

A network is a layer like any other: it can stand inside another one.
"""

import numpy as np

from dlcore.composite import Composite
from dlcore.parameters import Layout, Parameters
from dlcore.protocols import Layer

__all__ = ["Layout", "Parameters", "Sequential"]


class Sequential(Composite):
    """Layers applied one after the other.

    ``net["fc1"]`` and ``net[0]`` are layers, ``net[:3]`` is the network of the first three, and a
    loop goes through the layers. The parameters of the whole serve ``net[:3]`` too.

    Parameters
    ----------
    *unnamed
        Refused: every layer needs a name.
    **layers
        Layer objects by name, in order: ``Sequential(fc1=Affine(2, 5), relu1=ReLU())``. A layer
        is what has the methods of ``protocols.Layer``; a network does.

    Raises
    ------
    ValueError
        When there is no layer, or a name has a dot in it.
    TypeError
        When a layer has no name, or one of them is no layer, such as the class ``ReLU`` instead of
        ``ReLU()``.
    """

    def __init__(self, *unnamed, **layers):
        if unnamed:
            raise TypeError(
                "Sequential: got layers without names, expected names for all of them: "
                "Sequential(fc1=Affine(2, 5), relu1=ReLU())"
            )
        if not layers:
            raise ValueError("Sequential: got no layers, expected at least one, such as fc1=...")
        for name, layer in layers.items():
            if "." in name:
                raise ValueError(
                    f"Sequential: a layer is called {name!r}, expected a name without a dot; dots "
                    "stand between a layer and its arrays"
                )
            if isinstance(layer, type) or not isinstance(layer, Layer):
                hint = (
                    f"{layer.__name__}(...)?" if isinstance(layer, type) else "see protocols.Layer"
                )
                raise TypeError(f"Sequential: {name} is {layer!r}, expected a layer; {hint}")
        self.layers = layers

    def __repr__(self):
        return (
            f"Sequential({', '.join(f'{name}={layer!r}' for name, layer in self.layers.items())})"
        )

    def __eq__(self, other):
        if not isinstance(other, Sequential):
            return NotImplemented
        return list(self.layers.items()) == list(other.layers.items())

    def __hash__(self):
        return hash(tuple(self.layers.items()))

    def __len__(self):
        return len(self.layers)

    def __iter__(self):
        return iter(self.layers.values())

    def __contains__(self, name):
        return name in self.layers

    def __getitem__(self, key):
        """Return a layer by its name or place, or the network of a slice of them."""
        if isinstance(key, slice):
            return Sequential(**dict(list(self.layers.items())[key]))
        if isinstance(key, str):
            return super().__getitem__(key)
        return list(self.layers.values())[key]

    def _with(self, layers):
        return Sequential(**layers)

    def forward(self, params, X, *, train=False, rng=None):
        """Run every layer on the output of the one before.

        Parameters
        ----------
        params : Parameters
            Of this network, or of a larger one that this one is a part of.
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
        TypeError
            When ``params`` are not Parameters.
        KeyError
            When they lack the arrays of a layer.
        ShapeError
            When an array does not have the layer's shape.
        ShapeError, TypeError, ...
            What a layer raises; a note names the layer.
        """
        params = self._own("forward", params)
        caches = []
        for name in self.layers:
            X, cache = self._run(name, params, X, train, rng)
            caches.append(cache)
        return X, (params, caches)

    def backward(self, dout, cache, *, input_gradient=True):
        """Pull dL/dout back through every layer, last to first.

        Equation: eq-bp-signal, eq-bp-signal-parameters, eq-bp-hidden, eq-bp-rows, eq-chain-vector

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

        Raises
        ------
        ShapeError
            When a layer does not return a gradient for each of its arrays, of the array's shape.
        ShapeError, TypeError, ...
            What a layer raises; a note names the layer.
        """
        params, caches = cache
        grads = params.like(np.empty_like(params.theta))
        first = next(iter(self.layers))
        for name, layer_cache in zip(reversed(self.layers), reversed(caches), strict=True):
            wanted = input_gradient or name != first
            dout = self._pull(name, dout, layer_cache, grads, input_gradient=wanted)
        return dout if input_gradient else None, grads

    def parameter_gradients(self, dout, cache):
        """Return the gradients of the parameters alone."""
        return self.backward(dout, cache, input_gradient=False)[1]
