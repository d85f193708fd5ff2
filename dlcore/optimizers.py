"""Optimizers: a frozen object with the constants, and two pure functions on one vector."""

from dataclasses import dataclass

from dlcore.errors import require_same_shape


@dataclass(frozen=True)
class GradientDescent:
    """Step against the gradient: theta <- theta - lr * grad.

    Equation: eq-gradient-descent

    Parameters
    ----------
    lr : float
        The learning rate, > 0.

    Raises
    ------
    ValueError
        When ``lr`` is not positive.
    """

    lr: float

    def __post_init__(self):
        if not self.lr > 0:
            raise ValueError(f"GradientDescent: lr is {self.lr}, expected a rate > 0")

    def init(self, theta):
        """Return the start state: gradient descent remembers nothing."""
        return ()

    def update(self, theta, grad, state):
        """Take one step.

        Parameters
        ----------
        theta, grad : array, shape (P,)
            Not changed.
        state : tuple
            What ``init`` or the last ``update`` returned.

        Returns
        -------
        theta : array, shape (P,)
        state : tuple

        Raises
        ------
        ShapeError
            When the shapes differ.
        """
        require_same_shape("GradientDescent.update", theta=theta, grad=grad)
        return theta - float(self.lr) * grad, state  # np.float64 would promote float32
