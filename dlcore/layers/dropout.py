"""Dropout: in training, every number is kept only with some probability."""

from dataclasses import dataclass

from dlcore.errors import require_float, require_rng, require_same_shape


def dropout_forward(X, keep_prob, rng):
    """Keep each number with probability ``keep_prob`` and divide it by that; zero the others.

    The division (inverted dropout) keeps the expected value, so nothing is left to do after
    training.

    Equation: eq-reg-dropout-forward

    Source: Srivastava et al. (2014), sections 4 and 10.

    Parameters
    ----------
    X : array of floats, any shape
    keep_prob : float
        In (0, 1].
    rng : Generator or RandomState

    Returns
    -------
    A : array, the shape of ``X``
    cache : array, the shape of ``X``
        The mask: 1 / keep_prob where a number was kept, else 0.

    Raises
    ------
    TypeError
        When ``X`` holds integers, or ``rng`` is not a generator.
    ValueError
        When ``keep_prob`` is not in (0, 1].
    """
    require_float("dropout_forward", X=X)
    require_rng("dropout_forward", rng)
    if not 0 < keep_prob <= 1:
        raise ValueError(
            f"dropout_forward: keep_prob is {keep_prob}, expected a probability in (0, 1]; it is "
            "the probability to keep a number, not to drop it"
        )
    mask = (rng.random(X.shape) < keep_prob).astype(X.dtype) / keep_prob
    return X * mask, mask


def dropout_backward(dA, cache):
    """Pass the gradient on where the number was kept, divided by ``keep_prob`` as it was.

    Equation: eq-reg-dropout-backward

    Source: Srivastava et al. (2014), section 5.1.

    Parameters
    ----------
    dA : array, the shape of X
    cache : what ``dropout_forward`` returned

    Returns
    -------
    dX : array, the shape of X

    Raises
    ------
    ShapeError
        When ``dA`` does not have X's shape.
    """
    mask = cache
    require_same_shape("dropout_backward", dA=dA, X=mask)
    return dA * mask


@dataclass(frozen=True)
class Dropout:
    """Dropout in training; after it, nothing happens.

    Parameters
    ----------
    keep_prob : float
        In (0, 1].
    """

    keep_prob: float

    def init(self, rng):
        """Return no parameters."""
        return {}

    def forward(self, params, X, *, train, rng):
        """Call ``dropout_forward`` in training, else return X."""
        return dropout_forward(X, self.keep_prob, rng) if train else (X, None)

    def backward(self, dA, cache):
        """Call ``dropout_backward``, or pass dA on."""
        return (dA if cache is None else dropout_backward(dA, cache)), {}
