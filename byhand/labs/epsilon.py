"""Lab ``epsilon`` (chapter 09): which step makes a numerical derivative exact, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import factorial

import numpy as np

from byhand.labs.controls import Scrubber, Select
from byhand.labs.lab import Lab
from dlcore import datasets
from dlcore.gradcheck import relative_difference
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, Tanh
from dlcore.losses import logistic
from dlcore.network import Sequential

STEPS = [float(f"{m}e{e}") for e in range(-16, 0) for m in (1, 2, 5)] + [1.0]
START = 1e-3
KINK = 1.001  # where the function with a kink has it
ZOOM = np.linspace(-2, 2, 41)  # in steps ε around θ
EDGE = 4.0  # of the drawing under the microscope, in units of ε J'

METHODS = {
    "one": "one-sided difference",
    "central": "central difference",
    "complex": "complex step",
}
PRECISIONS = {
    "float64": "float64 (16 digits)",
    "float32": "float32 (7 digits)",
}
FORMS = {
    "one": "(<i>J</i>(<i>θ</i> + <i>ε</i>) − <i>J</i>(<i>θ</i>)) / <i>ε</i>",
    "central": "(<i>J</i>(<i>θ</i> + <i>ε</i>) − <i>J</i>(<i>θ</i> − <i>ε</i>)) / 2<i>ε</i>",
    "complex": "Im <i>J</i>(<i>θ</i> + i<i>ε</i>) / <i>ε</i>",
}
OTHERS = {"one": "<i>J</i>(<i>θ</i>)", "central": "<i>J</i>(<i>θ</i> − <i>ε</i>)", "complex": None}
CODE = {  # numerical_gradient takes float64 only
    "one": "(f(theta + {eps!r}) - f(theta)) / {eps!r}",
    "central": "gradcheck.numerical_gradient(f, theta, eps={eps!r})",
    "central32": "(f(theta + {eps!r}) - f(theta - {eps!r})) / {width!r}",
    "complex": "f(theta + {eps!r}j).imag / {eps!r}",
}

COLUMNS = ("difference", "ratio", "approx", "off", "step", "a", "b", "line", "why")


def ramp(x):
    """Return max(0, x), of a complex number by its real part."""
    return x if x.real > 0 else 0 * x


@dataclass(frozen=True)
class Function:
    """A function of one number: its smooth part is analytic, and ``slope`` is exact."""

    text: str
    theta: float
    smooth: Callable
    slope: float
    kink: float | None = None

    def __call__(self, x):
        """Evaluate it in the precision of ``x``."""
        return self.smooth(x) + (0 if self.kink is None else ramp(x - type(x)(self.kink)))

    def derivative(self, k, radius=0.05, points=32):
        """Return the k-th derivative of the smooth part at theta, by Cauchy's formula."""
        turns = np.exp(2j * np.pi * np.arange(points) / points)
        values = [self.smooth(self.theta + radius * turn) for turn in turns]
        return float(np.mean(values * turns**-k).real * factorial(k) / radius**k)


@cache
def network():
    """Return a network on 20 points: ``net, params, X, y``, every number one of float32 too."""
    X, y = datasets.moons(np.random.default_rng(0), 20, noise=0.2)
    net = Sequential(fc1=Affine(2, 4, xavier_normal), tanh1=Tanh(), fc2=Affine(4, 1, xavier_normal))
    params = net.init(np.random.default_rng(1))
    theta = params.theta.astype(np.float32).astype(float)
    return net, params.like(theta), X.astype(np.float32).astype(float), y[:, np.newaxis]


def network_cost(w):
    """Return the network's cost with ``w`` as its first weight; ``w`` may be complex."""
    _, params, X, y = network()
    dtype = np.asarray(w).real.dtype
    W1, b1, W2, b2, X, y = (a.astype(dtype) for a in (*params.values(), X, y))
    Z = X @ W1[1:].T + b1[1:]  # the other three units do not change
    first = np.tanh(X[:, :1] * w + (X[:, 1:] * W1[0, 1] + b1[0]))  # (N, 1)
    scores = first * W2[0, 0] + (np.tanh(Z) @ W2[:, 1:].T + b2)
    return np.mean(np.log1p(np.exp(scores)) - y * scores)


@cache
def functions():
    """Return the functions that the reader can choose."""
    net, params, X, y = network()
    scores, cache = net.forward(params, X)
    _, grads = net.backward(logistic(scores, y)[1], cache)
    return {
        "sine": Function("sin θ", 1.0, np.sin, np.cos(1.0)),
        "fast": Function("sin 30θ", 1.0, lambda x: np.sin(30 * x), 30 * np.cos(30.0)),
        "offset": Function("1000 + sin θ", 1.0, lambda x: 1000 + np.sin(x), np.cos(1.0)),
        "kink": Function("sin θ + max(0, θ − 1.001)", 1.0, np.sin, np.cos(1.0), KINK),
        "network": Function(
            "the cost of a network, by one weight",
            float(params["fc1.W"][0, 0]),
            network_cost,
            float(grads["fc1.W"][0, 0]),
        ),
    }


def approximate(f, theta, eps, method):
    """Return the derivative's approximation, and the two values that it subtracts, if any."""
    plus = f(theta + eps)
    if method == "complex":
        return float(f(theta + 1j * eps).imag / eps), None, None
    other = f(theta - eps) if method == "central" else f(theta)
    width = 2 * eps if method == "central" else eps
    return float((plus - other) / width), plus, other


def predicted(function, precision, method):
    """Return truncation, its order, and rounding: the difference is T ε^order + R / ε."""
    f, u = functions()[function], float(np.finfo(precision).eps) / 2
    eta = u * (abs(float(f.smooth(f.theta))) + abs(f.theta * f.slope))
    scale = 2 * abs(f.slope)  # a relative difference divides by both gradients
    if method == "one":
        return abs(f.derivative(2)) / 2 / scale, 1, 2 * eta / scale
    return abs(f.derivative(3)) / 6 / scale, 2, eta / scale if method == "central" else None


def best(truncation, order, rounding):
    """Return the step where the sum of both is smallest, and that sum."""
    step = (rounding / (order * truncation)) ** (1 / (order + 1))
    return step, truncation * step**order + rounding / step


def power(value, digits=1):
    """Write a number as a reader does: 1.2·10⁻⁵."""
    if value == 0 or value >= 0.01:
        return f"{value:.2g}"
    number, exponent = f"{value:.{digits}e}".split("e")
    number = number.removesuffix(".0")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    ten = {"0": "", "1": "10"}.get(str(int(exponent)), f"10{raised}")
    return "·".join(part for part in (number if number != "1" or not ten else "", ten) if part)


def text(value, spec=".12g"):
    """Write a number with a real minus sign."""
    return format(value, spec).replace("-", "−")


def marked(plus, other, digits):
    """Write both with all their digits, and underline those that cancel."""
    texts = [text(float(value), f"#.{digits}g") for value in (plus, other)]
    pairs = enumerate(zip(*texts, strict=False))
    same = next((i for i, (x, y) in pairs if x != y), len(texts[0]))
    return [f"<u>{number[:same]}</u>{number[same:]}" for number in texts]


def state(function, precision, method):
    """Measure the difference at every step, and predict it."""
    f, dtype = functions()[function], np.dtype(precision).type
    truncation, order, rounding = predicted(function, precision, method)
    code = CODE["central32" if (method, precision) == ("central", "float32") else method]
    series = {key: [] for key in COLUMNS}
    for eps in STEPS:
        approx, plus, other = approximate(f, dtype(f.theta), dtype(eps), method)
        difference = relative_difference(np.array(approx), np.array(f.slope))
        a, b = marked(plus, other, 17 if precision == "float64" else 9) if plus else (None, None)
        reach = dtype(f.theta) + dtype(eps)
        crosses = f.kink is not None and method != "complex" and reach > dtype(f.kink)
        if crosses:
            why = "The step reaches across the kink."
        elif plus is not None and plus == other:
            why = "Both values are the same number: nothing is left of the derivative."
        elif rounding and rounding / eps > truncation * eps**order:
            why = "Rounding dominates: the leading digits cancel."
        elif truncation * eps**order > np.finfo(precision).eps:
            why = "Truncation dominates: the curve bends within the step."
        else:
            why = "Nothing is subtracted, so nothing cancels."
        line = code.format(eps=eps, width=2 * eps)
        row = (
            difference,
            approx / f.slope,
            text(approx),
            power(difference),
            power(eps),
            a,
            b,
            line,
            why,
        )
        for key, value in zip(series, row, strict=True):
            series[key].append(value)
    step = lowest = None
    if rounding:
        step, lowest = best(truncation, order, rounding)
        if f.kink is not None and step > f.kink - f.theta:
            step = f.kink - f.theta
            lowest = truncation * step**order + rounding / step
    return {
        "truncation": truncation,
        "order": order,
        "rounding": rounding,
        "best": step,
        "best_text": step and power(step),
        "lowest": lowest and power(lowest),
        "form": FORMS[method],
        "other": OTHERS[method],
        "slope": text(f.slope),
        "series": series,
    }


def microscope(function, precision):
    """Return, for every step, the computed curve around theta, in units of ε and of ε J'."""
    f, dtype = functions()[function], np.dtype(precision).type
    theta = dtype(f.theta)
    middle, rows = f(theta), []
    for eps in map(dtype, STEPS):
        rise = [float(f(theta + dtype(t) * eps) - middle) / (float(eps) * f.slope) for t in ZOOM]
        rows.append(np.clip(rise, -2 * EDGE, 2 * EDGE).round(3))
    return rows


def shared():
    """Return what the drawing needs of every function in every precision."""
    return {
        "steps": STEPS,
        "zoom": ZOOM.round(1),
        "edge": EDGE,
        "curves": {
            function: {precision: microscope(function, precision) for precision in PRECISIONS}
            for function in functions()
        },
    }


def epsilon():
    """Return the lab of chapter 09: the step of a numerical derivative."""
    return Lab(
        name="epsilon",
        title="Which ε?",
        note="The derivative of a function of one number, by differences, beside the exact one. "
        "Left: how far the two are apart at every ε, and the two errors that theory predicts. "
        "Right: the function around θ, as the machine computes it, magnified so that ε always "
        "has the same width.",
        controls=[
            Scrubber(name="eps", label="ε", values=STEPS, value=START, frame=250),
            Select(name="method", label="Method", options=METHODS, value="central"),
            Select(name="precision", label="Precision", options=PRECISIONS, value="float64"),
            Select(
                name="function",
                label="Function J",
                options={name: f.text for name, f in functions().items()},
                value="sine",
            ),
        ],
        state=state,
        shared=shared,
        summary=[
            "At ε = {step} the {method} in {precision} has a relative difference of {off} from the "
            "exact derivative. {why}",
            "Predicted best: ε ≈ {best_text}, with a relative difference of at most about "
            "{lowest}.",
        ],
        equation=[
            "{form} = {approx}",
            "exact: {slope}",
            "<i>J</i>(<i>θ</i> + <i>ε</i>) = {a}",
            "{other} = {b}",
        ],
        code="{line}",
        alt="Left: on logarithmic axes, the difference falls along a straight line as ε shrinks "
        "to about {best_text}, then rises again along another one, ragged. Right: the computed "
        "curve at ε = {step} lies on its tangent.",
        question="At ε = 0.001 the relative difference is about 10⁻⁷. What is it at ε = 10⁻¹⁵?",
        reveal={"eps": 1e-15},
        answers={
            "Far smaller, near 10⁻¹⁶": "No. The bend is gone, but J(θ + ε) and J(θ − ε) now agree "
            "in all but the last digits, and what agrees cancels. See the steps under the "
            "microscope.",
            "About the same": "No. Two nearly equal numbers are subtracted, and little more than "
            "their rounding errors is left. See the steps under the microscope.",
            "Far larger": "Yes. Two nearly equal numbers are subtracted, and their rounding "
            "errors, divided by 2ε, remain. See the steps under the microscope.",
        },
    )
