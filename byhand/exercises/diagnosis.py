"""How two results differ, in words: ``expected`` is right, ``got`` is the learner's."""

import numpy as np

PRINTABLE = 24  # entries; a larger array is described by its shape and range


def is_numeric(value):
    """Whether a value is a number or an array of numbers (or of booleans)."""
    return isinstance(value, np.ndarray | np.generic | int | float) and (
        np.asarray(value).dtype.kind in "biuf"
    )


def largest_error(expected, got):
    """Largest difference of two arrays, relative to the largest expected entry.

    Parameters
    ----------
    expected, got : number or array, equal shapes

    Returns
    -------
    float
        inf where only one of the two is nan or infinite.
    """
    expected, got = np.asarray(expected, float), np.asarray(got, float)
    with np.errstate(all="ignore"):
        equal = (expected == got) | (np.isnan(expected) & np.isnan(got))
        gap = np.where(equal, 0.0, np.abs(got - expected))
    scale = np.max(np.abs(expected), where=np.isfinite(expected), initial=0.0) or 1.0
    return float(np.max(np.where(np.isnan(gap), np.inf, gap), initial=0.0) / scale)


def differs(name, expected, got, tolerance, arguments):
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

    Returns
    -------
    str or None
        One or two sentences; None when type, shape, values and dtype agree.
    """
    if not is_numeric(got):
        return _wrong_type(name, expected, got)
    if np.shape(got) != np.shape(expected):
        return _wrong_shape(name, np.shape(expected), np.shape(got))
    dtype = np.asarray(expected).dtype
    if dtype.kind == "f":
        tolerance = max(tolerance, 100 * float(np.finfo(dtype).eps))
    if largest_error(expected, got) > tolerance:
        return _wrong_values(name, np.asarray(expected, float), np.asarray(got, float), arguments)
    if np.ndim(expected) > 0:
        return _wrong_dtype(name, dtype, np.asarray(got).dtype)
    return None


def _wrong_type(name, expected, got):
    kind = type(got).__name__
    wanted = "an array" if np.ndim(expected) else "a number"
    advice = {
        "list": f" Make it one with np.array({name}).",
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
    elif [n for n in have if n != 1] == [n for n in want if n != 1]:
        likely = (
            "The axis of length 1 is too many: keepdims, or a column where a flat array is meant?"
            if len(have) > len(want)
            else "An axis of length 1 is missing: a flat array where a column or row is meant?"
        )
    elif len(have) > len(want):
        likely = "There is an axis too many: is a sum over the examples missing?"
    else:
        likely = "Write the shapes beside each product to find where they part."
    return f"{name} has shape {have}, expected {want}. {likely}"


def _wrong_values(name, expected, got, arguments):
    bad = np.isfinite(expected) & ~np.isfinite(got)
    if np.any(bad):
        return (
            f"{name} holds {got[bad].flat[0]}: look for the exp of a large number, the log of 0, "
            "or a division by 0."
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
    return f"{name} has the right shape, but other numbers."


def _constant_factor(name, expected, got, arguments):
    """Name a constant ratio of the two, and what in the arguments is as long."""
    nonzero = expected != 0
    if not np.any(nonzero) or np.any(got[~nonzero]):
        return None
    ratios = got[nonzero] / expected[nonzero]
    ratio = float(ratios[0])
    if ratio == 0 or not np.allclose(ratios, ratio, rtol=1e-6, atol=0):
        return None
    size = max(abs(ratio), 1 / abs(ratio))
    if np.isclose(size, 1):
        return f"{name} has the right size and the wrong sign."
    large = abs(ratio) > 1
    text = f"{name} is {size:.4g} times too {'large' if large else 'small'}"
    text += ", with the wrong sign." if ratio < 0 else "."
    for argument, value in arguments.items():
        if any(np.isclose(size, length) for length in np.shape(value)):
            n = round(size)
            likely = f"is a 1/{n} missing?" if large else f"is there a 1/{n} too many?"
            return f"{text} {n} stands in the shape of {argument}: {likely}"
    return text


def _wrong_dtype(name, want, have):
    if have.kind == want.kind and (have == want or want.kind != "f"):
        return None
    advice = {
        "f": "An array made without dtype=, as np.zeros(shape) does, is float64: np.zeros_like(x) "
        "keeps the dtype.",
        "i": ".astype(int) makes integers.",
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
        return f"{name} = {float(value):.{digits}g}"
    if not isinstance(value, np.ndarray):
        return f"{name} = {value}" if is_numeric(value) else f"{name} = {str(value)[:60]}"
    if value.size > PRINTABLE and is_numeric(value):
        return f"{name}: shape {value.shape}, from {value.min():.3g} to {value.max():.3g}"
    text = np.array2string(
        value, precision=digits, separator=", ", suppress_small=True, prefix=f"{name} = "
    )
    return f"{name} = {text}"


def _shape(value):
    printed = isinstance(value, np.ndarray) and value.size <= PRINTABLE
    return f"   shape {value.shape}" if printed else ""
