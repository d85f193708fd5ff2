"""What a layer that is made of layers needs: their parameters and buffers under one roof."""

from collections.abc import Mapping
from dataclasses import is_dataclass, replace

import numpy as np

from dlcore.errors import ShapeError, require_rng
from dlcore.parameters import NOTHING, Parameters


class Composite:
    """A layer made of layers, which it keeps by name in ``self.layers``.

    It draws, updates and replaces them, and calls each with its own arrays. In which order they are
    called, and with what, is for the subclasses: ``Sequential``, ``Residual``. The cache of each is
    a pair: the parameters, and the inner caches in the order of ``self.layers``.
    """

    _fitting = None  # the last layout that was looked at, and fits

    def __str__(self):
        """Write the code that makes the network, a layer a line where one line is too short."""
        return _lines(self)

    def __getitem__(self, name):
        """Return a layer by its name; one inside another by both, ``"block.body.conv1"``."""
        first, dot, rest = name.partition(".")
        if first not in self.layers:
            kind, known = type(self).__name__, list(self.layers)
            raise KeyError(f"{kind}: there is no layer {first!r} among {known}")
        layer = self.layers[first]
        return layer[rest] if dot else layer

    def map(self, function):
        """Return a copy with every layer replaced by what ``function`` makes of it.

        Parameters
        ----------
        function : callable
            ``(name, layer) -> layer``. The name of a layer inside another one has dots:
            ``"block.body.conv1"``.

        Returns
        -------
        Composite
            Of the same type.
        """
        return self._with(
            {
                name: layer.map(lambda inner, each, name=name: function(f"{name}.{inner}", each))
                if isinstance(layer, Composite)
                else function(name, layer)
                for name, layer in self.layers.items()
            }
        )

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
            When ``rng`` is not a generator, or ``dtype`` not a floating one.
        """
        require_rng(f"{type(self).__name__}.init", rng)
        if np.dtype(dtype).kind != "f":
            raise TypeError(
                f"{type(self).__name__}.init: dtype is {dtype!r}, expected a floating one, such as "
                "np.float32; weights between 0 and 1 would all be 0"
            )
        arrays, buffers = {}, {}
        for name, layer in self.layers.items():
            start = layer.init(rng)
            arrays |= {f"{name}.{key}": array for key, array in start.items()}
            if hasattr(layer, "init_buffers"):
                buffers |= {f"{name}.{k}": array for k, array in layer.init_buffers(start).items()}
        return Parameters.of(arrays, buffers, dtype=dtype)

    def shapes(self):
        """Return the shape of every array that ``init`` draws, by name; nothing is drawn.

        Returns
        -------
        dict of str to tuple of int
        """
        rng = np.random.default_rng(0)  # for layers of other kinds than dlcore's, which may draw
        return {
            f"{name}.{key}": shape
            for name, layer in self.layers.items()
            for key, shape in (
                layer.shapes() if isinstance(layer, Composite) else _shapes(layer, rng)
            ).items()
        }

    def init_buffers(self, params):
        """Return by name what ``init`` has set: where an outer layer asks for its buffers."""
        return params.remembered

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
        updated = params.like(params.theta, params.buffers.copy())
        _, caches = cache
        for (name, layer), layer_cache in zip(self.layers.items(), caches, strict=True):
            if hasattr(layer, "update_buffers"):
                own = updated.layer(name)
                found = layer.update_buffers(params.layer(name), layer_cache)
                if isinstance(found, Parameters):
                    found = found.remembered
                for key, value in found.items():
                    own[key][...] = value
        return updated

    def _own(self, function, params):
        """Return the parameters of these layers, which may be a part of what came.

        That they fit is looked at once, since all vectors of a network share their layout.
        """
        if getattr(params, "layout", "none") is self._fitting:
            return params
        if not isinstance(params, Parameters):
            raise TypeError(
                f"{type(self).__name__}.{function}: params is a {type(params).__name__}, expected "
                "Parameters, such as net.init(rng) or params.like(theta)"
            )
        if not params.layout.layers.keys() <= self.layers.keys():
            params = params.part(self.layers)
        _require_shapes(f"{type(self).__name__}.{function}", params.layout.shapes, self.shapes())
        object.__setattr__(self, "_fitting", params.layout)  # Residual is frozen
        return params

    def _run(self, name, params, X, train, rng):
        """Call a layer's ``forward`` with its own arrays; a note on an error names the layer."""
        layer = self.layers[name]
        try:
            result = layer.forward(params.layer(name), X, train=train, rng=rng)
            if type(result) is not tuple or len(result) != 2:
                raise TypeError(
                    f"{type(layer).__name__}.forward: returned a {type(result).__name__}, expected "
                    "the pair out, cache"
                )
        except Exception as error:
            error.add_note(f"in layer {name} = {layer!r}")
            raise
        return result

    def _pull(self, name, dout, cache, grads, *, input_gradient=True):
        """Call a layer's ``backward``, keep the gradients of its arrays, and return dX.

        Where dX is not wanted, a layer that has ``parameter_gradients`` does not compute it.
        """
        layer = self.layers[name]
        try:
            if input_gradient or not hasattr(layer, "parameter_gradients"):
                dX, own = layer.backward(dout, cache)
            else:
                dX, own = None, layer.parameter_gradients(dout, cache)
            place = grads.layout.layers.get(name)
            if place is not None or own != {}:
                where, layout = place or (slice(0, 0), NOTHING)
                _store(own, layout, grads.theta[where])
        except Exception as error:
            error.add_note(f"in layer {name} = {layer!r}")
            raise
        return dX


def cheap(layer):
    """Return a layer that draws its weights in no time, as zeros in the memory of one number.

    Parameters
    ----------
    layer : layer

    Returns
    -------
    layer
        The same one where it does not draw by an initializer.
    """
    if is_dataclass(layer) and callable(getattr(layer, "weights", None)):
        return replace(layer, weights=_one_zero)
    return layer


def _one_zero(rng, shape, fan_in, fan_out):
    return np.broadcast_to(np.float32(0), shape)


def _shapes(layer, rng):
    return {key: array.shape for key, array in cheap(layer).init(rng).items()}


def _require_shapes(function, found, expected):
    """Raise an error when arrays are not those of a network."""
    if missing := [name for name in expected if name not in found]:
        came = ", ".join(found) or "none"
        raise KeyError(
            f"{function}: params lack {', '.join(missing)} and have {came}; do they belong to "
            "another network?"
        )
    wrong = [
        f"{name} of shape {shape}, expected {expected.get(name, 'no such array')}"
        for name, shape in found.items()
        if shape != expected.get(name)
    ]
    if wrong:
        raise ShapeError(
            f"{function}: params hold {'; '.join(wrong)}; do they belong to another network, or to "
            "this one before it was changed?"
        )


def _lines(layer, indent=""):
    """Write the code of a layer with what is inside it, each on a line of its own where needed."""
    code = repr(layer)
    if not isinstance(layer, Composite) or len(indent) + len(code) <= 80:
        return code
    inside = indent + "    "
    lines = [f"{inside}{name}={_lines(each, inside)},\n" for name, each in layer.layers.items()]
    return f"{type(layer).__name__}(\n{''.join(lines)}{indent})"


def _store(arrays, layout, theta):
    """Write a layer's gradients into its part of the vector."""
    named = type(arrays) is dict or isinstance(arrays, Mapping)  # the first is fast, and the rule
    if not named or arrays.keys() != layout.places.keys():
        came = list(arrays) if named else f"a {type(arrays).__name__}"
        raise ShapeError(
            f"backward: the gradients of the parameters came as {came}, expected a dictionary with "
            f"an array for each of {list(layout.places)}"
        )
    for name, (place, shape) in layout.places.items():
        grad = arrays[name]
        if getattr(grad, "shape", None) != shape:
            came = f"has shape {grad.shape}" if hasattr(grad, "shape") else f"is {grad!r}"
            raise ShapeError(
                f"backward: the gradient of {name} {came}, expected {name}'s shape {shape}; is it "
                "summed over too many axes, or over too few?"
            )
        theta[place] = grad.reshape(-1)
