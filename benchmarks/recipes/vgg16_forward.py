"""Chapter 19: one image through the full VGG-16, and its gradient: memory and time.

The memory is the peak of what NumPy holds during each part. The seconds are the processor's, on one
core of one machine: a page should quote only the memory.
"""

import time
import tracemalloc

import numpy as np

from benchmarks.parallel import run_each
from dlcore.losses import softmax_cross_entropy
from dlcore.models import vgg16

SETTINGS = {"seed": 0, "size": 224, "width": 1.0, "examples": 1}


def compute(settings):
    """Return ``seconds`` and ``peak_bytes`` of each part, in a process of its own."""
    ((scores, parts),) = run_each(_measure, [(settings,)], "vgg16_forward")
    return {"scores_sd": scores, **parts}


def _measure(settings):
    """Draw He weights; go forward; go forward and back."""
    net = vgg16(size=settings["size"], width=settings["width"])
    rng = np.random.default_rng(settings["seed"])
    shape = (settings["examples"], 3, settings["size"], settings["size"])
    X = rng.standard_normal(shape, dtype=np.float32)
    y = np.zeros(len(X), dtype=int)
    parts = {}

    def measured(name, function):
        tracemalloc.reset_peak()
        start = time.process_time()
        result = function()
        seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
        parts[name] = {"seconds": round(seconds, 2), "peak_bytes": peak}
        return result

    def gradient():
        scores, cache = net.forward(params, X, train=True, rng=rng)
        return net.backward(softmax_cross_entropy(scores, y)[1], cache)[1].theta

    tracemalloc.start()
    params = measured("init", lambda: net.init(rng, np.float32))
    scores = measured("forward", lambda: net.forward(params, X)[0])
    measured("gradient", gradient)
    tracemalloc.stop()
    return float(scores.std()), parts
