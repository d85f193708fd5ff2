"""Sentences that say more than was seen: a word that compares or generalizes, on what is measured.

``findings`` lists a sentence of a chapter's text, or of a caption, that generalizes (always, same,
needs …) about training (accuracy, learn, seeds, Adam …), or that compares (better, wins, more …
than, on average …) anything measured (networks, costs, points …).

It is answered, and not listed, when it

- links to a row of the claims, ``[…](../book/claims.md#claim-ID)``;
- says "proved" or "proof", or refers to an equation with ``{eq}``: what is derived holds always;
- cites a paper with ``{cite}``: it is another's claim;
- speaks of what is shown and no more: "in these runs", "of our five seeds", "here";
- explains a word: "is called", "means";
- stands in its cell's metadata, ``"claims": {"a snippet of it": "defined"}``, with one of the
  reasons ``defined``, ``derived``, ``given`` (how an experiment is set up) or ``quoted``.

Not read: headings and cells of tables (no full stop), questions, requests, tasks of exercises,
alternative texts (they say what one picture shows), and the questions' feedback, which repeats
what the page says and cannot link.
"""

import re
import sys
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parent))
import prose
from open_findings import Finding


def words(pattern):
    """Return a pattern for words that stand alone."""
    return re.compile(rf"\b({pattern})\b", re.IGNORECASE | re.VERBOSE)


GENERALIZES = words(
    r"""same(?!\ (start | seed | data | rate | steps? | points | order | batch | network)) |
    every(?!\ (epoch | step | pass | batch | example | pixel)) | always | never | ever |
    everywhere | needs? | in\ general | generally | hardly | nobody | most | less"""
)
TRAINED = words(
    r"""accurac\w+ | train\w* | learn\w* | overfit\w* | generali[sz]\w+ | converge\w* |
    diverge\w* | validation | seeds? | runs? | starts | epochs? | iterations? |
    test\ (set | cost | error | images? | points) | new\ (points | images | data | examples) |
    read\ (right | wrong) | Adam | AdamW | RMSprop | momentum | SGD | regulariz\w+ |
    early\ stopping | hyperparameters? | random\ search | seconds | milliseconds | minutes |
    in\ practice"""
)
COMPARES = words(
    r"""better | best | worse | worst | faster | fastest | slower | slowest | sooner | easier |
    harder | fewer | beats? | wins? | loses? | outperforms? | improves? | (?<!the\ )helps? |
    hurts? | usual(ly)? | typical(ly)? | often | rarely | seldom | mostly | tends? |
    whatever\ the\ (rate | seed | start | data | order)s? | on\ average |
    in\ the\ (mean | median) | as\ (good | well | fast | many | few | much) |
    (more | less)\b[^.;:]*?\bthan | (?!other|rather)\w+er\ than"""
)
MEASURED = words(
    r"""networks? | nets? | units | optimizers? | rates? | costs? | start | digits | images |
    points | percent | initiali\w+ | batch(es)? | He | Xavier | ReLU | sigmoids? | tanh | clipping |
    dropout | batch\ norm\w*"""
)

SHOWN = words(
    r"""here | (this | these | our | both | single | one | two | three | five | twenty | \d+)
    \ (\w+\ )?
    (runs? | seeds? | starts? | draws? | figures? | tables? | curves? | experiments? | pictures? |
    labs?)"""
)
PROVED = words("proofs? | proved | proves? | proven")
EXPLAINS = words(r"called | calls? | means | stands\ for | named")
SAID = re.compile(r"\((Cited|Claimed)\)")
ASKS = re.compile(r"(Name|Show|Take|Pick|Let|Imagine|Do|Split|Try|Say|Use|Compare|Set|Train)\b")
ENDS = re.compile(r"[.!:][\"'”’)*]*$")

REASONS = {"defined", "derived", "given", "quoted"}
# The reading of prose leaves out what answers a sentence, so it is written out before.
MARKS = {
    re.compile(r"\[([^\]]*)\]\([^)]*#claim-[a-z0-9-]+\)"): r"(Claimed) \1",
    re.compile(r"\{cite[^}]*\}`[^`]*`"): "(Cited)",
    re.compile(r"\{eq\}`[^`]*`"): "(proved)",
    re.compile(r"^([`:]{3,})\{exercise\}.*?^\1\s*$", re.DOTALL | re.MULTILINE): "",
}


def findings(path):
    """Yield a chapter's sentences that need a claim, and reasons that answer none.

    Parameters
    ----------
    path : Path
        Its notebook.
    """
    for cell in nbformat.read(path, as_version=4).cells:
        place = f"{Path(path).stem} [{cell.id}]"
        sentences = list(sweeping_sentences(cell))
        reasons = dict(cell.metadata.get("claims", {}))
        for snippet, reason in reasons.items():
            if reason not in REASONS:
                message = f"the reason is {reason!r}, expected one of {', '.join(sorted(REASONS))}"
            elif not any(snippet in sentence for sentence in sentences):
                message = "no sentence here needs this reason; take it out of the metadata"
            else:
                continue
            yield Finding(snippet, f"{place}: {snippet!r}: {message}")
        for sentence in sentences:
            if not any(snippet in sentence for snippet in reasons):
                yield Finding(
                    " ".join(sentence.split()[:12]),
                    f"{place}: {sentence!r}: link it to a claim, prove it, or say only what these "
                    "runs show",
                )


def sweeping_sentences(cell):
    """Yield the sentences of a cell that say more than was seen and that nothing answers."""
    for pattern, marked in MARKS.items():
        cell.source = pattern.sub(marked, cell.source)
    readers = {"markdown": lambda cell: prose.markdown(cell.source), "code": prose.shown}
    for kind, text, *_ in readers.get(cell.cell_type, lambda cell: ())(cell):
        if kind != "alt":
            yield from filter(sweeping, prose.sentences(text))


def sweeping(sentence):
    """Tell whether a sentence says more than was seen and does not say why.

    Parameters
    ----------
    sentence : str

    Returns
    -------
    bool
    """
    answers = (PROVED, SHOWN, EXPLAINS, SAID)
    return bool(
        ENDS.search(sentence)
        and not ASKS.match(sentence)
        and not any(answer.search(sentence) for answer in answers)
        and (
            (TRAINED.search(sentence) and GENERALIZES.search(sentence))
            or (
                (TRAINED.search(sentence) or MEASURED.search(sentence))
                and COMPARES.search(sentence)
            )
        )
    )
