"""The live forms, which need a kernel. Imported only when one of them is displayed."""

from byhand.labs.lab import bundle
from dlcore.errors import needs_extra

with needs_extra("labs", "book"):
    import anywidget
    import traitlets


class BookWidget(anywidget.AnyWidget):
    """Something drawn from a spec by the pages' own script.

    Parameters
    ----------
    spec : dict
        Ready for JSON.
    render : str
        The script's function that draws it.
    """

    spec = traitlets.Dict().tag(sync=True)

    def __init__(self, spec, render):
        script, style = bundle()
        # The classic script defines GradientsLabs; a widget must be an ES module.
        self._esm = f"{script}\nexport default {{ render: GradientsLabs.{render} }};"
        self._css = style
        super().__init__(spec=spec)


class LabWidget(BookWidget):
    """A lab whose unknown states are computed by Python.

    The browser sends ``{"id": 3, "settings": {...}}`` and gets ``{"id": 3, "state": {...}}`` or
    ``{"id": 3, "error": "..."}``.

    Parameters
    ----------
    lab : Lab
    """

    def __init__(self, lab):
        self._lab = lab
        super().__init__(lab.spec(live=True), "render")
        self.on_msg(self._answer)

    def _answer(self, _, message, buffers):
        try:
            settings = self._lab.settings(**message["settings"])
            self.send({"id": message["id"], "state": self._lab.compute(settings)})
        except ValueError as error:  # a reader's number, such as a rate below zero
            self.send({"id": message["id"], "error": str(error)})
