"""Chapter 19: one image through the full VGG-16, and its gradient: memory and time.

The memory is the peak of what NumPy holds during each part. The seconds are the processor's, on one
core of one machine: a page should quote only the memory.
"""

import time
import tracemalloc

import numpy as np
from threadpoolctl import threadpool_limits

from dlcore.losses import softmax_cross_entropy
from dlcore.models import vgg16

SETTINGS = {"seed": 0, "size": 224, "width": 1.0, "examples": 1}
ALONE = True


def draws(settings):
    """Measure once."""
    return {"one core": settings}


@threadpool_limits.wrap(limits=1)
def draw(seed, size, width, examples):
    """Draw He weights; go forward; go forward and back.

    Returns
    -------
    dict
        ``"seconds"`` and ``"peak_bytes"`` of each part, and the scores' deviation.
    """
    net = vgg16(size=size, width=width)
    rng = np.random.default_rng(seed)
    shape = (examples, 3, size, size)
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
    return {"scores_sd": float(scores.std()), **parts}


def collect(settings, found):
    """Return the measures."""
    return found["one core"]
