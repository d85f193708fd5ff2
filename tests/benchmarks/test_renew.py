"""What is stale is computed, draw by draw, and nothing else is; what was computed is kept."""

import importlib.util
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from filelock import FileLock

from benchmarks import renew as renewing
from benchmarks import store
from benchmarks.fingerprint import Code
from benchmarks.freshness import module_of, why_stale
from benchmarks.renew import Draw, longest_first, plan, renew
from byhand.results import FOLDER

CORE = ("__init__", "__main__", "fingerprint", "freshness", "renew", "store")
RECIPE = '''
"""Squares."""
SETTINGS = {"seeds": 3, "offset": 0}
ALONE = True


def draws(settings):
    return {
        f"seed {seed}": {"seed": seed, "offset": settings["offset"]}
        for seed in range(settings["seeds"])
    }


def draw(seed, offset):
    return [seed**2 + offset, (seed,)]


def collect(settings, found):
    return {"squares": [value for value, _ in found.values()]}
'''


class Clone:
    """A repository with recipes of this test, and what was computed there in this process.

    Parameters
    ----------
    root : Path
    monkeypatch
    """

    def __init__(self, root, monkeypatch):
        self.root, self.monkeypatch = root, monkeypatch
        self.computed = []
        compute = Draw.compute

        def logged(draw):
            self.computed.append(draw.key)
            return compute(draw)

        monkeypatch.setattr(Draw, "compute", logged)
        self.write(RECIPE)

    def write(self, text, name="squares"):
        """Write a recipe, and let it be imported from here."""
        path = self.root / "benchmarks/recipes" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        spec = importlib.util.spec_from_file_location(module_of(name), path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.monkeypatch.setitem(sys.modules, module_of(name), module)

    def edit(self, old, new):
        """Write the recipe with a change."""
        text = (self.root / "benchmarks/recipes/squares.py").read_text()
        assert old in text
        self.write(text.replace(old, new))

    def renew(self, *names, **options):
        """Renew, and return what was computed for it."""
        self.computed.clear()
        renew(self.root, names, **options)
        return list(self.computed)

    def draws(self):
        """Return the stored values by their keys."""
        draws = store.read_draws(store.draws_path(self.root, "squares")).values()
        return {draw["key"]: draw["value"] for draw in draws}

    def values(self):
        """Return the stored result's values, and make sure that it is fresh."""
        assert why_stale(self.root, Code(self.root), "squares") == ""
        return json.loads(store.result_path(self.root, "squares").read_text())["values"]


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """Return a repository with one recipe and no results."""
    return Clone(tmp_path, monkeypatch)


def test_a_missing_result_is_computed_and_then_fresh(clone, capsys):
    assert clone.renew() == ["seed 0", "seed 1", "seed 2"]
    assert clone.values() == {"squares": [0, 1, 4]}
    assert clone.draws() == {"seed 0": [0, [0]], "seed 1": [1, [1]], "seed 2": [4, [2]]}
    assert clone.renew() == []
    first, *others = capsys.readouterr().out.splitlines()
    assert re.fullmatch(
        r"squares: missing; 3 of 3 draws to compute; time on \d+ cores: unknown", first
    )
    assert others == ["squares: renewed", "squares: fresh"]


def test_one_more_seed_computes_one_draw(clone, capsys):
    clone.renew()
    clone.edit('"seeds": 3', '"seeds": 4')
    assert clone.renew() == ["seed 3"]
    assert clone.values() == {"squares": [0, 1, 4, 9]}
    told = capsys.readouterr().out.splitlines()[-2]
    assert re.fullmatch(r"squares: settings; 1 of 4 draws to compute; time .* cores: 00:00", told)


def test_one_seed_less_computes_nothing_and_drops_a_draw(clone):
    clone.renew()
    clone.edit('"seeds": 3', '"seeds": 2')
    assert clone.renew() == []
    assert clone.values() == {"squares": [0, 1]}
    assert list(clone.draws()) == ["seed 0", "seed 1"]


@pytest.mark.parametrize(
    ("old", "new", "squares"),
    [
        ("[value for", "[-value for", [0, -1, -4]),
        ('f"seed {seed}"', 'f"seed no. {seed}"', [0, 1, 4]),
        ('range(settings["seeds"])', 'reversed(range(settings["seeds"]))', [4, 1, 0]),
    ],
)
def test_a_change_around_the_draws_computes_none(clone, old, new, squares):
    clone.renew()
    clone.edit(old, new)
    assert clone.renew() == []
    assert clone.values() == {"squares": squares}


@pytest.mark.parametrize(
    ("old", "new"), [("seed**2", "seed * seed"), ('"offset": 0', '"offset": 0.0')]
)
def test_a_change_of_what_decides_the_draws_computes_all(clone, old, new):
    clone.renew()
    clone.edit(old, new)
    assert clone.renew() == ["seed 0", "seed 1", "seed 2"]
    assert clone.values() == {"squares": [0, 1, 4]}


def test_force_computes_fresh_ones_too(clone, capsys):
    clone.renew()
    clone.edit("seed**2 + offset", "(seed**2 + offset)")  # the same code
    assert clone.renew() == []
    assert clone.renew("squares", force=True) == ["seed 0", "seed 1", "seed 2"]
    assert "squares: forced; 3 of 3 draws" in capsys.readouterr().out


def test_a_result_that_was_lost_is_collected_from_its_draws(clone):
    clone.renew()
    store.result_path(clone.root, "squares").unlink()
    assert clone.renew() == []
    assert clone.values() == {"squares": [0, 1, 4]}


@pytest.mark.parametrize("end", ['{"key":"seed 2","ha', "<<<<<<< HEAD\n"])
def test_a_torn_line_is_repaired_and_only_its_draw_computed(clone, end):
    clone.renew()
    path = store.draws_path(clone.root, "squares")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:2]) + end)
    assert clone.renew() == ["seed 2"]
    assert clone.values() == {"squares": [0, 1, 4]}
    assert [line[:14] for line in path.read_text().splitlines()] == [line[:14] for line in lines]


def test_only_the_named_results_are_renewed(clone, capsys):
    clone.write(RECIPE.replace("**2", "**3"), name="cubes")
    assert clone.renew("squares") == ["seed 0", "seed 1", "seed 2"]
    assert why_stale(clone.root, Code(clone.root), "cubes") == "missing"
    assert clone.renew() == ["seed 0", "seed 1", "seed 2"]
    assert json.loads((clone.root / "results/cubes.json").read_text())["values"] == {
        "squares": [0, 1, 8]
    }


def test_an_unknown_name_lists_the_recipes(clone):
    with pytest.raises(SystemExit, match=re.escape("no recipe ['sqares']; there are ['squares']")):
        clone.renew("sqares")


def test_a_draw_that_fails_is_named_and_the_others_are_kept(clone):
    clone.edit("return [seed", "assert seed < 2, 'too large'\n    return [seed")
    with pytest.raises(AssertionError, match="too large") as caught:
        clone.renew()
    assert caught.value.__notes__ == ["in the draw 'seed 2' of benchmarks/recipes/squares.py"]
    assert list(clone.draws()) == ["seed 0", "seed 1"]
    assert not store.result_path(clone.root, "squares").exists()


def test_a_value_that_json_can_not_hold_names_its_draw(clone):
    clone.edit("(seed,)", "{seed}")
    with pytest.raises(TypeError, match="set is not JSON serializable") as caught:
        clone.renew()
    assert caught.value.__notes__ == ["in the draw 'seed 0' of benchmarks/recipes/squares.py"]


def test_a_second_run_is_refused(clone):
    (clone.root / "results/draws").mkdir(parents=True)
    message = r"^results: another run is computing in .*; wait for it, or stop it$"
    lock = FileLock(clone.root / "results/draws/.lock")
    with lock, pytest.raises(SystemExit, match=message):
        clone.renew()
    assert clone.renew() == ["seed 0", "seed 1", "seed 2"]


def test_what_can_not_be_computed_here_is_named_and_left_out(clone, capsys):
    clone.write(RECIPE + '\nNEEDS = ("a_package_of_nobody",)\n', name="absent")
    with pytest.raises(SystemExit, match=r"^left out: absent$"):
        clone.renew()
    assert clone.values() == {"squares": [0, 1, 4]}
    told = capsys.readouterr().out
    assert "absent: missing; left out: a_package_of_nobody is not installed; pip install" in told
    assert why_stale(clone.root, Code(clone.root), "absent") == "missing"


def with_mnist():
    text = RECIPE.replace("def draw(seed, offset)", "def draw(seed, offset, mnist_path=None)")
    text = text.replace("(seed,)", "(mnist_path,)")
    return text + 'NEEDS = ("MNIST",)\n'


def test_without_the_files_of_mnist_the_others_are_computed(clone, capsys):
    clone.write(with_mnist(), name="digits")
    with pytest.raises(SystemExit, match=r"^left out: digits$"):
        clone.renew(mnist_path=str(clone.root / "nowhere"))
    assert clone.values() == {"squares": [0, 1, 4]}
    assert "digits: missing; left out: mnist: there is no " in capsys.readouterr().out


def test_the_folder_of_mnist_is_handed_on_and_decides_nothing(clone, monkeypatch):
    monkeypatch.setattr("dlcore.datasets.mnist", lambda path: None)
    clone.write(with_mnist())
    clone.renew(mnist_path="here")
    assert clone.draws()["seed 1"] == [1, ["here"]]
    assert clone.renew(mnist_path="there") == []


def draws_that_took(*seconds, alone=False):
    return [Draw("r", str(took), "", {}, alone=alone, seconds=took) for took in seconds]


def test_long_draws_come_first_and_those_that_may_be_long():
    draws = longest_first(draws_that_took(1, 3, None, 0, 2))
    assert [draw.seconds for draw in draws] == [None, 3, 2, 1, 0]


def test_the_plan_divides_by_the_cores(monkeypatch):
    monkeypatch.setattr(renewing, "cpu_count", lambda: 4)
    missing = draws_that_took(60, 180) + draws_that_took(30, alone=True)
    assert plan(missing, 7) == "3 of 7 draws to compute; time on 4 cores: 01:30"
    assert plan([], 7) == "0 of 7 draws to compute; time on 4 cores: 00:00"
    unknown = missing + draws_that_took(None)
    assert plan(unknown, 7) == "4 of 7 draws to compute; time on 4 cores: unknown"


def test_a_new_draw_is_expected_to_take_what_others_took(clone):
    clone.renew()
    path = store.draws_path(clone.root, "squares")
    draws = list(store.read_draws(path).values())
    for draw, seconds in zip(draws, (1.0, 5.0, 9.0), strict=True):
        draw["seconds"] = seconds
    store.write_draws(path, draws)
    clone.edit('"seeds": 3, "offset": 0', '"seeds": 4, "offset": 1')
    renewal = renewing.Renewal(clone.root, Code(clone.root), "squares")
    assert [draw.seconds for draw in renewal.missing] == [1.0, 5.0, 9.0, 5.0]


class Processes:
    """A copy of the program in a folder of its own, run as a user runs it.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root):
        self.root = root
        recipes = root / "benchmarks/recipes"
        recipes.mkdir(parents=True)
        for name in (*CORE, "recipes/__init__"):
            shutil.copy(FOLDER.parent / f"benchmarks/{name}.py", root / f"benchmarks/{name}.py")

    def write(self, text, name="squares"):
        """Write a recipe."""
        (self.root / f"benchmarks/recipes/{name}.py").write_text(text)

    def start(self, *arguments):
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "benchmarks", *arguments],
            cwd=self.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments):
        """Run a command; return its exit code and what it wrote to both streams."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def lines(self, name="squares"):
        """Return how many lines of draws there are."""
        path = store.draws_path(self.root, name)
        return path.read_bytes().count(b"\n") if path.exists() else 0

    def wait_for(self, process, lines):
        """Wait until so many draws are stored."""
        while self.lines() < lines:
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)


@pytest.fixture
def processes(tmp_path):
    """Return a copy of the program without recipes."""
    return Processes(tmp_path)


WHERE = '''
"""Where it runs."""
import os
import signal

SETTINGS = {"draws": 4}


def draws(settings):
    return {f"draw {n}": {"n": n} for n in range(settings["draws"])}


def draw(n):
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return [os.getppid(), os.environ.get("OPENBLAS_NUM_THREADS"), ignored]


def collect(settings, found):
    return found
'''


def test_draws_run_in_a_pool_with_one_thread_each_or_alone_in_the_main_process(
    processes, monkeypatch
):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    processes.write(WHERE)
    processes.write(WHERE + "ALONE = True\n", name="timing")
    process = processes.start("results")
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    assert re.search(r"^in all: 8 of 8 draws to compute", out, flags=re.MULTILINE)

    def values(name):
        return json.loads(store.result_path(processes.root, name).read_text())["values"].values()

    cores = os.cpu_count()
    pooled = (os.getpid(), None, False) if cores == 1 else (process.pid, "1", True)
    assert set(map(tuple, values("squares"))) == {pooled}
    assert set(map(tuple, values("timing"))) == {(os.getpid(), None, False)}
    assert processes.run("stale") == (0, "all results are fresh\n", "")


def test_the_commands_say_what_is_stale_and_what_is_unknown(processes):
    processes.write(RECIPE)
    complaint = "stale results: squares (missing); run: python -m benchmarks results\n"
    assert processes.run("stale") == (1, "", complaint)
    assert processes.run("results", "typo") == (
        1,
        "",
        "no recipe ['typo']; there are ['squares']\n",
    )
    code, out, _ = processes.run("results", "squares", "--force")
    assert (code, out.startswith("squares: forced; 3 of 3 draws")) == (0, True)
    assert processes.run("results") == (0, "squares: fresh\n", "")


def slowly(text, seconds, seeds):
    """Return a recipe whose draws take some time and store long values."""
    text = text.replace('"seeds": 3', f'"seeds": {seeds}')
    text = text.replace('"""Squares."""', '"""Squares."""\nimport time')
    return text.replace("return [seed", f'time.sleep({seconds})\n    return ["x" * 30_000, seed')


SLOW = slowly(RECIPE, 0.02, 25).replace("value, _ in", "_, value, _ in")


@pytest.mark.parametrize("alone", [True, False])
def test_an_interrupt_keeps_the_draws_and_says_how_to_go_on(processes, alone):
    processes.write(SLOW.replace("ALONE = True", f"ALONE = {alone}"))
    process = processes.start("results")
    processes.wait_for(process, 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 1
    match = re.fullmatch(
        r"stopped; (\d+) of 25 draws are kept, and the same command goes on\n", err
    )
    assert 3 <= int(match[1]) < 25
    assert processes.lines() == int(match[1])
    code, out, _ = processes.run("results")
    assert (code, f"; {25 - int(match[1])} of 25 draws to compute" in out) == (0, True)
    assert processes.run("stale")[0] == 0


@pytest.mark.parametrize(("alone", "kills"), [(True, 5), (False, 2)])
def test_a_run_that_is_killed_again_and_again_ends_as_an_undisturbed_one(
    processes, tmp_path_factory, alone, kills
):
    text = SLOW.replace("ALONE = True", f"ALONE = {alone}")
    undisturbed = Processes(tmp_path_factory.mktemp("undisturbed"))
    undisturbed.write(text)
    assert undisturbed.run("results")[0] == 0

    processes.write(text)
    moments = random.Random(0)
    for _ in range(kills):
        process = processes.start("results")
        processes.wait_for(process, processes.lines() + 1)
        time.sleep(0.05 * moments.random())
        process.kill()
        process.communicate()
    assert kills <= processes.lines() < 25
    assert processes.run("results")[0] == 0

    def stored(root):
        result = store.result_path(root, "squares").read_text()
        draws = store.read_draws(store.draws_path(root, "squares")).values()
        return result, [(draw["key"], draw["hash"], draw["value"]) for draw in draws]

    assert stored(processes.root) == stored(undisturbed.root)


# --- a sample ---


@pytest.fixture
def sampled(clone, monkeypatch):
    """Return a repository with a result that measures nothing, computed in this process."""
    monkeypatch.setattr(renewing, "_computed", lambda draws: map(Draw.compute, draws))
    clone.edit("ALONE = True", "ALONE = False")
    clone.renew()
    return clone


def test_a_sample_that_comes_out_as_before_stands_for_the_others(sampled):
    sampled.edit("seed**2 + offset", "seed * seed + offset")
    assert sampled.renew(sample=1) == ["seed 0"]
    assert sampled.values() == {"squares": [0, 1, 4]}
    lines = store.read_draws(store.draws_path(sampled.root, "squares")).values()
    assert ["kept" in line for line in lines] == [False, True, True]  # a line says so
    assert sampled.renew() == []


def test_a_sample_that_differs_keeps_nothing(sampled):
    sampled.edit("seed**2 + offset", "seed**2 + offset + 1e-3")
    message = r"squares: 'seed 0' is \[0.001, \[0\]\] now and was \[0, \[0\]\].* computes all draws"
    with pytest.raises(SystemExit, match=message):
        sampled.renew(sample=1)
    assert why_stale(sampled.root, Code(sampled.root), "squares")
    assert list(sampled.draws()) == ["seed 0"]  # computed with this code; the others are gone
    assert sampled.renew(sample=1) == ["seed 1", "seed 2"]
    assert sampled.values() == {"squares": [0.001, 1.001, 4.001]}


def test_what_was_measured_alone_is_measured_again(clone):
    clone.renew()
    clone.edit("seed**2 + offset", "seed * seed + offset")
    assert clone.renew(sample=1) == ["seed 0", "seed 1", "seed 2"]


def test_what_was_never_computed_is_not_sampled(sampled):
    sampled.edit("seed**2 + offset", "seed * seed + offset")
    sampled.edit('"seeds": 3', '"seeds": 5')
    assert sampled.renew(sample=1) == ["seed 0", "seed 3", "seed 4"]
    assert sampled.values() == {"squares": [0, 1, 4, 9, 16]}
