"""dlcore on arrays that are not NumPy's: device arrays go in, device arrays come out."""

import numpy as np
import pytest

from dlcore import activations, initializers, layers, metrics
from dlcore.errors import GradientMismatch
from dlcore.gradcheck import check_gradient
from dlcore.losses import logistic
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent, clip_by_norm
from dlcore.training import fit
from tests.cases import (
    CLASS_LOSSES,
    DISTRIBUTION_LOSSES,
    LAYERS,
    LOSSES,
    OPTIMIZERS,
    REGRESSION_LOSSES,
    each,
)
from tests.device_array import DeviceArray, DeviceGenerator


def on_device(value):
    """Assert that ``value`` is a device array, and return its numbers."""
    assert isinstance(value, DeviceArray), f"expected a DeviceArray, got {type(value)}"
    return value.host


@pytest.fixture
def no_transfers():
    """Fail a test that turns a device array into a Python number."""
    DeviceArray.transfers = 0
    yield
    assert DeviceArray.transfers == 0


def test_the_stand_in_refuses_what_cupy_refuses():
    array = DeviceArray([1.0, 2.0])
    for mix in (np.asarray, np.array, lambda a: a + np.ones(2), lambda a: np.ones(2) * a):
        with pytest.raises(TypeError, match=r"Implicit conversion|Unsupported type"):
            mix(array)
    assert isinstance(array + 1, DeviceArray)
    assert on_device(np.sum(array)).shape == ()


@pytest.mark.usefixtures("no_transfers")
@each(LAYERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_layer(case, dtype):
    arrays = case.samples(dtype).values()
    expected, expected_cache = case.forward(*arrays)
    out, cache = case.forward(*map(DeviceArray, arrays))
    np.testing.assert_array_equal(on_device(out), expected)
    grads = case.backward(DeviceArray(expected), cache)
    for got, want in zip(grads, case.backward(expected, expected_cache), strict=True):
        np.testing.assert_array_equal(on_device(got), want)
        assert got.dtype == dtype


@each(LOSSES + CLASS_LOSSES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_loss_with_labels(case, dtype):
    scores, targets = case.samples(dtype=dtype)
    value, dscores = case.function(DeviceArray(scores), DeviceArray(targets))
    expected, dexpected = case.function(scores, targets)
    np.testing.assert_array_equal(on_device(value), expected)
    np.testing.assert_array_equal(on_device(dscores), dexpected)
    with pytest.raises(ValueError, match=f"{case.name}: targets range from"):
        case.function(DeviceArray(scores), DeviceArray(targets + 2))


@each(DISTRIBUTION_LOSSES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_loss_of_a_distribution(case, dtype):
    scores, targets = case.samples(dtype=dtype)
    got = case.function(DeviceArray(scores), DeviceArray(targets))
    for ours, numpys in zip(got, case.function(scores, targets), strict=True):
        np.testing.assert_array_equal(on_device(ours), numpys)


@pytest.mark.usefixtures("no_transfers")
@each(REGRESSION_LOSSES)
def test_every_loss_with_numbers(case):
    scores, targets = case.samples()
    got = case.function(DeviceArray(scores), DeviceArray(targets))
    for ours, numpys in zip(got, case.function(scores, targets), strict=True):
        np.testing.assert_array_equal(on_device(ours), numpys)


@pytest.mark.usefixtures("no_transfers")
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_every_optimizer(optimizer):
    rng = np.random.default_rng(0)
    theta, grads = rng.standard_normal(5), rng.standard_normal((3, 5))

    def train(theta, grads):
        state = optimizer.init(theta)
        for grad in grads:
            theta, state = optimizer.update(theta, clip_by_norm(grad, 2.0), state)
        return theta

    got = train(DeviceArray(theta), map(DeviceArray, grads))
    np.testing.assert_array_equal(on_device(got), train(theta, grads))


@pytest.mark.usefixtures("no_transfers")
@pytest.mark.parametrize(
    "name",
    ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "scaled_tanh", "softmax", "log_softmax"],
)
def test_every_activation(name):
    function, z = getattr(activations, name), np.array([-800.0, -1.0, 0.0, 1.0, 800.0])
    np.testing.assert_array_equal(on_device(function(DeviceArray(z))), function(z))


@pytest.mark.usefixtures("no_transfers")
@pytest.mark.parametrize("name", ["zeros", "normal", "xavier_normal", "he_normal", "lecun_normal"])
def test_every_initializer(name):
    initializer = getattr(initializers, name)
    if name == "normal":
        initializer = initializer(0.1)
    expected = initializer(np.random.default_rng(0), (3, 2), 2, 3)
    np.testing.assert_array_equal(
        on_device(initializer(DeviceGenerator(0), (3, 2), 2, 3)), expected
    )


def network():
    return Sequential(fc1=layers.Affine(2, 4), tanh=layers.Tanh(), fc2=layers.Affine(4, 1))


@pytest.mark.usefixtures("no_transfers")
def test_a_step_of_a_network_never_waits_for_the_device():
    rng = np.random.default_rng(1)
    X, dout = rng.standard_normal((6, 2)), rng.standard_normal((6, 1))
    net, optimizer = network(), GradientDescent(0.1)

    def step(rng, X, dout):
        params = net.init(rng, dtype=np.float32)
        scores, cache = net.forward(params, X)
        dX, grads = net.backward(dout, cache)
        theta, _ = optimizer.update(params.theta, grads.theta, optimizer.init(params.theta))
        return scores, dX, theta, params.like(theta)["fc2.W"], params.decayed

    expected = step(np.random.default_rng(0), X, dout)
    got = step(DeviceGenerator(0), DeviceArray(X), DeviceArray(dout))
    for ours, numpys in zip(got, expected, strict=True):
        np.testing.assert_array_equal(on_device(ours), numpys)


def test_fit():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((20, 2)), (np.arange(20) % 2)[:, np.newaxis]

    def train(to, generator):
        net = network()
        return fit(
            net, net.init(generator(0)), to(X), to(y), loss=logistic,
            optimizer=GradientDescent(0.5), epochs=5, batch_size=8, rng=generator(1),
            penalty=lambda w: (0.1 * np.sum(w**2), 0.2 * w),
            validation=(to(X), to(y)), patience=3,
        )  # fmt: skip

    expected, expected_history = train(np.asarray, np.random.default_rng)
    trained, history = train(DeviceArray, DeviceGenerator)
    np.testing.assert_array_equal(on_device(trained.theta), expected.theta)
    assert history == expected_history
    assert all(type(cost) is float for cost in history.cost + history.validation)


def test_accuracy():
    scores, targets = np.array([1.0, -1.0, 2.0]), np.array([1, 1, 1])
    accuracy = metrics.binary_accuracy(DeviceArray(scores), DeviceArray(targets))
    assert accuracy == pytest.approx(2 / 3, rel=1e-15)
    assert type(accuracy) is float


def test_the_gradient_checker():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    cubes = lambda x: np.sum(x**3)  # noqa: E731, it is a formula
    difference = check_gradient(cubes, DeviceArray(x), DeviceArray(3 * x**2))
    assert difference == check_gradient(cubes, x, 3 * x**2)
    wrong = 3 * x**2 * [[1, 1], [2, 1]]
    with pytest.raises(GradientMismatch, match=r"worst at index \(1, 0\): grad 1.5, central"):
        check_gradient(cubes, DeviceArray(x), DeviceArray(wrong))


def test_errors_show_shapes():
    with pytest.raises(ValueError, match=r"X has 3 columns but W expects 4"):
        layers.affine_forward(*(DeviceArray(np.zeros(shape)) for shape in ((5, 3), (2, 4), (2,))))
    with pytest.raises(TypeError, match=r"X has dtype int64"):
        layers.affine_forward(*(DeviceArray(np.zeros(2, int)) for _ in range(3)))


def test_cupy():
    """The same on a GPU, where there is one."""
    cupy = pytest.importorskip("cupy", reason="CuPy is missing (it needs an NVIDIA GPU)")
    X = np.random.default_rng(0).standard_normal((20, 2))
    y = (np.arange(20) % 2)[:, np.newaxis]
    net = network()
    start = net.init(np.random.default_rng(0))
    options = {"loss": logistic, "optimizer": GradientDescent(0.5), "epochs": 50}
    expected, _ = fit(net, start, X, y, **options)
    start = start.like(cupy.asarray(start.theta))
    trained, _ = fit(net, start, cupy.asarray(X), cupy.asarray(y), **options)
    assert isinstance(trained.theta, cupy.ndarray)
    np.testing.assert_allclose(trained.theta.get(), expected.theta, rtol=1e-10)


def test_every_layer_loss_and_optimizer_on_cupy():
    """The same arithmetic on a GPU, where there is one."""
    cupy = pytest.importorskip("cupy", reason="CuPy is missing (it needs an NVIDIA GPU)")

    def compare(ours, numpys, name):
        assert isinstance(ours, cupy.ndarray), name
        assert ours.dtype == numpys.dtype, name
        np.testing.assert_allclose(ours.get(), numpys, rtol=1e-10, atol=1e-12, err_msg=name)

    for case in LAYERS:
        arrays = list(case.samples().values())
        out, cache = case.forward(*map(cupy.asarray, arrays))
        expected, expected_cache = case.forward(*arrays)
        compare(out, expected, case.name)
        grads = case.backward(cupy.asarray(expected), cache)
        for grad, want in zip(grads, case.backward(expected, expected_cache), strict=True):
            compare(grad, want, case.name)
    for case in LOSSES + CLASS_LOSSES + REGRESSION_LOSSES + DISTRIBUTION_LOSSES:
        arrays = case.samples()
        got = case.function(*map(cupy.asarray, arrays))
        for ours, numpys in zip(got, case.function(*arrays), strict=True):
            compare(ours, numpys, case.name)
    theta, grad = np.random.default_rng(0).standard_normal((2, 50))
    for optimizer in OPTIMIZERS:
        moved, expected = cupy.asarray(theta), theta
        state, expected_state = optimizer.init(moved), optimizer.init(expected)
        for _ in range(10):
            clipped = clip_by_norm(cupy.asarray(grad), 2.0)
            moved, state = optimizer.update(moved, clipped, state)
            expected, expected_state = optimizer.update(
                expected, clip_by_norm(grad, 2.0), expected_state
            )
        compare(moved, expected, repr(optimizer))
