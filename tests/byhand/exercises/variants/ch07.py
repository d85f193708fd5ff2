"""Right answers of chapter 07 in other styles."""

import math

import numpy as np

from dlcore.activations import log_softmax, sigmoid


def tanh_loss_by_loops(a, y):
    out = np.zeros(a.shape)
    for i in np.ndindex(a.shape):
        p, t = (1 + a[i]) / 2, (1 + y[i]) / 2
        out[i] = -t * math.log(p) - (1 - t) * math.log(1 - p)
    return out


def tanh_loss_log1p(a, y):
    return np.log(2) - ((1 + y) * np.log1p(a) + (1 - y) * np.log1p(-a)) / 2


def hinge_by_loops(s, y):
    ds = np.zeros_like(s)
    for i in range(len(s)):
        if i != y and s[i] - s[y] + 1 > 0:
            ds[i] += 1
            ds[y] -= 1
    return ds


def hinge_in_place(s, y):
    ds = np.where(s > s[y] - 1, 1.0, 0.0)
    ds[y] = 0
    ds[y] = -np.sum(ds)
    return ds


def beta_by_examples(S, y, beta):
    slope = curvature = 0.0
    for s, k in zip(S, y, strict=True):
        e = np.exp(beta * (s - s.max()))
        p = e / e.sum()
        slope += (p @ s - s[k]) / len(y)
        curvature += (p @ s**2 - (p @ s) ** 2) / len(y)
    return slope, curvature


def beta_from_the_jacobian(S, y, beta):
    P = np.exp(log_softmax(beta * S))
    hot = np.eye(S.shape[1])[y]
    slope = np.einsum("nc,nc->n", P - hot, S).mean()
    spread = np.einsum("nc,nc->n", P * S, S) - np.einsum("nc,nc->n", P, S) ** 2
    return float(slope), float(spread.mean())


def waiting_by_loops(s, y):
    ds, total = np.zeros(len(s)), 0.0
    for n, (score, time) in enumerate(zip(s, y, strict=True)):
        rate = math.exp(score)
        total -= math.log(rate) - rate * time
        ds[n] = (rate * time - 1) / len(s)
    return total / len(s), ds


def waiting_from_the_rate(s, y):
    rate = np.exp(s)
    by_rate = (y - 1 / rate) / s.size  # then the chain rule
    return -(np.log(rate) - rate * y).mean(), by_rate * rate


def gaussian_by_variance(mu, r, y):
    v, N = np.exp(r), y.size
    d = mu - y
    return (np.log(v) + d * d / v).sum() / 2 / N, d / v / N, (v - d * d) / (2 * v * N)


def gaussian_by_loops(mu, r, y):
    N, value, dmu, dr = len(y), 0.0, np.zeros(len(y)), np.zeros(len(y))
    for n in range(N):
        u = (y[n] - mu[n]) / math.exp(r[n] / 2)
        value += (r[n] + u * u) / (2 * N)
        dmu[n], dr[n] = -u / math.exp(r[n] / 2) / N, (1 - u * u) / (2 * N)
    return value, dmu, dr


def below_by_epochs(w, b, x, rate):
    for epoch in range(100_000):
        a = 1 / (1 + math.exp(-(w * x + b)))
        if a < 0.5:
            return epoch
        step = rate * a**2 * (1 - a)
        w -= step * x
        b -= step
    return None


def below_by_the_score(w, b, x, rate):
    z, n = w * x + b, 0
    while z >= 0:
        a = 1 / (1 + np.exp(-z))
        z -= rate * a * a * (1 - a) * (x * x + 1)
        n += 1
    return n


def pull_by_power(m):
    return (1 - sigmoid(m)) * np.power(sigmoid(m), 0.25)


def pull_with_a_window(m):
    return np.where(m < 1, np.exp(-np.maximum(-m, 0.0) / 4), 0.0)


VARIANTS = {
    "tanh-loss": [tanh_loss_by_loops, tanh_loss_log1p],
    "softmax-backward": [
        lambda dP, P: P * dP - P * np.einsum("nc,nc->n", P, dP)[:, None],
        lambda dP, P: P * (dP - (P * dP).sum(1).reshape(-1, 1)),
    ],
    "hinge-gradient": [hinge_by_loops, hinge_in_place],
    "log-sum-exp": [
        lambda S: np.logaddexp.reduce(S, axis=1),
        lambda S: np.array([max(s) + math.log(sum(math.exp(v - max(s)) for v in s)) for s in S]),
    ],
    "temperature-slope": [beta_by_examples, beta_from_the_jacobian],
    "waiting-loss": [waiting_by_loops, waiting_from_the_rate],
    "gaussian-bug": [gaussian_by_variance, gaussian_by_loops],
    "plateau-input": [below_by_epochs, below_by_the_score],
    "robust-pull": [pull_by_power, pull_with_a_window],
}
