"""What every public function of the mathematics must do with whatever it is given.

Each is a line of ``CALLS``, each constructor and each function of numbers alone a line of
``NUMBERS``; a function without a line fails the first test. Layers and losses come from
``tests/cases.py``.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import astuple, dataclass, field

import numpy as np
import pytest

from dlcore import (
    activations,
    augment,
    averages,
    gradcheck,
    initializers,
    layers,
    losses,
    metrics,
    network,
    optimizers,
    perceptron,
    regularizers,
    sanity,
    schedules,
    search,
)
from dlcore.errors import ShapeError
from tests.cases import (
    CLASS_LOSSES,
    DISTRIBUTION_LOSSES,
    LAYERS,
    LOSSES,
    OPTIMIZERS,
    REGRESSION_LOSSES,
)
from tests.strangers import DataFrame, Series, Tensor

MODULES = [
    *[activations, augment, averages, gradcheck, initializers, layers, losses, metrics],
    *[optimizers, perceptron, regularizers, sanity, schedules, search],
]


def same(name, array):
    """Pass an array on as it is."""
    return array


@dataclass(frozen=True)
class Call:
    """A function and samples of its arguments.

    ``batch`` names the arrays with an axis of examples. ``rest`` makes what is neither array nor
    number, such as a cache or a generator; it gets ``change``, for what it makes from arrays.
    ``empty`` says whether a batch of nothing passes (True), is refused (False), or cannot be.
    """

    name: str
    function: Callable
    arrays: dict
    options: dict = field(default_factory=dict)
    rest: Callable = lambda change: {}
    batch: tuple = ()
    empty: bool | None = None
    double: bool = False  # takes float64 only
    numbers: bool = False  # a float is as good as an array

    def __call__(self, change=same, **others):
        """Call with the arrays changed, and return the results that are arrays or numbers."""
        arrays = {name: change(name, array) for name, array in self.arrays.items()}
        arguments = arrays | self.options | self.rest(change) | others
        bound = inspect.signature(self.function).bind(**arguments)
        results = self.function(*bound.args, **bound.kwargs)
        results = results if isinstance(results, tuple) else (results,)
        forgets = self.name.endswith(("_forward", ".update"))  # the cache, or the state
        return results[:1] if forgets else results

    def floats(self):
        """Return the names of the arrays of floats."""
        return [name for name, array in self.arrays.items() if array.dtype.kind == "f"]


def rng(change=same):
    return {"rng": np.random.default_rng(0)}


def forward_call(case):
    arrays = case.samples()
    options = {k: v for k, v in case.options.items() if k != "connections"}
    table = {k: v for k, v in case.options.items() if k == "connections"}
    return Call(
        f"{case.name}_forward", getattr(layers, f"{case.name}_forward"), arrays, options,
        lambda change: table, (next(iter(arrays)),), case.name != "batchnorm",
    )  # fmt: skip


def backward_call(case):
    function = getattr(layers, f"{case.name}_backward")
    samples, first = case.samples(), next(iter(case.shapes))
    out, _ = case.forward(*samples.values())
    dout = np.random.default_rng(1).standard_normal(out.shape)

    def cache(change):
        return {"cache": case.forward(*(change(n, array) for n, array in samples.items()))[1]}

    name = next(iter(inspect.signature(function).parameters))
    return Call(
        f"{case.name}_backward", function, {name: dout}, {}, cache, (name, first),
        None if case.name == "batchnorm" else True,
    )  # fmt: skip


def loss_call(case):
    names = inspect.signature(case.function).parameters
    arrays = dict(zip(names, case.samples(), strict=True))
    return Call(case.name, case.function, arrays, batch=tuple(names), empty=False)


def update_call(optimizer):
    theta, grad = np.random.default_rng(0).standard_normal((2, 7))
    name = f"{type(optimizer).__name__}.update"
    state = lambda change: {"state": optimizer.init(change("theta", theta))}  # noqa: E731
    return Call(name, optimizer.update, {"theta": theta, "grad": grad}, {}, state)


def cubes(x):
    return np.sum(x**3)


def paired(a, b):
    return astuple(metrics.paired(a, b))


Z, V = np.random.default_rng(0).standard_normal((2, 6, 4))
ROW, OTHER = np.random.default_rng(1).standard_normal((2, 5))
IMAGES = np.random.default_rng(2).random((4, 3, 5, 6))
COMPONENTS = augment.color_components(IMAGES)
RIGHT = np.arange(6) % 4  # labels for four classes
SIGNS = np.arange(6) % 2  # labels for two
MOMENTS = {"gamma": ROW[:4], "beta": OTHER[:4], "mean": Z[0], "var": 1 + Z[1] ** 2}
elementwise = [
    ("sigmoid", {}), ("tanh", {}), ("relu", {}), ("leaky_relu", {"alpha": 0.1}),
    ("elu", {"alpha": 0.5}), ("scaled_tanh", {"A": 2.0, "S": 0.5}), ("gelu", {}),
    ("gelu_gate", {}), ("silu", {}),
]  # fmt: skip

CALLS = [
    *[
        Call(name, getattr(activations, name), {"z": Z}, options, batch=("z",), empty=True,
             numbers=True)
        for name, options in elementwise
    ],
    *[
        Call(name, getattr(activations, name), {"S": Z}, {"axis": 1}, batch=("S",), empty=True)
        for name in ("softmax", "log_softmax")
    ],
    *map(forward_call, LAYERS), *map(backward_call, LAYERS),
    Call("dropout_forward", layers.dropout_forward, {"X": Z}, {"keep_prob": 0.5}, rng, ("X",),
         True),
    Call(
        "dropout_backward", layers.dropout_backward, {"dA": Z}, {},
        lambda change: {"cache": change("X", 2.0 * (V > 0))}, ("dA", "X"), True,
    ),
    Call(
        "batchnorm_inference", layers.batchnorm_inference, {"X": Z, **MOMENTS}, {"eps": 1e-3},
        batch=("X",), empty=True,
    ),
    *map(loss_call, LOSSES + CLASS_LOSSES + REGRESSION_LOSSES + DISTRIBUTION_LOSSES),
    *[
        Call(name, getattr(regularizers, name), {"W": Z}, {"lam": 0.5, "n": 4})
        for name in ("l1", "l2")
    ],
    Call("signed_distance", perceptron.signed_distance, {"X": Z, "w": ROW[:4]}, {"b": 0.5},
         batch=("X",), empty=True),
    Call("perceptron_step", perceptron.perceptron_step, {"w": ROW, "x": OTHER}, {"t": 1}),
    Call("soft_threshold", regularizers.soft_threshold, {"w": Z}, {"t": 0.5}),
    Call("clip_rows", regularizers.clip_rows, {"W": Z}, {"max_norm": 0.5}),
    Call("ewa", averages.ewa, {"values": Z}, {"beta": 0.9}, batch=("values",), empty=True),
    Call(
        "binary_accuracy", metrics.binary_accuracy, {"scores": Z[:, 0], "targets": SIGNS},
        batch=("scores", "targets"), empty=False,
    ),
    Call(
        "accuracy", metrics.accuracy, {"scores": Z, "targets": RIGHT},
        batch=("scores", "targets"), empty=False,
    ),
    Call("paired", paired, {"a": ROW, "b": OTHER}),
    *map(update_call, OPTIMIZERS),
    Call("clip_by_norm", optimizers.clip_by_norm, {"grad": ROW}, {"max_norm": 0.5}),
    Call(
        "bfgs_update", optimizers.bfgs_update,
        {"Q": Z.T @ Z, "dtheta": Z[0], "dgrad": Z[0] + 0.3 * Z[1]},
    ),
    Call(
        "numerical_gradient", gradcheck.numerical_gradient, {"x": Z}, {"eps": 1e-6},
        lambda change: {"f": cubes}, double=True, numbers=True,
    ),
    Call(
        "directional_difference", gradcheck.directional_difference, {"x": Z, "v": V},
        {"eps": 1e-6}, lambda change: {"f": cubes}, double=True, numbers=True,
    ),
    Call(
        "check_gradient", gradcheck.check_gradient, {"x": Z, "grad": 3 * Z**2},
        {"eps": 1e-6, "tolerance": 1e-7}, lambda change: {"f": cubes}, double=True, numbers=True,
    ),
    Call(
        "relative_difference", gradcheck.relative_difference, {"grad": Z, "approx": V}, numbers=True
    ),
    Call("spread_loss", sanity.spread_loss, {"scores": Z}, batch=("scores",), empty=False),
    Call("mirror", augment.mirror, {"X": IMAGES}, {"probability": 0.5}, rng, ("X",), True),
    Call("random_crop", augment.random_crop, {"X": IMAGES}, {"size": 4, "padding": 1}, rng,
         ("X",), True),
    Call("color_shift", augment.color_shift, {"X": IMAGES}, {"sd": 0.1}, rng, ("X",), True),
    Call("color_components", augment.color_components, {"X": IMAGES}, batch=("X",), empty=False),
    Call(
        "pca_color", augment.pca_color, {"X": IMAGES}, {"sd": 0.1},
        lambda change: {**rng(), "components": COMPONENTS}, ("X",), True,
    ),
]  # fmt: skip

FANS = {"fan_in": 3, "fan_out": 2}


def drawing():
    return {"shape": (2, 3), **rng()}


def scoring():
    return {"score": lambda lr: -((lr - 0.3) ** 2), "space": {"lr": search.Uniform(0.0, 1.0)}}


def searching():
    return scoring() | rng()


def halving():
    return {**searching(), "score": lambda lr, budget: -((lr - 0.3) ** 2), "budgets": (1, 2)}


def ranging():
    net = network.Sequential(fc=layers.Affine(2, 1))
    X = np.random.default_rng(1).standard_normal((6, 2))
    given = {"net": net, "params": net.init(np.random.default_rng(0)), "X": X, "y": X[:, :1]}
    others = {"loss": losses.squared_error, "optimizer": optimizers.GradientDescent(1.0)}
    return given | others | rng()


# The name, what takes the numbers, the numbers, and what makes its other arguments.
NUMBERS = [
    ("inverse_time", schedules.inverse_time, {"epoch": 3, "lr": 0.1, "decay_rate": 1.0}, dict),
    ("exponential", schedules.exponential, {"epoch": 3, "lr": 0.1, "decay_rate": 0.9}, dict),
    ("inverse_sqrt_epoch", schedules.inverse_sqrt_epoch, {"epoch": 3, "lr": 0.1, "k": 2.0}, dict),
    ("inverse_sqrt_step", schedules.inverse_sqrt_step, {"step": 3, "lr": 0.1, "k": 2.0}, dict),
    ("staircase", schedules.staircase, {"step": 3, "lr": 0.1, "every": 2, "factor": 0.5}, dict),
    ("warmup", schedules.warmup, {"step": 3, "lr": 0.1, "steps": 9}, dict),
    ("cosine", schedules.cosine, {"step": 3, "lr": 0.1, "steps": 9, "final": 0.01}, dict),
    ("proportion", metrics.proportion, {"count": 18, "n": 20}, dict),
    ("missed_share", gradcheck.missed_share, {"error": 0.1, "t": 1e-3}, dict),
    ("chance_loss", sanity.chance_loss, {"classes": 10}, dict),
    ("memorized_loss", sanity.memorized_loss, {"n": 5}, dict),
    ("normal", initializers.normal, {"scale": 0.1}, dict),
    ("xavier_normal", initializers.xavier_normal, FANS, drawing),
    ("he_normal", initializers.he_normal, FANS, drawing),
    ("lecun_normal", initializers.lecun_normal, FANS, drawing),
    ("zeros", initializers.zeros, FANS, drawing),
    ("GradientDescent", optimizers.GradientDescent, {"lr": 0.1}, dict),
    ("Momentum", optimizers.Momentum, {"lr": 0.1, "beta": 0.9}, dict),
    ("ClassicalMomentum", optimizers.ClassicalMomentum, {"lr": 0.1, "beta": 0.9}, dict),
    ("Nesterov", optimizers.Nesterov, {"lr": 0.1, "beta": 0.9}, dict),
    ("AdaGrad", optimizers.AdaGrad, {"lr": 0.1, "eps": 1e-8}, dict),
    ("RMSprop", optimizers.RMSprop, {"lr": 0.1, "beta": 0.9, "eps": 1e-8}, dict),
    ("Adam", optimizers.Adam, {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-8}, dict),
    (
        "AdamW", optimizers.AdamW,
        {"lr": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-8, "weight_decay": 0.1}, dict,
    ),
    ("Uniform", search.Uniform, {"low": 0.1, "high": 0.2}, dict),
    ("LogUniform", search.LogUniform, {"low": 0.1, "high": 0.2}, dict),
    ("OneMinusLogUniform", search.OneMinusLogUniform, {"low": 0.1, "high": 0.2}, dict),
    ("Integers", search.Integers, {"low": 1, "high": 2}, dict),
    ("grid_search", search.grid_search, {"points": 2}, scoring),
    ("random_search", search.random_search, {"n": 2}, searching),
    ("coarse_to_fine", search.coarse_to_fine, {"n": 2, "rounds": 2, "zoom": 0.5}, searching),
    ("LogIntegers", search.LogIntegers, {"low": 1, "high": 2}, dict),
    ("successive_halving", search.successive_halving, {"n": 4}, halving),
    (
        "rate_range_test", search.rate_range_test,
        {"low": 0.01, "high": 1.0, "steps": 5, "batch_size": 2, "beta": 0.5, "limit": 4.0}, ranging,
    ),
    ("folds", search.folds, {"n": 10, "k": 3}, rng),
    ("Affine", layers.Affine, {"d_in": 2, "d_out": 3}, dict),
    ("Maxout", layers.Maxout, {"d_in": 2, "d_out": 3, "k": 2}, dict),
    ("RBF", layers.RBF, {"d_in": 2, "d_out": 3}, dict),
    ("ELU", layers.ELU, {"alpha": 0.5}, dict),
    ("LeakyReLU", layers.LeakyReLU, {"alpha": 0.1}, dict),
    ("ScaledTanh", layers.ScaledTanh, {"A": 2.0, "S": 0.5}, dict),
    ("PReLU", layers.PReLU, {"channels": 3, "alpha": 0.5}, dict),
    ("Dropout", layers.Dropout, {"keep_prob": 0.5}, dict),
    ("BatchNorm", layers.BatchNorm, {"features": 3, "decay": 0.9, "eps": 1e-3}, dict),
    ("LRN", layers.LRN, {"k": 1.0, "n": 3, "alpha": 0.1, "beta": 0.5}, dict),
    ("Conv2d", layers.Conv2d, {"c_in": 1, "c_out": 2, "size": 3, "stride": 1, "padding": 0}, dict),
    (
        "Conv2dConnected", layers.Conv2dConnected, {"size": 3, "stride": 1, "padding": 0},
        lambda: {"connections": ((True, False), (True, True))},
    ),
    (
        "ConvTranspose2d", layers.ConvTranspose2d,
        {"c_in": 1, "c_out": 2, "size": 3, "stride": 2, "padding": 0, "output_padding": 1}, dict,
    ),
    ("MaxPool2d", layers.MaxPool2d, {"size": 3, "stride": 1, "padding": 0}, dict),
    ("AvgPool2d", layers.AvgPool2d, {"size": 3, "stride": 1, "padding": 0}, dict),
    ("Subsample", layers.Subsample, {"channels": 3, "size": 2}, dict),
    *[(call.name, call, call.options, dict) for call in CALLS if call.options],
]  # fmt: skip

# They take no array and no number, or are tested in a file of their own.
OTHERS = {
    *{"ReLU", "Sigmoid", "Tanh", "GELU", "SiLU", "Flatten", "GlobalAvgPool", "GlobalMaxPool"},
    *{"Residual", "initializer", "require_initializer", "Trial", "best", "relative_differences"},
    *{"Paired", "Proportion", "RateRange", "learn", "mistake_bound", "update_ratios"},
}


def public(module):
    """Return the names of what a module defines for others: functions, classes, initializers."""
    if hasattr(module, "__all__"):
        return set(module.__all__)
    return {
        name
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and callable(thing)
        and getattr(thing, "__module__", "") == module.__name__
    }


def each(calls):
    return pytest.mark.parametrize("call", calls, ids=lambda call: call.name)


each_argument = pytest.mark.parametrize(
    ("call", "argument"),
    [
        pytest.param(call, argument, id=f"{call.name}-{argument}")
        for call in CALLS
        for argument in call.arrays
    ],
)
each_number = pytest.mark.parametrize(
    ("name", "make", "options", "argument"),
    [
        pytest.param(name, lambda make=make, others=others, **o: make(**others(), **o), options,
                     argument, id=f"{name}-{argument}")
        for name, make, options, others in NUMBERS
        for argument in options
    ],
)  # fmt: skip


def test_every_public_function_has_a_line():
    tested = {call.name.split(".")[0] for call in CALLS} | {line[0] for line in NUMBERS} | OTHERS
    named = set().union(*map(public, MODULES))
    assert named - tested == set(), "add a line to CALLS or NUMBERS"
    assert tested - named == set(), "there is no such function"


# Precision and memory


def cast(dtype):
    """Return a change of every array of floats to a dtype."""
    return lambda name, array: array.astype(dtype) if array.dtype.kind == "f" else array


@each([call for call in CALLS if not call.double])
@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_any_precision_gives_the_answer_of_float64(call, dtype):
    to, back = cast(dtype), cast(np.float64)
    got = call(to)
    expected = call(lambda name, array: back(name, to(name, array)))
    for ours, right in zip(got, expected, strict=True):
        if np.ndim(ours):
            assert ours.dtype == dtype
        elif isinstance(ours, np.generic):  # a loss
            assert ours.dtype == np.float32
        scale = np.max(np.abs(right), initial=0.0)
        np.testing.assert_allclose(ours, right, rtol=0, atol=8 * np.finfo(dtype).eps * scale)


@each_number
def test_a_number_may_be_numpys(name, make, options, argument):
    value = options[argument]
    kinds = [np.float64, np.array] if isinstance(value, float) else [np.int64, np.int8, np.array]
    expected = make(**options)
    for kind in kinds:
        numpys = tuple(map(kind, value)) if isinstance(value, tuple) else kind(value)
        got = make(**options | {argument: numpys})
        assert repr(got) == repr(expected)


@each([call for call in CALLS if call.options and not call.double])
def test_a_number_of_float64_leaves_float32_alone(call):
    wide = {
        name: np.float64(value) if isinstance(value, float) else value
        for name, value in call.options.items()
    }
    got, expected = call(cast(np.float32), **wide), call(cast(np.float32))
    for ours, right in zip(got, expected, strict=True):
        np.testing.assert_array_equal(ours, right)
        assert np.asarray(ours).dtype == np.asarray(right).dtype


RELAID = {
    "Fortran order": np.asfortranarray,
    "negative strides": lambda a: np.ascontiguousarray(a[::-1])[::-1] if a.ndim else a,
    "not contiguous": lambda a: np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a,
    "read only": np.copy,
}


@each(CALLS)
@pytest.mark.parametrize("kind", RELAID)
def test_memory_does_not_matter_and_arguments_stay(call, kind):
    given = []

    def relay(name, array):
        array = RELAID[kind](array)
        array.setflags(write=False)
        given.append((array, array.copy()))
        return array

    for ours, right in zip(call(relay), call(), strict=True):
        np.testing.assert_allclose(ours, right, rtol=1e-7 if call.double else 1e-12, atol=1e-14)
    for array, before in given:
        np.testing.assert_array_equal(array, before)


# Batches of nothing and of one


def rows(call, end):
    """Return a change that cuts the arrays of examples off."""
    return lambda name, array: array[:end] if name in call.batch else array


@each([call for call in CALLS if call.empty is not None])
def test_a_batch_of_nothing(call):
    if not call.empty:
        with pytest.raises(ShapeError, match=rf"^{call.name}: \w+ (is|has) .*0"):
            call(rows(call, 0))
        return
    first, *others = call(rows(call, 0))
    assert len(first) == 0
    for gradient in others:
        np.testing.assert_array_equal(gradient, 0 * gradient)


@each(
    [
        c
        for c in CALLS
        if c.empty and c.name.split("_")[-1] in {"forward", "softmax", *vars(activations)}
    ]
)
def test_an_example_alone_gives_what_it_gives_among_others(call):
    (alone,), (among,) = call(rows(call, 1)), call()
    np.testing.assert_allclose(alone, among[:1], rtol=1e-12)


@each([call for call in CALLS if call.empty is False])
def test_the_mean_of_one_is_its_own(call):
    for result in call(rows(call, 1)):
        assert np.isfinite(result).all()


# What is no array

STRANGERS = {
    "a list": np.ndarray.tolist,
    "a tuple": lambda a: tuple(a.tolist()),
    "an int": lambda a: 3,
    "a str": str,
    "None": lambda a: None,
    "an np.matrix": lambda a: np.ones((2, 2)).view(np.matrix),
    "a masked array": lambda a: np.ma.array(a),
    "a Series": Series,
    "a DataFrame": DataFrame,
    "a Tensor": Tensor,
}


@each_argument
@pytest.mark.parametrize("kind", STRANGERS)
def test_what_is_no_array_is_refused_by_name(call, argument, kind):
    stranger = STRANGERS[kind](call.arrays[argument])
    with pytest.raises(TypeError, match=rf"^{call.name}: {argument} is {kind}, expected an array"):
        call(**{argument: stranger})


@each_argument
def test_a_float_is_an_array_only_where_that_is_said(call, argument):
    if call.numbers:
        one = np.array(0.5)
        for ours, right in zip(
            call(lambda name, array: 0.5 if name != "grad" else 0.75),
            call(lambda name, array: one if name != "grad" else 1.5 * one),
            strict=True,
        ):
            np.testing.assert_array_equal(ours, right)
        return
    message = rf"^{call.name}: {argument} (is a float|has shape \(\)), expected"
    with pytest.raises((TypeError, ShapeError), match=message):
        call(**{argument: 0.5})


@each_argument
def test_other_dtypes_are_refused_by_name(call, argument):
    array = call.arrays[argument]
    wrong = [complex, object]
    if argument not in ("targets", "scores", "approx", "grad", "a", "b"):
        wrong += [int, bool]
    labels = argument == "targets" and array.max() > 1 and array.dtype.kind == "i"
    if labels and call.name != "poisson_nll":  # counts may be floats
        wrong += [float, bool]
    for dtype in wrong:
        with pytest.raises(TypeError, match=rf"^{call.name}: {argument} has dtype \w+, expected"):
            call(**{argument: array.astype(dtype)})


@each([call for call in CALLS if call.name.endswith("_backward")])
def test_a_gradient_that_would_broadcast_is_refused(call):
    ((argument, dout),) = call.arrays.items()
    for wrong in (dout[:1], dout[..., :1], dout[np.newaxis], dout[0], np.array(1.0)):
        if wrong.shape != dout.shape:
            with pytest.raises(ShapeError, match=rf"^{call.name}: {argument} has shape .*expected"):
                call(**{argument: wrong})


# What is no number

MAY_BE_NONE = {
    ("PReLU", "channels"),
    *((name, "stride") for name in ("MaxPool2d", "AvgPool2d")),
    *((name, "stride") for name in ("maxpool2d_forward", "avgpool2d_forward")),
}
WRONG = [np.nan, np.inf, "1", None, [1.0], True, 1j, np.ones(2)]


@each_number
@pytest.mark.parametrize(
    "wrong", [np.nan, np.inf, "1", None, [1.0], True, 1j, np.ones(2)], ids=repr
)
def test_what_is_no_number_is_refused_by_name(name, make, options, argument, wrong):
    if wrong is None and (name, argument) in MAY_BE_NONE:
        make(**options | {argument: None})
        return
    named = rf"(points of lr|{argument})"
    message = rf"^{re.escape(name)}: {named} is .*, expected "
    with pytest.raises((TypeError, ValueError), match=message):
        make(**options | {argument: wrong})


SIZES = {"d_in", "d_out", "k", "n", "c_in", "c_out", "features", "channels", "size", "stride"}


@each_number
def test_a_size_of_nothing_is_refused(name, make, options, argument):
    if argument in SIZES | {"every", "steps", "points", "rounds", "fan_in", "fan_out"}:
        with pytest.raises(ValueError, match=rf"^{name}: (points of lr|{argument}) is 0, expected"):
            make(**options | {argument: 0})


@pytest.mark.parametrize("seed", [0, None, "0"])
@each([call for call in CALLS if "rng" in call.rest(same)])
def test_a_seed_is_no_generator(call, seed):
    with pytest.raises(
        TypeError, match=rf"^{call.name}: rng is .*, expected a generator .*default"
    ):
        call(rng=seed)
