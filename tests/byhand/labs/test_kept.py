"""A drawing is made again where something has changed that it reads, and only there."""

from pathlib import Path

from tests.byhand.labs.bundle import run_node

AGAIN = {
    "what is read",
    "a number of the context",
    "a number deep inside",
    "a longer series",
    "another series",
    "a typed array",
    "one that is shorter",
    "a part that is copied",
    "a name that is new",
    "a word that becomes null",
    "what is forgotten",
}


def test_work_is_done_again_where_what_it_reads_has_changed():
    cases = run_node(Path(__file__).parent / "kept.mjs")
    assert {name for name, again in cases.items() if again} == AGAIN
    assert len(cases) > len(AGAIN)
