"""The lab ``race``: the browser's optimizers, surfaces and moons are dlcore's."""

import importlib
import json

import numpy as np
import pytest

import byhand.labs
from byhand.labs import Several, surfaces
from dlcore.gradcheck import numerical_gradient
from tests.byhand.labs.bundle import BROWSER, ROOT, run_node, with_mistake

race = importlib.import_module("byhand.labs.race")
WRITTEN = [name for name in surfaces.SURFACES if name != "own"]

ALL = "-".join(race.RUNNERS)
CASES = [
    {},
    *({"surface": surface} for surface in surfaces.SURFACES),
    *({"surface": surface, "rate": 0.1, "noise": 0.5} for surface in surfaces.SURFACES),
    *(
        {"surface": "own", "own": own, "rate": 0.02}
        for own in [*surfaces.EXAMPLES, "x", "1/x", "7"]
    ),
    {"rate": 0.001, "kappa": 1},
    {"rate": 0.3, "kappa": 5, "beta": 0.98, "beta2": 0.9},
    {"rate": 0.2, "beta": 0.0, "beta2": 0.5, "x1": 0.35, "x2": -1.0},
]


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Return a file with what dlcore computes."""
    lab = byhand.labs.race()
    settings = [lab.settings(**{"optimizers": ALL} | case) for case in CASES]
    settings.append(lab.settings())
    found = [{"settings": one, "state": lab.compute(one)} for one in settings]
    path = tmp_path_factory.mktemp("race") / "cases.json"
    path.write_text(json.dumps({"shared": lab.spec()["shared"], "cases": found}), "utf-8")
    return path


def browser_errors(cases, numbers, browser=BROWSER):
    """Run the lab's browser file under Node; return its worst errors in these cases, by name."""
    script = ROOT / "tests/byhand/labs/race_errors.mjs"
    return run_node(script, browser / "race.js", cases, *map(str, numbers))


def test_the_browser_runs_as_dlcore_does(cases):
    errors = browser_errors(cases, range(len(CASES) + 1))
    for settings, found in zip([*CASES, "start"], errors, strict=True):
        assert len(found) == 12 + 3 + 5 * len(race.RUNNERS)
        assert max(found.values()) < 1e-10, (settings, found)


@pytest.mark.parametrize(
    ("right", "wrong", "name"),
    [
        ("beta * a + (1 - beta) * grad[i]);", "beta * a + grad[i]);", "momentum"),
        ("g + beta * v[i]", "v[i]", "nesterov"),
        ("(Math.sqrt(s[i]) + eps)", "Math.sqrt(s[i] + eps)", "rmsprop"),
        ("1 - beta2 ** t", "1 - beta1 ** t", "adam"),
        ("t - lr * grad[i]", "t + lr * grad[i]", "gd"),
    ],
)
def test_a_wrong_optimizer_is_found(cases, tmp_path, right, wrong, name):
    mistaken = with_mistake(tmp_path, "optimizers.js", right, wrong)
    (errors,) = browser_errors(cases, [0], mistaken)
    assert errors[name] > 1e-9
    assert errors[f"{name}_moons"] > 1e-9


@pytest.mark.parametrize("surface", WRITTEN)
def test_a_wrong_surface_is_found(cases, tmp_path, surface):
    slopes = {
        "ravine": ("/ 2, u, kappa * w]", "/ 2, u, w]"),
        "turned": ("s * du + c * dw", "c * dw - s * du"),
        "rosenbrock": ("4 * u * b", "4 * b"),
        "saddle": ("u * q, w]", "q, w]"),
    }
    mistaken = with_mistake(tmp_path, "surfaces.js", *slopes[surface])
    (errors,) = browser_errors(cases, [1 + WRITTEN.index(surface)], mistaken)
    assert errors["gd"] > 1e-3


@pytest.mark.parametrize("surface", WRITTEN)
def test_a_surface_has_its_gradient_and_its_lowest_points(surface):
    def cost(theta):
        return surfaces.cost_and_gradient(surface, 90, theta)[0]

    def slope(theta):
        return surfaces.cost_and_gradient(surface, 90, theta)[1]

    for theta in np.random.default_rng(0).uniform(-1.5, 1.5, (5, 2)):
        np.testing.assert_allclose(slope(theta), numerical_gradient(cost, theta), atol=1e-6)
    for place in np.array(surfaces.LOWEST[surface]):
        assert cost(place) == pytest.approx(0, abs=1e-30)
        np.testing.assert_allclose(slope(place), 0, atol=1e-15)
        hessian = [numerical_gradient(lambda t, i=i: slope(t)[i], place) for i in range(2)]
        found = np.linalg.eigvalsh(hessian)
        assert surfaces.curvatures(surface, 90, "") == pytest.approx(found, rel=1e-6)


def test_the_valley_of_a_formula_is_the_bottom_of_a_bowl():
    place, found = surfaces.valley("(x - 0.33)^2 + (x - 0.33)(y + 1) + 4(y + 1)^2 - 2")
    assert place == pytest.approx((0.33, -1))
    assert found == pytest.approx(np.linalg.eigvalsh([[2, 1], [1, 8]]))
    place, _ = surfaces.valley("(1 - x)^2/10 + (y - x^2)^2")
    assert place == pytest.approx((1, 1))
    for none in ("x", "7", "1/x", "sqrt(x)", "x^4 + y^4", "-x^2 - y^2", "x^2 - y^2", "1/0"):
        assert surfaces.valley(none) == (None, None)


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.9])
def test_a_regime_is_what_momentum_does(beta):
    edges = np.array([0, (1 - beta**0.5) ** 2, (1 + beta**0.5) ** 2, 2 + 2 * beta, 5])
    seen = []
    for product in (edges[:-1] + edges[1:]) / 2:
        name, factor = surfaces.regime(product, beta)
        seen.append(name)
        matrix = [[1 + beta - product, -beta], [1, 0]]  # from two values to the next two
        roots = np.linalg.eigvals(matrix)
        assert factor == pytest.approx(np.abs(roots).max())
        assert (name == "swings") == bool(np.iscomplex(roots).any())
        assert (name == "diverges") == (factor > 1)
        if not np.iscomplex(roots).any():
            assert (name == "creeps") == bool(roots.real.sum() >= 0)
    assert len(set(seen)) == (4 if beta else 3)


@pytest.mark.parametrize(("flattest", "sharpest"), [(1, 90), (0.5, 4.5), (2, 2)])
def test_no_pair_is_better_than_the_best(flattest, sharpest):
    def factor(rate, beta):
        return surfaces.momentum_on((flattest, sharpest), rate, beta)[1]

    rate, beta = surfaces.best_pair(flattest, sharpest)
    best = factor(rate, beta)
    assert best == pytest.approx(beta**0.5, abs=1e-6)
    trials = [(a, b) for a in np.geomspace(0.01, 2, 60) for b in np.linspace(0, 0.99, 100)]
    assert min(factor(*trial) for trial in trials) > best - 1e-6
    assert min(factor(*trial) for trial in trials) < best + 0.05


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
def test_the_limit_parts_the_stable_rates_from_the_others(name, beta):
    limit = surfaces.limits(30, beta)[name]

    def far(rate):
        theta, memory = np.array([1.0, 1.0]), None
        optimizer = race.optimizer(name, rate, beta, 0.999)
        memory = optimizer.init(theta)
        for _ in range(2000):
            _, gradient = surfaces.cost_and_gradient("ravine", 30, theta)
            theta, memory = optimizer.update(theta, gradient, memory)
        return abs(theta[1])

    assert far(0.99 * limit) < 1e-3
    assert far(1.01 * limit) > 1e3


def test_race_shows_what_its_answers_say():
    def arrival(name, rate):
        run = race.descend(race.optimizer(name, rate, 0.9, 0.999), "ravine", 90, (-1.6, 1.25), 0.0)
        return 1 + max(t for t, (cost, *_) in enumerate(run) if cost >= 0.01)

    lab = byhand.labs.race()
    assert {name: lab.settings()[name] for name in ("kappa", "rate", "beta", "x1", "x2")} == {
        "kappa": 90, "rate": 0.02, "beta": 0.9, "x1": -1.6, "x2": 1.25,
    }  # fmt: skip
    assert arrival("momentum", 0.02) == 107
    assert arrival("momentum", 0.1) == 87
    assert arrival("nesterov", 0.1) == 44
    shown = lab.values(**lab.reveal)
    assert shown["gd"] == "out"
    assert shown["gd_next"] is None
    assert lab.values(surface="saddle", step=160)["first"] == "Adam"
    on_moons = lab.values(step=160)
    assert on_moons["adam_moons"] < on_moons["gd_moons"] / 2


def test_several_is_any_choice_but_none():
    boxes = Several(name="who", label="Who", options={"a": "Ann", "b": "Bo"}, value="b")
    assert boxes.values == ["a", "b", "a-b"]
    assert boxes.check("a-b") == "a-b"
    assert boxes.text("a-b") == "Ann, Bo"
    for wrong in ("", "b-a", "c", "a-", None):
        with pytest.raises(ValueError, match=r"who is .*, expected some of a, b in this order"):
            boxes.check(wrong)


def test_who_is_lowest_shares_the_place_with_those_whose_digits_are_the_same():
    costs = {"gd": [9.1e-14, "out"], "momentum": [9.07e-14, 0.5004], "adam": [3e-9, 0.5003]}
    assert race.lowest(costs, 0, ".3g") == "momentum"  # four decimals called them all 0.0000
    assert race.lowest(costs, 1, ".3g") == "momentum and Adam"
    assert race.lowest({"gd": ["out"]}, 0, ".3g") == "none"
    said = byhand.labs.race().text(rate=0.1, step=160)
    assert "0.0000" not in said
    assert "·10⁻" in said
