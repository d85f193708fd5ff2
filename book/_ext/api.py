"""API pages from the docstrings: ``.. api:: dlcore.losses`` documents a module.

A package's public names are those of ``__all__``, a file's those that it defines. Each gets one
entry, under the name that readers import: ``dlcore.layers.conv2d_backward``, wherever it lies.
A page that shows a part of a package names the files: ``:files: conv2d maxpool2d``.

``Equation: eq-x`` in a docstring becomes the equation's number, which links to it, and the chapter
that derives it; under the equation stands the function. dlcore is imported, and needs no PyTorch.
"""

import importlib
import inspect
from typing import ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from ledger_records import NAMED, named_labels
from numbering import chapter_number
from sphinx.util.docutils import SphinxDirective, SphinxRole


def public_names(module):
    """Return the names that readers import: a package's ``__all__``, or what a file defines."""
    if hasattr(module, "__path__"):
        return list(getattr(module, "__all__", ()))
    own = [name for name, thing in vars(module).items() if defined_in(thing) == module.__name__]
    return [name for name in own if not name.startswith("_")]


def defined_in(thing):
    """Return the module that defines a function or class, None for anything else."""
    is_code = inspect.isclass(thing) or callable(inspect.unwrap(thing))
    return getattr(thing, "__module__", None) if is_code else None


def in_files(module, names, files):
    """Return the names that these files of a package define, in their order there."""
    things = {name: getattr(module, name) for name in names}
    homes = {name: (defined_in(thing) or "").rpartition(".")[2] for name, thing in things.items()}
    ours = [name for name in names if homes[name] in files]
    return sorted(ours, key=lambda name: (files.index(homes[name]), line_of(things[name])))


def line_of(thing):
    """Return the line where a function or class begins."""
    return inspect.getsourcelines(inspect.unwrap(thing))[1]


def entry(full_name, thing):
    """Return the lines that document one name."""
    if inspect.isclass(thing):
        return [f".. autoclass:: {full_name}", "   :members:", ""]
    if callable(thing):
        return [f".. autofunction:: {full_name}", ""]
    return []  # a color or a table: the module's docstring says what it is


class ApiDirective(SphinxDirective):
    """Document a module, or the part of a package that stands in some of its files."""

    required_arguments = 1
    option_spec: ClassVar = {"files": str.split}

    def run(self):
        """Return the module's docstring and the entries of its names."""
        module = importlib.import_module(self.arguments[0])
        names = public_names(module)
        if files := self.options.get("files"):
            lines = [f".. py:currentmodule:: {module.__name__}", ""]
            names = in_files(module, names, files)
        else:
            lines = [f".. automodule:: {module.__name__}", ""]
        for name in names:
            lines += entry(f"{module.__name__}.{name}", getattr(module, name))
        return self.parse(lines)

    def parse(self, lines):
        """Return the nodes of lines in reStructuredText."""
        source, line = self.get_source_info()
        content = StringList(lines, items=[(source, line)] * len(lines))
        node = nodes.Element()
        self.state.nested_parse(content, self.content_offset, node, match_titles=True)
        return node.children


# --- from a function to its equations ---


class Chapter(nodes.Inline, nodes.TextElement):
    """Stands for the chapter of an equation until all pages are read."""


class ChapterRole(SphinxRole):
    """``:equation-chapter:`eq-x```: the chapter that derives an equation, as a link."""

    def run(self):
        """Return the placeholder."""
        return [Chapter(label=self.text)], []


def link_equations(app, what, name, thing, options, lines):
    """Turn ``Equation: eq-x`` of a docstring into links, and note who computes it."""
    text = "\n".join(lines)
    here = functions_of(app.env).setdefault(app.env.docname, {})
    for label in named_labels(text):
        here.setdefault(label, []).append(name)
    lines[:] = NAMED.sub(lambda found: equation_line(found[0]), text).split("\n")


def equation_line(line):
    """Write the line with roles: the number of each equation, and its chapter."""
    roles = [f":eq:`{label}` :equation-chapter:`{label}`" for label in named_labels(line)]
    return f"{'Equations' if len(roles) > 1 else 'Equation'}: {', '.join(roles)}"


def name_chapters(app, doctree, docname):
    """Replace each placeholder by the link to its chapter; an unknown label was warned of."""
    equations = app.env.get_domain("math").equations
    for node in list(doctree.findall(Chapter)):
        target = equations.get(node["label"], (None,))[0]
        if target is None:
            node.parent.remove(node)
            continue
        uri = app.builder.get_relative_uri(docname, target)
        text = f"chapter {chapter_number(target)}, {app.env.titles[target].astext()}"
        link = nodes.reference("", text, internal=True, refuri=uri)
        node.replace_self([nodes.Text("in "), link])


# --- from an equation to its functions ---


def functions_of(env):
    """Return ``{page: {label: [full name]}}``, of the environment or a new one."""
    if not hasattr(env, "api_functions"):
        env.api_functions = {}
    return env.api_functions


def forget(app, env, docname):
    """Forget a page."""
    functions_of(env).pop(docname, None)


def by_label(env):
    """Return ``{label: [full name]}`` of all pages."""
    found = {}
    for page in sorted(functions_of(env)):
        for label, names in functions_of(env)[page].items():
            found.setdefault(label, []).extend(names)
    return found


def link_functions(app, doctree, docname):
    """Put under each equation of a chapter the functions that compute it, after its row's link."""
    functions = by_label(app.env)
    if chapter_number(docname) is None or not functions:
        return
    for equation in list(doctree.findall(nodes.math_block)):
        names = functions.get(equation.get("label"), [])
        if not names:
            continue
        line = line_below(equation)
        links = [entry_link(app, docname, name) for name in names]
        for link in links:
            line += [nodes.Text(" · "), link] if line.children else [link]


def line_below(equation):
    """Return the small line below an equation, the ledger's or a new one."""
    place = equation.parent.index(equation) + 1
    line = equation.parent[place] if place < len(equation.parent) else None
    if line is None or "ledger-link" not in line.get("classes", ()):
        line = nodes.paragraph(classes=["ledger-link"])
        equation.parent.insert(place, line)
    return line


def entry_link(app, docname, name):
    """Return the link to an entry."""
    entry = app.env.get_domain("py").objects[name]
    uri = app.builder.get_relative_uri(docname, entry.docname)
    text = nodes.literal("", name.rpartition(".")[2])
    return nodes.reference("", "", text, internal=True, refuri=f"{uri}#{entry.node_id}")


def rewrite_chapters(app, env):
    """Write all chapters again when another function computes an equation."""
    before, env.api_linked = getattr(env, "api_linked", None), by_label(env)
    if before == env.api_linked:
        return []
    return [docname for docname in env.found_docs if chapter_number(docname) is not None]


def skip_values(app, what, name, thing, skip, options):
    """Leave out the default values of a dataclass, which its signature shows."""
    is_code = inspect.isroutine(thing) or isinstance(thing, property)
    return True if what == "class" and not is_code else None


def set_options(app, config):
    """Show a docstring's sections, and no table of members, types or attributes besides."""
    config.numpydoc_show_class_members = False
    config.autodoc_preserve_defaults = True
    config.autodoc_typehints = "none"
    config.toc_object_entries_show_parents = "hide"


def setup(app):
    """Connect to Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("numpydoc")
    app.connect("config-inited", set_options)
    app.add_directive("api", ApiDirective)
    app.add_role("equation-chapter", ChapterRole())
    app.connect("autodoc-skip-member", skip_values)
    app.connect("autodoc-process-docstring", link_equations, priority=400)  # before numpydoc
    app.connect("doctree-resolved", name_chapters)
    app.connect("env-purge-doc", forget)
    app.connect("env-updated", rewrite_chapters)
    app.connect("doctree-resolved", link_functions, priority=600)  # after the ledger
    return {"version": "1", "env_version": 1, "parallel_read_safe": False}
