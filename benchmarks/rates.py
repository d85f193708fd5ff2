"""Which of several rates a side of a comparison gets."""

import numpy as np


def chosen(rates, costs):
    """Choose the rate at which the median cost of some draws is lowest.

    Parameters
    ----------
    rates : list of float
    costs : list of list of float
        For each rate the costs of the draws that choose.

    Returns
    -------
    dict
        "median", the median cost at every rate; "rate", where it is lowest; "inner", whether both
        neighbors of that rate were tried.
    """
    median = [float(np.median(cost)) for cost in costs]
    best = int(np.argmin(median))
    return {
        "median": [round(value, 6) for value in median],
        "rate": rates[best],
        "inner": 0 < best < len(rates) - 1,
    }


def require_chosen(side, choice, costs):
    """Refuse a setting that a recipe writes down as the best, when its draws choose another.

    With the choice written down, only that setting has to be computed for the draws that are
    compared.

    Parameters
    ----------
    side : str
        Of the comparison; for the message.
    choice : object
        The setting that the recipe writes down.
    costs : dict
        For each setting that was tried, the costs of the draws that choose.

    Raises
    ------
    ValueError
        When the median cost is lower at another setting.
    """
    found = chosen(list(costs), list(costs.values()))["rate"]
    if found != choice:
        raise ValueError(f"{side}: SETTINGS say {choice}, but the draws choose {found}")
