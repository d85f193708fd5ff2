import json
import math

import pytest
from ledger_records import (
    KINDS,
    ORACLES,
    VERDICTS,
    Check,
    Entry,
    Function,
    bound,
    find_functions,
    holes,
    join,
    named_labels,
    power_of_ten,
    read_checks,
    tally,
)

MODULE = '''
def affine_forward(X):
    """Map.

    Equation: eq-a, eq-b
    """
    return X


class Adam:
    """Adam."""

    @staticmethod
    def update(theta):
        """Step.

        Equation: eq-adam
        """
'''


def function(*labels, name="f"):
    return Function(name, "dlcore/a.py", 1, 9, "def f(): ...", labels)


def check(error=1e-12, tolerance=1e-9, against="central differences"):
    return Check("tests/test_a.py::test_a", against, error, tolerance, False, 1)


@pytest.mark.parametrize(
    ("error", "written"),
    [(0.0, "0"), (1e-9, "≤ 1e-9"), (1.01e-9, "≤ 1e-8"), (3.1e-10, "≤ 1e-9"), (2e-16, "≤ 1e-15")],
)
def test_an_error_is_rounded_up_to_a_power_of_ten(error, written):
    assert bound(error) == written
    assert float(power_of_ten(error)) >= error


def test_labels_come_from_the_lines_that_name_equations():
    assert named_labels("First.\n\n    Equation: eq-a, eq-b\n\n    Equation: eq-c") == (
        "eq-a",
        "eq-b",
        "eq-c",
    )
    assert named_labels("An Equation: eq-a inside a sentence") == ()


def test_functions_are_found_with_their_lines(tmp_path):
    (tmp_path / "dlcore").mkdir()
    (tmp_path / "dlcore/a.py").write_text(MODULE)
    forward, adam, update = find_functions(tmp_path, "dlcore")
    assert (forward.labels, forward.place) == (("eq-a", "eq-b"), "dlcore/a.py:2–7")
    assert adam.labels == ()
    assert (update.name, update.labels) == ("Adam.update", ("eq-adam",))
    assert update.source.startswith("@staticmethod\ndef update(theta):")
    assert update.test_id == "dlcore/a.py::Adam::update"


def test_cases_of_one_test_become_one_check_with_the_worst_error(tmp_path):
    row = {"label": "eq-a", "against": "loops", "tolerance": 1e-9, "recorded": False}
    rows = [
        row | {"test": "t.py::test_a[1]", "error": 1e-12},
        row | {"test": "t.py::test_a[2]", "error": 3e-11},
        row | {"test": "t.py::test_b", "error": 0.0},
    ]
    path = tmp_path / "ledger.json"
    path.write_text(json.dumps({"versions": {"numpy": "2"}, "rows": rows}))
    versions, checks = read_checks(path)
    assert versions == {"numpy": "2"}
    assert [(c.test, c.error, c.cases) for c in checks["eq-a"]] == [
        ("t.py::test_a", 3e-11, 2),
        ("t.py::test_b", 0.0, 1),
    ]


def test_a_failed_case_is_not_hidden_by_a_larger_error_that_is_allowed(tmp_path):
    row = {"label": "eq-a", "against": "loops", "recorded": False}
    rows = [
        row | {"test": "t.py::test_a[loose]", "error": 1e-3, "tolerance": 1e-2},
        row | {"test": "t.py::test_a[tight]", "error": 1e-8, "tolerance": 1e-9},
    ]
    path = tmp_path / "ledger.json"
    path.write_text(json.dumps({"versions": {}, "rows": rows}))
    (found,) = read_checks(path)[1]["eq-a"]
    assert (found.error, found.tolerance) == (1e-8, 1e-9)


def test_where_no_function_names_the_equation_the_test_stands_for_it():
    test = Function("test_a", "tests/test_a.py", 3, 7, "def test_a(): ...", ())
    with_function, without = join(
        [("eq-a", "a"), ("eq-b", "b")],
        [function("eq-a")],
        [test],
        {"eq-a": [check()], "eq-b": [check()]},
    )
    assert [code.name for code in with_function.code] == ["f"]
    assert [code.name for code in without.code] == ["test_a"]


def test_the_test_that_stands_for_an_equation_brings_what_it_uses():
    test = Function("test_a", "tests/test_a.py", 3, 7, "def test_a(): ...", ())
    helper = Function("formula", "tests/test_a.py", 9, 10, "def formula(): ...", ())
    checks = {"eq-a": [check()], "eq-b": [check(), check(against="loops")]}
    both = [("eq-a", "a"), ("eq-b", "b")]
    with_function, without = join(both, [function("eq-a")], [test], checks, lambda test: [helper])
    assert with_function.helpers == []
    assert with_function.has_function
    assert without.helpers == [helper]
    assert not without.has_function


@pytest.mark.parametrize(
    ("path", "name", "public"),
    [
        ("dlcore/layers/affine.py", "affine_backward", "dlcore.layers.affine_backward"),
        ("dlcore/network.py", "Sequential.backward", "dlcore.network.Sequential.backward"),
        ("byhand/labs/init.py", "states", "byhand.labs.init.states"),
        ("tests/test_a.py", "test_a", ""),
        ("dlcore/layers/_windows.py", "output_size", ""),
    ],
)
def test_the_name_that_readers_import(path, name, public):
    assert Function(name, path, 1, 2, "", ()).public_name == public


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([], "not checked"),
        ([check(0.0, against="loops")], "checked, exact"),
        ([check(3e-14, against="loops"), check(0.0, against="by hand")], "checked to rounding"),
        ([check(3e-11, against="loops")], "checked to 1e-10"),
        ([check(3e-11, against="loops: over all"), check(4e-8)], "checked to 1e-10"),
        ([check(3e-9)], "checked by central differences to 1e-8"),
        ([check(0.0, against="a bound: 50 nets"), check(1e-3, against="a sample: 9 nets")],
         "checked, the bound holds"),
        ([check(0.02, against="a sample: 4,000 units")],
         "checked within sampling error (4,000 units)"),
        ([check(1e-3, against="printed digits: 0.9")], "checked to the printed digits"),
    ],
)  # fmt: skip
def test_a_verdict_is_that_of_the_most_exact_kind(checks, verdict):
    assert Entry("eq-a", "a", [], checks).verdict == verdict


def test_errors_are_tallied_kind_by_kind():
    entries = [
        Entry("eq-a", "a", [], [check(1e-14, against="loops"), check(1e-8)]),
        Entry(
            "eq-b", "b", [], [check(1e-13, against="by hand"), check(0.1, against="a sample: 9")]
        ),
    ]
    assert tally(entries) == {
        "exact": (2, 2, 1e-13),
        "numerical": (1, 1, 1e-8),
        "statistical": (1, 1, 0.1),
    }


def test_every_oracle_is_of_a_kind_that_has_a_verdict():
    assert VERDICTS.keys() == KINDS.keys()
    assert {oracle["kind"] for oracle in ORACLES.values()} == set(KINDS)
    assert not any(": " in word for word in ORACLES)


def test_no_holes_in_a_whole_chain():
    entries = [Entry("eq-a", "a", [function("eq-a")], [check()]), Entry("eq-def-b", "b")]
    assert holes(entries, [function("eq-a")], {"eq-a": [check()]}) == []


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (Entry("eq-a", "a", [function("eq-a")]), "eq-a: no test measures it"),
        (Entry("eq-a", "a"), "no function of dlcore either"),
        (Entry("eq-a", "a", [], [check()]), "neither a function nor its test was found"),
        (
            Entry("eq-a", "a", [function("eq-a")], [check(against="PyTorch: 2.13.0")]),
            "eq-a: every check needs PyTorch",
        ),
        (Entry("eq-a", "a", [function("eq-a")], [check(error=1.0)]), "above its tolerance"),
        (Entry("eq-a", "a", [function("eq-a")], [check(error=math.nan)]), "above its tolerance"),
        (
            Entry("eq-a", "a", [function("eq-a")], [check(against="a loop")]),
            "compares with 'a loop'",
        ),
        (Entry("Loss_1", "a", [function("Loss_1")], [check()]), "Loss_1: an equation's label is"),
    ],
)
def test_each_hole_of_an_entry_is_told(entry, message):
    (hole,) = holes([entry], [], {})
    assert message in hole


def test_names_that_no_chapter_has_are_holes():
    found = holes([], [function("eq-gone", name="logistic")], {"eq-lost": [check()]})
    assert found == [
        "eq-gone: named by logistic (dlcore/a.py:1–9), but no chapter has it",
        "eq-lost: measured by tests/test_a.py::test_a, but no chapter has it",
    ]
