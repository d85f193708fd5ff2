"""Challenges: what a reader can try to reach in a lab, with a score to beat."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """A task of a lab, with a score.

    A try is any setting the reader comes to at which the task counts. The browser keeps the best
    one and compares it with par, which dlcore computes when the page is built.

    Parameters
    ----------
    text : str
        The task, and what is its score.
    score : str
        The name of a value: a setting, an entry of the state, or of its series.
    format : str
        How the score is written, such as ``".1%"``.
    lowest : bool
        Whether a lower score is better.
    where : dict of str to sequence
        The settings at which a try counts: ``{"units": [1, 2], "data": ["xor"]}``.
    within : dict of str to float, optional
        Values that a try must not exceed: ``{"error": 0.05}``.
    par : dict of str to value
        The settings whose score is par.
    par_score : str, optional
        The name of par's value there, if it is another one.
    par_words : str
        What reaches par, after "par is 97.0%,".
    """

    text: str
    score: str
    format: str
    lowest: bool
    where: Mapping
    par: Mapping
    par_words: str
    within: Mapping = field(default_factory=dict)
    par_score: str | None = None

    def spec(self, lab):
        """Return the challenge for the browser, with par.

        Parameters
        ----------
        lab : Lab
            The one that it belongs to.
        """
        return {
            "text": self.text,
            "score": self.score,
            "format": self.format,
            "lowest": self.lowest,
            "where": {name: list(values) for name, values in self.where.items()},
            "within": dict(self.within),
            "par": lab.values(**self.par)[self.par_score or self.score],
            "parWords": self.par_words,
        }
