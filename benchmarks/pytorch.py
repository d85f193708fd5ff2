"""PyTorch as an oracle whose version a record names."""


def require_version(recipe, wanted):
    """Raise RuntimeError when another version of PyTorch is installed than the record's.

    Parameters
    ----------
    recipe : str
        Who asks.
    wanted : str
        Such as ``"2.13.0"``; a build of it, such as ``"2.13.0+cpu"``, will do.
    """
    import torch

    if torch.__version__.split("+")[0] != wanted:
        raise RuntimeError(f"{recipe}: needs torch {wanted}, found {torch.__version__}")
