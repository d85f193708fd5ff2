"""Figures for the drawings' tests: no windows, the book's style, closed at the end."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from byhand import plotting


@pytest.fixture(autouse=True)
def _figures():
    backend = mpl.get_backend()
    plt.switch_backend("agg")
    with plt.rc_context():
        plotting.style()
        yield
    plt.close("all")
    plt.switch_backend(backend)


@pytest.fixture
def words():
    """Return a function that gives all texts of the current figure, from left to right by lines."""

    def read():
        return [text.get_text() for text in plt.gcf().findobj(mpl.text.Text) if text.get_text()]

    return read


@pytest.fixture
def count():
    """Return a function that counts the patches and lines with a label."""

    def of(label):
        axis = plt.gca()
        return sum(thing.get_label() == label for thing in [*axis.patches, *axis.lines])

    return of
