"""``summary``: what each layer of a network returns, and what it costs.

A layer inside another one has a row of its own, such as ``block.body.conv1``.

Nothing is computed: a batch of no examples runs through the network, with start values that take
no memory. It shows every shape, and what each layer keeps for the way back.
"""

import html
import math
from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np

from dlcore.composite import Composite, cheap
from dlcore.errors import as_int

_ADDED = {"b", "beta"}  # parameters that are added and not multiplied with


@dataclass(frozen=True)
class LayerCounts:
    """What one layer costs, for one example.

    Parameters
    ----------
    name, layer : str
        The layer's name in the network, and its type.
    output : tuple of int
        Its output's shape, without the axis of examples.
    parameters : int
        Trained numbers.
    connections : int
        How many times a weight or a bias is used. LeNet-5's paper counts them.
    multiply_adds : int
        Products with a weight.
    parameter_bytes : int
    activation_bytes : int
        Of the output.
    cache_bytes : int
        What the layer keeps for ``backward`` in training, but for what a layer before it keeps
        anyway. Parameters do not count.
    """

    name: str
    layer: str
    output: tuple
    parameters: int
    connections: int
    multiply_adds: int
    parameter_bytes: int
    activation_bytes: int
    cache_bytes: int


_COUNTED = [field.name for field in fields(LayerCounts) if field.type is int]


@dataclass(frozen=True)
class Summary:
    """A table with a row a layer: ``print`` it, or show it in a notebook.

    Parameters
    ----------
    rows : tuple of LayerCounts
    """

    rows: tuple

    @property
    def total(self):
        """The sums of the columns, as a row; its output is the network's."""
        sums = {name: sum(getattr(row, name) for row in self.rows) for name in _COUNTED}
        return LayerCounts("total", "", self.rows[-1].output, **sums)

    def __getitem__(self, name):
        """Return the row of a layer."""
        return {row.name: row for row in self.rows}[name]

    def _cells(self):
        """Return the table's lines as lists of text: the head, a line a layer, the total."""
        yield [field.name.replace("_", " ") for field in fields(LayerCounts)]
        for row in (*self.rows, self.total):
            yield [_text(value) for value in astuple(row)]

    def __str__(self):
        lines = list(self._cells())
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if column < 3 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        rule = "-" * max(map(len, lines))
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])

    def _repr_html_(self):
        head, *body, total = ([html.escape(cell) for cell in line] for line in self._cells())
        columns = "".join(f'<th scope="col">{cell}</th>' for cell in head)

        def line(first, *others):
            cells = "".join(f"<td>{cell}</td>" for cell in others)
            return f'<tr><th scope="row">{first}</th>{cells}</tr>'

        return (
            f"<table><thead><tr>{columns}</tr></thead>"
            f"<tbody>{''.join(line(*cells) for cells in body)}</tbody>"
            f"<tfoot>{line(*total)}</tfoot></table>"
        )


def _text(value):
    """Write a number with commas, a shape as 6×28×28."""
    if isinstance(value, tuple):
        return "×".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else value


def summary(net, input_shape, *, dtype=np.float32):
    """Count what each layer of a network needs, for one example; nothing is computed.

    Equation: eq-lenet-connections, eq-conv-parameters, eq-deep-parameters, eq-deep-macs

    Source: LeCun et al. (1998), section II.B, counts LeNet-5's connections in this way.

    Parameters
    ----------
    net : Sequential
    input_shape : tuple of int
        Of one example, such as (1, 32, 32).
    dtype : floating dtype
        Of the parameters and the examples.

    Returns
    -------
    Summary

    Raises
    ------
    TypeError
        When ``net`` is no network, or ``input_shape`` no tuple of whole numbers, such as the
        examples themselves.
    ShapeError
        When the network cannot read such examples; a note names the layer.
    """
    kept, rows = [], []
    for name, layer, params, out, cache in _run_on_nothing("summary", net, input_shape, dtype):
        new = [array for array in _examples(cache) if not any(_same(array, k) for k in kept)]
        kept += new
        size = sum(array.size for array in params.values())
        uses = layer.uses if hasattr(layer, "uses") else uses_at_every_position
        rows.append(
            LayerCounts(
                name,
                type(layer).__name__,
                out.shape[1:],
                size,
                *uses(params, out.shape[1:]),
                size * out.itemsize,
                _bytes(out),
                sum(map(_bytes, new)),
            )
        )
    return Summary(tuple(rows))


def output_shape(net, input_shape):
    """Return the shape of one example's output.

    Parameters
    ----------
    net : Sequential
    input_shape : tuple of int
        Of one example, such as (1, 32, 32).

    Returns
    -------
    tuple of int

    Raises
    ------
    TypeError
        When ``net`` is no network, or ``input_shape`` no tuple of whole numbers, such as the
        examples themselves.
    ShapeError
        When the network cannot read such examples; a note names the layer.
    """
    *_, (*_, out, _) = _run_on_nothing("output_shape", net, input_shape, np.float32)
    return out.shape[1:]


def _run_on_nothing(function, net, input_shape, dtype):
    """Run a batch of no examples; return each layer's name, itself, arrays, output and cache."""
    notes = []
    if not isinstance(net, Composite):
        raise TypeError(
            f"{function}: net is {net!r}, expected a network, such as Sequential(fc=...)"
        )
    if not isinstance(input_shape, tuple | list):
        raise TypeError(f"{function}: {_hint_at_shape(input_shape)}")
    for axis in input_shape:
        as_int(function, "input_shape", axis, ge=1, kind="whole numbers")
    noted = net.map(lambda name, layer: _Noted(name, layer, dtype, notes))
    rng = np.random.default_rng(0)
    noted.forward(noted.init(rng), np.zeros((0, *input_shape), dtype), train=True, rng=rng)
    return notes


def _hint_at_shape(thing):
    """Say what came instead of a shape, and the shape that was meant."""
    if hasattr(thing, "shape"):
        return f"input_shape is an array, expected the shape of one example; {thing.shape[1:]}?"
    expected = "the shape of one example as a tuple, such as (1, 32, 32)"
    hint = f"; ({thing},)?" if isinstance(thing, int) else ""
    return f"input_shape is {thing!r}, expected {expected}{hint}"


@dataclass(frozen=True)
class _Noted:
    """A layer with arrays that take no memory, which notes what it returns."""

    name: str
    layer: Any
    dtype: Any
    notes: list

    def __repr__(self):
        return repr(self.layer)

    def init(self, rng):
        return {}

    def forward(self, params, X, *, train, rng):
        layer = self.layer
        start = cheap(layer).init(rng)
        own = {key: array.astype(self.dtype, copy=False) for key, array in start.items()}
        buffers = layer.init_buffers(own) if hasattr(layer, "init_buffers") else {}
        out, cache = layer.forward(own | buffers, X, train=train, rng=rng)
        self.notes.append((self.name, layer, own, out, cache))
        return out, cache

    def backward(self, dout, cache):
        return self.layer.backward(dout, cache)


def uses_at_every_position(params, out):
    """Count how often a layer uses its arrays for one example: once at every position of a map.

    Parameters
    ----------
    params : dict of str to array, of any shape
        The layer's. A bias or a shift is added and not multiplied with.
    out : tuple of int
        The shape of one example's output.

    Returns
    -------
    connections, multiply_adds : int
        How often a weight or a bias is used, and how often a weight.
    """
    uses = {  # a lone number is used by every number of the output
        name: array.size * math.prod(out[1:]) if array.ndim else math.prod(out)
        for name, array in params.items()
    }
    return sum(uses.values()), sum(uses[name] for name in uses.keys() - _ADDED)


def _examples(cache):
    """Yield the arrays of a cache that have an axis of examples."""
    if isinstance(cache, tuple | list):
        for item in cache:
            yield from _examples(item)
    elif isinstance(cache, np.ndarray) and cache.shape[:1] == (0,):
        yield cache


def _same(array, other):
    """Tell whether two arrays are views of the same memory."""
    return _owner(array) is _owner(other)


def _owner(array):
    while array.base is not None:
        array = array.base
    return array


def _bytes(array):
    """Return the bytes of one example."""
    return math.prod(array.shape[1:]) * array.itemsize
