"""The one place that decides what a missing tool means."""

import os

import pytest


def require(what, present, hint):
    """Skip the running test where ``what`` is missing; under CI fail instead.

    Parameters
    ----------
    what : str
        Such as ``"PyTorch"``.
    present : bool
    hint : str
        How to get it, such as ``"pip install -r requirements-dev.txt"``.
    """
    if present:
        return
    message = f"{what} is missing; to run this test: {hint}"
    if os.environ.get("CI"):
        pytest.fail(f"{message} (CI is set, so this is a failure and not a skip)", pytrace=False)
    pytest.skip(message)
