import gzip
import importlib
import itertools
import json
import re
import subprocess
import sys
from urllib.parse import unquote

import pytest

import byhand.labs
import byhand.labs.lab
from byhand.labs import Lab, Scrubber, Select, Slider
from tests.byhand.labs.ends import ends
from tests.byhand.labs.names import LABS
from tests.byhand.labs.write_fixtures import PATH as FIXTURES


@pytest.fixture(scope="module", params=LABS)
def lab(request):
    """Return each lab; its tests run one after the other, and it computes its states once."""
    return getattr(byhand.labs, request.param)()


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """Pretend that the bundle is built, and the posters with it."""
    (tmp_path / "labs.js").write_text("var GradientsLabs = {};")
    (tmp_path / "labs.css").write_text(".lab {}")
    (tmp_path / "double.svg").write_text('<svg><path fill="#0072b2"/><text>50% ∂</text></svg>')
    (tmp_path / "double.png").write_bytes(b"\x89PNG")
    monkeypatch.setattr(byhand.labs.lab, "STATIC", tmp_path)
    return tmp_path


@pytest.fixture
def no_bundle(tmp_path, monkeypatch):
    monkeypatch.setattr(byhand.labs.lab, "STATIC", tmp_path)


@pytest.fixture
def kernel(monkeypatch):
    """Pretend that a kernel is there."""
    monkeypatch.delenv("DLCORE_LABS", raising=False)
    monkeypatch.setattr("IPython.get_ipython", lambda: type("Shell", (), {"kernel": object()})())


def small(**changes):
    """Return a lab that doubles a number."""
    return Lab(
        **{
            "name": "double",
            "title": "Twice & more",
            "note": "Nothing is held fixed.",
            "controls": [
                Slider(name="x", label="x", values=[1, 2, 3], value=2, bounds=(0, 10)),
                Select(name="way", label="Way", options={"a": "add", "m": "multiply"}, value="a"),
                Scrubber(name="step", label="Step", values=range(3), value=1),
            ],
            "state": lambda x, way: {"twice": 2.0 * x, "series": {"now": [x, 2 * x, 3 * x]}},
            "shared": lambda: {"text": "</script>"},
            "summary": ["{x} and {x} is {twice:.1f} by {way}.", "At step {step}: {now}."],
            "equation": ["2 · {x} = {twice}"],
            "code": "2 * {x}",
            "alt": "Twice {x} is {twice}.",
            "question": "Twice 3?",
            "answers": {"6": "Yes."},
            "reveal": {"x": 3},
        }
        | changes
    )


# --- settings and sentences ---


def test_settings():
    assert small().settings() == {"x": 2, "way": "a", "step": 1}
    assert small().settings(x=3) == {"x": 3, "way": "a", "step": 1}
    assert small().settings(x=10)["x"] == 10  # not a stop, but between the bounds


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate": 1}, "Lab 'double': unknown setting rate, expected x, way, step"),
        ({"x": 11}, "Lab 'double': x is 11, expected a whole number from 0 to 10"),
        ({"x": 2.5}, "x is 2.5, expected a whole number from 0 to 10"),
        ({"x": "two"}, "x is 'two', expected a whole number"),
        ({"way": "divide"}, "way is 'divide', expected one of a, m"),
        ({"step": 7}, "step is 7, expected one of 0, 1, 2"),
    ],
)
def test_wrong_settings_are_named(changes, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        small().settings(**changes)


def test_text_is_filled_from_settings_state_and_series():
    assert small().text() == "2 and 2 is 4.0 by add. At step 1: 4."
    assert small().text(x=3, way="m", step=2) == "3 and 3 is 6.0 by multiply. At step 2: 9."


def test_state_depends_on_its_parameters():
    assert small().depends == ("x", "way")
    with pytest.raises(ValueError, match="state takes speed, expected only controls, which are x"):
        small(state=lambda speed: {})


def test_an_answer_must_move_something():
    with pytest.raises(ValueError, match="reveal is where the lab starts"):
        small(reveal={"x": 2})


@pytest.mark.parametrize(
    ("answers", "right"), [({"6": "No.", "7": "Not so."}, 0), ({"6": "Yes.", "7": "Yes: 7."}, 2)]
)
def test_one_answer_is_right(answers, right):
    with pytest.raises(ValueError, match=f"{right} replies begin with Yes, expected one"):
        small(answers=answers)


def test_states_are_in_row_major_order():
    states = small().spec()["states"]
    assert [state["twice"] for state in states] == [2, 2, 4, 4, 6, 6]


def test_states_are_rounded_and_plain():
    lab = small(state=lambda x: {"twice": 2 / 3, "series": {"now": [x, x, x]}})
    assert lab.compute({"x": 1})["twice"] == 0.666667
    assert json.loads(json.dumps(lab.spec(), allow_nan=False))


# --- what a cell shows ---


def test_static_page_holds_the_figure(bundle, monkeypatch):
    monkeypatch.setenv("DLCORE_LABS", "static")
    lab = small()
    shown = lab._repr_mimebundle_()
    assert set(shown) == {"text/html", "image/png", "text/plain"}
    assert shown["text/plain"] == lab.text()
    assert shown["image/png"].startswith(b"\x89PNG")
    page = shown["text/html"]
    assert page.startswith('<figure class="lab" id="lab-double" data-lab="double">')
    assert page.endswith("</figure>")
    assert '<figcaption class="lab-title">Twice &amp; more</figcaption>' in page
    ((svg, alt),) = re.findall(r'<noscript><img src="data:([^"]+)" alt="([^"]+)"></n', page)
    assert unquote(svg) == "image/svg+xml,<svg><path fill='#0072b2'/><text>50% ∂</text></svg>"
    assert "#" not in svg  # a data address would end there
    assert alt == "Twice 2 is 4."
    assert f'<output class="lab-summary" aria-live="polite">{lab.text()}</output>' in page
    (data,) = re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(data) == json.loads(json.dumps(lab.spec()))
    assert json.loads(data)["shared"]["text"] == "</script>"


def test_no_kernel_means_static(bundle, monkeypatch):
    monkeypatch.delenv("DLCORE_LABS", raising=False)
    assert "text/html" in small()._repr_mimebundle_()


def test_without_the_bundle_the_poster_is_told_and_the_command(no_bundle, monkeypatch):
    monkeypatch.setenv("DLCORE_LABS", "static")
    page = small().html()
    assert not re.search("<noscript|<img|<script", page)
    assert "<p>Twice 2 is 4.</p>" in page
    assert "<code>npm ci &amp;&amp; npm run build</code>" in page
    assert small().text() in page


def test_with_a_kernel_and_without_the_bundle(no_bundle, kernel):
    shown = small()._repr_mimebundle_()
    assert shown["text/html"] == small().html()
    assert set(shown) == {"text/html", "text/plain"}
    assert shown["text/plain"].endswith("npm ci && npm run build")


def test_without_the_bundle_a_poster_that_is_drawn_is_shown(bundle, kernel):
    (bundle / "labs.js").unlink()
    shown = small()._repr_mimebundle_()
    assert '<img src="data:image/svg+xml,' in shown["text/html"]
    assert set(shown) == {"text/html", "image/png", "text/plain"}


def test_static_mode_creates_no_widget():
    script = """if True:
        import sys
        import dlcore
        assert "byhand.labs" not in sys.modules
        import byhand.labs
        heavy = {"matplotlib", "ipywidgets", "anywidget", "IPython"} & set(sys.modules)
        assert not heavy, heavy
        byhand.labs.learning_rate()._repr_mimebundle_()
        byhand.labs.interact(lambda x: None, x=(0, 10))
        assert "ipywidgets" not in sys.modules
    """
    environment = {"DLCORE_LABS": "static", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


VIEW = "application/vnd.jupyter.widget-view+json"


def test_a_live_figure_has_a_poster_of_its_own_behind_it(bundle, kernel, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(set(data)))
    small()._ipython_display_()
    assert shown == [{VIEW, "text/plain"}, {"text/html", "image/png", "text/plain"}]
    monkeypatch.setenv("DLCORE_LABS", "static")
    with pytest.raises(NotImplementedError):  # IPython then asks for the mimebundle
        small()._ipython_display_()


def test_live_is_a_widget_that_asks_python(bundle, kernel, monkeypatch):
    import anywidget

    made = []
    original = anywidget.AnyWidget.__init__
    monkeypatch.setattr(
        anywidget.AnyWidget,
        "__init__",
        lambda self, **traits: (made.append(self), original(self, **traits))[1],
    )
    lab = small()
    assert not made, "a widget may be made only when the lab is displayed"
    shown, _ = lab._repr_mimebundle_()
    assert set(shown) == {
        VIEW,
        "text/html",
        "image/png",
        "text/plain",
    }  # exports show what they can
    assert "Run this cell" in shown["text/html"]
    (widget,) = made
    assert widget.spec["live"] is True
    assert widget._esm.startswith("var GradientsLabs")
    assert "export default" in widget._esm
    sent = []
    monkeypatch.setattr(widget, "send", sent.append)
    widget._answer(widget, {"id": 1, "settings": {"x": 7, "way": "a", "step": 0}}, [])
    widget._answer(widget, {"id": 2, "settings": {"x": 70, "way": "a", "step": 0}}, [])
    assert sent == [
        {"id": 1, "state": {"twice": 14.0, "series": {"now": [7, 14, 21]}}},
        {"id": 2, "error": "Lab 'double': x is 70, expected a whole number from 0 to 10"},
    ]
    widget.close()


# --- every lab of the book ---


def test_page_weight(lab, bundle):
    assert len(gzip.compress(json.dumps(lab.spec()).encode())) < 300_000
    assert len(lab.spec()["states"] or []) <= 200


def test_controls_have_ten_stops_where_they_hold_numbers(lab):
    for control in lab.controls:
        assert control.check(control.value) == control.value
        if isinstance(control, Slider):
            assert len(control.values) >= 10
            assert list(control.values) == sorted(set(control.values))
            assert control.value in control.values


def test_what_disables_a_control_is_known(lab):
    known = {control.name for control in lab.controls} | set(lab.values())
    assert all(set(control.off) <= known for control in lab.controls)


def test_every_sentence_can_be_filled_at_every_corner(lab):
    from byhand.labs.text import fill

    for control in lab.controls:
        for value in ends(control):
            values = lab.values(**{control.name: value})
            for template in (*lab.summary, *lab.equation, lab.code, lab.alt):
                fill(template, values)
            assert lab.text(**{control.name: value})
            assert fill(lab.code, values)


def test_every_lab_has_a_browser_file_and_is_exported(lab):
    folder = byhand.labs.lab.STATIC.parent
    assert (folder / "browser" / "labs" / f"{lab.name}.js").exists()
    assert getattr(byhand.labs, lab.name.replace("-", "_"))().name == lab.name
    for path in (folder / "browser" / "labs").glob("*.js"):
        assert path.stem.replace("-", "_") in byhand.labs.__all__


def test_two_calls_give_the_same_figure(lab, bundle):
    again = getattr(byhand.labs, lab.name.replace("-", "_"))()
    assert lab.html() == again.html()


# --- what the labs are to show ---


def test_learning_rate_shows_four_regimes():
    lab = byhand.labs.learning_rate()
    lowest = lab.spec()["shared"]["lowest"]
    runs = {
        rate: lab.compute(lab.settings(rate=rate))["series"]
        for rate in next(c.values for c in lab.controls if c.name == "rate")
    }
    assert len(runs) >= 20
    slow, good, zigzag, diverging = runs[0.01], runs[2.0], runs[5.0], runs[50.0]
    assert slow["cost"][-1] > 0.9 * slow["cost"][0]
    assert slow["rises"][-1] == 0
    assert good["cost"][-1] < 1.02 * lowest["cost"]
    assert good["rises"][-1] == 0
    sides = [w1 > lowest["w1"] for w1 in zigzag["w1"][20:]]
    assert sum(a != b for a, b in itertools.pairwise(sides)) > 30  # across the valley
    assert zigzag["rises"][-1] > 10
    assert zigzag["cost"][-1] < 0.5 * zigzag["cost"][0]
    assert diverging["cost"][-1] > diverging["cost"][0]
    assert runs[0.3]["rises"][-1] == 0  # as the question says
    assert runs[1.5]["rises"][-1] == 0  # as an answer says


def test_hidden_units_shows_that_a_line_stays_a_line():
    lab = byhand.labs.hidden_units()
    one = lab.values(activation="none", units=1, iteration=2000)
    many = lab.values(activation="none", units=20, iteration=2000)
    assert many["accuracy"] < 0.7
    for a, b in (("line_w1", "line_w2"), ("line_b", "line_w2")):
        assert many[a] / many[b] == pytest.approx(one[a] / one[b], abs=0.05)
    assert lab.values()["accuracy"] > 0.85
    assert lab.values(units=1)["accuracy"] < 0.75


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("method", ["one", "central", "complex"])
def test_a_step_reaches_across_the_kink_exactly_where_the_difference_notices_it(method, precision):
    bent, smooth = (
        importlib.import_module("byhand.labs.epsilon").state(function, precision, method)["series"]
        for function in ("kink", "sine")
    )
    pairs = zip(bent["why"], bent["difference"], smooth["difference"], strict=True)
    for why, with_kink, without in pairs:
        assert ("across the kink" in why) == (abs(with_kink - without) > 0.01 * without + 1e-9)


def test_epsilon_shows_truncation_rounding_and_what_the_complex_step_avoids():
    lab = byhand.labs.epsilon()
    steps = next(c.values for c in lab.controls if c.name == "eps")

    def differences(**settings):
        at = lab.settings(**settings)
        return dict(zip(steps, lab.compute(at)["series"]["difference"], strict=True))

    central = differences()
    assert central[1e-2] / central[1e-3] == pytest.approx(100, rel=0.01)  # slope 2
    assert central[1e-12] > 1e4 * central[1e-5]
    assert central[1e-15] > 1e4 * central[1e-3]  # as the question says
    one_sided = differences(method="one")
    assert one_sided[1e-2] / one_sided[1e-3] == pytest.approx(10, rel=0.02)  # slope 1
    assert min(differences(precision="float32").values()) > 1e-7
    complex_step = differences(method="complex")
    assert max(value for step, value in complex_step.items() if step <= 1e-8) < 1e-15
    kink = differences(function="kink")
    assert kink[1e-3] < 1e-6
    assert kink[2e-3] > 0.1
    offset, plain = (lab.values(function=f) for f in ("offset", "sine"))
    assert offset["best"] > 5 * plain["best"]


def test_graph_starts_at_the_notes_example():
    lab = byhand.labs.graph()
    example = json.loads(FIXTURES.read_text(encoding="utf-8"))["graph"]["run 0"]
    assert {name: lab.settings()[name] for name in example["inputs"]} == example["inputs"]
    state = lab.compute(lab.settings())
    for start, what in (("", "values"), ("d_", "gradients"), ("check_", "numerical")):
        found = {node: state[start + node] for node in example[what]}
        assert found == pytest.approx(example[what], rel=1e-10)
    for node in example["values"]:
        assert state[f"check_{node}"] == pytest.approx(state[f"d_{node}"], rel=1e-7)
    assert lab.values(x0=0.0)["d_w0"] == 0  # as an answer says
    assert lab.values(x0=0.0)["d_x0"] > 0.01


def test_activations_shows_saturation_and_death():
    lab = byhand.labs.activations()
    tanh = lab.values(function="tanh")
    assert tanh["saturated"] == pytest.approx(0.03, abs=0.005)  # as the question says
    wide = lab.values(function="tanh", spread=3.0)
    assert wide["saturated"] == pytest.approx(0.5, abs=0.05)  # as it answers
    assert lab.values(function="sigmoid")["out_mean"] == pytest.approx(0.5)
    assert tanh["out_mean"] == pytest.approx(0, abs=1e-12)
    assert lab.values(function="relu", mean=-4.0)["verdict"] == "dead"
    assert lab.values(function="relu")["dead"] == 0.5
    leaky = lab.values(function="leaky_relu", alpha=0.01, mean=-4.0)
    assert (leaky["dead"], leaky["saturated"]) == (0, 1)
    assert lab.values(function="elu", mean=-4.0)["passed"] > 2 * leaky["passed"]
    both = lab.values(function="relu", versus="elu", mean=-4.0)
    assert (both["other"], both["other_dead"]) == ("ELU", 0)
    assert both["other_passed"] == lab.values(function="elu", mean=-4.0)["passed"]


def test_bundle_is_small(tmp_path):
    from tests.byhand.labs.bundle import build

    build(tmp_path)
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 9)) for path in sorted(tmp_path.iterdir())
    }
    assert set(sizes) == {"labs.css", "labs.js"}
    assert sum(sizes.values()) <= 170_000, sizes
    script = (tmp_path / "labs.js").read_text(encoding="utf-8")
    for notice in ("@observablehq/plot: Copyright", "this permission notice appear in all copies"):
        assert notice in script, "a license of what is bundled is missing"
    assert "import(" not in script
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)


@pytest.mark.parametrize("name", LABS)
def test_settings_that_went_through_json_are_the_same(name):
    lab = getattr(byhand.labs, name)()
    start = lab.settings()
    wholes = {key for key, value in start.items() if isinstance(value, float) and value % 1 == 0}
    told = {key: int(value) if key in wholes else value for key, value in start.items()}
    again = lab.settings(**told)  # JavaScript writes 2.0 as 2
    assert [*map(type, again.values())] == [*map(type, start.values())]


def test_a_whole_number_between_the_stops_of_a_rate_is_a_float():
    lab = byhand.labs.learning_rate()
    assert isinstance(lab.settings(rate=7)["rate"], float)
    assert lab.text(rate=7, from1=2, from2=3) == lab.text(rate=7.0)
