"""Dropout: in training, every number is kept only with some probability."""

from dataclasses import dataclass

from dlcore.errors import as_float, require_float, require_rng, require_upstream
from dlcore.protocols import Layer


def _probability(function, keep_prob):
    hint = "it is the probability to keep a number, not to drop it"
    return as_float(function, "keep_prob", keep_prob, gt=0, le=1, kind="a probability", hint=hint)


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
        When ``X`` is not an array of floats, ``rng`` not a generator, or ``keep_prob`` not a
        number.
    ValueError
        When ``keep_prob`` is not in (0, 1].
    """
    require_float("dropout_forward", X=X)
    require_rng("dropout_forward", rng)
    keep_prob = _probability("dropout_forward", keep_prob)
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
    TypeError
        When ``dA`` is not an array of floats.
    ShapeError
        When ``dA`` does not have X's shape.
    """
    mask = cache
    require_upstream("dropout_backward", "dA", dA, "A", mask.shape)
    return dA * mask


@dataclass(frozen=True, repr=False)
class Dropout(Layer):
    """Dropout in training; after it, nothing happens.

    Parameters
    ----------
    keep_prob : float
        In (0, 1].

    Raises
    ------
    TypeError, ValueError
        When ``keep_prob`` is not a number, or not in (0, 1].
    """

    keep_prob: float

    def __post_init__(self):
        object.__setattr__(self, "keep_prob", _probability("Dropout", self.keep_prob))

    def forward(self, params, X, *, train, rng):
        """Call ``dropout_forward`` in training, else return X."""
        return dropout_forward(X, self.keep_prob, rng) if train else (X, None)

    def backward(self, dA, cache):
        """Call ``dropout_backward``, or pass dA on."""
        return (dA if cache is None else dropout_backward(dA, cache)), {}
