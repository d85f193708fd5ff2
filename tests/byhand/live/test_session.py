import json
import sys
import textwrap

import matplotlib.pyplot as plt
import pytest

from byhand.live import session as module
from byhand.live.session import Session


@pytest.fixture
def session(monkeypatch):
    found = Session(echo=False)
    monkeypatch.setattr(module, "_session", found)
    return found


def kinds(result):
    return [output["output_type"] for output in result["outputs"]]


def test_cells_share_their_names(session):
    assert session.run("x = 3")["outputs"] == []
    (shown,) = session.run("x + 1")["outputs"]
    assert shown["output_type"] == "execute_result"
    assert shown["data"] == {"text/plain": "4"}
    assert shown["execution_count"] == 2
    assert session.run("_")["outputs"][0]["data"] == {"text/plain": "4"}


def test_what_is_printed_and_shown_keeps_its_order(session):
    result = session.run(
        "import sys\nprint('a')\nprint('b')\nprint('c', file=sys.stderr)\nprint('d')\n5"
    )
    assert kinds(result) == ["stream", "stream", "stream", "execute_result"]
    assert [o["text"] for o in result["outputs"][:3]] == ["a\nb\n", "c\n", "d\n"]
    assert sys.stdout is not None
    json.dumps(result)


def test_the_streams_are_given_back(session):
    before = sys.stdout, sys.stderr, sys.modules["__main__"], input
    session.run("1 / 0")
    assert (sys.stdout, sys.stderr, sys.modules["__main__"], input) == before


@pytest.mark.parametrize("source", ["3;", "3 ;  # quiet", "None", "x = 3", "", "# only words"])
def test_no_value_is_shown(session, source):
    result = session.run(source)
    assert result["ok"]
    assert result["outputs"] == []


def test_a_traceback_names_the_cell_and_shows_its_lines(session):
    session.run("def half(x):\n    return x / 0", "Cell 4")
    result = session.run("half(2)", "Cell 7")
    (error,) = result["outputs"]
    assert error["traceback"][:3] == [
        "Traceback (most recent call last):",
        '  File "Cell 7", line 1, in <module>',
        "    half(2)",
    ]
    text = "\n".join(error["traceback"])
    assert 'File "Cell 4", line 2, in half' in text
    assert "return x / 0" in text
    assert "session.py" not in text
    assert result["error"] == {
        "name": "ZeroDivisionError",
        "message": "division by zero",
        "line": 1,
    }


def test_a_mistake_in_the_syntax_has_no_frames_of_the_parser(session):
    result = session.run("a = 1\nb = (2,", "Cell 2")
    assert result["error"]["line"] == 2
    assert result["error"]["message"] == "'(' was never closed"
    assert result["outputs"][0]["traceback"][0] == '  File "Cell 2", line 2'


@pytest.mark.parametrize("line", ["%timeit 3", "!pip install numpy"])
def test_a_command_of_jupyter_is_explained(session, line):
    lines = session.run(line)["outputs"][0]["traceback"]
    assert lines[-1] == module.SHELL.format(line[0])


def test_a_name_that_is_not_there_is_explained(session):
    lines = session.run("import scikit_learned")["outputs"][0]["traceback"]
    assert lines[-1] == module.NOT_HERE


@pytest.mark.parametrize("source", ["exit()", "raise SystemExit", "raise KeyboardInterrupt"])
def test_nothing_ends_the_session(session, source):
    assert not session.run(source)["ok"]
    assert session.run("1")["ok"]


def test_nobody_can_be_asked(session):
    assert session.run("input('name?')")["error"]["name"] == "EOFError"


def test_what_a_cell_defines_belongs_to_its_main_module(session):
    source = """
        import dataclasses, inspect
        @dataclasses.dataclass
        class Point:
            x: "float"
        def double(x):
            return 2 * x
        print(Point(1.0), Point.__module__)
        print(inspect.getsource(double))
    """
    result = session.run(textwrap.dedent(source))
    assert result["ok"], result
    assert result["outputs"][0]["text"] == (
        "Point(x=1.0) __main__\ndef double(x):\n    return 2 * x\n\n"
    )


def test_open_figures_are_shown_and_closed(session):
    plt.close("all")
    result = session.run("import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])\nprint('drawn')")
    assert kinds(result) == ["stream", "display_data"]
    assert result["outputs"][1]["data"]["image/png"].startswith("iVBOR")
    assert plt.get_fignums() == []
    assert session.run("1")["outputs"][0]["data"] == {"text/plain": "1"}


def test_a_figure_that_cannot_be_drawn_is_an_error(session):
    plt.close("all")
    result = session.run("import matplotlib.pyplot as plt\nplt.figure().text(0, 0, r'$\\frac{1$');")
    assert not result["ok"]
    assert result["error"]["name"] == "ValueError"
    assert session.run("1")["ok"]


def test_a_lab_and_a_prediction_give_their_text_and_their_name(session):
    (shown,) = session.run("from byhand import labs\nlabs.learning_rate()")["outputs"]
    assert set(shown["data"]) == {"text/plain"}
    assert shown["metadata"] == {"byhand": {"lab": "learning-rate"}}
    (shown,) = session.run('labs.predict("03-first-cost")')["outputs"]
    assert set(shown["data"]) == {"text/plain"}
    assert shown["metadata"] == {"byhand": {"prediction": "03-first-cost"}}


INTERACT = """
from byhand import labs
def show(x, kind, flag=True):
    print(x, kind, flag)
labs.interact(show, x=(0, 10), kind=["a", "b"])
"""


def test_interact_draws_controls_and_runs_again(session):
    controls, printed = session.run(INTERACT)["outputs"]
    spec = json.loads(controls["data"]["application/vnd.byhand.interact+json"])
    x, kind, flag = spec["controls"]
    assert (x["kind"], x["min"], x["max"], x["step"], x["value"]) == ("range", 0, 10, 1, 5)
    assert (kind["kind"], kind["options"], kind["value"]) == ("choice", ["a", "b"], 0)
    assert (flag["kind"], flag["value"]) == ("flag", True)
    assert printed["text"] == "5 a True\n"

    again = "__import__('byhand.live.session').live.session.current().again"
    values = json.dumps({"x": 7, "kind": 1, "flag": False})
    (printed,) = session.run(f"{again}({spec['id']!r}, {values!r})")["outputs"]
    assert printed["text"] == "7 b False\n"
    assert session.run(f"{again}('interact-0-0', '{{}}')")["error"]["name"] == "ValueError"


def test_a_turn_reads_and_writes_files(session, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "TURN", tmp_path)
    (tmp_path / "ask.json").write_text(json.dumps({"source": "'ü' * 2", "label": "Cell 1"}))
    module.turn()
    answer = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    assert answer["ok"]
    assert answer["outputs"][0]["data"] == {"text/plain": "'üü'"}
