import json

import pytest

from benchmarks import store
from benchmarks.fingerprint import Code, hash_of
from benchmarks.freshness import save

RECIPE = """
SETTINGS = {"seed": 0}


def draws(settings):
    return {"once": settings}


def draw(seed):
    return seed + 1


def collect(settings, found):
    return found
"""


@pytest.fixture
def book(small_book):
    """Return a book with a recipe and its fresh result."""
    book = small_book("fresh_results")
    book.write("benchmarks/recipes/slow.py", RECIPE)
    book.write("results/draws/slow.jsonl", "")
    draw = Code(book.root).fingerprint("benchmarks.recipes.slow", ["draw"])
    line = store.line("once", hash_of(draw, {"seed": 0}), 0.1, 1)
    store.write_draws(store.draws_path(book.root, "slow"), [json.loads(line)])
    save(book.root, Code(book.root), "slow", {"once": 1})
    return book


def test_a_book_whose_results_are_fresh_is_built(book):
    assert book.build() is None


def test_the_build_stops_when_code_under_a_result_changed(book):
    book.write("benchmarks/recipes/slow.py", RECIPE.replace("seed + 1", "seed + 2"))
    message = "fresh_results: stale results: slow (code); run: python -m benchmarks results"
    assert message in book.build()
    assert not (book.out / "index.html").exists()


def test_the_build_stops_when_a_result_was_deleted(book):
    assert book.build() is None
    (book.root / "results/slow.json").unlink()
    assert "stale results: slow (missing); run: python -m benchmarks results" in book.build()


def test_the_build_stops_when_nothing_computes_a_result(book):
    (book.root / "benchmarks/recipes/slow.py").unlink()
    assert "no recipe computes results/draws/slow.jsonl, results/slow.json; " in book.build()


def test_a_stale_result_leaves_the_cache_of_the_notebooks_alone(small_book):
    book = small_book("cache_key", "fresh_results", settings='nb_execution_mode = "cache"\n')
    book.write("benchmarks/recipes/slow.py", RECIPE)
    book.write("_build/jupyter_cache/of-yesterday/kept", "")
    assert "stale results: slow (missing)" in book.build()
    assert (book.root / "_build/jupyter_cache/of-yesterday/kept").exists()
