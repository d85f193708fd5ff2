"""Lab ``autograd`` (chapter 05): the graph of the reader's formula, forward and backward."""

import math
from itertools import groupby

from byhand.labs import computation
from byhand.labs.computation import (
    GATES,
    KINKS,
    POWERS,
    VARIABLES,
    WHY,
    bracketed,
    fill,
    graph_of,
    number,
    said,
    why,
)
from byhand.labs.controls import Formula, Scrubber, Slider
from byhand.labs.formula import written
from byhand.labs.lab import Lab
from byhand.labs.text import show

EXAMPLES = {
    "logistic loss with decay": "log(1 + exp(-(w x))) + w^2/8",
    "the chapter's x y + x": "x y + x",
    "a neuron and its error": "(sigmoid(w x + b) - z)^2/2",
    "a shared factor": "(x + y)(x + y)",
    "softmax of three": "exp(x)/(exp(x) + exp(y) + exp(z))",
    "x to the power x": "x^x",
    "two kinks": "max(x, y) + relu(z - 1)",
    "a logarithm": "log(x - y)",
    "a diamond": "(x/2 + x/2)^2",
}
START = {"w": 0.5, "x": 3.0, "y": 2.0, "z": 1.0, "b": -1.0}
STOPS = [quarter / 4 for quarter in range(-16, 17)]
PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
LAST = 2 * computation.MOST + 1  # stop of the longest walk


def state(formula, w, x, y, z, b):
    """Walk the graph of a formula: every value, every share of a gradient, and their words."""
    nodes = graph_of(formula)
    inputs = {"w": w, "x": x, "y": y, "z": z, "b": b}
    own = {node.op: inputs[node.op] for node in nodes if node.op in VARIABLES}
    values = computation.forward(nodes, own)
    shares = [] if values[-1] is None else computation.backward(nodes, values)
    gates = [k for k, node in enumerate(nodes) if node.of]
    steps = [*forward_steps(nodes, values, gates), *backward_steps(nodes, values, shares)]
    whole = values[-1] is not None and all(math.isfinite(share.after) for share in shares)
    gradients = {len(nodes) - 1: 1.0} | {share.to: share.after for share in shares}
    last = {}
    for name in VARIABLES:
        at = [k for k, node in enumerate(nodes) if node.op == name and whole]
        last[f"d_{name}"] = number(gradients[at[0]]) if at else None
    final = len(steps) - 1
    out = None if values[-1] is None else number(values[-1])
    return {
        "written": written(formula, VARIABLES),
        "given": listed(f"{name} = {show(value)}" for name, value in own.items()),
        "kink": kink(nodes, values),
        "code": code(nodes, own),
        "nodes": [
            {
                "name": node.name,
                "op": node.op,
                "value": values[k],
                "gradient": gradients.get(k) if whole else None,
                "difference": computation.difference(nodes, own, node.op)
                if node.op in own
                else None,
            }
            for k, node in enumerate(nodes)
            if node.op != "number"
        ],
        "shares": [
            {
                "stop": share.stop,
                "from": nodes[share.gate].name,
                "to": nodes[share.to].name,
                "local": share.local,
                "upstream": share.upstream,
                "share": share.share,
            }
            for share in shares
            if math.isfinite(share.after)
        ],
        **{f"has_{name}": "yes" if name in own else "no" for name in VARIABLES},
        "series": {
            "doing": [doing for doing, *_ in steps],
            "line": [line for _, line, _ in steps],
            "second": [second for *_, second in steps],
            "out": [out if stop >= len(gates) else None for stop in range(len(steps))],
            **{name: [None] * final + [value] for name, value in last.items()},
        },
    }


def listed(words):
    """Return words as a list in a sentence."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def italic(name):
    """Return a name as markup; a number is none."""
    return f"<i>{name[0]}</i>{name[1:]}" if name[0].isalpha() else name


def markup(op, arguments):
    """Write a gate with its arguments as markup."""
    base, *exponent = said(op, arguments).split("^")
    return base + "".join(f"<sup>{text}</sup>" for text in exponent)


def names_of(nodes, node):
    """Return the names of what a gate reads."""
    return [nodes[i].name for i in node.of]


def forward_steps(nodes, values, gates):
    """Yield the words and the equations of each stop forward, up to a gate without a value."""
    yield "Only the inputs are known.", None, None
    for k in gates:
        node = nodes[k]
        read = [values[i] for i in node.of]
        names, numbers = names_of(nodes, node), [number(value) for value in read]
        ends = f"= {number(values[k])}" if values[k] is not None else "has no value"
        reason = "" if values[k] is not None else f": {why(node.op, read)}"
        yield (
            f"Forward: {node.name} = {said(node.op, names)} = {said(node.op, numbers)} "
            f"{ends}{reason}.",
            f"{italic(node.name)} = {markup(node.op, map(italic, names))} = "
            f"{markup(node.op, numbers)} {ends}",
            None,
        )
        if values[k] is None:
            return
    yield "Backward starts at the output: ∂f/∂f = 1.", "∂<i>f</i>/∂<i>f</i> = 1", None


def backward_steps(nodes, values, shares):
    """Yield the words and the equations of each stop backward, up to a slope that is none."""
    for _, group in groupby(shares, key=lambda share: share.stop):
        sent = list(group)
        node = nodes[sent[0].gate]
        names = names_of(nodes, node)
        through = f"Backward through {node.name} = {said(node.op, names)}"
        upstream = number(sent[0].upstream)
        parts, lines = [], []
        for share in sent:
            to = nodes[share.to].name
            if not math.isfinite(share.after):
                at = number(values[share.to])
                large = math.isfinite(share.local)
                what = f"gradient of {to}" if large else f"local derivative by {to}"
                ends = "is larger than a float can be" if large else "does not exist"
                yield (
                    f"{through}: at {to} = {at} the {what} {ends}, and the gradient ends here.",
                    None,
                    None,
                )
                return
            product = f"{bracketed(number(share.local))} × {bracketed(upstream)}"
            had = any(other.to == share.to for other in shares[: shares.index(share)])
            before, after = number(share.before), number(share.after)
            sum_ = f"{before} + " if had else ""
            parts.append(f"{to} gets {product} = {number(share.share)}")
            if had:
                parts[-1] += f", which makes {after} with the {before} that it had"
            template = GATES[node.op].derivatives[share.argument]
            derivative = fill(template, map(bracketed, map(italic, names)))
            derivative = derivative.replace("{q}", italic(node.name))
            lines.append(
                f"∂<i>f</i>/∂{italic(to)} = {sum_}{derivative} · ∂<i>f</i>/∂{italic(node.name)} = "
                f"{sum_}{product} = {after}"
            )
        yield (
            f"{through}, whose gradient is {upstream}: {'; '.join(parts)}.",
            lines[0],
            lines[1] if lines[1:] else None,
        )


def kink(nodes, values):
    """Say which gate stands at a kink, the first one if several do."""
    for node in nodes:
        if node.op not in KINKS:
            continue
        first, second = [*(values[i] for i in node.of), 0.0][:2]
        if first is not None and first == second and len({*node.of}) == len(node.of):
            name = said(node.op, names_of(nodes, node))
            return f"{node.name} = {name} stands at a kink: {KINKS[node.op]}."
    return None


def code(nodes, own):
    """Return the graph as lines of ``dlcore.autograd``, a line a gate."""
    names = ", ".join(own)
    lines = [f"{name} = autograd.Node({python(value)})" for name, value in own.items()]
    for node in nodes:
        if not node.of:
            continue
        template = GATES[node.op].python
        kinds = ["number" if nodes[i].op == "number" else "node" for i in node.of]
        if node.op == "^" and kinds[1] == "node":
            template = POWERS[kinds[0]]
        read = [
            nodes[i].name if nodes[i].number is None else python(nodes[i].number).removesuffix(".0")
            for i in node.of
        ]
        lines.append(f"{node.name} = {fill(template, read)}")
    slopes = "".join(f"d{name}, " for name in own)[: -1 if len(own) == 1 else -2]
    lines.append(f"{slopes} = autograd.gradients({nodes[-1].name}, {names})")
    return "\n".join(lines).translate(PLAIN)


def python(value):
    """Write a number as Python does a float."""
    return repr(float(value))


def shared():
    """Return the words of the gates."""
    return {
        "gates": {
            op: {
                "sign": gate.sign,
                "said": gate.said,
                "python": gate.python,
                "derivatives": gate.derivatives,
                "kink": KINKS.get(op, ""),
                "why": WHY.get(op, WHY["large"]),
            }
            for op, gate in GATES.items()
        },
        "powers": POWERS,
        "zero": WHY["zero"],
        "large": WHY["large"],
    }


def autograd():
    """Return the lab of chapter 05: how does a program find the gradient of any formula."""
    return Lab(
        name="autograd",
        title="The gradient of your formula",
        note="A formula of w, x, y, z and b becomes a graph; what is written twice in it is "
        "computed once. It may hold +, −, ·, /, powers and the functions "
        f"{listed(computation.FUNCTIONS)}. The check (≈) is a central difference with a step of "
        f"{computation.EPS} (times the value, if that is above 1). Your browser does the "
        "arithmetic.",
        controls=[
            Formula(
                name="formula",
                label="Formula f",
                value=next(iter(EXAMPLES.values())),
                examples=list(EXAMPLES.values()),
                titles=list(EXAMPLES),
                reads="graph",
            ),
            *(
                Slider(
                    name=name,
                    label=name,
                    values=STOPS,
                    value=value,
                    bounds=(-9, 9),
                    off={
                        "formula": [text for text in EXAMPLES.values() if not reads(text, name)],
                        f"has_{name}": ["no"],
                    },
                )
                for name, value in START.items()
            ),
            Scrubber(name="step", label="Step", values=range(LAST + 1), value=12, frame=900),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "{given}.",
            "{doing}",
            "f is {out}.",
            *(f"∂f/∂{name} is {{d_{name}}}." for name in VARIABLES),
            "{kink}",
        ],
        equation=["<i>f</i> = {written}", "{line}", "{second}"],
        code="{code}",
        alt="A graph from w = {w} and x = {x} through eight gates to f = {out}. Two ways lead from "
        "w to f: one through the product w x, the exponential and the logarithm, the other "
        "through the square of w. Each box shows its value and, as far as the way back has come, "
        "the gradient of f.",
        question="The decay w²/8 has just sent w its share, 0.125. Along the other way the loss "
        "will send −0.547. What is ∂f/∂w in the end?",
        reveal={"step": 17},
        answers={
            "−0.547": "No: a program that writes = where it should write += finds that, because "
            "the last share replaces the first. The two shares add up to −0.422.",
            "−0.0684": "No: factors multiply along one way. The shares of two ways add up, to "
            "0.125 − 0.547 = −0.422.",
            "−0.422": "Yes. A node that is read twice gets a share from each reader, and its "
            "gradient is their sum, 0.125 − 0.547.",
        },
    )


def reads(text, name):
    """Return whether a formula has a variable."""
    return any(node.op == name for node in graph_of(text))
