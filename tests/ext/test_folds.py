import re

import pytest
from folds import kind

IMPORTS = (
    "import numpy as np\n\nfrom byhand import plotting\n\nplotting.style()\nprint(np.__version__)"
)
DRAWING = """
width = 0.4
_, axes = plt.subplots(1, 2)
for axis, (title, cost) in zip(axes, costs.items(), strict=True):
    axis.plot(cost)
    axis.set_title(title)
axes[0].set(xlabel="step")
plotting.show("fig-costs", "They fall.", alt="Two curves.")
"""
TRAINING = """
for title, rate in rates.items():
    net = start(rate)
    costs[title] = train(net, rate)
_, axis = plt.subplots()
axis.plot(costs["a"])
"""
CLAIMS = """
runs = results.load("initialization")["values"]
he, small = runs["he"], runs["small"]
claim(
    "he-beats-small",
    metrics.paired(he, small),
    "He's weights end more accurate",
    recipe="initialization",
)
bind(he_mean=he.mean())
"""


def tagged(source, text):
    output = {"output_type": "stream", "name": "stdout", "text": text}
    return (source, {"tags": ["hide-input"]}, [output])


def folds_of(page):
    return re.findall(r"<details class=\"fold\">\s*(.*?)</details>", page, re.DOTALL)


def test_code_is_folded_under_a_bare_summary_and_its_output_stays(small_book):
    book = small_book("folds")
    (book.root / "chapters/03_logistic_regression.md").unlink()
    cells = tagged(IMPORTS, "2.4.6"), tagged(DRAWING, "drawn"), ("y = open_code", {}, [])
    book.write_notebook("chapters/03_logistic_regression.ipynb", *cells)
    assert book.build() is None
    page = book.page()
    imports, drawing = folds_of(page)
    assert imports.startswith("<summary>Show the imports</summary>")
    assert drawing.startswith("<summary>Show the code that draws</summary>")
    assert "subplots" in drawing
    assert "aria-label" not in imports + drawing
    outside = re.sub(r"<details class=\"fold\">.*?</details>", "", page, flags=re.DOTALL)
    assert "2.4.6" in outside
    assert "drawn" in outside
    assert "open_code" in outside


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (IMPORTS, "imports"),
        ("import time\n\nstart = time.time()", None),
        (DRAWING, "drawing"),
        ("plotting.matrix(left, W)", "drawing"),
        (TRAINING, None),  # half of it is training
        ("for name, cost in costs.items():\n    total += cost", None),
        # What runs beside an axis in a loop does not draw.
        ("for axis, net in zip(plt.axes(), nets):\n    y = net(x)\n    axis.plot(y)", None),
        ("for i, axis in enumerate(plt.axes()):\n    axis.plot(y[i])", "drawing"),
        ("plt.plot(x)\nplt.grid()\nassert x > 0", "drawing"),
        ("plt.plot(x)\nassert x > 0", None),
        ("def draw():\n    plt.plot(x)\n    plt.show()", None),  # a definition is read
        ("plt.plot(f(x))\nplt.show()\nf = lambda x: x", None),
        (CLAIMS, "claims"),
        (CLAIMS.replace("claim(", "check("), None),
        (CLAIMS + "train(\n    he,\n)\n" * 3, None),
        ("def paired(a):\n    claim('an-id', a, 'It falls')", None),
        ("", None),
        ("%timeit f(x)", None),
    ],
)
def test_what_a_cell_is_for(source, expected):
    assert kind(source) == expected
