"""A tiny autograd: the gradient of any graph of array operations, node by node.

Nothing in dlcore uses it: its layers have their gradients worked out on paper. Chapter 5 builds it.
"""

import numpy as np

from dlcore.errors import ShapeError, require_float


class Node:
    """A value and how it was computed: its operators make new nodes.

    Where one side of an operator is an array or a number and no node, it is a constant: nothing
    flows back to it.

    Parameters
    ----------
    value : array of floats of any shape, or float
        It is copied, and read-only from then on: gradients need it as it was.
    parents : sequence of (Node, callable), optional
        Each node that was read, with its local backward: from the gradient of this value to its
        share of the gradient of that node. Operators fill it in.

    Raises
    ------
    TypeError
        When the value is not made of floats, an exponent is not a number, or an entry is set.
    ShapeError
        When a factor of ``@`` is not a matrix, or shapes do not fit.
    """

    __array_ufunc__ = None  # an array on the left leaves the operator to the node

    def __init__(self, value, parents=()):
        value = value if parents else _constant("value", value)
        self.value = np.asarray(value)
        self.value.flags.writeable = False
        self.parents = tuple((node, back) for node, back in parents if isinstance(node, Node))

    def __repr__(self):
        read = ", ".join(str(node.value.shape) for node, _ in self.parents)
        return f"Node of shape {self.value.shape}" + (f", from {read}" if read else "")

    def __setitem__(self, where, new):
        raise TypeError(
            "Node: an entry is set, expected no change in place; gradients need the value that "
            "was used, so compute a new node"
        )

    def __add__(self, other):
        a, b = self.value, _value(self, "+", other)
        return Node(a + b, [(self, lambda g: g), (other, lambda g: g)])

    def __mul__(self, other):
        a, b = self.value, _value(self, "*", other)
        return Node(a * b, [(self, lambda g: g * b), (other, lambda g: g * a)])

    def __pow__(self, exponent):
        a, k = self.value, exponent
        if not isinstance(k, int | float):
            raise TypeError(f"Node: ** {k!r}, expected a number; a node? write exp(b * log(a))")
        slope = k * a ** (k - 1) if k else 0 * a
        return Node(a**k, [(self, lambda g: g * slope)])

    def __matmul__(self, other):
        a, b = self.value, _value(self, "@", other)
        return Node(a @ b, [(self, lambda g: g @ b.T), (other, lambda g: a.T @ g)])

    def __rmatmul__(self, other):
        a, b = _value(self, "@", other), self.value
        return Node(a @ b, [(self, lambda g: a.T @ g)])

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other**-1.0

    def __rtruediv__(self, other):
        return self**-1.0 * other

    __radd__, __rmul__ = __add__, __mul__

    @property
    def T(self):
        """The transposed matrix."""
        return Node(self.value.T, [(self, lambda g: g.T)])

    def sum(self, axis=None, keepdims=False):
        """Return the sum along an axis, or of everything.

        Parameters
        ----------
        axis : int or tuple of int, optional
        keepdims : bool
            Whether the axis stays, with length 1.

        Returns
        -------
        Node
        """
        shape, kept = self.value.shape, self.value.sum(axis=axis, keepdims=True).shape
        total = self.value.sum(axis=axis, keepdims=keepdims)
        return Node(total, [(self, lambda g: np.broadcast_to(g.reshape(kept), shape))])


def exp(node):
    """The exponential of each entry.

    Parameters
    ----------
    node : Node

    Returns
    -------
    Node
    """
    y = np.exp(node.value)
    return Node(y, [(node, lambda g: g * y)])


def log(node):
    """The natural logarithm of each entry.

    Parameters
    ----------
    node : Node

    Returns
    -------
    Node
    """
    return Node(np.log(node.value), [(node, lambda g: g / node.value)])


def sin(node):
    """The sine of each entry.

    Parameters
    ----------
    node : Node

    Returns
    -------
    Node
    """
    x = node.value
    return Node(np.sin(x), [(node, lambda g: g * np.cos(x))])


def cos(node):
    """The cosine of each entry.

    Parameters
    ----------
    node : Node

    Returns
    -------
    Node
    """
    x = node.value
    return Node(np.cos(x), [(node, lambda g: -g * np.sin(x))])


def tanh(node):
    """The hyperbolic tangent of each entry.

    Parameters
    ----------
    node : Node

    Returns
    -------
    Node
    """
    y = np.tanh(node.value)
    return Node(y, [(node, lambda g: g * (1 - y**2))])


def relu(node):
    """Each entry where it is above zero, else 0; the slope at zero is 0.

    Parameters
    ----------
    node : Node

    Returns
    -------
    Node
    """
    on = node.value > 0
    return Node(node.value * on, [(node, lambda g: g * on)])


def order(root):
    """Return all nodes that lead to one, each behind those that it was computed from.

    Each node is visited once, however many paths lead through it, and without recursion, which
    Python ends after a thousand nodes.

    Parameters
    ----------
    root : Node

    Returns
    -------
    list of Node
        A topological order; the root stands last.
    """
    found, stack = {}, [root]  # a dict keeps its order, and knows at once what it holds
    while stack:
        waiting = [node for node, _ in stack[-1].parents if node not in found]
        if waiting:
            stack.extend(waiting)
        else:
            found[stack.pop()] = None
    return list(found)


def summed_to(gradient, shape):
    """Undo broadcasting: add up the gradient where one number was used several times.

    Equation: eq-autograd-broadcast

    Parameters
    ----------
    gradient : array, of any shape
        Of what the array was broadcast to.
    shape : tuple of int
        Of the array itself.

    Returns
    -------
    array of that shape
    """
    new = gradient.ndim - len(shape)
    axes = [i for i, n in enumerate(shape, start=new) if n == 1 and gradient.shape[i] > 1]
    return gradient.sum(axis=(*range(new), *axes)).reshape(shape)


def gradients(root, *nodes):
    """Return the gradients of one number by any of the nodes that it was computed from.

    Nothing is kept in the nodes, so a second call gives the same.

    Parameters
    ----------
    root : Node
        A single number, such as a cost.
    *nodes : Node

    Returns
    -------
    list of array
        For each node one of its shape.

    Raises
    ------
    TypeError
        When one of them is no node.
    ShapeError
        When the root is not a single number.
    ValueError
        When a node does not lead to the root.
    """
    for thing in (root, *nodes):
        if not isinstance(thing, Node):
            raise TypeError(f"gradients: got {type(thing).__name__}, expected nodes; Node(array)?")
    if root.value.shape != ():
        raise ShapeError(
            f"gradients: the root has shape {root.value.shape}, expected (), one number; "
            "is a sum missing?"
        )
    total = {root: np.ones_like(root.value)}
    for node in reversed(order(root)):
        for parent, back in node.parents:
            share = summed_to(np.asarray(back(total[node])), parent.value.shape)
            total[parent] = total[parent] + share if parent in total else share
    for i, node in enumerate(nodes):
        if node not in total:
            raise ValueError(
                f"gradients: node {i} does not lead to the root; was it made anew after the root?"
            )
    return [total[node] for node in nodes]


def _value(node, sign, other):
    """Return the value of the other side of an operator."""
    if isinstance(other, int | float):
        return other
    other = other.value if isinstance(other, Node) else _constant(f"the array at {sign}", other)
    if sign == "@" and not node.value.ndim == other.ndim == 2:
        shapes = f"{node.value.shape} and {other.shape}"
        raise ShapeError(f"Node: @ of {shapes}, expected two matrices; is an axis missing?")
    return other


def _constant(name, value):
    """Return a copy of an array of floats, or of a float, that nobody else can change."""
    value = np.array(value) if isinstance(value, float) else value
    require_float("Node", **{name: value})
    return np.array(value)
