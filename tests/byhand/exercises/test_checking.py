"""``check``, ``hint`` and ``failing``: what they say to right, wrong and unusual answers."""

import signal
import sys

import numpy as np
import pytest

from byhand import check, failing, hint
from byhand.exercises import checking, diagnosis
from byhand.exercises.checking import Exercise, examine


def mean_rows(X):
    return X.sum(axis=0) / len(X)


EXERCISE = Exercise(
    name="mean-rows",
    verifies="the mean of the rows",
    reference=mean_rows,
    returns=("m",),
    cases=lambda rng: {
        "one row": (np.array([[1.0, 2.0]]),),
        "four rows": (np.arange(8.0).reshape(4, 2) + 1,),
        "float32": (rng.standard_normal((3, 2)).astype(np.float32),),
    },
    mistakes={"the columns are averaged": lambda X: X.mean(axis=1)},
    hints=("Look at the shapes.", "Sum over axis 0."),
)


def say(answer, exercise=EXERCISE):
    report = examine(exercise, answer)
    return report.status, " ".join(report.text.split())


def fails_with(answer, *words):
    status, text = say(answer)
    assert status == "fail", text
    for word in words:
        assert word in text


def test_right():
    status, text = say(lambda X: X.mean(axis=0))
    assert status == "pass"
    assert text == (
        "Correct: the mean of the rows. Checked in 3 cases (one row; four rows; float32); "
        "no rounding error at all."
    )


def test_right_up_to_rounding():
    status, text = say(lambda X: X.mean(axis=0) * (1 + 1e-12).__float__())
    assert status == "pass"
    assert "largest error 1e-12" in text


def unfinished(X): ...


def unfinished_inside(X):
    m = ...
    return m / len(X)


def not_implemented(X):
    raise NotImplementedError


@pytest.mark.parametrize(
    "answer",
    [
        None,
        ...,
        unfinished,
        lambda X: ...,
        lambda X: np.exp(...),
        unfinished_inside,
        not_implemented,
    ],
)
def test_unfinished(answer):
    status, text = say(answer)
    assert status == "turn"
    assert text == 'Your turn: mean-rows returns nothing yet. For a nudge: hint("mean-rows")'


def test_a_known_mistake_has_a_name_and_shows_the_case():
    fails_with(
        lambda X: X.sum(axis=1) / X.shape[1],
        "Not yet: mean-rows, case 1 of 3: one row. X = [[1., 2.]]",
        "expected m = [1., 2.] shape (2,) got m = [1.5] shape (1,)",
        "This is what comes out when the columns are averaged.",
        'More help: hint("mean-rows")',
    )


def test_a_constant_factor():
    fails_with(
        lambda X: X.sum(axis=0),
        "case 2 of 3: four rows",
        "m is 4 times too large. 4 stands in the shape of X: is a 1/4 missing?",
        "Passed: one row. Failed: four rows; float32.",
    )
    fails_with(lambda X: mean_rows(X) / len(X), "4 times too small.", "is there a 1/4 too many?")
    fails_with(lambda X: -3 * mean_rows(X), "m is 3 times too large, with the wrong sign.")


def test_a_constant_factor_beside_a_list_of_arrays_of_several_shapes():
    factor, expected = diagnosis._constant_factor, np.array([1.0, 2.0])
    ragged = {"Ws": [np.ones((2, 3)), np.ones((4, 2))]}
    assert "2 stands in the shape of Ws" in factor("m", expected, 2 * expected, ragged)
    assert factor("m", expected, 5 * expected, ragged) == "m is 5 times too large."


def test_the_sign():
    fails_with(lambda X: -mean_rows(X), "m has the right size and the wrong sign.")


def test_shapes():
    fails_with(lambda X: mean_rows(X)[None], "shape (1, 2), expected (2,). The axis of length 1")
    fails_with(lambda X: X.mean(), "shape (), expected (2,). A single number came out")
    fails_with(lambda X: X[:, :, None] * np.ones(3), "There is an axis too many")
    fails_with(lambda X: np.ones(5), "Write the shape beside each line")


def test_a_transposed_shape():
    outer = Exercise(**vars(EXERCISE) | {"reference": lambda X: X.T @ X[:, :1] @ np.ones((1, 3))})
    assert "Is it transposed?" in say(lambda X: outer.reference(X).T, outer)[1]
    square = Exercise(
        **vars(EXERCISE) | {"reference": lambda X: np.array([[1.0, 2.0], [3.0, 4.0]])}
    )
    assert "transposed" in say(lambda X: square.reference(X).T, square)[1]


def test_a_missing_axis_and_a_missing_sum():
    column = Exercise(**vars(EXERCISE) | {"reference": lambda X: X[:, :1]})
    assert "An axis of length 1 is missing" in say(lambda X: X[:, 0], column)[1]
    number = Exercise(**vars(EXERCISE) | {"reference": lambda X: X.sum()})
    assert "is a sum or a mean missing?" in say(lambda X: 1.0 * X, number)[1]


def test_types():
    assert say(lambda X: mean_rows(X).tolist())[0] == "fail"  # the third case asks for float32
    assert say(lambda X: list(mean_rows(X)))[0] == "pass"
    fails_with(lambda X: [[1.0], [2.0, 3.0]], "m is of type list, expected an array", "rows")
    fails_with(lambda X: (mean_rows(X),), "type tuple", "comma too many")
    fails_with(lambda X: mean_rows, "type function", "brackets of a call missing")
    fails_with(lambda X: "0.5", "type str")
    fails_with(lambda X: mean_rows(X).astype(object), "not numbers")


def test_dtype():
    fails_with(
        lambda X: mean_rows(X.astype(float)),
        "case 3 of 3: float32",
        "dtype float64, expected float32",
        "np.zeros_like",
    )
    labels = Exercise(**vars(EXERCISE) | {"reference": lambda X: (X[:, 0] > 0).astype(int)})
    assert ".astype(int) makes integers" in say(lambda X: X[:, 0] > 0, labels)[1]
    assert say(lambda X: (X[:, 0] > 0).astype(np.int32), labels)[0] == "pass"


def test_a_mistake_of_another_dtype_is_compared_too():
    logical = {"a comparison is returned": lambda X: X.sum(axis=0) > 0}
    exercise = Exercise(**vars(EXERCISE) | {"mistakes": logical})
    assert "when a comparison is returned." in say(lambda X: np.ones(2), exercise)[1]


def test_numbers_of_python_are_as_good_as_numpys():
    number = Exercise(**vars(EXERCISE) | {"reference": lambda X: X.sum()})
    assert say(lambda X: sum(x for row in X.tolist() for x in row), number)[0] == "pass"


def test_nan_and_inf():
    fails_with(lambda X: mean_rows(X) * np.nan, "m holds nan: look for")
    fails_with(lambda X: mean_rows(X) + np.inf, "m holds inf: look for")


def test_some_entries_are_right():
    fails_with(lambda X: mean_rows(X) * np.array([1, 3]), "1 of 2 entries are right; m[1] is not.")


def test_other_numbers():
    fails_with(lambda X: mean_rows(X) ** 2 + 1, "m has the right shape, but other numbers.")


def test_close_numbers_are_shown_with_enough_digits():
    fails_with(
        lambda X: mean_rows(X) + 1e-6, "expected m = [1., 2.]", "got m = [1.000001, 2.000001]"
    )


def test_an_argument_changed_in_place():
    def in_place(X):
        X /= len(X)
        return X.sum(axis=0)

    fails_with(in_place, "case 2 of 3", "right, but your function changed its argument X")

    def in_place_and_wrong(X):
        X += 1
        return X.sum(axis=0)

    fails_with(in_place_and_wrong, "Besides, your function changes its argument X in place.")


def test_the_arguments_of_the_next_case_are_not_those_that_were_changed():
    def zero_then_mean(X):
        m = mean_rows(X)
        X[:] = 0
        return m

    fails_with(zero_then_mean, "case 1 of 3", "X = [[1., 2.]]")


def test_warnings_of_numpy():
    def warns(X):
        np.exp(1000 * np.abs(X))
        return mean_rows(X)

    fails_with(warns, "The numbers are right, but NumPy warns: overflow encountered in exp.")


def test_a_reader_who_silenced_numpy_still_hears_of_it():
    def warns(X):
        np.log(0 * X)
        return mean_rows(X)

    with np.errstate(all="ignore"):
        fails_with(warns, "divide by zero encountered in log")


def test_an_exception_shows_its_line_and_no_traceback():
    def wrong_product(X):
        return X @ X

    fails_with(wrong_product, "ValueError: matmul", "in the line: return X @ X")
    assert "Traceback" not in say(wrong_product)[1]


def test_an_exception_alone_names_no_mistake():
    exercise = Exercise(**vars(EXERCISE) | {"mistakes": {"X meets X": lambda X: X @ X}})
    text = say(lambda X: X @ X + 1, exercise)[1]
    assert "X meets X" not in text
    assert "Write the shapes beside this product" in text


def square(X):
    return X @ X[:, 0] if len(X) == len(X.T) else X @ X


def test_an_exception_beside_values_does():
    cases = {"square": (np.array([[1.0, 2.0], [3.0, 4.0]]),), **EXERCISE.cases(_rng())}
    known = {"cases": lambda rng: cases, "mistakes": {"X meets X": square}}
    text = say(lambda X: X @ X[:, 0] if len(X) == 2 else X @ X, Exercise(**vars(EXERCISE) | known))[
        1
    ]
    assert "This is what comes out when X meets X." in text


def _rng():
    return np.random.default_rng(0)


def test_interrupting_is_not_an_answer(capsys):
    def stopped(*arguments):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        examine(EXERCISE, lambda X: stopped())
    check("sigmoid", lambda z: stopped())
    assert capsys.readouterr().out == "Interrupted: sigmoid was not checked to the end.\n"


def test_the_end_of_python_is_not_the_end_of_the_check():
    fails_with(lambda X: sys.exit(), "ends Python (SystemExit): use return, not exit().")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer here")
def test_a_loop_that_never_ends_is_ended():
    def endless(X):
        while True:
            X = X + 0

    before = signal.getsignal(signal.SIGALRM)
    short = Exercise(**vars(EXERCISE) | {"seconds": 0.2})
    text = say(endless, short)[1]
    assert "Your function is still running after 0.2 seconds: does a loop never end?" in text
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_nothing_came_back():
    def prints(X):
        print(mean_rows(X))

    def forgets(X):
        m = mean_rows(X)
        m * 1

    def changes(X):
        X *= 2

    fails_with(prints, "Your function prints, but returns nothing: end it with return.")
    fails_with(forgets, "Your function returns None: is a return missing?")
    fails_with(changes, "changes its argument X in place and returns nothing")
    assert "difference is None: it is not computed" in say(lambda a, b: (a + b, None), TWO)[1]


def test_what_is_printed_is_seen(capsys):
    assert say(lambda X: print("inside") or mean_rows(X))[0] == "pass"
    assert capsys.readouterr().out == "inside\n" * 3


def test_nearly_right_is_called_so():
    fails_with(lambda X: mean_rows(X) + 1e-8, "m is nearly right: it is off by 5e-09")
    fails_with(lambda X: mean_rows(X) * 1.0004, "nearly right: it is off by 4e-04")
    text = say(lambda X: mean_rows(X) * 1.437)[1]
    assert "m has the right shape, but other numbers." in text
    assert "times too" not in text


def test_a_mistake_must_explain_every_case():
    # The sum of one row is its mean; so is what comes out of four equal rows.
    doubled = Exercise(
        **vars(EXERCISE) | {"mistakes": {"it is doubled": lambda X: 2 * mean_rows(X)}}
    )
    text = say(lambda X: 2 * mean_rows(X) if len(X) == 1 else mean_rows(X) + 1, doubled)[1]
    assert "doubled" not in text
    assert "All cases fail." in text
    assert "when it is doubled." in say(lambda X: 2 * mean_rows(X), doubled)[1]


def test_two_mistakes_that_cannot_be_told_apart_are_both_named():
    both = {"A": lambda X: 0 * mean_rows(X), "B": lambda X: mean_rows(X) - mean_rows(X)}
    exercise = Exercise(**vars(EXERCISE) | {"mistakes": both})
    assert "This is what comes out when A, or when B." in say(lambda X: np.zeros(2), exercise)[1]


def test_whole_numbers_will_do_where_they_are_right():
    ones = Exercise(**vars(EXERCISE) | {"reference": lambda X: np.ones(2)})
    assert say(lambda X: np.ones(2, int), ones)[0] == "pass"
    assert say(lambda X: np.ones(2, bool), ones)[0] == "pass"
    labels = Exercise(**vars(EXERCISE) | {"reference": lambda X: np.ones(2, int)})
    assert say(lambda X: np.ones(2, np.uint8), labels)[0] == "pass"


def test_complex_results():
    fails_with(lambda X: mean_rows(X) + 0j, "m is complex, expected an array of real numbers")


def test_the_failing_arguments(capsys, monkeypatch):
    monkeypatch.setattr(checking, "_failed", {})
    with pytest.raises(ValueError, match=r"^failing: no case of 'predict' has failed since"):
        failing("predict")
    check("predict", lambda w, b, X: (X @ w + b < 0).astype(int))
    arguments = failing("predict")
    assert list(arguments) == ["w", "b", "X"]
    arguments["w"][:] = 0
    assert failing("predict")["w"].any()
    check("predict", lambda w, b, X: (X @ w + b > 0).astype(int))
    with pytest.raises(ValueError, match=r"^failing: no case"):
        failing("predict")


def test_small_numbers_are_not_shown_as_zeros():
    tiny = Exercise(**vars(EXERCISE) | {"reference": lambda X: np.array([-1e-9, 0.5])})
    text = say(lambda X: np.array([1.0, 0.5]), tiny)[1]
    assert "expected m = [-1.e-09, 5.e-01]" in text


def test_not_a_function():
    status, text = say(np.ones(2))
    assert status == "fail"
    assert "asks for a function of (X), but got a value of type ndarray" in text


def test_other_parameters():
    fails_with(lambda X, y: X, "check calls your function with (X), but it takes (X, y).")
    assert say(lambda X, axis=0: X.mean(axis))[0] == "pass"
    assert say(np.ndarray.sum)[0] == "fail"  # a built-in may have no signature to compare

    def my_mean(X, y):
        return X

    fails_with(my_mean, "check calls my_mean with (X), but it takes (X, y).")


TWO = Exercise(
    name="two",
    verifies="the sum and the difference",
    reference=lambda a, b: (a + b, a - b),
    returns=("sum", "difference"),
    cases=lambda rng: {"3 and 1": (3.0, 1.0), "1 and 5": (1.0, 5.0)},
    mistakes={
        "the difference is turned around": lambda a, b: (a + b, b - a),
        "both are turned around": lambda a, b: (-a - b, b - a),
    },
    hints=("Add.", "Subtract."),
)


def test_several_results():
    assert say(lambda a, b: (a + b, a - b), TWO)[0] == "pass"
    assert say(lambda a, b: [a + b, a - b], TWO)[0] == "pass"
    assert say(lambda a, b: np.array([a + b, a - b]), TWO)[0] == "pass"
    assert (
        "1 result came back, expected 2: return sum, difference." in say(lambda a, b: a + b, TWO)[1]
    )


def test_what_is_finished_is_checked():
    status, text = say(lambda a, b: (a + b, ...), TWO)
    assert status == "turn"
    assert text == (
        'Your turn: two. sum is right so far; difference is to come. For a nudge: hint("two")'
    )
    assert say(lambda a, b: (..., ...), TWO)[0] == "turn"
    status, text = say(lambda a, b: (a - b, ...), TWO)
    assert status == "fail"
    assert "expected sum = 4 got sum = 2" in text


def test_a_mistake_in_one_result():
    assert "expected difference = 2 got difference = -2" in say(lambda a, b: (a + b, b - a), TWO)[1]


def test_the_mistake_in_one_result_is_named_although_another_is_wrong_too():
    text = say(lambda a, b: (-a - b, 7.0), TWO)[1]
    assert "For sum, this is what comes out when both are turned around." in text


def test_a_mistake_that_fails_earlier_is_not_the_learners():
    # Right in the first case, so it cannot be the mistake that is wrong there already.
    text = say(lambda a, b: (a + b, abs(a - b)), TWO)[1]
    assert "case 2 of 2" in text
    assert "turned around" not in text


VALUE = Exercise(
    name="root",
    verifies="a root of x² = 4",
    reference=lambda: 2.0,
    returns=("x²",),
    view=lambda x: float(x) ** 2,
    mistakes={"4 is halved, and halved again": lambda: 1.0},
    hints=("Try 2.", "Or -2."),
)


def test_a_value_instead_of_a_function():
    assert say(2, VALUE) == ("pass", "Correct: a root of x² = 4.")
    assert say(-2.0, VALUE)[0] == "pass"
    assert say(lambda: -2.0, VALUE)[0] == "pass"
    assert say(..., VALUE)[0] == "turn"
    status, text = say(1.0, VALUE)
    assert status == "fail"
    assert text.startswith(
        "Not yet: root. expected x² = 4 got x² = 1 This is what comes out when 4"
    )
    text = say("two", VALUE)[1]
    assert "ValueError: could not convert string" in text
    assert "in the line" not in text


def test_large_arrays_are_described_and_not_printed():
    large = Exercise(**vars(EXERCISE) | {"cases": lambda rng: {"large": (np.ones((50, 3)),)}})
    text = say(lambda X: 0 * mean_rows(X), large)[1]
    assert "X: shape (50, 3), from 1 to 1" in text
    assert 'The whole arguments: failing("mean-rows")' in text


def test_lines_fit_the_page():
    text = examine(EXERCISE, lambda X: X @ X).text
    assert max(map(len, text.splitlines())) <= 68


def test_check_prints_and_returns_nothing(capsys):
    assert check("predict", lambda w, b, X: (X @ w + b > 0).astype(int)) is None
    assert capsys.readouterr().out.startswith("Correct: labels 0 and 1")


def test_hints_come_one_at_a_time(capsys):
    for number in (1, 2, 3, 3):
        hint("labels")
        printed = " ".join(capsys.readouterr().out.split())
        assert printed.startswith(f"Hint {number} of 3: ")
        assert ("the last one" in printed) == (number == 3)


@pytest.mark.parametrize("function", [lambda name: check(name, ...), hint])
def test_an_unknown_name_lists_near_ones(function):
    with pytest.raises(ValueError, match=r"no exercise 'sigmod'; did you mean 'sigmoid'\?"):
        function("sigmod")
    with pytest.raises(ValueError, match=r"no exercise 'zzz'; known are \[.*'sigmoid'"):
        function("zzz")


def test_what_a_text_leaves_out_is_refused():
    exercise = Exercise(**vars(EXERCISE) | {"without": frozenset({"remainder", "where"})})
    assert "uses np.remainder (%), which the text rules out." in say(lambda X: X % 2, exercise)[1]
    assert "uses np.where, which" in say(lambda X: np.where(X > 1, X, 0), exercise)[1]
    assert say(mean_rows, exercise)[0] == "pass"


def test_small_entries_count_where_each_is_compared_with_itself():
    small = {"reference": lambda X: np.array([1e-20, 1.0]), "entrywise": True}
    exercise = Exercise(**vars(EXERCISE) | small)
    text = say(lambda X: np.array([1e-13, 1.0]), exercise)[1]
    assert "small ones are off by up to 1e+07 of their size" in text
    assert say(exercise.reference, exercise)[0] == "pass"


# Kinds of exercises


def test_code_with_its_bug_is_still_your_turn():
    exercise = Exercise(**vars(EXERCISE) | {"planted": lambda X: X.sum(axis=0)})
    status, text = say(lambda X: X.sum(axis=0), exercise)
    assert status == "turn"
    assert "mean-rows is still the code with its bug, and fails in 2 of 3 cases" in text
    assert say(mean_rows, exercise)[0] == "pass"
    assert say(lambda X: X.mean(axis=1), exercise)[0] == "fail"


DESIGN = Exercise(
    name="design",
    verifies="a short list with a large sum",
    reference=lambda n: [n],
    returns=("numbers",),
    view=lambda numbers: (len(numbers), float(sum(numbers))),
    goals={"length": ("at most", 2), "sum": ("at least", 10)},
    cases=lambda rng: {"the only one": (3.0,)},
    mistakes={},
    hints=("Few.", "Large ones."),
)


def test_a_design_has_to_reach_its_goals():
    status, text = say(lambda n: [2 * n, 2 * n], DESIGN)
    assert status == "pass"
    assert text == "Correct: a short list with a large sum. Reached: length = 2 and sum = 12."
    assert (
        "length = 3 sum = 27 length is 3, and at most 2 is asked."
        in (say(lambda n: [9.0, 9.0, 9.0], DESIGN)[1])
    )
    assert "sum is nan, and at least 10 is asked." in say(lambda n: [np.nan], DESIGN)[1]
    assert "TypeError" in say(lambda n: 7, DESIGN)[1]
    assert say(lambda n: ..., DESIGN)[0] == "turn"
    assert say(lambda n: (..., n), DESIGN)[0] == "turn"


@pytest.mark.parametrize(("predicted", "words"), [
    (0.05, "You predicted 0.05; measured is 0.0483: well predicted."),
    (1, "so you expected 21 times too much. What did you leave out?"),
    (0.001, "so you expected 48 times too little."),
    (0, "You predicted 0; measured is 0.0483. Which step of your reasoning gave the sign, or the"),
])  # fmt: skip
def test_a_prediction_comes_before_the_measurement(predicted, words, capsys):
    measure = checking._find("check", "fading-signal").reference
    check("fading-signal", measure)
    assert capsys.readouterr().out.startswith("Your turn: fading-signal asks for your prediction")
    check("fading-signal", measure, predicted=predicted)
    out = " ".join(capsys.readouterr().out.split())
    assert out.startswith("Correct: how much of a signal")
    assert words in out


def test_an_argument_may_hold_arrays_of_several_shapes():
    lists = {"a list": ([np.ones(2), np.ones(3)],)}
    exercise = Exercise(**vars(EXERCISE) | {"cases": lambda rng: lists, "reference": len})
    exercise = Exercise(**vars(exercise) | {"reference": lambda parts: len(parts)})
    assert say(lambda parts: 2, exercise)[0] == "pass"
    assert "changed its argument parts" in say(lambda parts: parts[1].fill(0) or 2, exercise)[1]


def test_whole_numbers_are_not_nearly_right():
    count = Exercise(**vars(EXERCISE) | {"reference": lambda X: np.array([307456.0])})
    assert "nearly" not in say(lambda X: np.array([307712.0]), count)[1]


def test_nan_that_fills_up_a_short_row_is_nobodys_mistake():
    ragged = {"reference": lambda X: np.array([[1.0, 2.0], [3.0, np.nan]])}
    exercise = Exercise(**vars(EXERCISE) | ragged)
    text = say(lambda X: np.array([[1.0, np.nan], [3.0, 2.0]]), exercise)[1]
    assert "holds nan" not in text


def test_a_function_is_ruled_out_by_its_full_name():
    exercise = Exercise(**vars(EXERCISE) | {"without": frozenset({"inv"})})
    text = say(lambda X: np.linalg.inv(X.T @ X), exercise)[1]
    assert "uses np.linalg.inv, which the text rules out." in text


def test_a_function_is_shown_without_its_address():
    def slope(x):
        return x

    told = diagnosis.show("gates", {"p": (["x"], slope)})
    assert told.startswith("gates = {'p': (['x'], <function test_a_function")
    assert "0x" not in diagnosis.show("f", slope)
