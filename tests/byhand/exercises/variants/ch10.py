"""Right answers of chapter 10 in other styles."""

import math

import numpy as np


def clip_with_if(grad, max_norm):
    norm = np.linalg.norm(grad)
    return grad * (max_norm / norm) if norm > max_norm else grad.copy()


VARIANTS = {
    "init-score": [
        lambda n_in, var_w, mean_x, var_x: sum(
            var_w * (mean_x * mean_x + var_x) for _ in range(n_in)
        ),
        lambda n, vw, mx, vx: n * vw * vx + n * vw * mx**2,
    ],
    "init-spread": [
        lambda n, m: [n**-0.5, ((n + m) / 2) ** -0.5, (n / 2) ** -0.5],
        lambda n, m: tuple(math.sqrt(v) for v in (1 / n, 2 / (n + m), 2 / n)),
    ],
    "init-factor": [
        lambda W, slopes: (W**2).sum(axis=0).mean() * (slopes**2).mean(),
        lambda W, slopes: np.sum(W**2) / W.shape[1] * np.sum(slopes**2) / slopes.size,
    ],
    "init-bounds": [
        lambda Ws: (
            math.prod(np.linalg.norm(W, -2) for W in Ws),
            math.prod(np.linalg.norm(W, 2) for W in Ws),
        ),
        lambda Ws: np.prod([np.linalg.svd(W)[1][[-1, 0]] for W in Ws], axis=0),
    ],
    "init-clip": [
        clip_with_if,
        lambda grad, max_norm: grad * (max_norm / max(max_norm, np.sqrt((grad**2).sum()))),
    ],
}
