"""The tiny autograd: against differences on random graphs, and against dlcore's own networks."""

import itertools

import numpy as np
import pytest

from dlcore.autograd import Node, cos, exp, gradients, log, order, relu, sin, summed_to, tanh
from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.layers import Affine, ReLU, Tanh
from dlcore.losses import softmax_cross_entropy
from dlcore.network import Sequential

SHAPES = [(), (3,), (1, 3), (2, 1), (2, 3)]  # any two of them broadcast
STEPS = {  # what a random graph is built from; every result is finite
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b**2 + 1),
    "array +": lambda a, b: np.arange(1.0, 4.0) + a,
    "array -": lambda a, b: np.full((2, 1), 0.5) - b,
    "array *": lambda a, b: np.array([[0.5], [-2.0]]) * a,
    "number /": lambda a, b: 2 / (exp(a * 0.1) + 1),
    "number -": lambda a, b: 1 - a,
    "**": lambda a, b: (a**2 + 0.5) ** 1.5 * 0.2,
    "exp": lambda a, b: exp(tanh(a)),
    "log": lambda a, b: log(b**2 + 1),
    "sin": lambda a, b: sin(a),
    "cos": lambda a, b: cos(b * 0.5),
    "relu": lambda a, b: relu(a),
    "sum": lambda a, b: b.sum(axis=-1, keepdims=True) if b.value.ndim else b,
    "sum, one axis less": lambda a, b: a.sum(axis=-1) * 1.0 if a.value.ndim == 1 else a,
    "@": lambda a, b: (a + np.zeros((2, 3))) @ (b + np.zeros((2, 3))).T @ np.ones((2, 3)) * 0.1,
    "array @": lambda a, b: np.array([[0.5, -1.0]]) @ (a + np.zeros((2, 3))),
}


def test_each_step_occurs():
    drawn = {name for seed in range(30) for name in plan(seed)}
    assert drawn == set(STEPS)


def plan(seed, steps=12):
    return list(np.random.default_rng(seed).choice(list(STEPS), steps))


def graph(seed, leaves):
    """Return the root of a random graph: every step reads two nodes that are there already."""
    rng, nodes = np.random.default_rng([seed, 1]), list(leaves)
    for name in plan(seed):
        a, b = (nodes[i] for i in rng.integers(len(nodes), size=2))
        nodes.append(STEPS[name](a, b))
    total = Node(0.0)
    for node in nodes:  # so that every leaf leads to the root
        total = total + tanh(node).sum()
    return total


@pytest.mark.parametrize("seed", range(30))
def test_random_graphs_agree_with_differences(seed):
    rng = np.random.default_rng([seed, 2])
    arrays = [rng.standard_normal(shape) for shape in SHAPES]
    leaves = [Node(array) for array in arrays]
    found = gradients(graph(seed, leaves), *leaves)
    for i, (array, got) in enumerate(zip(arrays, found, strict=True)):

        def value(x, i=i):
            changed = [Node(x if j == i else other) for j, other in enumerate(arrays)]
            return float(graph(seed, changed).value)

        assert got.shape == array.shape
        check_gradient(value, array, got)


def cross_entropy(scores, labels):
    shifted = scores - scores.value.max(axis=1, keepdims=True)
    right = (shifted * np.eye(scores.value.shape[1])[labels]).sum(axis=1)
    return (log(exp(shifted).sum(axis=1)) - right).sum() / len(labels)


@pytest.mark.parametrize(("layer", "bend"), [(Tanh, tanh), (ReLU, relu)])
def test_a_network_with_softmax_agrees_with_dlcore(layer, bend):
    sizes, rng = [7, 6, 5, 4], np.random.default_rng(0)
    X, labels = rng.standard_normal((9, 7)), rng.integers(4, size=9)
    layers = {}
    for i, (d_in, d_out) in enumerate(itertools.pairwise(sizes)):
        layers |= {f"fc{i}": Affine(d_in, d_out)} | ({f"bend{i}": layer()} if i < 2 else {})
    net = Sequential(**layers)
    params = net.init(rng)
    params = params.like(rng.standard_normal(params.theta.size))
    scores, cache = net.forward(params, X)
    cost, dscores = softmax_cross_entropy(scores, labels)
    dX, grads = net.backward(dscores, cache)

    start, nodes = Node(X), {name: Node(params[name]) for name in params}
    A = start
    for i in range(3):
        A = A @ nodes[f"fc{i}.W"].T + nodes[f"fc{i}.b"]
        A = bend(A) if i < 2 else A
    root = cross_entropy(A, labels)
    np.testing.assert_allclose(root.value, cost, rtol=1e-12)
    for name, got in zip(nodes, gradients(root, *nodes.values()), strict=True):
        np.testing.assert_allclose(got, grads[name], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(gradients(root, start)[0], dX, rtol=1e-12, atol=1e-12)


def test_a_node_that_is_read_twice_gets_both_shares():
    x = Node(3.0)
    (dx,) = gradients(x * x + x, x)
    assert dx == 7
    assert gradients(x + x, x) == [2]


def test_a_share_that_two_parents_get_is_not_changed_for_either():
    x, y = Node(np.ones(2)), Node(np.ones(2))
    dx, dy = gradients((x + y + y).sum(), x, y)
    np.testing.assert_array_equal([dx, dy], [[1, 1], [2, 2]])


def test_a_second_call_gives_the_same():
    x = Node(np.array([1.0, 2.0]))
    root = (x**3).sum()
    for _ in range(2):
        np.testing.assert_allclose(gradients(root, x)[0], [3, 12])


def test_a_ladder_of_many_paths_visits_each_node_once():
    x = y = Node(1.0)
    for _ in range(5000):  # 2 ** 5000 paths, and deeper than Python's recursion
        y = (y + y) * 0.5
    assert len(order(y)) == 2 * 5000 + 1
    assert gradients(y, x) == [1]


def test_the_order_puts_each_node_behind_what_it_reads():
    x, y = Node(1.0), Node(2.0)
    found = order(tanh(x * y) + exp(x) * y)
    for place, node in enumerate(found):
        assert all(found.index(parent) < place for parent, _ in node.parents)
    assert len(found) == 7


@pytest.mark.parametrize(
    ("shape", "wide"), [((), (2, 3)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((1, 1), (4, 2, 3))]
)
def test_broadcasting_is_undone(shape, wide):
    gradient = np.random.default_rng(0).standard_normal(wide)
    copies = np.broadcast_to(np.arange(np.prod(shape, dtype=int)).reshape(shape), wide)
    expected = np.bincount(copies.ravel(), weights=gradient.ravel()).reshape(shape)
    np.testing.assert_allclose(summed_to(gradient, shape), expected)


def test_single_precision_stays():
    x = Node(np.ones((2, 3), np.float32))
    root = (tanh(x) * 2 / (x**2 + 1)).sum()
    assert root.value.dtype == gradients(root, x)[0].dtype == np.float32


def test_arguments_are_copied_and_values_read_only():
    array = np.ones(3)
    x = Node(array)
    root = (x * x).sum()
    array[:] = 5
    np.testing.assert_array_equal(gradients(root, x)[0], [2, 2, 2])
    constant = np.ones(3)
    root = (x * constant).sum()
    constant[:] = 5
    np.testing.assert_array_equal(gradients(root, x)[0], [1, 1, 1])
    for node in (x, x + 1, x.sum()):
        with pytest.raises(ValueError, match="read-only"):
            node.value[...] = 0


def test_repr():
    x = Node(np.ones((2, 3)))
    assert repr(x) == "Node of shape (2, 3)"
    assert repr(x + np.ones(3)) == "Node of shape (2, 3), from (2, 3)"


X = Node(np.ones((2, 3)))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: gradients(X, X),
            ShapeError,
            r"root has shape \(2, 3\), expected \(\).* sum",
        ),
        (lambda: gradients(X.sum(), Node(1.0)), ValueError, "node 0 does not lead to the root"),
        (lambda: gradients(X.sum(), X.value), TypeError, "got ndarray, expected nodes"),
        (lambda: gradients(2.0, X), TypeError, "got float, expected nodes"),
        (lambda: X.__setitem__(0, 1.0), TypeError, "expected no change in place"),
        (lambda: Node(np.ones(3, int)), TypeError, "value has dtype int64, expected floating"),
        (lambda: Node([1.0]), TypeError, "value"),
        (lambda: X - (1.0,), TypeError, r"bad operand"),
        (lambda: X * np.arange(3), TypeError, r"the array at \* has dtype int64"),
        (lambda: X @ np.ones(3), ShapeError, r"@ of \(2, 3\) and \(3,\), expected two matrices"),
        (lambda: np.ones(2) @ X, ShapeError, "expected two matrices"),
        (lambda: X @ [[1.0]], TypeError, "the array at @"),
        (lambda: X**X, TypeError, r"expected a number; .* write exp"),
        (lambda: X + np.ones(4), ValueError, "broadcast"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
