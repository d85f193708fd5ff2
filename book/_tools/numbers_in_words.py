r"""Numbers in words are values of their page: find them, and compare.

``bind(wins=7)`` in a code cell stores a value. The metadata ``numbers`` of a cell with words ties
a snippet of them, which holds one number, to a value: ``{"in 7 of": "wins", "98.7%": "share:%",
"2,000": "given"}``. Text and value agree when the value, rounded as the text is, is the text.

=============  ==================================================================================
``name``       the value of that name
``name:%``     a hundred times it
``given``      no value: a year, a citation, a definition, data of an exercise, our own choice
``test_name``  no value of the page: the test of that name, in ``tests``, computes it
=============  ==================================================================================

Where the snippet holds a bound's words before the number ("more than", "below"), the value must
lie beyond; where it holds "about", zeros at the end of a whole number are rounding.
"""

import ast
import functools
import re
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import nbformat
import prose

MIME = "application/papermill.record/text/plain"
SIMPLE = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
SIMPLE += " fifteen sixteen seventeen eighteen nineteen"
WORDS = {word: value for value, word in enumerate(SIMPLE.split())}
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: 10 * value for value, word in enumerate(TENS.split(), 2)}
SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9}
TIMES = {"once": 1, "twice": 2, "thrice": 3}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}

UNIT = f"(?:{'|'.join(TENS)})(?:-(?:{'|'.join(list(WORDS)[1:10])}))?|{'|'.join(WORDS)}"
SCALE = "|".join(SCALES)
DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:\{,\}\d{3})+|\d+)(?:\.\d+)?|\.\d+"
POWER = r"(?:\\cdot|\\times|·|×)\s*10\s*\^\s*(?:\{\s*([-−]?\d+)\s*\}|(\d))"
# Not inside a word or a name (VGG-16, x2, 3D, 0.2.0); a minus only where no range can be meant.
FIGURES = re.compile(
    rf"(?<![\w.^_])(?<![A-Za-z]-)(?<!\d,)((?:(?<![\w)])[-−+])?)({DIGITS})"
    rf"(?:[eE]([-−+]?\d+))?(?![\w^]|\.\d|,\d{{3}})(?:\s(?P<scale>{SCALE})\b)?"
)
IN_WORDS = re.compile(
    rf"\b(?:(?:(?P<count>{UNIT}|a)\s)?(?P<part>thirds?|quarters?|fifths?|tenths?)"
    rf"|(?P<half>half)|(?P<times>{'|'.join(TIMES)})"
    rf"|(?P<unit>{UNIT}|an?(?=\s(?:{SCALE})\b))(?:\s(?P<scale>{SCALE}))?(?P<fold>-?fold)?)\b",
    re.IGNORECASE,
)
MATH = re.compile(r"\$([^$]+)\$")
SIGN = r"(?:=|\\approx|\\simeq|\\sim|≈|<|>|\\l[te]q?|\\g[te]q?|\\pm)"
LONE = re.compile(
    rf"\s*(?P<head>.*{SIGN})?\s*(?P<number>(?P<sign>[-−+]?)\s*(?:(?P<figures>{DIGITS})"
    rf"(?:\s*{POWER})?|10\s*\^\s*(?:\{{\s*(?P<exponent>[-−]?\d+)\s*\}}|(?P<digit>\d))))"
    r"\s*(?:\\[,;:!]|~|\s)*(?:\\?%)?\s*",
    re.DOTALL,
)

ABOVE = re.compile(r"(?:more than|above|at least|exceeds?|>|\\g[te]q?)\W*$", re.IGNORECASE)
BELOW = re.compile(
    r"(?:less than|fewer than|below|under|at most|<|\\l[te]q?)\W*$",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"(?:about|around|roughly|nearly|almost|some|approximately|≈|~|\\approx|\\sim)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Number:
    """A number in a text.

    Parameters
    ----------
    text : str
    start, end : int
        Where it stands.
    value : Fraction
    unit : Fraction
        One of its last digit: 1/10 for ``98.7``. The value may be half of it away.
    form : str
        ``figures``, ``math`` (alone between dollars), ``formula`` (at the end of one) or ``word``.
    """

    text: str
    start: int
    end: int
    value: Fraction
    unit: Fraction
    form: str


@functools.lru_cache(maxsize=4096)
def numbers(text):
    """Return the numbers of a text in their order; of math only what stands alone or at its end."""
    found, plain = [], list(text)
    for match in MATH.finditer(text):
        plain[match.start() : match.end()] = " " * (match.end() - match.start())
        if number := in_math(match):
            found.append(number)
    plain = "".join(plain)
    for match in FIGURES.finditer(plain):
        found.append(in_figures(match))
    for match in IN_WORDS.finditer(plain):
        if not any(number.start < match.end() and match.start() < number.end for number in found):
            found += in_words(match)
    return tuple(sorted(found, key=lambda number: number.start))


def in_figures(match):
    """Return the number of a match of figures, in prose."""
    sign, digits, exponent = match.group(1, 2, 3)
    value, unit = read(sign, digits, exponent)
    scale = SCALES.get(match["scale"], 1)
    return Number(match[0], *match.span(), value * scale, unit * scale, "figures")


def read(sign, digits, exponent):
    """Return value and unit of the last digit."""
    digits = digits.replace("{,}", "").replace(",", "")
    power = int((exponent or "0").replace("−", "-"))
    unit = Fraction(10) ** (power - len(digits.partition(".")[2]))
    value = Fraction(digits) * Fraction(10) ** power
    return -value if sign in ("-", "−") else value, unit


def in_math(match):
    """Return the number that inline math is, or ends in after a sign of relation."""
    lone = LONE.fullmatch(match[1])
    if not lone:
        return None
    power = lone.group(5) or lone.group(6)
    digits = lone["figures"]
    if digits is None:
        digits, power = "1", lone["exponent"] or lone["digit"]
    value, unit = read(lone["sign"], digits, power)
    start, end = (match.start(1) + place for place in lone.span("number"))
    form = "formula" if (lone["head"] or "").strip(" =<>\\aproxsimlegtq≈") else "math"
    return Number(lone["number"].strip(), start, end, value, unit, form)


def in_words(match):
    """Return the number of a match of words, in a list; empty for a word that is none here."""
    part = match["half"] or match["part"]
    if part:
        if match["part"] and not match["count"]:
            return []  # "the third"
        count = WORDS.get((match["count"] or "one").lower(), 1)
        value = Fraction(count, PARTS[part.lower().removesuffix("s")])
        unit = value / 5  # a tenth of itself away
    elif match["times"]:
        value, unit = Fraction(TIMES[match["times"].lower()]), Fraction(1)
    else:
        tens, _, ones = match["unit"].lower().partition("-")
        count = TENS.get(tens, WORDS.get(tens, 1)) + WORDS.get(ones, 0)
        scale = SCALES.get((match["scale"] or "").lower(), 1)
        value, unit = Fraction(count * scale), Fraction(scale)
    return [Number(match[0], *match.span(), value, unit, "word")]


def agrees(number, value, before=""):
    """Tell whether a value is what a number in a text says.

    Parameters
    ----------
    number : Number
    value : Fraction
    before : str
        The words before it that belong to its statement: "more than", "about".
    """
    if ABOVE.search(before):
        return value >= number.value
    if BELOW.search(before):
        return value <= number.value
    unit = number.unit
    if ABOUT.search(before) and unit == 1 and number.value:
        while number.value % (10 * unit) == 0:
            unit *= 10
    return abs(value - number.value) <= unit / 2


# Values and where words state them


def stored(path):
    """Return the values that a notebook's cells bound when they ran, and what is wrong with them.

    Returns
    -------
    values : dict of str to Fraction
    problems : list of str
    """
    values, problems = {}, []
    for cell in code_cells(path):
        found = {}
        for output in cell.get("outputs", ()):
            book = output.get("metadata", {}).get("scrapbook")
            if book and MIME in output.get("data", {}):
                found[book["name"]] = Fraction(output["data"][MIME])
        place = f"{path.stem}, cell {cell.id}"
        written = bound_names(cell.source)
        if sorted(found) != sorted(written):
            problems.append(
                f"{place}: bind names {sorted(written)}, and stored are {sorted(found)}; run "
                f"`python book/_tools/run_notebooks.py` on it"
            )
        if written and "nbval-ignore-output" in cell.metadata.get("tags", ()):
            problems.append(
                f"{place}: bind in a cell that nbval does not compare (nbval-ignore-output); what "
                "differs from run to run can not stand in words"
            )
        problems += [
            f"{place}: {name!r} is bound twice on this page; choose another name"
            for name in sorted(found.keys() & values)
        ]
        values |= found
    return values, problems


def code_cells(path):
    """Return a notebook's code cells."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def bound_names(source):
    """Return the names that the calls of ``bind`` in a cell give."""
    if "bind(" not in source:
        return []
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:  # a magic command
        return []
    named = [call for call in calls if getattr(call.func, "id", "") == "bind"]
    return [keyword.arg for call in named for keyword in call.keywords if keyword.arg]


def tables(path):
    """Return the tables ``numbers`` of a file by cell, question or exercise."""
    path = Path(path)
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        found = {cell.id: cell.metadata.get("numbers", {}) for cell in cells}
    elif path.suffix == ".toml":
        questions = tomllib.loads(path.read_text("utf8"))
        found = {name: question.get("numbers", {}) for name, question in questions.items()}
    else:
        found = {exercise.name: exercise.numbers for exercise in prose.declared(path)}
    return {name: dict(table) for name, table in found.items() if table}


@dataclass(frozen=True)
class Statement:
    """A number of a page with what ties it to a value, if anything does."""

    passage: prose.Passage
    number: Number
    snippet: str = ""
    target: str = ""
    before: str = ""  # the snippet's words before the number


def statements(path):
    """Return the numbers in the words of one file, and what is wrong with its snippets.

    Returns
    -------
    found : list of Statement
        In the order of the page.
    problems : list of str
    """
    cells = {}
    for passage in prose.passages(path):
        cells.setdefault(passage.cell, []).append(passage)
    known = tables(path)
    page = next(iter(cells.values()))[0].page if cells else Path(path).stem
    problems = [
        f"{page}, cell {cell}: it has `numbers` and no words" for cell in known.keys() - cells
    ]
    found = []
    for cell, passages in cells.items():
        tied = {}
        for snippet, target in known.get(cell, {}).items():
            hits, problem = places(passages, snippet)
            if not problem and len(hits) > 1 and target != "given":
                problem = f"occurs {len(hits)} times; lengthen it, so that it occurs once"
            if problem:
                problems.append(f"{page}, cell {cell}: the snippet {snippet!r} {problem}")
                continue
            for passage, number, before in hits:
                statement = Statement(passage, number, snippet, target, before)
                other = tied.setdefault((passage, number), statement)
                if other.target != target:
                    problems.append(
                        f"{page}, cell {cell}: {number.text!r} is in the snippets "
                        f"{other.snippet!r} and {snippet!r}; lengthen one, so that they part"
                    )
        for passage in dict.fromkeys(passages):
            for number in numbers(passage.source):
                found.append(tied.get((passage, number), Statement(passage, number)))
    return found, problems


def places(passages, snippet):
    """Return where a snippet stands, and what is wrong with it.

    Returns
    -------
    hits : list of (Passage, Number, str)
        The one number that it holds there, and the snippet's words before it.
    problem : str
        Empty if all is well.
    """
    wanted = " ".join(snippet.split())
    hits, cut = [], False
    for passage in dict.fromkeys(passages):
        start = passage.source.find(wanted) if wanted else -1
        while start >= 0:
            end = start + len(wanted)
            touched = [n for n in numbers(passage.source) if n.start < end and start < n.end]
            inside = [n for n in touched if start <= n.start and n.end <= end]
            if len(inside) > 1:
                held = " and ".join(repr(number.text) for number in inside)
                return [], f"holds {len(inside)} numbers, {held}; shorten it, so that it holds one"
            if len(inside) == len(touched) == 1:
                hits.append((passage, inside[0], passage.source[start : inside[0].start]))
            else:
                cut = True
            start = passage.source.find(wanted, start + 1)
    if hits:
        return hits, ""
    if cut:
        return [], "holds no whole number; lengthen it, so that it holds one"
    return [], "does not occur in the words of its cell; renew it, or take it off"


def problems(path, values=None, root=prose.ROOT):
    """Return what is wrong with the numbers in the words of a chapter.

    Parameters
    ----------
    path : Path
        Its notebook; its questions and exercises are read too.
    values : dict of str to number, optional
        What its cells bound; by default what is stored in it.
    root : Path
        Of the repository, for questions, exercises and tests.

    Returns
    -------
    list of str
        Each names page, snippet, text, value and what to do.
    """
    path = Path(path)
    kept, found = stored(path)
    if values is None:
        values = kept
    used = set()
    for file in prose.files_of(path, root):
        stated, more = statements(file)
        found += more
        for statement in stated:
            name = statement.target.removesuffix(":%")
            used.add(name)
            if problem := differs(statement, values, root):
                passage = statement.passage
                found.append(f"{passage.page}, cell {passage.cell} ({passage.kind}): {problem}")
    found += [
        f"{path.stem}: {name} is bound, but no words state it; tie them to it or take it off"
        for name in values
        if name not in used
    ]
    return found


def differs(statement, values, root):
    """Return what is wrong with one number, or nothing."""
    name, _, percent = statement.target.partition(":")
    text = statement.number.text
    if name in ("", "given"):
        return ""
    if name.startswith("test_"):
        return not_in_test(statement, tests(root).get(name, ""))
    if percent not in ("", "%"):
        return f"{statement.snippet!r}: {statement.target!r} is no name, name:% or given"
    if name not in values:
        return (
            f"{statement.snippet!r} is tied to {name!r}, which no cell of the page binds; write "
            f"bind({name}=...) in the cell that computes it"
        )
    value = Fraction(values[name]) * (100 if percent else 1)
    if agrees(statement.number, value, statement.before):
        return ""
    return (
        f"{statement.snippet!r} says {text}, but {statement.target} is {float(value):.6g}; "
        "write what the cell computes, or mend the cell"
    )


def not_in_test(statement, source):
    """Return what is wrong with a number that a test computes, or nothing."""
    number = statement.number
    forms = {number.text, f"{float(number.value):g}", f"{float(number.value / 100):g}"}
    if any(re.search(rf"(?<![\w.]){re.escape(form)}(?![\w.])", source) for form in forms):
        return ""
    return (
        f"{statement.snippet!r} is tied to {statement.target!r}, which "
        + (f"states no {number.text}" if source else "is no test")
        + "; name the test that computes it"
    )


@functools.cache
def tests(root):
    """Return the functions in ``tests`` that test: name to source."""
    named = re.compile(r"^def (test_\w+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
    files = Path(root).glob("tests/**/*.py")
    return {name: body for file in files for name, body in named.findall(file.read_text("utf8"))}
