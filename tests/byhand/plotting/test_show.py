import base64
import struct
import xml.etree.ElementTree as ET

import matplotlib.pyplot as plt
import pytest

from byhand import plotting
from byhand.plotting import show

CAPTION, ALT = "The cost falls.", "A falling curve."


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """Return what is displayed, as a notebook's kernel would display it."""
    outputs = []
    monkeypatch.setattr("IPython.get_ipython", lambda: type("Shell", (), {"kernel": object()})())
    monkeypatch.setattr(
        "IPython.display.display",
        lambda data, raw, metadata: outputs.append((data, metadata["byhand"])),
    )
    return outputs


def draw(size=(3, 2)):
    figure, axis = plt.subplots(figsize=size)
    axis.plot([3, 2, 1])
    axis.set(xlabel="step", ylabel="$J$")
    return figure


def test_a_notebook_gets_the_picture_and_below_it_the_caption(shown):
    draw()
    assert show("fig-costs", CAPTION, alt=ALT) is None
    (picture, first), (caption, second) = shown
    assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")
    assert picture["text/plain"] == ALT  # nbval compares it
    assert first == {"figure": "fig-costs"}
    assert caption == {"text/markdown": CAPTION}
    assert second == {"caption": "fig-costs"}
    assert plt.get_fignums() == []  # or inline would show it again


def test_an_svg_is_the_same_on_every_run_and_as_large_as_the_png(shown):
    for svg in (True, True, False):
        draw()
        show("fig-costs", CAPTION, alt=ALT, svg=svg)
    first, second, png = (picture for picture, _ in shown[::2])
    assert first == second
    assert set(first) == {"image/svg+xml", "text/plain"}
    root = ET.fromstring(first["image/svg+xml"])
    size = [float(root.get(side)) for side in ("width", "height")]
    # The PNG's header holds its width and height.
    pixels = struct.unpack(">II", base64.b64decode(png["image/png"])[16:24])
    assert size == pytest.approx(pixels, abs=3)
    assert "<text" not in first["image/svg+xml"]  # outlines
    assert "<dc:date>" not in first["image/svg+xml"]


def test_line_breaks_of_a_long_text_are_spaces(shown):
    draw()
    show("fig-costs", "The cost\n    falls.", alt="A falling\n    curve.")
    assert shown[0][0]["text/plain"] == ALT
    assert shown[1][0]["text/markdown"] == CAPTION


def test_outside_a_notebook_pyplot_shows_it_and_the_caption_is_printed(monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(plt, "show", lambda: calls.append(plt.get_fignums()))
    figure = draw()
    show("fig-costs", CAPTION, alt=ALT)
    assert calls == [[figure.number]]
    assert capsys.readouterr().out == f"{CAPTION}\n"
    assert plt.get_fignums() == []


@pytest.mark.parametrize("name", ["costs", "fig-", "fig-Costs", "fig_costs", "fig-a b", 3, None])
def test_a_name_that_is_none_is_refused(name):
    draw()
    with pytest.raises(ValueError, match=r"show: name is .*, expected 'fig-' and words"):
        show(name, CAPTION, alt=ALT)


@pytest.mark.parametrize("text", ["", "  \n", None])
def test_both_texts_are_needed(text):
    draw()
    with pytest.raises(ValueError, match=r"show: caption is .*, expected a sentence"):
        show("fig-costs", text, alt=ALT)
    with pytest.raises(ValueError, match=r"show: alt is .*, expected a sentence"):
        show("fig-costs", CAPTION, alt=text)


def test_the_same_text_twice_is_refused():
    draw()
    with pytest.raises(ValueError, match="show: fig-costs has the same text as caption and as alt"):
        show("fig-costs", CAPTION, alt=f" {CAPTION}\n")


def test_without_a_figure_the_error_names_the_likely_cause():
    with pytest.raises(ValueError, match=r"no figure is open for fig-costs; was it shown before"):
        show("fig-costs", CAPTION, alt=ALT)


def test_two_open_figures_are_refused():
    draw()
    draw()
    with pytest.raises(ValueError, match="2 figures are open, expected one, for fig-costs"):
        show("fig-costs", CAPTION, alt=ALT)


def test_it_is_a_part_of_plotting():
    assert plotting.show is show
