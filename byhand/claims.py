"""Claims: what a chapter says beyond the runs that it shows, with the draws that it rests on.

A cell makes a claim from evidence (pairs of runs, a share of draws, or all draws), prints it with
its numbers and leaves its record in the cell's output. The build collects the records into the page
``book/claims``; sentences link to it.
"""

import re
import sys
from dataclasses import asdict, dataclass

import numpy as np

from byhand import results
from dlcore.metrics import Paired, Proportion, proportion

ENOUGH = 20  # draws of everything random


class ClaimError(AssertionError):
    """A sentence that its draws do not bear out."""


@dataclass(frozen=True)
class Claim:
    """A sentence, its evidence, and what the evidence must show.

    Parameters
    ----------
    id : str
    sentence : str
    evidence : Paired or Proportion
    kind : str
        ``"larger"``: the first side of the pairs is; ``"most"`` or ``"every"``: so are the draws;
        ``"undecided"``: nobody can tell; ``"within"``: the sides differ by less than ``margin``.
    margin : float or None
    recipe : str or None
        The stored result that the evidence comes from; None: computed on the page.
    """

    id: str
    sentence: str
    evidence: Paired | Proportion
    kind: str
    margin: float | None = None
    recipe: str | None = None

    @property
    def said(self):
        """How the sentence is to be read: an empty text where one side is just larger."""
        return {
            "every": "in every draw",
            "undecided": "undecided",
            "within": f"within ±{self.margin:g}" if self.margin else "",
        }.get(self.kind, "")

    def __str__(self):
        return f"{', '.join(filter(None, (self.id, self.said)))}: {self.evidence}"

    @property
    def text(self):
        """The sentence with its numbers, in Markdown: what the reader sees."""
        return f"{', '.join(filter(None, (self.sentence.rstrip('.'), self.said)))}: {self.evidence}"

    @property
    def problem(self):
        """What speaks against the sentence, and what to do; an empty text where nothing does."""
        found, least = self.evidence, 0.5 if isinstance(self.evidence, Proportion) else 0
        no_effect = "one half" if least else "0"
        if found.n < ENOUGH:
            return (
                f"only {found.n} draws, expected at least {ENOUGH}; draw more, or say only what "
                "these runs show"
            )
        if self.kind == "every":
            if found.count == found.n:
                return ""
            return (
                "not in every draw; say less, such as 'in most', with "
                f"metrics.proportion({found.count}, {found.n})"
            )
        if self.kind == "within":
            if -self.margin < found.low and found.high < self.margin:
                return ""
            return (
                f"the interval is not inside ±{self.margin:g}; draw more, allow more, or say that "
                "nobody can tell (undecided=True)"
            )
        if found.low <= least <= found.high:
            if self.kind == "undecided":
                return ""
            return (
                f"the interval includes {no_effect}, which is no effect; say less, draw more, or "
                "say that nothing is left (undecided=True)"
            )
        if self.kind == "undecided":
            return f"the interval excludes {no_effect}: it is decided, so say what (no undecided)"
        if found.high < least:
            return (
                "the effect is the other way round; if the sentence is right, swap the sides, so "
                "that the first is the larger, or count the other draws"
            )
        return ""

    @property
    def record(self):
        """The claim as JSON holds it, numbers to six digits: see ``from_record``."""
        evidence = {
            name: float(f"{value:.6g}") if isinstance(value, float) else value
            for name, value in asdict(self.evidence).items()
        }
        return asdict(self) | {"evidence": evidence}

    @classmethod
    def from_record(cls, record):
        """Return the claim of a record.

        Parameters
        ----------
        record : dict
            What ``Claim.record`` gave.

        Returns
        -------
        Claim
        """
        kind = Paired if "wins" in record["evidence"] else Proportion
        return cls(**record | {"evidence": kind(**record["evidence"])})


def claim(id, evidence, sentence, *, undecided=False, within=None, recipe=None):
    """Make a claim: print it with its numbers, leave its record for the page ``book/claims``.

    The evidence must bear the sentence out with at least 20 draws of everything random:

    - of pairs, the 95% interval of the mean difference must lie above 0, so the side that the
      sentence calls larger comes first;
    - of a share, the interval must lie above one half: "most", "usually";
    - of an array of bools, every draw must be True: "always", "never";
    - with ``undecided``, the honest negative, the interval must include 0 (or one half);
    - with ``within``, for "the same", it must lie between ``-within`` and ``within``.

    A sentence of a chapter links to the claim: ``[He ends lower](../book/claims.md#claim-ID)``.

    Parameters
    ----------
    id : str
        Lowercase words with hyphens, one of its kind in the book, such as ``"he-beats-small"``.
    evidence : Paired, Proportion or array of bool, shape (N,)
        From ``metrics.paired`` or ``metrics.proportion``; or for each draw whether it holds.
    sentence : str
        What is claimed; a whole sentence, in Markdown.
    undecided : bool
        The claim is that these draws cannot tell.
    within : float, optional
        The claim is that the sides differ by less.
    recipe : str, optional
        The stored result that the evidence was read from, as for ``results.load``.

    Raises
    ------
    ClaimError
        When the evidence does not bear the sentence out, with its numbers and what to do.
    TypeError
        When the evidence is of another kind.
    ValueError
        When the id, the sentence or the options are not as above.
    FileNotFoundError
        When there is no such stored result.
    """
    if not (isinstance(id, str) and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id)):
        raise ValueError(
            f'claim: id is {id!r}, expected lowercase words with hyphens, such as "he-beats-small"'
        )
    if not (isinstance(sentence, str) and " " in sentence.strip()):
        raise ValueError(f"claim: {id}: sentence is {sentence!r}, expected a sentence")
    if recipe is not None:
        results.load(recipe)
    evidence, kind = _read(id, evidence)
    if undecided or within is not None:
        kind = _weaker(id, kind, undecided, within)
    made = Claim(id, sentence.strip(), evidence, kind, within, recipe)
    if made.problem:
        raise ClaimError(f"claim: {made}: {made.problem}")
    _show(made.text, made.record)


def _read(id, evidence):
    """Return the evidence as numbers, and the kind of claim that it is for."""
    if isinstance(evidence, Paired):
        return evidence, "larger"
    if isinstance(evidence, Proportion):
        return evidence, "most"
    holds = np.asarray(evidence)
    if holds.dtype != bool or holds.ndim != 1 or not len(holds):
        raise TypeError(
            f"claim: {id}: evidence has shape {holds.shape} and dtype {holds.dtype}, expected what "
            "metrics.paired or metrics.proportion returns, or an array of bools, one per draw; "
            "an all() too many?"
        )
    return proportion(int(holds.sum()), len(holds)), "every"


def _weaker(id, kind, undecided, within):
    """Return the kind of a claim that says less than that one side is larger."""
    if undecided and within is not None:
        raise ValueError(f"claim: {id}: undecided and within exclude each other; leave one out")
    if undecided and kind == "every":
        raise ValueError(f"claim: {id}: undecided needs pairs or a proportion, not all draws")
    if within is None:
        return "undecided"
    if kind != "larger" or not within > 0:
        raise ValueError(
            f"claim: {id}: within is {within!r}, expected a positive number, and pairs as evidence"
        )
    return "within"


def _show(text, record):
    """Print the text; in a notebook it is Markdown, and the output keeps the record, unseen."""
    ipython = sys.modules.get("IPython")
    if ipython and ipython.get_ipython():
        # nbval compares the texts, and the record stands in the metadata beside them.
        data = {"text/plain": text, "text/markdown": text}
        ipython.display.display(data, raw=True, metadata={"claim": record})
    else:
        print(text)
