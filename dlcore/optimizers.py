"""Optimizers: a frozen object with the constants, and two pure functions on one vector.

``state = optimizer.init(theta)``, then ``theta, state = optimizer.update(theta, grad, state)`` once
a step. Each update is the printed equation, on all parameters at once.
"""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from dlcore.errors import (
    ShapeError,
    as_float,
    require_array,
    require_float,
    require_same_shape,
)
from dlcore.precision import half_in_single, single

# What each constant may be, by its name.
_RANGES = {
    "lr": {"gt": 0, "kind": "a rate"},
    "eps": {"gt": 0, "kind": "a small number"},
    "weight_decay": {"ge": 0},
    "beta": {"ge": 0, "lt": 1, "kind": "a share"},
    "beta1": {"ge": 0, "lt": 1, "kind": "a share"},
    "beta2": {"ge": 0, "lt": 1, "kind": "a share"},
}


class _Optimizer:
    """Checks the constants and the arrays; ``_step`` is the equation.

    What it remembers of a vector in half precision is in single: 1e-4 squared is 0 in float16.
    """

    _memory = ()  # the names of what a state holds, in order

    def __init_subclass__(cls):
        cls._update = f"{cls.__name__}.update"  # the first word of its messages

    def __post_init__(self):
        name = type(self).__name__
        for constant in fields(self):
            if constant.name in _RANGES:
                value = getattr(self, constant.name)
                value = as_float(name, constant.name, value, **_RANGES[constant.name])
                object.__setattr__(self, constant.name, value)

    def _zeros(self, theta):
        """Return an average of nothing."""
        require_float(f"{type(self).__name__}.init", theta=theta)
        return np.zeros_like(single(theta))

    def update(self, theta, grad, state):
        """Take one step.

        Parameters
        ----------
        theta, grad : array of floats, shape (P,)
            Not changed.
        state : tuple
            What ``init`` or the last ``update`` returned.

        Returns
        -------
        theta : array, shape (P,)
            Of the dtype that it had.
        state : tuple

        Raises
        ------
        TypeError
            When ``theta`` or ``grad`` is not an array of floats.
        ShapeError
            When the shapes differ, or the state is that of other parameters or another optimizer.
        """
        require_float(self._update, theta=theta, grad=grad)
        if grad.shape != theta.shape:
            likely = "is the gradient of this network's parameters?"
            require_same_shape(self._update, likely=likely, theta=theta, grad=grad)
        self._require_state(state, theta.shape)
        dtype = theta.dtype
        if dtype.itemsize == 2:
            theta, grad = single(theta), single(grad)
        moved, state = self._step(theta, grad, state)
        return moved if moved.dtype is dtype else moved.astype(dtype), state

    def _require_state(self, state, shape):
        fits = isinstance(state, tuple) and len(state) == len(self._memory)
        for entry in state if fits else ():
            fits = fits and getattr(entry, "shape", shape) == shape
        if not fits:
            came = [getattr(e, "shape", e) for e in state] if isinstance(state, tuple) else state
            raise ShapeError(
                f"{self._update}: state holds {came}, expected ({', '.join(self._memory)}) for "
                f"theta of shape {shape}; does it come from {type(self).__name__}.init(theta)?"
            )


@dataclass(frozen=True)
class GradientDescent(_Optimizer):
    """Step against the gradient: theta <- theta - lr * grad.

    Equation: eq-gradient-descent, eq-valley-step

    Parameters
    ----------
    lr : float
        The learning rate, > 0.

    Raises
    ------
    TypeError
        When ``lr`` is not a number.
    ValueError
        When ``lr`` is not positive or not finite.
    """

    lr: float

    def init(self, theta):
        """Return the start state: gradient descent remembers nothing."""
        self._zeros(theta)
        return ()

    def _step(self, theta, grad, state):
        return theta - self.lr * grad, state


@dataclass(frozen=True)
class Momentum(_Optimizer):
    """Step along an exponentially weighted average of the gradients.

    Equation: eq-opt-momentum, eq-opt-momentum-forms

    v <- beta v + (1 - beta) grad, theta <- theta - lr v. Because the weights of the average sum to
    one, ``lr`` means what it means for gradient descent; ``ClassicalMomentum`` with the rate
    lr (1 - beta) takes the same steps.

    Source: Polyak (1964), in the form with an average.

    Parameters
    ----------
    lr : float
        The learning rate, > 0.
    beta : float
        The share of the old average that is kept; it reaches back about 1 / (1 - beta) steps.

    Raises
    ------
    TypeError, ValueError
        When a constant is not a number, or out of its range.
    """

    _memory = ("v",)

    lr: float
    beta: float = 0.9

    def init(self, theta):
        """Return the start state ``(v,)``: an average of nothing, 0."""
        return (self._zeros(theta),)

    def _step(self, theta, grad, state):
        (v,) = state
        v = self.beta * v + (1 - self.beta) * grad
        return theta - self.lr * v, (v,)


@dataclass(frozen=True)
class ClassicalMomentum(_Optimizer):
    """Step with a velocity that the gradients push: v <- beta v + grad, theta <- theta - lr v.

    Equation: eq-opt-classical

    Under a constant gradient the velocity grows to grad / (1 - beta), so a rate that suits
    gradient descent is too large here by that factor.

    Source: Polyak (1964).

    Parameters
    ----------
    lr : float
        The learning rate, > 0.
    beta : float
        The share of the velocity that is kept.

    Raises
    ------
    TypeError, ValueError
        When a constant is not a number, or out of its range.
    """

    _memory = ("v",)

    lr: float
    beta: float = 0.9

    def init(self, theta):
        """Return the start state ``(v,)``: at rest."""
        return (self._zeros(theta),)

    def _step(self, theta, grad, state):
        (v,) = state
        v = self.beta * v + grad
        return theta - self.lr * v, (v,)


@dataclass(frozen=True)
class Nesterov(_Optimizer):
    """Momentum that looks one step ahead: v <- beta v + grad, theta <- theta - lr (grad + beta v).

    Equation: eq-opt-nesterov, eq-opt-nesterov-lookahead

    ``theta`` is the point where the velocity is about to carry the parameters, so the gradient is
    measured there. This is the form of ``torch.optim.SGD``.

    Source: Nesterov (1983), in the form of Sutskever et al. (2013).

    Parameters
    ----------
    lr : float
        The learning rate, > 0.
    beta : float
        The share of the velocity that is kept.

    Raises
    ------
    TypeError, ValueError
        When a constant is not a number, or out of its range.
    """

    _memory = ("v",)

    lr: float
    beta: float = 0.9

    def init(self, theta):
        """Return the start state ``(v,)``: at rest."""
        return (self._zeros(theta),)

    def _step(self, theta, grad, state):
        (v,) = state
        v = self.beta * v + grad
        return theta - self.lr * (grad + self.beta * v), (v,)


@dataclass(frozen=True)
class AdaGrad(_Optimizer):
    """Divide each gradient by the root of the sum of all its squares so far.

    Equation: eq-opt-adagrad, eq-opt-adagrad-rms

    s <- s + grad², theta <- theta - lr grad / (sqrt(s) + eps). The sum only grows, so the steps
    shrink; ``RMSprop`` puts an average that forgets in its place.

    Source: Duchi, Hazan and Singer (2011), section 1, with a diagonal matrix.

    Parameters
    ----------
    lr : float
        The learning rate, > 0: the size of the first step.
    eps : float
        Keeps the quotient finite; added outside the square root.

    Raises
    ------
    TypeError, ValueError
        When a constant is not a number, or out of its range.
    """

    _memory = ("s",)

    lr: float
    eps: float = 1e-8

    def init(self, theta):
        """Return the start state ``(s,)``: a sum of nothing, 0."""
        return (self._zeros(theta),)

    def _step(self, theta, grad, state):
        (s,) = state
        s = s + grad**2
        return theta - self.lr * grad / (np.sqrt(s) + self.eps), (s,)


@dataclass(frozen=True)
class RMSprop(_Optimizer):
    """Divide each gradient by its recent size: the root of an average of its squares.

    Equation: eq-opt-rmsprop

    s <- beta s + (1 - beta) grad², theta <- theta - lr grad / (sqrt(s) + eps).

    Source: Tieleman and Hinton (2012), lecture 6.5.

    Parameters
    ----------
    lr : float
        The learning rate, > 0: about the size of a step.
    beta : float
        The share of the old average that is kept.
    eps : float
        Keeps the quotient finite; added outside the square root.

    Raises
    ------
    TypeError, ValueError
        When a constant is not a number, or out of its range.
    """

    _memory = ("s",)

    lr: float
    beta: float = 0.9
    eps: float = 1e-8

    def init(self, theta):
        """Return the start state ``(s,)``: an average of nothing, 0."""
        return (self._zeros(theta),)

    def _step(self, theta, grad, state):
        (s,) = state
        s = self.beta * s + (1 - self.beta) * grad**2
        return theta - self.lr * grad / (np.sqrt(s) + self.eps), (s,)


@dataclass(frozen=True)
class Adam(_Optimizer):
    """Momentum's average over RMSprop's, both corrected for their start at zero.

    Equation: eq-opt-adam

    v <- beta1 v + (1 - beta1) grad, s <- beta2 s + (1 - beta2) grad²,
    v' = v / (1 - beta1^t), s' = s / (1 - beta2^t), theta <- theta - lr v' / (sqrt(s') + eps).

    Source: Kingma and Ba (2015), algorithm 1.

    Parameters
    ----------
    lr : float
        The learning rate, > 0: about the size of a step.
    beta1, beta2 : float
        The shares of the old averages that are kept.
    eps : float
        Keeps the quotient finite; added outside the square root.

    Raises
    ------
    TypeError, ValueError
        When a constant is not a number, or out of its range.
    """

    _memory = ("v", "s", "t")

    lr: float
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def init(self, theta):
        """Return the start state ``(v, s, t)``: two averages of nothing, and no steps."""
        return self._zeros(theta), self._zeros(theta), 0

    def _step(self, theta, grad, state):
        v, s, t = state
        t = t + 1
        v = self.beta1 * v + (1 - self.beta1) * grad
        s = self.beta2 * s + (1 - self.beta2) * grad**2
        v_corrected = v / (1 - self.beta1**t)
        s_corrected = s / (1 - self.beta2**t)
        return theta - self.lr * v_corrected / (np.sqrt(s_corrected) + self.eps), (v, s, t)


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam, and beside it a weight decay that its quotient does not touch.

    Equation: eq-opt-adamw, eq-reg-adamw

    theta <- theta - lr (Adam's quotient + weight_decay theta). An L2 penalty under Adam is divided
    by the size of the gradients, so weights with large gradients hardly shrink; here all shrink by
    the same factor.

    Source: Loshchilov and Hutter (2019), algorithm 2, with the schedule in ``lr``.

    Parameters
    ----------
    lr, beta1, beta2, eps : float
        As in ``Adam``.
    weight_decay : float
        The share of a weight that goes, in units of ``lr``, each step.
    decayed : array of bool, shape (P,), optional
        The entries to decay, such as ``params.decayed``: the weights, and no biases. All of them
        by default, as in ``torch.optim.AdamW``.

    Raises
    ------
    TypeError, ValueError
        When a constant is not a number, or out of its range.
    """

    weight_decay: float = 0.01
    decayed: Any = field(default=None, repr=False, compare=False)

    def __post_init__(self):
        super().__post_init__()
        if self.decayed is not None:
            require_array("AdamW", decayed=self.decayed)
            if self.decayed.dtype.kind != "b":
                raise TypeError(
                    f"AdamW: decayed has dtype {self.decayed.dtype}, expected bool; params.decayed?"
                )

    def _step(self, theta, grad, state):
        moved, state = super()._step(theta, grad, state)
        weights = theta
        if self.decayed is not None:
            if self.decayed.shape != theta.shape:
                raise ShapeError(
                    f"AdamW.update: decayed has shape {self.decayed.shape}, expected theta's "
                    f"{theta.shape}; does the mask belong to another network?"
                )
            weights = theta * self.decayed
        return moved - self.lr * self.weight_decay * weights, state


@half_in_single
def clip_by_norm(grad, max_norm):
    """Shorten a gradient that is longer than ``max_norm``; its direction stays.

    Equation: eq-init-clip

    Source: Pascanu, Mikolov and Bengio (2013), algorithm 1.

    Parameters
    ----------
    grad : array of floats, any shape
    max_norm : float
        The greatest Euclidean length, > 0.

    Returns
    -------
    array, the shape and dtype of ``grad``

    Raises
    ------
    TypeError
        When ``grad`` is not an array of floats, or ``max_norm`` not a number.
    ValueError
        When ``max_norm`` is not positive or not finite.
    """
    require_float("clip_by_norm", grad=grad)
    max_norm = as_float("clip_by_norm", "max_norm", max_norm, gt=0, kind="a length")
    if grad.size == 0:
        return grad.copy()
    scale = np.maximum(np.max(np.abs(grad)), max_norm)
    norm = np.sqrt(np.sum((grad / scale) ** 2))  # over scale: no square overflows, the largest is 1
    most = max_norm / scale
    return grad * (most / np.maximum(norm, most))


@half_in_single
def bfgs_update(Q, dtheta, dgrad):
    """Correct an approximation of the inverse Hessian by what the last step has shown.

    Equation: eq-opt-secant, eq-opt-bfgs

    Where the slope along the step did not grow, so that no matrix with positive eigenvalues fits
    what was seen, ``Q`` comes back as it was.

    Source: Nocedal and Wright (2006), equation 6.17.

    Parameters
    ----------
    Q : array of floats, shape (P, P)
        Symmetric, with positive eigenvalues; the identity at the start.
    dtheta, dgrad : array of floats, shape (P,)
        What the step changed in the parameters and in the gradient.

    Returns
    -------
    array, shape (P, P)
        It maps ``dgrad`` to ``dtheta``.

    Raises
    ------
    TypeError
        When an argument is not an array of floats.
    ShapeError
        When the shapes do not fit.
    """
    require_float("bfgs_update", Q=Q, dtheta=dtheta, dgrad=dgrad)
    require_same_shape("bfgs_update", likely="are both of one step?", dtheta=dtheta, dgrad=dgrad)
    if dtheta.ndim != 1 or Q.shape != (dtheta.size, dtheta.size):
        raise ShapeError(
            f"bfgs_update: Q has shape {Q.shape} and dtheta {dtheta.shape}, expected (P, P) and "
            "(P,); is Q of another network?"
        )
    bent = dgrad @ dtheta
    seen = bent > 0
    rho = 1 / np.where(seen, bent, 1)
    left = np.eye(dtheta.size, dtype=Q.dtype, like=Q) - rho * np.outer(dtheta, dgrad)
    return np.where(seen, left @ Q @ left.T + rho * np.outer(dtheta, dtheta), Q)
