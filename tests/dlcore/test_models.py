"""The book's networks: the counts that their papers print, gradients, training; and summaries."""

import math
import re
import tracemalloc

import numpy as np
import pytest

from dlcore import datasets, losses, metrics, models, saving
from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.layers import LRN, Affine, BatchNorm, Conv2d, PReLU, ReLU, Tanh
from dlcore.network import Sequential
from dlcore.optimizers import Adam, GradientDescent
from dlcore.training import fit
from tests.cases import LAYERS
from tests.device_array import DeviceArray, DeviceGenerator
from tests.measure import worst_error
from tests.require import require

try:
    import torch
    from torch import nn
except ImportError:
    torch = None

# Every network, narrow where it is large, with the shape of an example and its loss.
NETWORKS = {
    "logistic": (models.logistic(3), (3,), losses.logistic),
    "planar": (models.planar(), (2,), losses.logistic),
    "circles": (models.circles(), (2,), losses.logistic),
    "moons": (models.moons(), (2,), losses.logistic),
    "regularization": (models.regularization(keep_prob=0.86), (2,), losses.logistic),
    "companion": (models.companion(), (1, 28, 28), losses.softmax_cross_entropy),
    "lenet5": (models.lenet5(), (1, 32, 32), models.lenet5_loss),
    "lenet5_modern": (models.lenet5_modern(), (1, 32, 32), losses.softmax_cross_entropy),
    "lenet_small": (models.lenet_small(), (1, 16, 16), losses.softmax_cross_entropy),
    "alexnet": (
        models.alexnet(size=67, width=1 / 32, classes=10), (3, 67, 67),
        losses.softmax_cross_entropy,
    ),
    "alexnet in two groups": (
        models.alexnet(groups=2, size=67, width=1 / 16, classes=10), (3, 67, 67),
        losses.softmax_cross_entropy,
    ),
    "alexnet_digits": (
        models.alexnet_digits(lrn=LRN(), keep_prob=0.5), (1, 32, 32), losses.softmax_cross_entropy,
    ),
    "vgg11": (
        models.vgg11(size=32, channels=1, width=1 / 16, classes=10), (1, 32, 32),
        losses.softmax_cross_entropy,
    ),
    "vgg16": (
        models.vgg16(size=32, channels=1, width=1 / 16, classes=10), (1, 32, 32),
        losses.softmax_cross_entropy,
    ),
    "resnet": (models.resnet(1, channels=1, maps=2), (1, 8, 8), losses.softmax_cross_entropy),
    "resnet without connections": (
        models.resnet(1, connections=False, channels=1, maps=2), (1, 8, 8),
        losses.softmax_cross_entropy,
    ),
}  # fmt: skip
NARROW = [name for name in NETWORKS if name.startswith(("alexnet", "vgg"))]
every_network = pytest.mark.parametrize("name", NETWORKS)


def start(name, n=4, dtype=np.float64):
    """Return the network, start values with biases that are not zero, and a batch."""
    net, shape, loss = NETWORKS[name]
    rng = np.random.default_rng(0)
    params = net.init(rng, dtype)
    params = params.like(
        (params.theta + 0.01 * rng.standard_normal(params.theta.size)).astype(dtype)
    )
    X = rng.standard_normal((n, *shape)).astype(dtype)
    y = np.arange(n) % 10 if loss is not losses.logistic else np.arange(n)[:, np.newaxis] % 2
    return net, params, X, y, loss


def counts(net, shape):
    total = models.summary(net, shape).total
    return total.parameters, total.connections


# What the papers and the notes print


@pytest.mark.parametrize(
    ("net", "parameters"),
    [
        (models.logistic(), 2 + 1),
        (models.planar(), 17),
        (models.circles(), 91),
        (models.moons(), 30),
        (models.regularization(), 127),
    ],
)
def test_parameters_of_the_small_networks(net, parameters):
    assert counts(net, (2,)) == (parameters, parameters)
    assert net.init(np.random.default_rng(0)).theta.size == parameters


def test_lenet5_has_the_published_counts():
    """LeCun et al. (1998), section II.B."""
    table = models.summary(models.lenet5(), (1, 32, 32))
    published = {
        "c1": ((6, 28, 28), 156, 122_304),
        "s2": ((6, 14, 14), 12, 5_880),
        "c3": ((16, 10, 10), 1_516, 151_600),
        "s4": ((16, 5, 5), 32, 2_000),
        "c5": ((120, 1, 1), 48_120, 48_120),
        "f6": ((84,), 10_164, 10_164),
        "output": ((10,), 0, 840),
    }
    for name, expected in published.items():
        row = table[name]
        assert (row.output, row.parameters, row.connections) == expected, name
    assert (table.total.parameters, table.total.connections) == (60_000, 340_908)
    assert models.lenet5().init(np.random.default_rng(0)).theta.size == 60_000


@pytest.mark.parametrize(
    ("net", "shape", "parameters"),
    [
        (models.companion(), (1, 28, 28), 78 + 30_576 + 850),
        (models.lenet5_modern(), (1, 32, 32), 61_706),
        (models.alexnet(), (3, 227, 227), 62_378_344),
        (models.alexnet(groups=2), (3, 227, 227), 60_965_224),
        (models.vgg11(), (3, 224, 224), 132_863_336),
        (models.vgg16(), (3, 224, 224), 138_357_544),
        (models.resnet(3), (3, 32, 32), 273_258),
    ],
)
def test_parameters_of_the_convolutional_networks(net, shape, parameters):
    assert counts(net, shape)[0] == parameters


@pytest.mark.parametrize("blocks", [1, 3])
def test_the_depth_of_a_residual_network(blocks):
    """Without connections the projections go, and nothing else."""
    plain, residual = (models.resnet(blocks, connections=on) for on in (False, True))
    kernels = [name for name in plain.init(np.random.default_rng(0)) if name.endswith(".W")]
    assert len(kernels) == 6 * blocks + 2
    extra = counts(residual, (3, 32, 32))[0] - counts(plain, (3, 32, 32))[0]
    assert extra == sum((a + 1) * b + 2 * b for a, b in ((16, 32), (32, 64)))


def test_shapes_of_alexnet():
    table = models.summary(models.alexnet(groups=2), (3, 227, 227))
    shapes = {row.name: row.output for row in table.rows}
    assert shapes["conv1"] == (96, 55, 55)
    assert shapes["pool1"] == (96, 27, 27)
    assert shapes["conv2"] == (256, 27, 27)
    assert shapes["pool2"] == (256, 13, 13)
    assert shapes["conv5"] == (256, 13, 13)
    assert shapes["pool5"] == (256, 6, 6)
    assert shapes["fc8"] == (1000,)


def test_c3_reads_what_table_1_marks():
    """Rows are the maps of S2, columns those of C3: LeCun et al. (1998), table I."""
    published = """
        X . . . X X X . . X X X X . X X
        X X . . . X X X . . X X X X . X
        X X X . . . X X X . . X . X X X
        . X X X . . X X X X . . X . X X
        . . X X X . . X X X X . X X . X
        . . . X X X . . X X X X . X X X
    """
    marks = np.array([line.split() for line in published.strip().split("\n")]) == "X"
    np.testing.assert_array_equal(np.array(models.C3_CONNECTIONS), marks.T)


def test_the_codes_are_ten_pictures_that_differ():
    codes = np.array(models.DIGIT_CODES)
    assert codes.shape == (10, 7 * 12)
    assert np.all(np.abs(codes) == 1)
    different = (codes[:, np.newaxis] != codes).sum(axis=2)
    assert different[~np.eye(10, dtype=bool)].min() >= 8
    one = codes[1].reshape(12, 7)
    assert np.all(one[1:11, 3] == 1)  # a stroke down the middle
    assert np.all(codes[8].reshape(12, 7) == codes[8].reshape(12, 7)[:, ::-1])  # 8 is symmetric


def test_circles_reproduces_the_notes():
    """He initialization, seed 3, 15,000 steps: 99.33% and 96%, as the notes print (99, 96)."""
    X, y = datasets.circles(np.random.RandomState(1))
    X_test, y_test = datasets.circles(np.random.RandomState(2), n=100)
    net = models.circles()
    params, _ = fit(
        net, net.init(np.random.RandomState(3)), X, y[:, np.newaxis],
        loss=losses.logistic, optimizer=GradientDescent(0.01), epochs=15_000, progress=False,
    )  # fmt: skip
    accuracy = [
        100 * metrics.binary_accuracy(net.forward(params, inputs)[0], labels[:, np.newaxis])
        for inputs, labels in [(X, y), (X_test, y_test)]
    ]
    assert accuracy == pytest.approx([99.33, 96.0], abs=0.01)


# What every network does


@every_network
def test_gradient(name):
    """Entries from all over theta: some of every array."""
    net, params, X, y, loss = start(name)

    def forward(theta):
        scores, cache = net.forward(params.like(theta), X, train=True, rng=np.random.default_rng(1))
        return loss(scores, y), cache

    (_, dscores), cache = forward(params.theta)
    dX, grads = net.backward(dscores, cache)
    assert dX.shape == X.shape

    rng = np.random.default_rng(2)
    index = np.arange(params.theta.size)
    chosen = np.concatenate(
        [
            rng.choice(part.ravel(), min(2, part.size), replace=False)
            for part in params.like(index).values()
        ]
    )

    def value(entries):
        theta = params.theta.copy()
        theta[chosen] = entries
        return forward(theta)[0][0]

    check_gradient(value, params.theta[chosen], grads.theta[chosen], tolerance=1e-6)


@every_network
def test_a_few_steps_lower_the_cost(name):
    net, params, X, y, loss = start(name, n=10, dtype=np.float32)
    lr = 1e-3 if params.theta.size > 1000 else 0.03
    params, history = fit(
        net, params, X, y, loss=loss, optimizer=Adam(lr), epochs=12, rng=np.random.default_rng(0)
    )
    assert history.cost[-1] < 0.9 * history.cost[0]
    assert params.theta.dtype == np.float32


@every_network
def test_saved_and_loaded(name, tmp_path):
    net, params, X, _, _ = start(name, dtype=np.float32)
    saving.save(tmp_path / "net.npz", params)
    loaded = saving.load(tmp_path / "net.npz", net.init(np.random.default_rng(9), np.float32))
    np.testing.assert_array_equal(net.forward(loaded, X)[0], net.forward(params, X)[0])


@every_network
def test_only_dropout_and_batch_norm_behave_differently_in_training(name):
    net, params, X, _, _ = start(name)
    inference = net.forward(params, X)[0]
    training = net.forward(params, X, train=True, rng=np.random.default_rng(0))[0]
    drops = any(type(layer).__name__ == "Dropout" for layer in net.layers.values())
    assert drops == name.startswith(("alexnet", "vgg", "regularization"))
    norms = name.startswith("resnet")
    assert np.array_equal(inference, training) != (drops or norms)


@every_network
def test_the_output_is_scores(name):
    """No sigmoid, no softmax: one number, or one a class, on any scale."""
    net, params, X, _, loss = start(name)
    scores = net.forward(params, X)[0]
    assert scores.shape == (len(X), 1 if loss is losses.logistic else 10)
    assert models.output_shape(net, X.shape[1:]) == scores.shape[1:]


def test_groups_do_not_read_each_other():
    net, params, *_ = start("alexnet in two groups")
    conv2, arrays = net.layers["conv2"], params.layer("conv2")
    maps = np.random.default_rng(0).standard_normal((2, 6, 5, 5))
    other = maps.copy()
    other[:, 3:] += 1.0
    out, changed = (conv2.forward(arrays, X, train=False, rng=None)[0] for X in (maps, other))
    np.testing.assert_array_equal(out[:, :8], changed[:, :8])
    assert np.all(out[:, 8:] != changed[:, 8:])


def test_lenet5_scores_are_minus_squared_distances():
    net, params, X, _, _ = start("lenet5")
    features = Sequential(**{k: v for k, v in net.layers.items() if k != "output"})
    F = features.forward(params, X)[0]  # (N, 84)
    distances = [[((f - code) ** 2).sum() for code in models.DIGIT_CODES] for f in F]
    np.testing.assert_allclose(net.forward(params, X)[0], -np.array(distances), rtol=1e-12)


def test_lenet5_loss_is_equation_9():
    distances = np.random.default_rng(0).uniform(0, 4, (5, 3))
    y, j = np.array([0, 2, 1, 1, 0]), 0.7
    right = distances[np.arange(5), y]
    expected = np.mean(right + np.log(np.exp(-j) + np.exp(-distances).sum(axis=1)))
    value, dscores = models.lenet5_loss(-distances, y, j=j)
    assert value == pytest.approx(expected, rel=1e-12)
    check_gradient(lambda s: models.lenet5_loss(s, y, j=j)[0], -distances, dscores)


def test_lenet5_loss_refuses_a_distance_of_zero():
    with pytest.raises(ValueError, match="j is 0, expected a squared distance > 0"):
        models.lenet5_loss(np.zeros((1, 10)), np.zeros(1, int), j=0)


@pytest.mark.parametrize("name", ["lenet5", "alexnet in two groups"])
def test_other_arrays(name):
    net, _, X, y, loss = start(name)
    here, there = net.init(np.random.default_rng(0)), net.init(DeviceGenerator(0))
    scores, cache = net.forward(here, X)
    theirs, their_cache = net.forward(there, DeviceArray(X))
    np.testing.assert_array_equal(theirs.host, scores)
    grads = net.backward(loss(scores, y)[1], cache)[1]
    their_grads = net.backward(loss(theirs, DeviceArray(y))[1], their_cache)[1]
    np.testing.assert_array_equal(their_grads.theta.host, grads.theta)


@pytest.mark.parametrize("make", [models.alexnet, models.vgg16])
def test_images_that_are_too_small(make):
    with pytest.raises(ShapeError, match="too small for so many layers") as error:
        make(size=28)
    assert "in layer pool" in error.value.__notes__[0]


@pytest.mark.parametrize("options", [{"groups": 3, "width": 1 / 32}, {"groups": 0}])
def test_groups_that_do_not_divide(options):
    with pytest.raises(ValueError, match="expected a number that divides"):
        models.alexnet(**options)


# The summary


@pytest.mark.parametrize("case", LAYERS, ids=lambda case: case.name)
def test_summary_of_every_layer(case):
    """Shapes and parameters are those of a real run, for layers that no network has yet, too."""
    net = Sequential(layer=case.layer)
    shape = next(iter(case.shapes.values()))
    (row,) = models.summary(net, shape[1:]).rows
    params = net.init(np.random.default_rng(0))
    out, _ = net.forward(params, np.ones(shape), train=True, rng=np.random.default_rng(0))
    assert row.output == out.shape[1:] == models.output_shape(net, shape[1:])
    assert row.parameters == params.theta.size
    assert row.parameter_bytes == 4 * params.theta.size
    assert row.activation_bytes == 4 * math.prod(out.shape[1:])
    assert row.connections >= row.multiply_adds
    assert (row.connections >= row.parameters) if row.parameters else row.connections == 0


def test_uses_of_a_weight():
    """By hand: conv2 uses each of its 16 x 6 x 25 weights at 100 places, its biases too."""
    table = models.summary(models.lenet5_modern(), (1, 32, 32))
    assert table["conv2"].multiply_adds == 16 * 6 * 25 * 100
    assert table["conv2"].connections == 16 * (6 * 25 + 1) * 100
    assert table["fc4"].multiply_adds == 120 * 84
    net = Sequential(norm=BatchNorm(3), lone=PReLU(), fc=Affine(3, 2))
    table = models.summary(net, (3,))
    assert (table["norm"].connections, table["norm"].multiply_adds) == (6, 3)
    assert (table["lone"].parameters, table["lone"].connections) == (1, 3)
    assert models.summary(Sequential(norm=BatchNorm(3)), (3, 4, 5)).total.connections == 6 * 20


@pytest.mark.parametrize(
    "name", ["circles", "companion", "lenet5", "lenet5_modern", "alexnet", "vgg11"]
)
def test_the_cache_takes_what_the_summary_says(name):
    n = 200
    net, params, X, _, _ = start(name, n, np.float32)
    expected = n * models.summary(net, X.shape[1:]).total.cache_bytes - X.nbytes
    X = np.ascontiguousarray(X)
    rng = np.random.default_rng(0)
    net.forward(params, X, train=True, rng=rng)  # what is made only once
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    cache = net.forward(params, X, train=True, rng=rng)[1]
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert len(cache) == 2
    assert taken == pytest.approx(expected, rel=0.1)


def test_uses_of_a_weight_in_groups():
    """By hand: each of the 6 x 2 x 3 x 3 weights is used at 5 x 4 places, each bias too."""
    layer = Conv2d(4, 6, 3, stride=(1, 2), dilation=2, groups=2)
    row = models.summary(Sequential(conv=layer), (4, 9, 12))["conv"]
    assert row.output == (6, 5, 4)
    assert row.parameters == 6 * (2 * 9 + 1)
    assert row.multiply_adds == 6 * 2 * 9 * 20
    assert row.connections == 6 * (2 * 9 + 1) * 20


def test_summary_in_double_precision():
    single, double = (
        models.summary(models.lenet5(), (1, 32, 32), dtype=dtype).total
        for dtype in (np.float32, np.float64)
    )
    assert double.parameter_bytes == 2 * single.parameter_bytes
    assert double.activation_bytes == 2 * single.activation_bytes
    assert double.connections == single.connections


def test_summary_as_text():
    net = Sequential(fc1=Affine(2, 1000), relu1=ReLU(), fc2=Affine(1000, 1))
    head, rule, fc1, relu1, fc2, last_rule, total = str(models.summary(net, (2,))).splitlines()
    columns = [
        *("name", "layer", "output", "parameters", "connections", "multiply adds"),
        *("parameter bytes", "activation bytes", "cache bytes"),
    ]
    assert re.split(r"  +", head) == columns
    assert rule == last_rule == "-" * len(total)
    assert fc1.split() == [
        "fc1", "Affine", "1000", "3,000", "3,000", "2,000", "12,000", "4,000", "8",
    ]  # fmt: skip
    assert relu1.split()[:4] == ["relu1", "ReLU", "1000", "0"]
    assert fc2.split()[:4] == ["fc2", "Affine", "1", "1,001"]
    assert total.split()[:4] == ["total", "1", "4,001", "4,001"]
    assert len({len(line) for line in (fc1, relu1, fc2, total)}) == 1


def test_summary_as_html():
    table = models.summary(Sequential(**{"a<b": Tanh(), "c1": Affine(3, 2)}), (3,))
    text = table._repr_html_()
    assert text.count("<tr>") == 1 + 2 + 1
    assert text.count('<th scope="col">') == 9
    assert '<th scope="row">a&lt;b</th>' in text
    assert '<th scope="row">total</th>' in text
    assert "<td>8</td>" in text


def test_summary_names_the_layer_that_does_not_fit():
    with pytest.raises(ShapeError, match="3 columns but W expects 2") as error:
        models.summary(Sequential(fc1=Affine(2, 3), fc2=Affine(2, 1)), (2,))
    assert error.value.__notes__ == [f"in layer fc2 = {Affine(2, 1)}"]


# PyTorch


@pytest.mark.parametrize("count", [models.summary, models.output_shape])
@pytest.mark.parametrize(
    ("net", "shape", "message"),
    [
        (models.lenet5(), 64, r"input_shape is 64, expected the shape of one .*; \(64,\)\?"),
        (
            models.lenet5(),
            np.zeros((5, 1, 28, 28)),
            r"input_shape is an array, .*; \(1, 28, 28\)\?",
        ),
        (models.lenet5(), (1, 28.0, 28), r"input_shape is 28.0, expected whole numbers"),
        (models.lenet5, (1, 28, 28), r"net is <function lenet5 .*, expected a network"),
    ],
)
def test_what_is_no_network_or_no_shape(count, net, shape, message):
    with pytest.raises(TypeError, match=f"^{count.__name__}: {message}"):
        count(net, shape)


def pytorch(net):
    """Return each layer of a network as PyTorch's, with PyTorch's own start values."""
    modules = {}
    for name, layer in net.layers.items():
        match type(layer).__name__:
            case "Conv2d":
                shape = (layer.c_in, layer.c_out, layer.size)
                moves = (layer.stride, layer.padding, layer.dilation, layer.groups)
                modules[name] = nn.Conv2d(*shape, *moves)
            case "Affine":
                modules[name] = nn.Linear(layer.d_in, layer.d_out)
            case "MaxPool2d":
                modules[name] = nn.MaxPool2d(layer.size, layer.stride)
            case "LRN":  # PyTorch divides alpha by n
                alpha = layer.alpha * layer.n
                modules[name] = nn.LocalResponseNorm(layer.n, alpha, layer.beta, layer.k)
            case "Dropout":
                modules[name] = nn.Identity()
            case same_name:
                modules[name] = getattr(nn, same_name)()
    return modules


@pytest.fixture
def _needs_torch():
    require("PyTorch", torch is not None, "pip install torch==2.13.0")


FULL_SIZE = {
    "companion": (models.companion(), (1, 28, 28)),
    "lenet5_modern": (models.lenet5_modern(), (1, 32, 32)),
    "alexnet": (models.alexnet(), (3, 227, 227)),
    "alexnet in two groups": (models.alexnet(groups=2), (3, 227, 227)),
    "vgg11": (models.vgg11(), (3, 224, 224)),
    "vgg16": (models.vgg16(), (3, 224, 224)),
}


@pytest.mark.oracle
@pytest.mark.usefixtures("_needs_torch")
@pytest.mark.parametrize("name", FULL_SIZE)
def test_shapes_and_counts_are_pytorchs(name):
    """Layer by layer, at full size: PyTorch's "meta" device computes shapes and no numbers."""
    net, shape = FULL_SIZE[name]
    with torch.device("meta"):
        X = torch.empty(1, *shape)
        for row, module in zip(models.summary(net, shape).rows, pytorch(net).values(), strict=True):
            X = module(X)
            assert row.output == tuple(X.shape[1:]), row.name
            assert row.parameters == sum(array.numel() for array in module.parameters()), row.name


@pytest.mark.oracle
@pytest.mark.usefixtures("_needs_torch")
@pytest.mark.parametrize("name", ["companion", "lenet5_modern", *NARROW])
def test_scores_and_gradients_are_pytorchs(name):
    """PyTorch's parameters come in the order of ours, the grouped kernels too."""
    net, params, X, y, loss = start(name)
    theirs = nn.Sequential(*pytorch(net).values()).double()
    nn.utils.vector_to_parameters(torch.tensor(params.theta), theirs.parameters())
    scores, cache = net.forward(params, X)
    expected = theirs(torch.tensor(X))
    assert worst_error(scores, expected.detach()) <= 1e-12
    _, grads = net.backward(loss(scores, y)[1], cache)
    nn.functional.cross_entropy(expected, torch.tensor(y)).backward()
    their_grads = nn.utils.parameters_to_vector(p.grad for p in theirs.parameters())
    assert worst_error(grads.theta, their_grads) <= 1e-12
