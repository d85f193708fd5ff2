"""What the scan of the voice finds, and what it lets pass."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_tools"))
from scan_voice import findings  # noqa: E402


@pytest.fixture
def found(tmp_path):
    """Return a function that scans a chapter with one text and returns what to do about it."""

    def found(text):
        path = tmp_path / "chapters" / "77_topic.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell(text)]), path)
        return [finding.message.split(": ")[1] for finding in findings(path)]

    return found


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("A unit can not learn.", 'write "cannot"'),
        ("There is one weight a pixel.", 'write "per", or turn the phrase'),
        ("That is two runs a parameter, or 80.", 'write "per", or turn the phrase'),
        ("One an example, in a column.", 'write "per", or turn the phrase'),
        ("This is simply the chain rule.", "leave out the filler"),
        ("The notes turn the kernel.", "move it to the margin or the errata page"),
        ("Notes D say otherwise: notes D are older.", "move it to the margin or the errata page"),
        ("The unit is dead. It learns nothing. It stays dead.", "join the sentences"),
    ],
)
def test_what_is_found(found, text, advice):
    assert set(found(f"# A title\n\n{text}")) == {advice}


@pytest.mark.parametrize(
    "text",
    [
        "A unit cannot learn, whatever the rate.",
        "One is a pixel, the other looks at a window.",
        "Take one step of a layer in a row of layers.",
        "She notes that the kernel turns.",
        "```{margin}\nThe notes turn the kernel.\n```",
        "## Sources and further reading\n\nThe notes A and D.",
        "The unit is dead. It learns nothing, because its slope is 0 for every example.",
        "First $a$. Then $b$. Last $c$.",
    ],
)
def test_what_passes(found, text):
    assert found(f"# A title\n\n{text}") == []
