"""The lab of chapter 19: the browser's counts are those of ``models.summary``, at every size."""

import json
from pathlib import Path

import pytest

import byhand.labs
from byhand.labs.architectures import AS_PUBLISHED, NETS, SIZES, merged, network, shared, table
from dlcore import models
from tests.byhand.labs.bundle import BROWSER, run_node, with_mistake


def counts(tmp_path, browser=BROWSER):
    """Run the browser's counting under Node, for every network and size."""
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps(shared() | {"sizes": SIZES}), encoding="utf-8")
    return run_node(Path(__file__).parent / "counts.mjs", browser / "counts.js", cases)


def wrong(found):
    """Return where the browser's rows are not those of ``models.summary``."""
    places = []
    for net in NETS:
        for size, result in zip(SIZES, found[net], strict=True):
            if net == "lenet5" and size != 32:
                continue  # it reads one size only
            rows, failed = table(net, size)
            expected = [
                ("×".join(map(str, row["output"])), row["parameters"], row["macs"], row["kept"])
                for row in merged(rows)
            ]
            got = [(row["shape"], row["holds"], row["does"], row["kept"]) for row in result["rows"]]
            if (got, result["failed"]) != (expected, failed):
                places.append((net, size))
    return places


def test_the_browser_counts_as_summary_does(tmp_path):
    found = counts(tmp_path)
    assert wrong(found) == []
    assert any(result["failed"] for results in found.values() for result in results)


def test_a_wrong_count_is_found(tmp_path):
    for file, right, other in (
        ("images.js", "2 * padding", "padding"),
        ("counts.js", "uses + to", "uses"),
        ("counts.js", "keeps[0] * read", "read"),
    ):
        mistaken = with_mistake(tmp_path, file, right, other)
        assert len(wrong(counts(tmp_path, mistaken))) > 5


@pytest.mark.parametrize("net", NETS)
def test_published_counts(net):
    _, size, channels, _ = NETS[net]
    total = models.summary(network(net, size), (channels, size, size)).total
    assert total.parameters == AS_PUBLISHED[net]


def test_the_lab_shows_what_the_chapter_says():
    lab = byhand.labs.architectures()
    layers = lab.compute(lab.settings())["series"]
    fc6 = dict(zip(layers["name"], layers["share"], strict=True))["fc6"]
    assert 0.60 < fc6 < 0.61
    half = lab.values(size=112)["parameters"] / lab.values()["parameters"]
    assert 0.45 < half < 0.5  # as an answer says
    assert lab.values(size=112)["macs"] < lab.values()["macs"] / 4  # as the question says
    large = lab.compute(lab.settings(batch=512))["series"]
    assert large["needs"][1] == max(large["needs"])  # lrn1
    assert "cannot read images of 48 × 48: layer pool5" in lab.text(size=48)
    assert lab.text(net="vgg16", size=24).count("needs at least 32") == 1
    assert lab.text(net="lenet5", size=24) == lab.text(net="lenet5", size=384)
    assert lab.text(net="vgg16") == lab.text(net="vgg16", size=224)
    assert lab.text(net="alexnet") == lab.text(net="alexnet", size=227)
    assert "A batch of 512 takes 27.0 GB, of them" in lab.text(net="vgg16", batch=512)
