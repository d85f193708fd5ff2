"""The lab ``lenet``: the browser runs the network as dlcore does, and it reads what is drawn."""

import json
from itertools import pairwise

import numpy as np
import pytest

import byhand.labs
from byhand.labs.lenet import BLANK, LAYERS, SAMPLES, drawn, picture, through, trained
from dlcore.activations import softmax
from tests.byhand.labs.bundle import BROWSER, run_node, with_mistake

# Each digit as a line of corners, as a hand would draw it on 16 by 16 cells.
CORNERS = {
    "0": [[(3, 8), (4, 5), (7, 4), (10, 5), (12, 8), (10, 11), (7, 11), (4, 10), (3, 8)]],
    "1": [[(3, 8), (12, 8)]],
    "2": [[(4, 5), (3, 7), (3, 9), (5, 10), (7, 9), (10, 6), (12, 4), (12, 11)]],
    "3": [[(3, 5), (3, 9), (5, 10), (7, 8), (9, 10), (11, 9), (12, 7), (12, 5)]],
    "4": [[(3, 6), (8, 4), (8, 11)], [(4, 9), (13, 9)]],
    "5": [[(3, 10), (3, 6), (7, 6), (7, 9), (9, 10), (11, 9), (12, 7), (12, 5)]],
    "6": [[(3, 9), (5, 6), (8, 5), (11, 6), (12, 8), (11, 10), (9, 10), (8, 8), (9, 6)]],
    "7": [[(3, 4), (3, 11), (7, 9), (12, 7)]],
    "8": [[(7, 8), (5, 6), (3, 8), (5, 10), (7, 8), (10, 6), (12, 8), (10, 10), (7, 8)]],
    "9": [[(6, 10), (4, 8), (3, 7), (5, 5), (7, 6), (7, 8), (5, 10), (9, 10), (12, 9)]],
}


def cells_between(corners):
    """Return the cells of a line in steps of one."""
    found = []
    for (y, x), (row, column) in pairwise(corners):
        n = max(abs(row - y), abs(column - x))
        steps = np.arange(n + 1) / n
        found += [(round(y + (row - y) * t), round(x + (column - x) * t)) for t in steps.tolist()]
    return found


def browser_errors(tmp_path, browser=BROWSER):
    images = {
        "a sample": picture("5", BLANK),
        "a drawing": picture("3", drawn("3", [[(r, 4) for r in range(5, 12)]])),
        "an empty sheet": picture("empty", BLANK),
        "noise": np.random.default_rng(0).random((16, 16)),
    }
    fixture = {"theta": trained()[1].theta.tolist(), "images": {}}
    for name, image in images.items():
        values, sums = through(image)
        fixture["images"][name] = {
            "X": image.ravel().tolist(),
            "values": {layer: values[layer].ravel().tolist() for layer in LAYERS},
            "sums": {layer: sums[layer].ravel().tolist() for layer in ("c1", "c3", "f5", "output")},
            "probabilities": softmax(values["output"]).tolist(),
        }
    path = tmp_path / "lenet.json"
    path.write_text(json.dumps(fixture), encoding="utf-8")
    script = BROWSER.parents[2] / "tests/byhand/labs" / "lenet_errors.mjs"
    return run_node(script, browser / "lenet.js", path)


def test_the_browser_computes_every_layer_as_dlcore_does(tmp_path):
    errors = browser_errors(tmp_path)
    assert len(errors) == 4 * (len(LAYERS) + 4 + 1)
    assert max(errors.values()) < 1e-10, errors


def test_a_wrong_network_is_found(tmp_path):
    mistaken = with_mistake(tmp_path, "lenet.js", "max: true", "max: false")
    errors = browser_errors(tmp_path, mistaken)
    assert errors["noise c1"] < 1e-10
    assert errors["noise s2"] > 1e-3
    assert errors["noise output"] > 1e-3


@pytest.mark.parametrize("digit", SAMPLES)
def test_samples_and_drawings_are_read_right(digit):
    lab = byhand.labs.lenet()
    sample = lab.values(digit=digit)
    assert sample["answer"] == digit
    assert sample["percent"] > 99
    edits = drawn("empty", [cells_between(corners) for corners in CORNERS[digit]])
    assert lab.values(digit="empty", edits=edits)["answer"] == digit


def test_two_strokes_turn_the_3_into_an_8():
    lab = byhand.labs.lenet()
    values = lab.values(**lab.reveal)
    assert (values["was"], values["answer"]) == ("3", "8")
    assert values["was_percent"] > 99
    assert values["percent"] > 95
    erased = lab.values(edits="1" * 256 + "00")
    empty = lab.values(digit="empty")
    assert erased["percent"] == pytest.approx(empty["percent"])
    assert empty["was"] is None


@pytest.mark.parametrize("layer", LAYERS)
def test_a_unit_sees_its_receptive_field_and_nothing_else(layer):
    image = 0.5 * np.random.default_rng(0).random((16, 16))
    changed = image + 0.5 * np.eye(256).reshape(256, 16, 16)  # one cell each
    before, after = sums_of(image[np.newaxis], layer), sums_of(changed, layer)
    side, lab = LAYERS[layer]["side"], byhand.labs.lenet()
    for place in {0, side**2 // 2, side**2 - 1}:
        values = lab.values(layer=layer, place=place, map=3)
        inside = np.zeros((16, 16), dtype=bool)
        inside[values["top"] : values["bottom"] + 1, values["left"] : values["right"] + 1] = True
        assert inside.sum() == LAYERS[layer]["sees"] ** 2
        moved = np.abs(after[:, :, place] - before[:, :, place])  # (256, maps); BLAS rounds
        seen = np.any(moved > 1e-9, axis=1).reshape(16, 16)
        assert not np.any(seen & ~inside)
        assert np.mean(seen[inside]) > 0.5


def sums_of(images, layer):
    """Return what a layer's units say before a ReLU, (N, maps, places)."""
    net, params, *_ = trained()
    out = images[:, np.newaxis]
    for name, each in net.layers.items():
        out, _ = each.forward(params.layer(name), out, train=False, rng=None)
        if name == layer:
            return out.reshape(*out.shape[:2], -1)
    raise AssertionError(layer)


@pytest.mark.parametrize("layer", LAYERS)
def test_what_a_unit_reads_adds_up_to_its_sum(layer):
    lab = byhand.labs.lenet()
    for place in (0, 3):
        values = lab.values(layer=layer, map=5, place=place)
        if values["factors"] is None:
            assert values["value"] == max(values["inputs"])
        else:
            assert len(values["inputs"]) == len(values["factors"]) == LAYERS[layer]["weights"]
            total = np.dot(values["inputs"], values["factors"])
            assert total == pytest.approx(values["products"], abs=1e-9)
