"""A result is fresh as long as its recipe, the code under it and its draws are what they were."""

import json
import re
import subprocess
import sys

import pytest

from benchmarks import store
from benchmarks.fingerprint import Code
from benchmarks.freshness import (
    StaleResult,
    basis,
    orphans,
    recipe_names,
    require_fresh,
    save,
    why_stale,
)
from byhand.results import FOLDER

ROOT = FOLDER.parent


def why(repository):
    return why_stale(repository.root, Code(repository.root), "slow")


def test_what_was_just_saved_is_fresh(repository):
    assert why(repository) == ""
    require_fresh(repository.root)


def test_a_record_holds_the_values_and_what_they_rest_on(repository):
    record = json.loads(store.result_path(repository.root, "slow").read_text())
    rests_on = basis(repository.root, Code(repository.root), "slow")
    assert record == {
        "hash": {"code": rests_on["code"], "draws": rests_on["draws"]},
        "settings": {"seeds": 2, "scale": 3},
        "values": {"sum": 10},
        "versions": store.versions(),
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("benchmarks/recipes/slow.py", '"seeds": 2', '"seeds": 3', "settings"),
        ("benchmarks/recipes/slow.py", '"scale": 3', '"scale": 3.0', "settings"),
        ("benchmarks/recipes/slow.py", "seed {seed}", "seed no. {seed}", "code"),
        ("benchmarks/recipes/slow.py", "sum(found", "max(found", "code"),
        ("dlcore/layers/affine.py", "TWO * x", "x * TWO", "code"),
        ("results/slow.json", '"scale": 3', '"scale": 4', "settings"),
        ("results/draws/slow.jsonl", '"seed 1"', '"seed 2"', "draws"),
        ("results/draws/slow.jsonl", '{"key":"seed 1"', '{"kay":"seed 1"', "draws"),
        ("results/slow.json", '"values"', '"valeus"', "damaged"),
        ("results/slow.json", '"settings"', '"setings"', "damaged"),
        ("results/slow.json", '"hash": {', '"hash": {{', "damaged"),
    ],
)
def test_every_change_that_counts_is_named(repository, file, old, new, reason):
    repository.edit(file, old, new)
    assert why(repository) == reason


def test_two_changes_are_both_named(repository):
    repository.edit("benchmarks/recipes/slow.py", '"seeds": 2', '"seeds": 3')
    repository.edit("dlcore/losses.py", "x**2", "x * x")
    assert why(repository) == "settings, code"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("benchmarks/recipes/slow.py", '"""Add."""', ""),
        ("benchmarks/recipes/slow.py", '{"seeds": 2, "scale": 3}', '{"scale": 3, "seeds": 2}'),
        ("results/draws/slow.jsonl", '"seconds":1.5', '"seconds":15'),
        ("dlcore/losses.py", "x**3", "x**4"),
    ],
)
def test_other_changes_do_not_count(repository, file, old, new):
    repository.edit(file, old, new)
    assert why(repository) == ""


def test_a_missing_result_is_missing_and_missing_draws_are_named(repository):
    store.draws_path(repository.root, "slow").unlink()
    assert why(repository) == "draws"
    store.result_path(repository.root, "slow").unlink()
    assert why(repository) == "missing"


def test_one_error_names_all_that_is_stale_and_the_command(repository):
    text = (repository.root / "benchmarks/recipes/slow.py").read_text()
    (repository.root / "benchmarks/recipes/other.py").write_text(text)
    (repository.root / "benchmarks/recipes/_shared.py").write_text("no recipe")
    repository.edit("dlcore/losses.py", "x**2", "x * x")
    message = (
        "stale results: other (missing), slow (code); run: python -m benchmarks results\n"
        "no recipe computes results/gone.json; delete, or bring the recipe back"
    )
    (repository.root / "results/gone.json").write_text("{}")
    with pytest.raises(StaleResult, match=f"^{re.escape(message)}$"):
        require_fresh(repository.root)


def test_results_and_draws_without_a_recipe_are_orphans(repository):
    assert orphans(repository.root) == []
    (repository.root / "benchmarks/recipes/slow.py").unlink()
    assert orphans(repository.root) == ["results/draws/slow.jsonl", "results/slow.json"]
    with pytest.raises(StaleResult, match=r"^no recipe computes results/draws/slow.jsonl, results"):
        require_fresh(repository.root)


def test_draws_of_several_versions_are_all_named(repository):
    path = store.draws_path(repository.root, "slow")
    first, second = store.read_draws(path).values()
    first["versions"] = {"python": "3.11.7", "numpy": "2.4.6", "torch": None}
    second["versions"] = {"python": "3.11.7", "numpy": "2.5.0", "torch": "2.13.0"}
    store.write_draws(path, [first, second])
    save(repository.root, Code(repository.root), "slow", {})
    record = json.loads(store.result_path(repository.root, "slow").read_text())
    assert record["versions"] == {"python": "3.11.7", "numpy": "2.4.6, 2.5.0", "torch": "2.13.0"}


def test_a_failed_save_leaves_the_old_result_alone(repository):
    with pytest.raises(TypeError):
        save(repository.root, Code(repository.root), "slow", {"sum": object()})
    assert why(repository) == ""


def test_the_stored_results_are_fresh():
    require_fresh(ROOT)


def test_every_recipe_is_known():
    assert "shallow_units" in recipe_names(ROOT)
    assert not [name for name in recipe_names(ROOT) if name.startswith("_")]


def test_the_check_needs_the_standard_library_only_and_little_time():
    code = "import sys, time; from benchmarks.__main__ import main; main()"
    show = "print(time.process_time(), *sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", f"{code}; {show}", "stale"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    report, state = run.stdout.splitlines()
    seconds, *modules = state.split()
    assert report == "all results are fresh"
    assert float(seconds) < 2
    loaded = {module.partition(".")[0] for module in modules}
    assert "benchmarks" in loaded
    assert not loaded & {"numpy", "dlcore", "byhand", "joblib", "tqdm", "filelock"}
