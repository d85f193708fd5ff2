"""The stubs take the places of IPython and tqdm, in a Python of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
STUBS = ROOT / "byhand" / "live" / "stubs"
RUN = """
import json, sys
import IPython
from byhand.live import session
cells = json.load(sys.stdin)
running = session.start(echo=False)
json.dump([running.run(cell) for cell in cells], sys.__stdout__)
"""


def outputs(*cells):
    environment = os.environ | {
        "PYTHONPATH": f"{STUBS}{os.pathsep}{ROOT}",
        "MPLBACKEND": "module://byhand.live.figures",
        "DLCORE_LABS": "static",
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input=json.dumps(cells),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert all(result["ok"] for result in results), results
    return [result["outputs"] for result in results]


def test_what_ipython_displays():
    (shown,) = outputs(
        "from IPython.display import HTML, Markdown, Math, clear_output, display\n"
        "print('gone')\nclear_output()\n"
        "display(HTML('<b>b</b>'), Markdown('*m*'), 3)\n"
        "display({'text/plain': 'raw'}, raw=True, metadata={'a': 1})\n"
        "Math('x^2')"
    )
    assert [next(reversed(output["data"].values())) for output in shown] == [
        "<b>b</b>",
        "*m*",
        "3",
        "raw",
        "$\\displaystyle x^2$",
    ]
    assert shown[3]["metadata"] == {"a": 1}


def test_plotting_show_gives_picture_and_caption():
    (shown,) = outputs(
        "import matplotlib.pyplot as plt\nfrom byhand import plotting\nplt.plot([1, 2])\n"
        "plotting.show('fig-a', 'Up it goes.', alt='A line.')"
    )
    picture, caption = shown
    assert picture["metadata"] == {"byhand": {"figure": "fig-a"}}
    assert picture["data"]["text/plain"] == "A line."
    assert picture["data"]["image/png"].startswith("iVBOR")
    assert caption["data"] == {"text/markdown": "Up it goes."}


def test_a_plain_figure_is_shown_where_show_is_called():
    (shown,) = outputs(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('after')"
    )
    assert [output["output_type"] for output in shown] == ["display_data", "stream"]


def test_a_bar_of_progress_shows_nothing():
    (shown,) = outputs(
        "from tqdm import tqdm, trange\nbar = tqdm(range(3), desc='fit', leave=False)\n"
        "print(list(bar), len(bar), list(trange(2)))\ntqdm.write('line')"
    )
    assert shown == [
        {"output_type": "stream", "name": "stdout", "text": "[0, 1, 2] 3 [0, 1]\nline\n"}
    ]


def test_bind_and_claims_are_stored_as_in_a_notebook():
    (shown,) = outputs("from byhand import bind\nbind(answer=42)")
    assert shown[0]["metadata"]["scrapbook"]["name"] == "answer"
