"""What the ledger joins: equations of the chapters, the code that computes them, measured errors.

The code is a function of dlcore whose docstring names the equation. Where no single function
stands for it (a symmetry, a bound, a whole network), it is the test that writes it out, with what
it uses. What an equation is compared with begins with a word of ``book/oracles.toml``, and each
word is of one kind. Nothing here knows Sphinx; ``ledger`` turns it into pages.
"""

import ast
import json
import math
import re
import textwrap
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = "python -m pytest -m ledger -q --ledger=_build/ledger.json"
NAMED = re.compile(r"^ *Equation:(.*)$", re.MULTILINE)
LABEL = re.compile(r"eq-[a-z0-9-]*[a-z0-9]")
TABLE = tomllib.loads((Path(__file__).parents[1] / "oracles.toml").read_text("utf8"))
KINDS, ORACLES = TABLE["kinds"], TABLE["oracles"]
ROUNDING = 1e-12  # what is below it, in a formula of many terms, is rounding


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

    @property
    def public_name(self):
        """``dlcore.layers.affine_backward``, as readers import it; empty for what they do not."""
        room, *folders = Path(self.path).with_suffix("").parts
        if room not in ("dlcore", "byhand") or any(part.startswith("_") for part in folders):
            return ""
        if room == "dlcore" and len(folders) > 1:  # a package shows its files' names as its own
            folders = folders[:-1]
        return ".".join([room, *folders, self.name])


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
    def oracle(self):
        """The word for what it compares with: ``loops``."""
        return self.against.partition(": ")[0]

    @property
    def details(self):
        """What stands behind the word: ``over the pixels``."""
        return self.against.partition(": ")[2]

    @property
    def kind(self):
        """The kind of its oracle, empty for a word that the table does not have."""
        return ORACLES.get(self.oracle, {"kind": ""})["kind"]

    @property
    def with_torch(self):
        """Whether the comparison needs PyTorch."""
        return self.oracle == "PyTorch"


@dataclass
class Entry:
    """A labeled equation with all that computes and checks it."""

    label: str
    latex: str
    code: list[Function] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    helpers: list[Function] = field(default_factory=list)  # what a test that is the code uses

    @property
    def is_definition(self):
        """Whether the equation only introduces a symbol."""
        return self.label.startswith("eq-def-")

    @property
    def has_function(self):
        """Whether a function of the library stands for it."""
        return any(not function.path.startswith("tests/") for function in self.code)

    @property
    def verdict(self):
        """How well the equation is checked, in a few words: by its most exact kind of check."""
        if self.is_definition:
            return "definition"
        kinds = {check.kind for check in self.checks}
        best = next((kind for kind in KINDS if kind in kinds), None)
        if best is None:
            return "not checked"
        checks = [check for check in self.checks if check.kind == best]
        worst = max(checks, key=lambda check: check.error)
        return f"checked{VERDICTS[best](worst)}"


def of_exact(check):
    """Write how exactly two exact computations agree."""
    if check.error == 0:
        return ", exact"
    return " to rounding" if check.error <= ROUNDING else f" to {power_of_ten(check.error)}"


VERDICTS = {
    "exact": of_exact,
    "numerical": lambda check: f" by {check.oracle} to {power_of_ten(check.error)}",
    "bound": lambda check: ", the bound holds",
    "statistical": lambda check: f" within sampling error ({check.details})",
    "printed": lambda check: " to the printed digits",
}


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


def join(equations, functions, tests, checks, helpers_of=lambda test: []):
    """Return one ``Entry`` for each ``(label, latex)`` of ``equations``, in their order.

    ``helpers_of`` returns what a test uses, where the test is an equation's code.
    """
    by_id = {test.test_id: test for test in tests}
    entries = []
    for label, latex in equations:
        measured = checks.get(label, [])
        code = [function for function in functions if label in function.labels]
        helpers = {}
        if not code:
            ids = dict.fromkeys(check.test for check in measured)
            code = [by_id[name] for name in ids if name in by_id]
            helpers = {helper.test_id: helper for test in code for helper in helpers_of(test)}
        entries.append(Entry(label, latex, code, measured, list(helpers.values())))
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
        if not check.kind:
            found.append(
                f"{entry.label}: {check.test} compares with {check.against!r}, which does not "
                "begin with a word of book/oracles.toml"
            )
        if not check.error <= check.tolerance:  # also true of nan
            found.append(
                f"{entry.label}: {check.test} measures {check.error:.1e}, "
                f"above its tolerance {check.tolerance:.1e}"
            )
    return found


def tally(entries):
    """Return ``{kind: (checks, equations, largest error)}`` of the kinds that occur, in order."""
    found = {}
    for kind in KINDS:
        checks = [check for entry in entries for check in entry.checks if check.kind == kind]
        equations = sum(any(check.kind == kind for check in entry.checks) for entry in entries)
        if checks:
            found[kind] = len(checks), equations, max(check.error for check in checks)
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
