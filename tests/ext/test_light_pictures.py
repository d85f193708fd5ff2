"""Pictures get a palette where it does not show."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from light_pictures import SEEN, lighten
from PIL import Image


@pytest.fixture
def drawing():
    """Return the bytes of a figure of Matplotlib's."""
    figure, axes = plt.subplots()
    axes.plot(np.sin(np.linspace(0, 9, 200)))
    axes.fill_between([0, 200], -1, 0.5, alpha=0.2)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    plt.close(figure)
    return file.getvalue()


def test_a_drawing_gets_a_palette_and_looks_the_same(tmp_path, drawing):
    path = tmp_path / "a.png"
    path.write_bytes(drawing)
    lighten(path)
    assert path.stat().st_size < 0.5 * len(drawing)
    few = Image.open(io.BytesIO(path.read_bytes()))
    assert few.mode == "P"
    before, after = (
        np.asarray(p.convert("RGB"), int) for p in (Image.open(io.BytesIO(drawing)), few)
    )
    assert np.quantile(np.abs(before - after).max(axis=-1), 0.999) <= SEEN
    once = path.read_bytes()
    lighten(path)
    assert path.read_bytes() == once


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_many_colors_and_transparency_are_kept(tmp_path, mode):
    path = tmp_path / "a.png"
    pixels = np.random.default_rng(0).integers(256, size=(64, 64, len(mode)), dtype=np.uint8)
    if mode == "RGBA":
        pixels[..., :3] //= 128  # few colors
    Image.fromarray(pixels, mode).save(path)
    before = path.read_bytes()
    lighten(path)
    assert path.read_bytes() == before


def test_a_build_lightens_its_pictures(small_book, drawing):
    book = small_book("light_pictures")
    (book.root / "chapters/03_logistic_regression.md").unlink()
    shown = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": base64.b64encode(drawing).decode()},
    }
    book.write_notebook("chapters/03_logistic_regression.ipynb", ("plot()", {}, [shown]))
    assert book.build() is None
    (path,) = book.out.glob("_images/*.png")
    with Image.open(path) as picture:
        assert picture.mode == "P"
