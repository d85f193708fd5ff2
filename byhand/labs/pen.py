"""A digit that is drawn on, written as one word, as in the browser (``browser/pen.js``).

A sign a cell: 0 leaves the sample as it is, 1 makes the cell white, f black, others gray. The pen's
row and column stand behind the cells.
"""

import numpy as np

from byhand.labs.controls import Drawing, Select

LEVELS = 15  # of the ink, from 1, and 0 for a cell that stays


def blank(side):
    """Return the cells of a square sheet on which nothing is drawn."""
    return "0" * side**2


def picture(sample, edits):
    """Return a sample, (side, side) of ink from 0 to 1, with the reader's edits."""
    levels = np.array([int(cell, 16) for cell in edits[: sample.size]]).reshape(sample.shape)
    return np.where(levels == 0, sample, (levels - 1) / (LEVELS - 1))


def drawn(sample, lines, edits):
    """Return the edits after the pen went along some lines, each a list of cells (row, column).

    As in the browser: the cells under the pen become black, those beside it at least half so.
    """
    side = len(sample)
    cells, pen = list(edits[: sample.size]), edits[sample.size :]
    image = picture(sample, edits).ravel()
    for line in lines:
        for row, column in line:
            pen = f"{row:x}{column:x}"
            for r, c in [(row, column), (row + 1, column), (row - 1, column),
                         (row, column + 1), (row, column - 1)]:  # fmt: skip
                i = r * side + c
                if not (0 <= r < side and 0 <= c < side):
                    continue
                if (r, c) == (row, column):
                    cells[i], image[i] = "f", 1.0
                elif image[i] < 0.5:
                    cells[i], image[i] = "8", 0.5
    return "".join(cells) + pen


def controls(word):
    """Return the controls of a pen on a sheet that starts as ``word`` says."""
    return [
        Select(
            name="pen",
            label="Pen",
            options={"ink": "draws", "eraser": "erases", "lifted": "only moves"},
            value="ink",
        ),
        Drawing(name="edits", label="Move the pen", value=word, levels=LEVELS),
    ]
