"""Lab ``graph`` (chapter 02): one neuron as a graph of gates, walked forward and backward."""

import math

from byhand.labs.controls import Scrubber, Slider
from byhand.labs.lab import Lab
from byhand.labs.text import show

INPUTS = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}  # the chapter's example
WEIGHTS = ["w0", "w1", "w2"]  # what a step moves; x is data
STOPS = [half / 2 for half in range(-8, 9)]
EPS = 1e-4  # of the differences; relative to values above 1
RATE = 1.0

MULTIPLY = (lambda a, b: a * b, lambda a, b: (b, a))  # a gate: its function, its local gradients
ADD = (lambda a, b: a + b, lambda a, b: (1.0, 1.0))
GATES = {  # node: sign, the nodes it reads, gate; in an order in which each node is computed
    "p0": ("×", ("w0", "x0"), MULTIPLY),
    "p1": ("×", ("w1", "x1"), MULTIPLY),
    "s": ("+", ("p0", "p1"), ADD),
    "z": ("+", ("s", "w2"), ADD),
    "n": ("· (−1)", ("z",), (lambda z: -z, lambda z: (-1.0,))),
    "e": ("exp", ("n",), (math.exp, lambda n: (math.exp(n),))),
    "g": ("+ 1", ("e",), (lambda e: e + 1, lambda e: (1.0,))),
    "L": ("1/·", ("g",), (lambda g: 1 / g, lambda g: (-1 / g**2,))),
}
NODES = [*INPUTS, *GATES]
WRITTEN = {"n": "q₁", "e": "q₂", "g": "q₃", "L": "a"}  # as the chapter calls the last four gates
PLACES = {  # how many gates deep, and in which lane
    "w0": (0, 0), "x0": (0, 1), "w1": (0, 2), "x1": (0, 3), "w2": (0, 4), "p0": (1, 0.5),
    "p1": (1, 2.5), "s": (2, 1.5), "z": (3, 2), "n": (4, 2), "e": (5, 2), "g": (6, 2), "L": (7, 2),
}  # fmt: skip

# The walk: the inputs, each gate forward, the first gradient, each gate backward, a step, its end.
SEED = len(GATES) + 1
FORWARD = {node: 1 + i for i, node in enumerate(GATES)}
BACKWARD = {node: SEED + 1 + i for i, node in enumerate(reversed(["p1", "p0", *list(GATES)[2:]]))}
STEP = SEED + len(GATES) + 1
WALK = range(STEP + 2)


def sub(node):
    """Write a node's name as a reader reads it: ``w₀``."""
    return WRITTEN.get(node, node.translate(str.maketrans("012", "₀₁₂")))


def forward(inputs, **held):
    """Return the value of every node; ``held`` nodes keep the value that is given."""
    values = inputs | held
    for node, (_, of, (function, _)) in GATES.items():
        if node not in held:
            values[node] = function(*(values[name] for name in of))
    return values


def backward(values):
    """Return da/d(node) of every node: local gradient times upstream gradient."""
    grads = {"L": 1.0}
    for node, (_, of, (_, local)) in reversed(GATES.items()):
        slopes = local(*(values[name] for name in of))
        grads |= {name: slope * grads[node] for name, slope in zip(of, slopes, strict=True)}
    return grads


def numerical(inputs, values):
    """Return da/d(node) of every node by central differences."""
    grads = {}
    for node, value in values.items():
        h = EPS * max(1.0, abs(value))
        change = [forward(inputs, **{node: value + side})["L"] for side in (h, -h)]
        grads[node] = (change[0] - change[1]) / (2 * h)
    return grads


def state(w0, x0, w1, x1, w2):
    """Walk the graph: every node's value, gradient and difference, and one step of the weights."""
    inputs = {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": w2}
    values = forward(inputs)
    grads = backward(values)
    after = forward(inputs | {name: inputs[name] - RATE * grads[name] for name in WEIGHTS})
    numbers = values | {"promised": values["L"] - RATE * sum(grads[w] ** 2 for w in WEIGHTS)}
    for start, found in (("d_", grads), ("check_", numerical(inputs, values)), ("new_", after)):
        numbers |= {start + node: found[node] for node in NODES}
    series = {
        name: [numbers[number] if first <= i <= last else None for i in WALK]
        for name, (first, last, number) in told().items()
    }
    falls = [None] * (STEP + 1) + [change(values["L"], after["L"])]
    return numbers | {"series": series | {"doing": doing(), "change": falls}}


def change(before, now):
    """Say what the step has done to the output, in the digits that are shown."""
    before, now = show(before, ".3g"), show(now, ".3g")
    if before == now:
        return f"a stays at {before} in these digits: the gradient is too small for this step."
    return f"a falls from {before} to {now}."


def told():
    """Return what a sentence can name at some stops only: name -> first stop, last stop, number."""
    found = {f"at_{node}": (stop, stop, node) for node, stop in FORWARD.items()}
    found |= {"by_L": (SEED, SEED, "d_L")}
    for node, stop in BACKWARD.items():
        found |= {f"by_{name}": (stop, stop, f"d_{name}") for name in GATES[node][1]}
    found |= {f"all_{name}": (STEP - 1, STEP + 1, f"d_{name}") for name in INPUTS}
    found |= {f"to_{name}": (STEP, STEP, f"new_{name}") for name in WEIGHTS}
    return found | {"out": (FORWARD["L"], STEP, "L"), "then": (STEP + 1, STEP + 1, "new_L")}


def doing():
    """Say what happens at each stop of the walk."""
    said = {0: "Only the inputs are known.", SEED: "Backward starts at the output: ∂a/∂a = 1."}
    for node, (sign, of, _) in GATES.items():
        names, gate = " and ".join(map(sub, of)), f"the gate {sign}"
        said[FORWARD[node]] = f"Forward: {gate} makes {sub(node)} from {names}."
        said[BACKWARD[node]] = (
            f"Backward: {gate} hands the gradient of {sub(node)} on to {names}, times its own "
            "derivative."
        )
    said[STEP] = f"One step at rate {RATE:g}: each weight moves against its gradient; x is data."
    said[STEP + 1] = "Forward again, with the new weights."
    return [said[stop] for stop in WALK]


def shared():
    """Return the graph, for the drawing, and the words of the walk."""
    return {
        "nodes": [
            {
                "node": node,
                "name": sub(node),
                "sign": GATES[node][0] if node in GATES else "",
                "of": GATES[node][1] if node in GATES else (),
                "depth": PLACES[node][0],
                "lane": PLACES[node][1],
                "forward": FORWARD.get(node, 0),
                "backward": next((BACKWARD[g] for g in GATES if node in GATES[g][1]), SEED),
                "turn": BACKWARD.get(node, -1),
            }
            for node in NODES
        ],
        "told": told(),
        "weights": WEIGHTS,
        "rate": RATE,
        "eps": EPS,
        "step": STEP,
        "doing": doing(),
    }


def graph():
    """Return the lab of chapter 02: how does a gradient travel through a graph of gates."""
    by, up = "∂<i>a</i>/∂", " · ∂<i>a</i>/∂"
    i = {node: f"<i>{sub(node)[0]}</i>{sub(node)[1:]}" for node in NODES}

    def times(name, other, product):
        return (
            f"{by}{i[name]} = {i[other]}{up}{i[product]} = "
            f"{{{other}}} × {{d_{product}:factor .3g}} = {{by_{name}:.3g}}"
        )

    def plus(name, total):
        return f"{by}{i[name]} = 1{up}{i[total]} = 1 × {{d_{total}:factor .3g}} = {{by_{name}:.3g}}"

    return Lab(
        name="graph",
        title="How does a gradient travel?",
        note="One neuron, a = σ(w₀x₀ + w₁x₁ + w₂), taken apart into gates, at the chapter's "
        "example. Drag an input sideways to change it; click a gate to go to its turn. The check "
        f"(≈) is a central difference with a step of {EPS} (times the value, if that is above 1).",
        controls=[
            *(
                Slider(name=name, label=sub(name), values=STOPS, value=value, bounds=(-9, 9))
                for name, value in INPUTS.items()
            ),
            Scrubber(name="walk", label="Walk", values=WALK, value=SEED, frame=1000),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "w = ({w0}, {w1}, {w2}) and x = ({x0}, {x1}).",
            "{doing}",
            "a = {out:.3g}.",
            "Its gradient is {all_w0:.3g} for w₀, {all_x0:.3g} for x₀, {all_w1:.3g} for w₁, "
            "{all_x1:.3g} for x₁ and {all_w2:.3g} for w₂.",
            "{change}",
        ],
        equation=[
            "<i>a</i> = σ(<i>w</i>₀<i>x</i>₀ + <i>w</i>₁<i>x</i>₁ + <i>w</i>₂)",
            "<i>p</i>₀ = <i>w</i>₀ <i>x</i>₀ = {w0} × {x0:factor} = {at_p0:.3g}",
            "<i>p</i>₁ = <i>w</i>₁ <i>x</i>₁ = {w1} × {x1:factor} = {at_p1:.3g}",
            "<i>s</i> = <i>p</i>₀ + <i>p</i>₁ = {p0:.3g} {p1:+.3g} = {at_s:.3g}",
            "<i>z</i> = <i>s</i> + <i>w</i>₂ = {s:.3g} {w2:+.3g} = {at_z:.3g}",
            "<i>q</i>₁ = −<i>z</i> = {at_n:.3g}",
            "<i>q</i>₂ = exp({n:.3g}) = {at_e:.3g}",
            "<i>q</i>₃ = {e:.3g} + 1 = {at_g:.3g}",
            "<i>a</i> = 1 / {g:.3g} = {at_L:.3g}",
            f"{by}<i>a</i> = {{by_L:.3g}}",
            f"{by}<i>q</i>₃ = −1/<i>q</i>₃²{up}<i>a</i> = −1/{{g:.3g}}² × 1 = {{by_g:.3g}}",
            plus("e", "g"),
            f"{by}<i>q</i>₁ = exp(<i>q</i>₁){up}<i>q</i>₂ = {{e:.3g}} × {{d_e:factor .3g}} = "
            "{by_n:.3g}",
            f"{by}<i>z</i> = −1{up}<i>q</i>₁ = −1 × {{d_n:factor .3g}} = {{by_z:.3g}}",
            "the last four gates in one: <i>a</i>(1 − <i>a</i>) = {L:.3g} × (1 − {L:.3g}) = "
            "{by_z:.3g}",
            plus("s", "z"),
            plus("w2", "z"),
            plus("p0", "s"),
            plus("p1", "s"),
            times("w0", "x0", "p0"),
            times("x0", "w0", "p0"),
            times("w1", "x1", "p1"),
            times("x1", "w1", "p1"),
            *(
                f"{i[w]} ← {i[w]} − 1 · {by}{i[w]} = {{{w}}} − 1 × {{d_{w}:factor .3g}} = "
                f"{{to_{w}:.3g}}"
                for w in WEIGHTS
            ),
            "<i>a</i> = {then:.3g} now; it was {L:.3g}, and the gradient promised {promised:.3g}",
        ],
        code="Z, cache = affine_forward(X, W, b)\nA, gate = sigmoid_forward(Z)\n"
        "dZ = sigmoid_backward(np.ones_like(A), gate)\ndX, dW, db = affine_backward(dZ, cache)",
        alt="A graph from five inputs through eight gates to the output, {L:.3f}. Each node shows "
        "its value and, below it, the gradient of the output: {d_w0:.3f}, {d_x0:.3f}, {d_w1:.3f}, "
        "{d_x1:.3f} and {d_w2:.3f} at the inputs.",
        question="Set x₀ to 0. Which gradient becomes 0 then?",
        reveal={"x0": 0.0, "walk": BACKWARD["p1"]},
        answers={
            "That of x₀": "No, that of w₀. A product's derivative by one factor is the "
            "other factor: x₀ = 0 silences w₀, and x₀ itself still feels w₀.",
            "That of w₀": "Yes. The gate × hands each factor the other one times the gradient, and "
            "for w₀ the other one is 0.",
            "Both": "No, only that of w₀. The derivative of w₀x₀ by x₀ is w₀ = 2, whatever x₀ is.",
        },
    )
