"""The equations of chapter 15, measured."""

import numpy as np
import pytest
from scipy import signal

from dlcore import geometry
from dlcore.layers import Conv2d, conv2d_backward, conv2d_forward
from tests.measure import worst_error

GEOMETRIES = [(n, f, s, p) for n in range(1, 14) for f in range(1, 6) for s in range(1, 5)
              for p in range(4) if f <= n + 2 * p]  # fmt: skip


def correlate(X, K, stride=1, padding=0, dilation=1):
    """Convolve one plane by dlcore."""
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    Z, _ = conv2d_forward(X[None, None], K[None, None], np.zeros(1), **options)
    return Z[0, 0]


def starts(n, f, s, p):
    """List every place where a window fits into the padded pixels."""
    return [t for t in range(0, n + 2 * p, s) if t + f <= n + 2 * p]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.ledger("eq-conv-parameters")
def test_parameters(ledger, rng):
    found, printed = [], []
    for C, F, kH, kW in [(3, 3, 5, 5), (1, 6, 5, 5), (4, 7, 3, 2)]:
        found.append(sum(a.size for a in Conv2d(C, F, (kH, kW)).init(rng).values()))
        printed.append(F * (C * kH * kW + 1))
    ledger("counting: the layer's parameters", worst_error(found, printed), 0.0)
    ledger("by hand", worst_error(found[:2], [228, 156]), 0.0)


@pytest.mark.ledger("eq-conv-shift", "eq-conv-invariant")
def test_a_shift_by_a_multiple_of_the_stride_passes_through(ledger, rng):
    X, K, moved, sums = np.zeros((20, 20)), rng.standard_normal((3, 3)), [], []
    X[5:9, 5:9] = rng.standard_normal((4, 4))
    for s in (1, 2, 3):
        before = correlate(X, K, s, 1)
        for by in [(1, 0), (0, 2), (1, -1)]:
            after = correlate(np.roll(X, np.multiply(by, s), axis=(0, 1)), K, s, 1)
            moved.append(worst_error(after, np.roll(before, by, axis=(0, 1))))
            for phi in (np.square, np.tanh, np.abs):
                sums.append(abs(phi(after).sum() - phi(before).sum()))
    ledger("dlcore: conv2d", max(moved), 1e-14, label="eq-conv-shift")
    ledger("dlcore: conv2d", max(sums), 1e-12, label="eq-conv-invariant")
    between = correlate(np.roll(X, 1, axis=0), K, 2, 1)
    assert abs(np.square(between).sum() - np.square(correlate(X, K, 2, 1)).sum()) > 0.1


@pytest.mark.ledger("eq-conv-flip")
def test_convolution_turns_the_kernel(ledger, rng):
    X, K = rng.standard_normal((6, 7)), rng.standard_normal((3, 3))
    true = signal.convolve2d(X, K, mode="valid")
    ledger("SciPy: convolve2d", worst_error(correlate(X, np.rot90(K, 2)), true), 1e-14)
    loops = [  # the definition, where all pixels exist
        [sum(K[i, j] * X[u - i, v - j] for i in range(3) for j in range(3)) for v in range(2, 7)]
        for u in range(2, 6)
    ]
    ledger("loops", worst_error(correlate(X, np.rot90(K, 2)), loops), 1e-14)


@pytest.mark.ledger("eq-conv-algebra")
def test_true_convolution_commutes_and_associates(ledger, rng):
    A, B, X = (rng.standard_normal(shape) for shape in [(3, 3), (2, 3), (5, 6)])

    def true(K, X):
        f, g = K.shape
        return correlate(np.pad(X, ((f - 1, f - 1), (g - 1, g - 1))), np.rot90(K, 2))

    ledger("another way: B * A", worst_error(true(A, B), true(B, A)), 1e-14)
    both = worst_error(true(A, true(B, X)), true(true(A, B), X))
    ledger("another way: (A * B) * X", both, 1e-14)


@pytest.mark.ledger("eq-conv-composed")
def test_two_correlations_are_one_with_the_true_convolution_of_their_kernels(ledger, rng):
    A, B, X = (rng.standard_normal(shape) for shape in [(3, 2), (2, 3), (8, 9)])
    one = [  # sum_ij A_ij B_(m - i)(n - j), as printed
        [sum(A[i, j] * B[m - i, n - j] for i in range(3) for j in range(2)
             if 0 <= m - i < 2 and 0 <= n - j < 3) for n in range(4)]
        for m in range(4)
    ]  # fmt: skip
    twice = correlate(correlate(X, B), A)
    ledger("dlcore: conv2d", worst_error(correlate(X, np.array(one)), twice), 1e-13)
    ledger("SciPy: convolve2d", worst_error(signal.convolve2d(A, B), one), 1e-14)
    swapped = correlate(correlate(X, A), B)
    ledger("another way: the other order", worst_error(swapped, twice), 1e-13)
    cross = signal.correlate2d(A, B)
    assert not np.allclose(cross, signal.correlate2d(B, A))  # it does not commute,
    assert not np.allclose(correlate(X, cross), twice)  # nor associate
    np.testing.assert_allclose(cross, np.rot90(signal.correlate2d(B, A), 2))


@pytest.mark.ledger("eq-conv-channels")
def test_channels_are_summed(ledger, rng):
    X, K = rng.standard_normal((3, 6, 5)), rng.standard_normal((3, 2, 3))
    Z, _ = conv2d_forward(X[None], K[None], np.zeros(1))
    planes = sum(signal.correlate2d(X[c], K[c], mode="valid") for c in range(3))
    ledger("SciPy: correlate2d, a channel at a time", worst_error(Z[0, 0], planes), 1e-14)


@pytest.mark.ledger("eq-conv-size", "eq-conv-dropped")
def test_size_and_what_is_dropped(ledger):
    printed, counted = [], []
    for n, f, s, p in GEOMETRIES:
        printed.append(geometry.windows(n, f, stride=s, padding=p))
        assert printed[-1] == ((n + 2 * p - f) // s + 1, (n + 2 * p - f) % s)
        found = starts(n, f, s, p)
        counted.append((len(found), n + 2 * p - (found[-1] + f)))
        assert correlate(np.ones((n, n)), np.ones((f, f)), s, p).shape == (printed[-1][0],) * 2
    (sizes, rests), (windows, left) = zip(*printed, strict=True), zip(*counted, strict=True)
    ledger("counting: the windows", worst_error(sizes, windows), 0.0, label="eq-conv-size")
    ledger("counting: the windows", worst_error(rests, left), 0.0, label="eq-conv-dropped")


@pytest.mark.ledger("eq-conv-regimes")
def test_valid_half_and_full(ledger):
    printed, found = [], []
    for n in range(5, 12):
        for k in (1, 3, 5):
            regimes = (n - k + 1, n, n + k - 1)
            paddings = (0, (k - 1) // 2, k - 1)
            for size, p in zip(regimes, paddings, strict=True):
                printed.append([size] * 2)
                found.append(correlate(np.ones((n, n)), np.ones((k, k)), 1, p).shape)
            more = correlate(np.ones((n, n)), np.ones((k, k)), 1, k)
            assert not more[0].any()  # beyond the full one: zeros
            assert more[1].any()
    ledger("dlcore: conv2d", worst_error(printed, found), 0.0)


@pytest.mark.ledger("eq-conv-total")
def test_padding_for_a_given_size(ledger):
    printed, needed = [], []
    for n in range(1, 14):
        for k in range(1, 6):
            for s in range(1, 6):
                out = -(-n // s)
                printed.append(max(0, (out - 1) * s + k - n))
                assert sum(geometry.same_padding(n, k, stride=s)) == printed[-1]
                fits = (t for t in range(30) if n + t >= k and (n + t - k) // s + 1 >= out)
                needed.append(next(fits))
    ledger("counting: the least that is enough", worst_error(printed, needed), 0.0)
    ledger("by hand", worst_error([geometry.same_padding(4, 1, stride=2)], [(0, 0)]), 0.0)


@pytest.mark.ledger("eq-conv-same", "eq-conv-same-size")
def test_same(ledger):
    sizes, expected, strided, rounded = [], [], [], []
    for n in range(5, 14):
        for f in (1, 3, 5):
            p, X, K = (f - 1) // 2, np.ones((n, n)), np.ones((f, f))
            sizes.append(correlate(X, K, 1, p).shape)
            expected.append((n, n))
            for s in range(1, 5):
                assert correlate(X, K, s, p).shape[0] == len(starts(n, f, s, p))
                strided.append(correlate(X, K, s, p).shape)
                rounded.append([np.ceil(n / s)] * 2)
    ledger("dlcore: conv2d", worst_error(sizes, expected), 0.0, label="eq-conv-same")
    ledger("dlcore: conv2d", worst_error(strided, rounded), 0.0, label="eq-conv-same-size")


@pytest.mark.ledger("eq-conv-uses")
def test_how_often_a_pixel_is_read(ledger):
    errors = []
    for n, f, s, p in GEOMETRIES:
        y, out = np.arange(p, n + p), (n + 2 * p - f) // s + 1
        last = np.minimum(np.floor(y / s), out - 1)
        uses = last - np.maximum(0, np.ceil((y - f + 1) / s)) + 1
        uses = np.maximum(uses, 0)
        np.testing.assert_array_equal(geometry.uses(n, f, stride=s, padding=p), uses)
        Z, cache = conv2d_forward(
            np.ones((1, 1, n, n)), np.ones((1, 1, f, f)), np.zeros(1), stride=s, padding=p
        )
        read = conv2d_backward(np.ones_like(Z), cache)[0][0, 0]
        errors.append(worst_error(read, np.outer(uses, uses)))
    ledger("dlcore: conv2d_backward", max(errors), 0.0)


@pytest.mark.ledger("eq-conv2d")
def test_the_notes_example(ledger):
    X = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0],
                  [0, 1, 1, 0, 0]], dtype=float)  # fmt: skip
    K = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], dtype=float)
    printed = {
        (1, 0): [[4, 3, 4], [2, 4, 3], [2, 3, 4]],
        (2, 0): [[4, 4], [2, 4]],
        (2, 1): [[2, 3, 1], [1, 4, 3], [0, 2, 1]],
    }
    errors = [worst_error(correlate(X, K, s, p), Z) for (s, p), Z in printed.items()]
    ledger("by hand: the notes' numbers", max(errors), 0.0)


@pytest.mark.ledger("eq-conv-centered")
def test_centered_form(ledger, rng):
    x, errors = rng.standard_normal(11), []
    for d, s, p in [(1, 1, 0), (1, 2, 1), (2, 1, 0), (2, 3, 1), (2, 2, 4)]:
        K = rng.standard_normal(2 * d + 1)
        out = (11 + 2 * p - len(K)) // s + 1
        at = dict(enumerate(x))
        Z = [
            sum(K[i + d] * at.get(u * s + i + (d - p), 0.0) for i in range(-d, d + 1))
            for u in range(out)
        ]
        W = K.reshape(1, 1, 1, -1)
        expected, _ = conv2d_forward(
            x.reshape(1, 1, 1, -1), W, np.zeros(1), stride=(1, s), padding=(0, p)
        )
        errors.append(worst_error(Z, expected[0, 0, 0]))
    ledger("dlcore: conv2d", max(errors), 1e-14)


@pytest.mark.ledger("eq-conv-matrix", "eq-conv-transpose", "eq-conv-im2col")
def test_matrix_transpose_and_columns(ledger, rng):
    errors = {"eq-conv-matrix": [], "eq-conv-transpose": [], "eq-conv-im2col": []}
    for s, p in [(1, 0), (2, 1), (3, 2)]:
        X, W, b = (rng.standard_normal(a) for a in [(1, 2, 6, 5), (3, 2, 3, 2), (3,)])
        Z, cache = conv2d_forward(X, W, b, stride=s, padding=p)
        _, F, oH, oW = Z.shape
        M, col = np.zeros((*Z[0].shape, *X[0].shape)), np.zeros((2, 3, 2, oH, oW))
        for u, v, c, y, x in np.ndindex(oH, oW, *X[0].shape):
            i, j = y - u * s + p, x - v * s + p
            if 0 <= i < 3 and 0 <= j < 2:
                M[:, u, v, c, y, x] = W[:, c, i, j]
                col[c, i, j, u, v] = X[0, c, y, x]
        M = M.reshape(Z.size, X.size)
        affine = M @ X.ravel() + np.repeat(b, oH * oW)
        errors["eq-conv-matrix"].append(worst_error(affine, Z.ravel()))
        product = W.reshape(F, -1) @ col.reshape(12, -1) + b[:, None]
        errors["eq-conv-im2col"].append(worst_error(product, Z.reshape(F, -1)))
        dZ = rng.standard_normal(Z.shape)
        dX, _, _ = conv2d_backward(dZ, cache)
        errors["eq-conv-transpose"].append(worst_error(M.T @ dZ.ravel(), dX.ravel()))
    for label, found in errors.items():
        ledger("dlcore: conv2d", max(found), 1e-14, label=label)


@pytest.mark.ledger("eq-conv-field")
def test_receptive_field(ledger):
    printed, measured = [], []
    for layers in ([(3, 1)] * 3, [(3, 2), (3, 1)], [(5, 1), (2, 2), (5, 1)], [(2, 3), (3, 2)]):
        r = jump = 1  # as printed, below
        A, caches = np.ones((1, 1, 40, 40)), []
        for f, s in layers:
            r, jump = r + (f - 1) * jump, jump * s
            A, cache = conv2d_forward(A, np.ones((1, 1, f, f)), np.zeros(1), stride=s)
            caches.append(cache)
        dA = np.zeros_like(A)
        dA[0, 0, 1, 1] = 1.0
        for cache in reversed(caches):
            dA, _, _ = conv2d_backward(dA, cache)
        reached = np.flatnonzero(dA.any(axis=(0, 1, 2)))
        assert geometry.receptive_field(layers) == (r, jump)
        printed.append(r)
        measured.append(reached[-1] - reached[0] + 1)
    ledger("counting: pixels with a gradient", worst_error(printed, measured), 0.0)


@pytest.mark.ledger("eq-conv-dilation")
def test_dilation(ledger, rng):
    printed, seen, sizes, windows = [], [], [], []
    for f in (1, 2, 3, 5):
        for delta in (1, 2, 3):
            covered = delta * (f - 1) + 1
            Z, cache = conv2d_forward(
                np.ones((1, 1, 1, 15)), np.ones((1, 1, 1, f)), np.zeros(1), dilation=(1, delta)
            )
            dZ = np.zeros_like(Z)
            dZ[..., 0] = 1
            pixels = np.flatnonzero(conv2d_backward(dZ, cache)[0])
            printed.append(covered)
            seen.append(pixels[-1] - pixels[0] + 1)
            sizes.append(Z.shape[3])
            windows.append(len(starts(15, covered, 1, 0)))  # the size, with it in place of f
    ledger("counting: pixels with a gradient", worst_error(printed, seen), 0.0)
    ledger("counting: the windows", worst_error(windows, sizes), 0.0)
    K, X = rng.standard_normal((3, 3)), rng.standard_normal((9, 8))
    holes = np.zeros((5, 5))
    holes[::2, ::2] = K
    loops = [
        [sum(K[i, j] * X[u + 2 * i, v + 2 * j] for i in range(3) for j in range(3))
         for v in range(4)] for u in range(5)
    ]  # fmt: skip
    ledger("loops", worst_error(correlate(X, K, dilation=2), loops), 1e-14)
    ledger("another way: zeros between", worst_error(correlate(X, holes), loops), 1e-14)


@pytest.mark.ledger("eq-conv-grouped")
def test_groups_read_their_own_channels(ledger, rng):
    errors = []
    for C, F, G in [(4, 6, 2), (3, 3, 3), (6, 4, 2), (2, 3, 1)]:
        X, W = rng.standard_normal((1, C, 6, 5)), rng.standard_normal((F, C // G, 3, 2))
        b = rng.standard_normal(F)
        Z, _ = conv2d_forward(X, W, b, stride=2, padding=1, groups=G)
        padded, printed = np.pad(X[0], ((0, 0), (1, 1), (1, 1))), np.zeros_like(Z[0])
        for f, u, v in np.ndindex(printed.shape):
            g = f * G // F
            printed[f, u, v] = b[f] + sum(
                W[f, c, i, j] * padded[g * C // G + c, 2 * u + i, 2 * v + j]
                for c, i, j in np.ndindex(W.shape[1:])
            )
        errors.append(worst_error(printed, Z[0]))
    ledger("loops", max(errors), 1e-13)


@pytest.mark.ledger("eq-conv-cost")
def test_weights_and_multiplications(ledger, rng):
    found, counted = [], []
    for C, F, G, k, n in [(4, 6, 2, 3, 6), (3, 3, 3, 2, 5), (5, 2, 1, 1, 4)]:
        W, X, b = Conv2d(C, F, k, groups=G).init(rng)["W"], np.ones((1, C, n, n)), np.zeros(F)
        Z, _ = conv2d_forward(X, W, b, groups=G)
        found.append(geometry.conv_cost(C, F, (k, k), Z.shape[2:], groups=G))
        products = 0  # pairs of a weight and an output that it enters
        for at in range(W.size):
            one = np.eye(1, W.size, at).reshape(W.shape)
            products += np.count_nonzero(conv2d_forward(X, one, b, groups=G)[0])
        counted.append((W.size, products))
    ledger("counting: the layer's weights and products", worst_error(found, counted), 0.0)


@pytest.mark.ledger("eq-conv-separable", "eq-conv-separable-share")
def test_a_separable_pair_is_one_layer(ledger, rng):
    K, V = rng.standard_normal((4, 1, 3, 2)), rng.standard_normal((6, 4, 1, 1))
    X = rng.standard_normal((2, 4, 7, 6))
    first, _ = conv2d_forward(X, K, np.zeros(4), groups=4)
    pair, _ = conv2d_forward(first, V, np.zeros(6))
    W = np.array([[[[V[f, c, 0, 0] * K[c, 0, i, j] for j in range(2)] for i in range(3)]
                   for c in range(4)] for f in range(6)])  # fmt: skip
    whole, _ = conv2d_forward(X, W, np.zeros(6))
    ledger("dlcore: conv2d", worst_error(whole, pair), 1e-13, label="eq-conv-separable")
    errors = []
    for C, F, kH, kW in [(4, 6, 3, 2), (64, 64, 3, 3), (256, 128, 5, 5)]:
        depthwise, _ = geometry.conv_cost(C, C, (kH, kW), (1, 1), groups=C)
        mixing, _ = geometry.conv_cost(C, F, (1, 1), (1, 1))
        full, _ = geometry.conv_cost(C, F, (kH, kW), (1, 1))
        errors.append(abs((depthwise + mixing) / full - (1 / F + 1 / (kH * kW))))
    ledger("counting: the weights", max(errors), 1e-15, label="eq-conv-separable-share")
