"""Matplotlib's backend in the page: ``plt.show()`` adds the open figures to the cell's outputs.

It is chosen by ``MPLBACKEND=module://byhand.live.figures``.
"""

import io
import logging
from base64 import b64encode

from matplotlib import pyplot as plt
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

# For symbols that no formula here needs Matplotlib looks for fonts that are not packed.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


def show_all(display):
    """Show all open figures, in the order of their numbers, and close them.

    Parameters
    ----------
    display : callable
        Takes data by MIME type.
    """
    try:
        for number in plt.get_fignums():
            figure = plt.figure(number)
            buffer = io.BytesIO()
            figure.savefig(buffer, format="png", dpi=figure.dpi, bbox_inches="tight")
            picture = b64encode(buffer.getvalue()).decode()
            display({"image/png": picture, "text/plain": repr(figure)})
    finally:  # one that cannot be drawn does not come again after the next cell
        plt.close("all")


class FigureManager(FigureManagerBase):
    """Shows figures by way of the session that runs.

    Parameters
    ----------
    canvas : FigureCanvas
    num : int or str
        The figure's number or name.
    """

    @classmethod
    def pyplot_show(cls, *, block=None):
        """Do what ``plt.show()`` is to do."""
        from byhand.live import session

        show_all(session.current().display)


class FigureCanvas(FigureCanvasAgg):
    """Agg's, whose figures are shown in the page.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    """

    manager_class = FigureManager
