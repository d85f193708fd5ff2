"""``show``: the current figure with its name, its caption and its alternative text."""

import io
import re
from base64 import b64encode

from byhand.kernel import has_kernel
from dlcore.errors import needs_extra

with needs_extra("byhand.plotting", "book"):
    import matplotlib as mpl
    import matplotlib.pyplot as plt

NAME = re.compile(r"fig(-[a-z0-9]+)+")


def show(name, caption, *, alt, svg=False):
    """Display the current figure, close it, and write its caption below.

    In a notebook the caption is Markdown with math. In the book the two become one numbered figure
    with this name, which the text cites as ``{numref}`fig-name```. Both texts are outputs of the
    cell, so the numbers in an f-string are the cell's own. Elsewhere the figure is shown as pyplot
    shows it, and the caption is printed.

    Parameters
    ----------
    name : str
        ``"fig-"`` and words in lower case, with hyphens between: what the figure is cited by. No
        other figure of the book has it.
    caption : str
        Markdown: what to see. Line breaks are spaces.
    alt : str
        Plain text: what is seen, for those who cannot see it.
    svg : bool
        Whether it is shown as SVG, which is sharp at any zoom; for drawings with few elements.

    Raises
    ------
    ValueError
        When no figure is open or more than one is, the name is none, or a text is missing or both
        are the same.
    """
    caption, alt = _text("caption", caption), _text("alt", alt)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(
            f"show: name is {name!r}, expected 'fig-' and words in lower case, such as 'fig-costs'"
        )
    if caption == alt:
        raise ValueError(
            f"show: {name} has the same text as caption and as alt; expected what to see, and what "
            "is seen: the curves, shapes and numbers that a caption need not repeat"
        )
    figure = _open_figure(name)
    if not has_kernel():
        plt.show()
        print(caption)
    else:
        from IPython.display import display

        picture = {"image/svg+xml": _svg(figure, name)} if svg else {"image/png": _png(figure)}
        display(picture | {"text/plain": alt}, raw=True, metadata={"byhand": {"figure": name}})
        display({"text/markdown": caption}, raw=True, metadata={"byhand": {"caption": name}})
    plt.close(figure)


def _text(kind, text):
    """Return a text in one line, or raise ValueError when it is none."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"show: {kind} is {text!r}, expected a sentence")
    return " ".join(text.split())


def _open_figure(name):
    """Return the one figure that is open, or raise ValueError."""
    match plt.get_fignums():
        case [number]:
            return plt.figure(number)
        case []:
            raise ValueError(
                f"show: no figure is open for {name}; was it shown before, by plt.show()?"
            )
        case numbers:
            raise ValueError(
                f"show: {len(numbers)} figures are open, expected one, for {name}; show each "
                "before the next one is begun, or close it with plt.close()"
            )


def _png(figure):
    """Return a figure as PNG in base64, cut to what is drawn."""
    return b64encode(_saved(figure, format="png", dpi=figure.dpi)).decode()


def _svg(figure, name):
    """Return a figure as SVG, as large as its PNG, and the same on every run.

    Letters are outlines: they look the same where the font is missing.
    """
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "path"}):
        svg = _saved(figure, format="svg", metadata={"Date": None}).decode()
    # Matplotlib counts in points, 72 an inch.
    return re.sub(
        r' width="([\d.]+)pt" height="([\d.]+)pt"',
        lambda size: ' width="{:.0f}" height="{:.0f}"'.format(
            *(float(points) * figure.dpi / 72 for points in size.groups())
        ),
        svg,
        count=1,
    )


def _saved(figure, **options):
    """Return the bytes of a figure's file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, bbox_inches="tight", **options)
    return buffer.getvalue()
