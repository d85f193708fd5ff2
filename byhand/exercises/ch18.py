"""Exercises of chapter 18, LeNet-5."""

import itertools

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.activations import sigmoid
from dlcore.layers import rbf_backward, scaled_tanh_backward, scaled_tanh_forward
from dlcore.models import C3_CONNECTIONS, lenet5_loss

# lenet-counts


def _places(n, k, s):
    return (n - k) // s + 1


def _kernels(reads, k):
    return int(reads.sum()) * k**2 + len(reads)


def _counted(parameters=_kernels, places=_places, power=2):
    def answer(reads, k, n, s):
        P = parameters(reads, k)
        return P, P * places(n, k, s) ** power

    return answer


COUNTS = Exercise(
    name="lenet-counts",
    verifies="a kernel for each mark, a bias for each filter, and their uses",
    reference=lambda reads, k, n, s: _counted()(reads, k, n, s),
    returns=("parameters", "connections"),
    cases=lambda rng: {
        "two filters on three channels": (np.array([[1, 0, 1], [0, 1, 0]], dtype=bool), 3, 7, 1),
        "C1": (np.ones((6, 1), dtype=bool), 5, 32, 1),
        "C3 with stride 2, which leaves a remainder": (np.array(C3_CONNECTIONS), 5, 14, 2),
        "C5": (np.ones((120, 16), dtype=bool), 5, 5, 1),
        "stride 3": (np.ones((4, 2), dtype=bool), 2, 11, 3),
    },
    mistakes={
        "the biases are missing: each filter has one": _counted(
            lambda reads, k: int(reads.sum()) * k**2
        ),
        "there is a bias for every kernel: a filter has one, whatever it reads": _counted(
            lambda reads, k: int(reads.sum()) * (k**2 + 1)
        ),
        "every filter is counted with all channels: only those that it reads": _counted(
            lambda reads, k: reads.size * k**2 + len(reads)
        ),
        "a filter is counted with one kernel: it has one for each channel that it reads": _counted(
            lambda reads, k: len(reads) * (k**2 + 1)
        ),
        "a kernel is counted with k weights: it has k²": _counted(
            lambda reads, k: int(reads.sum()) * k + len(reads)
        ),
        "there is a bias for every channel: a filter has one": _counted(
            lambda reads, k: int(reads.sum()) * k**2 + reads.shape[1]
        ),
        "the places of one row are counted: there are as many rows": _counted(power=1),
        "the stride is left out: it thins out the places": _counted(
            places=lambda n, k, s: n - k + 1
        ),
        "the last place along an axis is left out: both ends count": _counted(
            places=lambda n, k, s: (n - k) // s
        ),
        "the places are those of the input": _counted(places=lambda n, k, s: n),
        "the size is divided by the stride before the kernel is taken off": _counted(
            places=lambda n, k, s: n // s - k + 1
        ),
    },
    hints=(
        "How many kernels are there? reads.sum() counts the marks of the table.",
        "How many biases? One per filter, and a filter is a row.",
        "Every parameter is used once at each place, and there are (n - k) // s + 1 places along "
        "each axis.",
    ),
)  # fmt: skip


# lenet-subsample: find the bug


def _windows(X):
    H, W = X.shape
    return X.reshape(H // 2, 2, W // 2, 2).sum(axis=(1, 3))


def _spread(dZ):
    return dZ.repeat(2, axis=0).repeat(2, axis=1)


def _slope(Z):
    _, cache = scaled_tanh_forward(Z)
    return scaled_tanh_backward(np.ones_like(Z), cache)


def _squashed(slope=_slope, pixels=1.0, sums=lambda dZ, T, w: np.sum(dZ * T), biases=np.sum):
    def answer(dA, X, w, b):
        T = _windows(X)
        dZ = dA * slope(w * T + b)
        return pixels * w * _spread(dZ), sums(dZ, T, w), biases(dZ)

    return answer


def _tanh(Z):
    return np.tanh(2 / 3 * Z)


FACTOR = 1.7159 * 2 / 3


SUBSAMPLE = Exercise(
    name="lenet-subsample",
    verifies="the bug is gone: the slope of the stretched tanh is right",
    reference=lambda dA, X, w, b: _squashed()(dA, X, w, b),
    returns=("dX", "dw", "db"),
    planted=_squashed(lambda Z: FACTOR * (1 - (1.7159 * _tanh(Z)) ** 2)),
    cases=lambda rng: {
        "one window": (np.array([[2.0]]), np.array([[1.0, 0.0], [0.5, 0.5]]), 0.5, 0.25),
        "two windows": (
            np.array([[2.0, -1.0]]), np.array([[1.0, 2, 0, 3], [4, 1, 1, 2]]), 0.25, -1.0,
        ),
        "random numbers": (rng.standard_normal((3, 4)), rng.standard_normal((6, 8)), -0.3, 0.2),
    },
    mistakes={
        "the slope is left out, which was there": _squashed(np.ones_like),
        "the constant in front is left out of the slope, which was there": _squashed(
            lambda Z: 2 / 3 * (1 - _tanh(Z) ** 2)
        ),
        "the constant inside is left out of the slope, which was there": _squashed(
            lambda Z: 1.7159 * (1 - _tanh(Z) ** 2)
        ),
        "the output is divided by its largest value, but not squared": _squashed(
            lambda Z: FACTOR * (1 - _tanh(Z))
        ),
        "only one of the two factors of the square is divided by the largest value": _squashed(
            lambda Z: FACTOR * (1 - 1.7159 * _tanh(Z) ** 2)
        ),
        "tanh is taken of the score as it is: the constant inside belongs to it": _squashed(
            lambda Z: FACTOR * (1 - np.tanh(Z) ** 2)
        ),
        "dX is divided by 4, and was right: the layer adds, it does not average": _squashed(
            pixels=0.25
        ),
        "dw uses the mean of each window, and was right: w multiplies the sum": _squashed(
            sums=lambda dZ, T, w: np.sum(dZ * T) / 4
        ),
        "db has the factor w, and was right: b is added after the product": lambda dA, X, w, b: (
            *_squashed()(dA, X, w, b)[:2], w * _squashed()(dA, X, w, b)[2],
        ),
    },
    hints=(
        "Compare dX with numerical_gradient of dlcore.gradcheck. By which factor does it differ "
        "where the output is near 0, and where it is large?",
        "The derivative of tanh(u) is 1 - tanh(u)**2. What is A, in terms of tanh(u)?",
        "A / 1.7159 is tanh(u): square that.",
    ),
    numbers={"A / 1.7159 is": "given"},
)  # fmt: skip


# lenet-rbf


def _rbf(G, A, W):
    return rbf_backward(G, (A, W))


def _rbf_with(of_a, of_w):
    return lambda G, A, W: (of_a(_rbf(G, A, W)[0], G, A, W), of_w(_rbf(G, A, W)[1], G, A, W))


def _same(gradient, *_):
    return gradient


RBF = Exercise(
    name="lenet-rbf",
    verifies="the gradients of squared distances",
    reference=_rbf,
    returns=("dA", "dW"),
    cases=lambda rng: {
        "the numbers by hand": (
            np.array([[1.0, -0.5]]), np.array([[1.0, 0.0]]), np.array([[1.0, 1.0], [-1.0, 1.0]]),
        ),
        "random numbers": (
            rng.standard_normal((5, 3)), rng.standard_normal((5, 4)), rng.standard_normal((3, 4)),
        ),
    },
    mistakes={
        "the factor 2 of the square is missing": _rbf_with(
            lambda d, *_: d / 2, lambda d, *_: d / 2
        ),
        "dW has the sign of dA: w enters with a minus": _rbf_with(_same, lambda d, *_: -d),
        "both signs are wrong: a − w, not w − a": _rbf_with(lambda d, *_: -d, lambda d, *_: -d),
        "the codes are left out of dA": _rbf_with(
            lambda d, G, A, W: 2 * G.sum(axis=1, keepdims=True) * A, _same
        ),
        "the features are left out of dW": _rbf_with(
            _same, lambda d, G, A, W: 2 * G.sum(axis=0)[:, np.newaxis] * W
        ),
    },
    hints=(
        "The derivative of (a − w)² by a is 2 (a − w), by w the same with a minus.",
        "Split 2 g (a − w) into 2 g a and 2 g w, and sum each by itself.",
        "dA: G.sum(axis=1) times A, minus G @ W. Which sums belong to dW?",
    ),
)  # fmt: skip


# lenet-pull: derive it

PULL = Exercise(
    name="lenet-pull",
    verifies="how strongly the right code pulls",
    reference=lambda d, r: sigmoid(d - r),
    returns=("pull",),
    cases=lambda rng: {
        "at the distance of none of these": (np.array([1.0]), 1.0),
        "nearer and further": (np.array([0.0, 0.5, 2.0, 30.0]), 1.0),
        "another r": (8 * rng.random(5), 4.0),
        "a small r": (2 * rng.random(3), 0.1),
    },
    mistakes={
        "it falls with the distance: that is the probability of the right class": lambda d, r: (
            sigmoid(r - d)
        ),
        "the class of none of these is left out: then the pull is 0": lambda d, r: np.zeros_like(d),
        "the loss is returned: asked is its derivative": lambda d, r: np.logaddexp(0, d - r),
        "r is left out of the exponent": lambda d, r: sigmoid(d),
        "the softmax is left out: the pull of the bare distance is 1": lambda d, r: np.ones_like(d),
        "the sign is that of a step: asked is the derivative": lambda d, r: -sigmoid(d - r),
        "it is differentiated by the distance, not by its square": lambda d, r: (
            2 * np.sqrt(d) * sigmoid(d - r)
        ),
        "r is added to the distance: e^-r stands in the sum": lambda d, r: sigmoid(d + r),
    },
    hints=(
        "Which terms of the sum are left when the other codes are far?",
        "The derivative is 1 - e^-d / (e^-r + e^-d). Multiply the fraction by e^d above and below.",
        "It is r' / (1 + r') with r' = e^(d - r), and that is a function of chapter 3.",
    ),
)


# lenet-loss


def _criterion(d, t, r):
    value, dscores = lenet5_loss(-d[np.newaxis], np.array([t]), j=r)
    return float(value), -dscores[0]


def _plain(d, t, r, none=True):
    powers = np.exp(-d)
    total = powers.sum() + none * np.exp(-r)
    return d[t] + np.log(total), (np.arange(len(d)) == t) - powers / total


def _shifted_by_the_smallest(d, t, r):
    low = d.min()
    powers = np.exp(low - d)
    total = powers.sum() + np.exp(low - r)
    return d[t] - low + np.log(total), (np.arange(len(d)) == t) - powers / total


LOSS = Exercise(
    name="lenet-loss",
    verifies="the loss and its gradient, also at large distances",
    reference=_criterion,
    returns=("value", "dd"),
    cases=lambda rng: {
        "the numbers by hand": (np.array([1.0, 5.0]), 0, 1.0),
        "ten classes": (5 * rng.random(10), 3, 1.0),
        "another r": (5 * rng.random(4), 2, 4.0),
        "all distances 2,000": (np.full(3, 2000.0), 1, 1500.0),
        "one near and one far": (np.array([1.0, 2000.0]), 1, 1500.0),
        "all distances 2,000, and a small r": (np.full(3, 2000.0), 1, 1.0),
    },
    mistakes={
        "e^-r is missing: the class of none of these": lambda d, t, r: _plain(d, t, r, none=False),
        "exp(-d) underflows to 0: subtract the largest score first": _plain,
        "only the smallest distance is subtracted: -r may be the largest score, and e^(d - r) "
        "overflows": _shifted_by_the_smallest,
        "the gradient has the wrong sign: it is that of the distances, not of the scores": (
            lambda d, t, r: (_criterion(d, t, r)[0], -_criterion(d, t, r)[1])
        ),
        "the gradient lacks the 1 for the right class": lambda d, t, r: (
            _criterion(d, t, r)[0], _criterion(d, t, r)[1] - (np.arange(len(d)) == t),
        ),
        "the value lacks the distance from the right code": lambda d, t, r: (
            _criterion(d, t, r)[0] - d[t], _criterion(d, t, r)[1],
        ),
        "the value is only the distance from the right code": lambda d, t, r: (
            d[t], _criterion(d, t, r)[1],
        ),
    },
    hints=(
        "It is a softmax with cross-entropy over C + 1 scores: −d, and −r behind them.",
        "The gradient by d is 1 for the right class, minus the probabilities.",
        "Subtract the largest score before exp, and add it again after log.",
    ),
)  # fmt: skip


# lenet-affine: derive it


def _codes(weights=2.0, length=4.0, bias=1.0, rest=lambda q: np.sqrt(q.max() - q)):
    """Return codes with one more entry, or wrong ones."""

    def answer(W, b):
        q = bias * b + np.sum(W**2, axis=1) / length
        return np.column_stack([W / weights, rest(q)])

    return answer


AFFINE = Exercise(
    name="lenet-affine",
    verifies="codes whose distances stand for the affine layer",
    reference=lambda W, b: _codes()(W, b),
    returns=("codes",),
    cases=lambda rng: {
        "two classes": (np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([0.0, 1.0])),
        "random numbers": (rng.standard_normal((4, 6)), rng.standard_normal(4)),
        "large biases": (rng.standard_normal((5, 2)), 20 * rng.standard_normal(5)),
    },
    mistakes={
        "the codes are the weights: the mixed term has a factor of 2": _codes(1.0, 1.0),
        "the codes are halved, but the squared length is that of the weights": _codes(2.0, 1.0),
        "the squared length of the code is halved: it has a factor of one quarter": _codes(
            2.0, 2.0
        ),
        "the bias is left out": _codes(bias=0.0),
        "the bias has the wrong sign": _codes(bias=-1.0),
        "the length of the weights is left out": _codes(length=np.inf),
        "the last entry is not rooted: its square is what the distance adds": _codes(
            rest=lambda q: q.max() - q
        ),
        "the class with the largest score is moved away: a large distance is a small score": _codes(
            rest=lambda q: np.sqrt(q - q.min())
        ),
        "no entry is added, and the scores keep their differences": lambda W, b: W / 2,
    },
    hints=(
        "Half of the weights gives the mixed term. By how much does each score still differ?",
        "By b_i + ||W_i||²/4, up to a number that all classes share. The last entry e of a code "
        "adds -e² to the score, because the last feature is 0.",
        "With q = b + (W**2).sum(axis=1) / 4 the last entries are np.sqrt(q.max() - q).",
    ),
    numbers={"one quarter": "given", "Half of the weights": "given"},
)


# lenet-table: design

LEFT_OUT = ((0, 1, 2), (0, 3, 4), (1, 3, 5), (2, 4, 5))


def _threes():
    sets = [three for three in itertools.combinations(range(6), 3) if three not in LEFT_OUT]
    return np.array([[c in three for c in range(6)] for three in sets])


def _measure_table(answer):
    """Count a table's parameters, filters that read alike, and readers of its rarest pair."""
    table = np.asarray(answer, dtype=bool)
    if table.shape != (16, 6):
        raise ValueError(f"the table has shape {table.shape}, expected (16, 6): filters and maps")
    alike = sum(np.array_equal(p, q) for p, q in itertools.combinations(table, 2))
    rarest = min(
        int(np.sum(table[:, c] & table[:, d])) for c, d in itertools.combinations(range(6), 2)
    )
    return 25 * int(table.sum()) + 16, alike, rarest


TABLE = Exercise(
    name="lenet-table",
    verifies="a table that is smaller than LeNet-5's and lets every two maps meet three times",
    reference=lambda: _threes(),
    returns=("reads",),
    view=_measure_table,
    goals={
        "parameters": ("at most", 1216),
        "pairs of filters alike": ("at most", 0),
        "filters that read the rarest pair": ("at least", 3),
    },
    mistakes={},
    hints=(
        "How many maps may a filter read on average, if all of them have at most 1,216 parameters?",
        "Three. There are 20 sets of three of the six maps, and in all of them together every pair "
        "occurs four times. You have to leave out four sets.",
        "No two of the sets that you leave out may share a pair: start with (0, 1, 2) and "
        "(0, 3, 4).",
    ),
    numbers={
        "at most 1,216": "given",
        "are 20 sets": "given",
        "sets of three": "given",
        "of the six maps, and": "given",
        "occurs four times": "given",
        "meet three times": "given",
    },
)


# lenet-wider: predict, then measure


def _wide(width, places=lambda width: (width - 32) // 4 + 1, dense=True, heights=(28, 14, 10, 5)):
    c1, s2, c3, s4 = width - 4, (width - 4) // 2, (width - 4) // 2 - 4, ((width - 4) // 2 - 4) // 2
    maps = [156 * c1, 5 * 6 * s2, 1516 * c3, 5 * 16 * s4]
    front = sum(uses * height for uses, height in zip(maps, heights, strict=True))
    return front + (48_120 + 10_164 + 840 if dense else 0) * places(width)


def _times(**changes):
    return lambda width: _wide(width, **changes) / _wide(32, **changes)


WIDER = Exercise(
    name="lenet-wider",
    verifies="what a longer image costs a network without fully connected layers",
    reference=lambda width: _times()(width),
    returns=("times",),
    predicts="your prediction for an image of 64 columns",
    entrywise=True,
    cases=lambda rng: {
        "the image as it was": (32,),
        "one place more": (36,),
        "20 digits in a row": (640,),
        "64 columns": (64,),
    },
    mistakes={
        "C5, F6 and the output are counted at one place: they have one for every four columns": (
            _times(places=lambda width: 1)
        ),
        "the network is run anew at every place: the maps below C5 are shared": lambda width: (
            (width - 32) / 4 + 1
        ),
        "the connections grow as the image does: C5 has more places than that": lambda width: (
            width / 32
        ),
        "C5, F6 and the output have a place for every column: two poolings leave every fourth": (
            _times(places=lambda width: width - 31)
        ),
        "C5, F6 and the output are left out": _times(dense=False),
        "the height grows with the width": lambda width: (
            _wide(width, heights=(width - 4, (width - 4) // 2, (width - 4) // 2 - 4,
                                  ((width - 4) // 2 - 4) // 2)) / _wide(32)
        ),
    },
    hints=(
        "Every layer uses each parameter once per place. Which widths do the maps have?",
        "C1 has width - 4 columns, S2 half of that, C3 four less, S4 half of that, and C5 four "
        "less again. The heights stay as they are.",
        "F6 and the output are 1 by 1 convolutions now: they have as many places as C5.",
    ),
    numbers={"half of that, C3": "given", "half of that, and": "given"},
)  # fmt: skip


EXERCISES = [COUNTS, SUBSAMPLE, RBF, PULL, LOSS, AFFINE, TABLE, WIDER]
