"""Lab ``softmax`` (chapter 3): ten templates, what they say of a digit, and what one step does."""

from functools import cache

import numpy as np

from byhand.labs import pen
from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.lab import Lab
from dlcore import activations, datasets, losses
from dlcore.initializers import zeros
from dlcore.layers import Affine, affine_backward, affine_forward
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent

SIDE, CLASSES, TRAIN = 8, 10, 1200
RATE = 0.3  # of the training, as in the chapter
STOPS = (0, 5, 10, 15, 20, 28, 40, 55, 75, 100, 125, 150, 200, 250, 300)
RATES = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 1.0)
TAKEN = range(21)  # steps on the reader's image alone
DIGITS = 9  # of a probability: what differs less is rounding's
BLANK, START = pen.blank(SIDE), "22"
# Images of the test, by their place in the file: ten that are read right, and two that are not.
PLACES = {
    "0": 1205, "1": 1204, "2": 1207, "3": 1216, "4": 1221, "5": 1228, "6": 1215, "7": 1201,
    "8": 1280, "9": 1226, "1-9": 1288, "3-8": 1606,
}  # fmt: skip
SAMPLES = {digit: f"a {digit}" for digit in PLACES if len(digit) == 1} | {
    "1-9": "a 1 that it misreads",
    "3-8": "a 3 that it misreads",
    "3-right": "the 3, one pixel right",
    "3-inverted": "the 3, inverted",
    "empty": "an empty sheet",
}
TRUTHS = {"own": "what it is"} | {str(digit): f"a {digit}" for digit in range(CLASSES)}
SHOWN = {
    "weights": "weights",
    "products": "weights times ink",
    "step": "what the next step adds",
}


@cache
def samples():
    """Return the images to begin with, each (8, 8) of ink from 0 to 1."""
    images, _ = datasets.digits()
    found = {name: images[place, 0] / 16 for name, place in PLACES.items()}
    moved = np.pad(found["3"], ((0, 0), (1, 0)))[:, :SIDE]
    sheets = {"3-right": moved, "3-inverted": 1 - found["3"], "empty": np.zeros((SIDE, SIDE))}
    return found | sheets


def truth_of(digit, truth):
    """Return the label: the reader's, or what the sample is; None for an empty sheet."""
    if truth != "own":
        return int(truth)
    return None if digit == "empty" else int(digit[0])


@cache
def trained():
    """Train from zeros, as the chapter does.

    Returns
    -------
    templates : list of array, length 15
        ``rows.W`` and ``rows.b`` as one vector (650,), at each stop.
    costs, accuracies : list of float
        Of the training images, and of the test's.
    """
    images, labels = datasets.digits()
    X = images.reshape(len(images), -1) / 16
    train, test = slice(0, TRAIN), slice(TRAIN, None)
    net = Sequential(rows=Affine(SIDE**2, CLASSES, weights=zeros))
    params, optimizer = net.init(np.random.default_rng(0)), GradientDescent(RATE)
    state, found = optimizer.init(params.theta), []
    for step in range(STOPS[-1] + 1):
        scores, cache = net.forward(params, X[train])
        cost, dscores = losses.softmax_cross_entropy(scores, labels[train])
        if step in STOPS:
            shown = params.like(params.theta.round(4))  # what the page holds
            said = net.forward(shown, X[test])[0].argmax(axis=1)
            found.append((shown.theta, float(cost), float(np.mean(said == labels[test]))))
        _, grads = net.backward(dscores, cache)
        theta, state = optimizer.update(params.theta, grads.theta, state)
        params = params.like(theta)
    return tuple(map(list, zip(*found, strict=True)))


def split(theta):
    """Return the rows W (10, 64) and b (10,) of a vector."""
    return theta[: CLASSES * SIDE**2].reshape(CLASSES, -1), theta[CLASSES * SIDE**2 :]


def look(theta, image, y):
    """Read one image: its scores, the loss, the errors, and the gradient in theta's layout."""
    W, b = split(theta)
    scores, cache = affine_forward(image.reshape(1, -1), W, b)
    if y is None:
        return scores[0], None, np.zeros(CLASSES), np.zeros_like(theta)
    loss, errors = losses.softmax_cross_entropy(scores, np.array([y]))
    _, dW, db = affine_backward(errors, cache)
    return scores[0], float(loss), errors[0], np.append(dW, db)


def descended(theta, image, y, rate, taken):
    """Return the templates after some steps on one image alone."""
    for _ in range(taken):
        theta = theta - rate * look(theta, image, y)[-1]
    return theta


def at_stop(theta, image, y, rate, pixel):
    """Return what there is to say of an image at one stop of the training."""
    scores, loss, errors, gradient = look(theta, image, y)
    P = activations.softmax(scores)
    ranked = -P.round(DIGITS)
    first, second = np.argsort(ranked, kind="stable")[:2]
    tied = bool(np.ptp(ranked) == 0)
    found = {"scores": scores, "P": P, "errors": errors}
    found |= {
        "answer": None if tied else str(first),
        "percent": 100 * P[first],
        "second": str(second),
        "second_percent": 100 * P[second],
        "tied": 100 * P[first] if tied else None,
    }
    told = ("score", "products", "bias", "probability", "loss", "error", "weight", "stepped",
            "next_percent", "P_next")  # fmt: skip
    if y is None:
        return found | dict.fromkeys(told)
    P_next = activations.softmax(look(theta - rate * gradient, image, y)[0])
    (W, b), (dW, _) = split(theta), split(gradient)
    values = (
        scores[y], scores[y] - b[y], b[y], P[y], loss, errors[y],
        W[y, pixel], W[y, pixel] - rate * dW[y, pixel], 100 * P_next[y], P_next,
    )  # fmt: skip
    return found | dict(zip(told, values, strict=True))


def state(digit, edits, truth, rate, taken):
    """Read the image at every stop of the training, after some steps on it alone."""
    templates, costs, accuracies = trained()
    image, y = pen.picture(samples()[digit], edits), truth_of(digit, truth)
    row, column = (min(int(place, 16), SIDE - 1) for place in edits[-2:])
    pixel = row * SIDE + column
    stops = [
        at_stop(descended(theta, image, y, rate, taken), image, y, rate, pixel)
        for theta in templates
    ]
    series = {name: [stop[name] for stop in stops] for name in stops[0]}
    return {
        "y": y,
        "given": "y" if y is None else y,
        "unlabeled": "" if y is None else None,
        "after": taken if taken and y is not None else None,
        "row": row,
        "column": column,
        "ink": image[row, column],
        "series": {"cost": costs, "accuracy": accuracies} | series,
    }


def shared():
    """Return the templates of every stop, how good they are, and the samples with their digits."""
    templates, costs, accuracies = trained()
    return {
        "templates": templates,
        "cost": costs,
        "accuracy": accuracies,
        "samples": {name: image.ravel() for name, image in samples().items()},
        "labels": {name: truth_of(name, "own") for name in SAMPLES},
        "side": SIDE,
        "digits": DIGITS,
    }


def softmax():
    """Return the lab of chapter 3: ten templates, their scores, and the gradient of one image."""
    return Lab(
        name="softmax",
        title="Which template does the digit fit?",
        note="Softmax regression, trained as in this chapter: ten rows of 64 weights start at zero "
        f"and take {STOPS[-1]} steps of gradient descent on {TRAIN:,} digits, at a rate of {RATE}. "
        "Play shows the rows as images while they learn. The samples are images of the test, "
        "which no step has seen. Draw on them, or on an empty sheet.",
        controls=[
            Scrubber(name="step", label="Training step", values=STOPS, value=STOPS[-1], frame=220),
            Select(name="digit", label="Image", options=SAMPLES, value="1-9"),
            *pen.controls(BLANK + START),
            Select(name="truth", label="Label y", options=TRUTHS, value="own"),
            Select(name="show", label="The templates show", options=SHOWN, value="weights"),
            Slider(
                name="taken",
                label="Steps on this image alone",
                values=TAKEN,
                value=0,
                off={"unlabeled": [""]},
            ),
            Slider(
                name="rate",
                label="Their learning rate α",
                values=RATES,
                value=0.1,
                off={"unlabeled": [""]},
                rare=True,
            ),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "After {step:d step} of training the cost is {cost:.3f}, and the templates read "
            "{accuracy:.1%} of the 597 images of the test right.",
            "They read this image as {answer} with {percent:.1f}%; next comes {second} with "
            "{second_percent:.1f}%.",
            "They give each of the ten digits {tied:.1f}%.",
            "This is after {after:d step} on this image alone.",
            "For the label {y} the loss is {loss:.3g}, and the error p − y of its score is "
            "{error:.4f}. One step more on it, at a rate of {rate}, gives the label "
            "{next_percent:.1f}%.",
            "A drawing has no label of its own: choose one to see its loss.{unlabeled}",
            "At the pen, in row {row} and column {column}, the ink is {ink:.2f} and the weight of "
            "template {y} is {weight:.3f}.",
            "The templates show {show}.",
        ],
        equation=[
            "<i>z</i>({y}) = Σ <i>w</i> <i>x</i> + <i>b</i> = {products:.2f} {bias:term .2f} = "
            "{score:.2f}",
            "<i>p</i>({y}) = <i>e</i><sup>{score:.2f}</sup> / Σ <i>e</i><sup><i>z</i></sup> = "
            "{probability:.4f}, &nbsp; ℒ = −log <i>p</i>({y}) = {loss:.3g}",
            "∂ℒ/∂<i>z</i>({y}) = <i>p</i> − <i>y</i> = {probability:.4f} − 1 = {error:.4f}",
            "the next step at the pen: <i>w</i> − <i>α</i> (<i>p</i> − <i>y</i>) <i>x</i> = "
            "{weight:.4f} − {rate} · {error:factor .4f} · {ink:.2f} = {stepped:.4f}",
        ],
        code="scores, cache = affine_forward(x, W, b)\n"
        "loss, errors = losses.softmax_cross_entropy(scores, np.array([{given}]))\n"
        "_, dW, db = affine_backward(errors, cache)\n"
        "W, b = W - {rate} * dW, b - {rate} * db",
        alt="A digit of 8 by 8 pixels, the probabilities of the ten digits, {percent:.0f} percent "
        "for {answer}, and ten templates: each has orange pixels, where ink speaks for its digit, "
        "and smaller blue ones, where ink speaks against it. A curve of the cost falls from 2.3 to "
        "{cost:.2f} during the training; the loss of this digit stays near {loss:.0f}.",
        question="The templates take this 1 for a 9. Let them take one step of gradient descent on "
        "this image alone, with the label 1. Which templates change?",
        reveal={"show": "step"},
        answers={
            "Only that of the 1": "No. It gains most, but the loss has a slope along every score: "
            "each other digit has claimed a probability, which the step takes back.",
            "Those of the 1 and the 9": "No. These two change most, because their errors are the "
            "largest; but no probability is 0, so no error is.",
            "All ten": "Yes: the number above a template is y − p, and times the image and the "
            "rate it is what the step adds. The 1 gains what the other nine lose, so that the ten "
            "changes sum to 0 at every pixel.",
        },
    )
