"""Named arrays that are views of one flat vector, and where in the vector they lie."""

import difflib
import fnmatch
import math
from collections.abc import Mapping

import numpy as np

from dlcore.errors import ShapeError


class Layout:
    """Where named arrays lie in one flat vector: one after the other.

    It is computed once for a network; every vector of parameters or gradients shares it. A layer's
    arrays lie together, so each layer has a layout of its own, over its part of the vector.

    Parameters
    ----------
    shapes : dict of str to tuple of int
        The arrays by name, such as ``"fc1.W"``: the layer, a dot, and what the layer calls it. A
        layer that is a network has longer names, such as ``"block.fc1.W"``.

    Raises
    ------
    ValueError
        When the arrays of a layer do not follow one another.
    """

    def __init__(self, shapes):
        self.shapes = shapes
        self.places = {}  # by name: a slice of the vector, and the shape
        self.layers = {}  # by layer: a slice of the vector, and the layout inside it
        self.size = 0
        inner = {}
        for name, shape in shapes.items():
            start, self.size = self.size, self.size + math.prod(shape)
            self.places[name] = slice(start, self.size), shape
            layer, dot, rest = name.partition(".")
            if dot:
                if layer in inner and layer != next(reversed(inner)):
                    raise ValueError(
                        f"Layout: {name} does not follow the other arrays of {layer}; expected the "
                        "arrays of a layer one after the other"
                    )
                inner.setdefault(layer, (start, {}))[1][rest] = shape
        for layer, (start, shapes_inside) in inner.items():
            layout = Layout(shapes_inside)
            self.layers[layer] = slice(start, start + layout.size), layout

    def require_fits(self, name, vector):
        """Raise ShapeError when a vector does not have as many entries as the arrays."""
        if vector.shape != (self.size,):
            raise ShapeError(
                f"Parameters: {name} has shape {vector.shape}, expected ({self.size},) for "
                f"{self.shapes}; does it belong to another network?"
            )


NOTHING = Layout({})


class Parameters(Mapping):
    """Named arrays that are views of one flat vector.

    ``params["fc1.W"]`` and ``params.theta`` share memory. An optimizer sees only ``theta``, a
    gradient check perturbs ``theta[i]``, and the layers see their matrices. The names that a loop
    goes through are those of the trained arrays; the buffers can be read by name too.

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

    __slots__ = ("buffer_layout", "buffers", "layout", "theta")

    def __init__(self, theta, layout, buffers=None, buffer_layout=NOTHING):
        layout.require_fits("theta", theta)
        buffers = theta[:0] if buffers is None else buffers
        buffer_layout.require_fits("buffers", buffers)
        self.theta, self.layout = theta, layout
        self.buffers, self.buffer_layout = buffers, buffer_layout

    @classmethod
    def of(cls, arrays, buffers=None, dtype=None):
        """Put arrays by name, one after the other, into a vector, and buffers into another.

        Parameters
        ----------
        arrays : mapping of str to array
        buffers : mapping of str to array, optional
        dtype : floating dtype, optional
            Of both vectors; by default that of the arrays. Buffers are kept in single at least.

        Returns
        -------
        params : Parameters
        """
        theta, layout = _flat(arrays)
        if dtype is not None:
            theta = theta.astype(dtype, copy=False)
        if not buffers:
            return cls(theta, layout)
        remembered, buffer_layout = _flat(buffers)
        kept = np.promote_types(theta.dtype, np.float32)
        return cls(theta, layout, remembered.astype(kept, copy=False), buffer_layout)

    def __getitem__(self, name):
        place = self.layout.places.get(name)
        if place is not None:
            where, shape = place
            return self.theta[where].reshape(shape)
        place = self.buffer_layout.places.get(name)
        if place is not None:
            where, shape = place
            return self.buffers[where].reshape(shape)
        known = list(self.arrays)
        if name in self.layout.layers or name in self.buffer_layout.layers:
            hint = f"params.layer({name!r})?"
        elif close := difflib.get_close_matches(str(name), known, 1):
            hint = f"{close[0]!r}?"
        else:
            hint = "do they belong to another network?"
        listed = ", ".join(known[:6] + ["..."] * (len(known) > 6)) or "no arrays"
        raise KeyError(f"Parameters: there is no {name!r} among {listed}; {hint}")

    def __setitem__(self, name, value):
        """Write an array into its place, so that ``params["fc.W"] -= step`` changes ``theta``."""
        view = self[name]
        if getattr(value, "shape", None) != view.shape:
            came = f"shape {value.shape}" if hasattr(value, "shape") else type(value).__name__
            raise ShapeError(
                f"Parameters: {name} has shape {view.shape} and got {came}; to fill all of it with "
                f"one number write params[{name!r}][...] = 0.0"
            )
        view[...] = value

    def __iter__(self):
        return iter(self.layout.places)

    def __len__(self):
        return len(self.layout.places)

    def __contains__(self, name):
        return name in self.layout.places or name in self.buffer_layout.places

    def __eq__(self, other):
        """Tell whether all arrays, buffers too, have the same names, shapes and numbers."""
        if not isinstance(other, Mapping):
            return NotImplemented
        mine = self.arrays
        others = other.arrays if isinstance(other, Parameters) else other
        return mine.keys() == others.keys() and all(
            np.array_equal(array, others[name], equal_nan=True) for name, array in mine.items()
        )

    __hash__ = None

    def __repr__(self):
        arrays = ", ".join(f"{name} {shape}" for name, shape in self.layout.shapes.items())
        buffers = ", ".join(f"{name} {shape}" for name, shape in self.buffer_layout.shapes.items())
        also = f"; buffers: {buffers}" if buffers else ""
        return f"Parameters({self.theta.size} numbers: {arrays}{also})"

    @property
    def remembered(self):
        """The buffers by name."""
        return {name: self[name] for name in self.buffer_layout.places}

    @property
    def arrays(self):
        """All arrays by name, those of the buffers too."""
        return {**self, **self.remembered}

    def like(self, theta, buffers=None):
        """Return the same layout over another vector; the buffers stay, unless others are given."""
        buffers = self.buffers if buffers is None else buffers
        return Parameters(theta, self.layout, buffers, self.buffer_layout)

    def copy(self):
        """Return the same numbers in vectors of their own."""
        return self.like(self.theta.copy(), self.buffers.copy())

    def astype(self, dtype):
        """Return the same numbers in another precision; buffers stay in single at least."""
        kept = np.promote_types(dtype, np.float32)
        return self.like(self.theta.astype(dtype), self.buffers.astype(kept))

    def layer(self, name):
        """Return the views of a layer, such as ``"fc1"`` or ``"block.body"``, by short names."""
        place = self.layout.layers.get(name)
        remembered = self.buffer_layout.layers.get(name)
        if place is None and remembered is None:
            if "." not in name:
                return NO_PARAMETERS
            first, _, rest = name.partition(".")
            return self.layer(first).layer(rest)
        where, own_layout = place or _NOWHERE
        own = Parameters.__new__(Parameters)  # what fits the whole fits its parts
        own.theta, own.layout = self.theta[where], own_layout
        if remembered is None:
            own.buffers, own.buffer_layout = own.theta[:0], NOTHING
        else:
            where, own.buffer_layout = remembered
            own.buffers = self.buffers[where]
        return own

    def part(self, names):
        """Return copies of the arrays of these layers; a name without arrays counts for nothing."""
        buffers = self.remembered.items()
        return Parameters.of(
            {name: self[name] for name in self if name.partition(".")[0] in names},
            {name: array for name, array in buffers if name.partition(".")[0] in names},
            dtype=self.theta.dtype,
        )

    def only(self, layers):
        """Return copies of the arrays of some layers, such as ``params.only(net[:3])``.

        Parameters
        ----------
        layers : network, str, or iterable of str
            The network of them, or their names.

        Returns
        -------
        params : Parameters

        Raises
        ------
        ValueError
            When none of them has arrays here.
        """
        layers = [layers] if isinstance(layers, str) else getattr(layers, "layers", layers)
        chosen = self.part(set(layers))
        if not chosen:
            known = ", ".join(self.layout.layers) or "none at all"
            raise ValueError(
                f"Parameters.only: none of {', '.join(layers)} has arrays here, but {known}"
            )
        return chosen

    def mask(self, *patterns):
        """Return where ``theta`` holds the arrays that a pattern names.

        Parameters
        ----------
        *patterns : str
            One or several: an array (``"fc1.W"``), a layer (``"fc1"``), or either with wildcards
            (``"*.b"``, ``"conv*"``).

        Returns
        -------
        array of bool, shape (P,)

        Raises
        ------
        TypeError
            When a pattern is no string, such as a layer or a list of names.
        ValueError
            When there is no pattern, or one names nothing.
        """
        for pattern in patterns:
            if not isinstance(pattern, str):
                hint = ": mask(*names)" if isinstance(pattern, list | tuple) else ""
                raise TypeError(
                    f"Parameters.mask: a pattern is {pattern!r}, expected names such as 'fc2' or "
                    f"'*.b', one after the other{hint}"
                )
        if not patterns:
            raise ValueError(
                "Parameters.mask: got no pattern, expected one at least, such as 'fc2'"
            )
        found = set()
        for pattern in patterns:
            named = {
                name
                for name in self
                if any(fnmatch.fnmatchcase(part, pattern) for part in _prefixes(name))
            }
            if not named:
                raise ValueError(
                    f"Parameters.mask: {pattern!r} names nothing, there are {', '.join(self)}"
                )
            found |= named
        return self._where(found.__contains__)

    @property
    def decayed(self):
        """Where ``theta`` holds weights (arrays named W): the entries that a penalty acts on."""
        return self._where(lambda name: name.rpartition(".")[2] == "W")

    def _where(self, chosen):
        mask = np.zeros_like(self.theta, dtype=bool)
        for name, (where, _) in self.layout.places.items():
            mask[where] = chosen(name)
        return mask


_NOWHERE = slice(0, 0), NOTHING
NO_PARAMETERS = Parameters(np.zeros(0), NOTHING)  # of every layer that has none


def _prefixes(name):
    """Yield ``"block"``, ``"block.fc1"`` and ``"block.fc1.W"`` for the last of them."""
    parts = name.split(".")
    return (".".join(parts[:n]) for n in range(1, len(parts) + 1))


def _flat(arrays):
    """Put arrays one after the other in a vector; return it and its layout."""
    flat = [array.ravel() for array in arrays.values()] or [np.zeros(0)]
    return np.concatenate(flat), Layout({name: array.shape for name, array in arrays.items()})
