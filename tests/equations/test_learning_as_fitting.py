"""The equations of chapter 01, measured."""

import math

import numpy as np
import pytest
from scipy.special import rel_entr
from scipy.stats import entropy, norm

from dlcore.activations import log_softmax, relu, sigmoid, softmax, tanh
from dlcore.gradcheck import check_gradient, numerical_gradient
from dlcore.layers import Affine, ReLU, affine_forward, relu_forward
from dlcore.losses import logistic, logistic_pm1, softmax_cross_entropy, squared_error, svm_hinge
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.perceptron import learn, mistake_bound, perceptron_step, signed_distance
from tests.measure import worst_error


@pytest.fixture
def scored():
    """Return scores (7, 4) and labels (7,)."""
    rng = np.random.default_rng(0)
    return 3 * rng.standard_normal((7, 4)), rng.integers(4, size=7)


@pytest.fixture
def probabilities():
    """Return true and predicted probabilities of 6 classes."""
    rng = np.random.default_rng(1)
    return rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(6))


@pytest.mark.ledger("eq-decision")
def test_the_answer_is_the_class_of_the_largest_score(ledger, scored):
    scores, labels = scored
    loops = [max(range(4), key=lambda i, row=row: row[i]) for row in scores]
    by_loops = sum(a == b for a, b in zip(loops, labels, strict=True)) / len(labels)
    assert 0 < by_loops < 1
    ledger("loops", abs(accuracy(scores, labels) - by_loops), tolerance=1e-15)


@pytest.mark.ledger("eq-empirical-risk")
def test_every_loss_is_the_mean_over_its_examples(ledger, scored):
    scores, labels = scored
    errors = []
    for loss, targets in (
        (squared_error, np.random.default_rng(2).standard_normal((7, 4))),
        (softmax_cross_entropy, labels),
        (svm_hinge, labels),
    ):
        one_by_one = [loss(scores[n : n + 1], targets[n : n + 1])[0] for n in range(7)]
        errors.append(worst_error(loss(scores, targets)[0], sum(one_by_one) / 7))
    ledger("loops: over the examples", max(errors), tolerance=1e-14)


@pytest.mark.ledger("eq-squared-error")
def test_squared_error_is_the_printed_sum(ledger):
    s, y = np.random.default_rng(3).standard_normal((2, 9))
    printed = math.fsum((b - a) ** 2 for a, b in zip(s, y, strict=True)) / 9
    ledger("the printed formula", worst_error(squared_error(s, y)[0], printed), tolerance=1e-15)


@pytest.mark.ledger("eq-gaussian-likelihood")
def test_squared_error_is_a_gaussian_likelihood(ledger):
    s, y = np.random.default_rng(4).standard_normal((2, 9))
    tau = 0.7
    printed = (y - s) ** 2 / (2 * tau**2) + np.log(np.sqrt(2 * np.pi) * tau)
    ledger("SciPy: stats.norm", worst_error(printed, -norm.logpdf(y, s, tau)), tolerance=1e-14)
    by_loss = squared_error(s, y)[0] / (2 * tau**2) + math.log(math.sqrt(2 * math.pi) * tau)
    ledger("dlcore: squared_error", worst_error(printed.mean(), by_loss), tolerance=1e-14)


@pytest.mark.ledger("eq-logistic-01", "eq-logistic-labels")
def test_both_labels_of_the_logistic_loss_are_one_loss(ledger):
    s = np.array([2.0, 2.0, -1.0, -1.0, 0.0, 0.0, 30.0, -30.0])
    y = np.array([1, 0, 1, 0, 1, 0, 1, 0])
    t = 2 * y - 1
    printed = [-math.log(1 / (1 + math.exp(-b * a))) for a, b in zip(s, t, strict=True)]
    zero_one = [logistic(s[n : n + 1], y[n : n + 1])[0] for n in range(8)]
    signed = [logistic_pm1(s[n : n + 1], t[n : n + 1])[0] for n in range(8)]
    likelihood = "the printed formula: minus the log probability"
    error = float(np.max(np.abs(np.subtract(zero_one, printed))))
    ledger(likelihood, error, tolerance=1e-14, label="eq-logistic-01")
    formula = np.log(1 + np.exp(s)) - y * s
    error = float(np.max(np.abs(formula - printed)))
    ledger("another way: log(1 + e^s) - y s", error, tolerance=1e-13, label="eq-logistic-01")
    error = float(np.max(np.abs(np.subtract(signed, printed))))
    ledger(likelihood, error, tolerance=1e-14, label="eq-logistic-labels")
    error = worst_error(signed, zero_one)
    ledger("another way: labels 0 and 1", error, tolerance=1e-14, label="eq-logistic-labels")


@pytest.mark.ledger("eq-softmax", "eq-softmax-cross-entropy")
def test_softmax_and_its_cross_entropy_are_the_printed_sums(ledger, scored):
    scores, labels = scored
    exponentials = [[math.exp(s) for s in row] for row in scores]
    printed = [[e / math.fsum(row) for e in row] for row in exponentials]
    ledger("loops", worst_error(softmax(scores), printed), tolerance=1e-14, label="eq-softmax")
    losses = [
        -row[y] + math.log(math.fsum(map(math.exp, row)))
        for row, y in zip(scores, labels, strict=True)
    ]
    error = worst_error(softmax_cross_entropy(scores, labels)[0], math.fsum(losses) / 7)
    ledger("loops", error, tolerance=1e-14, label="eq-softmax-cross-entropy")


@pytest.mark.ledger("eq-softmax-two")
def test_softmax_of_two_classes_is_the_sigmoid(ledger):
    scores = 5 * np.random.default_rng(5).standard_normal((20, 2))
    difference = scores[:, 1] - scores[:, 0]
    ledger(
        "dlcore: sigmoid", worst_error(softmax(scores)[:, 1], sigmoid(difference)), tolerance=1e-14
    )
    y = np.resize([0, 1, 1], 20)
    error = worst_error(softmax_cross_entropy(scores, y)[0], logistic(difference, y)[0])
    ledger("dlcore: logistic", error, tolerance=1e-14)


@pytest.mark.ledger("eq-hinge")
def test_the_hinge_is_the_printed_sum(ledger, scored):
    scores, labels = scored
    losses = [
        math.fsum(max(row[i] - row[y] + 1, 0) for i in range(4) if i != y)
        for row, y in zip(scores, labels, strict=True)
    ]
    error = worst_error(svm_hinge(scores, labels)[0], math.fsum(losses) / 7)
    ledger("loops", error, tolerance=1e-14)


@pytest.mark.ledger("eq-margin")
def test_with_signed_labels_the_losses_depend_on_the_margin_alone(ledger):
    s = 3 * np.random.default_rng(6).standard_normal(20)
    t = np.resize([1.0, -1.0, -1.0], 20)
    m = t * s
    ledger("dlcore: squared_error", worst_error((1 - m) ** 2, (s - t) ** 2), tolerance=1e-14)
    one_by_one = [logistic_pm1(s[n : n + 1], t[n : n + 1])[0] for n in range(20)]
    ledger("dlcore: logistic_pm1", worst_error(np.log1p(np.exp(-m)), one_by_one), tolerance=1e-14)
    two = np.stack([np.zeros(20), s], axis=1)  # the score of class 0, of class 1
    one_by_one = [svm_hinge(two[n : n + 1], (t[n : n + 1] > 0).astype(int))[0] for n in range(20)]
    ledger("dlcore: svm_hinge", worst_error(np.maximum(1 - m, 0), one_by_one), tolerance=1e-14)


@pytest.mark.ledger("eq-cross-entropy", "eq-kl", "eq-cross-entropy-kl")
def test_cross_entropy_is_entropy_and_divergence(ledger, probabilities):
    q, p = probabilities
    cross = -np.sum(q * np.log(p))
    kl = np.sum(q * np.log(q / p))
    error = worst_error(cross, entropy(q) + entropy(q, p))
    ledger("SciPy: stats.entropy", error, tolerance=1e-14, label="eq-cross-entropy")
    labels = np.repeat(np.arange(6), [3, 1, 0, 4, 2, 10])  # 20 examples, which share one score
    shares = np.bincount(labels, minlength=6) / 20
    mean, _ = softmax_cross_entropy(np.tile(np.log(p), (20, 1)), labels)
    error = worst_error(mean, -np.sum(shares * np.log(p)))
    ledger("dlcore: softmax_cross_entropy", error, tolerance=1e-14, label="eq-cross-entropy")
    error = worst_error(kl, rel_entr(q, p).sum())
    ledger("SciPy: special.rel_entr", error, tolerance=1e-14, label="eq-kl")
    error = worst_error(cross, -np.sum(q * np.log(q)) + kl)
    ledger("another way: the other side", error, tolerance=1e-14, label="eq-cross-entropy-kl")


@pytest.mark.ledger("eq-kl-positive")
def test_the_divergence_is_never_negative(ledger):
    rng = np.random.default_rng(7)
    lowest = min(
        rel_entr(*rng.dirichlet(np.full(5, concentration), size=2)).sum()
        for concentration in (0.1, 1.0, 100.0)
        for _ in range(200)
    )
    ledger("a bound: 600 pairs", max(0.0, -lowest), tolerance=0)
    scores = 3 * rng.standard_normal((200, 2, 5))
    (log_q, log_p), q = np.moveaxis(log_softmax(scores), 1, 0), softmax(scores[:, 0])
    below = -np.sum(q * (log_q - log_p), axis=1).min()
    ledger("a bound: 200 pairs of dlcore's softmax", max(0.0, below), tolerance=0)
    q = rng.dirichlet(np.ones(5))
    ledger("another way: 0 at p = q", abs(float(np.sum(q * np.log(q / q)))), tolerance=0)


@pytest.mark.ledger("eq-nll")
def test_the_mean_log_likelihood_is_the_cross_entropy_of_the_frequencies(ledger):
    labels = np.random.default_rng(8).integers(4, size=50)
    s = np.array([0.3, -1.0, 2.0, 0.5])
    value, _ = softmax_cross_entropy(np.tile(s, (50, 1)), labels)
    frequencies = np.bincount(labels, minlength=4) / 50
    log_p = log_softmax(s[np.newaxis])[0]
    ledger(
        "another way: H(q, p)", worst_error(value, -np.sum(frequencies * log_p)), tolerance=1e-14
    )
    product = math.prod(softmax(s[np.newaxis])[0][labels])
    ledger("another way: the product", worst_error(value, -math.log(product) / 50), tolerance=1e-13)


@pytest.mark.ledger("eq-objective")
def test_the_objective_is_one_function_of_one_vector(ledger):
    rng = np.random.default_rng(9)
    x, y = rng.standard_normal((2, 8, 1))
    net = Sequential(fc=Affine(1, 1))
    params = net.init(rng)

    def g(theta):
        return squared_error(net.forward(params.like(theta), x)[0], y)[0]

    theta = np.array([0.7, -0.2])
    printed = sum((b[0] - (0.7 * a[0] - 0.2)) ** 2 for a, b in zip(x, y, strict=True)) / 8
    ledger("loops", worst_error(g(theta), printed), tolerance=1e-14)
    scores, cache = net.forward(params.like(theta), x)
    _, grads = net.backward(squared_error(scores, y)[1], cache)
    ledger("central differences", check_gradient(g, theta, grads.theta), tolerance=1e-7)


@pytest.mark.ledger("eq-distance")
def test_the_distance_leads_to_the_line(ledger):
    rng = np.random.default_rng(12)
    X, w, b = rng.standard_normal((20, 3)), rng.standard_normal(3), 0.7
    distance = signed_distance(X, w, b)
    feet = X - distance[:, np.newaxis] * w / np.linalg.norm(w)
    ledger("another way: the foot has the score 0", np.abs(feet @ w + b).max(), tolerance=1e-14)
    along = rng.standard_normal((50, 3))
    along = 0.1 * (along - np.outer(along @ w, w) / (w @ w))  # other points of the line
    other = np.linalg.norm(X[:, np.newaxis] - feet[:, np.newaxis] - along, axis=2).min(axis=1)
    beyond = np.max(np.abs(distance) - other)
    ledger("a bound: 50 other points of it", max(0.0, beyond), tolerance=0)


@pytest.mark.ledger("eq-perceptron-loss", "eq-perceptron")
def test_the_perceptrons_rule_is_a_step_down_its_loss(ledger):
    rng = np.random.default_rng(13)
    w, X = rng.standard_normal(3), rng.standard_normal((40, 3))
    t = np.resize([1, -1, -1], 40)
    loss = [max(0.0, -label * (w @ x)) for x, label in zip(X, t, strict=True)]
    hinge = [
        svm_hinge(np.array([[0.0, w @ x]]), np.array([int(label > 0)]))[0]
        for x, label in zip(X, t, strict=True)
    ]
    right = np.array(hinge) >= 1  # where the margin of 1 makes no other difference
    assert 0 < right.sum() < 40
    error = np.max(np.abs(np.array(hinge) - 1 - loss)[right])
    ledger("dlcore: svm_hinge", error, tolerance=1e-14, label="eq-perceptron-loss")
    worst = 0.0
    for x, label in zip(X, t, strict=True):
        f = lambda v, x=x, label=label: np.maximum(0.0, -label * (v @ x))  # noqa: E731
        slope = numerical_gradient(f, w)
        worst = max(worst, float(np.max(np.abs(perceptron_step(w, x, int(label)) - w + slope))))
    ledger("central differences", worst, tolerance=1e-8, label="eq-perceptron")
    zero, tie = np.zeros(3), np.array([1.0, 0.0, 0.0])
    moved = perceptron_step(zero, tie, -1)
    ledger("by hand: a tie moves", np.abs(moved + tie).max(), tolerance=0,
           label="eq-perceptron")  # fmt: skip


@pytest.mark.ledger("eq-perceptron-bound")
def test_the_perceptrons_mistakes_stay_below_the_bound(ledger):
    worst = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        D = 1 + seed % 5
        u = rng.standard_normal(D)
        u /= np.linalg.norm(u)
        X = rng.standard_normal((300, D))
        X = X[np.abs(X @ u) > 0.1][:20]
        t = np.sign(X @ u)
        worst.append(learn(X, t, passes=10**6)[1] - mistake_bound(X, t, u))
    ledger("a bound: 300 sets", max(0.0, *worst), tolerance=0)
    alone = np.array([[2.0, 0.0]])  # one example: the bound is met exactly
    bound, mistakes = (
        mistake_bound(alone, np.ones(1), np.array([3.0, 0.0])),
        learn(alone, np.ones(1))[1],
    )
    ledger("by hand: one example", abs(bound - mistakes), tolerance=0)


@pytest.mark.ledger("eq-house")
def test_the_house_price_is_an_affine_layer_and_relu(ledger):
    x = np.linspace(-1, 3, 41)[:, np.newaxis]
    net = Sequential(fc=Affine(1, 1), relu=ReLU())
    params = net.init(np.random.default_rng(0)).like(np.array([2.0, -1.2]))
    printed = [[max(0.0, 2.0 * number - 1.2)] for number in x[:, 0]]
    ledger("the printed formula", worst_error(net.forward(params, x)[0], printed), tolerance=1e-15)


@pytest.mark.ledger("eq-layer-steps")
@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 3)])
def test_a_layer_turns_stretches_turns_shifts_and_bends(ledger, shape):
    rng = np.random.default_rng(10)
    W, b, X = (
        rng.standard_normal(shape),
        rng.standard_normal(shape[0]),
        rng.standard_normal((9, shape[1])),
    )
    U, stretch, Vt = np.linalg.svd(W)
    sigma = np.zeros(shape)
    np.fill_diagonal(sigma, stretch)
    steps = [np.tanh(U @ (sigma @ (Vt @ x)) + b) for x in X]
    error = worst_error(tanh(affine_forward(X, W, b)[0]), steps)
    ledger("dlcore: tanh of affine_forward", error, tolerance=1e-13)


@pytest.mark.ledger("eq-area")
def test_the_singular_values_multiply_areas(ledger):
    W = np.random.default_rng(10).standard_normal((2, 2))
    product = np.linalg.svd(W, compute_uv=False).prod()
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    corners, _ = affine_forward(square, W, np.array([3.0, -1.0]))  # a shift changes no area
    x, y = corners.T
    area = 0.5 * abs(x @ np.roll(y, -1) - y @ np.roll(x, -1))
    ledger("another way: the image of the unit square", worst_error(product, area), tolerance=1e-13)
    ledger("NumPy: the determinant", worst_error(product, abs(np.linalg.det(W))), tolerance=1e-13)


@pytest.mark.ledger("eq-no-hill")
@pytest.mark.parametrize("bend", [tanh, relu], ids=["tanh", "relu"])
def test_layers_of_two_units_make_no_hill(ledger, bend):
    angles = np.linspace(0, 2 * np.pi, 200_001)
    rim = 1.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    inside = np.random.default_rng(14).uniform(-1.5, 1.5, (20_000, 2))
    inside = inside[np.hypot(*inside.T) <= 1.5]
    higher = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        layers = [
            (2 * rng.standard_normal((2, 2)), rng.standard_normal(2)) for _ in range(seed % 5)
        ]
        w = rng.standard_normal((1, 2))

        def score(X, layers=layers, w=w):
            for W, b in layers:
                X = bend(affine_forward(X, W, b)[0])
            return (X @ w.T)[:, 0]

        higher.append(score(inside).max() - score(rim).max())
    ledger("a bound: 40 networks", max(0.0, *higher), tolerance=1e-4)


@pytest.mark.ledger("eq-three-classes")
def test_three_affine_scores_sort_the_integers(ledger):
    x = np.arange(-20.0, 21)[:, np.newaxis]
    scores, _ = affine_forward(x, np.array([[-1.0], [0.0], [1.0]]), np.array([0.0, 0.5, 0.0]))
    ledger(
        "another way: the sign", 1 - accuracy(scores, np.sign(x[:, 0]).astype(int) + 1), tolerance=0
    )


@pytest.mark.ledger("eq-no-parity")
def test_an_affine_score_at_1_is_the_mean_of_those_at_0_and_2(ledger):
    rng = np.random.default_rng(11)
    W, b = rng.standard_normal((2, 1)), rng.standard_normal(2)
    scores, _ = affine_forward(np.array([[0.0], [1.0], [2.0]]), W, b)
    h = scores[:, 0] - scores[:, 1]
    ledger("dlcore: affine_forward", worst_error(h[1], (h[0] + h[2]) / 2), tolerance=1e-15)


@pytest.mark.ledger("eq-fold")
def test_two_relu_units_make_an_absolute_value(ledger):
    x = np.linspace(-3, 9, 121)
    ledger("NumPy: abs", worst_error(relu(x - 4) + relu(4 - x), np.abs(x - 4)), tolerance=0)


@pytest.mark.ledger("eq-parity")
@pytest.mark.parametrize("folds", [1, 2, 3, 10])
def test_folds_tell_odd_from_even(ledger, folds):
    x = integers = np.arange(2.0**folds + 1)[:, np.newaxis]
    for k in range(folds):
        c = 2.0 ** (folds - 1 - k)
        W = np.array([[1.0], [-1.0]]) * np.ones(x.shape[1])  # the units of a layer are added up
        x, _ = relu_forward(affine_forward(x, W, np.array([-c, c]))[0])
    ledger("another way: x mod 2", worst_error(x.sum(axis=1), 1 - integers[:, 0] % 2), tolerance=0)
