"""The questions before the first chapter: what is called right is computed here."""

import math

import numpy as np
import pytest

from byhand import labs

X = np.arange(15.0).reshape(5, 3)
W, x = np.array([[1, 2], [0, -1]]), np.array([3, 4])
A_LIST = [1, 2]
ANOTHER_NAME = A_LIST
ANOTHER_NAME.append(3)


def scaled(x, scale=2):
    return scale * x


def slope(f, x):
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6


def square(x):
    return (3 * x + 1) ** 2


NUMBERS = {
    "derivative": (slope(lambda x: x**3 - 2 * x, 2), [2**3 - 2 * 2, 3 * 2**2, 3 * 2**2 - 2 * 2]),
    "chain": (slope(square, 1), [2 * (3 * 1 + 1), square(1)]),
    "slope": (-3 * 0.01, [3 * 0.01, -3]),
    "dot": (np.dot([2, -1, 3], [4, 5, 1]), [np.dot([2, 1, 3], [4, 5, 1])]),
    "matrix-vector": ((W @ x)[1], [(W @ x)[0], (W.T @ x)[1], (abs(W) @ x)[1]]),
    "chance": (0.3 * 0.3, [0.3 + 0.3, 0.3]),
    "expectation": (0.2 * 10 - 0.8 * 1, [0.2 * 10, 0.2 * 10 - 1, (10 - 1) / 2]),
    "logarithm": (math.exp(math.log(2) + math.log(5)), [2 + 5]),
    "function": (scaled(3, scale=4), [scaled(3)]),
    "comprehension": ([x**2 for x in range(4)][-1], [4**2, [*range(4)][-1], 2 * 3]),
    "name": (len(A_LIST), [len([1, 2])]),
}

FIVE_ROWS = np.zeros((5, 3))
IN, OUT = FIVE_ROWS.shape[1], (FIVE_ROWS @ np.zeros(3)).size
CHOICES = {
    "shapes": f"An x with {IN} entries; {OUT} numbers come out.",
    "product": "An array of {} and {}.".format(*(np.array([1, 2]) * np.array([3, 4]))),
    "axis": str(X.sum(axis=0).shape),
    "broadcasting": str((X - X.mean(axis=0)).shape),
}


def test_every_question_is_computed():
    asked = [name for name in labs.predictions.questions() if name.startswith("00-")]
    assert sorted(asked) == sorted(f"00-{name}" for name in [*NUMBERS, *CHOICES])


@pytest.mark.parametrize("name", NUMBERS)
def test_the_number_and_those_with_a_known_cause_come_out(name):
    question, (right, wrong) = labs.predict(f"00-{name}"), NUMBERS[name]
    assert question.answer == pytest.approx(right)
    assert [known.value for known in question.known] == pytest.approx(wrong)


@pytest.mark.parametrize("name", CHOICES)
def test_the_choice_that_is_called_right_comes_out(name):
    (right,) = [choice.text for choice in labs.predict(f"00-{name}").choices if choice.right]
    assert right == CHOICES[name]
