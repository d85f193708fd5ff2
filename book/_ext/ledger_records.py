"""What the ledger joins: equations of the chapters, functions of dlcore, measured errors.

Nothing here knows Sphinx; ``ledger`` turns it into pages.
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
    """A function or class of dlcore that says which equations it computes."""

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
    functions: list[Function] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    @property
    def is_definition(self):
        """Whether the equation only introduces a symbol."""
        return self.label.startswith("eq-def-")

    @property
    def error(self):
        """The largest error of all checks."""
        return max((check.error for check in self.checks), default=math.nan)


def find_functions(root, package="dlcore"):
    """Return every function whose docstring has a line ``Equation: eq-a, eq-b``."""
    found = []
    for path in sorted(Path(root, package).rglob("*.py")):
        text = path.read_text("utf8")
        lines = text.splitlines()
        for name, node in definitions(ast.parse(text)):
            labels = named_labels(ast.get_docstring(node) or "")
            if labels:
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                source = textwrap.dedent("\n".join(lines[first - 1 : node.end_lineno]))
                place = path.relative_to(root).as_posix()
                found.append(Function(name, place, first, node.end_lineno, source, labels))
    return found


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


def join(equations, functions, checks):
    """Return one ``Entry`` for each ``(label, latex)`` of ``equations``, in their order."""
    return [
        Entry(
            label,
            latex,
            [function for function in functions if label in function.labels],
            checks.get(label, []),
        )
        for label, latex in equations
    ]


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
    if not entry.functions:
        found.append(
            f"{entry.label}: no function of dlcore says `Equation: {entry.label}`; "
            "if there is nothing to compute, call it eq-def-..."
        )
    if not entry.checks:
        found.append(f"{entry.label}: no test measures it (pytest.mark.ledger)")
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
