"""Lab ``backprop-debugger`` (chapter 05): a backward pass line by line, right or with a mistake."""

import ast
import re
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from byhand.labs.controls import Scrubber, Select
from byhand.labs.lab import Lab
from byhand.labs.text import show
from dlcore.activations import softmax
from dlcore.gradcheck import numerical_gradient, relative_difference

SEED = 5
N = 4  # examples in the batch; "one example" is the first of them
TOLERANCE = 1e-7  # as in gradcheck.check_gradient

# Units from the input to the output. In each net one W is square: there a transposed W fits.
SIZES = {"affine": (2, 2), "two": (3, 2, 2), "three": (3, 2, 2, 1), "softmax": (2, 3, 3)}
NETS = {
    "affine": "affine",
    "two": "affine–tanh–affine",
    "three": "three layers",
    "softmax": "affine–tanh–affine–softmax",
}
BATCHES = {"batch": f"a batch of {N}", "one": "one example"}
MISTAKES = {
    "none": "none",
    "transpose": "W transposed on the way back",
    "forgotten": "tanh′ forgotten",
    "at_a": "tanh′ taken at a instead of z",
    "no_sum": "db not summed over the examples",
    "twice": "1/N once more, in dW and db",
    "sign": "target minus output",
}
HARMLESS = {  # why a mistake can change nothing
    "forgotten": "This net has no tanh, so there is no tanh′ to forget: pick a deeper net.",
    "at_a": "This net has no tanh, so there is no tanh′ to take anywhere: pick a deeper net.",
    "twice": "With one example N is 1, and dividing by it again changes nothing: a gradient check "
    "needs a batch.",
}


# --- the net as lines of code ---


@dataclass(frozen=True)
class Line:
    """One line of a forward or a backward pass.

    The code is kept as text and evaluated: the line that is shown is the line that ran.
    """

    name: str  # of the array that it computes
    code: str
    equation: str
    rule: str
    function: str  # where dlcore computes it
    wrong: dict = field(default_factory=dict)  # the code by mistake

    @property
    def backward(self):
        """Whether the line computes a gradient."""
        return self.name.startswith("d")

    def run(self, values, mistake="none"):
        """Compute the array from those before it."""
        code = self.wrong.get(mistake, self.code)
        return eval(code, {"np": np, "softmax": softmax, "N": len(values["X"])}, values)


def label(name):
    """Write ``dW1`` as it is read: dW₁."""
    return re.sub(r"\d", lambda digit: "₀₁₂₃"[int(digit[0])], name)


def math(name):
    """Write ``dW1`` as it stands in an equation."""
    return re.sub(r"[A-Za-z]+", r"<i>\g<0></i>", label(name))


def names(net, layer):
    """Return the names of a layer's input, weights, bias, and output; a lone layer has no index."""
    if len(SIZES[net]) == 2:
        return "X", "W", "b", "Z"
    return f"A{layer - 1}" if layer > 1 else "X", f"W{layer}", f"b{layer}", f"Z{layer}"


@cache
def program(net):
    """Return the lines of a net: forward to the cost J, and back to dX."""
    layers = range(1, len(SIZES[net]))
    forward = [line for layer in layers for line in forward_lines(net, layer)]
    backward = [line for layer in reversed(layers) for line in backward_lines(net, layer)]
    return forward[:-1] + loss_lines(net) + backward  # the last layer has no activation


def forward_lines(net, layer):
    """Return the affine map and the activation."""
    A, W, b, Z = names(net, layer)
    activation = f"A{layer}"
    return [
        Line(
            Z,
            f"{A} @ {W}.T + {b}",
            f"{math(Z)} = {math(A)} {math(W)}ᵀ + {math(b)}",
            "Every example, a row, goes through the same weights.",
            "layers.affine_forward",
        ),
        Line(
            activation,
            f"np.tanh({Z})",
            f"{math(activation)} = tanh({math(Z)})",
            "Entry by entry.",
            "layers.tanh_forward",
        ),
    ]


def loss_lines(net):
    """Return the cost, and its derivative by the last scores."""
    *_, Z = names(net, len(SIZES[net]) - 1)
    if net == "softmax":
        out, function = "P", "losses.softmax_cross_entropy"
        lines = [
            Line(
                "P",
                f"softmax({Z})",
                f"<i>P</i> = softmax({math(Z)})",
                "Each row of scores becomes probabilities.",
                "activations.softmax",
            ),
            Line(
                "J",
                "-np.sum(Y * np.log(P)) / N",
                "<i>J</i> = −Σ <i>Y</i> ⊙ log <i>P</i> / <i>N</i>",
                "Minus the log of the right class's probability, the mean over the examples.",
                function,
            ),
        ]
    else:
        out, function = Z, "losses.quadratic"
        cost = Line(
            "J",
            f"np.sum(({Z} - Y) ** 2) / (2 * N)",
            f"<i>J</i> = Σ ({math(Z)} − <i>Y</i>)² / 2<i>N</i>",
            "Half the squared distance from the targets, the mean over the examples.",
            function,
        )
        lines = [cost]
    slope = Line(
        f"d{Z}",
        f"({out} - Y) / N",
        f"{math(f'd{Z}')} = ({math(out)} − <i>Y</i>) / <i>N</i>",
        "The derivative of the loss: output minus target. 1/N stands here and nowhere else.",
        function,
        {"sign": f"(Y - {out}) / N"},
    )
    return [*lines, slope]


def backward_lines(net, layer):
    """Return the affine map's three gradients and, below a further layer, tanh's."""
    A, W, b, Z = names(net, layer)
    dA, dW, db, dZ = (f"d{name}" for name in (A, W, b, Z))
    square = SIZES[net][layer] == SIZES[net][layer - 1]
    lines = [
        Line(
            dW,
            f"{dZ}.T @ {A}",
            f"{math(dW)} = {math(dZ)}ᵀ {math(A)}",
            "Weights: the error above times the input below, added up over the examples.",
            "layers.affine_backward",
            {"twice": f"{dZ}.T @ {A} / N"},
        ),
        Line(
            db,
            f"{dZ}.sum(axis=0)",
            f"{math(db)} = Σ<sub><i>n</i></sub> {math(dZ)}",
            "Bias: a weight whose input is 1. The errors are added up over the examples.",
            "layers.affine_backward",
            {"no_sum": dZ, "twice": f"{dZ}.sum(axis=0) / N"},
        ),
        Line(
            dA,
            f"{dZ} @ {W}",
            f"{math(dA)} = {math(dZ)} {math(W)}",
            "Input: it collects the errors of all units that it feeds, through the same weights.",
            "layers.affine_backward",
            {"transpose": f"{dZ} @ {W}.T"} if square else {},
        ),
    ]
    if layer > 1:
        below = Line(
            f"dZ{layer - 1}",
            f"{dA} * (1 - {A}**2)",
            f"{math(f'dZ{layer - 1}')} = {math(dA)} ⊙ (1 − {math(A)}²)",
            "Activation: times its own slope, entry by entry; tanh′(z) = 1 − tanh²(z) = 1 − a².",
            "layers.tanh_backward",
            {"forgotten": dA, "at_a": f"{dA} * (1 - np.tanh({A}) ** 2)"},
        )
        lines.append(below)
    return lines


# --- running it, and checking it ---


@cache
def given(net, batch):
    """Return the inputs, the targets, and the parameters, in tenths."""
    sizes, rng = SIZES[net], np.random.default_rng(SEED)
    values = {"X": rng.standard_normal((N, sizes[0])).round(1)}
    for layer in range(1, len(sizes)):
        _, W, b, _ = names(net, layer)
        values[W] = rng.standard_normal((sizes[layer], sizes[layer - 1])).round(1)
        values[b] = rng.standard_normal(sizes[layer]).round(1)
    if net == "softmax":
        values["Y"] = np.eye(sizes[-1])[rng.integers(sizes[-1], size=N)]
    else:
        values["Y"] = rng.standard_normal((N, sizes[-1])).round(1)
    if batch == "one":
        values |= {"X": values["X"][:1], "Y": values["Y"][:1]}
    return values


def run(net, batch, mistake="none"):
    """Run every line; return all arrays by their names."""
    values = dict(given(net, batch))
    for line in program(net):
        values[line.name] = line.run(values, mistake)
    return values


@cache
def differences(net, batch):
    """Return the central differences of J by every array that has a gradient."""
    values = run(net, batch)

    def cost_of(name):
        """Return J as a function of one array: what lies before it plays no role."""

        def cost(array):
            now = values | {name: array}
            for line in program(net):
                if not line.backward and line.name != name:
                    now[line.name] = line.run(now)
            return now["J"]

        return cost

    return {
        line.name: numerical_gradient(cost_of(line.name[1:]), values[line.name[1:]])
        for line in program(net)
        if line.backward
    }


def verdict(line, mistake, grad, approx):
    """Judge a gradient.

    Returns
    -------
    str
        ``right``; ``wrong``, when its own line holds the mistake; ``spoiled``, when its line is
        right but what it was given is not.
    """
    if grad.shape == approx.shape and relative_difference(grad, approx) <= TOLERANCE:
        return "right"
    return "wrong" if mistake in line.wrong else "spoiled"


def settled(approx, grad):
    """Return the differences, and where they agree with the gradient, the gradient.

    So both are rounded to the same digits where they are shown.
    """
    if approx is None or approx.shape != grad.shape:
        return approx
    return np.where(np.abs(approx - grad) <= TOLERANCE, grad, approx)


def state(net, batch, mistake):
    """Run the net with the mistake, and note what is seen at every line."""
    values, checks = run(net, batch, mistake), differences(net, batch)
    verdicts, steps = {}, []
    for line in program(net):
        grad, approx = values[line.name], checks.get(line.name)
        if line.backward:
            verdicts[line.name] = verdict(line, mistake, grad, approx)
        code = line.wrong.get(mistake, line.code)
        reads = reads_of(code, values)
        index = chosen(grad, approx)
        steps.append(
            {
                "array": line.name,
                "line": f"{line.name} = {code}",
                "reads": reads,
                "verdict": verdicts.get(line.name, ""),
                "equation": line.equation,
                "rule": line.rule,
                "entry": entry(line.name, code, values, settled(approx, grad), index),
                "picked": picked(code, reads, index),
                "code": code_of(line, code, reads, values),
                "told": told(line, verdicts, reads, grad, approx),
            }
        )
    harmless = mistake in HARMLESS and set(verdicts.values()) == {"right"}
    return {
        # as many digits as are shown, so that a number in a sentence is the one in the cell
        "arrays": {name: np.round(array, 3) for name, array in values.items()},
        "checks": {
            name: np.round(settled(array, values[name]), 3) for name, array in checks.items()
        },
        "harmless": HARMLESS[mistake] if harmless else None,
        "series": {name: [step[name] for step in steps] for name in steps[0]},
    }


# --- telling it ---


def reads_of(code, values):
    """Return the arrays that a line reads, in its order, with ``.T`` where it turns them."""
    found = {}
    for node in ast.walk(ast.parse(code, mode="eval")):  # dZ.T comes before the dZ in it
        turned = isinstance(node, ast.Attribute) and node.attr == "T"
        name = node.value if turned else node
        if isinstance(name, ast.Name) and name.id in values:
            found.setdefault(name.col_offset, ast.unparse(node))
    return list(dict.fromkeys(found[place] for place in sorted(found)))


def array(name, values):
    """Return what ``dZ1`` or ``dZ1.T`` stands for."""
    return values[name.removesuffix(".T")].T if name.endswith(".T") else values[name]


def code_of(line, code, reads, values):
    """Return the line that ran, with its shapes, and under a wrong one the right one."""
    shapes = " ".join(str(array(name, values).shape) for name in reads)
    text = f"{line.name} = {code}  # {shapes} -> {values[line.name].shape}"
    where = f"dlcore.{line.function}"
    if code == line.code:
        return f"{text}, as in {where}"
    return f"{text}\n{line.name} = {line.code}  # right, as in {where}"


def told(line, verdicts, reads, grad, approx):
    """Say what the check finds at this line."""
    name = label(line.name)
    if not line.backward:
        if line.name == "J":
            return f"J is {show(float(grad), '.4f')}. Here the way back begins."
        return (
            f"{name} has shape {grad.shape}. On the way forward there is nothing to check: these "
            "lines say what J is."
        )
    right = sum(found == "right" for found in verdicts.values())
    tally = f"Gradients right so far: {right} of {len(verdicts)}."
    if verdicts[line.name] == "right":
        return f"{name} agrees with the central differences. {tally}"
    if grad.shape != approx.shape:
        same = grad.size == approx.size
        off = f"{name} has shape {grad.shape}, and {label(line.name[1:])} has {approx.shape}" + (
            ": with one example the numbers are right, only the shape tells" if same else ""
        )
    else:
        difference = show(relative_difference(grad, approx), ".3f")
        off = f"{name} differs from the central differences, relative difference {difference}"
    if verdicts[line.name] == "spoiled":
        sources = [read.removesuffix(".T") for read in reads]
        bad = [label(name) for name in sources if verdicts.get(name, "right") != "right"]
        why = f"Its line is right, but {' and '.join(bad)} was wrong already."
    elif len(verdicts) - right == 1:
        why = "Here the check breaks first: this line holds the mistake."
    else:
        why = "This line holds the mistake too."
    return f"{off}. {why} {tally}"


def chosen(result, approx):
    """Return the index of the entry that is worked out: the worst, or if all is right the largest.

    It is () for a number.
    """
    size = np.abs(result)
    if approx is not None and result.shape == approx.shape:
        gap = np.abs(result - approx)
        size = gap if gap.max() > TOLERANCE else size
    return tuple(int(i) for i in np.unravel_index(np.argmax(size), size.shape))


def entry(name, code, values, approx, index):
    """Write out one entry of the result; None when its line takes a whole array."""
    result, terms = values[name], worked(code, values, index)
    if terms is None:
        return None
    text = f"{math(name)}[{', '.join(map(str, index))}] = {terms} = {show(result[index], '.3f')}"
    if approx is None or result.shape != approx.shape:
        return text
    return f"{text}; central difference {show(approx[index], '.3f')}"


def picked(code, reads, index):
    """Return which cells the entry takes, an array: ``[row, column]``, None for every one.

    The last is the entry itself.
    """
    *row, column = index or [None]
    own = [row[0] if row else None, column]
    if " @ " in code:
        return [[row[0], None], *([None, column] for _ in reads[1:]), own]
    if "sum" in code:
        return [*([None, column] for _ in reads), own]
    if "softmax" in code:
        return [[row[0], None], own]
    return [*(own for _ in reads), own]


def worked(code, values, index):
    """Write in numbers how a line computes one entry; None when it takes a whole array."""
    if "np.sum" in code or "softmax" in code:
        return None
    if code in values:
        return f"{math(code)}[{', '.join(map(str, index))}]"
    tree = ast.parse(code, mode="eval").body
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div):
        return f"({terms(tree.left, values, index)}) / {len(values['X'])}"
    return terms(tree, values, index)


def terms(node, values, index):
    """Write one entry of a product of matrices or of a sum, term by term, or of an expression."""
    match node:
        case ast.BinOp(left=ast.BinOp(op=ast.MatMult()) as product, right=ast.Name(id=bias)):
            return f"{terms(product, values, index)} + {number(values[bias][index[1]])}"
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            row = array(ast.unparse(left), values)[index[0]]
            column = array(ast.unparse(right), values)[:, index[1]]
            pairs = zip(row, column, strict=True)
            return " + ".join(f"{number(a)} · {number(b)}" for a, b in pairs)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="sum")) if name in values:
            return " + ".join(map(number, values[name][:, index[0]]))
    return written(node, values, index)


def written(node, values, index):
    """Write one entry of an expression that is computed entry by entry."""
    match node:
        case ast.Name(id=name):
            return number(values[name][index])
        case ast.Constant(value=value):
            return show(value)
        case ast.BinOp(left=left, op=ast.Pow()):
            return f"{written(left, values, index)}²"
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return f"{written(left, values, index)} · ({written(right, values, index)})"
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return f"{written(left, values, index)} − {written(right, values, index)}"
        case ast.Call(func=ast.Attribute(attr="tanh"), args=[ast.Name(id=name)]):
            return f"tanh({number(values[name][index]).strip('()')})"
    raise ValueError(f"written: cannot write {ast.unparse(node)} in numbers")


def number(value):
    """Write a number of at most three decimals, in parentheses when it is negative."""
    value = round(float(value), 3)
    return f"({show(value)})" if value < 0 else show(abs(value))


def shared():
    """Return where every array stands on each net's map: ``[name, column, row, step]``.

    A column is an array of the forward pass; under it stands its gradient, and under the scores
    the gradients of the weights and biases that made them. The input is given: its step is -1.
    """
    rows = {"dW": 2, "db": 3}
    maps = {}
    for net in NETS:
        forward = ["X"] + [line.name for line in program(net) if not line.backward]
        maps[net] = [["X", 0, 0, -1]]
        for step, line in enumerate(program(net)):
            of = re.sub("[Wb]", "Z", line.name.removeprefix("d"))
            row = rows.get(line.name[:2], int(line.backward))
            maps[net].append([line.name, forward.index(of), row, step])
    return {"maps": maps}


def backprop_debugger():
    """Return the lab of chapter 05: where does a mistake in the backward pass show."""
    return Lab(
        name="backprop-debugger",
        title="Where does a mistake show?",
        note=f"Small nets with tanh and random weights (seed {SEED}); quadratic cost, or "
        "cross-entropy after the softmax. Each line is really run, with its mistake, and every "
        "gradient is checked against central differences. One W is square, so that it can be "
        "transposed without an error. Click an array to go to its line, a wrong line to mend it.",
        controls=[
            Select(name="net", label="Net", options=NETS, value="two"),
            Select(name="batch", label="Data", options=BATCHES, value="batch"),
            Select(name="mistake", label="Mistake", options=MISTAKES, value="forgotten"),
            Scrubber(name="step", label="Step", values=range(1, 19), value=9, frame=1000),
        ],
        state=state,
        shared=shared,
        summary=["Step {step}, {net}, {batch}, mistake: {mistake}. {told}", "{harmless}"],
        equation=[
            "<span class='lab-words'>{equation}</span>",
            "<small class='lab-words'>{rule}</small>",
            "{entry}",
        ],
        code="{code}",
        alt="Top: a map of the arrays of a small net, forward above and backward below. "
        "At dZ₁ the gradient is marked wrong for the first time; those before it are right. "
        "Bottom: the numbers of dZ₁ beside the central differences, which are smaller.",
        question="The line of dZ₁ forgets the factor 1\u00a0−\u00a0A₁², and the check breaks. "
        "Three gradients are still to come: dW₁, db₁, dX. Their lines hold no mistake. Which of "
        "the eight gradients will be wrong at the end?",
        reveal={"step": 12},
        answers={
            "Only dZ₁": "No. The lines of dW₁, db₁ and dX are right, but all three start from the "
            "wrong dZ₁.",
            "dZ₁, dW₁, db₁ and dX": "Yes. Whatever is computed from dZ₁ is spoiled, and whatever "
            "came before stays right.",
            "All eight": "No. dZ₂, dW₂, db₂ and dA₁ were computed before the mistake and do not "
            "use dZ₁.",
        },
    )
