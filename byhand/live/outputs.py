"""What a cell shows, in order, in the form in which a notebook stores it."""

import os
import pprint
from base64 import b64encode

CONTAINERS = (dict, list, tuple, set, frozenset)
# What an object says about itself, and under which type a notebook stores it.
METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_latex_": "text/latex",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
}


class Outputs:
    """The outputs of the cell that runs; streams that follow each other are one.

    Parameters
    ----------
    echo : bool
        Whether what is printed goes to the process's own streams at once, too, so that the page
        can show it while the cell runs.
    """

    def __init__(self, echo=True):
        self.echo = echo
        self.found = []

    def take(self):
        """Return what was shown since the last call, and start anew."""
        found, self.found = self.found, []
        return found

    def write(self, name, text):
        """Add printed text; ``name`` is ``"stdout"`` or ``"stderr"``."""
        if not text:
            return
        last = self.found[-1] if self.found else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.found.append({"output_type": "stream", "name": name, "text": text})
        if self.echo:
            _write_all(1 if name == "stdout" else 2, text.encode("utf-8", "backslashreplace"))

    def display(self, data, metadata=None):
        """Add a picture, or whatever else has several forms by MIME type."""
        self.found.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})

    def result(self, data, metadata, count):
        """Add the value of a cell's last line."""
        self.found.append(
            {
                "output_type": "execute_result",
                "data": data,
                "metadata": metadata,
                "execution_count": count,
            }
        )

    def error(self, name, message, lines):
        """Add an exception, with its traceback as lines of text."""
        self.found.append(
            {"output_type": "error", "ename": name, "evalue": message, "traceback": lines}
        )


class Stream:
    """What stands in place of ``sys.stdout`` or ``sys.stderr``.

    Parameters
    ----------
    outputs : Outputs
    name : str
        ``"stdout"`` or ``"stderr"``.
    """

    encoding, errors, newlines, closed = "utf-8", "strict", None, False

    def __init__(self, outputs, name):
        self.outputs, self.name = outputs, f"<{name}>"
        self._kind = name

    def write(self, text):
        """Add a text to the cell's outputs."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.outputs.write(self._kind, text)
        return len(text)

    def writelines(self, lines):
        """Add several texts."""
        for line in lines:
            self.write(line)

    def flush(self):
        """Do nothing: nothing waits."""

    def isatty(self):
        """Tell that this is no terminal."""
        return False

    def writable(self):
        """Tell that this can be written to."""
        return True

    def readable(self):
        """Tell that this cannot be read."""
        return False


def formatted(value):
    """Return a value as data by MIME type, and the metadata that belong to them.

    A lab or a prediction gives its text alone, and its name: it is alive on the page already.

    Parameters
    ----------
    value : object

    Returns
    -------
    data : dict
        MIME type to text.
    metadata : dict
    """
    if own := _of_the_book(value):
        return own
    bundle = getattr(value, "_repr_mimebundle_", None)
    if callable(bundle) and not isinstance(value, type):
        found = bundle()
        data, metadata = found if isinstance(found, tuple) else (found, {})
        return {"text/plain": plain(value)} | data, metadata
    data = {"text/plain": plain(value)}
    for method, mime in METHODS.items():
        say = getattr(value, method, None)
        if callable(say) and not isinstance(value, type) and (said := say()) is not None:
            said = said[0] if isinstance(said, tuple) else said
            data[mime] = b64encode(said).decode() if isinstance(said, bytes) else said
    return data, {}


def plain(value):
    """Return the text of a value, long lists and dicts on several lines.

    Parameters
    ----------
    value : object

    Returns
    -------
    str
    """
    if type(value) in CONTAINERS:
        return pprint.pformat(value, width=79, sort_dicts=False, compact=True)
    return repr(value)


def _of_the_book(value):
    """Return the text and the name of a lab or a prediction, or None for anything else."""
    for kind, module in (("lab", "Lab"), ("prediction", "Prediction")):
        classes = [c for c in type(value).__mro__ if c.__module__.startswith("byhand.labs.")]
        if any(c.__name__ == module for c in classes):
            return {"text/plain": value.text()}, {"byhand": {kind: value.name}}
    return None


def _write_all(stream, data):
    while data:
        data = data[os.write(stream, data) :]
