"""The cells of a chapter, as the page that runs itself needs them."""

import ast

HIDDEN = {"remove-input", "remove-cell"}
VARIES = "nbval-ignore-output"
LONG = 5  # seconds from which a reader is warned


def cells_of(notebook, measured):
    """Return the code cells in their order, and the notebook without outputs.

    Parameters
    ----------
    notebook : dict
        Jupyter's JSON.
    measured : dict
        Of book/live.toml: ``long``, cell's id to seconds, and ``differs``, cell's id to a reason.
    """
    cells = [_cell(cell, measured) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    bare = [
        cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    return {"cells": cells, "notebook": notebook | {"cells": bare}}


def science_is_imported(notebook, names):
    """Tell whether a cell imports one of these packages.

    Parameters
    ----------
    notebook : dict
    names : set of str
    """
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            for node in ast.walk(ast.parse(source_of(cell))):
                modules = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                if any(module.split(".")[0] in names for module in modules):
                    return True
    return False


def source_of(cell):
    """Return the source of a cell as one text."""
    return "".join(cell["source"])


def _cell(cell, measured):
    tags = cell["metadata"].get("tags", [])
    reason = measured.get("differs", {}).get(cell["id"])
    seconds = measured.get("long", {}).get(cell["id"], 0)
    return {
        "id": cell["id"],
        "source": source_of(cell),
        "tags": tags,
        "shown": not HIDDEN & set(tags),
        "long": seconds if seconds >= LONG else None,
        "varies": VARIES in tags or reason is not None,
        "reason": reason,
    }
