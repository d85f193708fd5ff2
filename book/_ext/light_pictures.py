"""Give the pages' pictures a palette of 256 colors, where nobody sees a difference.

Matplotlib writes four bytes a pixel, though a drawing has a few colors and their shades along the
edges. With a palette its file is less than half as large, and a page is sooner there.
"""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

SEEN = 16  # of 255: the most that a channel may be off, but for one pixel in a thousand


def lighten(path):
    """Write a PNG with a palette, if it is then smaller and looks the same.

    A picture that has a palette, or is transparent somewhere, stays as it is.
    """
    content = path.read_bytes()
    picture = Image.open(BytesIO(content))
    if picture.mode == "P" or picture.convert("RGBA").getextrema()[3] != (255, 255):
        return
    full = picture.convert("RGB")
    few = full.quantize(method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    off = np.abs(np.asarray(full, int) - np.asarray(few.convert("RGB"), int)).max(axis=-1)
    small = BytesIO()
    few.save(small, "png", optimize=True)
    if np.quantile(off, 0.999) <= SEEN and len(small.getvalue()) < len(content):
        path.write_bytes(small.getvalue())


def lighten_all(app, exception):
    """Lighten the pictures of a build that ended well."""
    if exception is None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lighten, Path(app.outdir).glob("_images/*.png")))


def setup(app):
    """Connect to Sphinx."""
    app.connect("build-finished", lighten_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
