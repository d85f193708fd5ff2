"""What every loss must do; the losses are the lines of ``tests/cases.py``."""

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.losses import binary_cross_entropy
from tests.cases import LOSSES, each
from tests.measure import worst_error

SHAPES = [(7,), (7, 1), (1,)]


@each(LOSSES, "value_label")
def test_value_agrees_with_the_loops(case, ledger):
    errors = []
    for shape in SHAPES:
        scores, targets = case.samples(shape)
        errors.append(
            worst_error(case.function(scores, targets)[0], case.reference(scores, targets)[0])
        )
    assert max(errors) <= 1e-14
    if case.value_label:
        ledger("loops", max(errors), tolerance=1e-14)


@each(LOSSES, "gradient_label")
def test_gradient(case, ledger):
    differences, loops = [], []
    for shape in SHAPES:
        scores, targets = case.samples(shape)
        _, dscores = case.function(scores, targets)
        differences.append(
            check_gradient(lambda s, y=targets: case.function(s, y)[0], scores, dscores)
        )
        loops.append(worst_error(dscores, case.reference(scores, targets)[1]))
    assert max(loops) <= 1e-13
    if case.gradient_label:
        ledger("central differences", max(differences), tolerance=1e-7)
        ledger("loops", max(loops), tolerance=1e-13)


@each(LOSSES)
@pytest.mark.parametrize("target_dtype", [int, np.int8, np.float32, np.float64])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_and_shape_are_kept(case, dtype, target_dtype):
    scores, targets = case.samples((7, 1), dtype)
    value, dscores = case.function(scores, targets.astype(target_dtype))
    assert np.ndim(value) == 0
    assert value.dtype == dtype
    assert dscores.dtype == dtype
    assert dscores.shape == scores.shape


@each(LOSSES)
def test_arguments_are_not_changed(case):
    scores, targets = case.samples()
    for array in (scores, targets):
        array.setflags(write=False)
    case.function(scores, targets)


@each(LOSSES)
def test_it_is_the_mean_of_the_losses_of_the_single_examples(case):
    scores, targets = case.samples()
    value, dscores = case.function(scores, targets)
    N = len(scores)
    singles = [case.function(scores[n : n + 1], targets[n : n + 1]) for n in range(N)]
    np.testing.assert_allclose(value, np.mean([v for v, _ in singles]), rtol=1e-14)
    np.testing.assert_allclose(dscores, np.concatenate([d for _, d in singles]) / N, rtol=1e-14)


@each([case for case in LOSSES if not case.probabilities])
@pytest.mark.parametrize("size", [0.0, 36.7, 800.0, 1e4, 1e300])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_finite_score_gives_a_finite_loss(case, size, dtype):
    size = min(size, float(np.finfo(dtype).max) / 8)
    scores = np.array([-size, size, -size, size], dtype=dtype)
    targets = np.repeat(case.classes, 2)
    value, dscores = case.function(scores, targets)
    assert np.isfinite(value)
    assert value >= 0
    assert np.isfinite(dscores).all()


@each([case for case in LOSSES if not case.probabilities])
def test_the_mean_of_huge_losses_is_finite(case):
    scores = np.array([-1e308, 1e308, -1e308, -1e308])
    value, dscores = case.function(scores, np.where(scores < 0, 1, case.classes[0]))
    assert value == pytest.approx(1e308, rel=1e-15)  # though their sum is not
    np.testing.assert_array_equal(dscores, np.sign(scores) / 4)


def test_the_mean_of_many_probabilities_is_finite():
    a = np.full(4, 1e-300)
    value, da = binary_cross_entropy(a, np.ones(4))
    assert value == pytest.approx(300 * np.log(10), rel=1e-14)
    np.testing.assert_allclose(da, -0.25e300, rtol=1e-14)


@each(LOSSES)
def test_memory_order_does_not_matter(case):
    scores, targets = case.samples((8, 1))
    value, dscores = case.function(scores, targets)
    again, dagain = case.function(scores.repeat(2, axis=0)[::2], targets.repeat(2, axis=1)[:, ::2])
    np.testing.assert_array_equal(again, value)
    np.testing.assert_array_equal(dagain, dscores)


@each(LOSSES)
def test_integer_scores_are_refused(case):
    scores, targets = case.samples()
    name = "probabilities" if case.probabilities else "scores"
    with pytest.raises(TypeError, match=f"{case.name}: {name} has dtype int"):
        case.function(scores.astype(int), targets)


@each(LOSSES)
def test_a_column_against_a_flat_array_is_refused(case):
    scores, targets = case.samples((7, 1))
    with pytest.raises(ShapeError, match=r"targets has \(7,\).*column \(N, 1\).*flat \(N,\)\?"):
        case.function(scores, targets.ravel())


@each(LOSSES)
def test_several_scores_an_example_are_refused(case):
    scores, targets = case.samples((7, 2))
    with pytest.raises(ShapeError, match=rf"{case.name}: .*\(7, 2\), expected \(N,\) or \(N, 1\)"):
        case.function(scores, targets)


@each(LOSSES)
@pytest.mark.parametrize("shape", [(0,), (0, 1)])
def test_an_empty_batch_is_refused(case, shape):
    scores, targets = case.samples(shape)
    with pytest.raises(ShapeError, match=f"{case.name}: .*empty"):
        case.function(scores, targets)


@each(LOSSES)
@pytest.mark.parametrize("wrong", [2, 0.5, np.nan])
def test_labels_outside_the_two_classes_are_refused(case, wrong):
    scores, targets = case.samples()
    targets = targets.astype(float)
    targets[3] = wrong
    with pytest.raises(ValueError, match=f"{case.name}: targets .*expected only .* and 1"):
        case.function(scores, targets)


@each(LOSSES)
def test_the_labels_of_the_other_convention_are_refused(case):
    scores, _ = case.samples()
    other = (-1, 1) if case.classes == (0, 1) else (0, 1)
    name = "logistic_pm1" if other == (-1, 1) else "logistic"
    with pytest.raises(ValueError, match=f"labels of {other[0]} and 1 belong to {name}$"):
        case.function(scores, np.resize(other, scores.shape))
