import pytest

CODE = """
import sys
sys.path.insert(0, "..")
from dlcore import answer
print("the answer is", answer())
"""
SETTINGS = 'nb_execution_mode = "cache"\nnb_output_stderr = "error"\n'


@pytest.fixture
def book(small_book):
    book = small_book("cache_key", settings=SETTINGS)
    book.write("dlcore/__init__.py", "def answer():\n    return 41\n")
    (book.root / "chapters/03_logistic_regression.md").unlink()
    book.write_notebook("chapters/03_logistic_regression.ipynb", CODE)
    return book


def test_a_change_in_dlcore_changes_the_page(book):
    assert book.build() is None
    assert "the answer is 41" in book.page()
    (old,) = (book.root / "_build/jupyter_cache").iterdir()
    book.write("dlcore/__init__.py", "def answer():\n    return 42\n")
    assert book.build() is None
    assert "the answer is 42" in book.page()
    (new,) = (book.root / "_build/jupyter_cache").iterdir()
    assert new != old


@pytest.mark.parametrize(
    "name",
    [
        "dlcore/layers/affine.py",
        "byhand/questions/03.toml",
        "byhand/labs/static/race.svg",
        "requirements.txt",
        "benchmarks/recipes/a.py",
        "results/a.json",
    ],
)
def test_the_key_rests_on_code_requirements_and_results(book, name):
    from cache_key import digest

    empty = digest(book.root)
    book.write(name, "1")
    first = digest(book.root)
    book.write(name, "2")
    assert len({empty, first, digest(book.root)}) == 3
    book.write("README.md", "no notebook reads this")
    book.write("results/draws/a.jsonl", "no notebook reads this either")
    book.write(name, "1")
    assert digest(book.root) == first
    (book.root / name).unlink()
    assert digest(book.root) == empty
