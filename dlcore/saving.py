"""Parameters on disk: an ``.npz`` file of every array, buffers too, by name; and no code in it."""

import zipfile
from pathlib import Path

import numpy as np

from dlcore.errors import ShapeError
from dlcore.parameters import Parameters


def save(path, params):
    """Write parameters, and buffers such as batch norm's averages, to a file.

    The file appears whole or not at all: after a crash the old one is still there.

    Parameters
    ----------
    path : str or Path
        Such as ``"lenet.npz"``; a file of that name is replaced.
    params : Parameters

    Raises
    ------
    TypeError
        When ``params`` are no Parameters, or the arrays not NumPy's.
    """
    _require_parameters("save", params)
    if not isinstance(params.theta, np.ndarray):
        raise TypeError(
            f"save: theta is a {type(params.theta).__name__}, expected a NumPy array; bring it "
            "over first: params.like(cupy.asnumpy(params.theta))?"
        )
    path = Path(path)
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, allow_pickle=False, **params.arrays)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load(path, params, *, partial=False):
    """Read parameters from a file into the layout of ``params``.

    Nothing in the file is executed, and a file of another network is refused.

    Parameters
    ----------
    path : str or Path
        What ``save`` wrote.
    params : Parameters
        The layout, such as ``net.init(rng)``; its values do not matter unless ``partial``.
    partial : bool
        Whether the file may lack some of the arrays, which then stay as they are in ``params``,
        and have others, which are left out: to go on from another network's first layers. What has
        the same name must have the same shape, and something must. Where the other network is a
        part of this one, read it into the part: ``load(path, params.layer("body"))`` returns the
        arrays, and ``params.layer("body")[name] = array`` writes each of them.

    Returns
    -------
    params : Parameters
        With the values and the dtype of the file; where ``partial``, with the dtype of ``params``.

    Raises
    ------
    TypeError
        When ``params`` are no Parameters.
    FileNotFoundError
        When there is no such file.
    ValueError
        When the file is damaged, or not one that ``save`` wrote.
    ShapeError
        When an array is missing, unknown, or of another shape; where ``partial``, when one is of
        another shape, or none is there.
    """
    _require_parameters("load", params)
    with Path(path).open("rb") as file:
        try:
            with np.load(file, allow_pickle=False) as arrays:
                saved = dict(arrays)
        except (EOFError, OSError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise ValueError(
                f"load: {path} does not hold saved parameters, or is damaged"
            ) from error
    trained, remembered = params.layout.shapes, params.buffer_layout.shapes
    expected = trained | remembered
    if partial:
        saved = {name: array for name, array in saved.items() if name in expected}
        if not saved:
            raise ShapeError(f"load: {path} has none of {', '.join(expected)}; another network's?")
        expected = {name: expected[name] for name in saved}
    hint = " Call a layer that is new by a new name." if partial else ""
    _check_layout(path, {name: array.shape for name, array in saved.items()}, expected, hint)
    if not partial:
        return params.like(_vector(saved, trained), _vector(saved, remembered))
    loaded = params.copy()
    for name, array in saved.items():
        loaded[name] = array
    return loaded


def _require_parameters(function, params):
    if not isinstance(params, Parameters):
        raise TypeError(
            f"{function}: params is a {type(params).__name__}, expected Parameters, such as "
            "net.init(rng); a History can be pickled"
        )


def _vector(arrays, names):
    return np.concatenate([arrays[name].ravel() for name in names] or [np.zeros(0)])


def _check_layout(path, found, expected, hint=""):
    complaints = [f"lacks {name} {shape}" for name, shape in expected.items() if name not in found]
    complaints += [
        f"has {name} {shape}, which the network does not know"
        if name not in expected
        else f"has {name} {shape}, expected {expected[name]}"
        for name, shape in found.items()
        if shape != expected.get(name)
    ]
    if complaints:
        raise ShapeError(f"load: {path} {'; '.join(complaints)}; saved from another network?{hint}")
