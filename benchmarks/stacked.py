"""Many small networks that train side by side: their parameters are the rows of one array.

The layers are affine, with ReLU in between. A step costs about as many NumPy calls as that of one
network, so some thirty draws take the time of two or three.
"""

import itertools

import numpy as np

from dlcore.initializers import he_normal


def starts(rngs, sizes):
    """Return He's start weights and zero biases, a row for each generator, (S, P)."""
    return np.array([np.concatenate([part.ravel() for part in _start(rng, sizes)]) for rng in rngs])


def _start(rng, sizes):
    for d_in, d_out in itertools.pairwise(sizes):
        yield he_normal(rng, (d_out, d_in), d_in, d_out)
        yield np.zeros(d_out)


def scores(theta, X, sizes):
    """Return the scores (S, N, D_out) of inputs (S, N, D_in), and what ``gradient`` needs."""
    A, kept, at = X, [], 0
    for layer, (d_in, d_out) in enumerate(itertools.pairwise(sizes)):
        A = np.maximum(A, 0) if layer else A
        W = theta[:, at : at + d_out * d_in].reshape(-1, d_out, d_in)
        b = theta[:, at + d_out * d_in : at + d_out * d_in + d_out]
        kept.append((A, W, at))
        A = A @ W.transpose(0, 2, 1) + b[:, np.newaxis]
        at += d_out * d_in + d_out
    return A, kept


def gradient(dscores, kept, theta):
    """Return the gradients of all parameters, (S, P)."""
    found, delta = np.empty_like(theta), dscores
    for layer in range(len(kept) - 1, -1, -1):
        A, W, at = kept[layer]
        S, d_out, d_in = W.shape
        found[:, at : at + d_out * d_in] = (delta.transpose(0, 2, 1) @ A).reshape(S, -1)
        found[:, at + d_out * d_in : at + d_out * d_in + d_out] = delta.sum(axis=1)
        if layer:
            delta = (delta @ W) * (A > 0)
    return found


def loss(found, labels):
    """Return each network's cost (S,) and its derivative by the scores: logistic or softmax."""
    N = labels.shape[1]
    if found.shape[2] == 1:
        z, y = found[..., 0], labels
        costs = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
        return costs.mean(axis=1), ((1 / (1 + np.exp(-np.clip(z, -500, 500))) - y) / N)[..., None]
    shifted = found - found.max(axis=2, keepdims=True)
    powers = np.exp(shifted)
    sums = powers.sum(axis=2, keepdims=True)
    own = labels[..., np.newaxis]
    costs = np.log(sums[..., 0]) - np.take_along_axis(shifted, own, axis=2)[..., 0]
    slopes = powers / sums
    np.put_along_axis(slopes, own, np.take_along_axis(slopes, own, axis=2) - 1, axis=2)
    return costs.mean(axis=1), slopes / N


def train(theta, X, y, sizes, optimizer, batch_size, epochs, rngs, rate_of=None):
    """Train all networks, each with its own data (a row of X and y) and its own order.

    Parameters
    ----------
    rate_of : callable, optional
        Takes the share of the steps that are done, returns an optimizer for the next step.
    """
    S, N = y.shape
    rows, state = np.arange(S)[:, np.newaxis], optimizer.init(theta)
    per_epoch = -(-N // batch_size)
    for epoch in range(epochs):
        order = np.array([rng.permutation(N) for rng in rngs])
        for number in range(per_epoch):
            if rate_of:
                optimizer = rate_of((epoch * per_epoch + number) / (epochs * per_epoch))
            batch = order[:, number * batch_size : (number + 1) * batch_size]
            found, kept = scores(theta, X[rows, batch], sizes)
            _, dscores = loss(found, y[rows, batch])
            theta, state = optimizer.update(theta, gradient(dscores, kept, theta), state)
    return theta


def ends(theta, X, y, sizes):
    """Return cost and accuracy of each network; a cost above that of guessing counts as guessing.

    Parameters
    ----------
    X : array, shape (S, N, D_in)
    y : array of int, shape (S, N)

    Returns
    -------
    costs : list of float
    accuracies : list of float
        In percent.
    """
    found, _ = scores(theta, X, sizes)
    costs, _ = loss(found, y)
    guess = np.log(max(2, found.shape[2]))
    costs = np.where(costs < guess, costs, guess)  # nan too
    said = found[..., 0] > 0 if found.shape[2] == 1 else found.argmax(axis=2)
    right = 100 * np.mean(said == y, axis=1)
    return np.round(costs, 5).tolist(), np.round(right, 2).tolist()


def moons_and_digits(task, seeds, n):
    """Return training and test sets (S, N, D), (S, N) drawn from these seeds, and generators."""
    from dlcore.datasets import digits, moons

    rngs = [np.random.default_rng([seed, 12]) for seed in seeds]
    if task == "moons":
        sets = [(moons(rng, n), moons(rng, 1000)) for rng in rngs]
        learned, held_out = zip(*sets, strict=True)
        parts = [tuple(np.array(part) for part in zip(*side, strict=True))
                 for side in (learned, held_out)]  # fmt: skip
        return parts[0], parts[1], rngs
    images, labels = digits()
    pixels = images.reshape(len(images), -1) / 16
    places = np.array([rng.permutation(len(pixels)) for rng in rngs])
    learned, held_out = places[:, :n], places[:, n:]
    return (pixels[learned], labels[learned]), (pixels[held_out], labels[held_out]), rngs
