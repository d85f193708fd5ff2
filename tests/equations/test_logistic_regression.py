"""The equations of chapter 03 that no single function of dlcore stands for, measured."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from dlcore import datasets, losses
from dlcore.activations import sigmoid, softmax
from dlcore.gradcheck import check_gradient, numerical_gradient
from dlcore.layers import (
    Affine,
    Sigmoid,
    affine_backward,
    affine_forward,
    sigmoid_backward,
    sigmoid_forward,
)
from dlcore.losses import binary_cross_entropy, logistic, logistic_pm1, softmax_cross_entropy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from tests.measure import worst_error, worst_relative_error

EXTREME = np.array([-1e4, -800.0, -745.0, -709.8, -37.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 37.0, 1e4])


def exactly(formula):
    """Apply ``formula`` to each entry in decimal arithmetic of 400 digits, then round once."""

    def rounded(*arrays):
        with localcontext() as context:
            context.prec = 400  # 1 + exp(-709) needs more than 308
            values = [float(formula(*map(Decimal, row))) for row in zip(*arrays, strict=True)]
        return np.array(values)

    return rounded


@pytest.fixture
def batch():
    """Return a batch of 6 examples with 3 features, labels in {0, 1}, and a model's W and b."""
    rng = np.random.default_rng(0)
    X, W, b = rng.standard_normal((6, 3)), rng.standard_normal((1, 3)), rng.standard_normal(1)
    return X, np.array([0.0, 1, 1, 0, 1, 0])[:, np.newaxis], W, b


@pytest.mark.ledger("eq-sigmoid")
def test_sigmoid_is_the_printed_formula(ledger):
    z = np.linspace(-30, 30, 601)
    printed = [1 / (1 + math.exp(-number)) for number in z]
    ledger("the printed formula", worst_error(sigmoid(z), printed), tolerance=1e-15)


@pytest.mark.ledger("eq-sigmoid-stable")
def test_sigmoid_is_exact_where_the_printed_formula_overflows(ledger):
    with pytest.raises(OverflowError):
        1 / (1 + math.exp(800.0))
    exact = exactly(lambda z: 1 / (1 + (-z).exp()))(EXTREME)
    ledger("many digits: 400", worst_relative_error(sigmoid(EXTREME), exact), tolerance=1e-15)


@pytest.mark.ledger("eq-sigmoid-symmetry")
def test_sigmoid_symmetry(ledger):
    z = np.linspace(-40, 40, 801)
    ledger("another way: the other side", worst_error(sigmoid(-z), 1 - sigmoid(z)), tolerance=1e-15)


@pytest.mark.ledger("eq-cost")
def test_the_cost_is_the_mean_over_the_examples(ledger, batch):
    X, Y, W, b = batch
    A = sigmoid(X @ W.T + b)
    cost, _ = binary_cross_entropy(A, Y)
    one_by_one = [binary_cross_entropy(A[n : n + 1], Y[n : n + 1])[0] for n in range(len(X))]
    ledger("loops: over the examples", worst_error(cost, sum(one_by_one) / len(X)), tolerance=1e-15)


@pytest.mark.ledger("eq-logistic-delta")
def test_the_two_chain_rule_factors_give_a_minus_y(ledger):
    z, y = np.linspace(-5, 5, 12), np.resize([0, 1], 12)
    a, cache = sigmoid_forward(z)
    _, da = binary_cross_entropy(a, y)
    chained = sigmoid_backward(da, cache) * z.size
    ledger("another way: dL/da times da/dz", worst_error(a - y, chained), tolerance=1e-14)
    ledger("dlcore: logistic", worst_error(a - y, logistic(z, y)[1] * z.size), tolerance=1e-15)


@pytest.mark.ledger("eq-logistic-model")
def test_the_model_is_the_printed_sum(ledger, batch):
    X, _, W, b = batch
    net = Sequential(fc=Affine(3, 1), sigmoid=Sigmoid())
    A, _ = net.forward(net.init(np.random.default_rng(0)).like(np.append(W, b)), X)
    sums = [sum(w * x for w, x in zip(W[0], row, strict=True)) + b[0] for row in X]
    printed = [[1 / (1 + math.exp(-z))] for z in sums]
    ledger("the printed formula", worst_error(A, printed), tolerance=1e-15)


@pytest.mark.ledger("eq-logistic-gradient")
def test_the_gradient_of_one_example(ledger):
    rng = np.random.default_rng(1)
    errors = []
    for y in (0.0, 1.0):
        x, theta = rng.standard_normal(3), rng.standard_normal(4)  # theta: w, then b

        def loss(theta, x=x, y=y):
            a = sigmoid(np.atleast_1d(theta[:3] @ x + theta[3]))
            return binary_cross_entropy(a, np.atleast_1d(y))[0]

        a = sigmoid(theta[:3] @ x + theta[3])
        printed = np.append((a - y) * x, a - y)
        errors.append(check_gradient(loss, theta, printed))
    ledger("central differences", max(errors), tolerance=1e-7)


@pytest.mark.ledger("eq-logistic-batch")
def test_the_gradient_of_a_batch(ledger, batch):
    X, Y, W, b = batch
    net = Sequential(fc=Affine(3, 1))
    params = net.init(np.random.default_rng(0)).like(np.append(W, b))

    def cost(theta):
        return logistic(net.forward(params.like(theta), X)[0], Y)[0]

    scores, cache = net.forward(params, X)
    _, grads = net.backward(logistic(scores, Y)[1], cache)
    difference = check_gradient(cost, params.theta, grads.theta)
    ledger("central differences", difference, tolerance=1e-7)

    A = sigmoid(X @ W.T + b)
    printed = np.append((A - Y).T @ X / len(X), np.mean(A - Y))
    ledger("the printed formula", worst_error(grads.theta, printed), tolerance=1e-15)

    one_by_one = []
    for x, y in zip(X, Y, strict=True):
        score, cache = affine_forward(x[np.newaxis], W, b)
        _, dW, db = affine_backward(logistic(score, y[np.newaxis])[1], cache)
        one_by_one.append(np.append(dW, db))
    ledger(
        "loops: over the examples",
        worst_error(grads.theta, np.mean(one_by_one, axis=0)),
        tolerance=1e-15,
    )


@pytest.mark.ledger("eq-gradient-descent")
def test_gradient_descent_steps_against_the_gradient(ledger):
    theta, grad = np.array([1.0, -2.0, 0.5]), np.array([0.2, -0.4, 0.0])
    optimizer = GradientDescent(lr=0.1)
    stepped, _ = optimizer.update(theta, grad, optimizer.init(theta))
    ledger("by hand", worst_error(stepped, [0.98, -1.96, 0.5]), tolerance=1e-15)


@pytest.mark.ledger("eq-logistic-stable")
def test_the_stable_loss_is_exact_where_the_log_of_a_probability_is_not(ledger):
    errors = []
    for y in (0, 1):
        with np.errstate(divide="ignore"):
            probability = sigmoid(EXTREME) if y == 1 else 1 - sigmoid(EXTREME)
            assert np.isinf(np.log(probability)).any()  # what the stable form repairs
        exact = exactly(lambda s, y=y: (1 + s.exp()).ln() - y * s)(EXTREME)
        got = [logistic(s[np.newaxis], np.array([y]))[0] for s in EXTREME]
        errors.append(worst_relative_error(got, exact))
    ledger("many digits: 400", max(errors), tolerance=1e-15)


@pytest.mark.ledger("eq-logistic-stable")
def test_the_stable_loss_is_the_cross_entropy_of_the_probabilities(ledger, batch):
    X, Y, W, b = batch
    scores, _ = affine_forward(X, W, b)
    from_probabilities, _ = binary_cross_entropy(sigmoid(scores), Y)
    error = worst_error(logistic(scores, Y)[0], from_probabilities)
    ledger("dlcore: binary_cross_entropy", error, tolerance=1e-14)


@pytest.mark.ledger("eq-logistic-pm1", "eq-logistic-pm1-delta")
def test_the_loss_of_signed_labels_is_exact_for_extreme_scores(ledger):
    values, gradients = [], []
    for y in (-1, 1):
        pairs = [logistic_pm1(s[np.newaxis], np.array([y])) for s in EXTREME]
        exact = exactly(lambda s, y=y: (1 + (-y * s).exp()).ln())(EXTREME)
        values.append(worst_relative_error([value for value, _ in pairs], exact))
        exact = exactly(lambda s, y=y: -y / (1 + (y * s).exp()))(EXTREME)
        gradients.append(worst_relative_error(np.array([ds[0] for _, ds in pairs]), exact))
    ledger("many digits: 400", max(values), tolerance=1e-15, label="eq-logistic-pm1")
    ledger("many digits: 400", max(gradients), tolerance=1e-15, label="eq-logistic-pm1-delta")


@pytest.mark.ledger("eq-labels-agree")
def test_both_kinds_of_labels_give_the_same_model(ledger):
    s, y = np.linspace(-50, 50, 40), np.resize([0, 1, 1], 40)
    (value, ds), (value_pm1, ds_pm1) = logistic(s, y), logistic_pm1(s, 2 * y - 1)
    ledger("dlcore: logistic", worst_error(value_pm1, value), tolerance=1e-15)
    ledger("dlcore: logistic", worst_error(ds_pm1, ds), tolerance=1e-15)


@pytest.mark.ledger("eq-convex")
def test_the_hessian_and_that_it_has_no_negative_eigenvalue(ledger, batch):
    X, Y, W, _ = batch

    def gradient(w):
        A, cache = affine_forward(X, w[np.newaxis], np.zeros(1))
        return affine_backward(logistic(A, Y)[1], cache)[1][0]

    w = W[0]
    a = sigmoid(X @ w)
    hessian = X.T @ np.diag(a * (1 - a)) @ X / len(X)
    columns = [numerical_gradient(lambda w, i=i: gradient(w)[i], w) for i in range(w.size)]
    ledger(
        "central differences: of the gradient",
        worst_error(hessian, np.array(columns)),
        tolerance=1e-8,
    )

    lowest = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X, a = rng.standard_normal((4, 6)), rng.random(4)  # fewer examples than weights: flat
        lowest.append(np.linalg.eigvalsh(X.T @ np.diag(a * (1 - a)) @ X / len(X)).min())
    ledger("a bound: 20 Hessians", max(0.0, -min(lowest)), tolerance=1e-15)


@pytest.mark.ledger("eq-rate-limit")
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9, 0.99, 1.01, 1.5])
def test_gradient_descent_on_a_parabola_multiplies_by_a_constant(ledger, rate):
    curvature, steps = 3.0, 200
    optimizer = GradientDescent(lr=rate * 2 / curvature)  # rate: in units of the limit 2 / lambda
    w = start = np.array([2.0, -1.0])
    for _ in range(steps):
        w, _ = optimizer.update(w, curvature * w, ())
    factor = 1 - optimizer.lr * curvature
    assert (np.abs(w).max() > np.abs(start).max()) == (rate > 1)
    assert abs(factor) < 1 or rate > 1
    ledger("the printed formula", worst_error(w, factor**steps * start), tolerance=1e-12)


@pytest.mark.ledger("eq-normalize")
def test_grey_values_are_mapped_to_the_unit_interval_and_back(ledger):
    images, _ = datasets.digits()
    X = images.reshape(len(images), -1) / 16
    assert X.min() == 0
    assert X.max() == 1
    ledger(
        "another way: back again", worst_error(X.reshape(images.shape) * 16, images), tolerance=0
    )


@pytest.mark.ledger("eq-logistic-batch")
def test_the_gradient_on_real_images(ledger):
    images, labels = datasets.digits(classes=(3, 8))
    X, Y = images.reshape(len(images), -1) / 16, (labels == 8).astype(float)[:, np.newaxis]
    rng = np.random.default_rng(0)
    W, b = 0.1 * rng.standard_normal((1, X.shape[1])), 0.1 * rng.standard_normal(1)
    scores, cache = affine_forward(X, W, b)
    _, dW, db = affine_backward(losses.logistic(scores, Y)[1], cache)

    def cost(theta):
        return losses.logistic(affine_forward(X, theta[np.newaxis, :-1], theta[-1:])[0], Y)[0]

    difference = check_gradient(cost, np.append(W, b), np.append(dW, db))
    ledger("central differences", difference, tolerance=1e-7)


@pytest.fixture
def classes():
    """Return a batch of 7 examples with 3 features in 4 classes, and a model's W and b."""
    rng = np.random.default_rng(3)
    X, W, b = rng.standard_normal((7, 3)), rng.standard_normal((4, 3)), rng.standard_normal(4)
    return X, np.array([0, 3, 1, 1, 2, 0, 3]), W, b


@pytest.mark.ledger("eq-softreg-model")
def test_softmax_regression_is_the_printed_quotient(ledger, classes):
    X, _, W, b = classes
    P = softmax(affine_forward(X, W, b)[0])
    printed = []
    for x in X:
        powers = [
            math.exp(sum(w * v for w, v in zip(row, x, strict=True)) + c)
            for row, c in zip(W, b, strict=True)
        ]
        printed.append([power / sum(powers) for power in powers])
    ledger("the printed formula", worst_error(P, printed), tolerance=1e-15)


@pytest.mark.ledger("eq-softreg-redundant")
@pytest.mark.parametrize("size", [1.0, 100.0])
def test_the_same_vector_added_to_every_row_changes_nothing(ledger, classes, size):
    X, _, W, b = classes
    rng = np.random.default_rng(4)
    c, c0 = size * rng.standard_normal(3), size * rng.standard_normal()
    P, Q = softmax(X @ W.T + b), softmax(X @ (W + c).T + b + c0)
    assert np.abs(softmax(X @ (W + c * np.arange(4)[:, np.newaxis]).T + b) - P).max() > 0.1
    ledger("another way: all rows moved", worst_error(P, Q), tolerance=1e-12)


@pytest.mark.ledger("eq-softreg-two")
def test_two_rows_are_one_neuron_with_their_difference(ledger, classes):
    X, _, W, b = classes
    rows, c = W[:2], b[:2]
    P = softmax(X @ rows.T + c)
    neuron = sigmoid(X @ (rows[1] - rows[0]) + c[1] - c[0])
    ledger("dlcore: sigmoid", worst_error(P[:, 1], neuron), tolerance=1e-15)
    y = np.array([0, 1, 1, 0, 1, 0, 0])
    loss = softmax_cross_entropy(X @ rows.T + c, y)[0]
    single = logistic(X @ (rows[1] - rows[0]) + c[1] - c[0], y)[0]
    ledger("dlcore: logistic", worst_error(loss, single), tolerance=1e-15)


@pytest.mark.ledger("eq-softreg-gradient")
def test_the_gradient_of_softmax_regression(ledger, classes):
    X, y, W, b = classes

    def cost(theta):
        Z, _ = affine_forward(X, theta[:12].reshape(4, 3), theta[12:])
        return softmax_cross_entropy(Z, y)[0]

    Z, cache = affine_forward(X, W, b)
    _, dW, db = affine_backward(softmax_cross_entropy(Z, y)[1], cache)
    P, Y = softmax(Z), np.eye(4)[y]
    printed = (P - Y).T @ X / len(X), (P - Y).T @ np.ones(len(X)) / len(X)
    ledger("the printed formula", worst_error(dW, printed[0]), tolerance=1e-15)
    ledger("the printed formula", worst_error(db, printed[1]), tolerance=1e-15)
    theta, gradient = np.append(W, b), np.append(dW, db)
    ledger("central differences", check_gradient(cost, theta, gradient), tolerance=1e-7)

    sums = np.zeros_like(W)
    for x, label in zip(X, y, strict=True):  # one weight at a time
        p = softmax(W @ x + b)
        for i in range(4):
            for j in range(3):
                sums[i, j] += (p[i] - (i == label)) * x[j] / len(X)
    ledger("loops: over the examples", worst_error(dW, sums), tolerance=1e-15)


@pytest.mark.ledger("eq-softreg-curvature")
def test_the_curvature_along_a_line_is_a_variance(ledger):
    rng = np.random.default_rng(5)
    errors, lowest = [], []
    for _ in range(20):
        z, v = 3 * rng.standard_normal(5), rng.standard_normal(5)

        def slope(tau, z=z, v=v):
            return softmax_cross_entropy((z + tau * v)[np.newaxis], np.array([2]))[1][0] @ v

        p = softmax(z)
        variance = p @ (v - p @ v) ** 2
        errors.append(abs(variance - (slope(1e-5) - slope(-1e-5)) / 2e-5))
        errors.append(abs(variance - (p @ v**2 - (p @ v) ** 2)))
        lowest.append(variance)
    assert min(lowest) > 0
    ledger("central differences: of the slope", max(errors), tolerance=1e-8)
    flat = softmax(np.array([2.0, -1.0])) @ (np.ones(2) - 1.0) ** 2
    ledger("by hand", flat, tolerance=0)


@pytest.mark.ledger("eq-softreg-rate")
def test_half_the_mean_square_bounds_every_curvature(ledger):
    above = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X = np.column_stack([rng.standard_normal((6, 3)), np.ones(6)])
        bound = np.linalg.eigvalsh(X.T @ X / (2 * len(X)))[-1]
        P = softmax(3 * rng.standard_normal((6, 4)))
        blocks = [
            np.kron(np.diag(p) - np.outer(p, p), np.outer(x, x)) for p, x in zip(P, X, strict=True)
        ]
        above.append(np.linalg.eigvalsh(np.mean(blocks, axis=0))[-1] - bound)
    ledger("a bound: 20 Hessians", max(0.0, *above), tolerance=1e-15)
    p = np.array([0.5, 0.5, 0.0])  # where it is reached
    v = np.array([1.0, -1.0, 0.0]) / math.sqrt(2)
    ledger("by hand", abs(p @ v**2 - (p @ v) ** 2 - 0.5), tolerance=1e-15)


@pytest.mark.ledger("eq-softreg-inverted")
def test_the_scores_of_an_image_and_its_negative_have_one_sum(ledger, batch):
    X, _, W, b = batch
    scores, negative = (affine_forward(images, W, b)[0][:, 0] for images in (X, 1 - X))
    ledger(
        "the printed formula",
        worst_error(scores + negative, np.full(len(X), W.sum() + 2 * b[0])),
        1e-14,
    )
