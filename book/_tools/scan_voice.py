"""What a pattern can find of the voice that CONTRIBUTING.md asks for.

Five kinds: "can not" in two words; "a" for "per" in a rate; filler and praise; the source notes in
the running text, where they belong in a margin note, on the errata page or in the last section; and
runs of three sentences of at most six words, which make the reader do the joining.
"""

import re
from itertools import groupby

import nbformat
import prose
from open_findings import Finding

RATED = (
    "axis|batch|bias|cell|channel|class|column|day|dimension|entry|epoch|example|experiment|filter|"
    "hour|image|input|iteration|layer|map|minute|neuron|output|parameter|pass|picture|pixel|place|"
    "position|row|run|second|seed|side|start|step|trial|unit|weight|window"
)
COUNTED = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|half|each|many|few|\d(?:[\d,.]*\d)?)"
)
NOUN = (  # "one look at a row", "one is a pixel": no rate
    r"(?:(?!(?:about|across|after|are|as|at|before|by|describes?|for|from|has|holds?|in|into|is|of|on|or|"
    r"than|that|through|to|was|with|within)\b)[\w-]+ )?"
)
PATTERNS = {
    'write "cannot"': re.compile(r"\bcan not\b", re.IGNORECASE),
    'write "per", or turn the phrase': re.compile(
        rf"\b{COUNTED} {NOUN}an? (?:{RATED})(?=[,.;:)]|$| (?:and|or|for|in|on)\b)",
        re.IGNORECASE,
    ),
    "leave out the filler": re.compile(
        r"\b(?:simply|of course|obviously|clearly|basically|needless to say|as we all know|"
        r"it is (?:important|worth) (?:to|noting)|powerful|elegant|beautiful|amazing|magic\w*)\b",
        re.IGNORECASE,
    ),
}
SOURCE_NOTES = re.compile(
    r"\b(?:the|these|their|our) notes\b|\bnotes(?:'|’)|\bnotes (?:of group )?[A-E]\b", re.I
)
MARGIN = re.compile(r"^(`{3,}|:{3,})\{margin\}.*?^\1\s*$", re.DOTALL | re.MULTILINE)
SHORT, RUN = 6, 3  # words of a short sentence; how many in a row are too many


def findings(path):
    """Yield what a chapter's prose should say otherwise.

    Parameters
    ----------
    path : str or Path
        Of the notebook.

    Yields
    ------
    Finding
    """
    for passage in prose.chapter(path):
        for sentence in prose.sentences(passage.text):
            for advice, pattern in PATTERNS.items():
                for match in pattern.finditer(sentence):
                    yield finding(passage.cell, match[0], sentence, advice)
        if passage.kind == "text":
            for run in short_runs(prose.sentences(passage.text)):
                yield finding(passage.cell, " ".join(run), "", "join the sentences")
    for cell, sentence in running_text(path):
        for match in SOURCE_NOTES.finditer(sentence):
            yield finding(cell, match[0], sentence, "move it to the margin or the errata page")


def finding(cell, words, sentence, advice):
    """Return a finding, known by its words and the beginning of their sentence."""
    start = sentence[:60].strip()
    key = f"{words}: {start}" if start else words[:90]
    return Finding(key, f"{cell}: {advice}: {words!r} in {sentence or words!r}")


def short_runs(sentences):
    """Yield runs of at least three sentences that are all short."""

    def short(sentence):
        plain = prose.LEFT_OUT not in sentence and ": ." not in sentence  # no math, no citation
        return plain and 1 < len(sentence.split()) <= SHORT and sentence.endswith(".")

    for is_short, group in groupby(sentences, short):
        run = list(group)
        if is_short and len(run) >= RUN:
            yield run


def running_text(path):
    """Yield ``(cell, sentence)`` outside margin notes and the last section, on sources."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "markdown":
            continue
        source = MARGIN.sub("", cell.source).partition("## Sources")[0]
        for kind, text, *_ in prose.markdown(source):
            if kind == "text":
                yield from ((cell.id, sentence) for sentence in prose.sentences(text))
