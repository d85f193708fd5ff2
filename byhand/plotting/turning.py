"""What the backward pass of a convolution does: turn, insert, frame, lay on, crop."""

import numpy as np

from byhand.plotting._canvas import (
    FRAMES,
    GRAY,
    PAPER,
    arrow,
    canvas,
    cell,
    frame,
    legend,
    number,
    points,
    smaller,
    tint,
    wide,
    write,
)
from dlcore.errors import ShapeError, as_int, as_pair

_MEANINGS = {"inserted": "put between", "framed": "put around", "cropped": "cut off"}


def turned(kernel, *, axis=None):
    """Draw a kernel before and after half a turn; every weight keeps its color.

    Parameters
    ----------
    kernel : array, shape (kH, kW)
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When the kernel does not have two axes.
    """
    kernel = np.asarray(kernel)
    if kernel.ndim != 2:
        raise ShapeError(
            f"turned: kernel has shape {kernel.shape}, expected (kH, kW); W[f, c] of all filters?"
        )
    (rows, columns), gap = kernel.shape, 2.6
    side = max(columns, 2.4)
    width, high = 2 * side + gap + 0.6, max(rows, 2.2)
    top = 1.3 + (high - rows) / 2
    axis, unit = canvas(axis, width, high + 1.7, unit=0.46)
    letters = points(unit)
    pads = (side - columns) / 2 + 0.3, (side - columns) / 2 + 0.3 + side + gap
    places = list(np.ndindex(kernel.shape))
    for left, order in zip(pads, (places, places[::-1]), strict=True):
        for (i, j), source in zip(places, order, strict=True):
            color = tint(*source, columns, rows)
            text = number(kernel[source])
            cell(axis, left + j, top + i, text, size=letters, face=color)
    for left, start in zip(pads, (True, False), strict=True):
        x, y = (left, top) if start else (left + columns - 1, top + rows - 1)
        frame(axis, x, y, 1, 1)
    names = "$W$", "$\\mathrm{rot180}\\,W$"
    for left, name in zip(pads, names, strict=True):
        write(axis, left + columns / 2, top - 0.6, name, letters + 1)
    middle, height = width / 2, top + rows / 2
    arrow(axis, (middle - 0.8, height - 0.1), (middle + 0.8, height - 0.1), bend=-0.6)
    write(axis, middle, height + 0.15, "half\na turn", points(unit, 0.34), va="top", color=GRAY)


def backward_steps(
    delta, kernel, *, stride=1, padding=0, dilation=1, remainder=0, position=None, axis=None
):
    """Draw how the gradient of a convolution's input comes from that of its output, step by step.

    Zeros are put between the numbers of ``delta`` (the stride) and around them (k - 1 in front,
    k - 1 + r behind); the turned kernel is laid on at every place; the padding is cropped. Steps in
    which nothing happens are left out. With vectors the steps stand below each other, aligned.

    Parameters
    ----------
    delta : array, shape (o,) or (oH, oW)
        Upstream gradients.
    kernel : array, shape (k,) or (kH, kW)
    stride, padding, dilation : int or pair of int
        A pair only for matrices.
    remainder : int or pair of int
        Pixels at the end that no window reads, less than the stride.
    position : int or pair of int, optional
        The number of the padded input's gradient whose sum is shown; by default the first that
        takes most numbers of ``delta``.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When ``delta`` and ``kernel`` are not both vectors or both matrices.
    TypeError, ValueError
        When an option is no whole number or pair, the remainder not less than the stride, or
        nothing is left after the crop.
    """
    delta, kernel = np.asarray(delta, dtype=float), np.asarray(kernel, dtype=float)
    if not delta.ndim == kernel.ndim or delta.ndim not in (1, 2):
        raise ShapeError(
            f"backward_steps: delta has shape {delta.shape} and kernel {kernel.shape}, expected "
            "two vectors or two matrices; pick one example, filter and channel"
        )
    steps = _Steps(delta, kernel, stride, padding, dilation, remainder, position)
    (_draw_line if delta.ndim == 1 else _draw_plane)(steps, axis)


class _Steps:
    """The arrays of all steps, and the looks of their cells."""

    def __init__(self, delta, kernel, stride, padding, dilation, remainder, position):
        self.delta, axes = delta, delta.ndim
        self.stride = self._option("stride", stride, axes, 1)
        self.padding = self._option("padding", padding, axes, 0)
        dilation = self._option("dilation", dilation, axes, 1)
        self.remainder = self._option("remainder", remainder, axes, 0)
        for r, s in zip(self.remainder, self.stride, strict=True):
            if r >= s:
                raise ValueError(
                    f"backward_steps: remainder is {r}, expected less than the stride {s}; it is "
                    "(n + 2p - k) mod s"
                )
        self.between, self.was_between = _spread(delta, self.stride)
        spread, self.kernel_between = _spread(kernel, dilation)
        self.turned = np.flip(spread)
        self.kernel_between = np.flip(self.kernel_between)
        self.front = tuple(f - 1 for f in spread.shape)
        self.behind = tuple(f + r for f, r in zip(self.front, self.remainder, strict=True))
        around = tuple(zip(self.front, self.behind, strict=True))
        self.framed = np.pad(self.between, around)
        was_delta = np.pad(~self.was_between, around)
        self.was_framed = np.pad(np.zeros(self.between.shape, bool), around, constant_values=True)
        seen = np.lib.stride_tricks.sliding_window_view(self.framed, spread.shape)
        last = tuple(range(-axes, 0))
        self.padded = np.sum(seen * self.turned, axis=last)
        self.inside = tuple(
            slice(p, n - p) for p, n in zip(self.padding, self.padded.shape, strict=True)
        )
        self.dX = self.padded[self.inside]
        if not self.dX.size:
            raise ValueError(
                f"backward_steps: padding {self.padding} leaves nothing of the {self.padded.shape} "
                "numbers; is it the forward pass's padding?"
            )
        self.cut = np.ones(self.padded.shape, bool)
        self.cut[self.inside] = False
        taps = np.lib.stride_tricks.sliding_window_view(was_delta, spread.shape)
        shares = np.sum(taps & ~self.kernel_between, axis=last)
        if position is None:
            shares = np.where(self.cut, -1, shares)
            self.position = tuple(map(int, np.unravel_index(np.argmax(shares), shares.shape)))
        else:
            self.position = self._option("position", position, axes, 0)
            if any(q >= n for q, n in zip(self.position, self.padded.shape, strict=True)):
                raise ValueError(
                    f"backward_steps: position is {self.position}, expected a place in the padded "
                    f"input's gradient of shape {self.padded.shape}"
                )
        place = tuple(slice(q, q + f) for q, f in zip(self.position, spread.shape, strict=True))
        sent = (was_delta[place] & ~self.kernel_between).flat
        self.all_terms = list(zip(self.turned.flat, self.framed[place].flat, strict=True))
        self.terms = [term for term, used in zip(self.all_terms, sent, strict=True) if used]

    @staticmethod
    def _option(name, value, axes, ge):
        if axes == 2:
            return as_pair("backward_steps", name, value, ge=ge)
        return (as_int("backward_steps", name, value, ge=ge),)

    def sum(self):
        """Write the sum at the position out, without what is zero by construction.

        Where nothing else is there, the zeros are written too, and show why.
        """
        terms = self.terms or self.all_terms
        terms = " + ".join(f"{_factor(weight)}·{_factor(value)}" for weight, value in terms)
        return f"{terms} = {number(self.padded[self.position])}"

    def around(self):
        """Say how many zeros the frame has."""
        front, behind = map(_text, (self.front, self.behind))
        return f"{front} in front, {behind} behind" if front != behind else f"{front} on each side"


def _text(zeros):
    """Write one number for both axes, or a pair."""
    return str(zeros[0] if len(set(zeros)) == 1 else zeros)


def _factor(value):
    text = number(value)
    return f"({text})" if value < 0 else text


def _spread(array, step):
    """Put step - 1 zeros between the entries; return the array, and where they were put."""
    shape = tuple((n - 1) * s + 1 for n, s in zip(array.shape, step, strict=True))
    spread, between = np.zeros(shape), np.ones(shape, bool)
    entries = tuple(slice(None, None, s) for s in step)
    spread[entries], between[entries] = array, False
    return spread, between


def _look(inserted, framed=False, cropped=False, otherwise="plain"):
    return "cropped" if cropped else "framed" if framed else "inserted" if inserted else otherwise


def _used(steps):
    """Return the meanings of the looks that appear."""
    used = {
        "inserted": steps.was_between.any() or steps.kernel_between.any(),
        "framed": steps.was_framed.any(),
        "cropped": steps.cut.any(),
    }
    return {look: text for look, text in _MEANINGS.items() if used[look]}


def _draw_line(steps, axis):
    """Draw the steps of one axis below each other, so that what is above belongs to what is below.

    The gradient of pixel y stands where number y of the spread-out delta stands: below the last
    number of its window.
    """
    (front,), (position,), (p,) = steps.front, steps.position, steps.padding
    k = len(steps.turned)
    lines = [("$\\delta$", steps.delta, front, ["marked"] * len(steps.delta))]
    if steps.was_between.any():
        looks = [_look(b, otherwise="marked") for b in steps.was_between]
        lines.append(("zeros between", steps.between, front, looks))
    inner = np.pad(steps.was_between, steps.front + steps.behind[:1])
    if steps.was_framed.any():
        looks = [
            _look(b, f, otherwise="marked") for b, f in zip(inner, steps.was_framed, strict=True)
        ]
        lines.append((f"frame: {steps.around()}", steps.framed, 0, looks))
    looks = [_look(b, otherwise="kernel") for b in steps.kernel_between]
    lines.append(("turned kernel, laid on", steps.turned, position, looks))
    looks = [_look(False, cropped=c) for c in steps.cut]
    name = "sum at every place"
    lines.append((name, steps.padded, front, looks))
    if p:
        lines.append((f"crop {p} at each end", steps.dX, front + p, ["plain"] * len(steps.dX)))

    pitch, width = 2.05, max(len(steps.framed), 9) + 0.6
    shift = 0.3 + (width - 0.6 - len(steps.framed)) / 2
    height = pitch * len(lines) + 1.2
    axis, unit = canvas(axis, width, height + 1.2, unit=0.46)
    letters = points(unit)
    for row, (name, values, start, looks) in enumerate(lines):
        top = pitch * row + 0.85
        write(axis, shift, top - 0.38, f"{row + 1}. {name}", letters, ha="left", bbox=PAPER)
        for column, (value, look) in enumerate(zip(values, looks, strict=True)):
            cell(axis, shift + start + column, top, number(value), look, size=letters)
        if values is steps.turned:
            above = top - pitch
            frame(axis, shift + start, top, k, 1)
            frame(axis, shift + start, above, k, 1)
            for edge in (0, k):
                axis.plot([shift + start + edge] * 2, [above + 1, top], color=FRAMES[0][0], lw=1)
        if values is steps.padded:
            frame(axis, shift + front + position, top, 1, 1, 1)
    write(axis, width / 2, height - 0.3, f"in the dashed frame: {steps.sum()}", letters)
    legend(axis, shift, height + 0.1, _used(steps), smaller(letters), unit)


def _draw_plane(steps, axis):
    """Draw the steps of two axes as panels, in as many rows as a page's width asks for."""
    marked = np.full(steps.delta.shape, "marked")
    look = np.vectorize(_look, otypes=[object])
    inner = np.pad(steps.was_between, tuple(zip(steps.front, steps.behind, strict=True)))
    looks = look(inner, steps.was_framed, otherwise="marked")
    panels = [("", "$\\delta$", steps.delta, marked)]
    if steps.was_between.any():
        name = "zeros between"
        panels.append(("→", name, steps.between, look(steps.was_between, otherwise="marked")))
    if steps.was_framed.any():
        panels.append(("→", f"frame: {steps.around()}", steps.framed, looks))
    name = "turned kernel, laid on"
    panels.append(("", name, steps.turned, look(steps.kernel_between, otherwise="kernel")))
    panels.append(("→", "sums", steps.padded, look(False, cropped=steps.cut)))
    if steps.cut.any():
        panels.append(
            ("→", f"crop {_text(steps.padding)}", steps.dX, np.full(steps.dX.shape, "plain"))
        )

    unit, gap, most = 0.4, 1.2, 16
    letters = points(unit)
    rows, x = [[]], 0.0
    for panel in panels:
        label = f"{len(rows)}. {panel[1]}"
        span = max(panel[2].shape[1], wide(label, letters, unit))
        if rows[-1] and x + gap + span > most:
            rows.append([])
            x = 0.0
        rows[-1].append((panel, x + gap, span))
        x += gap + span
    width = max(x + span for row in rows for _, x, span in row[-1:]) + 0.4
    tops, y = [], 0.0
    for row in rows:
        tops.append(y + 1.2)
        y += 1.2 + max(panel[2].shape[0] for panel, _, _ in row) + 0.5
    axis, unit = canvas(axis, width, y + 2.3, unit=unit)
    letters, step = points(unit), 0
    for top, row in zip(tops, rows, strict=True):
        tallest = max(panel[2].shape[0] for panel, _, _ in row)
        for (sign, name, values, looks), left, span in row:
            step += 1
            down = top + (tallest - len(values)) / 2
            start = left + (span - values.shape[1]) / 2
            write(axis, left + span / 2, down - 0.5, f"{step}. {name}", letters)
            write(
                axis,
                left - gap / 2 - 0.05,
                top + tallest / 2,
                sign,
                letters + 5,
                color=GRAY,
            )
            for (i, j), value in np.ndenumerate(values):
                cell(axis, start + j, down + i, number(value), looks[i, j], size=letters)
            u, v = steps.position
            if values is steps.turned:
                frame(axis, start, down, *values.shape[::-1])
            elif values is steps.framed:
                frame(axis, start + v, down + u, *steps.turned.shape[::-1])
            elif values is steps.padded:
                frame(axis, start + v, down + u, 1, 1, 1)
    write(axis, width / 2, y + 0.4, f"in the dashed frame: {steps.sum()}", letters)
    legend(axis, 0.4, y + 1.0, _used(steps), smaller(letters), unit)
