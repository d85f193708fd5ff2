"""What the debugger shows is true: its nets are dlcore's, and its mistakes do what it says."""

import importlib

import numpy as np
import pytest
from numpy.testing import assert_allclose

import byhand.labs
from dlcore import losses
from dlcore.layers import Affine, Tanh
from dlcore.network import Sequential

debugger = importlib.import_module("byhand.labs.backprop_debugger")

EVERY = [(net, batch) for net in debugger.NETS for batch in debugger.BATCHES]

# The gradients that are wrong at the end, on a batch: those with the mistake in their line, and
# those that it spoils.
TWO = {
    "none": ("", ""),
    "transpose": ("dA1", "dZ1 dW1 db1 dX"),
    "forgotten": ("dZ1", "dW1 db1 dX"),
    "at_a": ("dZ1", "dW1 db1 dX"),
    "no_sum": ("db2 db1", ""),
    "twice": ("dW2 db2 dW1 db1", ""),
    "sign": ("dZ2", "dW2 db2 dA1 dZ1 dW1 db1 dX"),
}
THREE = {
    "none": ("", ""),
    "transpose": ("dA1", "dZ1 dW1 db1 dX"),
    "forgotten": ("dZ2 dZ1", "dW2 db2 dA1 dW1 db1 dX"),
    "at_a": ("dZ2 dZ1", "dW2 db2 dA1 dW1 db1 dX"),
    "no_sum": ("db3 db2 db1", ""),
    "twice": ("dW3 db3 dW2 db2 dW1 db1", ""),
    "sign": ("dZ3", "dW3 db3 dA2 dZ2 dW2 db2 dA1 dZ1 dW1 db1 dX"),
}
AFFINE = {
    "none": ("", ""),
    "transpose": ("dX", ""),
    "forgotten": ("", ""),
    "at_a": ("", ""),
    "no_sum": ("db", ""),
    "twice": ("dW db", ""),
    "sign": ("dZ", "dW db dX"),
}
SPREAD = {"affine": AFFINE, "two": TWO, "three": THREE, "softmax": TWO}


def judged(net, batch, mistake):
    """Return the names of the gradients by what the check says of them."""
    series = debugger.state(net, batch, mistake)["series"]
    found = {"right": set(), "wrong": set(), "spoiled": set()}
    for name, verdict in zip(series["array"], series["verdict"], strict=True):
        if verdict:
            found[verdict].add(name)
    return found


@pytest.mark.parametrize(("net", "batch"), EVERY)
def test_without_a_mistake_it_is_dlcores_network(net, batch):
    sizes, values = debugger.SIZES[net], debugger.run(net, batch)
    layers = {}
    for layer in range(1, len(sizes)):
        layers |= {f"fc{layer}": Affine(sizes[layer - 1], sizes[layer]), f"tanh{layer}": Tanh()}
    layers.popitem()
    model = Sequential(**layers)
    index = [layer if len(sizes) > 2 else "" for layer in range(1, len(sizes))]
    theta = np.concatenate([values[f"{letter}{i}"].ravel() for i in index for letter in "Wb"])
    params = model.init(np.random.default_rng(0)).like(theta)
    scores, tape = model.forward(params, values["X"], train=True)
    if net == "softmax":
        J, dscores = losses.softmax_cross_entropy(scores, values["Y"].argmax(axis=1))
    else:
        J, dscores = losses.quadratic(scores, values["Y"])
    dX, grads = model.backward(dscores, tape)
    assert_allclose(values["J"], J, rtol=1e-14)
    assert_allclose(values["dX"], dX, rtol=1e-12)
    ours = [values[f"d{letter}{i}"].ravel() for i in index for letter in "Wb"]
    assert_allclose(np.concatenate(ours), grads.theta, rtol=1e-12)


@pytest.mark.parametrize("mistake", debugger.MISTAKES)
@pytest.mark.parametrize("net", debugger.NETS)
def test_a_mistake_spreads_as_told(net, mistake):
    wrong, spoiled = (set(names.split()) for names in SPREAD[net][mistake])
    found = judged(net, "batch", mistake)
    assert (found["wrong"], found["spoiled"]) == (wrong, spoiled)


@pytest.mark.parametrize("mistake", debugger.MISTAKES)
@pytest.mark.parametrize("net", debugger.NETS)
def test_one_example_hides_only_the_second_mean(net, mistake):
    one, batch = judged(net, "one", mistake), judged(net, "batch", mistake)
    if mistake == "twice":
        assert not one["wrong"] | one["spoiled"]
    else:
        assert one == batch


def test_one_example_has_the_right_numbers_in_a_missing_sum():
    values, checks = debugger.run("two", "one", "no_sum"), debugger.differences("two", "one")
    assert values["db1"].shape == (1, 2)
    assert_allclose(values["db1"][0], checks["db1"], rtol=1e-7)


@pytest.mark.parametrize(("net", "batch"), EVERY)
def test_what_changes_nothing_is_said(net, batch):
    for mistake in debugger.MISTAKES:
        found = judged(net, batch, mistake)
        quiet = mistake != "none" and not found["wrong"] | found["spoiled"]
        assert bool(debugger.state(net, batch, mistake)["harmless"]) == quiet


@pytest.mark.parametrize(("net", "batch"), EVERY)
def test_a_mistake_is_seen_in_the_printed_digits(net, batch):
    for mistake in debugger.MISTAKES:
        state = debugger.state(net, batch, mistake)
        series = state["series"]
        for name, verdict in zip(series["array"], series["verdict"], strict=True):
            if verdict in ("wrong", "spoiled"):
                ours, check = state["arrays"][name], state["checks"][name]
                assert (
                    ours.shape != check.shape
                    or np.abs(ours - check).max() > 0.01
                    or (mistake == "no_sum")
                )


@pytest.mark.parametrize("mistake", debugger.MISTAKES)
@pytest.mark.parametrize(("net", "batch"), EVERY)
def test_a_right_gradient_is_framed_nowhere(net, batch, mistake):
    state = debugger.state(net, batch, mistake)
    series = state["series"]
    for name, verdict, entry in zip(
        series["array"], series["verdict"], series["entry"], strict=True
    ):
        if verdict == "right":
            assert np.array_equal(state["arrays"][name], state["checks"][name])
            if entry and "central difference" in entry:
                ours, check = entry.rsplit(" = ", 1)[1].split("; central difference ")
                assert ours == check


def test_entries_are_worked_out_right():
    """The sum that is written out is the number behind it."""
    count = 0
    for net, batch in EVERY:
        for mistake in debugger.MISTAKES:
            for entry in filter(None, debugger.state(net, batch, mistake)["series"]["entry"]):
                _, terms, result = entry.split(";")[0].split(" = ")
                if terms.startswith("<i>"):
                    continue  # another array's entry, taken as it is
                code = terms.replace("−", "-").replace("·", "*").replace("²", "**2")
                value = eval(code, {"tanh": np.tanh})
                assert value == pytest.approx(float(result.replace("−", "-")), abs=6e-3), entry
                count += 1
    assert count > 400


def test_it_starts_where_the_check_breaks_first():
    lab = byhand.labs.backprop_debugger()
    said = lab.text()
    assert said.startswith("Step 9, affine–tanh–affine, a batch of 4, mistake: tanh′ forgotten.")
    assert "Here the check breaks first" in said
    assert lab.values()["array"] == "dZ1"
    assert lab.values(step=12)["array"] == "dX"  # the last one, where the answers lead
    assert lab.values(step=18) == lab.values(step=12)  # the run is over


def test_a_longer_run_uses_every_stop():
    series = debugger.state("three", "batch", "none")["series"]
    scrubber = byhand.labs.backprop_debugger().controls[-1]
    assert len(series["array"]) == len(scrubber.values)


@pytest.mark.parametrize("net", debugger.NETS)
def test_the_picked_cells_make_the_picked_entry(net):
    """Of a product: the picked row of the left factor times the picked column of the right one."""
    values, series = debugger.run(net, "batch"), debugger.state(net, "batch", "none")["series"]
    products = 0
    for line, reads, picked in zip(series["line"], series["reads"], series["picked"], strict=True):
        if " @ " not in line or " + " in line:
            continue
        left, right = (debugger.array(name, values) for name in reads)
        (i, _), (_, j), own = picked
        assert own == [i, j]
        assert left[i] @ right[:, j] == pytest.approx(values[line.split(" = ")[0]][i, j])
        products += 1
    assert products == 2 * (len(debugger.SIZES[net]) - 1)
