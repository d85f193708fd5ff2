"""Lab ``architectures`` (chapter 19): where a network's numbers are, layer by layer."""

import math
from functools import cache

from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.lab import Lab
from byhand.labs.text import show
from dlcore import models
from dlcore.errors import ShapeError
from dlcore.network import Sequential

PUBLISHED_SIZE = 0  # of the slider
SIZES = (24, 32, 48, 67, 80, 96, 112, 128, 160, 192, 224, 227, 256, 320, 384)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
NETS = {  # the published size, the channels there, dlcore's call
    "lenet5": ("LeNet-5", 32, 1, "lenet5({})"),
    "alexnet": ("AlexNet", 227, 3, "alexnet({})"),
    "alexnet2": ("AlexNet, two groups", 227, 3, "alexnet({}, groups=2)"),
    "vgg11": ("VGG-11", 224, 3, "vgg11({})"),
    "vgg16": ("VGG-16", 224, 3, "vgg16({})"),
}
AS_PUBLISHED = {  # parameters at the published size
    "lenet5": 60_000,
    "alexnet": 62_378_344,
    "alexnet2": 60_965_224,
    "vgg11": 132_863_336,
    "vgg16": 138_357_544,
}
NOTHING = "none"  # stands beside a network
LAYERS = range(1, 22)  # VGG-16: 13 convolutions, 5 poolings, 3 dense
INPUT_KEPT = ("Conv2d", "Conv2dConnected", "Affine", "FixedRBF")  # for the way back
WITHIN = ("ReLU", "ScaledTanh", "Dropout", "Flatten")  # belong to the row of the layer before


def network(net, size):
    """Return a network that reads images of this size; LeNet-5 reads one size only."""
    match net:
        case "lenet5":
            return models.lenet5()
        case "alexnet2":
            return models.alexnet(groups=2, size=size)
        case _:
            return getattr(models, net)(size=size)


@cache
def table(net, size):
    """Return the rows of ``models.summary``, and the first layer that does not fit, or None.

    Where a layer does not fit there are the rows of those before it.
    """
    _, published, channels, _ = NETS[net]
    shape = (channels, size, size)
    try:
        return models.summary(network(net, size), shape).rows, None
    except ShapeError:
        layers, fitting = network(net, published).layers, {}
    rows = ()
    for name, layer in layers.items():
        fitting[name] = layer
        try:
            rows = models.summary(Sequential(**fitting), shape).rows
        except ShapeError:
            return rows, name


def merged(rows):
    """Return one dict a layer: activations, dropout and flattening count with what they follow."""
    found = []
    for row in rows:
        if row.layer not in WITHIN:
            found.append(
                {"name": row.name, "type": row.layer, "output": row.output, "parameters": 0,
                 "macs": 0, "kept": 0}
            )  # fmt: skip
        found[-1]["parameters"] += row.parameters
        found[-1]["macs"] += row.multiply_adds
        found[-1]["kept"] += row.cache_bytes
    return found


def window(layer):
    """Return size, stride and padding of a layer with a window, else None."""
    if not hasattr(layer, "size"):
        return None
    stride = getattr(layer, "stride", None)
    return [layer.size, layer.size if stride is None else stride, getattr(layer, "padding", 0)]


@cache
def specs(net):
    """Return what the browser counts with, one dict a layer.

    ``weights`` are those of a convolution or a pooling, which depend on no image. A dense layer has
    one for each pair of an input and an output. ``keeps`` are the bytes kept for the way back for
    each number of the input, and of the output.
    """
    _, size, channels, _ = NETS[net]
    net = network(net, size)
    found, read = [], channels * size * size
    for row in models.summary(net, (channels, size, size)).rows:
        out = math.prod(row.output)
        if row.layer in WITHIN:
            found[-1]["keeps"][1] += row.cache_bytes // out
            continue
        by_input = row.layer in INPUT_KEPT
        biases = row.output[0] if row.parameters else 0
        found.append(
            {
                "name": row.name,
                "window": window(net.layers[row.name]),
                "dense": len(row.output) == 1,
                "trained": row.parameters > 0,
                "channels": row.output[0],
                "weights": row.parameters - biases,
                "keeps": [row.cache_bytes // read, 0] if by_input else [0, row.cache_bytes // out],
            }
        )
        read = out
    return found


def side_of(net, size):
    """Return the side of the images that a network reads where the slider is at ``size``."""
    published = NETS[net][1]
    return published if net == "lenet5" or size == PUBLISHED_SIZE else size


def compared(net, beside, size):
    """Say how much larger the network beside is, with None where there is nothing to compare."""
    nothing = {"rival": None, "more": None, "harder": None}
    if beside in (NOTHING, net):
        return nothing
    own, others = (table(name, side_of(name, size)) for name in (net, beside))
    if own[1] or others[1]:  # one of them does not fit
        return nothing
    held = {key: [sum(getattr(row, key) for row in rows) for rows in (own[0], others[0])]
            for key in ("parameters", "multiply_adds")}  # fmt: skip
    more, harder = (times(theirs / ours) for ours, theirs in held.values())
    return {"rival": NETS[beside][0], "more": more, "harder": harder}


def state(net, beside, size, batch):
    """Count everything, and write down each layer's part, one layer a stop."""
    title, published, channels, call = NETS[net]
    rivalry = compared(net, beside, size)
    size = side_of(net, size)
    rows, failed = table(net, size)
    fits = failed is None
    layers, side, series = network(net, published).layers, size, {}
    rows = merged(rows)
    total = {key: sum(row[key] for row in rows) for key in ("parameters", "macs", "kept")}
    memory = 4 * total["parameters"] + batch * total["kept"]
    for row in rows:
        k, s, p = window(layers[row["name"]]) or (None, None, None)
        out = row["output"][1] if len(row["output"]) == 3 else 1
        stop = {
            "name": row["name"],
            "shape": "×".join(map(str, row["output"])),
            "holds": row["parameters"] or None,
            "share": row["parameters"] / total["parameters"] if fits else None,
            "does": row["macs"] or None,
            "work": row["macs"] / total["macs"] if fits else None,
            "needs": (4 * row["parameters"] + batch * row["kept"]) / memory if fits else None,
            "frame": side,
            "k": k,
            "s": s,
            "p": p,
            "out": out,
            "places": out * out,
            "weights": row["macs"] // (out * out),
            "biases": row["output"][0],
        }
        for name, value in stop.items():
            series.setdefault(name, []).append(value)
        side = out
    return {
        "title": title,
        "side": size,
        "parameters": total["parameters"] if fits else None,
        "macs": total["macs"] if fits else None,
        "other": AS_PUBLISHED[net] if fits and size != published else None,
        "home": published,
        "failed": failed,
        "gap": None if fits else window(layers[failed])[0],
        "left": side,
        "smallest": smallest(net),
        "takes": large(memory) if fits else None,
        "kept": large(batch * total["kept"]),
        "call": call.format("" if net == "lenet5" else f"size={size}"),
        "channels": channels,
        "series": series,
    } | rivalry


def large(count):
    """Write a number of bytes as a reader does: 3.21 MB, 27.0 GB."""
    return f"{show(count / 1e9, '.3g')} GB" if count >= 1e9 else f"{show(count / 1e6, '.3g')} MB"


def times(factor):
    """Write how many times as a reader does: 0.0734, 13.6, 5,628."""
    return show(factor, ".3g" if factor < 999.5 else ",d")


def smallest(net):
    """Return the smallest of the sizes that a network can read."""
    return next((size for size in SIZES if table(net, size)[1] is None), None)


def shared():
    """Return the layers of every network, and its work at its published size."""
    nets = {}
    for net, (title, size, channels, call) in NETS.items():
        rows, _ = table(net, size)
        nets[net] = {
            "title": title,
            "home": size,
            "channels": channels,
            "call": call,
            "layers": specs(net),
            "smallest": smallest(net),
            "published": AS_PUBLISHED[net],
            "macs": sum(row.multiply_adds for row in rows),
        }
    return {"nets": nets}


def architectures():
    """Return the lab of chapter 19: shapes, parameters, multiply-adds and memory, by layer."""
    return Lab(
        name="architectures",
        title="Where are the numbers?",
        note="Rest on a layer to see its arithmetic, click to stay there. A dense layer has no "
        "sides and stands upright. What follows a layer at once (ReLU, dropout) counts with it. "
        "Memory is that of the parameters and of what a batch leaves for the way back, in float32. "
        "LeNet-5 reads 32 × 32 pixels only.",
        controls=[
            Select(
                name="net",
                label="Network",
                options={net: title for net, (title, *_) in NETS.items()},
                value="alexnet",
            ),
            Select(
                name="beside",
                label="Beside it",
                options={NOTHING: "nothing"} | {net: title for net, (title, *_) in NETS.items()},
                value="vgg16",
            ),
            Slider(
                name="size",
                label="Image side",
                values=(PUBLISHED_SIZE, *SIZES),
                value=PUBLISHED_SIZE,
                off={"net": ["lenet5"]},
                words={PUBLISHED_SIZE: "as published"},
            ),
            Slider(
                name="batch", label="Batch", values=BATCHES, value=1, off={"parameters": [None]}
            ),
            Scrubber(name="layer", label="Layer", values=LAYERS, value=1, frame=500),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "{title} on images of {side} × {side} has {parameters:,d} parameters and does "
            "{macs:,d} multiply-adds an image.",
            "As published, on {home} × {home}, it has {other:,d} parameters.",
            "{title} cannot read images of {side} × {side}: layer {failed} has a window of "
            "{gap} × {gap}, and only {left} × {left} numbers of each map are left. Of the sizes "
            "here it needs at least {smallest}.",
            "Layer {name} returns {shape}.",
            "It has {share:.1%} of the parameters, {work:.1%} of the work and {needs:.1%} of the "
            "memory.",
            "A batch of {batch} takes {takes}, of them {kept} for the way back.",
            "{rival} has {more} times its parameters and does {harder} times its work.",
        ],
        equation=[
            "⌊({frame} + 2·{p} − {k}) / {s}⌋ + 1 = {out}",
            "{weights:,d weight} + {biases:,d bias} = {holds:,d} parameters",
            "{weights:,d weight} · {places:,d place} = {does:,d} multiply-adds",
        ],
        code="net = models.{call}\nmodels.summary(net, ({channels}, {side}, {side}))",
        alt="The layers of {title} and of {rival} as blocks, ever lower and wider, below each a "
        "square for its parameters: those of the first dense layers are by far the largest. Then "
        "three columns of bars, a row a layer of {title}: fc6 holds most of the parameters and of "
        "the memory, and the convolutions do most of the work. A map has all five networks.",
        question="AlexNet reads 227 × 227 pixels with 62 million parameters. Give it 112 × 112 "
        "instead. The work falls to less than a quarter. And the parameters?",
        reveal={"size": 112},
        answers={
            "They stay: a kernel does not know the image": "No. The convolutions keep "
            "theirs. But fc6 reads 2 × 2 places of each map instead of 6 × 6.",
            "They fall to about half": "Yes. The convolutions keep theirs, but fc6 reads 2 × 2 "
            "places of each map instead of 6 × 6.",
            "They fall to a quarter, like the work": "No. The convolutions, fc7 and fc8 "
            "keep theirs; only fc6 reads 2 × 2 places of each map instead of 6 × 6.",
        },
    )
