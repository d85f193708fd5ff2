"""Answers that once got a wrong verdict or a wrong cause, with what is to be said to them.

Each row of ``ANSWERS``: the exercise, the answer, whether it passes, words of the report that must
appear, and words that must not.
"""

import numpy as np
import pytest

from byhand.exercises.checking import examine, exercises_by_chapter
from dlcore.activations import log_softmax, relu, sigmoid
from dlcore.losses import logistic

EXERCISES = {e.name: e for chapter in exercises_by_chapter().values() for e in chapter.values()}


def reference(name):
    return EXERCISES[name].reference


# Longer answers


def no_return(z):
    sigmoid(z)


def predict_with_where(w, b, X):
    return np.where(X @ w + b > 0, 1.0, 0.0)


def softmax_loss_summed(S, y):
    return -log_softmax(S)[np.arange(len(S)), y].sum()


def hinge_summed(S, y):
    margins = np.maximum(S - S[np.arange(len(S)), y][:, None] + 1, 0)
    return margins.sum() - len(S)


def enough_by_exceeding(q, p):
    n = 2
    while (1 - q) ** n + n * q * (1 - q) ** (n - 1) >= 1 - p:
        n += 1
    return n


def stop_by_the_one_before(costs, patience):
    kept = waited = 0
    for epoch in range(1, len(costs)):
        if costs[epoch] < costs[epoch - 1]:
            kept, waited = epoch, 0
        else:
            waited += 1
        if waited >= patience:
            return epoch, kept
    return len(costs) - 1, kept


def lenet_loss_by_the_smallest(y, t, j):
    low = y.min()
    total = np.exp(low - y).sum() + np.exp(low - j)
    return y[t] - low + np.log(total), (np.arange(len(y)) == t) - np.exp(low - y) / total


def fold_with_where(x):
    for c in (8.0, 4.0, 2.0, 1.0):
        x = np.where(x > c, x - c, c - x)
    return x


def sawtooth_with_where(x, L):
    for _ in range(L):
        x = np.where(x < 0.5, 2 * x, 2 - 2 * x)
    return x


def hinge_integers(s, y):
    close = (s - s[y] + 1 > 0).astype(int)
    close[y] = 0
    close[y] = -close.sum()
    return close


def startup_from_the_first(variances, decay):
    average = variances[0]
    for variance in variances[1:]:
        average = decay * average + (1 - decay) * variance
    return average


def numerical_by_ones(f, theta, eps):
    return np.array([(f(theta + eps * e) - f(theta)) / eps for e in np.eye(theta.size)])


def batches_with_an_empty_one(X, y, B, orders):
    rows = [order[k : k + B] for order in orders for k in range(0, len(X) + 1, B)]
    return [(X[batch], y[batch]) for batch in rows]


def share_above_a_signed_rate(right, wrong, V, t):
    return np.mean(np.abs(V @ (wrong - right)) > t * (V @ right))


def way_of_adam(steps, beta1, beta2, sign=1.0):
    v = s = theta = 0.0
    for t in range(1, steps + 1):
        v, s = beta1 * v + (1 - beta1) * (t == 1), beta2 * s + (1 - beta2) * (t == 1)
        theta += sign * v / (1 - beta1**t) / np.sqrt(s / (1 - beta2**t))
    return theta


def errors_of_sigmoids(da, z1, z2, z3, W2, W3, V):
    def slope(z):
        return sigmoid(z) * (1 - sigmoid(z))

    delta3 = da * slope(z3)
    delta2 = W3.T @ delta3 * slope(z2)
    return (W2.T @ delta2 + V.T @ delta3) * slope(z1), delta2, delta3


def frozen_with_the_batchs(dZ, X, gamma, mean, var, eps):
    return reference("bn-frozen")(dZ, X, gamma, X.mean(axis=0), X.var(axis=0), eps)


def affine_relu_summed_wrongly(*arguments):
    dX, dW, db = reference("affine-relu")(*arguments)
    return dX, dW, db / 3


def complex_step_without_imag(f, x):
    return np.array([f(x + 1e-100j * e) / 1e-100 for e in np.eye(x.size)])


def complex_step_by_differences(f, x):
    return np.array([(f(x + 1e-6 * e) - f(x - 1e-6 * e)) / 2e-6 for e in np.eye(x.size)])


def best_step_of_half_the_rounding(eta, fifth):
    eps = (45 * eta / (4 * fifth)) ** (1 / 5)
    return eps, 3 * eta / (4 * eps) + fifth * eps**4 / 30


def logistic_cost_with_epsilon(w, b, X, y, eps=1e-9):
    a = sigmoid(X @ w + b)
    return -np.mean(y * np.log(a + eps) + (1 - y) * np.log(1 - a + eps))


def cost_by_features(w, b, X, y):
    return logistic(X @ w + b, y)[0] * len(y) / X.shape[1]


def killing_rate_of_a_dead_unit(X, w, b, dA):
    z = X @ w + b
    with np.errstate(divide="ignore"):
        return np.max(z / ((1 + X @ X.T) @ (dA * (z > 0))))


def two_layers_half_done(X, Y, W1, b1, W2, b2):
    J = reference("two-layer-network")(X, Y, W1, b1, W2, b2)[0]
    return J, ..., ..., ..., ...


def as_array(name):
    return lambda *arguments: np.array(reference(name)(*arguments))


PASS, FAIL, TURN = "pass", "fail", "turn"
ANSWERS = {
    # A1: nearly right
    "an epsilon in the log": ("logistic-cost", logistic_cost_with_epsilon, FAIL, [],
        ["sign", "1 times"]),
    "a rounded constant": ("step-parameters",
        lambda s, width: (4.39445 / width, -4.39445 / width * s), FAIL,
        ["w is nearly right", "a rounded constant"], ["sign", "1 times"]),
    "a single-precision copy": ("layer-vjp",
        lambda v, x, W, b: np.float64(reference("layer-vjp")(*map(np.float32, (v, x, W, b)))), FAIL,
        ["vJ is nearly right", "single precision"], ["sign"]),
    "differences in place of the complex step": ("complex-step", complex_step_by_differences, FAIL,
        ["differences are taken"], ["sign"]),
    # A2: wrong answers that passed
    "the epoch before": ("early-stopping", stop_by_the_one_before, FAIL,
        ["each cost is compared with the one before"], []),
    "a dead unit's rate": ("killing-rate", killing_rate_of_a_dead_unit, FAIL,
        ["a unit that is dead already"], []),
    "the smallest distance": ("lenet-loss", lenet_loss_by_the_smallest, FAIL,
        ["only the smallest distance is subtracted"], []),
    "one too many": ("enough-trials", lambda q, p: reference("enough-trials")(q, p) + 1, FAIL,
        ["one trial is added"], []),
    "one too many at the border": ("enough-trials", enough_by_exceeding, FAIL,
        ["the probability must be exceeded"], []),
    "the remainder": ("fold", lambda x: 1 - (x + 1) % 2, FAIL,
        ["np.remainder (%)", "rules out"], []),
    "a choice": ("fold", fold_with_where, FAIL, ["rules out"], []),
    "a choice, again": ("sawtooth", sawtooth_with_where, FAIL, ["rules out"], []),
    "a clip": ("sigmoid", lambda z: sigmoid(np.clip(z, -30, 30)), FAIL, [], []),
    # A3: right answers that failed
    "integers": ("hinge-gradient", hinge_integers, PASS, [], []),
    "uint8": ("predict", lambda w, b, X: (X @ w + b > 0).astype(np.uint8), PASS, [], []),
    "an array of two": ("zoom", as_array("zoom"), PASS, [], []),
    "an array of three": ("init-spread", as_array("init-spread"), PASS, [], []),
    "another one": ("opt-best-rate", as_array("opt-best-rate"), PASS, [], []),
    "and another one": ("graph-backward", as_array("graph-backward"), PASS, [], []),
    # B1, B2: the wrong cause
    "a root of the mean": ("empirical-risk",
        lambda w, b, X, y: np.sqrt(np.mean((y - X @ w - b) ** 2)), FAIL, ["root"], ["absolute"]),
    "a sum of softmax losses": ("softmax-loss", softmax_loss_summed, FAIL,
        ["the losses are summed"], ["mean is taken"]),
    "a sum of hinges": ("multiclass-hinge", hinge_summed, FAIL, ["the losses are summed"],
        ["mean"]),
    "a doubled Hessian": ("hessian", lambda w, X, y: 2 * reference("hessian")(w, X, y), FAIL,
        ["2 times too large"], ["1/N"]),
    "by the features": ("logistic-cost", cost_by_features, FAIL, ["number of features"],
        ["2N", "1/2"]),
    "np.where": ("predict", predict_with_where, FAIL, [".astype(int)"], ["np.round rounds"]),
    "a slope with its axis": ("prelu-slope",
        lambda dA, Z: np.sum(dA * np.minimum(Z, 0), axis=(0, 2, 3), keepdims=True), FAIL,
        ["keepdims"], ["nothing is summed"]),
    "from the first value": ("bn-startup", startup_from_the_first, FAIL, ["first"], ["alike"]),
    "bounds of uniform weights": ("init-spread",
        lambda n, right, left: np.sqrt(6 / n / (right**2 + left**2)), FAIL, ["uniform"],
        ["left out"]),
    "a remainder too many": ("conv-inverse",
        lambda out, k, s, p: ((out - 1) * s + k - 2 * p, out * s + k - 2 * p), FAIL,
        ["remainder is one too large"], ["one side"]),
    "a rate that keeps its sign": ("share-seen", share_above_a_signed_rate, FAIL,
        [], ["without the directions", "the sign of the error"]),
    "dgamma with its axis": ("scale",
        lambda dY, X, gamma: (dY * gamma, np.sum(dY * X, axis=0, keepdims=True), dY.sum(axis=0)),
        FAIL, ["keepdims"], ["not summed", "matrix product"]),
    "dgamma halved": ("scale",
        lambda dY, X, gamma: (dY * gamma, np.sum(dY * X, axis=0) / 2, dY.sum(axis=0)), FAIL,
        ["dgamma", "2 times too small"], ["means"]),
    "without the transpose": ("layer-vjp",
        lambda v, x, W, b: W @ (v * (1 - np.tanh(W @ x + b) ** 2)), FAIL,
        ["Write the shapes"], ["the order is wrong"]),
    "db a mean": ("affine-relu", affine_relu_summed_wrongly, FAIL, ["db"], ["forgotten"]),
    "two points of a central difference": ("four-costs", best_step_of_half_the_rounding, FAIL,
        ["only half of the rounding is counted"],
        ["only the rounding", "only the truncation"]),
    "a column and a flat array": ("empirical-risk",
        lambda w, b, X, y: np.mean((y[:, None] - (X @ w + b)) ** 2), FAIL, ["column"], ["mean"]),
    "a column and a flat array, once more": ("tanh-loss",
        lambda a, y: reference("tanh-loss")(a.reshape(-1, 1), y), FAIL, ["column"], []),
    # B3: unfinished
    "no return": ("sigmoid", no_return, FAIL,
        ["is a return missing?"], ["Your turn"]),
    "print": ("gradient-step", lambda theta, grad, lr: print(theta - lr * grad), FAIL,
        ["prints, but returns nothing"], ["Your turn"]),
    "in place": ("gradient-step", lambda theta, grad, lr: theta.__isub__(lr * grad) is None or None,
        FAIL, ["in place and returns nothing"], ["Your turn"]),
    "two times None": ("scale", lambda dY, X, gamma: (None, None, None), FAIL, ["return missing"],
        ["Your turn"]),
    "one of five": ("two-layer-network", two_layers_half_done, TURN,
        ["J is right so far; dW1, db1, dW2 and db2 are to come"], []),
    "one of five, wrong": ("two-layer-network",
        lambda *a: (2 * two_layers_half_done(*a)[0], ..., ..., ..., ...), FAIL,
        ["the ½ of the cost is missing"], ["Your turn"]),
    # B6 to B10, C
    "small scores": ("stable-elu",
        lambda z, alpha: np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1)), FAIL,
        ["-1.e-17", "all digits cancel"], ["[-0."]),
    "no .imag": ("complex-step", complex_step_without_imag, FAIL, ["is complex", ".imag"],
        ["expected an array."]),
    "some factor": ("empirical-risk", lambda *a: 1.437 * reference("empirical-risk")(*a), FAIL, [],
        ["times too"]),
    "a mistake of another dtype": ("conv-paths",
        lambda k, depth: int(depth * (k - 1) + 1), FAIL, ["the whole field"], []),
    "an empty batch": ("opt-batches", batches_with_an_empty_one, FAIL, ["empty"], ["product"]),
    "a case too symmetric for a factor": ("empirical-risk",
        lambda w, b, X, y: np.mean((y - X @ w - b) ** 2) + 2 * len(X) // 3, FAIL,
        ["risk is another number"], ["times too"]),
    "one result": ("scale", lambda dY, X, gamma: dY * gamma, FAIL, ["1 result came back"],
        ["1 results"]),
    "a value": ("bytes", 9, FAIL, ["expected bytes = 1310720", "got bytes = 9"],
        ["expected expected"]),
    "another name": ("sigmoid", lambda z, w: z, FAIL, ["check calls your function with (z)"], []),
    "a gradient of length 0": ("init-clip",
        lambda g, m: g * min(1.0, m / np.linalg.norm(g)), FAIL, [], []),
    # Unlisted classics
    "the sigmoid's slope": ("errors", errors_of_sigmoids, FAIL, ["sigmoid"], []),
    "the batch's statistics": ("bn-frozen", frozen_with_the_batchs, FAIL, ["batch's own"], []),
    "uphill": ("opt-adam", lambda *a: way_of_adam(*a, sign=-1.0), FAIL, ["uphill"], []),
    "Adam": ("opt-adam", way_of_adam, PASS, [], []),
    "folds": ("fold", lambda x: reference("fold")(x), PASS, [], []),
    "a tent of maxima": ("sawtooth", lambda x, L: _tents(x, L), PASS, [], []),
}  # fmt: skip


def _tents(x, L):
    for _ in range(L):
        x = 2 * relu(x) - 4 * np.maximum(x - 0.5, 0)
    return x


@pytest.mark.parametrize("case", ANSWERS)
def test_what_is_said(case):
    name, answer, status, words, never = ANSWERS[case]
    report = examine(EXERCISES[name], answer)
    text = " ".join(report.text.split())
    assert report.status == status, text
    assert [word for word in words if word not in text] == [], text
    verdict = text.partition("More help:")[0]
    assert [word for word in never if word in verdict] == [], text


def test_early_stopping_keeps_the_best():
    assert reference("early-stopping")([0.9, 0.5, 0.7, 0.6, 0.8, 0.7, 0.9, 0.8], 2) == (3, 1)


def test_three_trials_hold_two_good_ones_half_of_the_time():
    assert reference("enough-trials")(0.5, 0.5) == 3


def loops(S, y):
    return np.array([np.logaddexp.reduce(s) - s[k] for s, k in zip(S, y, strict=True)])


def test_a_loop_is_refused_where_the_text_asks_for_none():
    report = examine(EXERCISES["softmax-loss"], loops)
    assert report.status == "fail"
    assert "The numbers are right, but your function has a loop" in " ".join(report.text.split())


@pytest.mark.parametrize(("name", "answer"), [
    ("normal-equations", lambda X, y: np.linalg.inv(X.T @ X) @ X.T @ y),
    ("layer-vjp", lambda v, x, W, b: v @ np.diag(1 - np.tanh(W @ x + b) ** 2) @ W),
])  # fmt: skip
def test_what_a_text_leaves_out_is_refused(name, answer):
    assert "rules out" in " ".join(examine(EXERCISES[name], answer).text.split())
