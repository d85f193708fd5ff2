"""What the ledger joins: equations of the chapters, the code that computes them, measured errors.

The code is a function of dlcore whose docstring names the equation. Where no single function
stands for it (a symmetry, a bound, a whole network), it is the test that writes it out. Nothing
here knows Sphinx; ``ledger`` turns it into pages.
"""

import ast
import json
import math
import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = "python -m pytest -m ledger -q --ledger=_build/ledger.json"
NAMED = re.compile(r"^ *Equation:(.*)$", re.MULTILINE)
LABEL = re.compile(r"eq-[a-z0-9-]*[a-z0-9]")


@dataclass(frozen=True)
class Function:
    """A function or class of dlcore or the tests, and the equations that its docstring names."""

    name: str
    path: str  # from the root of the repository
    first: int
    last: int
    source: str
    labels: tuple[str, ...]

    @property
    def place(self):
        """``dlcore/layers/affine.py:57–86``."""
        return f"{self.path}:{self.first}–{self.last}"

    @property
    def test_id(self):
        """``tests/dlcore/test_losses.py::test_logistic``, as pytest writes it."""
        return f"{self.path}::{self.name.replace('.', '::')}"


@dataclass(frozen=True)
class Check:
    """One test of one equation: the worst of its cases."""

    test: str
    against: str
    error: float
    tolerance: float
    recorded: bool
    cases: int

    @property
    def with_torch(self):
        """Whether the comparison needs PyTorch."""
        return self.against.startswith("PyTorch")


@dataclass
class Entry:
    """A labeled equation with all that computes and checks it."""

    label: str
    latex: str
    code: list[Function] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    @property
    def is_definition(self):
        """Whether the equation only introduces a symbol."""
        return self.label.startswith("eq-def-")

    @property
    def error(self):
        """The largest error of all checks."""
        return max((check.error for check in self.checks), default=math.nan)


def find_functions(root, *folders):
    """Return every class and function in the Python files of these folders."""
    return [
        function
        for folder in folders
        for path in sorted(Path(root, folder).rglob("*.py"))
        for function in functions_in(path, path.relative_to(root).as_posix())
    ]


def functions_in(path, name):
    """Yield the classes and functions of one file, which ``name`` calls."""
    text = path.read_text("utf8")
    lines = text.splitlines()
    for qualified, node in definitions(ast.parse(text)):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        source = textwrap.dedent("\n".join(lines[first - 1 : node.end_lineno]))
        labels = named_labels(ast.get_docstring(node) or "")
        yield Function(qualified, name, first, node.end_lineno, source, labels)


def definitions(tree, prefix=""):
    """Yield the qualified name and the syntax tree of each class and function."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from definitions(node, f"{prefix}{node.name}.")


def named_labels(docstring):
    """Return the labels that a docstring names; what is no label stays as it is written."""
    return tuple(
        word.strip()
        for line in NAMED.findall(docstring)
        for word in line.split(",")
        if word.strip()
    )


def read_checks(path):
    """Return ``versions`` and the checks by label from a ledger.json; the cases of a test are one.

    Raises
    ------
    FileNotFoundError
        When the tests that measure were not run.
    """
    data = json.loads(Path(path).read_text("utf8"))
    grouped = {}
    for row in data["rows"]:
        test = row["test"].partition("[")[0]
        grouped.setdefault((row["label"], test, row["against"], row["recorded"]), []).append(row)
    checks = {}
    for (label, test, against, recorded), rows in grouped.items():
        worst = max(rows, key=lambda row: (not row["error"] <= row["tolerance"], row["error"]))
        checks.setdefault(label, []).append(
            Check(test, against, worst["error"], worst["tolerance"], recorded, len(rows))
        )
    return data["versions"], checks


def join(equations, functions, tests, checks):
    """Return one ``Entry`` for each ``(label, latex)`` of ``equations``, in their order."""
    by_id = {test.test_id: test for test in tests}
    entries = []
    for label, latex in equations:
        measured = checks.get(label, [])
        code = [function for function in functions if label in function.labels]
        if not code:
            ids = dict.fromkeys(check.test for check in measured)
            code = [by_id[name] for name in ids if name in by_id]
        entries.append(Entry(label, latex, code, measured))
    return entries


def holes(entries, functions, checks):
    """Return a sentence for each place where the chain equation, function, test is broken."""
    known = {entry.label for entry in entries}
    found = []
    for entry in entries:
        if not LABEL.fullmatch(entry.label):
            found.append(f"{entry.label}: an equation's label is eq- and lower-case words")
        elif not entry.is_definition:
            found += entry_holes(entry)
    for function in functions:
        found += [
            f"{label}: named by {function.name} ({function.place}), but no chapter has it"
            for label in function.labels
            if label not in known
        ]
    found += [
        f"{label}: measured by {checks[label][0].test}, but no chapter has it"
        for label in checks
        if label not in known
    ]
    return found


def entry_holes(entry):
    """Return the holes of one computed equation."""
    found = []
    if not entry.checks:
        code = ", ".join(function.name for function in entry.code) or "no function of dlcore either"
        found.append(
            f"{entry.label}: no test measures it (pytest.mark.ledger; {code}); "
            "if there is nothing to compute, call it eq-def-..."
        )
    elif not entry.code:
        found.append(f"{entry.label}: measured, but neither a function nor its test was found")
    elif all(check.with_torch for check in entry.checks):
        found.append(f"{entry.label}: every check needs PyTorch; one must not")
    for check in entry.checks:
        if not check.error <= check.tolerance:  # also true of nan
            found.append(
                f"{entry.label}: {check.test} measures {check.error:.1e}, "
                f"above its tolerance {check.tolerance:.1e}"
            )
    return found


def power_of_ten(error):
    """Write an error as the power of ten above it, so that two builds agree.

    >>> power_of_ten(3.1e-10), power_of_ten(1e-9), power_of_ten(0.0)
    ('1e-9', '1e-9', '0')
    """
    return "0" if error == 0 else f"1e{math.ceil(math.log10(error))}"


def bound(error):
    """Write ``≤ 1e-9``, or ``0`` where nothing differs."""
    return f"≤ {power_of_ten(error)}" if error else "0"
