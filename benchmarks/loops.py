"""Loops, NumPy and PyTorch on one step of logistic regression: the gradient on two digits.

Forward and backward of one unit that reads 64 pixels, on the 360 images of the digits 0 and 1.
"""

import numpy as np

from benchmarks.timing import interleave, table
from dlcore import datasets, layers, losses, reference


def candidates():
    """Return functions that compute (dW, db), by name; PyTorch's only where it is installed."""
    images, labels = datasets.digits(classes=(0, 1))
    X, Y = images.reshape(len(images), -1) / 16, labels[:, np.newaxis]
    rng = np.random.default_rng(0)
    W, b = 0.1 * rng.standard_normal((1, 64)), np.zeros(1)

    def step(module, loss):
        scores, cache = module.affine_forward(X, W, b)
        _, dscores = loss(scores, Y)
        return module.affine_backward(dscores, cache)[1:]

    functions = {
        "loops (dlcore.reference)": lambda: step(reference, reference.logistic),
        "NumPy (dlcore)": lambda: step(layers, losses.logistic),
    }
    try:
        import torch
    except ImportError:
        return functions

    torch.set_num_threads(1)  # as NumPy here: the arrays are small
    X_torch, Y_torch = torch.tensor(X), torch.tensor(Y, dtype=torch.float64)
    W_torch, b_torch = (torch.tensor(array, requires_grad=True) for array in (W, b))

    def step_torch():
        scores = torch.nn.functional.linear(X_torch, W_torch, b_torch)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, Y_torch)
        return torch.autograd.grad(loss, (W_torch, b_torch))

    return functions | {"PyTorch": step_torch}


def main():
    """Print the table."""
    functions = candidates()
    expected = functions["loops (dlcore.reference)"]()
    for function in functions.values():
        for got, want in zip(function(), expected, strict=True):
            np.testing.assert_allclose(np.asarray(got), want, rtol=1e-10, atol=1e-14)
    print(__doc__)
    print(table(interleave(functions)))
