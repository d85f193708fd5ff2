"""A docutils table from rows of nodes."""

from docutils import nodes


def table(head, rows, widths, name):
    """Return a table of class ``name``: the ``head`` of strings, ``rows`` of lists of nodes."""
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in widths]
    top, body = nodes.thead(), nodes.tbody()
    top += row([nodes.paragraph("", text) for text in head])
    body += [row(cells) for cells in rows]
    group += [top, body]
    return nodes.table("", group, classes=[name])


def row(cells):
    """Return a table row."""
    result = nodes.row()
    result += [nodes.entry("", cell) for cell in cells]
    return result


def markdown(directive, text):
    """Return a cell's paragraph: the text in Markdown, as it stands in the page of a directive."""
    paragraph = nodes.paragraph()
    paragraph += directive.state.inline_text(text, directive.lineno)[0]
    return paragraph
