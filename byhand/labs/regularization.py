"""Lab ``regularization`` (chapter 11): what opens the gap to the test points, what closes it."""

from functools import cache

import numpy as np

from byhand.labs.controls import Scrubber, Slider
from byhand.labs.lab import Lab
from dlcore import datasets, losses
from dlcore.activations import sigmoid
from dlcore.layers import Affine, Dropout, Tanh
from dlcore.metrics import binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.regularizers import l2

RATE = 0.05
ITERATIONS = range(0, 501, 10)
STRENGTHS = [0, 0.01, 0.03, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]
KEEP = [round(0.05 * k, 2) for k in range(6, 21)]
NOISE = [round(0.025 * k, 3) for k in range(17)]
UNITS = range(1, 41)
N, N_TEST = 120, 880
CROWD = 12
HALF = 0.5  # with which a unit is kept in a part of a net that was trained without dropout
SEED, MASK_SEED, CROWD_SEED = 0, 1, 2


@cache
def points(noise):
    """Return ``X, y`` of all points, (N + N_TEST, 2) and (N + N_TEST, 1); the first N train.

    More noise flips further labels and leaves the flipped ones flipped.
    """
    X, y = datasets.noisy_boundary(np.random.RandomState(SEED), N + N_TEST, flip=noise)
    return X.round(3), y[:, np.newaxis]  # as in the page


def wave(x):
    """Return the height of the boundary that the labels follow before some are flipped."""
    return 0.5 * np.sin(2 * x)


@cache
def units_at_start():
    """Return w1, w2 and v of every unit, (the most units, 3); v is for a layer of one unit."""
    normals = np.random.RandomState(SEED).standard_normal((UNITS[-1], 3))
    return (normals * [np.sqrt(1 / 2), np.sqrt(1 / 2), 1.0]).round(4)  # as in the page


@cache
def uniforms():
    """Return the uniform numbers that choose the crowd's masks, (12, the most units)."""
    return np.random.RandomState(CROWD_SEED).random((CROWD, UNITS[-1])).round(4)


def network(units, keep_prob):
    """Return the network: two inputs, ``units`` hidden units with dropout behind them, a score."""
    return Sequential(
        fc1=Affine(2, units), tanh=Tanh(), dropout=Dropout(keep_prob), fc2=Affine(units, 1)
    )


def start(units):
    """Return the start weights, of variance 1 / fan_in; a unit's do not depend on the others."""
    params = network(units, 1.0).init(np.random.RandomState(SEED))
    W1, v = units_at_start()[:units, :2], units_at_start()[:units, 2] / np.sqrt(units)
    return params.like(np.concatenate([W1.ravel(), np.zeros(units), v, [0.0]]))


def crowd(params, X, keep_prob):
    """Return the scores (N, 12) of the twelve subnetworks; without dropout they are halves."""
    keep_prob = keep_prob if keep_prob < 1 else HALF
    W1, b1, W2, b2 = params.values()
    masks = (uniforms()[:, : len(W1)] < keep_prob) / keep_prob
    return np.tanh(X @ W1.T + b1) @ (masks * W2).T + b2  # (N, h) (h, 12) -> (N, 12)


def state(lam, keep_prob, noise, units):
    """Train the network, and note where it stands at each of the scrubber's stops."""
    X, y = points(noise)
    X_train, y_train, X_test, y_test = X[:N], y[:N], X[N:], y[N:]
    net, params, rng = network(units, keep_prob), start(units), np.random.RandomState(MASK_SEED)
    optimizer = Adam(lr=RATE)
    memory, stops = optimizer.init(params.theta), []
    for iteration in range(ITERATIONS[-1] + 1):
        if iteration in ITERATIONS:
            weights, scores = (params["fc1.W"], params["fc2.W"]), net.forward(params, X)[0]
            members = crowd(params, X_test, keep_prob)
            singles = [binary_accuracy(column[:, np.newaxis], y_test) for column in members.T]
            mean = sigmoid(members).mean(axis=1, keepdims=True) - 0.5
            cost, _ = losses.logistic(scores[:N], y_train)
            right = [binary_accuracy(scores[s], y[s]) for s in (slice(N), slice(N, None))]
            stops.append(
                {
                    "theta": params.theta,
                    "cost": float(cost),
                    "total": float(cost + sum(l2(W, lam, N)[0] for W in weights)),
                    "accuracy": right[0],
                    "test_accuracy": right[1],
                    "gap": 100 * (right[0] - right[1]),
                    "norm1": float(np.linalg.norm(weights[0])),
                    "norm2": float(np.linalg.norm(weights[1])),
                    "singles": singles,
                    "low": min(singles),
                    "high": max(singles),
                    "together": binary_accuracy(mean, y_test),
                }
            )
        scores, memo = net.forward(params, X_train, train=True, rng=rng)
        _, grads = net.backward(losses.logistic(scores, y_train)[1], memo)
        penalty = np.where(params.decayed, l2(params.theta, lam, N)[1], 0.0)
        theta, memory = optimizer.update(params.theta, grads.theta + penalty, memory)
        params = params.like(theta)
    return {
        "best": binary_accuracy(X[N:, 1:] - wave(X[N:, :1]), y_test),
        "some": "" if keep_prob < 1 else None,
        "all": "" if keep_prob == 1 else None,
        "series": {name: [stop[name] for stop in stops] for name in stops[0]},
    }


def shared():
    """Return the points, the noise at which each label flips, and what training starts from."""
    X, clean = points(0.0)
    flips = np.full(len(X), 2.0)  # never
    for noise in reversed(NOISE):
        flips[(points(noise)[1] != clean)[:, 0]] = noise
    return {
        "X": X,
        "clean": clean[:, 0],
        "flips": flips,
        "train": N,
        "start": units_at_start(),
        "uniforms": uniforms(),
        "half": HALF,
        "rate": RATE,
        "seed": MASK_SEED,
    }


def regularization():
    """Return the lab of chapter 11: what opens the gap to the test points, and what closes it."""
    return Lab(
        name="regularization",
        title="What closes the gap?",
        note=f"{N} points to train on and {N_TEST} to test, labeled by a wave; then some labels "
        f"are flipped (seed {SEED}). One hidden layer of tanh units, dropout behind it; Adam with "
        f"a rate of {RATE}, all points in each step, a new mask for each point and step. Your "
        "browser does the training.",
        controls=[
            Slider(name="lam", label="L2 strength λ", values=STRENGTHS, value=0),
            Slider(name="keep_prob", label="keep_prob", values=KEEP, value=1.0),
            Slider(name="noise", label="Share of flipped labels", values=NOISE, value=0.15),
            Slider(name="units", label="Hidden units", values=UNITS, value=20, rare=True),
            Scrubber(name="iteration", label="Iteration", values=ITERATIONS, value=500),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "After {iteration} iterations the net has {accuracy:.1%} of the training points right "
            "and {test_accuracy:.1%} of the test points: a gap of {gap:.1f} points. The wave "
            "itself has {best:.1%} of the test points right.",
            "The norms of W₁ and W₂ are {norm1:.2f} and {norm2:.2f}.",
            "Twelve subnetworks alone have {low:.1%} to {high:.1%} of the test points right, and "
            "their mean {together:.1%}{some}.",
            "No unit was switched off in training. Twelve halves of the net, in which each unit "
            "stays with probability one half, alone have {low:.1%} to {high:.1%} of the test "
            "points right, and their mean {together:.1%}{all}.",
        ],
        equation=[
            "<i>J</i> = {cost:.3f} + {lam}/(2·120) · ({norm1:.2f}² + {norm2:.2f}²) = {total:.3f}",
            "<i>ã</i> = <i>m</i> ⊙ <i>a</i>, each <i>m</i> is 1/{keep_prob} with "
            "probability {keep_prob}, else 0",
        ],
        code="A, mask = dropout_forward(A, {keep_prob}, rng)\npenalty, dW = l2(W, {lam}, 120)",
        alt="Left: 120 points of two classes and a boundary with wedges and islands around single "
        "points, far from the dashed wave. Right: training accuracy rises to {accuracy:.0%}, test "
        "accuracy falls to {test_accuracy:.0%}; the gap between them is shaded.",
        question="The net has learned the flipped labels by heart. Now half of its hidden units "
        "are switched off at random in each step, without any penalty. What becomes of the gap?",
        reveal={"keep_prob": 0.5},
        answers={
            "It closes: training falls, test rises": "Yes. A wedge around one point needs many "
            "units to agree, and no step has them all.",
            "It closes: training falls to the old test score": "No. Training falls, but "
            "test rises to meet it: the boundary follows the wave again.",
            "It stays: 20 units are more than enough": "It closes. A wedge around one point needs "
            "many units to agree, and no step has them all.",
        },
    )
