"""Training steps of whole networks, dlcore's and PyTorch's: forward, loss, backward, update."""

from dataclasses import dataclass

import numpy as np

from benchmarks.timing import interleave
from dlcore import losses, models
from dlcore.network import Sequential
from dlcore.optimizers import Adam, GradientDescent


@dataclass(frozen=True)
class StepCase:
    """A network, a batch, and an optimizer.

    Parameters
    ----------
    net : Sequential
    shape : tuple of int
        Of the batch.
    optimizer : GradientDescent or Adam
    classes : int
        1: two classes and one score.
    """

    net: Sequential
    shape: tuple
    optimizer: object
    classes: int

    def functions(self):
        """Return a step as a function without arguments, by library.

        Both start at the same parameters, take the same steps, and return the parameters: dlcore
        as a vector, PyTorch as an iterator over its arrays.
        """
        rng = np.random.default_rng(0)
        X = rng.standard_normal(self.shape, dtype=np.float32)
        start = self.net.init(rng, np.float32)
        if self.classes == 1:
            y = rng.integers(2, size=(len(X), 1)).astype(np.float32)
        else:
            y = rng.integers(self.classes, size=len(X))
        return {"dlcore": self._ours(start, X, y), "PyTorch": self._theirs(start, X, y)}

    def _ours(self, params, X, y):
        net, optimizer = self.net, self.optimizer
        loss = losses.logistic if self.classes == 1 else losses.softmax_cross_entropy
        theta, state = params.theta, optimizer.init(params.theta)

        def step():
            nonlocal theta, state
            scores, cache = net.forward(params.like(theta), X, train=True)
            _, dscores = loss(scores, y)
            _, grads = net.backward(dscores, cache, input_gradient=False)
            theta, state = optimizer.update(theta, grads.theta, state)
            return theta

        return step

    def _theirs(self, params, X, y):
        import torch
        from torch import nn

        layers = {
            "Affine": lambda layer: nn.Linear(layer.d_in, layer.d_out),
            "Conv2d": lambda layer: nn.Conv2d(layer.c_in, layer.c_out, layer.size),
            "MaxPool2d": lambda layer: nn.MaxPool2d(layer.size, layer.stride),
            "ReLU": lambda layer: nn.ReLU(),
            "Flatten": lambda layer: nn.Flatten(),
        }
        net = nn.Sequential(
            *(layers[type(layer).__name__](layer) for layer in self.net.layers.values())
        )
        nn.utils.vector_to_parameters(torch.tensor(params.theta), net.parameters())
        X, y = torch.tensor(X), torch.tensor(y)
        loss = nn.BCEWithLogitsLoss() if self.classes == 1 else nn.CrossEntropyLoss()
        kind = torch.optim.Adam if isinstance(self.optimizer, Adam) else torch.optim.SGD
        optimizer = kind(net.parameters(), lr=self.optimizer.lr)

        def step():
            optimizer.zero_grad()
            loss(net(X), y).backward()
            optimizer.step()
            return net.parameters()

        return step


STEPS = {
    "moons net    64 rows, Adam": StepCase(models.moons(), (64, 2), Adam(0.0007), 1),
    "circles net  300 rows, gradient descent": StepCase(
        models.circles(), (300, 2), GradientDescent(0.01), 1
    ),
    "LeNet-5      64 images, Adam": StepCase(
        models.lenet5_modern(), (64, 1, 32, 32), Adam(0.001), 10
    ),
}


def compare(case, rounds=30):
    """Check that both libraries take the same three steps, and return their timings."""
    functions = case.functions()
    for _ in range(3):
        ours, theirs = (step() for step in functions.values())
        theirs = np.concatenate([array.detach().numpy().ravel() for array in theirs])
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)
    return interleave(functions, rounds=rounds, least=0.01, pause=0.05)


def main():
    """Print the table."""
    print(f"{'a training step':42}  {'dlcore':>10}  {'PyTorch':>10}  {'ratio':>6}")
    for name, case in STEPS.items():
        timings = compare(case)
        ours, theirs = (1e3 * timings[library].minimum for library in ("dlcore", "PyTorch"))
        print(f"{name:42}  {ours:7.3f} ms  {theirs:7.3f} ms  {ours / theirs:6.2f}", flush=True)
