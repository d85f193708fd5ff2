"""The checks that raise dlcore's errors, and what their messages say."""

import fractions
import math
import sys

import numpy as np
import pytest

from dlcore.errors import (
    GradientMismatch,
    ShapeError,
    VacuousCheck,
    as_float,
    as_int,
    as_int_or_pair,
    as_pair,
    needs_extra,
    require_array,
    require_examples,
    require_float,
    require_integer,
    require_labels,
    require_ndim,
    require_real,
    require_rng,
    require_same_shape,
    require_upstream,
)
from tests.device_array import DeviceArray
from tests.strangers import DataFrame, Series, Tensor


@pytest.mark.parametrize(
    "array", [np.float32(0.5), np.zeros((2, 3), np.float16), DeviceArray(np.zeros(2))]
)
def test_floats_pass(array):
    require_float("f", x=array)
    require_array("f", x=array)


@pytest.mark.parametrize("array", [np.int8(5), np.zeros(3, np.uint64), DeviceArray([1, 2])])
def test_integers_pass(array):
    require_integer("f", x=array)
    require_array("f", x=array)


@pytest.mark.parametrize(
    ("dtype", "hint"),
    [
        (np.int64, r"x\.astype\(float\)\?"),
        (bool, r"x\.astype\(float\)\?"),
        (np.uint8, r"pixel values\? x / 255\.0"),
        (complex, "a complex number is none of them"),
        (object, r"x\.astype\(float\), if all of it are numbers\?"),
        ("U3", r"x\.astype\(float\), if all of it are numbers\?"),
    ],
)
def test_other_dtypes_are_no_floats(dtype, hint):
    message = rf"^f: x has dtype {np.dtype(dtype)}, expected floating point; .*{hint}$"
    with pytest.raises(TypeError, match=message):
        require_float("f", good=np.ones(1), x=np.zeros(3, dtype))


@pytest.mark.parametrize(
    ("dtype", "hint"),
    [
        (float, r"x.astype\(int\)\?"),
        (bool, r"x.astype\(int\)\?"),
        (object, r"labels in words\? names, numbers = np\.unique\(labels, return_inverse=True\)"),
        ("U5", r"labels in words\? names, numbers = np\.unique\(labels, return_inverse=True\)"),
    ],
)
def test_other_dtypes_are_no_integers(dtype, hint):
    message = rf"^f: x has dtype {np.dtype(dtype)}, expected integers, .*; {hint}$"
    with pytest.raises(TypeError, match=message):
        require_integer("f", x=np.zeros(3, dtype))


def test_the_hint_for_words_works():
    labels = np.array(["dog", "cat", "dog"])
    names, numbers = np.unique(labels, return_inverse=True)
    require_labels("f", numbers, len(names))
    assert list(names[numbers]) == list(labels)


@pytest.mark.parametrize(
    ("thing", "came", "hint"),
    [
        (1, "an int", r"; did you mean np.array\(x\)\?"),
        (0.5, "a float", r"; did you mean np.array\(x\)\?"),
        ([1.0], "a list", r"; did you mean np.array\(x\)\?"),
        ((1.0,), "a tuple", r"; did you mean np.array\(x\)\?"),
        (None, "None", ""),
        ("1", "a str", ""),
        (object(), "an object", ""),
        (Series(np.ones(3)), "a Series", r"; did you mean x.to_numpy\(\)\?"),
        (DataFrame(np.ones((3, 2))), "a DataFrame", r"; did you mean x.to_numpy\(\)\?"),
        (Tensor(np.ones(3)), "a Tensor", r"; did you mean x.numpy\(\)\?"),
        (np.ones((2, 2)).view(np.matrix), "an np.matrix", r"; .* np.asarray\(x\), .* product\?"),
        (np.ma.array([1.0], mask=[True]), "a masked array", r"; did you mean x.filled\(0\), .*\?"),
    ],
)
@pytest.mark.parametrize(
    ("require", "expected"),
    [
        (require_array, "an array"),
        (require_float, "an array of floats"),
        (require_integer, "an array of integers"),
        (require_real, "an array of numbers"),
    ],
)
def test_what_is_no_array_is_refused(require, expected, thing, came, hint):
    with pytest.raises(TypeError, match=rf"^f: x is {came}, expected {expected}{hint}$"):
        require("f", x=thing)


def test_real_numbers():
    require_real("f", x=np.ones(2), y=np.ones(2, bool), n=np.uint8(3), z=DeviceArray([1]))
    for dtype, hint in (
        (complex, ""),
        (object, "; labels in words.*"),
        ("U1", "; labels in words.*"),
    ):
        with pytest.raises(TypeError, match=rf"^f: x has dtype .*, expected real numbers{hint}$"):
            require_real("f", x=np.zeros(2, dtype))


def test_labels_are_numbers_of_classes():
    for wrap in (np.array, DeviceArray):
        require_labels("f", wrap([0, 2, 1]), 3)
        for wrong in ([0, 3], [-1, 2]):
            message = rf"^f: targets range from .*{wrong[0]}\D+{wrong[1]}\D+expected 0 to 2 for 3"
            with pytest.raises(ValueError, match=message):
                require_labels("f", wrap(wrong), 3)
    with pytest.raises(TypeError, match=r"^f: targets has dtype float64, expected integers"):
        require_labels("f", np.ones(2), 3)
    with pytest.raises(ValueError, match=r"0 for 1 class; for one score .*losses\.logistic"):
        require_labels("f", np.array([0, 1]), 1)


def test_a_check_does_not_wait_for_the_device():
    DeviceArray.transfers = 0
    x = DeviceArray(np.ones(3))
    require_float("f", x=x, y=x)
    require_upstream("f", "dx", x, "X", (3,))
    require_same_shape("f", x=x, y=x)
    require_examples("f", "x", x)
    assert DeviceArray.transfers == 0


def test_the_number_of_axes():
    require_ndim("f", "X", np.zeros((2, 3)), 2, "(N, D)", "flatten?")
    message = r"^f: X has shape \(2, 3\), expected 4 axes \(N, C, H, W\); add a channel\?$"
    with pytest.raises(ShapeError, match=message):
        require_ndim("f", "X", np.zeros((2, 3)), 4, "(N, C, H, W)", "add a channel?")


@pytest.mark.parametrize(
    ("shape1", "shape2", "hint"),
    [
        ((2, 3), (3, 2), "transposed"),
        ((4,), (4, 1), r"column \(N, 1\)"),
        ((4, 2), (4,), "axis too many"),
        ((4, 2), (5, 2), "same batch"),
        ((4, 2), (4, 3), "same output"),
    ],
)
def test_shapes_that_must_be_equal(shape1, shape2, hint):
    require_same_shape("f", a=np.zeros(shape1), b=np.zeros(shape1))
    with pytest.raises(ShapeError, match=rf"^f: a has shape .* but b has .*, expected .*{hint}"):
        require_same_shape("f", a=np.zeros(shape1), b=np.zeros(shape2))


def test_who_asks_may_know_better_why_shapes_differ():
    with pytest.raises(ShapeError, match=r"expected equal shapes; another network\?$"):
        require_same_shape("f", likely="another network?", a=np.zeros(2), b=np.zeros(3))


def test_what_has_no_shape_can_not_be_compared():
    with pytest.raises(TypeError, match=r"^f: b is a list, expected an array"):
        require_same_shape("f", a=np.zeros(2), b=[0.0, 0.0])


def test_an_upstream_gradient_has_the_shape_of_the_output():
    require_upstream("f", "dZ", np.zeros((2, 3)), "Z", (2, 3))
    message = r"^f: dZ has shape \(3,\), expected Z's \(2, 3\); does the cache come from another"
    with pytest.raises(ShapeError, match=message):
        require_upstream("f", "dZ", np.zeros(3), "Z", (2, 3))
    with pytest.raises(TypeError, match=r"^f: dZ is a tuple, expected an array of floats"):
        require_upstream("f", "dZ", (np.zeros(3),), "Z", (3,))
    with pytest.raises(TypeError, match=r"^f: dZ has dtype bool, expected floating point"):
        require_upstream("f", "dZ", np.zeros(3, bool), "Z", (3,))


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0)])
def test_a_mean_needs_an_example(shape):
    require_examples("f", "X", np.zeros(1))
    with pytest.raises(
        ShapeError, match=r"^f: X is empty, shape .*; the mean of no examples is no"
    ):
        require_examples("f", "X", np.zeros(shape))


def test_a_missing_package_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "json", None)
    with (
        pytest.raises(
            ModuleNotFoundError, match=r"^f: json is not installed; pip install dlcore\[x\]$"
        ),
        needs_extra("f", "x"),
    ):
        import json
    with (
        pytest.raises(
            ModuleNotFoundError, match=r"pip install dlcore\[x\], or do without$"
        ) as caught,
        needs_extra("f", "x", "or do without"),
    ):
        import json.decoder  # noqa: F401
    assert caught.value.name == "json"


def test_other_errors_of_an_import_pass_through():
    with pytest.raises(ImportError, match="cannot import name") as caught, needs_extra("f", "x"):
        from json import nothing  # noqa: F401
    assert caught.type is ImportError


@pytest.mark.parametrize("rng", [np.random.default_rng(0), np.random.RandomState(0)])
def test_both_kinds_of_generator_pass(rng):
    require_rng("f", rng)


@pytest.mark.parametrize("rng", [0, None])
def test_a_seed_is_no_generator(rng):
    message = rf"^f: rng is {rng}, expected a generator .*np.random.default_rng\(0\)\?$"
    with pytest.raises(TypeError, match=message):
        require_rng("f", rng)


def test_the_module_is_no_generator():
    with pytest.raises(TypeError, match=r"^f: rng is <module .*, expected a generator"):
        require_rng("f", np.random)


@pytest.mark.parametrize(
    "value",
    [
        *[0.5, np.float64(0.5), np.float32(0.5), np.float16(0.5), np.array(0.5)],
        *[fractions.Fraction(1, 2), DeviceArray(np.array(0.5))],
    ],
)
def test_a_number_becomes_a_python_float(value):
    number = as_float("f", "beta", value, ge=0, lt=1)
    assert type(number) is float
    assert number == 0.5


@pytest.mark.parametrize("value", [2, np.int64(2), np.uint8(2), np.array(2)])
def test_a_whole_number_is_a_number_too(value):
    for number, kind in ((as_float("f", "x", value), float), (as_int("f", "x", value), int)):
        assert type(number) is kind
        assert number == 2


@pytest.mark.parametrize(
    ("bounds", "value", "expected"),
    [
        ({}, math.nan, "a number"),
        ({}, math.inf, "a number"),
        ({}, -np.float32(math.inf), "a number"),
        ({"gt": 0}, 0.0, "a number > 0"),
        ({"ge": 0, "lt": 1}, 1, "a number >= 0 and < 1"),
        ({"gt": 0, "le": 1}, np.float64(1.5), "a number > 0 and <= 1"),
    ],
)
def test_a_number_out_of_range_is_refused(bounds, value, expected):
    with pytest.raises(ValueError, match=rf"^f: x is {value}, expected {expected}$"):
        as_float("f", "x", value, **bounds)


@pytest.mark.parametrize("thing", [None, "0.5", [0.5], np.array([0.5]), True, np.bool_(True), 1j])
def test_what_is_no_number_is_refused(thing):
    with pytest.raises(TypeError, match=r"^f: p is .*, expected a share > 0; not a percentage\?$"):
        as_float("f", "p", thing, gt=0, kind="a share", hint="not a percentage?")


@pytest.mark.parametrize("thing", [None, "2", 2.0, [2], np.array([2]), True, np.float64(2)])
def test_what_is_no_whole_number_is_refused(thing):
    with pytest.raises(TypeError, match=r"^f: n is .*, expected a whole number >= 1$"):
        as_int("f", "n", thing, ge=1)
    with pytest.raises(ValueError, match=r"^f: n is 0, expected a whole number >= 1$"):
        as_int("f", "n", 0, ge=1)


@pytest.mark.parametrize("value", [2, np.int64(2), (2, 2), [np.int8(2), 2], np.array([2, 2])])
def test_one_number_stands_for_a_pair(value):
    pair = as_pair("f", "size", value, ge=1)
    assert pair == (2, 2)
    assert all(type(number) is int for number in pair)


def test_an_int_or_a_pair_stays_what_it_was():
    for value, expected in ((np.int64(2), 2), ([2, np.int8(3)], (2, 3))):
        assert repr(as_int_or_pair("f", "size", value, ge=1)) == repr(expected)
    with pytest.raises(ValueError, match=r"^f: size is 0, expected an int >= 1 or a pair"):
        as_int_or_pair("f", "size", 0, ge=1)


@pytest.mark.parametrize("value", [0, (2, 0), (2,), (2, 2, 2), 2.0, "22", None, True, (2, None)])
def test_what_is_no_pair_is_refused(value):
    with pytest.raises(ValueError, match=r"^f: size is .*, expected an int >= 1 or a pair of them"):
        as_pair("f", "size", value, ge=1)


def test_the_errors_are_kinds_of_the_built_in_ones():
    assert issubclass(ShapeError, ValueError)
    assert issubclass(VacuousCheck, ValueError)
    assert issubclass(GradientMismatch, AssertionError)
