"""Ask no other origin.

sphinx-thebe, which Jupyter Book always loads, writes the address of a script on unpkg.com into
every page. Nothing in the book uses it, so its listeners and its style sheet are removed.
"""


def disconnect_thebe(app, config):
    """Remove all that sphinx-thebe connected."""
    for listeners in list(app.events.listeners.values()):
        for listener in list(listeners):
            if listener.handler.__module__ == "sphinx_thebe":
                app.disconnect(listener.id)
    app.registry.css_files[:] = [
        (name, attributes)
        for name, attributes in app.registry.css_files
        if name != "sphinx-thebe.css"
    ]


def setup(app):
    """Connect to Sphinx."""
    app.connect("config-inited", disconnect_thebe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
