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
    alone = {"net": "lenet5", "beside": "none"}
    assert lab.text(**alone, size=24) == lab.text(**alone, size=384)
    assert lab.text(net="vgg16") == lab.text(net="vgg16", size=224)
    alone = {"net": "alexnet", "beside": "none"}
    assert lab.text(**alone) == lab.text(**alone, size=227)
    assert "A batch of 512 takes 27.0 GB, of them" in lab.text(net="vgg16", batch=512)


def test_the_network_beside_is_compared_where_both_fit():
    lab = byhand.labs.architectures()
    assert "VGG-16 has 2.22 times its parameters and does 13.6 times its work." in lab.text()
    for settings in ({"beside": "none"}, {"net": "vgg16"}, {"size": 24}, {"size": 48}):
        values = lab.values(**settings)
        assert values["rival"] is values["more"] is values["harder"] is None
    assert lab.values(beside="lenet5", size=384)["rival"] == "LeNet-5"  # it reads its own size


BLOCKS = """
import {{ count }} from {counts};
import {{ HEIGHT, standing }} from {blocks};
import {{ readFileSync }} from "node:fs";
const {{ nets, sizes }} = JSON.parse(readFileSync({cases}, "utf8"));
const pairs = Object.keys(nets).flatMap((one) => Object.keys(nets).map((other) => [one, other]));
const shown = (size, width) => pairs.map((pair) => standing(
  pair.map((net) => count(nets[net], size)), width));
console.log(JSON.stringify({{ HEIGHT,
  found: sizes.flatMap((size) => [326, 432, 690].map((width) =>
    ({{ width, nets: shown(size, width).flat() }}))) }}));
"""


def test_blocks_stay_in_the_drawing_beside_each_other_and_their_areas_are_to_scale(tmp_path):
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps(shared() | {"sizes": SIZES}), encoding="utf-8")
    names = {
        "counts": json.dumps((BROWSER / "counts.js").as_uri()),
        "blocks": json.dumps((BROWSER / "blocks.js").as_uri()),
        "cases": json.dumps(str(cases)),
    }
    drawn = run_node("--input-type=module", "--eval", BLOCKS.format(**names))
    squares = 0
    for picture in drawn["found"]:
        for net in picture["nets"]:
            areas = {}
            for row, layer in zip(net["rows"], net["layers"], strict=True):
                block, square, column = layer["block"], layer["square"], layer["column"]
                assert column["x1"] >= net["left"] - 1e-9
                for part in filter(None, (block, square)):
                    assert column["x1"] - 1e-9 <= part["x1"] < part["x2"] <= column["x2"] + 1e-9
                    assert column["y1"] - 1e-9 <= part["y1"] < part["y2"] <= column["y2"] + 1e-9
                assert (square is None) == (row["holds"] == 0)
                if square and (side := square["x2"] - square["x1"]) > 1:
                    areas[row["name"]] = side**2 / row["holds"]
            squares += len(areas)
            if areas:
                assert max(areas.values()) < 1.0001 * min(areas.values())
            ends = [layer["column"]["x2"] for layer in net["layers"]]
            room = picture["width"] / (2 if picture["width"] > 480 else 1)
            assert max(ends) <= net["left"] + room - 16 + 1e-9
            assert ends == sorted(ends)
    assert squares > 5000
