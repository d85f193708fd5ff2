"""The words of the book: what is left of a page when math, code and directives are taken out.

``passages("chapters/16_convolution_backprop.ipynb")`` yields paragraph by paragraph, in the order
of the page. What is no word stands there as ``…``, so that a sentence stays a sentence. Captions
and alternative texts are passages too, and so are the texts of a chapter's questions and exercises.
"""

import ast
import functools
import html
import importlib.util
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import nbformat
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

ROOT = Path(__file__).parents[2]
LEFT_OUT = "…"
CELL = " | "  # between the cells of a table's row

PROSE_DIRECTIVES = {  # their content is read; that of all others is not
    "admonition", "attention", "caution", "danger", "dropdown", "error", "exercise", "figure",
    "hint", "important", "margin", "note", "proof", "seealso", "sidebar", "solution", "tip",
    "topic", "warning", "glossary",
}  # fmt: skip
NO_TITLE = {"solution", "figure"}  # a label or a path stands where others have a title
SENTENCE = re.compile(r"(?<=[.!?])[)\"'”’*]*\s+(?=[\"'“‘(*]*[^\Wa-z]|…)")
ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|cf|vs|al|Fig|Eq|No|St|Dr|Mr|Ms|[A-Z])\.$")


@dataclass(frozen=True)
class Passage:
    r"""A paragraph, heading, item of a list, row of a table, caption or text of a question.

    Parameters
    ----------
    page : str
        ``16_convolution_backprop``, ``questions/16`` or ``exercises/ch16``.
    cell : str
        Id of the notebook's cell, name of the question or of the exercise.
    kind : str
        ``text``, ``caption``, ``alt``, ``question``, ``feedback`` or ``hint``.
    text : str
        Its words on one line; math, code and roles are ``…``, citations are gone.
    source : str
        The same with the math of the line left in: ``a loss of $2 \cdot 10^{-10}$``.
    links : tuple of (str, str)
        Words and target of each link in it.
    """

    page: str
    cell: str
    kind: str
    text: str
    source: str
    links: tuple = ()


def passages(path):
    """Yield the passages of one file, in their order.

    Parameters
    ----------
    path : str or Path
        A notebook, a page in Markdown, ``byhand/questions/16.toml`` or
        ``byhand/exercises/ch16.py``.

    Raises
    ------
    ValueError
        When the file is none of these.
    """
    path = Path(path)
    readers = {".ipynb": notebook, ".md": page, ".toml": questions, ".py": exercises}
    if path.suffix not in readers:
        raise ValueError(
            f"passages: {path} is none of {', '.join(readers)}; only these hold the book's words"
        )
    yield from readers[path.suffix](path)


def files_of(path, root=ROOT):
    """Return a chapter's notebook and the files of its questions and exercises that exist."""
    number = Path(path).stem[:2]
    more = [root / f"byhand/questions/{number}.toml", root / f"byhand/exercises/ch{number}.py"]
    return [Path(path), *(file for file in more if file.exists())]


def chapter(path, root=ROOT):
    """Yield the passages of a chapter's notebook, then of its questions and exercises."""
    for file in files_of(path, root):
        yield from passages(file)


def sentences(text):
    """Return the sentences of a text; the cells of a table's row are sentences of their own."""
    found = []
    for part in text.split(CELL):
        start = 0
        for match in SENTENCE.finditer(part):
            if ABBREVIATION.search(part[start : match.start()]):
                continue
            found.append(part[start : match.end()].strip())
            start = match.end()
        found.append(part[start:].strip())
    return [sentence for sentence in found if re.search(r"\w", sentence)]


# Notebooks and Markdown


def notebook(path):
    """Yield the passages of a notebook's cells."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            found = markdown(cell.source)
        elif cell.cell_type == "code":
            found = shown(cell)
        else:
            found = ()
        for parts in found:
            yield Passage(path.stem, cell.id, *parts)


def page(path):
    """Yield the passages of a page in Markdown."""
    for parts in markdown(path.read_text("utf8")):
        yield Passage(path.stem, "", *parts)


@functools.cache
def parser():
    """Return the parser that MyST uses, with the extensions of ``_config.yml``."""
    extensions = {"colon_fence", "deflist", "dollarmath"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def markdown(source):
    """Yield ``(kind, text, source, links)`` of each passage of a Markdown text."""
    row = None
    for token in parser().parse(source):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            texts, sources, links = zip(*row, strict=True)
            yield from passage("text", CELL.join(texts), CELL.join(sources), sum(links, ()))
            row = None
        elif token.type == "inline":
            read = words(token.children), words(token.children, with_math=True), links_in(token)
            if row is None:
                yield from passage("text", *read)
            else:
                row.append(read)
            for child in token.children:
                if child.type == "image":
                    yield from passage("alt", child.content, child.content)
        elif token.type in ("fence", "colon_fence"):
            yield from directive(token)


def passage(kind, text, source, links=()):
    """Yield the passage if it holds anything to read."""
    text, source = (" ".join(part.split()) for part in (text, source))
    if re.search(r"\w", source):
        yield kind, text, source, links


def links_in(token):
    """Return words and target of each link in a block."""
    found, start = [], None
    for i, child in enumerate(token.children):
        if child.type == "link_open":
            start = i
        elif child.type == "link_close":
            inside = token.children[start + 1 : i]
            found.append((words(inside), token.children[start].attrGet("href")))
    return tuple(found)


def words(tokens, with_math=False):
    """Return what a reader reads of the tokens of one block."""
    found, hidden = [], False
    for token in tokens:
        if token.type == "link_open":
            hidden = token.markup == "autolink"
        elif token.type == "link_close":
            hidden = False
        elif hidden:
            continue
        elif token.type == "text":
            found.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            found.append(" ")
        elif token.type.startswith("math_inline") and with_math:
            found.append(f"${token.content.strip()}$")
        elif token.type.startswith("math_inline") or token.type == "code_inline":
            found.append(LEFT_OUT)
        elif token.type == "myst_role":
            found.append("" if token.meta["name"].startswith("cite") else LEFT_OUT)
    return "".join(found)


def directive(token):
    """Yield the passages of a directive that holds prose: its title, then its content."""
    match = re.match(r"\{([\w:-]+)\}\s*(.*)", token.info.strip())
    if not match or match[1] not in PROSE_DIRECTIVES:
        return
    name, title = match.groups()
    if name not in NO_TITLE:
        yield from markdown(title)
    yield from markdown(without_options(token.content))


def without_options(content):
    """Take off the lines ``:key: value`` at the start of a directive."""
    lines = content.split("\n")
    while lines and (re.match(r":[\w-]+:", lines[0]) or not lines[0].strip()):
        lines.pop(0)
    return "\n".join(lines)


# Captions and alternative texts


def shown(cell):
    """Yield captions and alternative texts of a code cell, from its metadata and its source."""
    settings = cell.metadata.get("mystnb", {})
    if caption := settings.get("figure", {}).get("caption"):
        yield from as_kind("caption", caption)
    if alt := settings.get("image", {}).get("alt"):
        yield from passage("alt", alt, alt)
    for caption, alt in shows(cell.source):
        if caption:
            yield from as_kind("caption", caption)
        if alt:
            yield from passage("alt", alt, alt)


def as_kind(kind, source):
    """Yield the passages of a Markdown text under another kind."""
    for _, *rest in markdown(source):
        yield kind, *rest


def shows(source):
    """Return caption and alternative text of each call of ``plotting.show``."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic command
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("plotting.show", "show"):
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            caption = node.args[1] if len(node.args) > 1 else named.get("caption")
            found.append((string(caption), string(named.get("alt"))))
    return found


def string(node):
    """Return a string of the source; what an f-string computes is ``…``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(string(value) for value in node.values)
    if isinstance(node, ast.FormattedValue):
        return LEFT_OUT
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return string(node.left) + string(node.right)
    return LEFT_OUT if node else ""


# Questions and exercises


def questions(path):
    """Yield what the questions of a chapter ask and answer."""
    for name, table in tomllib.loads(path.read_text("utf8")).items():
        for kind, text in texts(table):
            plain = html.unescape(re.sub(r"<[^>]+>", "", text))
            for _, *both in passage(kind, plain, plain):
                yield Passage(f"questions/{path.stem}", name, kind, *both)


def texts(table):
    """Yield kind and text of everything that one question says."""
    yield "question", table["question"]
    for choice in table.get("choices", ()):
        yield "question", choice["text"]
        yield "feedback", choice["feedback"]
    for key in ("right", "low", "high"):
        if isinstance(table.get(key), str):
            yield "feedback", table[key]
    for value in table.get("known", ()):
        yield "feedback", value["feedback"]


def exercises(path):
    """Yield what the exercises of a chapter say: solved, mistakes, hints."""
    for exercise in declared(path):
        for text in (exercise.verifies, *exercise.mistakes, *exercise.hints):
            for _, *both in passage("hint", text, text):
                yield Passage(f"exercises/{path.stem}", exercise.name, "hint", *both)


def declared(path):
    """Return the exercises that a file declares."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from byhand.exercises.checking import Exercise

    spec = importlib.util.spec_from_file_location(f"exercises_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [value for value in vars(module).values() if isinstance(value, Exercise)]
