"""Labs and questions on pages of their own, beside a bundle that is built for the tests."""

import dataclasses
from functools import cache
from pathlib import Path

import pydata_sphinx_theme
import pytest
import sphinx_book_theme

import byhand.labs
import byhand.labs.lab
from byhand.labs.predictions import questions
from tests.byhand.labs.names import LABS

QUESTIONS = questions()

# The theme that the reader has chosen, as in the book.
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>
let theme;
try {{ theme = localStorage.theme; }} catch {{ /* a browser that refuses storage */ }}
document.documentElement.dataset.theme = theme ?? "light";
</script>
{styles}<link rel="stylesheet" href="labs.css"><script defer src="labs.js"></script></head>
<body><main><h1>{title}</h1>{body}</main></body></html>"""
LINK = '<p><a href="?learning-rate.rate=5#lab-learning-rate">five</a></p>'


@cache
def lab(name):
    """Return the lab with this name."""
    return getattr(byhand.labs, name)()


def with_a_control_that_is_off():
    """Return the lab of the learning rate, where the rate has no effect at iteration 0."""
    rate, *others = lab("learning_rate").controls
    still = dataclasses.replace(rate, off={"iteration": [0]})
    return dataclasses.replace(lab("learning_rate"), controls=[still, *others])


def page(folder, name):
    """Return the file with a lab, with ``all`` of them, with ``three`` that are quick, with all
    ``questions``, or with what counts those that are ``answered``.

    It is written when it is first asked for, into the folder of the bundle.
    """
    path = folder / f"{name}.html"
    if not path.exists():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(byhand.labs.lab, "STATIC", folder)
            path.write_text(_markup(folder, name), encoding="utf-8")
    return path


def _markup(folder, name):
    if name == "questions":
        body = "\n".join(question.html() for question in QUESTIONS.values())
        return PAGE.format(title="Predictions", styles=_theme(folder), body=body)
    if name == "answered":
        link = '<p><a href="../chapters/03_logistic_regression.html">3 Logistic regression</a></p>'
        body = link + byhand.labs.answered().html()
        return PAGE.format(title="Answered", styles=_theme(folder), body=body)
    if name == "all":
        labs = [lab(name) for name in LABS]
    elif name == "three":
        labs = [lab(name) for name in ("learning_rate", "ewa", "race")]
    elif name == "off":
        labs = [with_a_control_that_is_off()]
    else:
        labs = [lab(name)]
    body = LINK + "".join(lab.html() for lab in labs)
    return PAGE.format(title="Labs", styles="", body=body)


def _theme(folder):
    """Put the book's theme beside a page; return the link to it."""
    sheets = [
        next(Path(package.__file__).parent.rglob(f"{name}.css"))
        for package, name in (
            (pydata_sphinx_theme, "pydata-sphinx-theme"),
            (sphinx_book_theme, "sphinx-book-theme"),
        )
    ]
    text = "".join(sheet.read_text("utf8") for sheet in sheets)
    (folder / "theme.css").write_text(text, encoding="utf-8")
    return '<link rel="stylesheet" href="theme.css">'
