"""The equations of chapter 16, measured."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d

from dlcore import reference
from dlcore.gradcheck import numerical_gradient
from dlcore.layers import conv2d_backward, conv2d_forward
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
    (x11, x12, x13), (x21, x22, x23), (x31, x32, x33) = x
    (w11, w12), (w21, w22), (d11, d12), (d21, d22) = *w, *d
    four = [
        [w11 * x11 + w12 * x12 + w21 * x21 + w22 * x22,
         w11 * x12 + w12 * x13 + w21 * x22 + w22 * x23],
        [w11 * x21 + w12 * x22 + w21 * x31 + w22 * x32,
         w11 * x22 + w12 * x23 + w21 * x32 + w22 * x33],
    ]  # fmt: skip
    nine = [
        [d11 * w11, d11 * w12 + d12 * w11, d12 * w12],
        [d11 * w21 + d21 * w11, d11 * w22 + d12 * w21 + d21 * w12 + d22 * w11,
         d12 * w22 + d22 * w12],
        [d21 * w21, d21 * w22 + d22 * w21, d22 * w22],
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


@pytest.mark.ledger("eq-convback-stride-weights", "eq-convback-stride", "eq-convback-remainder",
                    "eq-convback-frame", "eq-convback-crop")  # fmt: skip
@pytest.mark.parametrize(
    ("n", "k", "s", "p"), [(9, 3, 2, 0), (8, 3, 2, 0), (10, 2, 4, 0), (9, 4, 3, 2)]
)
def test_one_axis(ledger, rng, n, k, s, p):
    X, W, padded_size = rng.standard_normal(n), rng.standard_normal(k), n + 2 * p
    outputs = (padded_size - k) // s + 1
    delta = rng.standard_normal(outputs)
    r = (padded_size - k) % s

    def loss(padded, W):
        windows = sliding_window_view(padded, k)[::s]
        return np.sum(delta * (windows @ W))

    padded = np.pad(X, p)
    dW = [sum(delta[u] * padded[u * s + i] for u in range(outputs)) for i in range(k)]
    divisible = np.zeros(padded_size)
    for y in range(padded_size):
        for i in range(k):
            if (y - i) % s == 0 and 0 <= (y - i) // s < outputs:
                divisible[y] += W[i] * delta[(y - i) // s]
    between = np.kron(delta, np.eye(1, s)[0])[: (outputs - 1) * s + 1]
    framed = np.correlate(np.pad(between, (k - 1, k - 1 + r)), W[::-1], mode="valid")
    by_padded = numerical_gradient(lambda padded: loss(padded, W), padded)
    by_kernel = numerical_gradient(lambda W: loss(padded, W), W)
    by_picture = numerical_gradient(lambda X: loss(np.pad(X, p), W), X)
    unread = padded_size - 1 - max(u * s + k - 1 for u in range(outputs))
    ledger("counting", abs(r - unread), 0.0, label="eq-convback-remainder")
    for label, printed, measured in (
        ("eq-convback-stride-weights", dW, by_kernel),
        ("eq-convback-stride", divisible, by_padded),
        ("eq-convback-frame", framed, by_padded),
        ("eq-convback-crop", framed[p : p + n], by_picture),
    ):
        ledger("central differences", worst_error(printed, measured), 1e-7, label=label)


def between_and_around(dZ, size, stride, remainder):
    """Insert zeros by the Kronecker product, cut those behind, and frame."""
    unit = np.zeros(stride)
    unit[0, 0] = 1.0
    rows, columns = ((o - 1) * s + 1 for o, s in zip(dZ.shape, stride, strict=True))
    around = [(k - 1, k - 1 + r) for k, r in zip(size, remainder, strict=True)]
    return np.pad(np.kron(dZ, unit)[:rows, :columns], around)


@pytest.mark.ledger("eq-convback-kron", "eq-convback-arrays", "eq-convback-all")
@pytest.mark.parametrize(("shape", "filters", "stride", "padding"), GEOMETRIES)
def test_all_cases(ledger, rng, shape, filters, stride, padding):
    (N, C, H, width), (F, *size), (pH, pW) = shape, filters, padding
    X, W = rng.standard_normal(shape), rng.standard_normal((F, C, *size))
    b, options = rng.standard_normal(F), {"stride": stride, "padding": padding}
    Z, cache = reference.conv2d_forward(X, W, b, **options)
    dZ = rng.standard_normal(Z.shape)
    expected = reference.conv2d_backward(dZ, cache)
    padded = (H + 2 * pH, width + 2 * pW)
    left = [(n - k) % s for n, k, s in zip(padded, size, stride, strict=True)]
    dX = np.zeros_like(X)
    for n, c, f in np.ndindex(N, C, F):
        framed = between_and_around(dZ[n, f], size, stride, left)
        whole = correlate2d(framed, W[f, c, ::-1, ::-1], mode="valid")
        dX[n, c] += whole[pH : pH + H, pW : pW + width]
    ledger("loops", worst_error(dX, expected[0]), 1e-13, label="eq-convback-kron")
    ledger("loops", worst_error(dX, expected[0]), 1e-13, label="eq-convback-arrays")
    printed = printed_formula(dZ, X, W, stride, padding)
    for ours, loops in zip(printed, expected, strict=True):
        ledger("loops", worst_error(ours, loops), 1e-13, label="eq-convback-all")

    def loss(X):
        return np.sum(dZ * conv2d_forward(X, W, b, **options)[0])

    difference = worst_error(printed[0], numerical_gradient(loss, X))
    ledger("central differences", difference, 1e-7, label="eq-convback-all")


def printed_formula(dZ, X, W, stride, padding):
    """Gather dX from the entries that divide, as printed; scatter dW."""
    (sH, sW), (pH, pW), (oH, oW) = stride, padding, dZ.shape[2:]
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    for c, y, x in np.ndindex(X.shape[1:]):
        for i, j in np.ndindex(W.shape[2:]):
            (u, over_u), (v, over_v) = divmod(y + pH - i, sH), divmod(x + pW - j, sW)
            if over_u == over_v == 0 and 0 <= u < oH and 0 <= v < oW:
                dX[:, c, y, x] += dZ[:, :, u, v] @ W[:, c, i, j]
                dW[:, c, i, j] += dZ[:, :, u, v].T @ X[:, c, y, x]
    return dX, dW, dZ.sum(axis=(0, 2, 3))


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
