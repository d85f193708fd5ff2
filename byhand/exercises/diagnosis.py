"""How two results differ, in words: ``expected`` is right, ``got`` is the learner's."""

import re

import numpy as np

ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # of a function: it is another one in every session
PRINTABLE = 24  # entries; a larger array is described by its shape and range
LINES = 12  # of a printed array
NEARLY = 1e-3  # the largest error, relative, of what is nearly right


def is_numeric(value):
    """Whether a value is a number or an array of numbers (or of booleans)."""
    return isinstance(value, np.ndarray | np.generic | int | float) and (
        np.asarray(value).dtype.kind in "biuf"
    )


def largest_error(expected, got, entrywise=False):
    """Largest difference of two arrays, relative to the largest expected entry.

    Parameters
    ----------
    expected, got : number or array, equal shapes
    entrywise : bool
        Whether each entry counts relative to itself instead, but for the rounding of the largest.

    Returns
    -------
    float
        inf where only one of the two is nan or infinite.
    """
    precision = np.asarray(expected).dtype
    expected, got = np.asarray(expected, float), np.asarray(got, float)
    with np.errstate(all="ignore"):
        equal = (expected == got) | (np.isnan(expected) & np.isnan(got))
        gap = np.where(equal, 0.0, np.abs(got - expected))
    scale = np.max(np.abs(expected), where=np.isfinite(expected), initial=0.0) or 1.0
    if entrywise:
        rounding = np.finfo(precision).eps * scale if precision.kind == "f" else 0.0
        with np.errstate(all="ignore"):
            gap = np.where(gap <= rounding, 0.0, gap / np.abs(expected))
        scale = 1.0
    return float(np.max(np.where(np.isnan(gap), np.inf, gap), initial=0.0) / scale)


def same_values(expected, got, tolerance):
    """Whether two results are numbers of one shape and equal but for rounding, whatever the dtype.

    Parameters
    ----------
    expected, got : anything
    tolerance : float

    Returns
    -------
    bool
    """
    if not (is_numeric(expected) and is_numeric(got)):
        return expected is got
    if np.shape(expected) != np.shape(got):
        return False
    tolerance = _at_least(tolerance, expected, got)
    return max(largest_error(expected, got), largest_error(got, expected)) <= tolerance


def _at_least(tolerance, *results):
    """Return a tolerance that the precision of the results can meet."""
    kinds = [np.asarray(result).dtype for result in results]
    return max([tolerance, *(100 * float(np.finfo(k).eps) for k in kinds if k.kind == "f")])


def differs(name, expected, got, tolerance, arguments, entrywise=False):
    """Say how a result differs from the expected one.

    Parameters
    ----------
    name : str
        What the result is called: ``"dw"``.
    expected : number or array
    got : anything
    tolerance : float
        Largest accepted error; at least 100 float epsilons of ``expected``'s dtype.
    arguments : dict
        The arguments by name; a wrong factor may be the length of one.
    entrywise : bool
        Whether each entry counts relative to itself.

    Returns
    -------
    str or None
        One or two sentences; None when type, shape, values and dtype agree.
    """
    if not is_numeric(got):
        return _wrong_type(name, expected, got)
    if np.shape(got) != np.shape(expected):
        return _wrong_shape(name, np.shape(expected), np.shape(got))
    if largest_error(expected, got, entrywise) > _at_least(tolerance, expected):
        return _wrong_values(
            name, np.asarray(expected, float), np.asarray(got, float), arguments, entrywise
        )
    if np.ndim(expected) > 0:
        return _wrong_dtype(name, np.asarray(expected).dtype, np.asarray(got).dtype)
    return None


def _wrong_type(name, expected, got):
    kind = type(got).__name__
    wanted = "an array" if np.ndim(expected) else "a number"
    if got is None:
        return f"{name} is None: it is not computed, or a function that it comes from lacks return."
    if not isinstance(got, list) and np.asarray(got).dtype.kind == "c":
        return f"{name} is complex, expected {wanted} of real numbers: take .real or .imag."
    advice = {
        "list": " Are its rows of different lengths, or its entries no numbers?",
        "tuple": " Is there a comma too many after return?",
        "ndarray": " Its entries are not numbers.",
        "function": " Are the brackets of a call missing?",
    }
    return f"{name} is of type {kind}, expected {wanted}.{advice.get(kind, '')}"


def _wrong_shape(name, want, have):
    if have == want[::-1]:
        likely = "Is it transposed?"
    elif have == ():
        likely = "A single number came out: is a sum or a mean taken over too many axes?"
    elif want == ():
        likely = "A single number is asked for: is a sum or a mean missing?"
    elif len(have) == 2 and have[0] == have[1] > 1 and want in ((have[0],), (have[0], 1)):
        n = have[0]
        likely = (
            f"Did a column ({n}, 1) meet a flat array ({n},)? Broadcasting pairs each entry of the "
            "one with every entry of the other."
        )
    elif [n for n in have if n != 1] == [n for n in want if n != 1]:
        likely = (
            "The axis of length 1 is too many: keepdims, or a column where a flat array is meant?"
            if len(have) > len(want)
            else "An axis of length 1 is missing: a flat array where a column or row is meant?"
        )
    elif len(have) > len(want):
        likely = "There is an axis too many: is a sum over the examples missing?"
    else:
        likely = "Write the shape beside each line to find where they part."
    return f"{name} has shape {have}, expected {want}. {likely}"


def _wrong_values(name, expected, got, arguments, entrywise):
    bad = np.isfinite(expected) & ~np.isfinite(got)
    if np.any(bad) and not np.isnan(expected).any():  # where nan only fills up short rows
        return (
            f"{name} holds {got[bad].flat[0]}: look for the exp of a large number, the log of 0, "
            "or a division by 0."
        )
    error = largest_error(expected, got)
    if entrywise and error < NEARLY:
        return (
            f"{name} has the right large entries, but small ones are off by up to "
            f"{largest_error(expected, got, entrywise=True):.0e} of their size: is something cut "
            "off or added?"
        )
    if error < NEARLY and not (_are_whole(expected) and _are_whole(got)):
        return (
            f"{name} is nearly right: it is off by {error:.0e} of its largest entry. A small "
            "constant (an epsilon in a log, a root or a division), a rounded constant, a "
            "difference quotient or single precision on the way does that."
        )
    if factor := _constant_factor(name, expected, got, arguments):
        return factor
    if (
        expected.ndim == 2
        and expected.shape[0] == expected.shape[1]
        and np.allclose(got.T, expected)
    ):
        return f"{name} has the right numbers, transposed."
    right = np.isclose(got, expected, rtol=1e-6, atol=1e-12)
    if 0 < right.sum() < right.size:
        index = ", ".join(str(i) for i in np.argwhere(~right)[0])
        return f"{right.sum()} of {right.size} entries are right; {name}[{index}] is not."
    return other_numbers(name, expected)


def other_numbers(name, expected):
    """Say that the numbers are others, where no more is known.

    Parameters
    ----------
    name : str
    expected : number or array

    Returns
    -------
    str
    """
    return (
        f"{name} has the right shape, but other numbers."
        if np.ndim(expected)
        else (f"{name} is another number.")
    )


def _are_whole(numbers):
    return bool(np.all(numbers == np.round(numbers)))


def _constant_factor(name, expected, got, arguments):
    """Name a constant ratio of the two, where it is a simple one, and what is as long."""
    nonzero = expected != 0
    if not np.any(nonzero) or np.any(got[~nonzero]):
        return None
    with np.errstate(all="ignore"):
        ratios = got[nonzero] / expected[nonzero]
    ratio = float(ratios[0])
    if ratio == 0 or not np.allclose(ratios, ratio, rtol=1e-6, atol=0):
        return None
    if np.isclose(ratio, -1):
        return f"{name} has the right size and the wrong sign."
    size = max(abs(ratio), 1 / abs(ratio))
    n = round(size)
    if n < 2 or not np.isclose(size, n, rtol=1e-6):
        return None
    large = abs(ratio) > 1
    text = f"{name} is {n} times too {'large' if large else 'small'}"
    text += ", with the wrong sign." if ratio < 0 else "."
    for argument, value in arguments.items():
        if n in _lengths(value):
            likely = f"is a 1/{n} missing?" if large else f"is there a 1/{n} too many?"
            return f"{text} {n} stands in the shape of {argument}: {likely}"
    return text


def _lengths(value):
    """Return the shape of an argument; a list of arrays of several shapes has only a length."""
    try:
        return np.shape(value)
    except ValueError:
        return (len(value),)


def _wrong_dtype(name, want, have):
    """Say that a float is another one, or labels are no integers; whole numbers may be floats."""
    if want.kind == "f" and (have == want or have.kind in "biu"):
        return None
    if (want.kind in "iu" and have.kind in "iu") or want.kind == have.kind == "b":
        return None
    advice = {
        "f": "An array made without dtype=, as np.zeros(shape) does, is float64: np.zeros_like(x) "
        "keeps the dtype.",
        "i": ".astype(int) makes integers.",
        "u": ".astype(int) makes integers.",
        "b": "A comparison makes True and False.",
    }
    return f"{name} has the right values, but dtype {have}, expected {want}. {advice[want.kind]}"


def show(name, value):
    """Write ``name = value``, or, for a large array, its shape and range.

    Parameters
    ----------
    name : str
    value : anything

    Returns
    -------
    str
    """
    return _show(name, value, 4)


def show_both(name, expected, got):
    """Write the expected and the learner's value with enough digits to see them differ.

    Parameters
    ----------
    name : str
    expected : number or array
    got : anything

    Returns
    -------
    list of str
        Two texts.
    """
    for digits in (4, 8, 17):
        both = [_show(f"expected {name}", expected, digits), _show(f"     got {name}", got, digits)]
        if both[0].partition("=")[2] != both[1].partition("=")[2]:
            break
    return [f"{both[0]}{_shape(expected)}", f"{both[1]}{_shape(got)}"]


def _show(name, value, digits):
    if isinstance(value, float):
        return f"{name} = {float(value) + 0.0:.{digits}g}"  # + 0.0: no -0
    if not isinstance(value, np.ndarray):
        text = str(value) if is_numeric(value) else ADDRESS.sub("", str(value))[:60]
        return f"{name} = {text}"
    if _is_printed(value):
        return f"{name} = {_written(name, value, digits)}"
    return f"{name}: shape {value.shape}, from {value.min():.3g} to {value.max():.3g}"


def _written(name, value, digits):
    """Write an array; what is rounding beside its largest entry is written as 0, never as -0."""
    if np.asarray(value).dtype.kind == "f" and value.size:
        largest = np.max(np.abs(value), where=np.isfinite(value), initial=0.0)
        value = np.where(np.abs(value) < 1e-12 * largest, 0.0, value) + 0.0
    return np.array2string(value, precision=digits, separator=", ", prefix=f"{name} = ")


def _is_printed(value):
    """Whether an array is printed whole; another one is told by its shape and range."""
    if not is_numeric(value) or value.size == 0:
        return True
    return value.size <= PRINTABLE and _written("", value, 4).count("\n") < LINES


def is_whole(value):
    """Whether ``show`` writes a value whole."""
    return not isinstance(value, np.ndarray) or _is_printed(value)


def _shape(value):
    printed = isinstance(value, np.ndarray) and _is_printed(value)
    return f"   shape {value.shape}" if printed else ""
