"""Lab ``lenet`` (chapter 18): every feature map of a trained network, and what a stroke changes."""

from functools import cache

import numpy as np

from byhand import results
from byhand.labs import pen
from byhand.labs.controls import Select, Slider
from byhand.labs.lab import Lab
from dlcore.activations import softmax
from dlcore.models import lenet_small

SIDE = 16  # of the input
BLANK = pen.blank(SIDE)
LAYERS = {
    # maps, rows of a map, cells of the input that a unit sees in a row, between two neighbors
    "c1": {"label": "C1", "maps": 6, "side": 12, "sees": 5, "jump": 1,
           "field": "1 + (5 − 1)·1", "weights": 25},
    "s2": {"label": "S2", "maps": 6, "side": 6, "sees": 6, "jump": 2,
           "field": "5 + (2 − 1)·1", "weights": None},
    "c3": {"label": "C3", "maps": 16, "side": 4, "sees": 10, "jump": 2,
           "field": "6 + (3 − 1)·2", "weights": 54},
    "s4": {"label": "S4", "maps": 16, "side": 2, "sees": 12, "jump": 4,
           "field": "10 + (2 − 1)·2", "weights": None},
    "f5": {"label": "F5", "maps": 32, "side": 1, "sees": 16, "jump": 0,
           "field": "12 + (2 − 1)·4", "weights": 64},
    "output": {"label": "Output", "maps": 10, "side": 1, "sees": 16, "jump": 0,
               "field": "16, the whole input", "weights": 32},
}  # fmt: skip
BELOW = {"s2": "c1", "s4": "c3"}
SAMPLES = [str(digit) for digit in range(10)]
START = "88"  # the pen's row and column


@cache
def trained():
    """Return the network, its parameters, and an image of each digit (10, 16, 16)."""
    values = results.load("lenet_small")["values"]
    net = lenet_small()
    params = net.init(np.random.default_rng(0)).like(np.array(values["theta"]))
    return net, params, np.array(values["samples"]), values["accuracy"]


def _sample(digit):
    return trained()[2][int(digit)] if digit in SAMPLES else np.zeros((SIDE, SIDE))


def picture(digit, edits):
    """Return the image (16, 16) of a sample with the reader's edits."""
    return pen.picture(_sample(digit), edits)


def drawn(digit, lines, edits=None):
    """Return the edits after the pen went along some lines, each a list of cells (row, column)."""
    return pen.drawn(_sample(digit), lines, edits or BLANK + START)


def through(image):
    """Return what each layer makes of an image (16, 16), and what its sums were before a ReLU."""
    net, params, *_ = trained()
    out, values, sums = image[np.newaxis, np.newaxis], {}, {}
    for name, layer in net.layers.items():
        out, _ = layer.forward(params.layer(name), out, train=False, rng=None)
        if name in LAYERS:
            latest = name
            sums[name] = values[name] = out[0]
        elif name.startswith("relu"):
            values[latest] = out[0]
    return values, sums


def parts(image, values, layer, m, row, column):
    """Return what a unit reads, and by which weights it multiplies that: None where it has none."""
    if layer in BELOW:
        below = values[BELOW[layer]][m]
        return below[2 * row : 2 * row + 2, 2 * column : 2 * column + 2].ravel(), None
    read = {
        "c1": lambda: image[row : row + 5, column : column + 5],
        "c3": lambda: values["s2"][:, row : row + 3, column : column + 3],
        "f5": lambda: values["s4"],
        "output": lambda: values["f5"],
    }[layer]()
    return read.ravel(), trained()[1].layer(layer)["W"][m].ravel()


def state(digit, edits, layer, map, place):
    """Read the image with and without the strokes, and look at one unit."""
    image, plain = picture(digit, edits), picture(digit, BLANK)
    values, sums = through(image)
    P, P_before = (softmax(v["output"]) for v in (values, through(plain)[0]))
    first, second = np.argsort(-P, kind="stable")[:2]
    edited = edits[: SIDE**2] != BLANK
    of = LAYERS[layer]
    m = min(map, of["maps"] - 1)
    row, column = divmod(min(place, of["side"] ** 2 - 1), of["side"])
    flat = of["side"] == 1
    at = (m,) if flat else (m, row, column)
    top, left = row * of["jump"], column * of["jump"]
    inputs, factors = parts(image, values, layer, m, row, column)
    four = ", ".join(f"{value:.2f}" for value in inputs) if layer in BELOW else None
    bias = trained()[1].layer(layer)["b"][m] if of["weights"] else None
    return {
        "answer": str(first),
        "percent": 100 * P[first],
        "second": str(second),
        "second_percent": 100 * P[second],
        "was": str(P_before.argmax()) if edited else None,
        "was_percent": 100 * P_before.max(),
        "label": of["label"],
        "m": m,
        "row": None if flat else row,
        "column": None if flat else column,
        "unit": m if flat else None,
        "value": values[layer][at],
        "before": through(plain)[0][layer][at] if edited else None,
        "top": top,
        "bottom": top + of["sees"] - 1,
        "left": left,
        "right": left + of["sees"] - 1,
        "field": of["field"],
        "sees": of["sees"],
        "inputs": inputs,
        "factors": factors,
        "four": four,
        "weights": of["weights"],
        "products": sums[layer][at] - bias if bias is not None else None,
        "bias": bias,
        "hidden": m if layer == "f5" else None,
        "score": m if layer == "output" else None,
        "probability": P[m] if layer == "output" else None,
    }


def shared():
    """Return the network's parameters, the samples, and what the layers are like."""
    _, params, samples, _ = trained()
    return {
        "theta": params.theta,
        "samples": {digit: samples[int(digit)].ravel() for digit in SAMPLES},
        "layers": LAYERS,
        "side": SIDE,
    }


def lenet():
    """Return the lab of chapter 18: what every unit of a trained network makes of a digit."""
    right = trained()[3]
    strokes = drawn("3", [[(r, 5) for r in range(4, 7)], [(r, 5) for r in range(8, 12)]])
    place = "{label}[{m}, {row}, {column}]"
    total = "relu(Σ of {weights} products + <i>b</i>) = relu({products:.2f} {bias:term .2f})"
    return Lab(
        name="lenet",
        title="What does each layer see in a digit?",
        note="A small LeNet with 3,446 parameters, trained on MNIST and on scikit-learn's digits. "
        f"It reads {100 * right['mnist']:.1f}% of 2,000 MNIST digits right that it never saw. The "
        "ten samples are scikit-learn's. Draw on them, or on an empty sheet: your browser runs the "
        "whole network after every stroke. Rest on a unit to see what it reads.",
        controls=[
            Select(
                name="digit",
                label="Digit",
                options={digit: f"a {digit}" for digit in SAMPLES} | {"empty": "an empty sheet"},
                value="3",
            ),
            *pen.controls(BLANK + START),
            Select(
                name="show",
                label="The maps show",
                options={"values": "what each unit says", "changes": "what your strokes changed"},
                value="values",
            ),
            Select(
                name="layer",
                label="Layer",
                options={name: _described(name) for name in LAYERS},
                value="c1",
            ),
            Slider(name="map", label="Map or unit", values=range(32), value=0),
            Slider(
                name="place",
                label="Place in the map",
                values=range(144),
                value=66,
                off={"layer": [name for name, of in LAYERS.items() if of["side"] == 1]},
            ),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "The network reads {answer} with {percent:.1f}%; next comes {second} with "
            "{second_percent:.1f}%.",
            "Without your strokes it reads {was} with {was_percent:.1f}%.",
            "In {label}, row {row} and column {column} of map {m} says {value:.2f}.",
            "In {label}, unit {unit} says {value:.2f}.",
            "Without your strokes it says {before:.2f}.",
            "It sees rows {top} to {bottom} and columns {left} to {right} of the input.",
        ],
        equation=[
            f"{place} = {total} = {{value:.2f}}",
            f"{place} = max({{four}}) = {{value:.2f}}",
            f"{{label}}[{{hidden}}] = {total} = {{value:.2f}}",
            "<i>s</i>({score}) = Σ of {weights} products + <i>b</i> = {products:.2f} "
            "{bias:term .2f} = {value:.2f}",
            "<i>p</i>({score}) = <i>e</i><sup>{value:.2f}</sup> / Σ <i>e</i><sup><i>s</i></sup> = "
            "{probability:.3f}",
            "receptive field: {field} = {sees}",
        ],
        code="scores, cache = models.lenet_small().forward(params, X)",
        alt="A handwritten 3 of 16 by 16 pixels. Beside it maps of the layers C1, S2, C3 and S4: "
        "edges of the digit in the first, ever coarser spots in the others. Below, the 25 products "
        "that one unit sums, and the probabilities of the ten digits; {answer} gets {percent:.1f} "
        "percent.",
        question="The network is sure of this 3. Two short strokes along its left side leave a "
        "small gap between them. What does it read then?",
        reveal={"edits": strokes, "show": "changes"},
        answers={
            "Still a 3": "No. The strokes change little of the sheet, but they change what the "
            "shape is.",
            "An 8": "Yes, and the 3 is gone. Look at the maps: the edges that are new appear in "
            "C1, and every layer above passes the news on.",
            "It cannot decide": "No. It is nearly as sure of its new answer as it was of the old "
            "one.",
        },
    )


def _described(name):
    of = LAYERS[name]
    if of["side"] == 1:
        return f"{of['label']}: {of['maps']} units"
    return f"{of['label']}: {of['maps']} maps of {of['side']} × {of['side']}"
