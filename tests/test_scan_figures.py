import sys
from pathlib import Path

import nbformat
from nbformat import v4

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_tools"))
from scan_figures import findings


def test_pictures_without_captions_are_found(tmp_path):
    alt = {"mystnb": {"image": {"alt": "A falling curve."}}}
    cells = [
        v4.new_markdown_cell("Words.", id="words"),
        v4.new_code_cell("plt.plot(x)\nplt.show()", id="bare", metadata=alt),
        v4.new_code_cell("plt.plot(x)\nplotting.show('fig-a', 'b', alt='c')", id="captioned"),
    ]
    path = tmp_path / "05_topic.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    [finding] = findings(path)
    assert finding.key == "bare"
    assert "05_topic, cell 1 (bare)" in finding.message
    assert "“A falling curve.…”" in finding.message
