"""Tell browsers what a page may do: it asks no server but its own, whatever its scripts say.

Only rules that hold for pages opened as files, too, stand here.
"""

RULES = {"connect-src": "'self'", "object-src": "'none'", "base-uri": "'self'"}


def add_to_page(app, pagename, templatename, context, doctree):
    """Add the policy to the head of a page."""
    policy = "; ".join(f"{rule} {value}" for rule, value in RULES.items())
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    context["metatags"] = context.get("metatags", "") + f"\n    {tag}"


def setup(app):
    """Connect to Sphinx."""
    app.connect("html-page-context", add_to_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
