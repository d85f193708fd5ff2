"""Lab ``untangle`` (chapter 01): layers bend the plane until a straight line is enough."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.lab import Lab
from dlcore import datasets, losses
from dlcore.activations import relu, tanh
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, ReLU, Tanh
from dlcore.metrics import binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import Adam

RATE = 0.03
ITERATIONS = [0, 10, 20, 30, 50, 70, 100, 150, 200, 300, 400, 600, 800, 1000]
DEPTHS = range(1, 5)
WAY = 48  # positions between the input and the last layer: each depth divides it evenly
N = 120
DATA_SEED = 3
STARTS = 40  # seeds tried for each network; SEEDS holds the best

ACTIVATIONS = {"tanh": Tanh(), "relu": ReLU(), "none": None}
FUNCTIONS = {"tanh": tanh, "relu": relu, "none": lambda Z: Z}
WORDS = {  # in the equation, and in the line of code
    "tanh": {"act": "tanh", "code": "Tanh()"},
    "relu": {"act": "ReLU", "code": "ReLU()"},
    "none": {"act": "", "code": "no activation"},
}
SEEDS = {  # for each depth
    ("line", "tanh"): (21, 22, 14, 21),
    ("line", "relu"): (37, 13, 19, 31),
    ("line", "none"): (22, 37, 35, 27),
    ("rings", "tanh"): (5, 5, 10, 35),
    ("rings", "relu"): (11, 0, 1, 32),
    ("rings", "none"): (29, 28, 39, 37),
    ("spirals", "tanh"): (30, 18, 33, 24),
    ("spirals", "relu"): (32, 14, 23, 14),
    ("spirals", "none"): (17, 14, 26, 22),
}


@dataclass(frozen=True, kw_only=True)
class Passage(Slider):
    """A slider with buttons, like ``Scrubber``, but through the layers instead of the training."""

    kind: ClassVar[str] = "passage"

    def spec(self):
        """Return the control for the browser."""
        return super().spec() | {"frame": 90}  # milliseconds a position while it plays


def line_and_arch(rng, n=N, noise=0.05):
    """Points on a short line, class 0, and on an arch that reaches around it, class 1."""
    t = np.linspace(-1, 1, n // 2)
    line = np.stack([0.55 * t, np.full_like(t, -0.35)], axis=1)  # (n / 2, 2)
    arch = np.stack([t, 0.55 - 1.3 * t**2], axis=1)
    X = np.concatenate([line, arch]) + noise * rng.standard_normal((n, 2))
    return X, np.repeat([0, 1], n // 2)


def spirals(rng, n=N):
    """Two spirals without their middle, where they touch."""
    X, y = datasets.spirals(rng, n=2 * n, noise=0.03, turns=1.1)
    apart = np.hypot(*X.T) > 0.15
    return X[apart][:n], y[apart][:n]


DATA = {
    "line": line_and_arch,
    "rings": lambda rng: datasets.circles(rng, n=N, noise=0.03),
    "spirals": spirals,
}


@cache
def points(data):
    """Return a data set: X (N, 2), and y (N, 1) as the network's scores."""
    X, y = DATA[data](np.random.default_rng(DATA_SEED))
    return X.round(3), y[:, np.newaxis]  # as in the page


def network(activation, depth):
    """Return the network: hidden layers of two units, so that each is a plane, and one score."""
    layers = {}
    for k in range(1, depth + 1):
        layers[f"fc{k}"] = Affine(2, 2, xavier_normal)
        if ACTIVATIONS[activation]:
            layers[f"act{k}"] = ACTIVATIONS[activation]
    return Sequential(**layers, line=Affine(2, 1, xavier_normal))


def train(data, activation, depth, seed):
    """Train the network; yield the parameters, cost and accuracy at each of the stops."""
    X, y = points(data)
    net = network(activation, depth)
    params = net.init(np.random.default_rng(seed))
    optimizer = Adam(lr=RATE)
    state = optimizer.init(params.theta)
    for iteration in range(ITERATIONS[-1] + 1):
        scores, cache = net.forward(params, X)
        cost, dscores = losses.logistic(scores, y)
        if iteration in ITERATIONS:
            yield params, float(cost), binary_accuracy(scores, y)
        _, grads = net.backward(dscores, cache)
        theta, state = optimizer.update(params.theta, grads.theta, state)
        params = params.like(theta)


def best_seed(data, activation, depth):
    """Return the seed whose run ends with the most points right, then with the roundest cloud."""

    def end(seed):
        *_, (params, _, accuracy) = train(data, activation, depth, seed)
        last = through(params, activation, points(data)[0], 2 * depth)
        large, small = np.linalg.svd(last - last.mean(axis=0), compute_uv=False)
        return accuracy, small / (large or 1.0)

    return max(range(STARTS), key=end)


def polar(W):
    """Split a matrix (2, 2) into a turn, in radians, and the stretching (2, 2) before it.

    W = R(turn) S with S symmetric: along two perpendicular directions S multiplies by its
    eigenvalues, whose absolute values are the singular values of W. A negative one flips.
    """
    turn = np.arctan2(W[1, 0] - W[0, 1], W[0, 0] + W[1, 1])
    return turn, rotation(-turn) @ W


def rotation(angle):
    """Return the matrix (2, 2) that turns the plane counterclockwise."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


def through(params, activation, X, way):
    """Carry points (N, 2) part of the way through the layers: two units of ``way`` a layer.

    The first unit stretches, turns and shifts little by little, the second bends.
    """
    for k in range(int(np.ceil(way / 2))):
        W, b = params[f"fc{k + 1}.W"], params[f"fc{k + 1}.b"]
        affine, bend = np.clip([way - 2 * k, way - 2 * k - 1], 0, 1)
        turn, S = polar(W)
        part = rotation(affine * turn) @ ((1 - affine) * np.eye(2) + affine * S)
        X = X @ part.T + affine * b
        X = (1 - bend) * X + bend * FUNCTIONS[activation](X)
    return X


def state(data, activation, depth):
    """Train the network, and note where it stands at each of the scrubber's stops."""
    depth = int(depth)
    seed = SEEDS[data, activation][depth - 1]
    stops = []
    for params, cost, accuracy in train(data, activation, depth, seed):
        turn, S = polar(params["fc1.W"])
        small, large = sorted(np.linalg.eigvalsh(S), key=abs)
        v, c = params["line.W"][0], params["line.b"][0]
        stops.append(
            {
                "theta": params.theta,
                "cost": cost,
                "accuracy": accuracy,
                "turn": float(np.degrees(turn)),
                "large": large,
                "small": small,
                "v1": v[0],
                "v2": v[1],
                "c": c,
            }
        )
    series = {name: [stop[name] for stop in stops] for name in stops[0]}
    layers = "".join(
        f"    fc{k}=Affine(2, 2), act{k}={WORDS[activation]['code']},\n"
        if ACTIVATIONS[activation]
        else f"    fc{k}=Affine(2, 2),\n"
        for k in range(1, depth + 1)
    )
    return {"act": WORDS[activation]["act"], "layers": layers, "seed": seed, "series": series}


def shared():
    """Return the points of each data set."""
    return {name: dict(zip(("X", "y"), points(name), strict=True)) for name in DATA}


def untangle():
    """Return the lab of chapter 01: layers bend the plane until a line separates the classes."""
    return Lab(
        name="untangle",
        title="Can two units per layer untangle it?",
        note=f"{N} points (seed {DATA_SEED}). Every hidden layer has two units, so what it "
        f"makes of the plane can be drawn. Trained by Adam with a learning rate of {RATE}, all "
        f"points in each step; the start weights are the best of {STARTS} seeds.",
        controls=[
            Select(
                name="data",
                label="Data set",
                options={"line": "line and arch", "spirals": "spirals", "rings": "rings"},
                value="spirals",
            ),
            Select(
                name="activation",
                label="Activation",
                options={"tanh": "tanh", "relu": "ReLU", "none": "none"},
                value="tanh",
            ),
            Passage(name="way", label="Way through the layers", values=range(WAY + 1), value=WAY),
            Select(
                name="depth",
                label="Hidden layers",
                options={str(depth): str(depth) for depth in DEPTHS},
                value="4",
            ),
            Scrubber(name="iteration", label="Iteration", values=ITERATIONS, value=800),
        ],
        state=state,
        shared=shared,
        summary=[
            "After {iteration:,d} iterations on the {data}, with {depth} × 2 hidden units "
            "(activation: {activation}), a straight line behind the last layer has {accuracy:.1%} "
            "of the points on the right side; the cost is {cost:.3f}.",
            f"The bent plane is drawn at {{way}} of {WAY} steps from the input to the last layer.",
        ],
        equation=[
            "<i>a</i><sub>ℓ</sub> = {act}(<i>W</i><sub>ℓ</sub> "
            "<i>a</i><sub>ℓ−1</sub> + <i>b</i><sub>ℓ</sub>), "
            "ℓ = 1 … {depth}; the line: {v1:.2f} <i>a</i>₁ {v2:term .2f} <i>a</i>₂ "
            "{c:term .2f} = 0",
            "<i>W</i><sub>1</sub> stretches by {large:.2f} and {small:.2f} (a minus flips) and "
            "turns by {turn:.0f}°",
        ],
        code="net = Sequential(\n{layers}    line=Affine(2, 1),\n)\n"
        "params = net.init(np.random.default_rng({seed}))",
        alt="Left: two classes of points, {data}, in the plane with a square grid and a curved "
        "boundary. Right: the same points and grid behind the last of {depth:layer}; the grid is "
        "bent and folded, and a straight line has {accuracy:.0%} of the points on its right side.",
        question="Four layers of two tanh units pull the spirals apart. Two whole circles, one "
        "inside the other, they cannot part: that is proved. But the rings of this lab are only 60 "
        "points each. How many of the 120 will the same four layers get right?",
        reveal={"data": "rings"},
        answers={
            "All of them": "No. A pipe between two neighbors on the outer ring would do it, and no "
            "proof forbids it, but this training does not find one. A third unit makes it easy.",
            "About four fifths": "Yes. A pipe is opened to the inside, and the points in it are on "
            "the wrong side. It takes a third unit, a third dimension.",
            "Half, as with one line": "No. The layers do bend the plane: they open a pipe to the "
            "inside, and only the points in the pipe stay on the wrong side.",
        },
    )
