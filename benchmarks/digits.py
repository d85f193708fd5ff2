"""Networks trained on real digits: accuracy over seeds, seconds a run, and a step beside the loops.

Runs on MNIST train on the first 8,000 images of its test files and are tested on the other 2,000;
runs on scikit-learn's digits hold out a fifth, another one for each seed. All in float32. A run has
one thread to itself, and as many runs as there are cores share the machine: their seconds are those
of the machine as busy as it is.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.parallel import run_each
from benchmarks.timing import interleave, table
from dlcore import datasets, losses, metrics, models, reference
from dlcore.optimizers import Adam
from dlcore.schedules import staircase
from dlcore.training import fit

SEEDS = 5
TRAINED = 8000  # images of MNIST


@dataclass(frozen=True)
class Experiment:
    """A network and how it is trained: Adam, with a rate that halves.

    Parameters
    ----------
    net : callable
        Returns the network.
    data : str
        "mnist" or "digits".
    loss : callable
    size : int
        Height and width of the images; a margin of background is added.
    grey : pair of float
        What background and full ink become.
    lr : float
    epochs, batch_size : int
    halve : int
        After so many epochs.
    """

    net: Callable
    data: str = "mnist"
    loss: Callable = losses.softmax_cross_entropy
    size: int = 32
    grey: tuple = (0.0, 1.0)
    lr: float = 0.002
    epochs: int = 12
    batch_size: int = 64
    halve: int = 3

    def images(self, path, seed):
        """Return images and labels to train with, and images and labels to test with."""
        if self.data == "mnist":
            images, labels = datasets.mnist(path)
            order, n = np.arange(len(images)), TRAINED
        else:
            images, labels = datasets.digits(size=32)
            order, n = np.random.default_rng(seed).permutation(len(images)), len(images) * 4 // 5
        margin = (self.size - images.shape[-1]) // 2
        images = np.pad(images, ((0, 0), (0, 0), (margin, margin), (margin, margin)))
        background, ink = self.grey
        X = (background + (ink - background) * (images / images.max())).astype(np.float32)
        return X[order[:n]], labels[order[:n]], X[order[n:]], labels[order[n:]]

    def run(self, path, seed):
        """Train once. Return the accuracy on the test images, and the seconds it took."""
        X, y, X_test, y_test = self.images(path, seed)
        net, rng = self.net(), np.random.default_rng(seed)
        start = time.perf_counter()
        params, _ = fit(
            net,
            net.init(rng, np.float32),
            X,
            y,
            loss=self.loss,
            optimizer=Adam(self.lr),
            schedule=lambda epoch: staircase(epoch, self.lr, self.halve),
            epochs=self.epochs,
            batch_size=self.batch_size,
            rng=rng,
            progress=False,
        )
        seconds = time.perf_counter() - start
        return metrics.accuracy(net.forward(params, X_test)[0], y_test), seconds


PAPER = {"net": models.lenet5, "loss": models.lenet5_loss, "grey": (-0.1, 1.175)}
EXPERIMENTS = {
    "LeNet-5, modern, MNIST": Experiment(models.lenet5_modern),
    "LeNet-5 as published, MNIST": Experiment(**PAPER),
    "LeNet-5, modern, digits": Experiment(models.lenet5_modern, "digits", epochs=40, halve=10),
    "LeNet-5 as published, digits": Experiment(**PAPER, data="digits", epochs=40, halve=10),
    "companion, MNIST, 2,000 steps of 4": Experiment(
        models.companion, size=28, lr=0.001, epochs=1, batch_size=4
    ),
}


def run(name, path, seed):
    """Run one experiment on one seed with one thread."""
    with threadpool_limits(1):
        return EXPERIMENTS[name].run(path, seed)


def companion_steps():
    """Return a training step of the companion network on four images, as arrays and as loops."""
    net, rng = models.companion(), np.random.default_rng(0)
    params = net.init(rng, np.float32)
    X, y = rng.random((4, 1, 28, 28), dtype=np.float32), np.arange(4)

    def arrays():
        scores, cache = net.forward(params, X, train=True, rng=rng)
        return net.backward(losses.softmax_cross_entropy(scores, y)[1], cache)[1].theta

    def loops():
        conv, conv_cache = reference.conv2d_forward(X, params["conv1.W"], params["conv1.b"])
        act1, act1_cache = reference.relu_forward(conv)
        pool, pool_cache = reference.maxpool2d_forward(act1, size=3, stride=2)
        flat, flat_cache = reference.flatten_forward(pool)
        fc2, fc2_cache = reference.affine_forward(flat, params["fc2.W"], params["fc2.b"])
        act2, act2_cache = reference.relu_forward(fc2)
        scores, fc3_cache = reference.affine_forward(act2, params["fc3.W"], params["fc3.b"])
        dscores = reference.softmax_cross_entropy(scores, y)[1]
        dact2, *fc3_grads = reference.affine_backward(dscores, fc3_cache)
        dfc2 = reference.relu_backward(dact2, act2_cache)
        dflat, *fc2_grads = reference.affine_backward(dfc2, fc2_cache)
        dpool = reference.flatten_backward(dflat, flat_cache)
        dact1 = reference.maxpool2d_backward(dpool, pool_cache)
        dconv = reference.relu_backward(dact1, act1_cache)
        _, *conv_grads = reference.conv2d_backward(dconv, conv_cache)
        grads = (*conv_grads, *fc2_grads, *fc3_grads)
        return np.concatenate([np.ravel(grad) for grad in grads])

    return {"NumPy (dlcore)": arrays, "loops (dlcore.reference)": loops}


def main(path=None, names=tuple(EXPERIMENTS), seeds=SEEDS):
    """Print the tables.

    Parameters
    ----------
    path : str, optional
        The folder of the MNIST files; they are downloaded otherwise.
    names : sequence of str
        The experiments.
    seeds : int
    """
    print(__doc__)
    heads = ("mean", "sd", "min", "max", "s a run")
    print(f"{'test accuracy, %':36}" + "".join(f"{head:>9}" for head in heads))
    for name in names:
        runs = run_each(run, [(name, path, seed) for seed in range(seeds)], name)
        percent = [100 * accuracy for accuracy, _ in runs]
        sd = statistics.stdev(percent) if seeds > 1 else 0.0
        mean, seconds = statistics.mean(percent), statistics.mean(s for _, s in runs)
        numbers = f"{mean:9.2f}{sd:9.2f}{min(percent):9.2f}{max(percent):9.2f}{seconds:9.1f}"
        print(f"{name:36}{numbers}", flush=True)

    steps = companion_steps()
    ours, loops = (step() for step in steps.values())
    np.testing.assert_allclose(ours, loops, rtol=1e-3, atol=1e-6)
    print("\nthe gradient of the companion network, on four images and one thread")
    with threadpool_limits(1):
        print(table(interleave(steps, rounds=5)))
