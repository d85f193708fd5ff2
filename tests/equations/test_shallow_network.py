"""The equations of chapter 04, measured."""

import itertools
import math

import numpy as np
import pytest
from scipy.optimize import linprog

from dlcore import datasets
from dlcore.activations import sigmoid, tanh
from dlcore.gradcheck import check_gradient
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, ReLU, Tanh, affine_forward
from dlcore.losses import binary_cross_entropy, logistic
from dlcore.metrics import binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.symmetries import equal_networks
from tests.measure import worst_error

CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
XOR = np.array([0, 1, 1, 0])


@pytest.fixture
def net():
    """Return chapter 04's network on planar points, with random parameters, biases too."""
    net = Sequential(fc1=Affine(2, 4, xavier_normal), tanh1=Tanh(), fc2=Affine(4, 1, xavier_normal))
    params = net.init(np.random.default_rng(0))
    return net, params.like(np.random.default_rng(1).standard_normal(params.theta.size))


@pytest.fixture
def batch():
    X, y = datasets.planar_flower(np.random.default_rng(0), 30)
    return X, y[:, np.newaxis].astype(float)


def unpack(params):
    return (params[name] for name in ("fc1.W", "fc1.b", "fc2.W", "fc2.b"))


def one_example(params, x, y):
    """Return the printed lines of one example: z1, a1, z2, a2, and the six gradients."""
    W1, b1, W2, b2 = unpack(params)
    z1 = W1 @ x + b1  # (4, 2) (2,) + (4,) -> (4,)
    a1 = np.tanh(z1)
    z2 = W2 @ a1 + b2  # (1, 4) (4,) + (1,) -> (1,)
    a2 = 1 / (1 + np.exp(-z2))
    dz2 = a2 - y  # (1,)
    dW2 = np.outer(dz2, a1)  # (1, 4)
    db2 = dz2
    dz1 = (W2.T @ dz2) * (1 - a1**2)  # (4, 1) (1,) * (4,) -> (4,)
    dW1 = np.outer(dz1, x)  # (4, 2)
    db1 = dz1
    return (z1, a1, z2, a2), (dz2, dW2, db2, dz1, dW1, db1)


def whole_batch(params, X, Y):
    """Return the six gradients of the mean loss over the rows of X, as printed."""
    W1, b1, W2, b2 = unpack(params)
    A1 = np.tanh(X @ W1.T + b1)  # (N, 4)
    A2 = 1 / (1 + np.exp(-(A1 @ W2.T + b2)))  # (N, 1)
    dZ2 = (A2 - Y) / len(X)  # (N, 1)
    dW2 = dZ2.T @ A1  # (1, N) (N, 4) -> (1, 4)
    db2 = dZ2.sum(axis=0)  # (1,)
    dZ1 = (dZ2 @ W2) * (1 - A1**2)  # (N, 1) (1, 4) * (N, 4) -> (N, 4)
    dW1 = dZ1.T @ X  # (4, N) (N, 2) -> (4, 2)
    db1 = dZ1.sum(axis=0)  # (4,)
    return dZ2, dW2, db2, dZ1, dW1, db1


def as_vector(dW1, db1, dW2, db2):
    """Lay gradients out as ``theta`` is."""
    return np.concatenate([dW1.ravel(), db1, dW2.ravel(), db2])


@pytest.mark.ledger("eq-tanh")
def test_tanh_from_exponentials(ledger):
    z = np.linspace(-18, 18, 721)
    printed = [
        (math.exp(number) - math.exp(-number)) / (math.exp(number) + math.exp(-number))
        for number in z
    ]
    ledger("the printed formula", worst_error(tanh(z), printed), tolerance=1e-15)


@pytest.mark.ledger("eq-shallow-forward")
def test_the_four_lines_of_the_forward_pass(ledger, net, batch):
    net, params = net
    X, Y = batch
    scores, (_, caches) = net.forward(params, X)
    errors = []
    for n, (x, y) in enumerate(zip(X, Y, strict=True)):
        (_, a1, z2, a2), _ = one_example(params, x, y)
        errors += [worst_error(caches[1][n], a1), worst_error(scores[n], z2)]
        errors += [worst_error(sigmoid(scores[n]), a2)]
    ledger("dlcore: Sequential", max(errors), tolerance=1e-14)


@pytest.mark.ledger("eq-threshold")
def test_a_probability_above_one_half_is_a_score_above_zero(ledger):
    tiny = np.nextafter(0, 1)
    z = np.concatenate([np.linspace(-40, 40, 4001), [0.0, -0.0, 1e-15, -1e-15, tiny, -tiny]])
    distinct = np.abs(z) > 1e-16  # below, a rounds to exactly one half
    by_probability, by_score = sigmoid(z) > 0.5, z > 0
    disagree = np.mean(by_probability[distinct] != by_score[distinct])
    ledger("another way: the score's sign", disagree, tolerance=0)
    ledger("dlcore: binary_accuracy", 1 - binary_accuracy(z, by_score.astype(int)), tolerance=0)


@pytest.mark.ledger("eq-shallow-cost")
def test_the_cost_over_the_batch(ledger, net, batch):
    net, params = net
    X, Y = batch
    scores, _ = net.forward(params, X)
    printed = 0.0
    for x, y in zip(X, Y, strict=True):
        a2 = one_example(params, x, y)[0][3]
        printed -= float(y[0] * np.log(a2[0]) + (1 - y[0]) * np.log(1 - a2[0])) / len(X)
    ledger("dlcore: logistic", worst_error(logistic(scores, Y)[0], printed), tolerance=1e-14)
    from_probabilities, _ = binary_cross_entropy(sigmoid(scores), Y)
    ledger(
        "dlcore: binary_cross_entropy", worst_error(from_probabilities, printed), tolerance=1e-14
    )


@pytest.mark.ledger("eq-shallow-example")
def test_the_six_gradients_of_one_example(ledger, net, batch):
    net, params = net
    differences, against_net = [], []
    for x, y in zip(*batch, strict=True):
        (z1, _, z2, _), (dz2, dW2, db2, dz1, dW1, db1) = one_example(params, x, y)
        _, _, W2, b2 = unpack(params)

        def from_theta(theta, x=x, y=y):
            return logistic(net.forward(params.like(theta), x[np.newaxis])[0][0], y)[0]

        def from_z1(z, y=y, W2=W2, b2=b2):
            return logistic(W2 @ np.tanh(z) + b2, y)[0]

        printed = as_vector(dW1, db1, dW2, db2)
        differences += [
            check_gradient(lambda z, y=y: logistic(z, y)[0], z2, dz2),
            check_gradient(from_z1, z1, dz1),
            check_gradient(from_theta, params.theta, printed),
        ]
        scores, cache = net.forward(params, x[np.newaxis])
        _, grads = net.backward(logistic(scores, y[np.newaxis])[1], cache)
        against_net.append(worst_error(grads.theta, printed))
    ledger("central differences", max(differences), tolerance=1e-7)
    ledger("dlcore: Sequential", max(against_net), tolerance=1e-14)


@pytest.mark.ledger("eq-shallow-batch")
def test_the_six_gradients_of_a_batch(ledger, net, batch):
    net, params = net
    X, Y = batch
    dZ2, dW2, db2, dZ1, dW1, db1 = whole_batch(params, X, Y)
    printed = as_vector(dW1, db1, dW2, db2)

    def cost(theta):
        return logistic(net.forward(params.like(theta), X)[0], Y)[0]

    difference = check_gradient(cost, params.theta, printed)
    ledger("central differences", difference, tolerance=1e-7)

    examples = [one_example(params, x, y)[1] for x, y in zip(X, Y, strict=True)]
    mean = [np.mean([each[k] for each in examples], axis=0) for k in (4, 5, 1, 2)]
    rows = [np.stack([each[k] for each in examples]) / len(X) for k in (0, 3)]
    errors = [worst_error(printed, as_vector(*mean)), *map(worst_error, (dZ2, dZ1), rows)]
    ledger("loops: over the examples", max(errors), tolerance=1e-14)

    scores, cache = net.forward(params, X)
    _, grads = net.backward(logistic(scores, Y)[1], cache)
    ledger("dlcore: Sequential", worst_error(grads.theta, printed), tolerance=1e-14)


@pytest.mark.ledger("eq-affine-collapse")
def test_two_affine_layers_are_one(ledger):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((7, 3))
    W1, b1 = rng.standard_normal((5, 3)), rng.standard_normal(5)
    W2, b2 = rng.standard_normal((2, 5)), rng.standard_normal(2)
    two = affine_forward(affine_forward(X, W1, b1)[0], W2, b2)[0]
    one = affine_forward(X, W2 @ W1, W2 @ b1 + b2)[0]
    ledger("another way: two layers", worst_error(one, two), tolerance=1e-14)


@pytest.mark.ledger("eq-xor-impossible")
def test_no_affine_map_separates_xor(ledger):
    residuals = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        z, _ = affine_forward(CORNERS, rng.standard_normal((1, 2)), rng.standard_normal(1))
        residuals.append(worst_error(z[0] + z[3], z[1] + z[2]))
    ledger("another way: z(0,0) + z(1,1) = z(0,1) + z(1,0)", max(residuals), tolerance=1e-14)

    # Linear programming: is there (w1, w2, b) with y z >= 1 at each corner? Of the 16 labelings of
    # the corners, only XOR and its opposite have no answer.
    features = np.hstack([CORNERS, np.ones((4, 1))])
    impossible = set()
    for labels in itertools.product((-1, 1), repeat=4):
        signs = np.array(labels)[:, np.newaxis]
        answer = linprog(np.zeros(3), -signs * features, -np.ones(4), bounds=(None, None))
        assert answer.status in (0, 2)  # solved, or proved infeasible
        if answer.status == 2:
            impossible.add(labels)
    assert impossible == {(-1, 1, 1, -1), (1, -1, -1, 1)}


@pytest.mark.ledger("eq-xor-solution")
def test_two_relu_units_compute_xor(ledger):
    net = Sequential(fc1=Affine(2, 2), relu1=ReLU(), fc2=Affine(2, 1))
    params = net.init(np.random.default_rng(0))
    theta = as_vector(np.ones((2, 2)), np.array([0.0, -1]), np.array([[1.0, -2]]), np.zeros(1))
    z, _ = net.forward(params.like(theta), CORNERS)
    ledger("by hand: the truth table", worst_error(z[:, 0], XOR), tolerance=0)


@pytest.mark.ledger("eq-relu")
def test_relu_by_hand(ledger):
    net = Sequential(relu=ReLU())
    z = np.array([[-2.0, -0.0, 0.0, 1e-300, 3.5]])
    a, _ = net.forward(net.init(np.random.default_rng(0)), z)
    ledger("by hand", worst_error(a, [[0, 0, 0, 1e-300, 3.5]]), tolerance=0)


@pytest.mark.ledger("eq-symmetry")
def test_units_that_start_equal_stay_equal(ledger, batch):
    X, Y = batch
    net = Sequential(fc1=Affine(2, 2), tanh1=Tanh(), fc2=Affine(2, 1))
    params = net.init(np.random.default_rng(0))
    for view in params.values():
        view[...] = view[:1] if view.shape[0] == 2 else view[..., :1]  # unit 2 copies unit 1
    theta, optimizer, gaps = params.theta, GradientDescent(0.5), []
    for _ in range(100):
        now = params.like(theta)
        scores, cache = net.forward(now, X)
        _, grads = net.backward(logistic(scores, Y)[1], cache)
        for values in (now, grads):
            gaps.append(worst_error(values["fc1.W"][0], values["fc1.W"][1]))
            gaps.append(worst_error(values["fc1.b"][0], values["fc1.b"][1]))
            gaps.append(worst_error(values["fc2.W"][:, 0], values["fc2.W"][:, 1]))
        theta, _ = optimizer.update(theta, grads.theta, ())
    assert worst_error(theta, params.theta) > 0.1  # it did learn something
    ledger("another way: the other unit", max(gaps), tolerance=1e-12)


@pytest.mark.ledger("eq-shallow-symmetries")
@pytest.mark.parametrize("units", [1, 2, 4])
def test_orders_and_signs_leave_the_scores_alone(ledger, units):
    rng = np.random.default_rng(units)
    X = rng.standard_normal((9, 2))
    W1, b1 = rng.standard_normal((units, 2)), rng.standard_normal(units)
    W2, b2 = rng.standard_normal((1, units)), rng.standard_normal(1)
    before = affine_forward(np.tanh(X @ W1.T + b1), W2, b2)[0]
    printed, errors = [], []
    for order in itertools.permutations(range(units)):
        for signs in itertools.product((1.0, -1.0), repeat=units):
            S = np.diag(signs) @ np.eye(units)[list(order)]
            V1, c1, V2 = S @ W1, S @ b1, W2 @ S.T
            printed.append(np.concatenate([V1.ravel(), c1, V2.ravel()]))
            errors.append(worst_error(affine_forward(np.tanh(X @ V1.T + c1), V2, b2)[0], before))
    ledger("another way: the network itself", max(errors), tolerance=1e-14)
    found = [np.concatenate([a.ravel() for a in net]) for net in equal_networks(W1, b1, W2)]
    assert len(found) == len(printed) == 2**units * math.factorial(units)
    rows = [np.array(sorted(map(tuple, nets))) for nets in (found, printed)]
    ledger("dlcore: equal_networks", worst_error(*rows), tolerance=0)
