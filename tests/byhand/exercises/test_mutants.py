"""The checks refuse mutants of the solutions; the few that pass compute the same, and are listed.

``mutants`` says how they are made: operators, constants, comparisons, terms and calls left out,
arguments swapped, a sum for a mean.
"""

import re
import warnings

import numpy as np
import pytest

from byhand.exercises.trial import passes

from .mutants import mutants
from .test_solutions import EXERCISES, REGISTERED, python_in

SWAPPED = "the two arguments may change places"
ARRAY = "a list of numbers is as good as an array"
TIE = "the two sides are equal there, or it never happens"
OPEN = "many answers are right"

# exercise: {what was changed: why it computes the same}; the first one is for all exercises.
SAME = {
    "": {
        r"(np\.|)(maximum|minimum|max|min|logaddexp)\((.*), (.*)\) -> \1\2\(\4, \3\)": SWAPPED,
        r"np.array\((.*)\) -> \1": ARRAY,
    },
    "empirical-risk": {"y - s -> s - y": "a square follows"},
    "three-classes": {"1.0 -> 2.0": OPEN},

    "perceptron-bug": {
        "1000 -> (1001|999)": "a whole pass is right long before",
        r"zip\((.*), strict=True\) -> zip\(\1\)": "the lists are equally long",
        "True -> False": "the lists are equally long", "w @ x -> x @ w": SWAPPED,
    },
    "noise-fit": {
        r"np.linalg.lstsq\(X, y, rcond=None\) -> np.linalg.lstsq\(X, y\)": "the default",
        "X @ w - y -> y - X @ w": "a square follows",
    },
    "graph-backward": {"z > y -> z >= y": TIE, "y > z -> y >= z": TIE},
    "fading-signal": {
        r"zip\((.*), strict=True\) -> zip\(\1\)": "the lists are equally long",
        "True -> False": "the lists are equally long",
        r"1 - np.tanh\(z\) \*\* 2 -> np.tanh\(z\) \*\* 2 - 1": "a norm follows",
    },
    "reuse-bug": {
        r"zip\((.*), strict=True\) -> zip\(\1\)": "the lists are equally long",
        "True -> False": "the lists are equally long",
    },
    "one-step": {
        r"0.1 -> -?[01](.\d)?": "softmax does not notice what all rows share",
        r"\(np.full.* / len\(X\) -> .*": "the answer does not depend on the length of the step",
    },
    "softmax-rate": {"X1.T @ X1 -> X1 @ X1.T": "both products have the same largest eigenvalue"},
    "sigmoid": {"z >= 0 -> z > 0": TIE},
    "reg-enough": {
        r"int\((.*)\) -> \1": "a whole number is as good as a float",
        "rate_a - rate_b -> rate_b - rate_a": "a square follows",
        r".*1e-09.*": "the small number decides only where rounding does",
    },
    "reg-dropout-bug": {"U < keep_prob -> U <= keep_prob": TIE},
    "reg-luck": {"X == t(.*) -> X != t.*": "a feature may be turned around"},
    "temperature-slope": {
        r"S - mean\[:, np.newaxis\] -> mean\[:, np.newaxis\] - S": "a square follows",
    },
    "xor-net": {"1.0 -> 2.0": OPEN, "0.0 -> 1.0": OPEN, "1.0 -> 0": OPEN},
    "two-layer-network": {
        "Z1 > 0 -> Z1 >= 0": TIE, "A2 - Y -> Y - A2": "in the cost, a square follows",
    },
    "stale-step": {r"D2.sum\(axis=0\) -> D2.sum\(\)": "one output"},
    "twins": {
        r"W1\[1\] - W1\[0\] -> W1\[0\] - W1\[1\]": "a norm follows",
        r"D2.sum\(axis=0\) -> D2.sum\(\)": "one output",
    },
    "stable-elu": {"z > 0 -> z >= 0": TIE, "0 -> 1": "the minimum only keeps exp from overflowing"},
    "sawtooth": {r"relu\(x\) -> x": "x lies in [0, 1]"},
    "regions-bug": {
        r"np.abs\(b\) < (.*) -> np.abs\(b\) <= \1": TIE,
        r"-b\[\[i, j\]\] -> b\[\[i, j\]\]": "the square looks the same from the other side",
    },
    "tanh-staircase": {"n - 1 -> 1": "one weight serves all units"},
    "start-regions": {
        r"(.*) > 0 -> \1 >= 0": TIE, r"(.*) > 0 -> \1 < 0": "on and off change places",
    },
    "hidden-factor": {"factor - 1 -> 1 - factor": "an absolute value follows"},
    "layer-check": {"np.zeros -> np.ones": "every entry is set"},
    "check-bug": {"np.zeros_like -> np.ones_like": "every entry is set"},
    "share-seen": {
        "wrong - right -> right - wrong": "an absolute value follows",
        r"(.*) > (t .*) -> \1 >= \2": TIE,
    },
    "init-factor": {
        r"zip\((.*), strict=True\) -> zip\(\1\)": "the lists are equally long",
        "True -> False": "the lists are equally long",
    },
    "dropout": {"U < keep_prob -> U <= keep_prob": TIE},
    "opt-weights": {"1 - beta -> beta - 1": "it is squared"},
    "opt-schedule": {
        "steps - warm -> warm - steps": "the cosine is even", "step - warm -> warm - step":
        "the cosine is even",
    },
    "enough-trials": {
        r"int\((.*)\) -> \1": "a whole number may be a float",
        "2 -> [01]": "a single trial never holds two",
        r"100_?000 -> (99999|100001)": "the answer is found long before",
    },
    "steepest-rate": {r"np.log -> np.log2": "any base orders the slopes alike"},
    "lost-share": {r"np.argsort\(-early, axis=1\) -> np.argsort\(-early\)": "the default axis"},
    "halving-bug": {
        r"scores.shape\[1\] - 1 -> scores.shape\[1\]": "halving once more keeps the winner",
        "1 -> 0": "halving once more keeps the winner",
        r"int\((alive.*)\) -> \1": "NumPy's integers will do",
    },
    "bn-merge": {
        "mean1 - mean -> mean - mean1": "a square follows",
        "mean2 - mean -> mean - mean2": "a square follows",
    },
    "bn-settle": {r"1 - rate \* lam -> rate \* lam - 1": "a square follows"},
    "bn-images": {"1 -> 2": "reshape takes -2 for -1"},
    "conv-bug": {"np.zeros -> np.ones": "every entry is overwritten"},
    "conv-compose": {
        r"np.convolve\(spread, B\) -> np.convolve\(B, spread\)": "a convolution commutes"
    },
    "conv-groups": {
        r"(.*) <= (share.*) -> \1 < \2": TIE, "1 -> 2": "C + 1 does not divide C",
    },
    "conv-paths": {
        r"np.ones\(1\) -> 1": "NumPy makes an array of it",
        r"np.convolve\(share, (.*)\) -> np.convolve\(\1, share\)": "a convolution commutes",
        r"np.arange\(len\(share\)\) - (.*) -> .*": "a square follows",
    },
    "convback-weights": {"np.zeros -> np.ones": "every entry is overwritten"},
    "gaussian-bug": {"y - mu -> mu - y": "a square follows"},
    "plateau-input": {r"(.*) >= 0 -> \1 > 0": TIE},
    "lenet-counts": {r"int\(reads.sum\(\)\) -> reads.sum\(\)": "NumPy's integers will do"},
    "deep-relu-bug": {"S > 0 -> S >= 0": TIE, "Z > 0 -> Z >= 0": TIE},
}  # fmt: skip


def made(chapter, name):
    """Yield (what was changed, the function) for the mutants of a solution that can be run."""
    _, answer = chapter.starters[name]
    for what, source in mutants(python_in(chapter.solutions[f"ex-{name}"])):
        namespace = {"np": np}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(source, namespace)
                value = eval(answer, namespace)
        except Exception:  # it fails before it is checked
            continue
        yield what, value if callable(value) else lambda value=value: value


def is_the_same(name, what):
    known = {**SAME[""], **SAME.get(name, {})}
    return any(re.fullmatch(rf"line \d+: {pattern}", what) for pattern in known)


COMPARED = [(c, name) for c, name in EXERCISES if not REGISTERED[c.number][name].goals]


@pytest.mark.parametrize(("chapter", "name"), COMPARED, ids=str)
def test_mutants_are_refused(chapter, name):
    exercise = REGISTERED[chapter.number][name]
    exercise = type(exercise)(**vars(exercise) | {"seconds": 1.0})
    cases = exercise.seeded_cases()
    passed = [what for what, function in made(chapter, name) if passes(exercise, function, cases)]
    assert [what for what in passed if not is_the_same(name, what)] == []
    listed = SAME.get(name, {})
    found = [p for p in listed if any(re.fullmatch(rf"line \d+: {p}", what) for what in passed)]
    assert found == list(listed), "listed as computing the same, but refused or not made"


def test_there_are_thousands():
    assert sum(1 for chapter, name in COMPARED for _ in made(chapter, name)) > 2500


def test_a_mutant_is_one_small_mistake():
    found = dict(mutants("def f(x):\n    return np.sum(2 * x, axis=0) - x.max()"))
    assert found["line 2: np.sum -> np.mean"].endswith("return np.mean(2 * x, axis=0) - x.max()")
    assert found["line 2: 2 * x -> x"].endswith("return np.sum(x, axis=0) - x.max()")
    assert found["line 2: 0 -> 1"].endswith("np.sum(2 * x, axis=1) - x.max()")
    assert found["line 2: x.max -> x.min"].endswith("- x.min()")
    assert any("- np.sum(2 * x, axis=0)" in source for source in found.values())
