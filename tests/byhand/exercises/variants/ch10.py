"""Right answers of chapter 10 in other styles."""

import math

import numpy as np


def clip_with_if(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g * (max_norm / norm) if norm > max_norm else g.copy() for g in grads]


def factor_by_columns(Ws, slopes):
    total = 1.0
    for W, slope in zip(Ws, slopes, strict=True):
        total *= (W**2).sum(axis=0).mean() * np.sum(slope**2) / slope.size
    return total


def looseness_of_logs(Ws, x):
    bound, z = math.log(np.linalg.norm(x)), x
    for W in Ws:
        bound += math.log(np.linalg.norm(W, 2))
        z = W.dot(z)
    return math.exp(bound - math.log(np.linalg.norm(z)))


def looseness_of_gram(Ws, x):
    factor, z = 1.0, x[:, np.newaxis]
    for W in Ws:
        factor *= math.sqrt(np.linalg.eigvalsh(W.T @ W)[-1])
        z = W @ z
    return factor * math.sqrt((x @ x) / (z.T @ z).item())


def orthogonal_start(draws):
    return 4.8 * np.stack([np.linalg.qr(square)[0] for square in draws])


def start_with_correction(draws):
    return [W * math.sqrt(16 * 1.4 / W.shape[1]) for W in draws]


VARIANTS = {
    "init-score": [
        lambda n_in, var_w, mean_x, var_x: sum(
            var_w * (mean_x * mean_x + var_x) for _ in range(n_in)
        ),
        lambda n, vw, mx, vx: n * vw * vx + n * vw * mx**2,
    ],
    "init-spread": [
        lambda n, right, left: (n * (right**2 + left**2) / 2) ** -0.5,
        lambda n, right, left: math.sqrt(2 / n) / math.hypot(right, left),
    ],
    "init-uniform": [
        lambda bound, n_in, depth: math.prod([0.5 * n_in * bound**2 / 3] * depth),
        lambda b, n, depth: (n * (2 * b) ** 2 / 12 / 2) ** depth,
    ],
    "init-factor": [
        factor_by_columns,
        lambda Ws, slopes: math.prod(
            len(W) * np.mean(np.square(W)) * np.mean(np.square(s))
            for W, s in zip(Ws, slopes, strict=True)
        ),
    ],
    "init-bounds": [looseness_of_logs, looseness_of_gram],
    "init-clip": [
        clip_with_if,
        lambda grads, max_norm: tuple(
            g * (max_norm / max(max_norm, np.sqrt(sum((h**2).sum() for h in grads)))) for g in grads
        ),
    ],
    "init-start": [orthogonal_start, start_with_correction],
}
