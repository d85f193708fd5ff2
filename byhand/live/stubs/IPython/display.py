"""``display`` and the objects that learners give to it."""

from byhand.live.session import current

__all__ = ["HTML", "SVG", "Image", "Latex", "Markdown", "Math", "clear_output", "display"]


def display(*values, raw=False, metadata=None, **options):
    """Show values below the cell; with ``raw`` they are data by MIME type already."""
    for value in values:
        if raw:
            current().display(value, metadata)
        else:
            current().show(value)


def clear_output(wait=False):
    """Take back what the cell has shown so far."""
    current().outputs.take()


class _Text:
    """A text of one kind."""

    def __init__(self, data):
        self.data = data

    def __repr__(self):
        return f"<{type(self).__name__} object>"


class HTML(_Text):
    """HTML."""

    def _repr_html_(self):
        return self.data


class Markdown(_Text):
    """Markdown."""

    def _repr_markdown_(self):
        return self.data


class Latex(_Text):
    """Text with math."""

    def _repr_latex_(self):
        return self.data


class Math(_Text):
    """A formula."""

    def _repr_latex_(self):
        return f"$\\displaystyle {self.data}$"


class SVG(_Text):
    """A drawing."""

    def _repr_svg_(self):
        return self.data


class Image(_Text):
    """A PNG file's bytes."""

    def _repr_png_(self):
        return self.data
