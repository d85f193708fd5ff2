"""The words for what an equation is compared with, and what each of them allows.

The table is ``book/oracles.toml``, which the book shows as the ledger's legend.
"""

import tomllib
from pathlib import Path

TABLE = tomllib.loads(
    (Path(__file__).parents[1] / "book" / "oracles.toml").read_text(encoding="utf-8")
)


def require_oracle(against, tolerance):
    """Assert that ``against`` begins with a word of the table, whose kind allows ``tolerance``.

    The details of a sample begin with the number of draws, which the chapter shows.
    """
    word, _, details = against.partition(": ")
    known = TABLE["oracles"]
    assert word in known, (
        f"ledger: {against!r} does not begin with a word of book/oracles.toml and a colon; "
        f"it has {', '.join(known)}"
    )
    kind = known[word]["kind"]
    most = TABLE["kinds"][kind].get("tolerance")
    assert most is None or tolerance <= most, (
        f"ledger: {against!r} is {kind}, and a tolerance of {tolerance:.0e} is above "
        f"{most:.0e}; a numerical, statistical or printed oracle?"
    )
    assert kind != "statistical" or details[:1].isdigit(), (
        f"ledger: {against!r} does not say how many draws; 'a sample: 4,000 units', for example"
    )
