"""Many runs in a few numbers."""


def summarize(runs):
    """Return mean, standard deviation, extremes and the runs themselves, for a JSON file.

    Parameters
    ----------
    runs : array, shape (..., seeds)

    Returns
    -------
    dict of str to float or list
        To six decimal places; ``sd`` is that of a sample, divided by one less than the seeds.
    """
    columns = {
        "mean": runs.mean(axis=-1),
        "sd": runs.std(axis=-1, ddof=1),
        "min": runs.min(axis=-1),
        "max": runs.max(axis=-1),
        "runs": runs,
    }
    return {name: column.round(6).tolist() for name, column in columns.items()}
