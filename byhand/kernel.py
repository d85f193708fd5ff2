"""Whether what is displayed lands in a notebook."""

import sys


def has_kernel():
    """Tell whether this Python is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")  # where there is a kernel, it has been imported
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")
