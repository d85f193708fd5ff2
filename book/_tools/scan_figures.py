"""Figures without a caption: cells whose picture is not given out by ``plotting.show``."""

import nbformat
from open_findings import Finding


def findings(path):
    """Yield a finding for each cell of a notebook that shows a picture without a caption.

    Parameters
    ----------
    path : str or Path

    Yields
    ------
    Finding
        Its key is the id of the cell. Such a cell has its alternative text in its metadata; the
        build fails on a picture that has neither.
    """
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        image = cell.metadata.get("mystnb", {}).get("image", {})
        if cell.cell_type == "code" and image.get("alt"):
            yield Finding(
                cell.id,
                f"{path.stem}, cell {number} ({cell.id}): a figure without caption, which shows "
                f"“{image['alt'][:60]}…”; end it with plotting.show",
            )
