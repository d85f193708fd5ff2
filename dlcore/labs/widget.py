"""The live form of a lab. Imported only when a lab is displayed with a kernel."""

import anywidget
import traitlets

from dlcore.labs.lab import STATIC


class LabWidget(anywidget.AnyWidget):
    """A lab whose unknown states are computed by Python.

    The browser sends ``{"id": 3, "settings": {...}}`` and gets ``{"id": 3, "state": {...}}`` or
    ``{"id": 3, "error": "..."}``.

    Parameters
    ----------
    lab : Lab
    """

    spec = traitlets.Dict().tag(sync=True)

    def __init__(self, lab):
        script = (STATIC / "labs.js").read_text(encoding="utf-8")
        # The pages' classic script defines GradientsLabs; a widget must be an ES module.
        self._esm = f"{script}\nexport default {{ render: GradientsLabs.render }};"
        self._css = (STATIC / "labs.css").read_text(encoding="utf-8")
        self._lab = lab
        super().__init__(spec=lab.spec(live=True))
        self.on_msg(self._answer)

    def _answer(self, _, message, buffers):
        try:
            settings = self._lab.settings(**message["settings"])
            self.send({"id": message["id"], "state": self._lab.compute(settings)})
        except ValueError as error:  # a reader's number, such as a rate below zero
            self.send({"id": message["id"], "error": str(error)})
