"""Write ``fixtures/engine.json``, dlcore's numbers for the browser's engine.

    python -m tests.byhand.labs.write_fixtures

``test_engine.py`` says when the file no longer is what dlcore computes.
"""

import json
from pathlib import Path

import numpy as np

from byhand.labs.activations import FUNCTIONS, value_and_slope
from byhand.labs.slow_start import learn
from dlcore import activations as activation_functions
from dlcore import datasets, losses, models
from dlcore.averages import ewa
from dlcore.gradcheck import numerical_gradient
from dlcore.initializers import xavier_normal
from dlcore.layers import (
    Affine,
    Dropout,
    ReLU,
    Sigmoid,
    Tanh,
    affine_backward,
    affine_forward,
    avgpool2d_backward,
    avgpool2d_forward,
    batchnorm_backward,
    batchnorm_forward,
    conv2d_backward,
    conv2d_forward,
    maxpool2d_backward,
    maxpool2d_forward,
    relu_backward,
    relu_forward,
    sigmoid_backward,
    sigmoid_forward,
    tanh_backward,
    tanh_forward,
)
from dlcore.metrics import binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import Adam, GradientDescent
from dlcore.regularizers import l2

PATH = Path(__file__).parent / "fixtures" / "engine.json"
ELEMENTWISE = {
    "sigmoid": (sigmoid_forward, sigmoid_backward, Sigmoid()),
    "tanh": (tanh_forward, tanh_backward, Tanh()),
    "relu": (relu_forward, relu_backward, ReLU()),
}
POOLS = {
    "max": (maxpool2d_forward, maxpool2d_backward),
    "average": (avgpool2d_forward, avgpool2d_backward),
}
UNITS, STEPS, RATE = 5, 200, 0.5


def flat(array):
    """Return an array as a list, row by row, each number as Python writes it."""
    return np.ravel(array).tolist()


def affine(rng):
    """Affine forward and backward: 7 examples, 3 inputs, 4 outputs."""
    X, W, b = rng.standard_normal((7, 3)), rng.standard_normal((4, 3)), rng.standard_normal(4)
    dZ = rng.standard_normal((7, 4))
    Z, cache = affine_forward(X, W, b)
    arrays = [X, W, b, dZ, Z, *affine_backward(dZ, cache)]
    names = ["X", "W", "b", "dZ", "Z", "dX", "dW", "db"]
    return {name: flat(array) for name, array in zip(names, arrays, strict=True)}


def activations(rng):
    """Every activation and its backward pass, at small, large and zero inputs."""
    Z = np.concatenate([rng.standard_normal(20), [0.0, -0.0, 30.0, -30.0, 800.0, -800.0]])
    dA = rng.standard_normal(Z.size)
    found = {"Z": flat(Z), "dA": flat(dA), "none": {"A": flat(Z), "dZ": flat(dA)}}
    for name, (forward, backward, _) in ELEMENTWISE.items():
        A, cache = forward(Z)
        found[name] = {"A": flat(A), "dZ": flat(backward(dA, cache))}
    return found


def loss(rng):
    """The logistic loss and the accuracy, with scores that would overflow a naive exp."""
    scores = np.concatenate([3 * rng.standard_normal(20), [0.0, 40.0, -40.0, 1000.0, -1000.0]])
    targets = (rng.random(scores.size) < 0.5).astype(int)
    value, dscores = losses.logistic(scores, targets)
    return {
        "scores": flat(scores),
        "targets": flat(targets),
        "value": float(value),
        "dscores": flat(dscores),
        "accuracy": binary_accuracy(scores, targets),
    }


def softmax(rng):
    """The softmax cross-entropy of six examples alone, with scores that would overflow."""
    scores = np.concatenate([3 * rng.standard_normal((4, 5)), [[0.0] * 5, [900, 0, -900, 5, 2]]])
    found = {"scores": flat(scores), "classes": [0, 1, 2, 3, 4, 2]}
    pairs = [
        losses.softmax_cross_entropy(row[np.newaxis], np.array([y]))
        for row, y in zip(scores, found["classes"], strict=True)
    ]
    values, errors = zip(*pairs, strict=True)
    probabilities = activation_functions.softmax(scores)
    return found | {"values": flat(values), "errors": flat(errors), "P": flat(probabilities)}


def quadratic(rng):
    """The quadratic loss of seven numbers."""
    scores, targets = rng.standard_normal(7), rng.standard_normal(7)
    value, dscores = losses.quadratic(scores, targets)
    return {
        "scores": flat(scores),
        "targets": flat(targets),
        "value": float(value),
        "dscores": flat(dscores),
    }


def batchnorm(rng):
    """Batch norm of one feature: 9 examples."""
    X, dZ, gamma, beta = 3 + 2 * rng.standard_normal(9), rng.standard_normal(9), 1.5, -0.5
    Z, cache = batchnorm_forward(X[:, np.newaxis], np.array([gamma]), np.array([beta]))
    _, dgamma, dbeta = batchnorm_backward(dZ[:, np.newaxis], cache)
    return {
        "X": flat(X), "gamma": gamma, "beta": beta, "eps": 1e-5, "Z": flat(Z), "dZ": flat(dZ),
        "moments": [cache[-2].item(), cache[-1].item()], "gradient": [dgamma.item(), dbeta.item()],
    }  # fmt: skip


def slow_start(rng):
    """The lab slow-start: (z, a, slope, cost, error) at every 30th of its first 300 epochs."""
    return {
        name: flat(learn(name, 2.0, 2.0, 0.15)[0][:301:30]) for name in ("quadratic", "entropy")
    }


def training(rng):
    """Train on the flower with every activation: the first gradient, and where it ends."""
    X, y = datasets.planar_flower(rng, n=120)
    X, y = X / 2, y[:, np.newaxis]
    runs = {"X": flat(X), "y": flat(y), "units": UNITS, "steps": STEPS, "rate": RATE}
    for name in ("none", *ELEMENTWISE):
        layers = {name: ELEMENTWISE[name][2]} if name != "none" else {}
        net = Sequential(
            fc1=Affine(2, UNITS, xavier_normal), **layers, fc2=Affine(UNITS, 1, xavier_normal)
        )
        params = net.init(rng)
        runs[name] = {"start": flat(params.theta)}
        for step in range(STEPS):
            scores, cache = net.forward(params, X)
            cost, dscores = losses.logistic(scores, y)
            _, grads = net.backward(dscores, cache)
            if step == 0:
                runs[name] |= {"cost": float(cost), "gradient": flat(grads.theta)}
            theta, _ = GradientDescent(lr=RATE).update(params.theta, grads.theta, ())
            params = params.like(theta)
        runs[name] |= {"end": flat(params.theta)}
    return runs


def graph(rng):
    """One neuron's graph of gates: the notes' example, random inputs, and a saturated one."""
    runs = [[2.0, -1.0, -3.0, -2.0, -3.0], *rng.uniform(-4, 4, (4, 5)).tolist(), [4.0] * 5]
    return {f"run {i}": one_graph(*run) for i, run in enumerate(runs)}


def one_graph(w0, x0, w1, x1, w2, eps=1e-4):
    """Every node's value; its gradient by dlcore's layers and by differences."""

    def after(z):
        return {"z": z, "n": -z, "e": np.exp(-z), "g": 1 + np.exp(-z), "L": 1 / (1 + np.exp(-z))}

    inputs = {"w0": w0, "x0": x0, "w1": w1, "x1": x1, "w2": w2}
    Z, cache = affine_forward(np.array([[x0, x1]]), np.array([[w0, w1]]), np.array([w2]))
    L, gate = sigmoid_forward(Z)
    dZ = sigmoid_backward(np.ones_like(L), gate)
    (dx0, dx1), (dw0, dw1), (dw2,) = (d.ravel() for d in affine_backward(dZ, cache))
    values = inputs | {"p0": w0 * x0, "p1": w1 * x1, "s": w0 * x0 + w1 * x1} | after(Z[0, 0])
    dz, dg = dZ[0, 0], -(L[0, 0] ** 2)
    grads = {"w0": dw0, "x0": dx0, "w1": dw1, "x1": dx1, "w2": dw2}
    grads |= {"p0": dz, "p1": dz, "s": dz, "z": dz, "n": -dz, "e": dg, "g": dg, "L": 1.0}
    score = {  # the output as a function of one node
        "w0": lambda v: v * x0 + w1 * x1 + w2, "x0": lambda v: w0 * v + w1 * x1 + w2,
        "w1": lambda v: w0 * x0 + v * x1 + w2, "x1": lambda v: w0 * x0 + w1 * v + w2,
        "w2": lambda v: w0 * x0 + w1 * x1 + v, "p0": lambda v: v + w1 * x1 + w2,
        "p1": lambda v: w0 * x0 + v + w2, "s": lambda v: v + w2, "z": lambda v: v,
    }  # fmt: skip
    output = {node: lambda v, of=of: after(of(v))["L"] for node, of in score.items()}
    output |= {"n": lambda n: 1 / (np.exp(n) + 1), "e": lambda e: 1 / (e + 1)}
    output |= {"g": lambda g: 1 / g, "L": lambda L: L}
    numerical = {
        node: numerical_gradient(
            lambda v, f=f: f(v[0]), np.array([values[node]]), eps * max(1.0, abs(values[node]))
        )[0]
        for node, f in output.items()
    }
    plain = [{k: float(v) for k, v in d.items()} for d in (values, grads, numerical)]
    return dict(zip(("values", "gradients", "numerical"), plain, strict=True)) | {
        "inputs": inputs,
        "eps": eps,
    }


def curves(rng):
    """Every function of the lab ``activations``, and its slope, at the scores and two alphas."""
    z = np.concatenate([4 * rng.standard_normal(30), [0.0, -20.0, 20.0]])
    found = {"z": flat(z)}
    for name in FUNCTIONS:
        for alpha in (0.1, 1.5):
            value, slope = value_and_slope(name, z, alpha)
            found[f"{name} {alpha}"] = {"value": flat(value), "slope": flat(slope)}
    return found


def regression(rng):
    """Fit a curve with Adam and the squared error, by five units, and by none (a constant)."""
    X = rng.random((40, 1))
    y = np.sin(5 * X)
    runs = {"X": flat(X), "y": flat(y), "steps": STEPS, "rate": 0.02}
    for units in (5, 0):
        net, drawn = models.random_steps(units, "sigmoid", np.random.default_rng(0))
        params = drawn.like(rng.standard_normal(3 * units + 1))
        optimizer = Adam(lr=0.02)
        run, state = {"start": flat(params.theta)}, optimizer.init(params.theta)
        for step in range(STEPS):
            scores, cache = net.forward(params, X)
            cost, dscores = losses.squared_error(scores, y)
            _, grads = net.backward(dscores, cache)
            if step == 0:
                run |= {"cost": float(cost), "gradient": flat(grads.theta)}
            theta, state = optimizer.update(params.theta, grads.theta, state)
            params = params.like(theta)
        runs[f"{units} units"] = run | {"end": flat(params.theta)}
    return runs


def pooling(rng):
    """Max and average pooling of a 5 x 5 image of whole numbers, with ties, in every geometry."""
    found = {}
    for size, stride, padding in [(2, 1, 0), (2, 1, 1), (3, 2, 0), (3, 2, 1), (4, 3, 1), (5, 1, 0)]:
        X = rng.integers(-4, 5, (1, 1, 5, 5)).astype(float)
        for kind, (forward, backward) in POOLS.items():
            A, cache = forward(X, size=size, stride=stride, padding=padding)
            dA = rng.standard_normal(A.shape)
            arrays = {"X": X, "dA": dA, "A": A, "dX": backward(dA, cache)}
            found[f"{kind} {size}/{stride}/{padding}"] = {
                "max": kind == "max", "size": size, "stride": stride, "padding": padding,
                **{name: flat(array) for name, array in arrays.items()},
            }  # fmt: skip
    return found


def averages(rng):
    """A series of 50 values, averaged with and without the correction of its start."""
    values = rng.standard_normal(50)
    found = {
        str(beta): {
            "plain": flat(ewa(values, beta)),
            "corrected": flat(ewa(values, beta, bias_correction=True)),
        }
        for beta in (0.0, 0.5, 0.98, 0.999)
    }
    return {"values": flat(values)} | found


def convolution(rng):
    """Convolution forward and backward, for geometries with padding, stride and remainder."""
    runs = {}
    for C, F, H, W, kH, kW, stride, padding in (
        (1, 1, 5, 5, 3, 3, 1, 0), (2, 3, 6, 5, 3, 2, 2, 1), (3, 2, 7, 9, 1, 4, 3, 2),
        (3, 1, 5, 6, 2, 1, 4, 3),
    ):  # fmt: skip
        X, weights = rng.standard_normal((1, C, H, W)), rng.standard_normal((F, C, kH, kW))
        b = rng.standard_normal(F)
        Z, cache = conv2d_forward(X, weights, b, stride=stride, padding=padding)
        dZ = rng.standard_normal(Z.shape)
        names = ["X", "weights", "b", "dZ", "Z", "dX", "dW", "db"]
        arrays = [X, weights, b, dZ, Z, *conv2d_backward(dZ, cache)]
        geometry = {"C": C, "F": F, "H": H, "W": W, "kH": kH, "kW": kW}
        runs[f"{kH} x {kW}, stride {stride}"] = {
            "geometry": geometry | {"stride": stride, "padding": padding}
        } | {name: flat(array) for name, array in zip(names, arrays, strict=True)}
    return runs


def dropout(rng):
    """Train with dropout behind the hidden layer, an L2 penalty and Adam: the lab of chapter 11."""
    X, y = datasets.noisy_boundary(rng, n=40)
    y, lam, keep_prob, rate, draws = y[:, np.newaxis], 0.5, 0.7, 0.05, np.random.RandomState(3)
    net = Sequential(
        fc1=Affine(2, UNITS), tanh=Tanh(), dropout=Dropout(keep_prob), fc2=Affine(UNITS, 1)
    )
    params, optimizer = net.init(rng), Adam(lr=rate)
    run, state = {"X": flat(X), "y": flat(y)}, optimizer.init(params.theta)
    for step in range(STEPS):
        scores, cache = net.forward(params, X, train=True, rng=draws)
        cost, dscores = losses.logistic(scores, y)
        weights = np.where(params.decayed, params.theta, 0.0)
        penalty, decay = l2(weights, lam, len(X))
        gradient = net.backward(dscores, cache)[1].theta + decay
        if step == 0:
            run |= {
                "start": flat(params.theta),
                "cost": float(cost + penalty),
                "gradient": flat(gradient),
            }
        theta, state = optimizer.update(params.theta, gradient, state)
        params = params.like(theta)
    settings = {"lam": lam, "keepProb": keep_prob, "rate": rate, "units": UNITS, "steps": STEPS}
    return run | settings | {"decayed": flat(params.decayed.astype(int)), "end": flat(params.theta)}


def random_state(rng):
    """Numbers 1,000 to 1,020 of ``RandomState(seed).random()``: the generator fills up twice."""
    return {
        f"seed {seed}": flat(np.random.RandomState(seed).random(1020)[1000:])
        for seed in (0, 1, 2**32 - 1)
    }


def fixtures():
    """Return everything the engine is held against."""
    parts = (
        affine,
        activations,
        loss,
        training,
        quadratic,
        slow_start,
        graph,
        curves,
        regression,
        batchnorm,
        pooling,
        averages,
        convolution,
        dropout,
        random_state,
        softmax,
    )
    return {part.__name__: part(np.random.default_rng(i)) for i, part in enumerate(parts)}


if __name__ == "__main__":
    PATH.write_text(json.dumps(fixtures(), indent=1) + "\n", encoding="utf-8")
