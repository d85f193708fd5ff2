"""The few names of IPython that the book and Matplotlib call, for a page that runs itself."""

from byhand.live.session import current

from . import display

__all__ = ["display", "get_ipython", "version_info"]

version_info = 8, 24, 0  # from here on Matplotlib finds its backend without IPython's help


class _Events:
    """Takes what wants to be called after a cell; a session shows its figures by itself."""

    def register(self, event, function):
        """Do nothing."""

    def unregister(self, event, function):
        """Do nothing."""


class _Shell:
    """Tells that what is displayed lands in a notebook."""

    kernel = "the page"
    events = _Events()


_shell = _Shell()


def get_ipython():
    """Return something with a kernel while a session runs, as IPython does in a notebook."""
    return _shell if current() else None
