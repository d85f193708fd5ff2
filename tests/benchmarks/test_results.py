"""Stored results: fresh ones load, stale ones name the command that renews them."""

import json
import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.__main__ import main, recipe_names, renew
from byhand import results
from dlcore.errors import StaleResult

NAMES = recipe_names()


@pytest.mark.parametrize("name", NAMES)
def test_the_stored_result_is_fresh(name):
    record = results.load(name)
    assert record.keys() == {"hash", "settings", "values", "versions"}


def test_no_result_has_lost_its_recipe():
    stored = {path.stem for path in (results.REPOSITORY / "results").glob("*.json")}
    assert stored == set(NAMES)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Return a small repository: a recipe that uses one layer of a package of two."""
    files = {
        "benchmarks/recipes/slow.py": '''
            """A recipe."""
            import numpy as np
            from dlcore import losses
            from dlcore.layers import Affine
            from dlcore.training import fit as train

            SETTINGS = {"seed": 0}

            def compute(settings):
                """Compute."""
                return {"value": train(Affine(settings["seed"]), losses.square)}
        ''',
        "dlcore/__init__.py": '"""A library."""\n__version__ = "1"\n',
        "dlcore/layers/__init__.py": """
            from dlcore.layers.affine import Affine
            from dlcore.layers.relu import ReLU
        """,
        "dlcore/layers/affine.py": '''
            from functools import partial

            from dlcore.errors import check

            TWO = 2

            class Affine:
                """Double."""

                def __call__(self, x):
                    """Return 2 x."""
                    partial(check, x)()
                    return TWO * x
        ''',
        "dlcore/layers/relu.py": "def ReLU(x):\n    return x\n\n\ndef Affine(x):\n    return x\n",
        "dlcore/errors.py": "def check(x):\n    pass\n\n\ndef require(x):\n    pass\n",
        "dlcore/losses.py": "def cube(x):\n    return x**3\n\n\ndef square(x):\n    return x**2\n",
        "dlcore/training.py": 'def fit(*arguments):\n    return "done"\n',
        "byhand/plotting.py": "import matplotlib\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(unindented(text))
    monkeypatch.setattr(results, "REPOSITORY", tmp_path)
    results.save("slow", {"seed": 0}, {"value": 1})
    return tmp_path


def unindented(text):
    return "\n".join(line.removeprefix(" " * 12) for line in text.splitlines())


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_is_saved_can_be_loaded(repository):
    record = results.load("slow")
    assert record["values"] == {"value": 1}
    assert record["settings"] == {"seed": 0}
    assert record["versions"]["numpy"] == np.__version__


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("benchmarks/recipes/slow.py", '"seed": 0', '"seed": 1'),
        ("benchmarks/recipes/slow.py", '{"value": ', '{"values": '),
        ("dlcore/layers/affine.py", "TWO * x", "x * TWO"),
        ("dlcore/layers/affine.py", "TWO = 2", "TWO = 2.0"),  # used by the class
        ("dlcore/errors.py", "check(x):\n    pass", "check(x):\n    x + 1"),  # imported by affine
        ("dlcore/losses.py", "x**2", "x * x"),  # used as an attribute of its module
        ("dlcore/training.py", '"done"', '"Done"'),  # imported under another name
        ("dlcore/layers/__init__.py", "layers.affine", "layers.relu"),
        ("results/slow.json", '"seed": 0', '"seed": 7'),
    ],
)
def test_a_change_of_code_or_settings_makes_it_stale(repository, file, old, new):
    edit(repository / file, old, new)
    command = "run: python -m benchmarks results slow$"
    with pytest.raises(StaleResult, match=rf"^results.load: results/slow.json .*{command}"):
        results.load("slow")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("benchmarks/recipes/slow.py", '"""A recipe."""', "# Why not."),
        ("benchmarks/recipes/slow.py", '"""Compute."""', '"""Compute\n    more."""'),
        ("dlcore/layers/affine.py", '"""Return 2 x."""', ""),
        ("dlcore/layers/affine.py", "TWO * x", "(\n            TWO  # twice\n            * x)"),
        ("dlcore/layers/relu.py", "return x", "return -x"),
        ("dlcore/layers/__init__.py", "\n", "\nfrom dlcore.layers.relu import ReLU as Rectifier\n"),
        ("dlcore/losses.py", "x**3", "x**4"),
        ("dlcore/losses.py", "def cube", "def fourth(x):\n    return x**4\n\n\ndef cube"),
        ("dlcore/errors.py", "require(x):\n    pass", "require(x):\n    x + 1"),
        ("byhand/plotting.py", "matplotlib", "json"),
        ("dlcore/__init__.py", '"1"', '"2"'),
        ("dlcore/layers/affine.py", "import partial", "import cache, partial"),
    ],
)
def test_other_changes_do_not(repository, file, old, new):
    edit(repository / file, old, new)
    results.load("slow")


def test_a_package_used_as_a_whole_counts_as_a_whole(repository):
    edit(
        repository / "benchmarks/recipes/slow.py",
        "from dlcore import losses",
        "from dlcore import layers, losses",
    )
    edit(repository / "benchmarks/recipes/slow.py", "losses.square", 'getattr(layers, "ReLU")')
    results.save("slow", {"seed": 0}, {"value": 1})
    edit(repository / "dlcore/layers/relu.py", "return x", "return -x")
    with pytest.raises(StaleResult):
        results.load("slow")


def test_the_recipe_of_chapter_04_rests_on_what_it_uses():
    modules = {module for module, _, _ in results._reached("benchmarks.recipes.shallow_units")}
    assert modules >= {
        "benchmarks.recipes.shallow_units",
        "dlcore.activations",
        "dlcore.layers.affine",
        "dlcore.network",
        "dlcore.training",
    }
    assert not modules & {"dlcore.layers.relu", "dlcore.reference", "byhand.plotting"}


def test_a_recipe_that_does_not_exist(repository):
    with pytest.raises(FileNotFoundError, match=r"there is no recipe .*other.py"):
        results.fingerprint("other", {})


def test_a_missing_result_names_the_command(repository):
    (repository / "results/slow.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"slow.json; run: python -m benchmarks results"):
        results.load("slow")


def test_without_a_clone_the_message_says_so(repository):
    (repository / "results/slow.json").unlink()
    (repository / "results").rmdir()
    with pytest.raises(FileNotFoundError, match=r"install dlcore from a clone .*pip install -e \."):
        results.load("slow")


def test_a_failed_save_leaves_the_old_file_alone(repository):
    with pytest.raises(TypeError):
        results.save("slow", {"seed": 0}, {"value": np.ones(2)})
    assert results.load("slow")["values"] == {"value": 1}
    assert [path.name for path in (repository / "results").iterdir()] == ["slow.json"]


def test_the_file_does_not_depend_on_the_order_of_keys(repository):
    path = repository / "results/slow.json"
    results.save("slow", {"a": 1, "b": 2}, {"y": 1, "x": 2})
    first = path.read_text()
    results.save("slow", {"b": 2, "a": 1}, {"x": 2, "y": 1})
    assert path.read_text() == first


@pytest.fixture
def recipe(monkeypatch):
    """Replace every recipe by one that takes no time, and return the log of what was saved."""
    saved = []

    class Recipe:
        SETTINGS = {"seed": 0}  # noqa: RUF012

        @staticmethod
        def compute(settings):
            return {"computed with": settings}

    importer = SimpleNamespace(import_module=lambda name: Recipe)
    monkeypatch.setattr("benchmarks.__main__.importlib", importer)
    monkeypatch.setattr(results, "save", lambda *arguments: saved.append(arguments))
    return saved


def test_fresh_results_are_not_computed_again(recipe, capsys):
    renew([])
    assert recipe == []
    assert capsys.readouterr().out.splitlines() == [f"{name}: fresh" for name in NAMES]


def test_force_computes_them_all_the_same(recipe):
    renew([NAMES[0]], force=True)
    assert recipe == [(NAMES[0], {"seed": 0}, {"computed with": {"seed": 0}})]


def test_a_recipe_that_reads_mnist_gets_its_folder(recipe, monkeypatch):
    def compute(settings, *, mnist_path=None):
        return {"from": mnist_path}

    reader = SimpleNamespace(SETTINGS={}, compute=compute)
    importer = SimpleNamespace(import_module=lambda name: reader)
    monkeypatch.setattr("benchmarks.__main__.importlib", importer)
    monkeypatch.setattr(
        "sys.argv", ["benchmarks", "results", "lenet", "--force", "--mnist", "digits"]
    )
    main()
    assert recipe == [("lenet", {}, {"from": "digits"})]


@pytest.mark.parametrize("error", [StaleResult, FileNotFoundError])
def test_stale_and_missing_results_are_computed(recipe, monkeypatch, error):
    def load(name):
        raise error

    monkeypatch.setattr(results, "load", load)
    renew([])
    assert [name for name, *_ in recipe] == NAMES


def test_an_unknown_name_lists_the_recipes():
    with pytest.raises(SystemExit, match=re.escape(f"no recipe ['typo']; there are {NAMES}")):
        renew(["typo"])


def test_the_command_line(recipe, monkeypatch):
    monkeypatch.setattr("sys.argv", ["benchmarks", "results", "oracle", "--force"])
    main()
    assert [name for name, *_ in recipe] == ["oracle"]


def test_the_module_runs():
    command = [sys.executable, "-m", "benchmarks", "results", "typo"]
    run = subprocess.run(command, cwd=results.REPOSITORY, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("no recipe ['typo']")


def test_the_summary_of_chapter_04_follows_from_its_runs():
    record = results.load("shallow_units")
    values, settings = record["values"], record["settings"]
    assert values["units"] == settings["units"]
    for measure in ("train_cost", "train_accuracy", "test_accuracy"):
        runs = np.array(values[measure]["runs"])
        assert runs.shape == (len(settings["units"]), settings["seeds"])
        for name, column in (
            ("mean", runs.mean(axis=1)),
            ("sd", runs.std(axis=1, ddof=1)),
            ("min", runs.min(axis=1)),
            ("max", runs.max(axis=1)),
        ):
            np.testing.assert_allclose(values[measure][name], column, atol=1e-4)


def test_one_run_of_chapter_04_again():
    """One unit settles, so its run is the same on every machine."""
    from benchmarks.recipes import shallow_units

    values = results.load("shallow_units")["values"]
    again = shallow_units._train(1, 0, shallow_units.SETTINGS)
    stored = [values[measure]["runs"][0][0] for measure in shallow_units.MEASURES]
    np.testing.assert_allclose(again, stored, atol=1e-4)
    assert json.dumps(values)  # plain numbers


def test_the_recipe_of_chapter_04_in_small():
    from benchmarks.recipes import shallow_units

    data = {"train": {"seed": 0, "n": 20}, "test": {"seed": 1, "n": 30}}
    settings = shallow_units.SETTINGS | data | {"units": [1, 3], "seeds": 2, "epochs": 5}
    values = shallow_units.compute(settings)
    again = shallow_units.compute(settings)
    assert values == again
    assert values["units"] == [1, 3]
    assert np.shape(values["train_cost"]["runs"]) == (2, 2)
    expected, *_ = shallow_units._train(3, 1, settings)
    assert values["train_cost"]["runs"][1][1] == round(float(expected), 6)


def test_the_summary_of_chapter_11_follows_from_its_runs():
    record = results.load("regularization")
    for rows in record["values"].values():
        assert rows.keys() == record["settings"]["rows"].keys()
        for measured in (measure for row in rows.values() for measure in row.values()):
            runs = np.array(measured["runs"])
            assert runs.shape == (record["settings"]["seeds"],)
            summary = [runs.mean(), runs.std(ddof=1), runs.min(), runs.max()]
            stored = [measured[name] for name in ("mean", "sd", "min", "max")]
            np.testing.assert_allclose(stored, summary, atol=2e-5)


def test_the_recipe_of_chapter_11_in_small():
    from benchmarks.recipes import regularization

    settings = regularization.SETTINGS | {"seeds": 2, "epochs": 5, "large_test": 50}
    values = regularization.compute(settings)
    assert values == regularization.compute(settings)
    for draw in ("fixed", "fresh"):
        expected = regularization._train(draw, "dropout", 1, settings)
        got = [values[draw]["dropout"][name]["runs"][1] for name in regularization.MEASURES]
        np.testing.assert_allclose(got, expected, atol=1e-5)
    assert values["fixed"]["L2"] != values["fresh"]["L2"]


def test_the_summary_of_chapter_18_follows_from_its_runs():
    record = results.load("lenet")
    n, seeds = record["settings"]["test"], record["settings"]["seeds"]
    assert record["values"].keys() == record["settings"]["cases"].keys()
    for run in record["values"].values():
        assert len(run["runs"]) == seeds
        assert run["mean"] == pytest.approx(np.mean(run["runs"]), abs=1e-5)
        assert run["sd"] == pytest.approx(np.std(run["runs"], ddof=1), abs=1e-5)
        assert (run["min"], run["max"]) == (min(run["runs"]), max(run["runs"]))
        confusion = np.array(run["confusion"])
        assert confusion.sum() == seeds * n
        assert np.trace(confusion) / confusion.sum() == pytest.approx(run["mean"], abs=1e-5)
        for image in run["errors"]:
            assert 8000 <= image["index"] < 10_000
            assert sum(answer != image["label"] for answer in image["answers"]) > seeds / 2


def test_the_summary_of_chapter_12_follows_from_its_runs():
    from benchmarks.recipes.optimizers import MEASURES

    record = results.load("optimizers")
    values, settings = record["values"], record["settings"]
    for row, (_, _, parts) in settings["rows"].items():
        for part in parts:
            for measure in MEASURES:
                summary = values[part][row][measure]
                runs = np.array(summary["runs"])
                assert runs.shape == (settings["seeds"],)
                expected = [runs.mean(), runs.std(ddof=1), runs.min(), runs.max()]
                found = [summary[name] for name in ("mean", "sd", "min", "max")]
                np.testing.assert_allclose(found, expected, atol=1e-5)
    shape = len(settings["sweep"]["rates"]), settings["sweep"]["seeds"]
    assert {np.shape(costs) for costs in values["sweep"].values()} == {shape}


def test_the_table_of_chapter_12_is_that_of_the_notes():
    rows = results.load("optimizers")["values"]["original"]
    found = [rows[row]["train"] for row in ("gd", "momentum", "adam")]
    np.testing.assert_allclose(found, [79.67, 79.67, 94.00], atol=0.005)


def test_one_run_of_chapter_12_again():
    from benchmarks.recipes import optimizers

    sweep = optimizers.SETTINGS["sweep"]
    short = optimizers.SETTINGS | {"epochs": sweep["epochs"]}
    (*_, cost), _ = optimizers._train("gd", sweep["rates"][2], "A", 0, short)
    stored = results.load("optimizers")["values"]["sweep"]["gd"][2][0]
    np.testing.assert_allclose(cost, stored, atol=1e-4)


def test_the_recipe_of_chapter_12_in_small():
    from benchmarks.recipes import optimizers

    rows = {"gd": ["gd", 0.1, "AB"], "quick": ["rmsprop", 0.01, "A"]}
    sweep = optimizers.SETTINGS["sweep"] | {"rates": [0.1, 0.2], "seeds": 3, "epochs": 2}
    small = {"rows": rows, "seeds": 2, "epochs": 5, "curve_every": 2, "sweep": sweep}
    settings = optimizers.SETTINGS | small
    values = optimizers.compute(settings)
    assert values == optimizers.compute(settings)
    assert list(values["A"]) == ["gd", "quick"]
    assert list(values["B"]) == ["gd"]
    assert len(values["original"]["gd"]["curve"]) == 3
    (train, *_), _ = optimizers._train("gd", 0.1, "B", 1, settings)
    assert values["B"]["gd"]["train"]["runs"][1] == train
    assert np.shape(values["sweep"]["adam"]) == (2, 3)


def test_the_recipe_of_chapter_19_in_small():
    from benchmarks.recipes import alexnet_parts

    settings = alexnet_parts.SETTINGS | {"train": 20, "seeds": 2, "epochs": 2}
    values = alexnet_parts.compute(settings)
    assert values == alexnet_parts.compute(settings)
    assert values.keys() == results.load("alexnet_parts")["values"].keys()
    expected = alexnet_parts._train("LRN, dropout, shifts", 1, settings)
    stored = [values["LRN, dropout, shifts"][name][1] for name in alexnet_parts.MEASURES]
    np.testing.assert_allclose(stored, expected, atol=1e-4)
    assert stored != [values["plain"][name][1] for name in alexnet_parts.MEASURES]


def test_the_memory_of_a_small_vgg16():
    from benchmarks.recipes import vgg16_forward

    settings = vgg16_forward.SETTINGS | {"size": 32, "width": 1 / 16}
    values = vgg16_forward.compute(settings)
    assert values.keys() == results.load("vgg16_forward")["values"].keys()
    assert values["forward"]["peak_bytes"] < values["gradient"]["peak_bytes"]
