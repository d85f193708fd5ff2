"""The training loop, against its own few lines written out, and against scikit-learn."""

import dataclasses
import functools
import pickle
import re

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from dlcore import datasets, schedules, training
from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.layers import Affine, BatchNorm, Dropout, Tanh
from dlcore.losses import logistic, softmax_cross_entropy
from dlcore.metrics import accuracy, binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import Adam, GradientDescent
from dlcore.regularizers import l2
from dlcore.training import fit
from dlcore.wrappers import Recorded
from tests.cases import OPTIMIZERS
from tests.strangers import DataFrame, Series


def problem(n=30, seed=0):
    """Return a small network, its start values, and overlapping classes in the plane."""
    X, y = datasets.moons(np.random.default_rng(seed), n)
    net = Sequential(fc1=Affine(2, 3), tanh=Tanh(), fc2=Affine(3, 1))
    return net, net.init(np.random.default_rng(seed)), X, y[:, np.newaxis]


def descend(net, params, X, y, epochs, lr, batch_size=None, orders=None):
    """Return theta after plain gradient descent, without ``fit``."""
    theta = params.theta
    for epoch in range(epochs):
        indices = np.arange(len(X)) if orders is None else orders[epoch]
        for start in range(0, len(X), batch_size or len(X)):
            batch = indices[start : start + (batch_size or len(X))]
            scores, cache = net.forward(params.like(theta), X[batch])
            _, grads = net.backward(logistic(scores, y[batch])[1], cache)
            theta = theta - lr * grads.theta
    return theta


def test_full_batch_is_gradient_descent():
    net, params, X, y = problem()
    trained, history = fit(
        net, params, X, y, loss=logistic, optimizer=GradientDescent(0.5), epochs=20
    )
    np.testing.assert_allclose(trained.theta, descend(net, params, X, y, 20, 0.5), rtol=1e-12)
    assert len(history.cost) == 20
    assert history.cost[0] == logistic(net.forward(params, X)[0], y)[0]  # before the first step
    assert history.cost == sorted(history.cost, reverse=True)
    assert history.rate == [0.5] * 20
    assert history.validation == []


def test_logistic_regression_reaches_the_optimum_that_scikit_learn_finds():
    X, y = datasets.moons(np.random.default_rng(0), 200, noise=0.3)
    net = Sequential(fc=Affine(2, 1))
    trained, _ = fit(
        net, net.init(np.random.default_rng(0)), X, y[:, np.newaxis],
        loss=logistic, optimizer=GradientDescent(2.0), epochs=2000,
    )  # fmt: skip
    best = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(X, y)
    expected = np.append(best.coef_, best.intercept_)
    np.testing.assert_allclose(trained.theta, expected, rtol=1e-5)


def test_two_digits_are_learned():
    images, labels = datasets.digits(classes=(3, 8))
    X, y = images.reshape(len(images), -1) / 16, (labels == 8).astype(int)[:, np.newaxis]
    net = Sequential(fc=Affine(64, 1))
    trained, _ = fit(
        net, net.init(np.random.default_rng(0)), X[:250], y[:250],
        loss=logistic, optimizer=GradientDescent(0.5), epochs=200,
    )  # fmt: skip
    scores, _ = net.forward(trained, X[250:])
    assert binary_accuracy(scores, y[250:]) > 0.9


def test_a_hidden_layer_learns_xor():
    X, y = datasets.xor(np.random.default_rng(0), 100, noise=0.1)
    net = Sequential(fc1=Affine(2, 4), tanh=Tanh(), fc2=Affine(4, 1))
    trained, _ = fit(
        net, net.init(np.random.default_rng(0)), X, y[:, np.newaxis],
        loss=logistic, optimizer=GradientDescent(1.0), epochs=500,
    )  # fmt: skip
    assert binary_accuracy(net.forward(trained, X)[0], y[:, np.newaxis]) == 1


@pytest.mark.parametrize("batch_size", [1, 7, 30, 64])
def test_minibatches_in_a_given_order(batch_size):
    net, params, X, y = problem()
    orders = [np.random.default_rng(epoch).permutation(30) for epoch in range(5)]
    trained, _ = fit(
        net, params, X, y, loss=logistic, optimizer=GradientDescent(0.1), epochs=5,
        batch_size=batch_size, order=lambda epoch: orders[epoch],
    )  # fmt: skip
    expected = descend(net, params, X, y, 5, 0.1, batch_size, orders)
    np.testing.assert_allclose(trained.theta, expected, rtol=1e-12)


def test_the_last_batch_may_be_smaller_and_weighs_less():
    net, params, X, y = problem(n=10)
    seen, costs = [], []

    def watched(scores, targets):
        value, dscores = logistic(scores, targets)
        seen.append(len(scores))
        costs.append(value)
        return value, dscores

    _, history = fit(
        net, params, X, y, loss=watched, optimizer=GradientDescent(0.1), epochs=2, batch_size=4
    )
    assert seen == [4, 4, 2] * 2
    expected = [np.average(costs[:3], weights=seen[:3]), np.average(costs[3:], weights=seen[3:])]
    np.testing.assert_allclose(history.cost, expected, rtol=1e-14)


@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
def test_a_generator_shuffles_every_epoch(generator):
    net, params, X, y = problem()
    options = {"loss": logistic, "optimizer": GradientDescent(0.1), "epochs": 3, "batch_size": 8}
    trained, _ = fit(net, params, X, y, **options, rng=generator(10))
    rng = generator(10)
    orders = [rng.permutation(30) for _ in range(3)]
    expected = descend(net, params, X, y, 3, 0.1, 8, orders)
    np.testing.assert_allclose(trained.theta, expected, rtol=1e-12)
    again, _ = fit(net, params, X, y, **options, rng=generator(10))
    np.testing.assert_array_equal(again.theta, trained.theta)
    other, _ = fit(net, params, X, y, **options, rng=generator(11))
    assert not np.array_equal(other.theta, trained.theta)
    unshuffled, _ = fit(net, params, X, y, **options)
    np.testing.assert_allclose(unshuffled.theta, descend(net, params, X, y, 3, 0.1, 8), rtol=1e-12)


def test_a_schedule_sets_the_rate_of_each_epoch():
    net, params, X, y = problem()
    _, history = fit(
        net, params, X, y, loss=logistic, optimizer=GradientDescent(9.0), epochs=4,
        schedule=lambda epoch: 0.5 / (1 + epoch),
    )  # fmt: skip
    assert history.rate == [0.5, 0.25, 0.5 / 3, 0.125]
    theta = params.theta
    for rate in history.rate:
        theta = descend(net, params.like(theta), X, y, 1, rate)
    trained, _ = fit(
        net, params, X, y, loss=logistic, optimizer=GradientDescent(9.0), epochs=4,
        schedule=lambda epoch: 0.5 / (1 + epoch),
    )  # fmt: skip
    np.testing.assert_allclose(trained.theta, theta, rtol=1e-12)


@dataclasses.dataclass(frozen=True)
class Spy:
    """An optimizer that keeps the gradients it is given and moves nothing."""

    lr: float = 1.0
    seen: list = dataclasses.field(default_factory=list)

    def init(self, theta):
        return ()

    def update(self, theta, grad, state):
        self.seen.append(grad.copy())
        return theta, state


def test_the_penalty_acts_on_the_weights_only():
    net, params, X, y = problem()
    params = params.like(np.random.default_rng(1).standard_normal(params.theta.size))

    def squares(weights):
        return 0.05 * np.sum(weights**2), 0.1 * weights

    def penalised_cost(theta):
        now = params.like(theta)
        weights = np.concatenate([now["fc1.W"].ravel(), now["fc2.W"].ravel()])
        return logistic(net.forward(now, X)[0], y)[0] + 0.05 * np.sum(weights**2)

    spy = Spy()
    _, history = fit(net, params, X, y, loss=logistic, optimizer=spy, epochs=1, penalty=squares)
    check_gradient(penalised_cost, params.theta, spy.seen[0])
    assert history.cost[0] == pytest.approx(penalised_cost(params.theta), rel=1e-14)


def scripted(costs):
    """Return a loss that pulls every score down evenly, and whose validation costs are given.

    The validation set is recognized by its single example.
    """
    remaining = iter(costs)

    def loss(scores, targets):
        if len(scores) == 1:
            return next(remaining), None
        return 0.0, np.full_like(scores, 1 / len(scores))

    return loss


@pytest.mark.parametrize(
    ("costs", "patience", "epochs_run", "best"),
    [
        ([5, 4, 3, 2, 1, 0], 2, 6, 6),  # improves to the end
        ([5, 4, 3, 4, 4, 9], 2, 5, 3),  # stops after two epochs without improvement
        ([5, 4, 4, 4, 0, 9], 2, 4, 2),  # equal is no improvement
        ([1, 2, 2, 2, 2, 2], 1, 2, 1),
        ([3, 4, 2, 4, 4, 1], 3, 6, 6),  # a late improvement resets the count
    ],
)
def test_patience_stops_early_and_restores_the_best(costs, patience, epochs_run, best):
    X, y = np.ones((4, 1)), np.ones((4, 1))
    net = Sequential(fc=Affine(1, 1))
    params = net.init(np.random.default_rng(0))
    trained, history = fit(
        net, params, X, y, loss=scripted(costs), optimizer=GradientDescent(0.1), epochs=6,
        validation=(X[:1], y[:1]), patience=patience,
    )  # fmt: skip
    assert history.validation == costs[:epochs_run]
    assert len(history.cost) == epochs_run
    np.testing.assert_allclose(trained.theta, params.theta - 0.1 * best, rtol=1e-12)


def test_validation_without_patience_only_watches():
    net, params, X, y = problem()
    options = {"loss": logistic, "optimizer": GradientDescent(0.5), "epochs": 5}
    X_new, y_new = problem(seed=1)[2:]
    trained, history = fit(net, params, X, y, **options, validation=(X_new, y_new))
    plain, _ = fit(net, params, X, y, **options)
    np.testing.assert_array_equal(trained.theta, plain.theta)
    assert len(history.validation) == 5
    assert history.validation[-1] == logistic(net.forward(trained, X_new)[0], y_new)[0]


@dataclasses.dataclass(frozen=True)
class Witness:
    """A layer that changes nothing and notes how it was called."""

    calls: list = dataclasses.field(default_factory=list)

    def init(self, rng):
        return {}

    def forward(self, params, X, *, train, rng):
        self.calls.append((len(X), train, rng))
        return X, None

    def backward(self, dout, cache):
        return dout, {}


def test_layers_know_when_they_train_and_get_the_generator():
    _, _, X, y = problem(n=10)
    net = Sequential(witness=Witness(), fc=Affine(2, 1))
    rng = np.random.default_rng(0)
    fit(
        net, net.init(rng), X, y, loss=logistic, optimizer=GradientDescent(0.1), epochs=1,
        batch_size=8, rng=rng, validation=(X[:5], y[:5]),
    )  # fmt: skip
    assert net.layers["witness"].calls == [(8, True, rng), (2, True, rng), (5, False, None)]


def interrupted(calls):
    """Return a loss during whose last call somebody presses Ctrl-C."""
    left = iter(range(calls - 1))

    def loss(scores, targets):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return logistic(scores, targets)

    return loss


def test_ctrl_c_returns_what_was_learned(capsys):
    net, params, X, y = problem()
    options = {"optimizer": GradientDescent(0.5)}
    trained, history = fit(net, params, X, y, loss=interrupted(4), epochs=99, **options)
    plain, _ = fit(net, params, X, y, loss=logistic, epochs=3, **options)
    np.testing.assert_array_equal(trained.theta, plain.theta)
    assert len(history.cost) == len(history.rate) == 3
    assert capsys.readouterr().out == "fit: stopped by Ctrl-C after 3 of 99 epochs\n"


def test_ctrl_c_with_patience_returns_the_best():
    net, params, X, y = problem()
    steps = iter([3.0, 1.0, 2.0, KeyboardInterrupt])

    def loss(scores, targets):
        if len(scores) > 1:
            return logistic(scores, targets)
        step = next(steps)
        if step is KeyboardInterrupt:
            raise step
        return step, None

    options = {"optimizer": GradientDescent(0.5)}
    trained, _ = fit(
        net, params, X, y, loss=loss, epochs=99, validation=(X[:1], y[:1]), patience=9, **options
    )
    best, _ = fit(net, params, X, y, loss=logistic, epochs=2, **options)
    np.testing.assert_array_equal(trained.theta, best.theta)


def test_ctrl_c_before_the_first_step_returns_the_start_values():
    net, params, X, y = problem()
    trained, history = fit(
        net, params, X, y, loss=interrupted(1), optimizer=GradientDescent(0.5), epochs=9
    )
    np.testing.assert_array_equal(trained.theta, params.theta)
    assert history.cost == []


def test_arguments_are_not_changed():
    net, params, X, y = problem()
    for array in (params.theta, X, y):
        array.setflags(write=False)
    fit(
        net, params, X, y, loss=logistic, optimizer=GradientDescent(0.5), epochs=2, batch_size=8,
        rng=np.random.default_rng(0), penalty=lambda w: (np.sum(w**2), 2 * w),
        validation=(X, y), patience=1,
    )  # fmt: skip


def test_dtype_is_kept():
    net, _, X, y = problem()
    params = net.init(np.random.default_rng(0), dtype=np.float32)
    trained, history = fit(
        net, params, X.astype(np.float32), y, loss=logistic, optimizer=GradientDescent(0.5),
        epochs=3, batch_size=8, rng=np.random.default_rng(0),
        schedule=lambda epoch: np.float64(0.1), penalty=lambda w: (np.sum(w**2), 2 * w),
    )  # fmt: skip
    assert trained.theta.dtype == np.float32
    assert all(isinstance(cost, float) for cost in history.cost)


@pytest.mark.parametrize(
    ("progress", "seconds", "shown"),
    [(None, 1, False), (None, 6, True), (True, 1, True), (False, 60, False)],
)
def test_a_progress_bar_appears_on_runs_of_five_seconds(
    capsys, monkeypatch, progress, seconds, shown
):
    now = [0.0]
    monkeypatch.setattr("tqdm.std.time", lambda: now[0])
    monkeypatch.setattr(training, "tqdm", functools.partial(tqdm, disable=False))  # TQDM_DISABLE

    def slow(scores, targets):
        now[0] += seconds / 3
        return logistic(scores, targets)

    net, params, X, y = problem()
    options = {"loss": slow, "optimizer": GradientDescent(0.5), "epochs": 3}
    fit(net, params, X, y, **options, progress=progress)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert ("epoch" in captured.err) == shown


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"y": np.zeros((29, 1))}, ShapeError, "X has 30 examples and y 29, expected the same"),
        ({"X": np.zeros((0, 2)), "y": np.zeros((0, 1))}, ShapeError, "X has 0 examples and y 0"),
        ({"epochs": 0}, ValueError, "epochs is 0 and batch_size 30, expected >= 1"),
        ({"batch_size": 0}, ValueError, "epochs is 1 and batch_size 0, expected >= 1"),
        ({"patience": 3}, ValueError, r"patience needs validation=\(X, y\) to watch"),
        ({"patience": 0}, ValueError, "patience is 0, expected at least one epoch"),
    ],
)
def test_bad_arguments(change, error, message):
    net, params, X, y = problem()
    arguments = {"X": X, "y": y, "loss": logistic, "optimizer": GradientDescent(0.5), "epochs": 1}
    with pytest.raises(error, match=f"^fit: {message}"):
        fit(net, params, **(arguments | change))


def test_labels_of_another_shape_are_explained():
    net, params, X, y = problem()
    with pytest.raises(ShapeError, match=r"column \(N, 1\) and the other flat \(N,\)"):
        fit(net, params, X, y.ravel(), loss=logistic, optimizer=GradientDescent(0.5), epochs=1)


def test_a_step_schedule_sets_the_rate_of_each_step():
    net, params, X, y = problem()
    rates = [0.5, 0.4, 0.3, 0.2, 0.1, 0.05]
    trained, history = fit(
        net, params, X, y, loss=logistic, optimizer=GradientDescent(9.0), epochs=2, batch_size=12,
        step_schedule=lambda step: rates[step],
    )  # fmt: skip
    assert history.rate == [0.3, 0.05]  # of each epoch's last step
    theta = params.theta
    for rate, start in zip(rates, [0, 12, 24] * 2, strict=True):
        rows = slice(start, start + 12)
        theta = descend(net, params.like(theta), X[rows], y[rows], 1, rate)
    np.testing.assert_allclose(trained.theta, theta, rtol=1e-12)


def test_adam_keeps_its_averages_under_a_schedule():
    net, params, X, y = problem()
    trained, _ = fit(
        net, params, X, y, loss=logistic, optimizer=Adam(9.0), epochs=5,
        schedule=lambda epoch: 0.1 / (1 + epoch),
    )  # fmt: skip
    theta, state = params.theta, Adam(1.0).init(params.theta)
    for epoch in range(5):
        scores, cache = net.forward(params.like(theta), X)
        _, grads = net.backward(logistic(scores, y)[1], cache)
        theta, state = Adam(0.1 / (1 + epoch)).update(theta, grads.theta, state)
    np.testing.assert_allclose(trained.theta, theta, rtol=1e-12)


def test_the_gradient_is_clipped_after_the_penalty():
    net, params, X, y = problem()
    options = {"loss": logistic, "epochs": 1, "penalty": lambda w: l2(w, 9.0, 30)}
    whole, short, long = Spy(), Spy(), Spy()
    fit(net, params, X, y, optimizer=whole, **options)
    fit(net, params, X, y, optimizer=short, max_norm=0.1, **options)
    fit(net, params, X, y, optimizer=long, max_norm=100.0, **options)
    length = np.linalg.norm(whole.seen[0])
    assert 0.1 < length < 100
    np.testing.assert_allclose(short.seen[0], whole.seen[0] * (0.1 / length), rtol=1e-13)
    np.testing.assert_array_equal(long.seen[0], whole.seen[0])


def test_the_penalty_of_the_library():
    net, params, X, y = problem()
    spy = Spy()
    fit(net, params, X, y, loss=logistic, optimizer=spy, epochs=1, penalty=lambda w: l2(w, 0.7, 30))

    def cost(theta):
        now = params.like(theta)
        squares = np.sum(now["fc1.W"] ** 2) + np.sum(now["fc2.W"] ** 2)
        return logistic(net.forward(now, X)[0], y)[0] + 0.7 / 60 * squares

    check_gradient(cost, params.theta, spy.seen[0])


def test_augment_changes_each_minibatch_and_nothing_else():
    net, params, X, y = problem()
    sizes = []

    def negate(X, rng):
        sizes.append(len(X))
        assert rng is generator
        return -X

    generator = np.random.default_rng(0)
    trained, history = fit(
        net, params, X, y, loss=logistic, optimizer=GradientDescent(0.5), epochs=2, batch_size=20,
        order=lambda epoch: np.arange(30), rng=generator, augment=negate, validation=(-X, y),
    )  # fmt: skip
    assert sizes == [20, 10] * 2
    expected = descend(net, params, -X, y, 2, 0.5, batch_size=20)
    np.testing.assert_allclose(trained.theta, expected, rtol=1e-12)
    assert history.validation[-1] == logistic(net.forward(trained, -X)[0], y)[0]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_every_optimizer_learns_the_moons(optimizer):
    net, params, X, y = problem(n=100)
    optimizer = dataclasses.replace(optimizer, lr=0.05)
    _, history = fit(net, params, X, y, loss=logistic, optimizer=optimizer, epochs=300)
    assert history.cost[-1] < 0.7 * history.cost[0]


def test_three_classes():
    X, y = datasets.spirals(np.random.default_rng(0), 90, noise=0, turns=0.5)
    y = np.where(np.hypot(*X.T) < 0.5, 2, y)
    net = Sequential(fc1=Affine(2, 16), tanh=Tanh(), fc2=Affine(16, 3))
    trained, _ = fit(
        net, net.init(np.random.default_rng(0)), X, y, loss=softmax_cross_entropy,
        optimizer=Adam(0.03), epochs=300, batch_size=30, rng=np.random.default_rng(0),
    )  # fmt: skip
    assert accuracy(net.forward(trained, X)[0], y) > 0.95


def test_early_stopping_on_a_real_run():
    net, params, X, y = problem(n=60)
    options = {"loss": logistic, "optimizer": Adam(0.5), "batch_size": 8}
    validation = problem(n=40, seed=1)[2:]
    trained, history = fit(
        net, params, X, y, epochs=200, rng=np.random.default_rng(0), validation=validation,
        patience=5, **options,
    )  # fmt: skip
    assert len(history.validation) < 200
    assert len(history.validation) == np.argmin(history.validation) + 1 + 5
    scores, _ = net.forward(trained, validation[0])
    assert logistic(scores, validation[1])[0] == min(history.validation)


def test_two_schedules_are_refused():
    net, params, X, y = problem()
    with pytest.raises(ValueError, match=r"^fit: schedule and step_schedule both set the rate"):
        fit(
            net, params, X, y, loss=logistic, optimizer=GradientDescent(0.5), epochs=1,
            schedule=lambda epoch: 0.1, step_schedule=lambda step: 0.1,
        )  # fmt: skip


# --- going on ---


def run(epochs, params=None, *, seed=2, generator=np.random.default_rng, **options):
    """Train a network that draws, remembers and decays, in batches that leave one example over."""
    X, y = datasets.moons(np.random.default_rng(0), 65)
    net = Sequential(
        fc1=Affine(2, 5), bn=BatchNorm(5), tanh=Tanh(), drop=Dropout(0.8), fc2=Affine(5, 1)
    )
    start = net.init(np.random.default_rng(1)) if params is None else params
    options = {"optimizer": Adam(0.01), "rng": generator(seed)} | options
    return fit(
        net, start, X, y[:, np.newaxis], loss=logistic, epochs=epochs, batch_size=16,
        progress=False, **options,
    )  # fmt: skip


@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"schedule": lambda epoch: 0.02 / (1 + epoch)},
        {"step_schedule": lambda step: 0.02 / (1 + step)},
        {"order": lambda epoch: np.roll(np.arange(65), epoch)},
    ],
    ids=["plain", "schedule", "step schedule", "order"],
)
def test_twenty_epochs_and_twenty_more_are_forty_to_the_last_bit(generator, options):
    options = options | {"generator": generator}
    params, history = run(40, **options)
    half, so_far = run(20, **options)
    again, whole = run(20, half, seed=7, resume=so_far, **options)
    assert again == params
    assert whole == history
    assert len(so_far.cost) == 20  # the first history stays as it was


def test_the_same_generator_goes_on_too():
    params, _ = run(6)
    rng = np.random.default_rng(2)
    half, history = run(3, rng=rng)
    assert run(3, half, rng=rng, resume=history)[0] == params
    assert run(3, half, rng=None, resume=history)[0] == params


def test_a_run_goes_on_after_it_was_stored():
    params, _ = run(6)
    half, history = run(3)
    stored = pickle.loads(pickle.dumps((half, history)))
    assert run(3, stored[0], resume=stored[1])[0] == params


def test_early_stopping_goes_on_from_the_last_and_remembers_the_best():
    X, y = datasets.moons(np.random.default_rng(3), 40)
    watched = {"validation": (X, y[:, np.newaxis]), "patience": 50, "optimizer": Adam(0.3)}
    best, history = run(30, **watched)
    half, so_far = run(13, **watched)
    assert half != so_far.checkpoint.params  # the best is not the last
    again, whole = run(17, half, resume=so_far, **watched)
    assert again == best
    assert whole == history


def test_what_the_reader_does_to_the_parameters_does_not_reach_the_checkpoint():
    params, history = run(2)
    stored = history.checkpoint.params.copy()
    params["fc1.b"][...] = 7.0
    assert history.checkpoint.params == stored
    with pytest.raises(ValueError, match=r"^fit: params are not those that the run to resume ret"):
        run(2, params, resume=history)


def test_a_loop_of_single_epochs_is_a_run_that_can_be_watched():
    params, expected = run(5)
    seen, now, history = [], None, None
    for _ in range(5):
        now, history = run(1, now, resume=history)
        seen.append(now)
    assert now == params
    assert history == expected
    assert len({tuple(each.theta) for each in seen}) == 5


def test_what_can_not_be_resumed():
    params, history = run(2)
    with pytest.raises(ValueError, match=r"^fit: params are not those that the run to resume ret"):
        run(2, params.like(params.theta + 1), resume=history)
    with pytest.raises(ValueError, match=r"^fit: the run to resume had Adam and this one has Grad"):
        run(2, params, resume=history, optimizer=GradientDescent(0.1))
    with pytest.raises(TypeError, match=r"^fit: rng is a RandomState, and the run .* a Generator"):
        run(2, params, resume=history, generator=np.random.RandomState)
    for wrong in (training.History(), [0.5], True):
        with pytest.raises(TypeError, match=r"^fit: resume is a .*expected the History of an ear"):
            run(2, params, resume=wrong)


# --- a last batch of one ---


@pytest.mark.parametrize(
    ("N", "size", "sizes"),
    [
        (65, 64, [65]),
        (66, 64, [64, 2]),
        (9, 4, [4, 5]),
        (8, 4, [4, 4]),
        (3, 1, [1, 1, 1]),
        (1, 4, [1]),
    ],
)
def test_a_last_batch_of_one_joins_the_one_before(N, size, sizes):
    seen = []

    def loss(scores, targets):
        seen.append(len(scores))
        return logistic(scores, targets)

    net, params, X, y = problem(max(N, 2))
    fit(net, params, X[:N], y[:N], loss=loss, optimizer=GradientDescent(0.1), epochs=1,
        batch_size=size)  # fmt: skip
    assert seen == sizes


# --- arguments of another kind ---


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"X": [[1.0, 2.0]] * 30},
            TypeError,
            r"X is a list, expected an array; did you mean np.array\(X\)\?",
        ),
        (
            {"y": [0, 1] * 15},
            TypeError,
            r"y is a list, expected an array; did you mean np.array\(y\)\?",
        ),
        ({"params": {"fc1.W": np.ones(2)}}, TypeError, "params is a dict, expected Parameters"),
        ({"optimizer": Adam}, TypeError, r"optimizer is <class .*Adam'>, expected one such as Ad"),
        ({"optimizer": 0.1}, TypeError, "optimizer is 0.1, expected one such as Adam"),
        ({"rng": 0}, TypeError, r"rng is 0, expected a generator .*default_rng\(0\)\?"),
        ({"loss": None}, TypeError, "loss is None, expected a function"),
        ({"schedule": 0.1}, TypeError, "schedule is 0.1, expected a function"),
        ({"penalty": 0.1}, TypeError, "penalty is 0.1, expected a function"),
        ({"epochs": 2.5}, TypeError, "epochs is 2.5, expected a whole number"),
        ({"batch_size": 8.0}, TypeError, "batch_size is 8.0, expected a whole number"),
        ({"max_norm": 0}, ValueError, "max_norm is 0, expected a length > 0"),
        ({"validation": ([1.0], [1])}, TypeError, r"validation\[0\] is a list, expected an array"),
        ({"validation": 0.2}, TypeError, r"validation is 0.2, expected the pair \(X, y\)"),
        ({"validation": np.ones((2, 2))}, TypeError, r"validation is an array of shape \(2, 2\)"),
        (
            {"schedule": schedules.cosine},
            TypeError,
            r"schedule is cosine\(step, lr, steps, final=0.0\), and is called with \(epoch\): "
            r"missing .*'lr'.*; lambda epoch: cosine\(epoch, \.\.\.\)\?",
        ),
        (
            {"step_schedule": lambda: 0.1},
            TypeError,
            r"step_schedule is <lambda>\(\), and is called",
        ),
        (
            {"order": lambda: range(30)},
            TypeError,
            r"order is <lambda>\(\), and is called with \(ep",
        ),
        (
            {"loss": Recorded},
            TypeError,
            r"loss is Recorded\(loss\), and is called with \(scores, t",
        ),
        ({"penalty": l2}, TypeError, r"penalty is l2\(.*; lambda weights: l2\(weights, \.\.\.\)\?"),
        (
            {"augment": lambda X: X},
            TypeError,
            r"augment is <lambda>\(X\), and is called with \(X, ",
        ),
    ],
)
def test_arguments_of_another_kind(change, error, message):
    net, params, X, y = problem()
    given = {"params": params, "X": X, "y": y, "loss": logistic, "optimizer": Adam(0.1)}
    with pytest.raises(error, match=f"^fit: {message}"):
        fit(net, **given | {"epochs": 1} | change)


def test_a_table_with_an_index_is_refused_before_its_labels_are_misread():
    net, params, X, y = problem()
    for given in ({"X": DataFrame(X), "y": y}, {"X": X, "y": Series(y)}):
        name = "X" if given["X"] is not X else "y"
        with pytest.raises(
            TypeError,
            match=rf"^fit: {name} is a .*, expected an array; did you mean {name}.to_numpy\(\)\?",
        ):
            fit(net, params, **given, loss=logistic, optimizer=Adam(0.1), epochs=1)


# --- numbers that are none ---


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["X", "y", "validation[0]", "validation[1]"])
def test_missing_values_are_refused_before_the_first_step(name, wrong):
    net, params, X, y = problem()
    y = y.astype(float)
    held_out = X.copy(), y.copy()
    given = {"X": X, "y": y, "validation[0]": held_out[0], "validation[1]": held_out[1]}
    given[name][[4, 7]] = wrong
    message = f"^fit: {re.escape(name)} has nan or inf in 2 of 30 examples, first in .*\\[4\\]"
    with pytest.raises(ValueError, match=message):
        fit(net, params, X, y, validation=held_out, loss=logistic, optimizer=Adam(0.1), epochs=1)


def lost_after_two(scores, targets):
    """Return a finite cost twice, and nan from then on."""
    lost_after_two.calls += 1
    return np.nan if lost_after_two.calls > 2 else 1.0, np.zeros_like(scores)


def test_a_cost_that_is_no_number_is_said_once():
    net, params, X, y = problem()
    lost_after_two.calls = 0
    with pytest.warns(RuntimeWarning) as caught:
        fit(net, params, X, y, loss=lost_after_two, optimizer=Adam(0.1), epochs=5)
    message = "fit: the cost of epoch 2 is nan; a learning rate too large?"
    assert [str(warning.message) for warning in caught] == [message]
    assert caught[0].filename == __file__


def test_who_silences_numpy_silences_fit():
    net, params, X, y = problem()
    lost_after_two.calls = 0
    with np.errstate(invalid="ignore"):
        _, history = fit(net, params, X, y, loss=lost_after_two, optimizer=Adam(0.1), epochs=4)
    np.testing.assert_array_equal(history.cost, [1.0, 1.0, np.nan, np.nan])


def test_parameters_of_the_network_before_it_was_changed_are_refused():
    net, params, X, y = problem()
    wider = Sequential(fc1=net["fc1"], tanh=net["tanh"], fc2=Affine(3, 4))
    message = r"^Sequential.forward: params hold fc2.W of shape \(1, 3\), expected \(4, 3\); fc2.b"
    with pytest.raises(ShapeError, match=message):
        fit(wider, params, X, y, loss=logistic, optimizer=Adam(0.1), epochs=1)
