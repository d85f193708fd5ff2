"""Exercises of chapter 15, convolution."""

import itertools

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore import geometry

# conv-inverse: compute


def _inputs(out, k, s, p, *, more=None, pads=2, gaps=-1):
    smallest = s * (out + gaps) + k - pads * p
    return smallest, smallest + (s - 1 if more is None else more(s))


CONV_INVERSE = Exercise(
    name="conv-inverse",
    verifies="which sizes of an input give an output of a given size",
    reference=lambda out, k, s, p: _inputs(out, k, s, p),
    returns=("smallest", "largest"),
    cases=lambda rng: {
        "two windows of 3, stride 2": (2, 3, 2, 0),
        "one window of 4, stride 3": (1, 4, 3, 0),
        "stride 1 and padding": (9, 3, 1, 1),
        "AlexNet's first layer": (55, 11, 4, 0),
        "stride 5, padding 2": (6, 7, 5, 2),
    },
    mistakes={
        "the remainder is left out: up to s - 1 pixels more make no further window": (
            lambda out, k, s, p: _inputs(out, k, s, p, more=lambda s: 0)
        ),
        "the remainder is one too large, s: with s pixels more there is room for another window": (
            lambda out, k, s, p: _inputs(out, k, s, p, more=lambda s: s)
        ),
        "the padding is counted on one side only": lambda out, k, s, p: _inputs(
            out, k, s, p, pads=1
        ),
        "the padding is added: the input needs so many pixels less": lambda out, k, s, p: _inputs(
            out, k, s, p, pads=-2
        ),
        "the padding is left out": lambda out, k, s, p: _inputs(out, k, s, p, pads=0),
        "the steps are as many as the windows: between the windows there is one less": (
            lambda out, k, s, p: _inputs(out, k, s, p, gaps=0)
        ),
        "the kernel is left out: the last window ends k pixels behind its start": (
            lambda out, k, s, p: _inputs(out, 0, s, p)
        ),
        "the stride is left out": lambda out, k, s, p: _inputs(out, k, 1, p),
    },
    hints=(
        "Take the smallest input first: its last window ends at its last pixel.",
        "The last window starts at s (out - 1) of the padded input and ends k pixels further.",
        "How many pixels may be over before another window fits? At most s - 1.",
    ),
)


# conv-bug: find the bug


def _layer(X, W, b, s, p, *, add=lambda product, b: np.sum(product) + b, pads=2, turn=False):
    kernels = W[:, :, ::-1, ::-1] if turn else W
    F, _, kH, kW = W.shape
    padded = np.pad(X, ((0, 0), (p, p), (p, p)))
    oH = (X.shape[1] + pads * p - kH) // s + 1
    oW = (X.shape[2] + pads * p - kW) // s + 1
    Z = np.zeros((F, oH, oW))
    for f, u, v in np.ndindex(Z.shape):
        window = padded[:, u * s : u * s + kH, v * s : v * s + kW]
        Z[f, u, v] = add(kernels[f] * window, b[f])
    return Z


def _layer_case(rng, shape, filters, s, p):
    return (
        rng.standard_normal(shape), rng.standard_normal(filters),
        rng.standard_normal(filters[0]), s, p,
    )  # fmt: skip


CONV_BUG = Exercise(
    name="conv-bug",
    verifies="the bug is gone: the layer is right with a bias too",
    reference=lambda X, W, b, s, p: _layer(X, W, b, s, p),
    returns=("Z",),
    planted=lambda X, W, b, s, p: _layer(
        X, W, b, s, p, add=lambda product, b: np.sum(product + b)
    ),
    cases=lambda rng: {
        "one weight, one pixel": (
            np.full((2, 1, 1), 3.0), np.full((1, 2, 1, 1), 2.0), np.array([1.0]), 1, 0
        ),
        "two channels, three filters": _layer_case(rng, (2, 5, 4), (3, 2, 3, 2), 1, 0),
        "stride 2, padding 1": _layer_case(rng, (1, 6, 7), (2, 1, 3, 3), 2, 1),
        "a kernel of one row": _layer_case(rng, (3, 4, 6), (2, 3, 1, 4), 2, 0),
        "padding 2": _layer_case(rng, (2, 5, 4), (2, 2, 2, 3), 1, 2),
    },
    mistakes={
        "the bias is left out, which every output needs once": lambda X, W, b, s, p: _layer(
            X, W, b, s, p, add=lambda product, b: np.sum(product)
        ),
        "the bias is subtracted": lambda X, W, b, s, p: _layer(
            X, W, b, s, p, add=lambda product, b: np.sum(product) - b
        ),
        "the bias is added once per entry of a kernel sheet: it belongs to the sum": (
            lambda X, W, b, s, p: _layer(
                X, W, b, s, p,
                add=lambda product, b: np.sum(product) + product[0].size * b,
            )
        ),
        "the bias is added once per channel: the channels are summed before": (
            lambda X, W, b, s, p: _layer(
                X, W, b, s, p, add=lambda product, b: np.sum(product) + len(product) * b
            )
        ),
        "the mean of the products is taken: asked is their sum": lambda X, W, b, s, p: _layer(
            X, W, b, s, p, add=lambda product, b: np.mean(product) + b
        ),
        "the kernel is turned, which was right before": lambda X, W, b, s, p: _layer(
            X, W, b, s, p, turn=True
        ),
        "the padding counts on one side only, which was right before": lambda X, W, b, s, p: _layer(
            X, W, b, s, p, pads=1
        ),
    },
    hints=(
        "Compare with conv2d_forward, once with b = 0 and once with W = 0. Which one differs?",
        "With W = 0 every output should be b[f]. It is a multiple: of how many?",
        "The bias stands inside the sum, so it is added once per product.",
    ),
    numbers={"with b = 0": "given", "with W = 0. Which": "given", "With W = 0 every": "given"},
)  # fmt: skip


# conv-compose: derive it


def _one_kernel(A, B, s, *, spread=None, join=np.convolve, extra=0):
    wide = np.zeros((len(A) - 1) * s + 1 + extra)
    wide[: (len(A) - 1) * s + 1 : s] = A
    return join(wide if spread is None else spread(A, s), B)


CONV_COMPOSE = Exercise(
    name="conv-compose",
    verifies="the one kernel that stands for two layers, the first of which has a stride",
    reference=lambda A, B, s: _one_kernel(A, B, s),
    returns=("kernel",),
    cases=lambda rng: {
        "the example of the chapter, stride 1": (np.array([1.0, 2]), np.array([1.0, -1]), 1),
        "stride 2": (np.array([1.0, 3]), np.array([2.0, 5, 7]), 2),
        "stride 3, longer kernels": (rng.standard_normal(4), rng.standard_normal(3), 3),
        "a stride above the first kernel": (rng.standard_normal(3), rng.standard_normal(2), 4),
        "a kernel of one": (np.array([2.0]), rng.standard_normal(4), 3),
    },
    mistakes={
        "the stride is left out: neighbors of the second layer's kernel are s pixels apart": (
            lambda A, B, s: np.convolve(A, B)
        ),
        "the zeros are between the weights of the first layer: that one reads neighboring pixels": (
            lambda A, B, s: _one_kernel(B, A, s)
        ),
        "one kernel is turned: the layers do not turn theirs, and their one kernel is a true "
        "convolution": lambda A, B, s: _one_kernel(A[::-1], B, s),
        "the other kernel is turned: a true convolution turns one of them by itself": (
            lambda A, B, s: _one_kernel(A, B[::-1], s)
        ),
        "s zeros are between the weights, not s - 1": lambda A, B, s: _one_kernel(A, B, s + 1),
        "each weight is repeated s times in the place of zeros": lambda A, B, s: _one_kernel(
            A, B, s, spread=lambda A, s: np.repeat(A, s)[: (len(A) - 1) * s + 1]
        ),
        "zeros are left over behind the last weight": lambda A, B, s: np.append(
            _one_kernel(A, B, s), np.zeros(s - 1)
        ),
    },
    hints=(
        "Write output u of the second layer as a sum over i, and put the first layer's sum over j "
        "in the place of its input.",
        "Weight i of A meets output u t + i of the first layer, which reads pixel (u t + i) s + j "
        "with weight j of B.",
        "So A_i B_j belongs to place i s + j of the kernel. Put s - 1 zeros between the weights of "
        "A, and the sum is np.convolve.",
    ),
)


# conv-groups: compute


def _groups(C, k, share, *, weights=lambda C, k, G: C * C * k * k / G + C * C, candidates=None):
    for G in candidates(C) if candidates else [G for G in range(1, C + 1) if C % G == 0]:
        if weights(C, k, G) <= share * C * C * k * k:
            return G
    return 0


CONV_GROUPS = Exercise(
    name="conv-groups",
    verifies="the smallest number of groups that saves enough",
    reference=lambda C, k, share: _groups(C, k, share),
    returns=("G",),
    cases=lambda rng: {
        "12 channels, half of the weights": (12, 3, 0.55),
        "all of the weights, with a kernel of 2": (6, 2, 0.8),
        "64 channels": (64, 3, 0.45),
        "90 channels, a kernel of 5": (90, 5, 0.19),
        "7 channels": (7, 3, 0.7),
        "one group is enough": (6, 2, 1.3),
        "no groups are enough": (10, 3, 0.2),
    },
    mistakes={
        "the 1 × 1 layer is left out": lambda C, k, share: _groups(
            C, k, share, weights=lambda C, k, G: C * C * k * k / G
        ),
        "the number of groups does not divide the channels": lambda C, k, share: _groups(
            C, k, share, candidates=lambda C: range(1, C + 1)
        ),
        "the kernel counts once, k, in the place of its k² weights": lambda C, k, share: _groups(
            C, k, share, weights=lambda C, k, G: (C * C * k / G + C * C) * k
        ),
        "the weights are divided by G twice: a filter reads C/G channels, and there are C "
        "filters": lambda C, k, share: _groups(
            C, k, share, weights=lambda C, k, G: C * C * k * k / G**2 + C * C
        ),
        "the 1 × 1 layer has groups too: it has to mix all channels": lambda C, k, share: _groups(
            C, k, share, weights=lambda C, k, G: (C * C * k * k + C * C) / G
        ),
        "the 1 × 1 layer has C weights: it has one for each pair of channels": (
            lambda C, k, share: _groups(
                C, k, share, weights=lambda C, k, G: C * C * k * k / G + C
            )
        ),
    },
    hints=(
        "How many weights has the grouped layer, how many the 1 × 1 layer, how many the full one?",
        "C² k²/G + C² against share · C² k². G must divide C.",
        "Try the divisors of C from 1 upward, and return 0 after the last one.",
    ),
    numbers={
        "divisors of C from 1": "given", "many the 1 ×": "given", "1 layer, how": "given",
        "return 0": "given",
    },
)  # fmt: skip


# conv-paths: predict, then measure


def _spread(k, depth, *, finish=lambda x, share: np.sqrt(np.sum(share * x**2)), weights=np.ones):
    share = np.ones(1)
    for _layer in range(depth):
        share = np.convolve(share, weights(k))
    share = share / share.sum()
    return float(finish(np.arange(len(share)) - (len(share) - 1) / 2, share))


CONV_PATHS = Exercise(
    name="conv-paths",
    verifies="how wide the part of the field is that most paths come from",
    reference=lambda k, depth: _spread(k, depth),
    returns=("deviation",),
    predicts="your prediction for 24 layers with kernels of 3",
    cases=lambda rng: {
        "one layer with a kernel of 3": (3, 1),
        "three layers with kernels of 2": (2, 3),
        "four layers with kernels of 5": (5, 4),
        "24 layers with kernels of 3": (3, 24),
    },
    mistakes={
        "the variance is returned: asked is the standard deviation": lambda k, depth: (
            _spread(k, depth) ** 2
        ),
        "the deviations of the layers are added: it is the variances that add up": (
            lambda k, depth: depth * _spread(k, 1)
        ),
        "the width of the whole field is returned": lambda k, depth: depth * (k - 1) + 1,
        "all pixels of the field count alike: the middle has most of the paths": (
            lambda k, depth: _spread(depth * (k - 1) + 1, 1)
        ),
        "the mean distance from the middle is returned": lambda k, depth: _spread(
            k, depth, finish=lambda x, share: np.sum(share * np.abs(x))
        ),
        "the paths are not divided by their number": lambda k, depth: (
            _spread(k, depth) * np.sqrt(float(k) ** depth)
        ),
        "the distances are taken from the first pixel of the field, not from its middle": (
            lambda k, depth: _spread(
                k, depth, finish=lambda x, share: np.sqrt(np.sum(share * (x - x[0]) ** 2))
            )
        ),
    },
    hints=(
        "The shares after one layer more are the shares before it, convolved with k numbers 1/k.",
        "By the two dice: each layer adds a random step. What becomes of the variance of a sum?",
        "One step has the variance (k² - 1)/12, and depth independent steps have depth times as "
        "much.",
    ),
    numbers={
        "numbers 1/k": "given",
        "the two dice": "given",
        "(k² - 1)": "given",
        "/12, and": "given",
    },
)


# conv-see: design


def _reads(layers):
    """Return the pixels that one unit reads, counted from the first."""
    units, distance = {0}, 1
    steps = []
    for k, s, d in layers:
        steps.append((k, d * distance))
        distance *= s
    for k, apart in reversed(steps):
        units = {u + i * apart for u, i in itertools.product(units, range(k))}
    return units


def _measured(layers):
    """Measure a stack: pixels of the field, weights, distance of neighbors, pixels left out."""
    layers = [tuple(int(number) for number in layer) for layer in layers]
    pixels, distance = geometry.receptive_field(layers)
    weights = sum(k for k, _, _ in layers)
    return pixels, weights, distance, pixels - len(_reads(layers))


CONV_SEE = Exercise(
    name="conv-see",
    verifies="a stack that sees far with few weights, and leaves nothing out",
    reference=lambda: [(3, 1, d) for d in (1, 3, 9, 27)],
    returns=("stack",),
    view=_measured,
    goals={
        "pixels": ("at least", 81),
        "weights": ("at most", 12),
        "distance of neighbors": ("at most", 1),
        "pixels left out": ("at most", 0),
    },
    mistakes={},
    hints=(
        "The distance of neighbors must be 1, so there is no stride. What else makes a field grow?",
        "A layer with kernel 3 and dilation d adds 2 d pixels. How large may d be before pixels "
        "are left out between the ones below?",
        "A dilation equal to the width of the field below it leaves nothing out and reads nothing "
        "twice; four layers are enough.",
    ),
    numbers={
        "must be 1,": "given", "with kernel 3": "given", "adds 2 d": "given",
        "four layers": "given",
    },
)  # fmt: skip


# conv-equivariant: prove it


def _shared(M, *, across=1, down=1, finish=lambda total, n: total / n, first=0):
    n = len(M)
    moved = [np.roll(M, (down * a, across * a), axis=(0, 1)) for a in range(first, n)]
    return finish(sum(moved), n)


CONV_EQUIVARIANT = Exercise(
    name="conv-equivariant",
    verifies="the mean over all shifts, which is a convolution",
    reference=lambda M: _shared(M),
    returns=("mean",),
    cases=lambda rng: {
        "two pixels": (np.array([[1.0, 2.0], [3.0, 5.0]]),),
        "five pixels": (rng.standard_normal((5, 5)),),
        "a convolution already": (
            np.stack([np.roll([1.0, 4.0, 0.0, 2.0], u) for u in range(4)]),
        ),
        "one pixel": (np.array([[3.0]]),),
    },
    mistakes={
        "the mean is taken over all entries: it is one per diagonal": lambda M: np.full_like(
            M, M.mean()
        ),
        "rows and columns are moved in opposite directions": lambda M: _shared(M, across=-1),
        "only the rows are moved": lambda M: _shared(M, across=0),
        "only the columns are moved": lambda M: _shared(M, down=0),
        "the matrices are added up, not averaged": lambda M: _shared(
            M, finish=lambda total, n: total
        ),
        "the shift by nothing is left out": lambda M: (
            _shared(M, first=1) * len(M) / max(1, len(M) - 1) if len(M) > 1 else M
        ),
        "the result is transposed": lambda M: _shared(M).T,
    },
    hints=(
        "np.roll(M, (a, a), axis=(0, 1)) moves rows and columns by a. What is the entry (u, y) of "
        "it?",
        "Add up the moved matrices for a = 0, …, n - 1 and divide by n.",
        "The proof: which entries of M must be equal, if moving rows and columns by one changes "
        "nothing?",
    ),
    numbers={"a = 0": "given"},
)  # fmt: skip


EXERCISES = [
    CONV_INVERSE,
    CONV_BUG,
    CONV_COMPOSE,
    CONV_GROUPS,
    CONV_PATHS,
    CONV_SEE,
    CONV_EQUIVARIANT,
]
