"""The lab ``softmax``: its training is the chapter's, and the browser reads drawings as dlcore."""

import numpy as np
import pytest

import byhand.labs
from byhand.labs.pen import drawn
from byhand.labs.softmax import (
    BLANK,
    PLACES,
    SAMPLES,
    START,
    STOPS,
    look,
    samples,
    split,
    trained,
)
from dlcore import activations, datasets, losses
from dlcore.gradcheck import check_gradient
from tests.byhand.labs.bundle import browser_states, with_mistake
from tests.byhand.labs.test_random_settings import apart
from tests.byhand.labs.test_random_settings import drawn as random_settings


@pytest.fixture(scope="module")
def lab():
    return byhand.labs.softmax()


def random_drawings(lab, count, rng):
    """Return settings with a random word for the drawing, and a pen that may be anywhere."""
    signs = np.array(list("0123456789abcdef"))
    return [
        random_settings(lab, rng) | {"edits": "".join(rng.choice(signs, 66))} for _ in range(count)
    ]


def faults(lab, settings, **where):
    states = browser_states(lab, settings, **where)
    return [
        place
        for some, theirs in zip(settings, states, strict=True)
        for place in apart(lab.compute(some), theirs)
    ]


def test_the_browser_reads_drawings_as_dlcore_does(lab, request):
    count = request.config.getoption("--settings") or 20
    assert faults(lab, random_drawings(lab, count, np.random.default_rng(0))) == []


def test_a_wrong_step_is_found(lab, tmp_path):
    right = "gradientDescent(now, look(now, image, y).gradient, rate)"
    browser = with_mistake(tmp_path, "softmax.js", right, right.replace("look(now", "look(theta"))
    settings = [lab.settings(taken=3)]
    assert faults(lab, settings, browser=browser)
    assert faults(lab, [lab.settings(taken=1)], browser=browser) == []


def test_the_training_is_the_chapters():
    images, labels = datasets.digits()
    X, y = images.reshape(-1, 64) / 16, labels
    W, b, costs = np.zeros((10, 64)), np.zeros(10), []
    for _ in range(STOPS[-1] + 1):
        cost, errors = losses.softmax_cross_entropy(X[:1200] @ W.T + b, y[:1200])
        costs.append(cost)
        before = W, b
        W, b = W - 0.3 * (errors.T @ X[:1200]), b - 0.3 * errors.sum(axis=0)
    templates, found, accuracies = trained()
    np.testing.assert_allclose(found, np.array(costs)[list(STOPS)])
    np.testing.assert_allclose(split(templates[-1])[0], before[0], atol=5.1e-5)
    np.testing.assert_allclose(split(templates[-1])[1], before[1], atol=5.1e-5)
    right = (X[1200:] @ before[0].T + before[1]).argmax(axis=1) == y[1200:]
    assert accuracies[-1] == pytest.approx(np.mean(right), abs=1 / 597)
    assert np.all(templates[0] == 0)


def test_the_samples_are_of_the_test_and_what_their_names_say(lab):
    _, labels = datasets.digits()
    for name, place in PLACES.items():
        assert place >= 1200
        assert labels[place] == int(name[0])
        answer = lab.values(digit=name)["answer"]
        assert (answer == name[0]) == (len(name) == 1)
    assert set(samples()) == set(SAMPLES)
    three = samples()["3"]
    assert np.array_equal(samples()["3-right"][:, 1:], three[:, :-1])
    assert np.array_equal(samples()["3-inverted"], 1 - three)


def test_the_gradient_is_the_error_times_the_picture():
    theta, image = trained()[0][4], samples()["1-9"]
    scores, loss, errors, gradient = look(theta, image, 1)
    P = activations.softmax(scores)
    assert loss == pytest.approx(-np.log(P[1]))
    np.testing.assert_allclose(errors, P - np.eye(10)[1], atol=1e-12)
    dW, db = split(gradient)
    np.testing.assert_allclose(dW, np.outer(errors, image), atol=1e-12)
    np.testing.assert_allclose(dW.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(db, errors)
    check_gradient(lambda theta: look(theta, image, 1)[1], theta, gradient)


def test_steps_on_one_picture_lower_its_loss_and_turn_the_answer(lab):
    start, later = lab.values(), lab.values(taken=3)
    assert (start["answer"], later["answer"]) == ("9", "1")
    assert later["loss"] < start["loss"] / 4
    assert (start["after"], later["after"]) == (None, 3)
    assert start["stepped"] > start["weight"]


def test_all_ten_templates_change_in_a_step(lab):
    errors = np.array(lab.values(**lab.reveal)["errors"])
    assert np.all(errors[np.arange(10) != 1] > 0)
    assert errors[1] < 0
    assert np.argsort(-np.abs(errors)).tolist()[:2] == [1, 9]
    assert [text for text, reply in lab.answers.items() if reply.startswith("Yes")] == ["All ten"]


def test_at_zero_all_digits_are_alike_and_an_empty_sheet_has_no_label(lab):
    assert "each of the ten digits 10.0%" in lab.text(step=0)
    assert lab.values(step=0)["answer"] is None
    empty = lab.values(digit="empty")
    assert (empty["y"], empty["loss"]) == (None, None)
    assert "choose one" in lab.text(digit="empty")
    assert lab.values(digit="empty", truth="4")["y"] == 4


@pytest.mark.parametrize(
    ("digit", "lines"),
    [
        ("0", [[(0, 3), (0, 4), (1, 5), (2, 6), (3, 6), (4, 6), (5, 6), (6, 5), (7, 4), (7, 3),
                (6, 2), (5, 1), (4, 1), (3, 1), (2, 1), (1, 2)]]),
        ("4", [[(0, 4), (1, 3), (2, 3), (3, 2), (4, 2), (5, 2), (5, 3), (5, 4), (5, 5)],
               [(3, 4), (4, 4), (6, 4), (7, 4)]]),
        ("7", [[(0, 2), (0, 3), (0, 4), (0, 5), (1, 5), (2, 5), (3, 4), (4, 4), (5, 3),
                (6, 3), (7, 3)]]),
    ],
)  # fmt: skip
def test_a_digit_that_is_drawn_is_read(lab, digit, lines):
    edits = drawn(samples()["empty"], lines, BLANK + START)
    assert lab.values(digit="empty", edits=edits)["answer"] == digit
