"""What is stored: the values follow from the draws, and the summaries from the runs."""

import importlib
import json

import numpy as np
import pytest

from benchmarks import store
from benchmarks.fingerprint import Code, hash_of
from benchmarks.freshness import module_of, recipe_names, settings_of
from benchmarks.recipes.optimizers import MEASURES
from byhand import results
from byhand.results import FOLDER

ROOT = FOLDER.parent
CODE = Code(ROOT)


@pytest.mark.parametrize("name", recipe_names(ROOT))
def test_a_result_follows_from_its_draws(name):
    recipe = importlib.import_module(module_of(name))
    settings = settings_of(CODE, name)
    draw_code = CODE.fingerprint(module_of(name), ["draw"])
    hashes = {key: hash_of(draw_code, given) for key, given in recipe.draws(settings).items()}
    stored = store.read_draws(store.draws_path(ROOT, name))
    assert list(stored) == list(dict.fromkeys(hashes.values()))  # two draws may be the same
    assert all(draw["seconds"] >= 0 for draw in stored.values())

    found = {key: stored[hash_]["value"] for key, hash_ in hashes.items()}
    record = results.load(name)
    assert record.keys() == {"hash", "settings", "values", "versions"}
    assert record["settings"] == settings
    assert record["values"] == json.loads(json.dumps(recipe.collect(settings, found)))


def test_the_runs_of_chapter_04_are_whole_and_at_the_chosen_rates():
    for name, shape in (("shallow_units", ("data_sets", "starts")), ("hidden_digits", ("seeds",))):
        record = results.load(name)
        values, settings = record["values"], record["settings"]
        assert values["units"] == settings["units"]
        wanted = (len(settings["units"]), *(settings[axis] for axis in shape))
        for measure in ("train_accuracy", "test_accuracy") if len(shape) == 2 else ("runs",):
            assert np.shape(values[measure]) == wanted
        best = np.argmax(values["tuning"], axis=1)
        assert [settings["tuning"]["rates"][k] for k in best] == values["rates"]


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


def test_the_summary_of_chapter_12_follows_from_its_runs():
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
