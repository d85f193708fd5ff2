"""Notebooks run ahead of the reading, several at once."""

SETTINGS = """
nb_execution_mode = "cache"
nb_execution_cache_path = "_build/cache"
nb_execution_show_tb = True
"""
# Each of the two waits until the other runs, too.
MEETS = """
import time
from pathlib import Path

Path("{own}").touch()
while not Path("{other}").exists():
    time.sleep(0.05)
print("met", {number})
"""


def with_notebooks(small_book, *cells):
    book = small_book("cache_key", "run_ahead", settings=SETTINGS)
    for name, cell in zip(("chapters/03_logistic_regression", "book/other"), cells, strict=True):
        (book.root / f"{name}.md").unlink()
        book.write_notebook(f"{name}.ipynb", cell)
    return book


def test_two_notebooks_run_at_once_and_once_only(small_book, tmp_path):
    one, two = ((tmp_path / name).as_posix() for name in ("one", "two"))
    log = f"open({(tmp_path / 'runs').as_posix()!r}, 'a').write('run ')\n"
    book = with_notebooks(
        small_book,
        log + MEETS.format(own=one, other=two, number=3),
        log + MEETS.format(own=two, other=one, number=4),
    )
    assert book.build() is None
    assert "met 3" in book.page()
    assert "met 4" in book.page("book/other")
    assert (tmp_path / "runs").read_text() == "run run "


def test_what_fails_is_reported(small_book):
    book = with_notebooks(small_book, "print(1)", "1 / 0")
    messages = book.build()
    assert "ZeroDivisionError" in messages
    assert "other.ipynb" in messages
    assert "logistic" not in messages
