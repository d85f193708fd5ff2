"""What a network makes of an image: the box of each layer's output, with its numbers."""

from dataclasses import dataclass
from itertools import groupby
from math import prod, sqrt

from byhand.plotting._canvas import GRAY, PALE, SHADE, arrow, canvas, points, smaller, wide, write
from dlcore.composite import Composite
from dlcore.errors import ShapeError, as_int, as_pair, needs_extra
from dlcore.models import Summary, summary

with needs_extra("byhand.plotting", "book"):
    from matplotlib.patches import Polygon

COUNTS = 1.42  # inches at the right of the boxes
LONGEST, THICKEST = 1.75, 0.52  # of the boxes, in inches
SLANT = 0.38, 0.30  # how far a box goes back, to the right and up, of its height
COLORS = {"image": "#ffffff", "conv": PALE, "pool": SHADE, "vector": "#e4e4e4"}


def volumes(net, input_shape, *, axis=None):
    """Draw the output of each layer as a box: width and height of its maps, and as thick as many.

    The network runs from top to bottom. Layers that keep the shape and have no parameters, such as
    activations, are left out, as is the flattening; convolutions of one shape in a row share a box.
    Sides grow with the square root of the numbers, or the small ones could not be seen. A vector is
    drawn as a bar. All numbers come from ``dlcore.models.summary``.

    Parameters
    ----------
    net : Sequential or Summary
        A network, or its ``summary``, which knows no kernels.
    input_shape : tuple of int
        (C, H, W).
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When ``input_shape`` does not have three axes.
    TypeError
        When ``net`` is neither.
    """
    shape = tuple(as_int("volumes", "input_shape", n, ge=1) for n in input_shape)
    if len(shape) != 3:
        raise ShapeError(
            f"volumes: input_shape is {shape}, expected (C, H, W); network draws vectors"
        )
    boxes = _boxes(net, shape)
    heights = [_extent(box, boxes) for box in boxes]
    gap, top = 0.34, 0.55
    names = 0.2 + max(
        wide(text, 10.5 - line, 1.0) for box in boxes for line, text in enumerate(box.lines)
    )
    width = names + LONGEST * (1 + SLANT[0]) + COUNTS
    total = top + sum(heights) + gap * (len(boxes) - 1) + 0.15
    axis, unit = canvas(axis, width, total, unit=1.0)
    size = points(unit, 0.135)
    middle, y = names + LONGEST * (1 + SLANT[0]) / 2, top
    for line, text in enumerate(("channels × height × width", "parameters")):
        place = 0.15 + 0.19 * line
        write(
            axis,
            width - 0.08,
            place,
            text,
            smaller(size, 1.2),
            ha="right",
            color=GRAY,
            style="italic",
        )
    for number, (box, high) in enumerate(zip(boxes, heights, strict=True)):
        length, thick, back = _sides(box, boxes)
        left, base = middle - (length + back * SLANT[0]) / 2, y + high / 2
        _draw(axis, left, base - (thick + back * SLANT[1]) / 2, length, thick, back, box.kind)
        _label(axis, 0.08, base, box.lines, size, "left")
        _label(axis, width - 0.08, base, box.numbers, size, "right")
        if number + 1 < len(boxes):
            end = y + high + gap
            arrow(axis, (middle, y + high + 0.05), (middle, end - 0.05), width=1.2)
        y += high + gap


@dataclass
class _Box:
    """What is drawn of a layer, or of several alike."""

    name: str
    window: str
    kind: str
    shape: tuple
    parameters: int

    @property
    def lines(self):
        return [self.name, self.window] if self.window else [self.name]

    @property
    def numbers(self):
        shape = " × ".join(f"{n:,}" for n in self.shape)
        return [shape, f"{self.parameters:,}"] if self.parameters else [shape]


def _boxes(net, shape):
    """Return the boxes of a network's layers, the image first."""
    if isinstance(net, Composite):
        rows, layers = summary(net, shape).rows, net
    elif isinstance(net, Summary):
        rows, layers = net.rows, None
    else:
        raise TypeError(
            f"volumes: net is {net!r}, expected a network or its summary; sizes of a fully "
            "connected net are for network"
        )
    boxes, before = [_Box("image", "", "image", shape, 0)], shape
    for row in rows:
        flattened = len(row.output) == 1 and len(before) > 1 and prod(row.output) == prod(before)
        is_drawn = row.parameters or (row.output != before and not flattened)
        before = row.output
        if is_drawn:
            kind = "vector" if len(row.output) == 1 else "conv" if row.parameters else "pool"
            if row.layer in ("Subsample", "AvgPool2d", "MaxPool2d"):
                kind = "pool"
            window = _window(layers[row.name]) if layers is not None else ""
            boxes.append(_Box(row.name, window, kind, row.output, row.parameters))
    return [_merged(list(group)) for _, group in groupby(boxes, _alike)]


def _alike(box):
    """Return what boxes must share to be drawn as one: vectors and poolings stay alone."""
    parent = box.name.rpartition(".")[0]  # a layer inside another one is not one of those outside
    return (parent, box.kind, box.shape, box.window, box.kind == "conv" or box.name)


def _merged(group):
    first, last = group[0], group[-1]
    if len(group) == 1:
        return first
    name = f"{first.name} – {last.name}"
    window = f"{len(group)} × ({first.window})" if first.window else f"{len(group)} layers"
    return _Box(name, window, first.kind, first.shape, sum(box.parameters for box in group))


def _window(layer):
    """Write the kernel of a layer with its stride, its dilation and its groups."""
    if not hasattr(layer, "size"):
        return ""
    size = as_pair("volumes", "size", layer.size, ge=1)
    stride = getattr(layer, "stride", None)
    parts = [f"{size[0]}×{size[1]}"]
    stride = size if stride is None else as_pair("volumes", "stride", stride, ge=1)
    if stride != (1, 1):
        parts.append(f"stride {stride[0] if len(set(stride)) == 1 else stride}")
    if getattr(layer, "groups", 1) > 1:
        parts.append(f"groups {layer.groups}")
    return ", ".join(parts)


def _label(axis, x, y, lines, size, side):
    """Write a line in bold and what there is below it, smaller and in gray."""
    for line, text in enumerate(lines):
        look = {"weight": "bold"} if line == 0 else {"color": GRAY}
        place = y + 0.2 * (line - (len(lines) - 1) / 2)
        write(axis, x, place, text, smaller(size, 1.2 * line), ha=side, **look)


def _sides(box, boxes):
    """Return a box's length, thickness and depth, in inches."""
    if len(box.shape) == 1:
        most = max(prod(other.shape) for other in boxes if len(other.shape) == 1)
        return LONGEST * max(0.1, sqrt(box.shape[0] / most)), 0.13, 0.13
    maps = [other.shape for other in boxes if len(other.shape) == 3]
    largest, deepest = max(max(H, W) for _, H, W in maps), max(16, *(C for C, _, _ in maps))
    C, H, W = box.shape
    return (
        LONGEST * max(0.07, sqrt(W / largest)),
        max(0.035, THICKEST * sqrt(C / deepest)),
        LONGEST * max(0.07, sqrt(H / largest)),
    )


def _extent(box, boxes):
    """Return the height that a box takes with its labels."""
    _, thick, back = _sides(box, boxes)
    return max(thick + back * SLANT[1], 0.36)


def _draw(axis, left, top, length, thick, back, kind):
    """Draw a box in perspective; a pooling is hatched, so that it needs no color."""
    dx, dy = back * SLANT[0], back * SLANT[1]
    face, hatch = COLORS[kind], "///" if kind == "pool" else ""
    front = top + dy
    sides = [
        ([(left, front), (left + dx, top), (left + dx + length, top), (left + length, front)], 1.0),
        ([(left + length, front), (left + dx + length, top), (left + dx + length, top + thick),
          (left + length, front + thick)], 0.72),
        ([(left, front), (left + length, front), (left + length, front + thick),
          (left, front + thick)], 0.88),
    ]  # fmt: skip
    for corners, light in sides:
        rgb = [int(face[i : i + 2], 16) / 255 * light for i in (1, 3, 5)]
        axis.add_patch(
            Polygon(corners, facecolor=rgb, edgecolor="0.25", linewidth=0.9, joinstyle="round",
                    hatch=hatch if light == 1 else "", hatchcolor="0.45", label=kind)
        )  # fmt: skip
