"""Exercises of chapter 19, AlexNet and VGG."""

import numpy as np

from byhand.exercises.checking import Exercise

# deep-separable


def _separable(
    k, c_in, c_out, places, *, slices=1, point=1, makes=None, added=1, joined=1, uses=None
):
    """Count a depthwise and a 1 by 1 convolution, or do so with one part changed."""
    depthwise = k**2 * slices
    weights = depthwise * c_in + point * c_in * (makes or c_out)
    biases = added * c_in + joined * c_out
    return weights + biases, weights * (places if uses is None else uses)


SEPARABLE = Exercise(
    name="deep-separable",
    verifies="a depthwise convolution, and a 1 by 1 convolution behind it",
    reference=lambda k, c_in, c_out, places: _separable(k, c_in, c_out, places),
    returns=("parameters", "multiply_adds"),
    cases=lambda rng: {
        "two channels to three": (3, 2, 3, 10),
        "a layer of VGG-16 made so": (3, 256, 512, 28 * 28),
        "a larger kernel": (5, 7, 4, 81),
        "a kernel of one pixel": (1, 6, 5, 9),
    },
    mistakes={
        "the biases are missing": lambda k, c_in, c_out, places: _separable(
            k, c_in, c_out, places, added=0, joined=0
        ),
        "the biases of the first convolution are missing": lambda k, c_in, c_out, places: (
            _separable(k, c_in, c_out, places, added=0)
        ),
        "the biases of the second convolution are missing": lambda k, c_in, c_out, places: (
            _separable(k, c_in, c_out, places, joined=0)
        ),
        "each filter of the first convolution reads all channels: it reads its own": (
            lambda k, c_in, c_out, places: _separable(k, c_in, c_out, places, slices=c_in)
        ),
        "the second convolution has kernels of k by k: they are 1 by 1": (
            lambda k, c_in, c_out, places: _separable(k, c_in, c_out, places, point=k**2)
        ),
        "a kernel is counted with k weights: it has k times k": lambda k, c_in, c_out, places: (
            _separable(k, c_in, c_out, places, slices=1 / k)
        ),
        "the work is counted at one place: each weight is used at all of them": (
            lambda k, c_in, c_out, places: _separable(k, c_in, c_out, places, uses=1)
        ),
        "the biases are counted as multiply-adds: they are only added": (
            lambda k, c_in, c_out, places: (
                _separable(k, c_in, c_out, places)[0],
                _separable(k, c_in, c_out, places)[0] * places,
            )
        ),
        "the ordinary convolution is counted": lambda k, c_in, c_out, places: (
            (k**2 * c_in + 1) * c_out,
            k**2 * c_in * c_out * places,
        ),
    },
    hints=(
        "Into how many groups are the channels of the first convolution divided? How many filters "
        "does it have?",
        "As many as there are channels, c_in, both times: one kernel of k by k and one bias each. "
        "The second one reads c_in channels with kernels of one pixel.",
        "The weights are k**2 * c_in + c_in * c_out; add c_in + c_out biases, or multiply by the "
        "places.",
    ),
    numbers={
        "they are 1 by": "given",
        "by 1": "given",
        "counted at one place": "given",
        "both times: one kernel": "given",
        "and one bias": "given",
        "The second one reads": "given",
        "of one pixel": "given",
    },
)


# deep-views


def _corners(image, k, *, center=None):
    _, H, W = image.shape
    middle = ((H - k) // 2, (W - k) // 2) if center is None else center(H, W, k)
    starts = [(0, 0), (0, W - k), (H - k, 0), (H - k, W - k), middle]
    return np.stack([image[:, y : y + k, x : x + k] for y, x in starts])


def _views(image, k, *, flip=lambda crops: crops[..., ::-1], **changed):
    crops = _corners(image, k, **changed)
    return np.concatenate([crops, flip(crops)])


VIEWS = Exercise(
    name="deep-views",
    verifies="the ten views that AlexNet looks at",
    reference=lambda image, k: _views(image, k),
    returns=("views",),
    cases=lambda rng: {
        "windows of 2 in 4 by 4 pixels": (np.arange(16.0).reshape(1, 4, 4), 2),
        "an oblong image in color": (rng.standard_normal((3, 5, 8)), 3),
        "an odd margin": (rng.standard_normal((2, 7, 6)), 3),
        "the whole image": (rng.standard_normal((2, 4, 4)), 4),
    },
    mistakes={
        "the mirror images are upside down: left and right change places": lambda image, k: _views(
            image, k, flip=lambda crops: crops[..., ::-1, :]
        ),
        "the mirror images are turned by 180 degrees": lambda image, k: _views(
            image, k, flip=lambda crops: crops[..., ::-1, ::-1]
        ),
        "the mirror images are transposed": lambda image, k: _views(
            image, k, flip=lambda crops: crops.swapaxes(-1, -2)
        ),
        "the mirror images are not mirrored": lambda image, k: _views(
            image, k, flip=lambda crops: crops
        ),
        "the channels are reversed in the mirror images, and the columns are not": (
            lambda image, k: _views(image, k, flip=lambda crops: crops[:, ::-1])
        ),
        "each view stands beside its mirror image: the five mirror images come last": (
            lambda image, k: np.stack(
                [view for crop in _corners(image, k) for view in (crop, crop[..., ::-1])]
            )
        ),
        "the mirror images come first": lambda image, k: np.roll(_views(image, k), 5, axis=0),
        "the window in the center starts at the center": lambda image, k: _views(
            image, k, center=lambda H, W, k: (min(H // 2, H - k), min(W // 2, W - k))
        ),
        "the margin of the center is rounded up": lambda image, k: _views(
            image, k, center=lambda H, W, k: ((H - k + 1) // 2, (W - k + 1) // 2)
        ),
    },
    hints=(
        "Where may a window of k start in H rows at the latest? The corners follow.",
        "At H - k. The window in the center starts at (H - k) // 2, and the columns go likewise.",
        "crops[..., ::-1] mirrors all five; np.concatenate puts them behind.",
    ),
    numbers={
        "the five mirror": "given",
        "mirrors all five": "given",
        "the ten views": "given",
        "by 180": "given",
    },
)


# deep-dropout: derive


DROPOUT = Exercise(
    name="deep-dropout",
    verifies="the weights that AlexNet's kind of dropout needs",
    reference=lambda W, b, keep: (W / keep, b),
    returns=("W", "b"),
    cases=lambda rng: {
        "one unit": (np.array([[2.0, -3.0]]), np.array([1.0]), 0.5),
        "three units": (rng.standard_normal((3, 5)), rng.standard_normal(3), 0.8),
        "few are kept": (rng.standard_normal((4, 2)), rng.standard_normal(4), 0.1),
    },
    mistakes={
        "the weights are multiplied by keep: they are divided": lambda W, b, keep: (W * keep, b),
        "the biases are divided, too: nothing of theirs is dropped": lambda W, b, keep: (
            W / keep,
            b / keep,
        ),
        "the share that is dropped takes the place of the share that is kept": (
            lambda W, b, keep: (W / (1 - keep), b)
        ),
        "the root is taken: that would keep a mean square": lambda W, b, keep: (
            W / np.sqrt(keep),
            b,
        ),
        "the weights stay as they are": lambda W, b, keep: (W.copy(), b),
    },
    hints=(
        "Write both scores of training down, for the same mask. In which one is there a division?",
        "dlcore computes W (m * x / keep) + b, AlexNet W' (m * x) + b'. What must W' be?",
    ),
    numbers={"In which one is": "given"},
)


# deep-dilated: derive


def _dilated(m, k):
    return 1 + (k - 1) * (2**m - 1)


DILATED = Exercise(
    name="deep-dilated",
    verifies="what a stack sees whose dilation doubles from layer to layer",
    reference=lambda m, k: _dilated(m, k),
    returns=("pixels",),
    cases=lambda rng: {
        "one layer": (1, 3),
        "two layers": (2, 3),
        "five layers": (5, 3),
        "kernels of 2": (4, 2),
        "kernels of 5": (3, 5),
        "no layer": (0, 3),
    },
    mistakes={
        "no layer is dilated": lambda m, k: 1 + m * (k - 1),
        "the first dilation is 2: it is 1": lambda m, k: 1 + (k - 1) * (2 ** (m + 1) - 2),
        "the dilations grow by 1, they do not double": lambda m, k: 1 + (k - 1) * m * (m + 1) // 2,
        "only the last layer is counted": lambda m, k: 1 + (k - 1) * 2**m // 2,
        "the pixel itself is missing": lambda m, k: (k - 1) * (2**m - 1),
        "a dilated kernel is counted with k times its dilation pixels: the last one has none "
        "behind it": lambda m, k: 1 + k * (2**m - 1),
        "the kernel has always 3 pixels": lambda m, k: _dilated(m, 3),
    },
    hints=(
        "A kernel of k with dilation d spans (k - 1) d + 1 pixels. By how much does it widen what "
        "is seen?",
        "By (k - 1) d, since all strides are 1. Sum over d = 1, 2, 4, …, m of them.",
        "1 + 2 + 4 + … + 2**(m - 1) = 2**m - 1.",
    ),
    numbers={
        "the first dilation is 2": "given",
        "it is 1": "given",
        "grow by 1": "given",
        "always 3 pixels": "given",
        "By (k - 1) d": "given",
        "strides are 1": "given",
        "the last one has": "given",
    },
)


# deep-unit: derive


def _unit(dA, X, *, along=None, divisor=lambda r: r, factor=1.0, axis=1):
    r = np.sqrt((X**2).sum(axis=1, keepdims=True))
    A = X / r if along is None else along(X, r)
    return (dA - factor * A * (dA * A).sum(axis=axis, keepdims=True)) / divisor(r)


UNIT = Exercise(
    name="deep-unit",
    verifies="the way back through a division by the length",
    reference=lambda dA, X: _unit(dA, X),
    returns=("dX",),
    loops=False,
    cases=lambda rng: {
        "a 3-4-5 triangle": (np.array([[1.0, 0.0]]), np.array([[3.0, 4.0]])),
        "a gradient along X": (np.array([[2.0, 4.0, 4.0]]), np.array([[1.0, 2.0, 2.0]])),
        "a batch": tuple(rng.standard_normal((2, 4, 6))),
        "as many examples as channels": tuple(rng.standard_normal((2, 3, 3))),
    },
    mistakes={
        "the length is treated as a constant": lambda dA, X: _unit(dA, X, factor=0.0),
        "the second part is added: it is subtracted": lambda dA, X: _unit(dA, X, factor=-1.0),
        "the second part is counted twice: 2 and β = ½ cancel": lambda dA, X: _unit(
            dA, X, factor=2.0
        ),
        "X stands in the second part where A belongs": lambda dA, X: _unit(
            dA, X, along=lambda X, r: X
        ),
        "the division by the length is missing": lambda dA, X: _unit(
            dA, X, divisor=lambda r: 1.0
        ),
        "it is divided by the squared length": lambda dA, X: _unit(
            dA, X, divisor=lambda r: r**2
        ),
        "the sum runs over the examples: it runs over the channels of one": lambda dA, X: _unit(
            dA, X, axis=0
        ),
        "the sum runs over the whole batch": lambda dA, X: _unit(dA, X, axis=(0, 1)),
    },
    hints=(
        "With κ = 0, α = 1 and all channels in N(i), what are Q and Q to the power of −β?",
        "Q is the squared length r² for every channel, and its power is 1/r. The sum over j no "
        "longer depends on i.",
        "dX = (dA − A (A · dA)) / r with A = X / r, example by example.",
    ),
    numbers={
        "κ = 0": "given",
        "α = 1": "given",
        "power is 1": "given",
        "channels of one": "given",
    },
)  # fmt: skip


# deep-relu-bug: find the bug


def _masked(
    dA,
    X,
    W1,
    W2,
    *,
    outer=lambda S: S > 0,
    inner=lambda Z: Z > 0,
    branch=True,
    way=lambda dA, dS: dS,
    hidden=lambda Z: np.maximum(Z, 0),
    end=lambda *grads: grads,
):
    """Pull a gradient back through relu(X + relu(X W1^T) W2^T), or do so with one part changed."""
    Z = X @ W1.T
    H = hidden(Z)
    dS = dA * outer(X + np.maximum(Z, 0) @ W2.T)
    through = dS if branch else dA
    dZ = through @ W2 * inner(Z)
    return end(way(dA, dS) + dZ @ W1, dZ.T @ X, through.T @ H)


RELU_BUG = Exercise(
    name="deep-relu-bug",
    verifies="a ReLU behind the addition stops both ways",
    reference=lambda dA, X, W1, W2: _masked(dA, X, W1, W2),
    returns=("dX", "dW1", "dW2"),
    planted=lambda dA, X, W1, W2: _masked(dA, X, W1, W2, way=lambda dA, dS: dA),
    cases=lambda rng: {
        "two units": (
            np.array([[1.0, 2.0]]), np.array([[1.0, -1.0]]),
            np.array([[0.5, 0.25], [0.5, 1.0]]), np.array([[1.0, 2.0], [0.5, 1.0]]),
        ),
        "a batch": (
            *rng.standard_normal((2, 6, 4)), rng.standard_normal((3, 4)),
            rng.standard_normal((4, 3)),
        ),
        "nothing is cut off": (
            rng.standard_normal((3, 2)), np.ones((3, 2)), *np.abs(rng.standard_normal((2, 2, 2))),
        ),
    },
    mistakes={
        "the outer mask is taken off both ways: it belongs on both": lambda dA, X, W1, W2: (
            _masked(dA, X, W1, W2, outer=np.ones_like)
        ),
        "the outer mask is moved from one way to the other": lambda dA, X, W1, W2: _masked(
            dA, X, W1, W2, branch=False
        ),
        "the connection is left out": lambda dA, X, W1, W2: _masked(
            dA, X, W1, W2, way=lambda dA, dS: 0 * dS
        ),
        "the inner mask is left out, which was right": lambda dA, X, W1, W2: _masked(
            dA, X, W1, W2, inner=np.ones_like
        ),
        "the mask looks at X and not at the sum": lambda dA, X, W1, W2: _masked(
            dA, X, W1, W2, outer=lambda S: X > 0
        ),
        "the gradient of W2 reads the scores and not what the inner ReLU returns": (
            lambda dA, X, W1, W2: _masked(dA, X, W1, W2, hidden=lambda Z: Z)
        ),
    },
    hints=(
        "Which of the three gradients is wrong? numerical_gradient of dlcore.gradcheck tells.",
        "dW1 and dW2 are right, dX is not. What has the gradient passed on its way to the "
        "connection?",
        "It has passed the outer ReLU, as on the other way: dS in place of dA.",
    ),
    numbers={"from one way": "given", "of the three gradients": "given"},
)  # fmt: skip


# deep-growth: predict, then measure


def _growth(Ws, X, *, outer=lambda S: np.maximum(S, 0), inner=lambda Z: np.maximum(Z, 0), skip=1):
    A = X
    for W1, W2 in Ws:
        A = outer(skip * A + inner(A @ W1.T) @ W2.T)
    return float(np.mean(A**2) / np.mean(X**2))


def _growth_case(rng, blocks, D, N):
    sd = np.sqrt([2 / D, 1 / D]).reshape(2, 1, 1)
    Ws = [tuple(sd * rng.standard_normal((2, D, D))) for _ in range(blocks)]
    return Ws, np.abs(rng.standard_normal((N, D)))


GROWTH = Exercise(
    name="deep-growth",
    verifies="how a ReLU behind the addition changes the growth",
    reference=lambda Ws, X: _growth(Ws, X),
    returns=("growth",),
    entrywise=True,
    predicts="your prediction for ten blocks of 256 units",
    cases=lambda rng: {
        "one block, two units": (
            [(np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([[1.0, -3.0], [-1.0, 0.5]]))],
            np.array([[1.0, 2.0]]),
        ),
        "three blocks of four units": _growth_case(rng, 3, 4, 5),
        "ten blocks of 256 units": _growth_case(np.random.default_rng(1), 10, 256, 50),
    },
    mistakes={
        "the ReLU behind the addition is left out": lambda Ws, X: _growth(
            Ws, X, outer=lambda S: S
        ),
        "the ReLU within the block is left out": lambda Ws, X: _growth(Ws, X, inner=lambda Z: Z),
        "the connection is left out": lambda Ws, X: _growth(Ws, X, skip=0),
        "the root is taken: the mean squares are divided, not the lengths": lambda Ws, X: np.sqrt(
            _growth(Ws, X)
        ),
        "the quotient is upside down": lambda Ws, X: 1 / _growth(Ws, X),
        "the blocks are run in the opposite order": lambda Ws, X: _growth(Ws[::-1], X),
    },
    hints=(
        "If nothing were cut off, each block would double the mean square. Which sums does the "
        "ReLU cut off, and how large are they?",
        "A = X, then A = relu(A + relu(A W1^T) W2^T) for each pair; np.mean(A**2) / "
        "np.mean(X**2).",
    ),
)  # fmt: skip


# deep-design: design


IMAGE, CLASSES = (3, 64), 10


def _sized(plan):
    """Measure a plan: parameters, millions of multiply-adds, pixels seen, places, convolutions."""
    (channels, side), parameters, work, sees, apart, convolutions = IMAGE, 0, 0, 1, 1, 0
    for step in plan:
        if isinstance(step, str):
            side, sees, apart = side // 2, sees + apart, 2 * apart
            continue
        filters = int(step)
        parameters += (9 * channels + 1) * filters
        work += 9 * channels * filters * side**2
        sees, channels, convolutions = sees + 2 * apart, filters, convolutions + 1
    parameters += (channels + 1) * CLASSES
    work += channels * CLASSES * side**2
    return parameters, work / 1e6, sees, side**2, convolutions


DESIGN = Exercise(
    name="deep-design",
    verifies="a small network of VGG's kind that sees enough",
    reference=lambda: [8, "pool", 16, "pool", 32, "pool", 32, 32],
    returns=("plan",),
    view=_sized,
    goals={
        "parameters": ("at most", 25_000),
        "million multiply-adds": ("at most", 5),
        "pixels seen": ("at least", 48),
        "places at the end": ("at least", 64),
        "convolutions": ("at least", 5),
    },
    mistakes={},
    hints=(
        "A convolution behind three poolings widens the field by 16 pixels, one before them by "
        "2. Where do the wide layers cost little?",
        "At 64 by 64 pixels a convolution of few filters costs a million multiply-adds; behind "
        "each pooling you may double the filters for the same work.",
        "Of 8, 16 and 32 filters, with poolings between, then two more with 32 behind the third "
        "pooling.",
    ),
    numbers={
        "three poolings": "given",
        "by 16 pixels": "given",
        "one before": "given",
        "by 2. Where": "given",
        "At 64 by": "given",
        "64 pixels": "given",
        "a million multiply": "given",
        "Of 8": "given",
        ", 16 and": "given",
        "and 32 filters": "given",
        "two more": "given",
        "with 32 behind": "given",
    },
)


EXERCISES = [SEPARABLE, VIEWS, DROPOUT, DILATED, UNIT, RELU_BUG, GROWTH, DESIGN]
