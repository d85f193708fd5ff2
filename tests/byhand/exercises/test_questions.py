"""The numbers that predictions and their feedback state."""

import itertools
import math
import re

import numpy as np
import pytest

from byhand.labs import predictions
from byhand.labs.predictions import NumberQuestion, predict, questions
from dlcore import datasets, losses, training
from dlcore.activations import sigmoid, softmax
from dlcore.gradcheck import numerical_gradient
from dlcore.initializers import he_normal, xavier_normal, zeros
from dlcore.layers import (
    Affine,
    ReLU,
    Sigmoid,
    Tanh,
    conv2d_backward,
    conv2d_forward,
    conv_transpose2d_forward,
)
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent

QUESTIONS = list(questions().values())


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_every_answer_has_its_own_feedback(question):
    if isinstance(question, NumberQuestion):
        feedback = [question.right, question.low, question.high]
        feedback += [known.feedback for known in question.known]
        values = sorted([question.answer, *(known.value for known in question.known)])
        assert np.all(np.diff(values) > 2 * question.tolerance), "two answers overlap"
    else:
        feedback = [choice.feedback for choice in question.choices]
        assert len(feedback) >= 3
    assert all(feedback)
    assert len(set(feedback)) == len(feedback)


NUMBERS = [question for question in QUESTIONS if isinstance(question, NumberQuestion)]


@pytest.mark.parametrize("question", NUMBERS, ids=lambda q: q.name)
def test_what_counts_as_right_excludes_the_neighbors(question):
    low, high = question.answer - question.tolerance, question.answer + question.tolerance
    assert not any(low <= known.value <= high for known in question.known)
    if question.unit == "%":
        assert 0 <= low
        assert high <= 100
    elif float(question.answer).is_integer() and not question.unit:  # a count, with no fractions
        assert question.tolerance < 1
    else:
        assert question.tolerance <= 0.06 * abs(question.answer)


@pytest.mark.parametrize("question", NUMBERS, ids=lambda q: q.name)
def test_too_low_and_too_high_say_which_way(question):
    assert not re.match(r"(Too (high|many|much)|Fewer|Less:|It is less)", question.low)
    assert not re.match(r"(Too (low|few)|More\b(?! is)|It is more)", question.high)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_text_asks_and_does_not_answer(question):
    text = question.text()
    assert text.count("\n") >= 1
    assert "<" not in text
    answers = [c.feedback for c in getattr(question, "choices", ())]
    answers += [getattr(question, "right", "(none)")]
    assert not any(answer in text for answer in answers)
    assert repr(question) == text


def test_every_chapter_has_at_least_two():
    chapters = [question.name[:2] for question in QUESTIONS]
    assert min(chapters.count(number) for number in set(chapters)) >= 2


def test_an_unknown_name_lists_near_ones():
    with pytest.raises(
        ValueError, match="no question '03-frist-cost'; did you mean '03-first-cost'"
    ):
        predict("03-frist-cost")


def test_a_page_without_a_kernel_gets_html_and_text(monkeypatch):
    monkeypatch.setenv("DLCORE_LABS", "static")
    bundle = predict("03-first-cost")._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == predict("03-first-cost").text()
    assert bundle["text/html"].startswith('<form class="prediction" id="predict-03-first-cost"')
    assert "</script" not in bundle["text/html"].split("<script")[1].split("</script>")[0]


def test_what_its_numbers_are_tied_to_is_no_part_of_a_question():
    texts = dict.fromkeys(("question", "right", "low", "high"), "In 7 of 20.")
    table = texts | {"answer": 7, "tolerance": 0.1}
    tied = table | {"numbers": {"In 7 of": "wins"}}
    assert predictions._question("16-x", tied) == predictions._question("16-x", table)


# What the texts claim


def test_product_gate():
    x, w, upstream = -2.0, -3.0, 0.2
    assert x * upstream == pytest.approx(-0.4)
    assert w * upstream == pytest.approx(-0.6)
    right = next(c for c in predict("02-product-gate").choices if c.right)
    assert "−0.4 for <i>w</i>, −0.6 for <i>x</i>" in right.feedback


def test_step():
    error = {h: abs((math.exp(1 + h) - math.e) / h / math.e - 1) for h in (1e-3, 1e-8, 1e-13)}
    assert error[1e-8] < 1e-7 < 1e-4 < error[1e-3] < 6e-4
    assert 1e-5 < error[1e-13] < 1e-2
    assert 1 + 1e-16 == 1


def test_first_cost():
    cost, _ = losses.logistic(np.zeros(10), np.arange(10) % 2)
    assert cost == pytest.approx(math.log(2))
    assert predict("03-first-cost").answer == pytest.approx(cost, abs=5e-4)


def test_ink_alone_tells_63_percent_of_3_and_8():
    images, digits = datasets.digits([3, 8])
    ink = images.sum(axis=(1, 2, 3))
    best = max(np.mean((ink > threshold) == (digits == 8)) for threshold in ink)
    assert round(100 * best) == 63
    assert "63%" in predict("03-weight-image").choices[3].feedback


def test_double_rate():
    from byhand.labs import learning_rate as lab

    def costs(rate):
        values = lab().state(rate)["series"]["cost"]
        return np.array(values)

    assert np.all(np.diff(costs(1.5)) < 0)
    wild = costs(100.0)
    assert len(wild) == 61
    assert round(wild[0], 1) == 1.2
    assert round(wild.max()) == 41
    assert np.sum(np.diff(wild) > 0) > 20
    assert wild.min() >= wild[0]


def test_ten_layers_of_a_thousand_have_nine_million_parameters():
    sizes = [2] + [1000] * 10 + [1]
    count = sum((d_in + 1) * d_out for d_in, d_out in itertools.pairwise(sizes))
    assert round(count / 1e6) == 9


def test_parameters():
    net = Sequential(fc1=Affine(2, 4), tanh1=Tanh(), fc2=Affine(4, 1))
    params = net.init(np.random.default_rng(0))
    assert params.theta.size == predict("04-parameters").answer
    assert params.decayed.sum() == 12


def test_xor_line():
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    labels = np.array([0, 1, 1, 0])
    steps = np.linspace(-2, 2, 17)
    shares = [
        np.mean((corners @ [w1, w2] + b > 0) == labels)
        for w1 in steps for w2 in steps for b in steps
    ]  # fmt: skip
    assert 100 * max(shares) == predict("04-xor-line").answer


def test_zero_init():
    X, y = datasets.planar_flower(np.random.default_rng(0), 100)
    net = Sequential(fc1=Affine(2, 4, zeros), tanh1=Tanh(), fc2=Affine(4, 1, zeros))
    params, _ = training.fit(
        net, net.init(np.random.default_rng(0)), X, y[:, np.newaxis],
        loss=losses.logistic, optimizer=GradientDescent(1.2), epochs=1000,
    )  # fmt: skip
    assert not np.any(params["fc1.W"])
    assert not np.any(params["fc2.W"])


def test_slow_start():
    from byhand.labs.slow_start import learn

    quadratic, half = learn("quadratic", 2.0, 2.0, 0.15)
    entropy, soon = learn("entropy", 2.0, 2.0, 0.15)
    assert (half, soon) == (232, 17)
    assert round(entropy[0, 4] / quadratic[0, 4]) == 57


def test_far_right():
    score, label = np.array([5.0]), np.array([1])
    assert losses.squared_error(score, label)[1] == 8
    assert round(-float(losses.logistic(score, label)[1][0]), 3) == 0.007
    assert not losses.svm_hinge(np.array([[0.0, 5.0]]), label)[1].any()


def test_a_temperature_changes_no_prediction():
    scores = np.random.default_rng(0).standard_normal((50, 4))
    assert np.array_equal(scores.argmax(axis=1), softmax(scores / 2).argmax(axis=1))


def test_price_and_jacobian():
    net = Sequential(fc1=Affine(64, 32), fc2=Affine(32, 16), fc3=Affine(16, 10))
    count = net.init(np.random.default_rng(0)).theta.size
    assert f"{count:,} parameters" in predict("05-price").question
    assert f"{2 * count:,} runs" in predict("05-price").question
    assert f"{round(math.sqrt(count))} runs" in predict("05-price").choices[2].text

    question = predict("05-jacobian-bytes")
    entries = (64 * 512) * (512 * 512)
    known = [known.value for known in question.known]
    assert question.answer == pytest.approx(8 * entries / 1e9, abs=0.05)
    expected = [8 * entries / 64 / 1e9, entries / 1e9, 4 * entries / 1e9, 8 * entries / 2**30]
    assert known == pytest.approx(expected, abs=0.05)


def test_unit_that_is_off():
    def cost(theta):  # W1 (3, 2), b1 (3,), W2 (2, 3), b2 (2,): the numbers of chapter 05
        W1, b1 = theta[:6].reshape(3, 2), theta[6:9]
        W2, b2 = theta[9:15].reshape(2, 3), theta[15:]
        a2 = sigmoid(W2 @ np.maximum(W1 @ [1, 2] + b1, 0) + b2)
        return 0.5 * np.sum((a2 - [1, 0]) ** 2)

    theta = np.array([0.5, 0.5, -1, 0.5, 1, 0.25, 0.5, -1, -1, 1, 2, -2, 0.5, 1, 1, -1, -0.5])
    of_unit_2 = np.array([2, 3, 7, 10, 13])
    slopes = numerical_gradient(cost, theta)
    assert not np.any(slopes[of_unit_2])
    assert np.all(np.delete(slopes, of_unit_2))


def test_double_batch():
    rng = np.random.default_rng(0)
    scores, targets = rng.standard_normal((2, 5, 3))
    X = rng.standard_normal((5, 4))
    _, once = losses.quadratic(scores, targets)
    _, twice = losses.quadratic(np.tile(scores, (2, 1)), np.tile(targets, (2, 1)))
    np.testing.assert_allclose(twice[:5], once / 2)
    np.testing.assert_allclose(twice.T @ np.tile(X, (2, 1)), once.T @ X)


def test_ten_layers():
    z = np.zeros((1, 1))
    net = Sequential(**{f"sigmoid{k}": Sigmoid() for k in range(10)})
    _, cache = net.forward(net.init(np.random.default_rng(0)), z)
    best = 0.25**10
    assert f"{best:.8f}" == "0.00000095"
    assert net.backward(np.ones((1, 1)), cache)[0].item() < best  # scores of 0 are the best case


def test_dead_units():
    images, y = datasets.digits()
    X, y = images[:1200].reshape(1200, 64) / 16, y[:1200]
    net = Sequential(fc1=Affine(64, 64, he_normal), relu=ReLU(), fc2=Affine(64, 10, xavier_normal))
    shares = {}
    for rate in (0.3, 2.0):
        dead = []
        for seed in range(3):
            params, _ = training.fit(
                net, net.init(np.random.default_rng(seed)), X, y,
                loss=losses.softmax_cross_entropy, optimizer=GradientDescent(rate), epochs=5,
                batch_size=50, rng=np.random.default_rng(seed), progress=False,
            )  # fmt: skip
            dead.append(np.mean(np.all(X @ params["fc1.W"].T + params["fc1.b"] <= 0, axis=0)))
        shares[rate] = 100 * np.mean(dead)
    question = predict("06-dead-units")
    assert round(shares[0.3]) == 3
    assert abs(shares[2.0] - question.answer) <= question.tolerance / 2


def shares(n, k, s):
    """Count from how many windows each pixel of a square image hears."""
    Z, cache = conv2d_forward(np.ones((1, 1, n, n)), np.ones((1, 1, k, k)), np.zeros(1), stride=s)
    return conv2d_backward(np.ones_like(Z), cache)[0][0, 0]


def test_who_sends_a_share():
    assert shares(5, 3, 2)[2, 2] == predict("16-contributors").answer
    assert np.sum(shares(6, 3, 2) == 0) == predict("16-remainder").answer


def test_the_pattern_of_a_transposed_convolution():
    X, W = np.ones((1, 1, 1, 8)), np.ones((1, 1, 1, 5))
    Z, _ = conv_transpose2d_forward(X, W, np.zeros(1), stride=(1, 3))
    (right,) = (choice for choice in predict("16-pattern").choices if choice.right)
    pattern = [int(count) for count in Z[0, 0, 0, 6:12]]  # from a multiple of the stride on
    assert right.text == "{}, {}, {}, and again".format(*pattern[:3])
    assert pattern[:3] == pattern[3:]
