"""The checks that raise dlcore's errors, and what their messages say."""

import numpy as np
import pytest

from dlcore.errors import (
    GradientMismatch,
    ShapeError,
    StaleResult,
    VacuousCheck,
    require_float,
    require_ndim,
    require_rng,
    require_same_shape,
)


@pytest.mark.parametrize("array", [0.5, np.float32(0.5), np.zeros((2, 3), np.float16)])
def test_floats_pass(array):
    require_float("f", x=array)


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, bool, complex])
def test_other_dtypes_are_refused(dtype):
    message = rf"^f: x has dtype {np.dtype(dtype)}, expected floating point; .*divided by 255\?$"
    with pytest.raises(TypeError, match=message):
        require_float("f", good=1.0, x=np.zeros(3, dtype))


@pytest.mark.parametrize("thing", [1, [1.0], None, "1"])
def test_what_is_no_array_is_refused(thing):
    kind = type(thing).__name__
    message = rf"^f: x is a {kind}, expected an array of floats; wrap it in np.array\(x"
    with pytest.raises(TypeError, match=message):
        require_float("f", x=thing)


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
        ((4, 2), (5, 2), "same batch"),
    ],
)
def test_shapes_that_must_be_equal(shape1, shape2, hint):
    require_same_shape("f", a=np.zeros(shape1), b=np.zeros(shape1))
    with pytest.raises(ShapeError, match=rf"^f: a has shape .* but b has .*, expected .*{hint}"):
        require_same_shape("f", a=np.zeros(shape1), b=np.zeros(shape2))


@pytest.mark.parametrize("rng", [np.random.default_rng(0), np.random.RandomState(0)])
def test_both_kinds_of_generator_pass(rng):
    require_rng("f", rng)


@pytest.mark.parametrize("rng", [0, None])
def test_a_seed_is_no_generator(rng):
    message = rf"^f: rng is {rng}, expected a generator .*np.random.default_rng\(0\)\?$"
    with pytest.raises(TypeError, match=message):
        require_rng("f", rng)


def test_the_errors_are_kinds_of_the_built_in_ones():
    assert issubclass(ShapeError, ValueError)
    assert issubclass(VacuousCheck, ValueError)
    assert issubclass(GradientMismatch, AssertionError)
    assert issubclass(StaleResult, RuntimeError)
