"""dlcore and PyTorch side by side: forward and backward in float32, and the memory that takes.

They take turns in one process, on as many threads; a ratio is that of the two minima. Inputs and
upstream gradients lie as (N, C, H, W) in memory, and every gradient is computed.
"""

import math
import multiprocessing
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from threadpoolctl import threadpool_info, threadpool_limits

from benchmarks import steps
from benchmarks.timing import interleave
from dlcore import layers

THREADS = os.cpu_count()
ROUNDS = 30


@dataclass(frozen=True)
class Case:
    """A layer on arrays of given shapes.

    Parameters
    ----------
    name : str
        Of dlcore's functions, without ``_forward``.
    shapes : tuple of tuple of int
        Of the arrays that get a gradient.
    torch : callable
        PyTorch's forward: takes ``torch.nn.functional`` and the tensors.
    options : dict
        For dlcore's forward.
    """

    name: str
    shapes: tuple
    torch: Callable
    options: dict = field(default_factory=dict)

    def functions(self):
        """Return forward-and-backward as functions without arguments, by library."""
        import torch

        forward = getattr(layers, f"{self.name}_forward")
        backward = getattr(layers, f"{self.name}_backward")
        rng = np.random.default_rng(0)
        arrays = [rng.standard_normal(shape, dtype=np.float32) for shape in self.shapes]
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        with torch.no_grad():
            shape = self.torch(torch.nn.functional, *tensors).shape
        dout = rng.standard_normal(shape, dtype=np.float32)
        dout_torch = torch.tensor(dout)

        def run():
            out, cache = forward(*arrays, **self.options)
            grads = backward(dout, cache)
            return out, *(grads if isinstance(grads, tuple) else (grads,))

        def run_torch():
            out = self.torch(torch.nn.functional, *tensors)
            return out, *torch.autograd.grad(out, tensors, dout_torch)

        return {"dlcore": run, "PyTorch": run_torch}


def conv(X, filters, size, stride=1, padding=0):
    """Return a convolution of images ``X`` (N, C, H, W)."""
    options = {"stride": stride, "padding": padding}
    shapes = (X, (filters, X[1], size, size), (filters,))
    return Case("conv2d", shapes, lambda F, *arrays: F.conv2d(*arrays, **options), options)


def max_pool(X, size, stride):
    """Return a max pooling of images ``X``."""
    options = {"size": size, "stride": stride}
    return Case("maxpool2d", (X,), lambda F, X: F.max_pool2d(X, size, stride), options)


def batch_norm(X):
    """Return a batch normalization of images ``X``."""
    return Case(
        "batchnorm",
        (X, X[1:2], X[1:2]),
        lambda F, X, gamma, beta: F.batch_norm(X, None, None, gamma, beta, training=True),
    )


CONVOLUTIONS = {
    "LeNet C1     64x1x32x32, 6 of 5x5": conv((64, 1, 32, 32), 6, 5),
    "LeNet C3     64x6x14x14, 16 of 5x5": conv((64, 6, 14, 14), 16, 5),
    "LeNet C5     64x16x5x5, 120 of 5x5": conv((64, 16, 5, 5), 120, 5),
    "small        32x16x28x28, 32 of 3x3 same": conv((32, 16, 28, 28), 32, 3, padding=1),
    "VGG, early   8x64x56x56, 64 of 3x3 same": conv((8, 64, 56, 56), 64, 3, padding=1),
    "VGG, late    2x256x28x28, 256 of 3x3 same": conv((2, 256, 28, 28), 256, 3, padding=1),
    "AlexNet      4x3x227x227, 96 of 11x11 /4": conv((4, 3, 227, 227), 96, 11, stride=4),
}
OTHERS = {
    "max pooling  64x6x28x28, 2x2 /2": max_pool((64, 6, 28, 28), 2, 2),
    "max pooling  8x96x55x55, 3x3 /2": max_pool((8, 96, 55, 55), 3, 2),
    "batch norm   32x64x28x28": batch_norm((32, 64, 28, 28)),
}
LARGE = [name for name in CONVOLUTIONS if name.startswith("VGG")]


def compare(case):
    """Check that both libraries agree, and return their timings."""
    functions = case.functions()
    for ours, theirs in zip(functions["dlcore"](), functions["PyTorch"](), strict=True):
        theirs = theirs.detach().numpy()
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=2e-4 * np.abs(theirs).max())
    return interleave(functions, rounds=ROUNDS, least=0.01, pause=0.05)


def peak_memory(name, library):
    """Return how many bytes one forward and backward needs at most, beyond the arrays given to it.

    The peak is that of the whole process, so it counts what a library allocates out of sight too.
    Linux only.
    """
    functions = CONVOLUTIONS[name].functions()
    small = conv((1, 2, 8, 8), 2, 3).functions()
    small[library]()  # start the threads
    before = psutil.Process().memory_info().rss
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    functions[library]()
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return 1024 * int(peak.split()[1]) - before


def in_a_process_of_its_own(function, *args):
    """Call a function where nothing was allocated before."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, args)


def describe():
    """Return what the figures depend on, as lines of text."""
    import torch

    (blas,) = {
        f"{pool['internal_api']} {pool['version']}, kernels for {pool['architecture']}"
        for pool in threadpool_info()
        if pool["user_api"] == "blas" and "numpy" in pool["filepath"]
    } or {"unknown"}
    capability = torch.backends.cpu.get_cpu_capability()
    lines = [
        f"{platform.processor() or platform.machine()}, {THREADS} threads; "
        f"PyTorch {torch.__version__} ({capability}); NumPy {np.__version__} with {blas}"
    ]
    if capability == "AVX512" and blas.endswith(("Haswell", "Zen")):
        lines.append(
            "NumPy's products use half as wide vectors as PyTorch's here. To compare equal ones: "
            "python -m benchmarks speed --kernels SkylakeX"
        )
    return "\n".join(lines)


def main():
    """Print the tables."""
    import torch

    torch.set_num_threads(THREADS)
    threadpool_limits(THREADS, user_api="blas")
    print(__doc__)
    print(describe() + "\n")
    print(f"{'':42}  {'dlcore':>10}  {'PyTorch':>10}  {'ratio':>6}")
    ratios = []
    for name, case in (CONVOLUTIONS | OTHERS).items():
        timings = compare(case)
        ours, theirs = (1e3 * timings[library].minimum for library in ("dlcore", "PyTorch"))
        print(f"{name:42}  {ours:7.2f} ms  {theirs:7.2f} ms  {ours / theirs:6.2f}", flush=True)
        if name in CONVOLUTIONS:
            ratios.append(ours / theirs)
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"{'geometric mean of the convolutions':42}  {'':10}  {'':10}  {mean:6.2f}\n")

    steps.main()
    print()

    if not Path("/proc/self/clear_refs").exists():
        print("peak memory: measured on Linux only")
        return
    print(f"{'peak memory beyond the inputs':42}  {'dlcore':>10}  {'PyTorch':>10}  {'ratio':>6}")
    for name in LARGE:
        ours, theirs = (
            in_a_process_of_its_own(peak_memory, name, library) / 1e6
            for library in ("dlcore", "PyTorch")
        )
        print(f"{name:42}  {ours:7.1f} MB  {theirs:7.1f} MB  {ours / theirs:6.2f}", flush=True)
