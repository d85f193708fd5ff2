"""Each recipe in small: what its draws return, and what is collected from them."""

import importlib
import inspect
import json

import numpy as np
import pytest

from benchmarks.freshness import recipe_names
from benchmarks.recipes import (
    alexnet_parts,
    architectures,
    bad_examples,
    built_or_trained,
    calibration,
    conv_timing,
    depth_or_width,
    hidden_digits,
    initialization,
    label_sets,
    lenet,
    lenet_small,
    linear_regions,
    noise_levels,
    optimizers,
    pooled_head,
    pooling_far,
    pooling_shifts,
    regularization,
    relu_or_tanh,
    residual_digits,
    residual_mnist,
    shallow_units,
    vgg16_forward,
)
from byhand import results
from byhand.results import FOLDER
from tests.require import require

try:
    import torch
except ImportError:
    torch = None

RECIPES = {
    name: importlib.import_module(f"benchmarks.recipes.{name}")
    for name in recipe_names(FOLDER.parent)
}


def compute(recipe, settings, **inputs):
    """Compute a recipe's values with other settings, as ``python -m benchmarks results`` does."""
    found = {
        key: json.loads(json.dumps(recipe.draw(**arguments, **inputs)))
        for key, arguments in recipe.draws(settings).items()
    }
    return recipe.collect(settings, found)


@pytest.fixture(scope="module")
def mnist_folder(tmp_path_factory):
    """Return a folder of files like those of MNIST: 120 images, each a noisy bar for its label."""
    import gzip

    folder = tmp_path_factory.mktemp("mnist")
    rng, labels = np.random.default_rng(0), np.arange(120) % 10
    images = rng.integers(0, 40, (120, 28, 28))
    images[np.arange(120), 2 * labels + 4] = 255
    for name, array in (("images-idx3", images), ("labels-idx1", labels)):
        head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes()
        path = folder / f"t10k-{name}-ubyte.gz"
        path.write_bytes(gzip.compress(head + array.astype(np.uint8).tobytes()))
    return str(folder)


@pytest.mark.parametrize("name", RECIPES)
def test_the_arguments_of_every_draw_can_be_stored_and_taken(name):
    recipe = RECIPES[name]
    draws = recipe.draws(recipe.SETTINGS)
    assert draws
    inputs = {"mnist_path": None} if "MNIST" in getattr(recipe, "NEEDS", ()) else {}
    for arguments in draws.values():
        assert json.loads(json.dumps(arguments)) == arguments
        inspect.signature(recipe.draw).bind(**arguments, **inputs)


@pytest.mark.parametrize(
    "recipe",
    [
        hidden_digits, initialization, lenet, optimizers, pooling_far, regularization,
        shallow_units,
    ],
    ids=lambda recipe: recipe.__name__.split(".")[-1],
)  # fmt: skip
def test_one_more_seed_changes_no_other_draw(recipe):
    before, of = recipe.draws(recipe.SETTINGS), "seeds"
    if recipe is shallow_units:
        of = "data_sets"
    after = recipe.draws(recipe.SETTINGS | {of: recipe.SETTINGS[of] + 1})
    assert len(after) > len(before)
    assert {key: after[key] for key in before} == before


def test_one_more_row_changes_no_other_draw():
    rows = optimizers.SETTINGS["rows"] | {"quick": ["rmsprop", 0.01, "A"]}
    before = optimizers.draws(optimizers.SETTINGS)
    after = optimizers.draws(optimizers.SETTINGS | {"rows": rows})
    assert len(after) == len(before) + 21
    assert {key: after[key] for key in before} == before


def test_one_run_of_chapter_04_again():
    """One unit settles, so its run is the same on every machine."""
    values = results.load("shallow_units")["values"]
    draws = shallow_units.draws(shallow_units.SETTINGS)
    again = shallow_units.draw(**draws["1 units, data set 0, start 1"])
    stored = [values[measure][0][0][1] for measure in shallow_units.MEASURES]
    np.testing.assert_allclose(again, stored, atol=1e-4)


def test_the_recipe_of_chapter_04_in_small():
    small = {
        "train": 20, "test": 30, "units": [1, 3], "rates": [0.5, 1.0], "data_sets": 3,
        "starts": 2, "epochs": 5, "tuning": {"rates": [0.5, 2.0], "data_sets": [9]},
    }  # fmt: skip
    values = compute(shallow_units, small)
    assert values == compute(shallow_units, small)
    assert values["units"] == [1, 3]
    assert np.shape(values["train_cost"]) == (2, 3, 2)
    assert np.shape(values["tuning"]) == (2, 2)
    data = {"train": 20, "test": 30, "epochs": 5}
    expected, *_ = shallow_units.draw(units=3, rate=1.0, data=2, start=1, **data)
    assert values["train_cost"][1][2][1] == round(expected, 6)
    *_, expected = shallow_units.draw(units=3, rate=2.0, data=9, start=0, **data)
    assert values["tuning"][1][1] == round(expected, 6)


def test_the_digits_of_chapter_04_in_small():
    small = {
        "train": 40, "units": [0, 2], "rates": [1.0, 0.5], "seeds": 2, "epochs": 3,
        "tuning": {"rates": [0.5, 1.0], "seeds": [7]},
    }  # fmt: skip
    values = compute(hidden_digits, small)
    assert values == compute(hidden_digits, small)
    assert np.shape(values["runs"]) == np.shape(values["tuning"]) == (2, 2)
    expected = hidden_digits.draw(units=2, rate=0.5, seed=1, train=40, epochs=3)
    assert values["runs"][1][1] == round(expected, 6)


def test_the_bad_examples_of_chapter_07_in_small():
    flips = bad_examples.SETTINGS["flips"] | {"steps": [2, 5]}
    far = bad_examples.SETTINGS["far"] | {"steps": 5, "test": 40}
    settings = bad_examples.SETTINGS | {"draws": 2, "flips": flips, "far": far}
    values = compute(bad_examples, settings)
    assert values == compute(bad_examples, settings)
    assert values.keys() == {"flips", *settings["cases"]}
    assert np.shape(values["flips"]["hinge"]) == (2, 2)
    draws = bad_examples.draws(settings)
    assert values["right"]["hinge"][1] == bad_examples.draw(**draws["right, hinge, seed 1"])
    assert np.all(np.array(values["flips"]["squared"]) > 0)


def test_what_the_flipped_hold_is_measured_at_the_loss_s_own_weights():
    """After no step all losses stand at the same weights, and each pulls there in its own way."""
    flips = bad_examples.SETTINGS["flips"] | {"steps": [0, 50]}
    runs = [bad_examples.draw(0, loss, flips=flips) for loss in ("squared", "hinge")]
    assert abs(runs[0][0] - 0.1) < 0.05  # one label in ten
    assert runs[1][1] > runs[1][0]


def test_the_calibration_of_chapter_07_in_small():
    settings = calibration.SETTINGS | {"draws": 2, "epochs": 2, "train": 60}
    values = compute(calibration, settings)
    assert values == compute(calibration, settings)
    assert values.keys() == {"mixed", "later"}
    run = {measure: np.array(runs) for measure, runs in values["later"].items()}
    assert np.all(run["calibrated_loss"] < run["loss"] + 0.1)
    assert np.all((run["accuracy"] > 0.1) & (run["accuracy"] <= 1))


def test_the_best_temperature_is_the_lowest_point():
    rng = np.random.default_rng(0)
    S, y = 5 * rng.standard_normal((200, 3)), rng.integers(3, size=200)
    S[np.arange(200), y] += 3.0
    T = calibration.best_temperature(S, y)
    costs = [calibration.softmax_cross_entropy(S / t, y)[0] for t in (0.99 * T, T, 1.01 * T)]
    assert costs[1] < min(costs[0], costs[2])


def test_the_noise_levels_of_chapter_07_in_small():
    settings = noise_levels.SETTINGS | {"draws": 2, "epochs": 3, "n": 30, "rates": [0.01, 0.1]}
    values = compute(noise_levels, settings)
    assert values == compute(noise_levels, settings)
    assert values.keys() == {"varying", "constant"}
    assert np.shape(list(values["varying"].values())) == (len(noise_levels.MEASURES), 2)
    x, y = noise_levels.points(np.random.default_rng(0), 4000)
    off = y - np.sin(2 * x[:, 0])
    expected = np.mean(noise_levels.noise(x[:, 0]) ** 2)
    assert np.mean(off**2) == pytest.approx(expected, rel=0.1)


def test_the_label_sets_of_chapter_07_in_small():
    settings = label_sets.SETTINGS | {"draws": 2, "epochs": 1, "pictures": [60, 40, 50]}
    values = compute(label_sets, settings)
    assert values == compute(label_sets, settings)
    assert values.keys() == {"one", "sets"}
    assert np.all(np.array(values["one"]["softmax"]) > 0.1)


def test_pictures_are_laid_on_each_other():
    rng = np.random.default_rng(0)
    X, y = np.eye(10), np.eye(10, dtype=int)
    pictures, labels = label_sets._laid(rng, X, y, 600)
    np.testing.assert_array_equal(pictures, labels)
    shares = np.bincount(labels.sum(axis=1)) / 600
    np.testing.assert_allclose(shares, [1 / 3, 0.367, 0.3], atol=0.06)  # two alike are one


def test_a_spread_label_asks_each_of_its_digits_for_its_share():
    S, Y = np.zeros((3, 10)), np.zeros((3, 10))
    Y[1, 4], Y[2, [2, 7]] = 1, 1
    value, dS = label_sets._spread_cross_entropy(S, Y)
    assert value == pytest.approx(np.log(10))
    q = np.vstack([np.full(10, 0.1), Y[1], Y[2] / 2])
    np.testing.assert_allclose(3 * dS, 0.1 - q, atol=1e-15)


def test_built_or_trained_of_chapter_08_in_small():
    settings = built_or_trained.SETTINGS | {"sizes": [3, 6], "seeds": 2, "epochs": 5}
    values = compute(built_or_trained, settings)
    assert values == compute(built_or_trained, settings)
    assert values["sizes"] == [3, 6]
    assert np.shape(values["relu"]["trained"]) == (2, 2)
    run = built_or_trained.draw(**built_or_trained.draws(settings)["relu, n = 6, seed 1"])
    assert {way: values["relu"][way][1][1] for way in run} == run
    x = np.linspace(0, 1, 2001)
    curve = built_or_trained.random_curve(np.random.default_rng(0))(x)
    np.testing.assert_allclose([curve.min(), curve.max()], [0.1, 0.9])


def test_depth_or_width_of_chapter_08_in_small():
    small = {"seeds": 2, "epochs": 3, "points": 20, "targets": ["curve", "zigzag 16"]}
    settings = depth_or_width.SETTINGS | small
    values = compute(depth_or_width, settings)
    assert values == compute(depth_or_width, settings)
    assert list(values["curve"]) == list(settings["nets"])
    assert {"own size", "beside the answer"} < set(values["zigzag 16"])
    beside, own = (values["zigzag 16"][way]["rms"] for way in ("beside the answer", "own size"))
    assert max(beside) < min(own)
    assert np.shape(values["curve"]["2 layers of 12"]["largest"]) == (2,)


def test_linear_regions_of_chapter_08_in_small():
    settings = linear_regions.SETTINGS | {"seeds": 2, "epochs": 3, "examples": 40}
    values = compute(linear_regions, settings)
    assert values == compute(linear_regions, settings)
    assert values["1 layer of 24"]["plane"] == [301, 301]
    for counts in values.values():
        assert np.all(np.array(counts["start"]) <= counts["plane"])
        assert np.all(np.array(counts["trained"]) > 1)


def test_the_recipe_of_chapter_10_in_small():
    small = {"seeds": 2, "epochs": 5, "init_seed": 1, "schemes": ["small", "he"]}
    settings = initialization.SETTINGS | small
    values = compute(initialization, settings)
    assert values == compute(initialization, settings)
    assert values["original"].keys() == values["A"].keys() == values["B"].keys() == {"small", "he"}
    for scheme in ("small", "he"):
        original = values["original"][scheme]
        runs = {name: values["A"][scheme][name]["runs"] for name in ("train", "test")}
        assert original == {name: runs[name][1] for name in runs}  # the same start
    assert values["A"]["he"] != values["B"]["he"]
    expected = initialization.draw(
        weights=0.01, seed=1, train={"seed": 1001, "n": 300}, test={"seed": 2001, "n": 1000},
        rate=0.01, epochs=5,
    )  # fmt: skip
    assert [values["B"]["small"][name]["runs"][1] for name in ("train", "test")] == expected


def test_the_recipe_of_chapter_11_in_small():
    settings = regularization.SETTINGS | {"seeds": 2, "epochs": 5, "large_test": 50}
    values = compute(regularization, settings)
    assert values == compute(regularization, settings)
    draws = regularization.draws(settings)
    for points in ("fixed", "fresh"):
        expected = regularization.draw(**draws[f"{points}, dropout, seed 1"])
        got = [values[points]["dropout"][name]["runs"][1] for name in regularization.MEASURES]
        np.testing.assert_allclose(got, expected, atol=1e-5)
    assert values["fixed"]["L2"] != values["fresh"]["L2"]


def test_one_run_of_chapter_12_again():
    draws = optimizers.draws(optimizers.SETTINGS)
    again = optimizers.draw(**draws["sweep gd 0.001 0"])["end"][-1]
    stored = results.load("optimizers")["values"]["sweep"]["gd"][2][0]
    np.testing.assert_allclose(again, stored, atol=1e-4)


def test_the_recipe_of_chapter_12_in_small():
    rows = {"gd": ["gd", 0.1, "AB"], "quick": ["rmsprop", 0.01, "A"]}
    sweep = optimizers.SETTINGS["sweep"] | {"rates": [0.1, 0.2], "seeds": 3, "epochs": 2}
    small = {"rows": rows, "seeds": 2, "epochs": 5, "curve_every": 2, "sweep": sweep}
    settings = optimizers.SETTINGS | small
    values = compute(optimizers, settings)
    assert values == compute(optimizers, settings)
    assert list(values["A"]) == ["gd", "quick"]
    assert list(values["B"]) == ["gd"]
    assert len(values["original"]["gd"]["curve"]) == 3
    train, *_ = optimizers.draw(**optimizers.draws(settings)["gd B 1"])["end"]
    assert values["B"]["gd"]["train"]["runs"][1] == train
    assert np.shape(values["sweep"]["adam"]) == (2, 3)


def test_the_recipe_of_chapter_18_in_small(mnist_folder):
    case = lenet.SETTINGS["cases"]["companion"] | {"epochs": 2}
    cases = {"companion": case, "wide": case | {"lr": 0.02}}
    settings = lenet.SETTINGS | {"train": 100, "test": 20, "seeds": 3, "cases": cases}
    values = compute(lenet, settings, mnist_path=mnist_folder)
    assert values == compute(lenet, settings, mnist_path=mnist_folder)
    assert values["companion"] != values["wide"]
    run = lenet.draw(**lenet.draws(settings)["wide, seed 1"], mnist_path=mnist_folder)
    right = [label == answer for label, answer in zip(run["labels"], run["answers"], strict=True)]
    assert values["wide"]["runs"][1] == np.mean(right)
    assert run["labels"] == "01234567890123456789"
    for values_of_case in values.values():
        assert np.sum(values_of_case["confusion"]) == 3 * 20
        assert all(100 <= error["index"] < 120 for error in values_of_case["errors"])


def test_the_network_of_the_lab_of_chapter_18_in_small(mnist_folder):
    small = {"mnist": {"train": 100, "test": 20}, "digits": {"train": 40, "test": 200}, "epochs": 1}
    settings = lenet_small.SETTINGS | small
    values = compute(lenet_small, settings, mnist_path=mnist_folder)
    assert values == compute(lenet_small, settings, mnist_path=mnist_folder)
    stored = results.load("lenet_small")["values"]
    assert values.keys() == stored.keys()
    for name in ("theta", "samples"):
        assert np.shape(values[name]) == np.shape(stored[name])
    assert values["theta"] != stored["theta"]


@pytest.mark.parametrize(
    ("recipe", "small"),
    [
        (alexnet_parts, {"train": 20, "epochs": 2}),
        (residual_digits, {"depths": [8], "train": 20, "epochs": 2, "last": 1, "maps": 1}),
        (residual_mnist, {"train": 20, "test": 20, "epochs": 2, "last": 1, "maps": 1}),
        (pooled_head, {"train": 20, "epochs": 1}),
        (relu_or_tanh, {"train": 40, "epochs": 1, "batch_size": 5}),
    ],
    ids=lambda value: getattr(value, "__name__", "").split(".")[-1],
)
def test_the_tuned_recipes_of_chapter_19_in_small(recipe, small, mnist_folder):
    inputs = {"mnist_path": mnist_folder} if "MNIST" in getattr(recipe, "NEEDS", ()) else {}
    sides = recipe.SETTINGS["at"]
    small = small | {"rates": [0.01], "at": dict.fromkeys(sides, 0.01)}
    settings = recipe.SETTINGS | small | {"chosen_on": [100], "compared": [0, 1]}
    values = compute(recipe, settings, **inputs)
    assert values == compute(recipe, settings, **inputs)
    assert values.keys() <= sides.keys()
    lists = [run[key] for run in values.values() for key in run if isinstance(run[key], list)]
    assert {len(found) for found in lists} == {1, 2}  # the medians of one rate, two draws
    assert [run["rate"] for run in values.values()] == [0.01] * len(values)
    with pytest.raises(ValueError, match="write it in 'at'"):
        compute(recipe, settings | {"at": dict.fromkeys(sides, 0.02)}, **inputs)


def test_every_variant_of_alexnet_is_another_training():
    settings = alexnet_parts.SETTINGS | {"train": 20, "epochs": 2, "compared": [0], "chosen_on": []}
    found = {
        key: alexnet_parts.draw(**given) for key, given in alexnet_parts.draws(settings).items()
    }
    assert len(found) == len(settings["variants"])
    assert len({cost for cost, *_ in found.values()}) == len(found)


def test_the_far_moves_of_chapter_17_begin_as_the_near_ones():
    near, far = pooling_shifts.SETTINGS, pooling_far.SETTINGS
    assert {way: near["rates"][way] for way in ("none", "max")}.items() <= far["rates"].items()
    given = {"way": "max", "training": "moved", "rate": 0.01, "seed": 0, "train": 50, "test": 30}
    as_they_are, by_one, _ = pooling_far.draw(**given, epochs=2)
    assert [as_they_are, by_one] == pooling_shifts.draw(**given, epochs=2)[:2]


def test_a_blurred_pooling_leaves_as_many_numbers_as_max_pooling():
    rng = np.random.default_rng(0)
    X = rng.random((2, 1, 12, 12))
    sizes, scores = set(), []
    for way in ("max", "blur"):
        net = pooling_far.network(way)
        params = net.init(np.random.default_rng(1))
        sizes.add(params.theta.size)
        scores.append(net.forward(params, X)[0])
    assert len(sizes) == 1
    assert not np.allclose(*scores)


def test_the_recipe_of_the_far_moves_in_small():
    small = {"train": 20, "test": 10, "epochs": 1, "seeds": 2}
    tuning = {"rates": [0.01], "seeds": [100]}
    rates = {way: {"plain": 0.01, "moved": 0.01} for way in ("none", "max", "blur")}
    settings = pooling_far.SETTINGS | small | {"rates": rates, "tuning": tuning}
    values = compute(pooling_far, settings)
    assert values == compute(pooling_far, settings)
    assert values.keys() == {"none", "max", "blur"}
    for way, kinds in values.items():
        for run in kinds.values():
            assert {len(run[name]) for name in pooling_far.RETURNED} == {2}
            assert ("rate" in run) == (way == "blur")
    rates = rates | {"blur": {"plain": 0.02, "moved": 0.01}}
    with pytest.raises(ValueError, match=r"^blur, plain: SETTINGS say 0\.02"):
        compute(pooling_far, settings | {"rates": rates})


def test_the_memory_of_a_small_vgg16():
    settings = vgg16_forward.SETTINGS | {"size": 32, "width": 1 / 16}
    values = compute(vgg16_forward, settings)
    assert values.keys() == results.load("vgg16_forward")["values"].keys()
    assert values["forward"]["peak_bytes"] < values["gradient"]["peak_bytes"]


@pytest.mark.oracle
def test_pytorch_counts_again_what_is_stored():
    require("PyTorch", torch is not None, "pip install torch==2.13.0")
    settings = architectures.SETTINGS | {"torch": torch.__version__.split("+")[0]}
    assert compute(architectures, settings) == results.load("architectures")["values"]
    arguments = architectures.draws(settings)["AlexNet"] | {"version": "1.0"}
    with pytest.raises(RuntimeError, match=r"^architectures: needs torch 1.0, found "):
        architectures.draw(**arguments)


@pytest.mark.oracle
def test_the_ratio_of_times_is_measured():
    require("PyTorch", torch is not None, "pip install torch==2.13.0")
    threads = torch.get_num_threads()
    try:
        values = compute(conv_timing, conv_timing.SETTINGS | {"rounds": 1})
    finally:
        torch.set_num_threads(threads)
    assert values.keys() == results.load("conv_timing")["values"].keys()
    assert values["dlcore_over_torch"] > 0
