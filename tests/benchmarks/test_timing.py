"""The timing helper on a clock of its own, and that what is timed agrees."""

import numpy as np

from benchmarks import loops
from benchmarks.timing import Timing, interleave, table


class Clock:
    """A clock that moves only when somebody works."""

    def __init__(self):
        self.now = 0.0
        self.log = []

    def __call__(self):
        return self.now

    def worker(self, name, *seconds):
        """Return a function that takes these times in turn, the last one from then on."""
        left = list(seconds)

        def work():
            self.log.append(name)
            self.now += left.pop(0) if len(left) > 1 else left[0]

        return work


def test_functions_take_turns():
    clock = Clock()
    work = {"a": clock.worker("a", 9.0, 2.0, 6.0, 1.0), "b": clock.worker("b", 4.0)}
    timings = interleave(work, rounds=3, clock=clock)
    assert clock.log == ["a", "b"] * 4  # the first of each warms up
    assert timings == {"a": Timing(minimum=1.0, median=2.0), "b": Timing(4.0, 4.0)}


def test_a_fast_function_is_called_repeatedly():
    clock = Clock()
    timings = interleave({"a": clock.worker("a", 0.25)}, rounds=2, least=1.0, clock=clock)
    assert timings == {"a": Timing(0.25, 0.25)}
    assert len(clock.log) == (1 + 2 + 4) + 2 * 4


def test_the_table_compares_with_the_fastest():
    lines = table({"slow": Timing(3e-3, 4e-3), "fast": Timing(1e-4, 2e-4)}).splitlines()
    assert [line.split() for line in lines] == [
        ["minimum", "median", "ratio"],
        ["slow", "3000.0", "µs", "4000.0", "µs", "30.0"],
        ["fast", "100.0", "µs", "200.0", "µs", "1.0"],
    ]


def test_loops_and_arrays_compute_the_same(capsys, monkeypatch):
    functions = loops.candidates()
    assert len(functions) >= 2
    dW, db = functions["NumPy (dlcore)"]()
    assert dW.shape == (1, 64)
    assert db.shape == (1,)
    assert np.abs(dW).max() > 0.01

    quick = lambda functions: interleave(functions, rounds=1, least=0)  # noqa: E731
    monkeypatch.setattr(loops, "interleave", quick)
    loops.main()  # compares all of them first
    assert "NumPy (dlcore)" in capsys.readouterr().out
