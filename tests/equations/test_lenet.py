"""The equations of chapter 18 that no single function stands for, measured."""

import numpy as np
import pytest

from byhand.exercises.ch18 import WIDER
from dlcore import models
from dlcore.activations import softmax
from dlcore.gradcheck import check_gradient
from dlcore.layers import Conv2d, Conv2dConnected, Subsample, rbf_forward
from dlcore.models.lenet import uniform_by_fan_in
from dlcore.network import Sequential
from tests.equations.joined import joined
from tests.measure import worst_error


@pytest.fixture
def table():
    return models.summary(models.lenet5(), (1, 32, 32))


@pytest.mark.ledger("eq-lenet-connections")
def test_a_convolution_uses_each_parameter_at_each_place(ledger):
    by_parameters, printed, summed, counted = [], [], [], []
    layers = [(3, 2, 3, 9), (2, 3, 2, 5), (6, 1, 5, 8), (6, 1, 5, 32), (16, 6, 5, 14)]
    for F, C, k, side in layers:
        layer = Conv2d(C, F, k)
        row = models.summary(Sequential(conv=layer), (C, side, side))["conv"]
        P = sum(array.size for array in layer.init(np.random.default_rng(0)).values())
        places = (side - k + 1) ** 2
        by_parameters.append(P * places)
        printed.append(F * (C * k**2 + 1) * places)
        summed.append(row.connections)
        if side < 10:  # every pixel that reaches an output, and its bias
            counted.append(joined(layer, (C, side, side)) + F * places)
    ledger("dlcore: models.summary", worst_error(printed, summed), tolerance=0)
    ledger("another way: P H' W'", worst_error(by_parameters, printed), tolerance=0)
    error = worst_error(printed[: len(counted)], counted)
    ledger("counting: the pixels and biases of each output", error, tolerance=0)


@pytest.mark.ledger("eq-lenet-subsample-count")
def test_subsampling_is_counted_by_its_maps_and_windows(table, ledger):
    errors = []
    for name, C, side, printed in [("s2", 6, 14, (12, 5880)), ("s4", 16, 5, (32, 2000))]:
        counted = table[name].parameters, table[name].connections
        assert counted == printed
        errors += np.subtract(counted, (2 * C, C * (2 * 2 + 1) * side**2)).tolist()
    ledger("dlcore: models.summary", max(map(abs, errors)), tolerance=0)


@pytest.mark.ledger("eq-lenet-c3-count")
def test_the_table_of_c3_leaves_1516_parameters(table, ledger):
    reads = np.array(models.C3_CONNECTIONS)
    P = sum(25 * int(row.sum()) + 1 for row in reads)
    assert P == 6 * 76 + 9 * 101 + 151 == 1516
    assert table["c3"].connections == P * 100 == 151_600
    ledger("dlcore: models.summary", abs(P - table["c3"].parameters), tolerance=0)


@pytest.mark.ledger("eq-lenet-total")
def test_the_totals_are_the_papers(table, ledger):
    total = table.total.parameters, table.total.connections
    printed = (
        156 + 12 + 1516 + 32 + 48_120 + 10_164,
        122_304 + 5880 + 151_600 + 2000 + 48_120 + 10_164 + 840,
    )
    assert printed == (60_000, 340_908)
    ledger("dlcore: models.summary", worst_error(total, printed), tolerance=0)


@pytest.mark.ledger("eq-lenet-loss", "eq-lenet-loss-gradient")
def test_the_criterion_and_its_gradient(ledger):
    rng = np.random.default_rng(0)
    Y, t = 4 * rng.random((6, 10)), rng.integers(10, size=6)
    values, errors = [], []
    for y, label in zip(Y, t, strict=True):
        for j in (0.5, 1.0, 6.0):
            value, dscores = models.lenet5_loss(-y[np.newaxis], np.array([label]), j=j)
            total = np.exp(-j) + np.exp(-y).sum()
            values.append(abs(value - (y[label] + np.log(total))))
            printed = (np.arange(10) == label) - np.exp(-y) / total

            def loss(y, label=label, j=j):
                return models.lenet5_loss(-y[np.newaxis], np.array([label]), j=j)[0]

            errors.append(check_gradient(loss, y, printed))
            assert worst_error(-dscores[0], printed) < 1e-14
    ledger("the printed formula", max(values), tolerance=1e-13, label="eq-lenet-loss")
    ledger("central differences", max(errors), tolerance=1e-6, label="eq-lenet-loss-gradient")


class Midpoints(np.random.RandomState):
    """In the place of random numbers: the middles of n equal parts of the interval from 0 to 1."""

    def random(self, size):
        return (np.arange(size) + 0.5) / size


@pytest.mark.ledger("eq-lenet-start")
def test_the_published_start_has_a_third_of_the_squared_bound(ledger):
    exact, sampled, n = [], [], 1000
    for n_in in (25, 150, 400):
        printed = 1.92 / n_in**2
        assert printed == pytest.approx((2.4 / n_in) ** 2 / 3, rel=1e-14)
        even = uniform_by_fan_in(Midpoints(), n, n_in, 1)
        exact.append(even.var() / (1 - 1 / n**2) / printed - 1)  # n parts lack 1/n² of it
        drawn = uniform_by_fan_in(np.random.default_rng(0), 200_000, n_in, 1)
        sampled.append(drawn.var() / printed - 1)
    ledger("another way: evenly spaced numbers", np.abs(exact).max(), tolerance=1e-12)
    ledger("a sample: 200,000 draws", np.abs(sampled).max(), tolerance=0.01)


@pytest.mark.ledger("eq-lenet-rbf-affine")
def test_distances_are_an_affine_layer_to_a_softmax(ledger):
    rng = np.random.default_rng(0)
    X, W = rng.standard_normal((5, 84)), rng.standard_normal((10, 84))
    distances, _ = rbf_forward(X, W)
    affine = X @ (2 * W).T - np.sum(W**2, axis=1)
    printed = affine - np.sum(X**2, axis=1, keepdims=True)
    assert worst_error(softmax(-distances), softmax(affine)) < 1e-12
    ledger("dlcore: rbf_forward", worst_error(printed, -distances), tolerance=1e-12)


def test_an_image_twice_as_wide_takes_3_54_times_the_connections():
    def connections(width):
        layers = {
            "c1": Conv2d(1, 6, 5),
            "s2": Subsample(6, 2),
            "c3": Conv2dConnected(models.C3_CONNECTIONS, 5),
            "s4": Subsample(16, 2),
            "c5": Conv2d(16, 120, 5),
            "f6": Conv2d(120, 84, 1),
        }
        table = models.summary(Sequential(**layers), (1, 32, width))
        assert table["c5"].output == (120, 1, width // 4 - 7)
        return table.total.connections + 840 * (width // 4 - 7)

    assert connections(32) == 340_908
    times = connections(64) / connections(32)
    assert round(times, 2) == 3.54
    assert times == pytest.approx(WIDER.reference(64), rel=1e-12)
