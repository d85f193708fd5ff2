"""The equations of chapter 16, measured."""

from itertools import product

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d

from benchmarks.geometries import convolutions
from dlcore import reference
from dlcore.gradcheck import numerical_gradient
from dlcore.layers import (
    conv2d_backward,
    conv2d_forward,
    conv_transpose2d_backward,
    conv_transpose2d_forward,
)
from tests.measure import worst_error

GEOMETRIES = [  # X, the filters, stride, padding; with remainders 0 to 3, some above the padding
    ((2, 3, 6, 7), (4, 3, 3), (1, 1), (0, 0)),
    ((2, 3, 8, 6), (2, 3, 2), (2, 2), (0, 0)),
    ((1, 2, 9, 10), (2, 2, 3), (4, 3), (0, 1)),
    ((2, 2, 9, 8), (3, 3, 3), (2, 3), (1, 2)),
]


@pytest.fixture
def rng():
    return np.random.default_rng(16)


@pytest.fixture
def one(rng):
    """Return a picture, a rectangular kernel and an upstream gradient, and dlcore's gradients."""
    X, W, dZ = (rng.standard_normal(shape) for shape in ((6, 7), (3, 2), (4, 6)))
    _, cache = conv2d_forward(X[None, None], W[None, None], np.zeros(1))
    return X, W, dZ, [gradient.squeeze() for gradient in conv2d_backward(dZ[None, None], cache)]


@pytest.mark.ledger("eq-convback-weights", "eq-convback-bias", "eq-convback-gather",
                    "eq-convback-rot")  # fmt: skip
def test_one_channel(ledger, one):
    X, W, dZ, (dX, dW, db) = one
    (H, width), (kH, kW), (oH, oW) = X.shape, W.shape, dZ.shape

    def loss(X, W, b):
        return np.sum(dZ * (correlate2d(X, W, mode="valid") + b))

    gathered = np.zeros_like(X)
    for y, x in np.ndindex(H, width):
        for u in range(max(0, y - kH + 1), min(oH - 1, y) + 1):
            for v in range(max(0, x - kW + 1), min(oW - 1, x) + 1):
                gathered[y, x] += dZ[u, v] * W[y - u, x - v]
    framed = np.pad(dZ, ((kH - 1, kH - 1), (kW - 1, kW - 1)))
    turned = correlate2d(framed, W[::-1, ::-1], mode="valid")
    by_picture = numerical_gradient(lambda X: loss(X, W, 0), X)
    by_kernel = numerical_gradient(lambda W: loss(X, W, 0), W)
    by_bias = numerical_gradient(lambda b: loss(X, W, b), np.zeros(1))[0]
    for label, printed, measured, ours in (
        ("eq-convback-weights", correlate2d(X, dZ, mode="valid"), by_kernel, dW),
        ("eq-convback-bias", dZ.sum(), by_bias, db),
        ("eq-convback-gather", gathered, by_picture, dX),
        ("eq-convback-rot", turned, by_picture, dX),
    ):
        ledger("central differences", worst_error(printed, measured), 1e-7, label=label)
        ledger("dlcore", worst_error(printed, ours), 1e-13, label=label)


@pytest.mark.ledger("eq-convback-four", "eq-convback-nine")
def test_four_outputs_and_nine_pixels(ledger, rng):
    x, w, d = rng.standard_normal((3, 3)), rng.standard_normal((2, 2)), rng.standard_normal((2, 2))
    (x00, x01, x02), (x10, x11, x12), (x20, x21, x22) = x
    (w00, w01), (w10, w11), (d00, d01), (d10, d11) = *w, *d
    four = [
        [w00 * x00 + w01 * x01 + w10 * x10 + w11 * x11,
         w00 * x01 + w01 * x02 + w10 * x11 + w11 * x12],
        [w00 * x10 + w01 * x11 + w10 * x20 + w11 * x21,
         w00 * x11 + w01 * x12 + w10 * x21 + w11 * x22],
    ]  # fmt: skip
    nine = [
        [d00 * w00, d00 * w01 + d01 * w00, d01 * w01],
        [d00 * w10 + d10 * w00, d00 * w11 + d01 * w10 + d10 * w01 + d11 * w00,
         d01 * w11 + d11 * w01],
        [d10 * w10, d10 * w11 + d11 * w10, d11 * w11],
    ]  # fmt: skip
    Z, cache = reference.conv2d_forward(x[None, None], w[None, None], np.zeros(1))
    dX, _, _ = reference.conv2d_backward(d[None, None], cache)
    ledger("loops", worst_error(four, Z[0, 0]), 1e-14, label="eq-convback-four")
    ledger("loops", worst_error(nine, dX[0, 0]), 1e-14, label="eq-convback-nine")


@pytest.mark.ledger("eq-convback-recursion")
def test_the_error_of_the_layer_before(ledger, one):
    scores, W, dZ, _ = one
    framed = np.pad(dZ, ((2, 2), (1, 1)))
    da = correlate2d(framed, W[::-1, ::-1], mode="valid")

    def loss(a):
        return np.sum(dZ * correlate2d(a, W, mode="valid"))

    measured = numerical_gradient(lambda z: loss(np.tanh(z)), scores)
    ledger("central differences", worst_error(da, numerical_gradient(loss, scores)), 1e-7)
    ledger("central differences: through tanh",
           worst_error(da * (1 - np.tanh(scores) ** 2), measured), 1e-7)  # fmt: skip


@pytest.mark.ledger("eq-convback-channels")
def test_channels_and_filters(ledger, rng):
    X, W = rng.standard_normal((3, 6, 7)), rng.standard_normal((2, 3, 3, 2))
    dZ = rng.standard_normal((2, 4, 6))
    dX = [
        sum(correlate2d(dZ[f], W[f, c, ::-1, ::-1], mode="full") for f in range(2))
        for c in range(3)
    ]
    dW = [[correlate2d(X[c], dZ[f], mode="valid") for c in range(3)] for f in range(2)]
    _, cache = reference.conv2d_forward(X[None], W, np.zeros(2))
    expected = reference.conv2d_backward(dZ[None], cache)
    for printed, loops in zip(([dX], dW, dZ.sum(axis=(1, 2))), expected, strict=True):
        ledger("loops", worst_error(printed, loops), 1e-13)


@pytest.mark.ledger("eq-convback-centered", "eq-convback-position")
def test_the_centered_form(ledger, rng):
    d, n, C, F = 2, 6, 2, 3
    X, K = rng.standard_normal((C, n, n)), rng.standard_normal((F, C, 2 * d + 1, 2 * d + 1))
    delta, b = rng.standard_normal((2, F, n, n))

    def loss(X, K, b):
        outputs = [sum(correlate2d(X[c], K[f, c], mode="same") for c in range(C)) for f in range(F)]
        return np.sum(delta * (np.array(outputs) + b))

    K_tilde = K.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1]
    dX = [
        sum(correlate2d(delta[f], K_tilde[c, f], mode="same") for f in range(F)) for c in range(C)
    ]
    dK = np.zeros_like(K)
    for f, c, i, j, u, v in np.ndindex(*K.shape, n, n):
        y, x = u + i - d, v + j - d
        if 0 <= y < n and 0 <= x < n:
            dK[f, c, i, j] += delta[f, u, v] * X[c, y, x]
    for label, printed, measured in (
        ("eq-convback-centered", dX, numerical_gradient(lambda X: loss(X, K, b), X)),
        ("eq-convback-centered", dK, numerical_gradient(lambda K: loss(X, K, b), K)),
        ("eq-convback-position", delta, numerical_gradient(lambda b: loss(X, K, b), b)),
    ):
        ledger("central differences", worst_error(printed, measured), 1e-7, label=label)


PLAIN = [(9, 3, 2, 0), (8, 3, 2, 0), (6, 3, 2, 0), (10, 2, 4, 0), (9, 4, 3, 2)]  # n, k, s, p
DILATED = [(8, 2, 2, 0, 3), (11, 3, 2, 1, 2), (13, 3, 3, 2, 4), (7, 3, 1, 2, 2), (12, 2, 5, 0, 3)]


class Axis:
    """Numbers along one axis, and the gradients of their convolution by central differences."""

    def __init__(self, rng, n, k, s, p, d=1):
        windows = sliding_window_view(np.arange(n + 2 * p), d * (k - 1) + 1)[::s, ::d]
        self.W, self.delta = rng.standard_normal(k), rng.standard_normal(len(windows))
        self.X, self.unread = rng.standard_normal(n), n + 2 * p - 1 - windows.max()
        self.padded = np.pad(self.X, p)

        def loss(padded, W):
            return np.sum(self.delta * (padded[windows] @ W))

        self.by_kernel = numerical_gradient(lambda W: loss(self.padded, W), self.W)
        self.by_padded = numerical_gradient(lambda padded: loss(padded, self.W), self.padded)
        self.by_image = numerical_gradient(lambda X: loss(np.pad(X, p), self.W), self.X)

    def zeros_between(self, s):
        return np.kron(self.delta, np.eye(1, s)[0])[: (len(self.delta) - 1) * s + 1]


@pytest.mark.ledger("eq-convback-stride-weights", "eq-convback-stride", "eq-convback-remainder",
                    "eq-convback-frame", "eq-convback-crop")  # fmt: skip
@pytest.mark.parametrize(("n", "k", "s", "p"), PLAIN)
def test_one_axis(ledger, rng, n, k, s, p):
    axis, r = Axis(rng, n, k, s, p), (n + 2 * p - k) % s
    W, delta, outputs = axis.W, axis.delta, len(axis.delta)
    dW = [sum(delta[u] * axis.padded[u * s + i] for u in range(outputs)) for i in range(k)]
    divisible = np.zeros(n + 2 * p)
    for y in range(n + 2 * p):
        for i in range(k):
            if (y - i) % s == 0 and 0 <= (y - i) // s < outputs:
                divisible[y] += W[i] * delta[(y - i) // s]
    framed = np.pad(axis.zeros_between(s), (k - 1, k - 1 + r))
    whole = np.correlate(framed, W[::-1], mode="valid")
    ledger("counting", abs(r - axis.unread), 0.0, label="eq-convback-remainder")
    for label, printed, measured in (
        ("eq-convback-stride-weights", dW, axis.by_kernel),
        ("eq-convback-stride", divisible, axis.by_padded),
        ("eq-convback-frame", whole, axis.by_padded),
        ("eq-convback-crop", whole[p : p + n], axis.by_image),
    ):
        ledger("central differences", worst_error(printed, measured), 1e-7, label=label)


@pytest.mark.ledger("eq-convback-dilation", "eq-convback-dilated-frame")
@pytest.mark.parametrize(("n", "k", "s", "p", "d"), [*((*g, 1) for g in PLAIN), *DILATED])
def test_one_axis_with_dilation(ledger, rng, n, k, s, p, d):
    axis = Axis(rng, n, k, s, p, d)
    W, delta, outputs = axis.W, axis.delta, (n + 2 * p - d * (k - 1) - 1) // s + 1
    r = (n + 2 * p - d * (k - 1) - 1) % s
    dX, dW = np.zeros(n), np.zeros(k)
    for i in range(k):
        for u in range(outputs):
            dW[i] += delta[u] * axis.padded[u * s + i * d]
        for y in range(n):
            u, over = divmod(y + p - i * d, s)
            if over == 0 and 0 <= u < outputs:
                dX[y] += W[i] * delta[u]
    holes = np.kron(W, np.eye(1, d)[0])[: d * (k - 1) + 1]
    framed = np.pad(axis.zeros_between(s), (d * (k - 1), d * (k - 1) + r))
    whole = np.correlate(framed, holes[::-1], mode="valid")
    counted = abs(r - axis.unread) + abs(outputs - len(delta))
    ledger("counting", counted, 0.0, label="eq-convback-dilated-frame")
    for label, printed, measured in (
        ("eq-convback-dilation", dX, axis.by_image),
        ("eq-convback-dilation", dW, axis.by_kernel),
        ("eq-convback-dilated-frame", whole, axis.by_padded),
    ):
        ledger("central differences", worst_error(printed, measured), 1e-7, label=label)


def shares_of(x, geometry):
    """Return the pairs (i, u) with ``u s + i d = x + p`` along one axis."""
    k, out, s, p, d = geometry
    return [(i, u) for i in range(k) for u in range(out) if u * s + i * d == x + p]


@pytest.mark.ledger("eq-convback-plane")
def test_the_plane_is_the_rule_of_one_axis_twice(ledger):
    errors = []
    for case in convolutions()[::4]:
        rng = np.random.default_rng(16)
        image, W = rng.standard_normal(case.shape[2:]), rng.standard_normal(case.size)
        delta = rng.standard_normal(case.windows)
        options = case.options | {"groups": 1}
        _, cache = conv2d_forward(image[None, None], W[None, None], np.zeros(1), **options)
        rows, columns = zip(
            case.size, case.windows, case.stride, case.padding, case.dilation, strict=True
        )
        dX = np.zeros_like(image)
        for y, x in np.ndindex(image.shape):
            for i, u in shares_of(y, rows):
                for j, v in shares_of(x, columns):
                    dX[y, x] += W[i, j] * delta[u, v]
        errors.append(worst_error(dX, conv2d_backward(delta[None, None], cache)[0][0, 0]))
    ledger("dlcore", max(errors), 1e-13)


# The operations of the printed array form, each as printed and nothing else.


def kron_cut(A, step, rows, columns):
    """``(A ⊗ e₁e₁ᵀ)`` with the slices that the page prints: 0 to (rows - 1) s + 1."""
    corner = np.zeros(step)
    corner[0, 0] = 1.0
    return np.kron(A, corner)[0 : (rows - 1) * step[0] + 1, 0 : (columns - 1) * step[1] + 1]


def framed(A, front, behind):
    return np.pad(A, tuple(zip(front, behind, strict=True)))


def star(K, A):
    return correlate2d(A, K, mode="valid")


def crop(A, padding):
    return A[padding[0] : len(A) - padding[0], padding[1] : A.shape[1] - padding[1]]


def printed_arrays(dZ, case, W):
    """Return dX of one example: eq-convback-arrays, from the inside out."""
    C, G, F = case.shape[1], case.groups, case.filters
    dX = []
    for c in range(C):
        g, total = c * G // C, 0.0
        for f in range(g * F // G, (g + 1) * F // G):
            hat = kron_cut(dZ[f], case.stride, *dZ[f].shape)
            hat_W = kron_cut(W[f, c - g * C // G], case.dilation, *case.size)
            front = [d * (k - 1) for d, k in zip(case.dilation, case.size, strict=True)]
            sizes = zip(case.shape[2:], case.padding, front, case.stride, strict=True)
            r = [(n + 2 * p - a - 1) % s for n, p, a, s in sizes]
            behind = [a + b for a, b in zip(front, r, strict=True)]
            total = total + star(hat_W[::-1, ::-1], framed(hat, front, behind))
        dX.append(crop(total, case.padding))
    return np.array(dX)


@pytest.mark.ledger("eq-convback-kron", "eq-convback-arrays")
def test_the_arrays_as_printed(ledger):
    errors, between = [], []
    for case in convolutions():
        rng = np.random.default_rng(16)
        X = rng.standard_normal((1, *case.shape[1:]))
        W = rng.standard_normal((case.filters, case.shape[1] // case.groups, *case.size))
        Z, cache = conv2d_forward(X, W, np.zeros(case.filters), **case.options)
        dZ = rng.standard_normal(Z.shape)
        dX = printed_arrays(dZ[0], case, W)
        assert dX.shape == X[0].shape
        errors.append(worst_error(dX, conv2d_backward(dZ, cache)[0][0]))
        zeros = np.zeros([(m - 1) * s + 1 for m, s in zip(Z.shape[2:], case.stride, strict=True)])
        zeros[:: case.stride[0], :: case.stride[1]] = dZ[0, 0]
        between.append(worst_error(kron_cut(dZ[0, 0], case.stride, *Z.shape[2:]), zeros))
    ledger(
        "another way: every s-th entry of zeros is set", max(between), 0.0, label="eq-convback-kron"
    )
    ledger("dlcore", max(errors), 1e-13, label="eq-convback-arrays")


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "size"), [(6, 3, 2, 0, 7), (9, 4, 3, 2, 15), (10, 2, 4, 0, 13)]
)
def test_without_the_cut_the_array_form_is_too_large(n, k, s, p, size):
    """The Kronecker product alone leaves zeros behind, too: what an earlier edition printed."""
    out, r = (n + 2 * p - k) // s + 1, (n + 2 * p - k) % s
    uncut = np.pad(np.kron(np.ones(out), np.eye(1, s)[0]), (k - 1, k - 1 + r))
    assert len(np.correlate(uncut, np.ones(k), mode="valid")) == size > n + 2 * p


@pytest.mark.ledger("eq-convback-groups")
@pytest.mark.parametrize(("C", "F", "G"), [(4, 6, 2), (6, 3, 3), (3, 3, 3), (2, 6, 2), (4, 4, 4)])
def test_groups(ledger, rng, C, F, G):
    X, W = rng.standard_normal((C, 6, 7)), rng.standard_normal((F, C // G, 3, 2))
    dZ = rng.standard_normal((F, 4, 6))
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    for g in range(G):
        for c in range(C // G):
            for f in range(g * F // G, (g + 1) * F // G):
                dX[g * C // G + c] += correlate2d(dZ[f], W[f, c, ::-1, ::-1], mode="full")
    for f, c in np.ndindex(F, C // G):
        dW[f, c] = star(dZ[f], X[f * G // F * (C // G) + c])
    _, cache = reference.conv2d_forward(X[None], W, np.zeros(F), groups=G)
    expected = reference.conv2d_backward(dZ[None], cache)
    ledger("loops", worst_error(dX, expected[0][0]), 1e-13, label="eq-convback-groups")
    ledger("loops", worst_error(dW, expected[1]), 1e-13, label="eq-convback-groups")


@pytest.mark.ledger("eq-convback-depthwise")
def test_depthwise(ledger, rng):
    X, W, dZ = (rng.standard_normal(shape) for shape in ((3, 6, 7), (3, 1, 3, 2), (3, 4, 6)))
    dX = [correlate2d(dZ[c], W[c, 0, ::-1, ::-1], mode="full") for c in range(3)]
    dW = [[star(dZ[c], X[c])] for c in range(3)]
    _, cache = reference.conv2d_forward(X[None], W, np.zeros(3), groups=3)
    for printed, loops in zip(
        ([dX], dW), reference.conv2d_backward(dZ[None], cache)[:2], strict=True
    ):
        ledger("loops", worst_error(printed, loops), 1e-13)


def printed_formula(dZ, X, W, case):
    """Return dX, dW and db by the sums as they are printed."""
    (F, _, kH, kW), (N, C, H, width), (oH, oW) = W.shape, X.shape, dZ.shape[2:]
    G, ((sH, sW), (pH, pW), (dH, dW_)) = case.groups, (case.stride, case.padding, case.dilation)
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    for n, c, y, x in np.ndindex(X.shape):
        g = c * G // C
        for f in range(g * F // G, (g + 1) * F // G):
            for i, j in np.ndindex(kH, kW):
                (u, over_u), (v, over_v) = divmod(y + pH - i * dH, sH), divmod(x + pW - j * dW_, sW)
                if over_u == over_v == 0 and 0 <= u < oH and 0 <= v < oW:
                    dX[n, c, y, x] += W[f, c - g * C // G, i, j] * dZ[n, f, u, v]
    for f, c, i, j in np.ndindex(W.shape):
        g = f * G // F
        for n, u, v in np.ndindex(N, oH, oW):
            y, x = u * sH + i * dH - pH, v * sW + j * dW_ - pW
            if 0 <= y < H and 0 <= x < width:
                dW[f, c, i, j] += dZ[n, f, u, v] * X[n, g * C // G + c, y, x]
    return dX, dW, dZ.sum(axis=(0, 2, 3))


@pytest.mark.ledger("eq-convback-all")
def test_all_cases(ledger):
    errors, differences = [], []
    for case in convolutions()[::6]:
        rng = np.random.default_rng(16)
        X, W = (rng.standard_normal(shape) for shape in (
            case.shape, (case.filters, case.shape[1] // case.groups, *case.size)
        ))  # fmt: skip
        _, cache = conv2d_forward(X, W, np.zeros(case.filters), **case.options)
        dZ = rng.standard_normal((len(X), case.filters, *case.windows))
        printed = printed_formula(dZ, X, W, case)
        pairs = zip(printed, conv2d_backward(dZ, cache), strict=True)
        errors += [worst_error(ours, library) for ours, library in pairs]
        step = rng.standard_normal(X.shape)
        more, less = (
            np.sum(dZ * conv2d_forward(X + e * step, W, np.zeros(case.filters), **case.options)[0])
            for e in (1e-5, -1e-5)
        )
        slope = np.sum(printed[0] * step)
        differences.append(abs((more - less) / 2e-5 - slope) / np.linalg.norm(printed[0]))
    ledger("dlcore", max(errors), 1e-13)
    ledger("central differences: along one direction", max(differences), 1e-7)


@pytest.mark.ledger("eq-convback-adjoint")
@pytest.mark.parametrize(("shape", "filters", "stride", "padding"), GEOMETRIES)
def test_the_transposed_convolution(ledger, rng, shape, filters, stride, padding):
    F, *size = filters
    X, W = rng.standard_normal(shape), rng.standard_normal((F, shape[1], *size))
    Z, cache = conv2d_forward(X, W, np.zeros(F), stride=stride, padding=padding)
    Y = rng.standard_normal(Z.shape)
    back, _, _ = conv2d_backward(Y, cache)
    gap = abs(np.sum(Z * Y) - np.sum(X * back)) / (np.linalg.norm(Z) * np.linalg.norm(Y))
    ledger("another way: the other inner product", gap, 1e-14)


@pytest.mark.ledger("eq-convback-columns", "eq-convback-col2im")
@pytest.mark.parametrize(("shape", "filters", "stride", "padding"), GEOMETRIES)
def test_columns(ledger, rng, shape, filters, stride, padding):
    (N, C, H, width), (F, kH, kW), (sH, sW), (pH, pW) = shape, filters, stride, padding
    X, W = rng.standard_normal(shape), rng.standard_normal((F, C, kH, kW))
    Z, cache = reference.conv2d_forward(X, W, np.zeros(F), stride=stride, padding=padding)
    dZ = rng.standard_normal(Z.shape)
    expected_dX, expected_dW, _ = reference.conv2d_backward(dZ, cache)
    oH, oW = Z.shape[2:]
    padded = np.pad(X, ((0, 0), (0, 0), (pH, pH), (pW, pW)))
    dW, dX = np.zeros((F, C * kH * kW)), np.zeros_like(X)
    for n in range(N):
        seen = sliding_window_view(padded[n], (kH, kW), axis=(1, 2))[:, ::sH, ::sW]
        col = seen.transpose(0, 3, 4, 1, 2).reshape(C * kH * kW, oH * oW)
        delta = dZ[n].reshape(F, -1)
        dW += delta @ col.T
        dcol = (W.reshape(F, -1).T @ delta).reshape(C, kH, kW, oH, oW)
        for c, i, j, u, v in np.ndindex(dcol.shape):
            y, x = u * sH + i - pH, v * sW + j - pW
            if 0 <= y < H and 0 <= x < width:
                dX[n, c, y, x] += dcol[c, i, j, u, v]
    error = worst_error(dW.reshape(W.shape), expected_dW)
    ledger("loops", error, 1e-13, label="eq-convback-columns")
    ledger("loops", worst_error(dX, expected_dX), 1e-13, label="eq-convback-col2im")


@pytest.mark.ledger("eq-convback-transposed-size")
def test_the_size_of_the_transposed_convolution(ledger):
    wrong, found, sizes = 0, {}, []
    for n in range(1, 14):
        for k, s, p, d in product((1, 2, 3), (1, 2, 3, 4), (0, 1, 2), (1, 2)):
            covers = d * (k - 1) + 1
            if n + 2 * p >= covers:
                out, r = (n + 2 * p - covers) // s + 1, (n + 2 * p - covers) % s
                wrong += n != s * (out - 1) + d * (k - 1) + 1 - 2 * p + r
                options = {"stride": (s, 1), "padding": (p, 0), "dilation": (d, 1)}
                Z, _ = conv_transpose2d_forward(
                    np.zeros((1, 1, out, 1)), np.zeros((1, 1, k, 1)), np.zeros(1),
                    **options, output_padding=(r, 0),
                )  # fmt: skip
                sizes.append(n - Z.shape[2])
                found.setdefault((k, s, p, d, out), set()).add(r)
    assert max(map(len, found.values())) == 4  # as many sizes as the stride become one
    ledger("counting", wrong, 0.0)
    ledger("dlcore: conv_transpose2d_forward", worst_error(sizes, np.zeros(len(sizes))), 0.0)


@pytest.mark.ledger("eq-convback-transposed", "eq-convback-transposed-backward")
def test_the_transposed_layer(ledger):
    """The sums over (i, u) and (j, v) as printed, and the two products with the convolution."""
    forward, backward = [], []
    for case in convolutions()[::6]:
        rng = np.random.default_rng(16)
        (_, F, *image), C, G = case.shape, case.filters, case.groups
        X, W = (rng.standard_normal(s) for s in ((1, C, *case.windows), (C, F // G, *case.size)))
        b, dZ = rng.standard_normal(F), rng.standard_normal((1, F, *image))
        rows, columns = zip(
            case.size, case.windows, case.stride, case.padding, case.dilation, strict=True
        )
        axes = zip(image, case.covered, case.stride, case.padding, strict=True)
        r = tuple((n + 2 * p - f) % s for n, f, s, p in axes)
        Z, cache = conv_transpose2d_forward(X, W, b, output_padding=r, **case.options)
        dX, dW, db = conv_transpose2d_backward(dZ, cache)
        printed = np.broadcast_to(b[:, None, None], Z[0].shape).copy()
        printed_X, printed_W = np.zeros_like(X), np.zeros_like(W)
        for f, y, x in np.ndindex(printed.shape):
            g = f * G // F
            for c in range(g * C // G, (g + 1) * C // G):
                own = c, f - g * F // G
                for (i, u), (j, v) in product(shares_of(y, rows), shares_of(x, columns)):
                    printed[f, y, x] += W[*own, i, j] * X[0, c, u, v]
                    printed_X[0, c, u, v] += W[*own, i, j] * dZ[0, f, y, x]
                    printed_W[*own, i, j] += X[0, c, u, v] * dZ[0, f, y, x]
        forward.append(worst_error(printed, Z[0]))
        pairs = (printed_X, dX), (printed_W, dW), (dZ.sum(axis=(0, 2, 3)), db)
        backward += [worst_error(*pair) for pair in pairs]
    ledger("dlcore", max(forward), 1e-13, label="eq-convback-transposed")
    ledger("dlcore", max(backward), 1e-13, label="eq-convback-transposed-backward")
