"""The equations of chapter 05, measured."""

import itertools
import math

import numpy as np
import pytest

from dlcore.activations import sigmoid
from dlcore.autograd import summed_to
from dlcore.gradcheck import check_gradient, numerical_gradient
from dlcore.initializers import xavier_normal
from dlcore.layers import (
    Affine,
    ReLU,
    Sigmoid,
    Tanh,
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
    tanh_backward,
    tanh_forward,
)
from dlcore.losses import quadratic
from dlcore.models import summary
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.reference import path_sum
from dlcore.reference import quadratic as quadratic_loops
from dlcore.regularizers import l2
from dlcore.training import fit
from tests.measure import worst_error

SIZES = [5, 4, 3, 2]
BENDS = [np.tanh, np.tanh, sigmoid]
SLOPES = [
    lambda z: 1 - np.tanh(z) ** 2,
    lambda z: 1 - np.tanh(z) ** 2,
    lambda z: sigmoid(z) * (1 - sigmoid(z)),
]
LAYERS = ["fc1", "fc2", "fc3"]


@pytest.fixture
def net():
    """Return a net of three layers with random parameters, biases too."""
    layers = {}
    for number, (d_in, d_out) in enumerate(itertools.pairwise(SIZES), start=1):
        layers[f"fc{number}"] = Affine(d_in, d_out, xavier_normal)
        layers[f"bend{number}"] = Sigmoid() if number == 3 else Tanh()
    net = Sequential(**layers)
    params = net.init(np.random.default_rng(0))
    return net, params.like(np.random.default_rng(1).standard_normal(params.theta.size))


@pytest.fixture
def batch():
    rng = np.random.default_rng(2)
    return rng.standard_normal((7, SIZES[0])), rng.random((7, SIZES[-1]))


def weights_of(params):
    return [params[f"{name}.W"] for name in LAYERS], [params[f"{name}.b"] for name in LAYERS]


def forward(params, x):
    """Return the scores and the activations of one example, a column."""
    scores, activations = [], [x]
    for W, b, bend in zip(*weights_of(params), BENDS, strict=True):
        scores.append(W @ activations[-1] + b)
        activations.append(bend(scores[-1]))
    return scores, activations


def loss_from(params, z, layer, y):
    """Return the loss of one example as a function of the scores of one layer."""
    a = BENDS[layer](z)
    for W, b, bend in list(zip(*weights_of(params), BENDS, strict=True))[layer + 1 :]:
        a = bend(W @ a + b)
    return 0.5 * np.sum((y - a) ** 2)


def errors(params, scores, activations, y):
    """Return the printed errors, first layer first: the output's, then each from the next."""
    W, _ = weights_of(params)
    deltas = [(activations[-1] - y) * SLOPES[-1](scores[-1])]
    for layer in (1, 0):
        deltas.insert(0, (W[layer + 1].T @ deltas[0]) * SLOPES[layer](scores[layer]))
    return deltas


def net_gradients(net, params, X, Y):
    outputs, cache = net.forward(params, X)
    return net.backward(quadratic(outputs, Y)[1], cache)


# A ball in a valley


@pytest.mark.ledger("eq-bp-quadratic", "eq-bp-quadratic-gradient")
def test_the_quadratic_cost(ledger, batch):
    _, Y = batch
    A = np.random.default_rng(3).random(Y.shape)
    printed = sum(
        (y - a) ** 2 for ys, as_ in zip(Y, A, strict=True) for y, a in zip(ys, as_, strict=True)
    )
    value, dA = quadratic(A, Y)
    ledger("the printed formula", worst_error(value, printed / (2 * len(Y))), 1e-14,
           label="eq-bp-quadratic")  # fmt: skip
    ledger("loops", worst_error(dA, quadratic_loops(A, Y)[1]), 1e-14,
           label="eq-bp-quadratic-gradient")  # fmt: skip
    difference = check_gradient(lambda A: quadratic(A, Y)[0], A, (A - Y) / len(Y))
    ledger("central differences", difference, 1e-7, label="eq-bp-quadratic-gradient")


@pytest.fixture
def landscape(net, batch):
    """Return a cost of all parameters, a point, and the gradient there."""
    net, params = net
    X, Y = batch

    def cost(theta):
        return quadratic(net.forward(params.like(theta), X)[0], Y)[0]

    return cost, params.theta, net_gradients(net, params, X, Y)[1].theta


@pytest.mark.ledger("eq-valley-change")
def test_what_the_plane_misses_shrinks_with_the_square_of_the_step(ledger, landscape):
    cost, v, gradient = landscape
    direction = np.random.default_rng(4).standard_normal(v.size)
    direction /= np.linalg.norm(direction)
    lengths = 0.02 * 0.5 ** np.arange(5)
    missed = [
        abs(cost(v + length * direction) - cost(v) - length * gradient @ direction)
        for length in lengths
    ]
    orders = np.log2(np.divide(missed[:-1], missed[1:]))
    np.testing.assert_allclose(orders, 2, atol=0.1)
    change = cost(v + 1e-5 * direction) - cost(v)
    error = worst_error(change, 1e-5 * gradient @ direction)
    ledger("a limit: a move of length 1e-5", error, tolerance=1e-4)


@pytest.mark.ledger("eq-valley-steepest")
def test_no_direction_beats_the_negative_gradient(ledger, landscape):
    _, _, gradient = landscape
    rng, length = np.random.default_rng(5), 0.3
    moves = rng.standard_normal((1000, gradient.size))
    moves *= length / np.linalg.norm(moves, axis=1, keepdims=True)
    bound = length * np.linalg.norm(gradient)
    best = -length * gradient / np.linalg.norm(gradient)
    assert np.all(np.abs(moves @ gradient) < bound)
    ledger("another way: the bound, reached", worst_error(best @ gradient, -bound), tolerance=1e-14)
    below = np.max(-(moves @ gradient) - bound)
    ledger("a bound: 1,000 directions", max(float(below), 0.0), tolerance=0)


@pytest.mark.ledger("eq-valley-step")
def test_a_small_step_lowers_the_cost_as_promised(ledger, landscape):
    cost, v, gradient = landscape
    optimizer = GradientDescent(1e-5)
    moved, _ = optimizer.update(v, gradient, optimizer.init(v))
    change = cost(moved) - cost(v)
    assert change < 0
    promised = -1e-5 * np.sum(gradient**2)
    ledger("a limit: a step of length 1e-5", worst_error(change, promised), tolerance=1e-4)


# A composed function


def chain(x, M):
    """Three layers of one example: turn and bend, multiply by a matrix, squares."""
    u = np.array([x[0] * x[1], np.sin(x[1]), x[0] - x[2]])
    v = M @ u
    return u, v, np.array([v[0] * v[1], v[1] ** 2, v[0] ** 3, v[1]])


@pytest.mark.ledger("eq-bp-signal")
def test_the_signal_goes_back_through_the_jacobians(ledger, net, batch):
    rng = np.random.default_rng(6)
    x, M, signal = rng.standard_normal(3), rng.standard_normal((2, 3)), rng.standard_normal(4)
    _, v, _ = chain(x, M)
    first = np.array([[x[1], x[0], 0], [0, np.cos(x[1]), 0], [1, 0, -1]])
    third = np.array([[v[1], v[0]], [0, 2 * v[1]], [3 * v[0] ** 2, 0], [0, 1]])
    printed = ((signal @ third) @ M) @ first
    difference = check_gradient(lambda x: signal @ chain(x, M)[2], x, printed)
    ledger("central differences", difference, tolerance=1e-7)

    net, params = net
    X, Y = batch
    scores, activations = forward(params, X[0])
    row = activations[-1] - Y[0]
    for W, slope, z in reversed(list(zip(weights_of(params)[0], SLOPES, scores, strict=True))):
        row = row @ np.diag(slope(z)) @ W
    dX, _ = net_gradients(net, params, X[:1], Y[:1])
    ledger("dlcore: Sequential", worst_error(dX[0], row), tolerance=1e-14)


@pytest.mark.ledger("eq-bp-signal-parameters")
def test_the_slope_of_a_parameter_is_the_signal_times_the_local_slope(ledger):
    rng = np.random.default_rng(7)
    x, signal, theta = rng.standard_normal(3), rng.standard_normal(2), rng.standard_normal(4)

    def layer(theta):
        return np.array(
            [theta[0] * x[0] ** 2 + theta[1] * theta[2], np.exp(theta[3] * x[1]) * theta[0]]
        )

    bent = np.exp(theta[3] * x[1])
    jacobian = np.array([[x[0] ** 2, theta[2], theta[1], 0], [bent, 0, 0, x[1] * bent * theta[0]]])
    difference = check_gradient(lambda t: signal @ layer(t), theta, signal @ jacobian)
    ledger("central differences", difference, tolerance=1e-7)


@pytest.mark.ledger("eq-bp-nudge")
def test_a_nudge_changes_the_loss_by_delta(ledger, net, batch):
    net, params = net
    X, Y = batch
    scores, activations = forward(params, X[0])
    wrong = []
    for layer, delta in enumerate(errors(params, scores, activations, Y[0])):
        for unit in range(len(delta)):
            nudge = 1e-5 * np.eye(len(delta))[unit]
            z = scores[layer]
            change = loss_from(params, z + nudge, layer, Y[0]) - loss_from(params, z, layer, Y[0])
            wrong.append(abs(change / 1e-5 - delta[unit]) / np.max(np.abs(delta)))
    ledger("a limit: a step of length 1e-5", max(wrong), tolerance=1e-4)


# The four equations


@pytest.mark.ledger("eq-bp-layer")
def test_the_four_local_slopes(ledger):
    rng = np.random.default_rng(8)
    W, b, a = rng.standard_normal((3, 4)), rng.standard_normal(3), rng.standard_normal(4)
    z = W @ a + b

    def jacobian(f, x):
        rows = [numerical_gradient(lambda x, i=i: f(x)[i], x) for i in range(3)]
        return np.stack(rows)

    by_weight = np.zeros((3, 3, 4))
    for i, j in itertools.product(range(3), range(4)):
        by_weight[i, i, j] = a[j]
    pairs = [
        (jacobian(lambda W: W @ a + b, W), by_weight),
        (jacobian(lambda b: W @ a + b, b), np.eye(3)),
        (jacobian(lambda a: W @ a + b, a), W),
        (jacobian(np.tanh, z), np.diag(1 - np.tanh(z) ** 2)),
    ]
    worst = max(worst_error(got, expected) for got, expected in pairs)
    ledger("central differences", worst, tolerance=1e-8)
    A, cache = tanh_forward(z[np.newaxis])
    rows = [tanh_backward(one[np.newaxis], cache)[0] for one in np.eye(3)]
    pulled = [(np.diag(1 - A[0] ** 2), rows)]
    _, cache = affine_forward(a[np.newaxis], W, b)
    for k, printed in enumerate((W, by_weight, np.eye(3))):  # by the input, W and b
        rows = [affine_backward(one[np.newaxis], cache)[k] for one in np.eye(3)]
        pulled.append((printed, np.reshape(rows, printed.shape)))
    worst = max(worst_error(printed, got) for printed, got in pulled)
    ledger("dlcore: affine_backward and tanh_backward", worst, tolerance=1e-15)


@pytest.mark.ledger("eq-bp-output", "eq-bp-hidden")
def test_the_errors(ledger, net, batch):
    _, params = net
    found = {"eq-bp-output": [], "eq-bp-hidden": []}
    for x, y in zip(*batch, strict=True):
        scores, activations = forward(params, x)
        for layer, delta in enumerate(errors(params, scores, activations, y)):
            difference = check_gradient(
                lambda z, layer=layer, y=y: loss_from(params, z, layer, y), scores[layer], delta
            )
            found["eq-bp-output" if layer == 2 else "eq-bp-hidden"].append(difference)
    for label, differences in found.items():
        ledger("central differences", max(differences), tolerance=1e-7, label=label)


@pytest.mark.ledger("eq-bp-bias", "eq-bp-weight")
def test_the_slopes_of_biases_and_weights(ledger, net, batch):
    net, params = net
    worst = {"b": [0.0, 0.0], "W": [0.0, 0.0]}
    for x, y in zip(*batch, strict=True):
        scores, activations = forward(params, x)
        deltas = errors(params, scores, activations, y)
        _, grads = net_gradients(net, params, x[np.newaxis], y[np.newaxis])

        def loss(theta, x=x, y=y):
            return 0.5 * np.sum((forward(params.like(theta), x)[1][-1] - y) ** 2)

        measured = params.like(numerical_gradient(loss, params.theta))
        for layer, name in enumerate(LAYERS):
            printed = {"b": deltas[layer], "W": np.outer(deltas[layer], activations[layer])}
            for kind, slopes in printed.items():
                for i, other in enumerate((measured, grads)):
                    error = worst_error(slopes, other[f"{name}.{kind}"])
                    worst[kind][i] = max(worst[kind][i], error)
    for label, kind in (("eq-bp-bias", "b"), ("eq-bp-weight", "W")):
        ledger("central differences", worst[kind][0], tolerance=1e-6, label=label)
        ledger("dlcore: Sequential", worst[kind][1], tolerance=1e-13, label=label)


# A sum over paths


@pytest.mark.ledger("eq-bp-paths")
def test_the_sum_over_all_paths(ledger, net, batch):
    net, params = net
    W, _ = weights_of(params)
    worst = [0.0, 0.0]
    for x, y in zip(*batch, strict=True):
        scores, activations = forward(params, x)
        slopes = [slope(z) for slope, z in zip(SLOPES, scores, strict=True)]
        dx, paths = path_sum(W, slopes, activations[-1] - y)
        assert paths == math.prod(SIZES)

        def loss(x, y=y):
            return 0.5 * np.sum((forward(params, x)[1][-1] - y) ** 2)

        dX, _ = net_gradients(net, params, x[np.newaxis], y[np.newaxis])
        for i, other in enumerate((numerical_gradient(loss, x), dX[0])):
            worst[i] = max(worst[i], worst_error(dx, other))
    ledger("central differences", worst[0], tolerance=1e-7)
    ledger("dlcore: Sequential", worst[1], tolerance=1e-13)


# A batch


@pytest.mark.ledger("eq-bp-batch", "eq-bp-batch-parameters")
def test_each_row_goes_back_by_itself_and_parameters_sum(ledger, batch):
    X, _ = batch
    rng = np.random.default_rng(9)
    theta = rng.standard_normal((3, SIZES[0]))

    def layer(theta, X):  # mixes each row and knows no other row
        return np.tanh(X @ theta.T) / (1 + np.sum(X**2, axis=1, keepdims=True))

    signal = rng.standard_normal((len(X), 3))

    def jacobian(x):  # (3, 5), by one row
        s, t = 1 + x @ x, np.tanh(theta @ x)
        return (1 - t**2)[:, np.newaxis] * theta / s - np.outer(t, 2 * x) / s**2

    def by_theta(x):  # (3, 3, 5)
        s, t = 1 + x @ x, np.tanh(theta @ x)
        return np.einsum("ji,j,k->jik", np.eye(3), (1 - t**2) / s, x)

    back = np.stack([row @ jacobian(x) for row, x in zip(signal, X, strict=True)])
    difference = check_gradient(lambda X: np.sum(signal * layer(theta, X)), X, back)
    ledger("central differences", difference, tolerance=1e-7, label="eq-bp-batch")

    summed = sum(np.einsum("j,jik->ik", row, by_theta(x)) for row, x in zip(signal, X, strict=True))
    difference = check_gradient(lambda t: np.sum(signal * layer(t, X)), theta, summed)
    ledger("central differences", difference, tolerance=1e-7, label="eq-bp-batch-parameters")

    dX, dW, _ = affine_backward(signal, (X, theta))
    rows = [
        affine_backward(s[np.newaxis], (x[np.newaxis], theta))
        for s, x in zip(signal, X, strict=True)
    ]
    error = worst_error(dX, [row[0][0] for row in rows])
    ledger("dlcore: affine_backward, row by row", error, 1e-14, label="eq-bp-batch")
    error = worst_error(dW, sum(row[1] for row in rows))
    ledger("dlcore: affine_backward, row by row", error, 1e-14, label="eq-bp-batch-parameters")


@pytest.mark.ledger("eq-bp-rows")
def test_the_four_equations_in_rows(ledger, net, batch):
    net, params = net
    X, Y = batch
    W, b = weights_of(params)
    Z, A = [], [X]
    for weight, bias, bend in zip(W, b, BENDS, strict=True):
        Z.append(A[-1] @ weight.T + bias)
        A.append(bend(Z[-1]))
    delta = (A[-1] - Y) / len(X) * SLOPES[-1](Z[-1])
    printed = {}
    for layer in (2, 1, 0):
        printed[f"{LAYERS[layer]}.b"] = delta.T @ np.ones(len(X))
        printed[f"{LAYERS[layer]}.W"] = delta.T @ A[layer]
        if layer:
            delta = (delta @ W[layer]) * SLOPES[layer - 1](Z[layer - 1])
    _, grads = net_gradients(net, params, X, Y)
    ledger("dlcore: Sequential", max(worst_error(grads[k], v) for k, v in printed.items()), 1e-13)

    examples = []
    for x, y in zip(X, Y, strict=True):
        scores, activations = forward(params, x)
        deltas = errors(params, scores, activations, y)
        examples.append([np.outer(d, a) for d, a in zip(deltas, activations, strict=False)])
    means = [np.mean([e[layer] for e in examples], axis=0) for layer in range(3)]
    columns = [worst_error(printed[f"{n}.W"], m) for n, m in zip(LAYERS, means, strict=True)]
    ledger("loops: over the examples", max(columns), tolerance=1e-13)


# Two layers under the microscope


def jacobian_by_differences(f, x):
    """Return df/dx with the axes of f first."""
    shape = f(x).shape
    entries = [numerical_gradient(lambda x, i=i: f(x)[i], x) for i in np.ndindex(shape)]
    return np.reshape(entries, shape + x.shape)


@pytest.mark.ledger("eq-affine-jacobian")
def test_the_jacobians_of_the_affine_layer(ledger):
    rng = np.random.default_rng(10)
    X, W, b = rng.standard_normal((5, 4)), rng.standard_normal((3, 4)), rng.standard_normal(3)
    n, i = np.eye(5), np.eye(3)
    printed = {
        "X": np.einsum("nm,ij->nimj", n, W),
        "W": np.einsum("iu,nv->niuv", i, X),
        "b": np.einsum("iu,n->niu", i, np.ones(5)),
    }
    measured = {
        "X": jacobian_by_differences(lambda X: affine_forward(X, W, b)[0], X),
        "W": jacobian_by_differences(lambda W: affine_forward(X, W, b)[0], W),
        "b": jacobian_by_differences(lambda b: affine_forward(X, W, b)[0], b),
    }
    worst = max(worst_error(printed[k], measured[k]) for k in printed)
    ledger("central differences", worst, tolerance=1e-8)

    dZ = rng.standard_normal((5, 3))
    contracted = [np.tensordot(dZ, tensor, axes=2) for tensor in printed.values()]
    grads = affine_backward(dZ, affine_forward(X, W, b)[1])
    ledger("dlcore: affine_backward", max(map(worst_error, contracted, grads)), tolerance=1e-14)


@pytest.mark.ledger("eq-affine-vec")
def test_the_jacobian_of_the_flattened_weights(ledger):
    rng = np.random.default_rng(11)
    W, x, delta = rng.standard_normal((3, 4)), rng.standard_normal(4), rng.standard_normal(3)
    printed = np.kron(np.eye(3), x)
    measured = jacobian_by_differences(lambda w: w.reshape(3, 4) @ x, W.ravel())
    ledger("central differences", worst_error(printed, measured), tolerance=1e-8)
    outer = np.outer(delta, x).ravel()
    ledger("another way: the outer product", worst_error(delta @ printed, outer), tolerance=1e-14)
    _, dW, _ = affine_backward(delta[np.newaxis], (x[np.newaxis], W))
    ledger("dlcore: affine_backward", worst_error(delta @ printed, dW.ravel()), tolerance=1e-14)


@pytest.mark.ledger("eq-relu-jacobian")
def test_the_jacobian_of_relu(ledger):
    rng = np.random.default_rng(12)
    Z, dA = rng.standard_normal((2, 5, 3))
    printed = np.einsum("nm,ij,ni->nimj", np.eye(5), np.eye(3), Z > 0)
    measured = jacobian_by_differences(lambda Z: relu_forward(Z)[0], Z)
    ledger("central differences", worst_error(printed, measured), tolerance=1e-8)
    back = relu_backward(dA, relu_forward(Z)[1])
    ledger(
        "dlcore: relu_backward", worst_error(np.tensordot(dA, printed, axes=2), back), tolerance=0
    )


@pytest.mark.ledger("eq-affinerelu-forward", "eq-affinerelu-backward")
def test_affine_and_relu_as_one(ledger):
    rng = np.random.default_rng(13)
    X, W, b = rng.standard_normal((6, 4)), rng.standard_normal((3, 4)), rng.standard_normal(3)
    dA = rng.standard_normal((6, 3))

    def printed_forward(X, W, b):
        return np.maximum(X @ W.T + np.outer(np.ones(6), b), 0)

    A = printed_forward(X, W, b)
    net = Sequential(fc=Affine(4, 3), relu=ReLU())
    params = net.init(rng).like(np.concatenate([W.ravel(), b]))
    out, cache = net.forward(params, X)
    ledger("dlcore: Sequential", worst_error(out, A), 1e-14, label="eq-affinerelu-forward")

    delta = dA * (A > 0)
    printed = delta @ W, delta.T @ X, delta.T @ np.ones(6)
    differences = [
        check_gradient(lambda X: np.sum(dA * printed_forward(X, W, b)), X, printed[0]),
        check_gradient(lambda W: np.sum(dA * printed_forward(X, W, b)), W, printed[1]),
        check_gradient(lambda b: np.sum(dA * printed_forward(X, W, b)), b, printed[2]),
    ]
    ledger("central differences", max(differences), 1e-7, label="eq-affinerelu-backward")
    dX, grads = net.backward(dA, cache)
    both = map(worst_error, printed, (dX, grads["fc.W"], grads["fc.b"]))
    ledger("dlcore: Sequential", max(both), 1e-14, label="eq-affinerelu-backward")


@pytest.mark.ledger("eq-bp-connected-forward", "eq-bp-connected")
def test_fully_connected_from_an_image(ledger):
    rng = np.random.default_rng(14)
    z, W = rng.standard_normal((4, 5, 3)), rng.standard_normal((6, 4, 5, 3))
    b, up = rng.standard_normal((2, 6))

    def printed_forward(z, W, b):
        return np.array([np.sum(W[k] * np.tanh(z)) + b[k] for k in range(6)])

    flat, cache = affine_forward(np.tanh(z).reshape(1, 60), W.reshape(6, 60), b)
    error = worst_error(flat[0], printed_forward(z, W, b))
    ledger(
        "dlcore: affine layers of the flattened image",
        error,
        1e-14,
        label="eq-bp-connected-forward",
    )

    delta = np.zeros(z.shape)
    dW = np.zeros(W.shape)
    for u, v, c in np.ndindex(z.shape):
        slope = 1 - math.tanh(z[u, v, c]) ** 2
        delta[u, v, c] = slope * sum(W[k, u, v, c] * up[k] for k in range(6))
        dW[:, u, v, c] = up * math.tanh(z[u, v, c])
    differences = [
        check_gradient(lambda z: up @ printed_forward(z, W, b), z, delta),
        check_gradient(lambda W: up @ printed_forward(z, W, b), W, dW),
        check_gradient(lambda b: up @ printed_forward(z, W, b), b, up),
    ]
    ledger("central differences", max(differences), 1e-7, label="eq-bp-connected")
    _, flat_dW, _ = affine_backward(up[np.newaxis], cache)
    ledger(
        "dlcore: affine layers of the flattened image",
        worst_error(dW, flat_dW.reshape(W.shape)),
        1e-14,
        label="eq-bp-connected",
    )


@pytest.mark.ledger("eq-bp-normalize-forward", "eq-bp-normalize-backward")
def test_rows_of_length_one(ledger):
    rng = np.random.default_rng(15)
    X, dY = rng.standard_normal((2, 5, 3))

    def normalize(X):
        return np.stack([x / math.sqrt(sum(number**2 for number in x)) for x in X])

    Y, r = normalize(X), np.linalg.norm(X, axis=1)
    lengths = np.linalg.norm(Y, axis=1)
    ledger(
        "another way: length 1",
        worst_error(lengths, np.ones(5)),
        1e-14,
        label="eq-bp-normalize-forward",
    )
    printed = np.stack(
        [(dy - (dy @ y) * y) / length for dy, y, length in zip(dY, Y, r, strict=True)]
    )
    difference = check_gradient(lambda X: np.sum(dY * normalize(X)), X, printed)
    ledger("central differences", difference, 1e-7, label="eq-bp-normalize-backward")


# What it costs, and training


@pytest.mark.ledger("eq-bp-multiply-adds")
def test_backward_needs_twice_the_products(ledger, net):
    """Count the products that ``affine_forward`` and ``affine_backward`` ask for."""
    net, _ = net
    N = 7
    counted = {"forward": 0, "backward": 0}

    class Counting(np.ndarray):
        way = None

        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            plain = [np.asarray(x) for x in inputs]
            if ufunc is np.matmul:
                counted[Counting.way] += plain[0].shape[0] * plain[0].shape[1] * plain[1].shape[1]
            return getattr(ufunc, method)(*plain, **kwargs).view(Counting)

    for d_in, d_out in itertools.pairwise(SIZES):
        X, W, b = (np.ones(shape).view(Counting) for shape in [(N, d_in), (d_out, d_in), (d_out,)])
        Counting.way = "forward"
        Z, cache = affine_forward(X, W, b)
        Counting.way = "backward"
        affine_backward(Z, cache)
    printed = N * sum(d_in * d_out for d_in, d_out in itertools.pairwise(SIZES))
    gap = abs(counted["forward"] - printed) + abs(counted["backward"] - 2 * printed)
    ledger("counting: products", gap, tolerance=0)
    products = N * summary(net, (SIZES[0],)).total.multiply_adds
    ledger("dlcore: models.summary", abs(products - printed), tolerance=0)


@pytest.mark.ledger("eq-bp-estimate", "eq-bp-spread")
def test_all_batches_of_two_and_three(ledger, net, batch):
    """Every sample of B of 7 examples, with replacement, is drawn once: exact expectations."""
    net, params = net
    X, Y = batch
    singles = np.stack([net_gradients(net, params, X[[n]], Y[[n]])[1].theta for n in range(7)])
    exact = net_gradients(net, params, X, Y)[1].theta
    variance = np.mean(np.sum((singles - exact) ** 2, axis=1))
    means, spreads = [], []
    for B in (1, 2, 3):
        samples = np.array(list(itertools.product(range(7), repeat=B)))
        estimates = singles[samples].mean(axis=1)
        means.append(worst_error(estimates.mean(axis=0), exact))
        spread = np.mean(np.sum((estimates - exact) ** 2, axis=1))
        spreads.append(worst_error(spread, variance / B))
    ledger("counting: all samples", max(means), tolerance=1e-13, label="eq-bp-estimate")
    ledger("counting: all samples", max(spreads), tolerance=1e-13, label="eq-bp-spread")


@pytest.mark.ledger("eq-bp-shuffle")
def test_all_batches_without_replacement(ledger, net, batch):
    """Every set of B of 7 examples is drawn once: exact expectations, up to the whole epoch."""
    net, params = net
    X, Y = batch
    singles = np.stack([net_gradients(net, params, X[[n]], Y[[n]])[1].theta for n in range(7)])
    exact = net_gradients(net, params, X, Y)[1].theta
    variance = np.mean(np.sum((singles - exact) ** 2, axis=1))
    spreads = []
    for B in range(1, 8):
        samples = np.array(list(itertools.combinations(range(7), B)))
        estimates = singles[samples].mean(axis=1)
        np.testing.assert_allclose(estimates.mean(axis=0), exact, atol=1e-14)
        spread = np.mean(np.sum((estimates - exact) ** 2, axis=1))
        spreads.append(abs(spread - variance / B * (7 - B) / 6) / variance)
    ledger("counting: all samples", max(spreads), tolerance=1e-13)


# Any graph


@pytest.mark.ledger("eq-autograd-broadcast")
def test_the_gradient_of_what_was_broadcast(ledger):
    rng, wrong, measured = np.random.default_rng(16), [], []
    for shape in ((), (3,), (1, 3), (2, 1), (4, 1, 3)):
        b, G = rng.standard_normal(shape), rng.standard_normal((4, 2, 3))
        places = np.broadcast_to(np.arange(b.size).reshape(shape), G.shape)
        printed = np.zeros(b.size)
        for i in np.ndindex(G.shape):
            printed[places[i]] += G[i]
        printed = printed.reshape(shape)
        wrong.append(worst_error(summed_to(G, shape), printed))
        measured.append(check_gradient(lambda b, G=G: float(np.sum(G * (b + 0 * G))), b, printed))
    ledger("loops: over the places", max(wrong), tolerance=1e-14)
    ledger("central differences", max(measured), tolerance=1e-7)


@pytest.mark.ledger("eq-bp-decay")
def test_one_example_at_a_time_with_decay(ledger, net, batch):
    net, params = net
    X, Y = batch
    rate, decay = 0.3, 0.01
    weights, biases = weights_of(params)
    for x, y in zip(X, Y, strict=True):
        now = params.like(
            np.concatenate([np.r_[W.ravel(), b] for W, b in zip(weights, biases, strict=True)])
        )
        scores, activations = forward(now, x)
        deltas = errors(now, scores, activations, y)
        weights = [
            W - rate * (np.outer(d, a) + decay * W)
            for W, d, a in zip(weights, deltas, activations, strict=False)
        ]
        biases = [b - rate * d for b, d in zip(biases, deltas, strict=True)]
    fitted, _ = fit(
        net, params, X, Y, loss=quadratic, optimizer=GradientDescent(rate), epochs=1,
        batch_size=1, penalty=lambda w: l2(w, decay, 1),
    )  # fmt: skip
    found = [worst_error(fitted[f"{n}.W"], W) for n, W in zip(LAYERS, weights, strict=True)]
    found += [worst_error(fitted[f"{n}.b"], b) for n, b in zip(LAYERS, biases, strict=True)]
    ledger("dlcore: fit, seven steps", max(found), tolerance=1e-13)
