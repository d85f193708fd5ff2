"""The training loop."""

import copy
import inspect
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from tqdm import tqdm

from dlcore.errors import ShapeError, as_float, as_int, require_array, require_rng
from dlcore.optimizers import clip_by_norm
from dlcore.parameters import Parameters
from dlcore.wrappers import at_rate


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a run stands: what it takes to go on as if it had never stopped.

    Parameters
    ----------
    params : Parameters
        The last ones, which are not those that ``fit`` returned if it restored the best.
    state : tuple
        The optimizer's.
    optimizer : str
        Its type.
    steps : int
        Taken so far.
    rng : Generator or RandomState
        A copy, as it was after the last step; None where there was none, or one of another
        library than NumPy, whose state cannot be read.
    best : Parameters
        Those with the lowest validation cost, after epoch ``best_epoch``.
    best_epoch : int
        From 0; -1 before there is one.
    best_cost : float
    """

    params: Parameters
    state: Any
    optimizer: str
    steps: int = 0
    rng: Any = None
    best: Parameters = None
    best_epoch: int = -1
    best_cost: float = np.inf


@dataclass
class History:
    """What ``fit`` saw, one entry an epoch.

    To go on in another process, store it with ``pickle``, together with the parameters.

    Parameters
    ----------
    cost : list of float
        Mean cost over the epoch's batches, each before its step, weighted by size.
    validation : list of float
        Cost on the validation set after the epoch; empty without one.
    rate : list of float
        The learning rate, of the epoch's last step.
    checkpoint : Checkpoint
        For ``fit(..., resume=history)``.
    """

    cost: list = field(default_factory=list)
    validation: list = field(default_factory=list)
    rate: list = field(default_factory=list)
    checkpoint: Checkpoint = field(default=None, repr=False, compare=False)


def fit(
    net,
    params,
    X,
    y,
    *,
    loss,
    optimizer,
    epochs,
    batch_size=None,
    rng=None,
    order=None,
    schedule=None,
    step_schedule=None,
    penalty=None,
    max_norm=None,
    augment=None,
    validation=None,
    patience=None,
    progress=None,
    resume=None,
):
    """Train ``net`` by taking one optimizer step a minibatch.

    Ctrl-C ends the training early and returns what was learned so far. A cost that is no longer
    finite is said once, by a warning, and the run goes on; ``np.errstate(invalid="ignore")``
    silences it together with NumPy's own.

    More is done by what is passed in. ``wrappers.Masked`` trains a part of the parameters,
    ``wrappers.Recorded`` keeps the cost of every step, and a loop with ``epochs=1`` and ``resume``
    does anything after each epoch.

    Parameters
    ----------
    net : Sequential
    params : Parameters
        Start values; not changed.
    X : array, shape (N, ...)
    y : array, shape (N, ...)
    loss : callable
        ``(scores, targets) -> value, dscores``, such as ``losses.logistic``.
    optimizer : Optimizer
        See ``protocols.Optimizer``. With a schedule it needs ``at_rate`` too, or must be a
        dataclass whose field ``lr`` can be replaced.
    epochs : int
        Passes over the data.
    batch_size : int, optional
        Examples a step; all of them by default. The last batch of an epoch may be smaller, and
        where only one example would be left for it, that one joins the batch before: batch norm
        cannot normalize a single example.
    rng : Generator or RandomState, optional
        Shuffles the examples each epoch, and serves layers that draw random numbers. Without it
        the order is that of ``X``.
    order : callable, optional
        ``epoch -> indices (N,)``: the order of examples, instead of ``rng``'s.
    schedule : callable, optional
        ``epoch -> learning rate``, instead of ``optimizer.lr``; epochs count from 0.
    step_schedule : callable, optional
        ``step -> learning rate``; steps count from 0 through all epochs.
    penalty : callable, optional
        ``weights (K,) -> value, gradient``, applied to the entries that ``params.decayed`` marks,
        such as ``lambda w: regularizers.l2(w, lam, n)``.
    max_norm : float, optional
        Shorten each gradient, penalty included, to at most this length.
    augment : callable, optional
        ``(X, rng) -> X``: changes each minibatch before its step, such as ``augment.mirror``.
    validation : pair of arrays, optional
        ``(X, y)`` to measure the loss on after each epoch.
    patience : int, optional
        Stop when the validation cost has not improved for so many epochs, and return the best
        parameters instead of the last.
    progress : bool, optional
        Whether to show a progress bar; by default only on runs longer than five seconds.
    resume : History, optional
        Of the run that this one goes on with, for ``epochs`` more. Everything goes on where it
        stopped: the optimizer's averages, the epoch and step that schedules count, the best
        parameters so far, and ``rng``, which is set to where it was. So 20 epochs and 20 more are
        40, to the last bit, where the other arguments are the same; with other data or another
        batch size the run goes on with them. An epoch that Ctrl-C cut short begins anew.

    Returns
    -------
    params : Parameters
    history : History

    Raises
    ------
    ShapeError
        When ``X`` and ``y`` differ in length, or are empty.
    TypeError
        When an argument is of the wrong kind, such as a list, a DataFrame, a bare seed, or a
        function that takes more than it is given.
    ValueError
        When there is a nan or an infinite number in the data, ``batch_size``, ``epochs``,
        ``patience`` or ``max_norm`` is not positive, ``patience`` comes without validation, both
        schedules are given, or ``resume`` is the history of a run that returned other parameters
        or had another kind of optimizer.
    """
    N = _count("X", X, "y", y)
    if validation is not None:
        if not isinstance(validation, tuple | list) or len(validation) != 2:
            came = getattr(validation, "shape", None)
            came = f"an array of shape {came}" if came is not None else repr(validation)
            raise TypeError(
                f"fit: validation is {came}, expected the pair (X, y) of a held-out set"
            )
        _count("validation[0]", validation[0], "validation[1]", validation[1])
    batch_size = N if batch_size is None else batch_size
    _check_run(params, optimizer, epochs, batch_size, patience, validation, rng, max_norm)
    functions = {"loss": loss, "order": order, "penalty": penalty, "augment": augment}
    _check_functions(functions, {"schedule": schedule, "step_schedule": step_schedule}, optimizer)
    if resume is None:
        history, at = History(), Checkpoint(params, optimizer.init(params.theta), _kind(optimizer))
    else:
        history, at = _resumed(resume, params, optimizer)
        rng = _as_it_was(rng, at.rng)

    params, theta, state, step = at.params, at.params.theta, at.state, at.steps
    best, best_epoch, best_cost = at.best, at.best_epoch, at.best_cost
    decayed = params.decayed if penalty else None
    first = len(history.cost)
    shown = {} if progress is None else {"disable": not progress}
    bar = tqdm(
        range(first, first + epochs), desc="fit", unit="epoch", leave=False,
        delay=0 if progress else 5, **shown,
    )  # fmt: skip
    try:
        for epoch in bar:
            if schedule:
                optimizer = at_rate(optimizer, schedule(epoch))
            if order:
                indices = order(epoch)
            else:
                indices = rng.permutation(N) if rng is not None and batch_size < N else None
            total = 0.0
            for rows in _batches(N, batch_size):
                batch = rows if indices is None else indices[rows]
                if step_schedule:
                    optimizer = at_rate(optimizer, step_schedule(step))
                params = params.like(theta)
                X_batch = augment(X[batch], rng) if augment else X[batch]
                scores, cache = net.forward(params, X_batch, train=True, rng=rng)
                cost, dscores = loss(scores, y[batch])
                _, grads = net.backward(dscores, cache, input_gradient=False)
                if penalty:
                    extra, dweights = penalty(theta[decayed])
                    cost = cost + extra
                    grads.theta[decayed] += dweights
                grad = clip_by_norm(grads.theta, max_norm) if max_norm is not None else grads.theta
                theta, state = optimizer.update(theta, grad, state)
                params = net.update_buffers(params, cache)
                step += 1
                total = total + cost * np.float64(len(scores))  # in double precision
            history.cost.append(float(total) / N)
            _warn_once(history.cost)
            history.rate.append(optimizer.lr)
            if validation is not None:
                scores, _ = net.forward(params.like(theta), validation[0])
                history.validation.append(float(loss(scores, validation[1])[0]))
                if history.validation[-1] < best_cost:
                    best_cost, best_epoch = history.validation[-1], epoch
                    best = params.like(theta)
                if patience is not None and epoch - best_epoch >= patience:
                    break
    except KeyboardInterrupt:
        tqdm.write(f"fit: stopped by Ctrl-C after {len(history.cost) - first} of {epochs} epochs")
    last = params.like(theta)
    history.checkpoint = Checkpoint(
        last.copy(), state, at.optimizer, step, _kept(rng),
        best and best.copy(), best_epoch, best_cost,
    )  # fmt: skip
    return (last if patience is None or best is None else best), history


def _batches(N, size):
    """Yield the slices of N examples; a last one of a single example joins the one before."""
    start = 0
    while start < N:
        stop = start + size
        if size > 1 and N - stop == 1:
            stop = N
        yield slice(start, stop)
        start = stop


def _count(name_X, X, name_y, y):
    """Return the number of examples, of which there must be as many on both sides."""
    for name, array in ((name_X, X), (name_y, y)):
        require_array("fit", **{name: array})
    if len(X) != len(y) or len(X) == 0:
        raise ShapeError(
            f"fit: {name_X} has {len(X)} examples and {name_y} {len(y)}, expected the same "
            "number, > 0"
        )
    for name, array in ((name_X, X), (name_y, y)):
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            rows = np.flatnonzero(~np.isfinite(array).reshape(len(array), -1).all(axis=1))
            raise ValueError(
                f"fit: {name} has nan or inf in {len(rows)} of {len(array)} examples, first in "
                f"{name}[{int(rows[0])}], expected finite numbers; missing values of a table?"
            )
    return len(X)


def _warn_once(costs):
    """Warn when the last of the costs is the first that is not finite."""
    finite = np.isfinite(costs[-2:])
    if not finite[-1] and finite[0] == (len(costs) > 1) and np.geterr()["invalid"] != "ignore":
        warnings.warn(
            f"fit: the cost of epoch {len(costs) - 1} is {costs[-1]}; a learning rate too large?",
            RuntimeWarning,
            stacklevel=3,
        )


def _check_run(params, optimizer, epochs, batch_size, patience, validation, rng, max_norm):
    if not isinstance(params, Parameters):
        raise TypeError(
            f"fit: params is a {type(params).__name__}, expected Parameters, such as net.init(rng)"
        )
    if not hasattr(optimizer, "update") or isinstance(optimizer, type):
        raise TypeError(f"fit: optimizer is {optimizer!r}, expected one such as Adam(lr=0.001)")
    as_int("fit", "epochs", epochs)
    as_int("fit", "batch_size", batch_size)
    if batch_size < 1 or epochs < 1:
        raise ValueError(f"fit: epochs is {epochs} and batch_size {batch_size}, expected >= 1")
    if patience is not None:
        if as_int("fit", "patience", patience) < 1:
            raise ValueError(f"fit: patience is {patience}, expected at least one epoch")
        if validation is None:
            raise ValueError("fit: patience needs validation=(X, y) to watch; there is none")
    if rng is not None:
        require_rng("fit", rng)
    if max_norm is not None:
        as_float("fit", "max_norm", max_norm, gt=0, kind="a length")


def _check_functions(functions, schedules, optimizer):
    for name, function in (functions | schedules).items():
        if function is None:
            continue
        if not callable(function):
            raise TypeError(f"fit: {name} is {function!r}, expected a function")
        _require_takes(name, function)
    if functions["loss"] is None:
        raise TypeError("fit: loss is None, expected a function such as losses.logistic")
    if all(schedules.values()):
        raise ValueError("fit: schedule and step_schedule both set the rate, expected one of them")
    if any(schedules.values()):
        at_rate(optimizer, optimizer.lr)  # raises where a rate cannot be set


_GIVEN = {  # what fit passes to each function
    "loss": ("scores", "targets"),
    "order": ("epoch",),
    "penalty": ("weights",),
    "augment": ("X", "rng"),
    "schedule": ("epoch",),
    "step_schedule": ("step",),
}


def _require_takes(name, function):
    """Raise TypeError when a function cannot be called with what ``fit`` passes to it."""
    try:
        signature = inspect.signature(function)
    except ValueError:  # of a function in C that does not tell
        return
    try:
        signature.bind(*_GIVEN[name])
    except TypeError as error:
        given = ", ".join(_GIVEN[name])
        called = getattr(function, "__name__", repr(function))
        raise TypeError(
            f"fit: {name} is {called}{signature}, and is called with ({given}): {error}; "
            f"lambda {given}: {called}({given}, ...)?"
        ) from None


def _kind(optimizer):
    return type(optimizer).__name__


def _resumed(history, params, optimizer):
    """Return a copy of a finished run's history, and where it stands."""
    at = getattr(history, "checkpoint", None)
    if at is None:
        raise TypeError(
            f"fit: resume is a {type(history).__name__}, expected the History of an earlier run"
        )
    if params != at.params and params != at.best:
        raise ValueError(
            "fit: params are not those that the run to resume returned; to start from others leave "
            "resume out"
        )
    if _kind(optimizer) != at.optimizer:
        raise ValueError(
            f"fit: the run to resume had {at.optimizer} and this one has {_kind(optimizer)}, whose "
            "memory is another; leave resume out to start it afresh"
        )
    lists = (history.cost, history.validation, history.rate)
    return History(*map(list, lists)), at


def _kept(rng):
    """Return a copy of one of NumPy's generators, which keeps its state."""
    return copy.deepcopy(rng) if isinstance(rng, _NUMPYS) else None


def _as_it_was(rng, stored):
    """Set a generator to the state of a stored one, and return it; or a copy, without one."""
    if stored is None:
        return rng
    if rng is None:
        return copy.deepcopy(stored)
    if type(rng) is not type(stored):
        raise TypeError(
            f"fit: rng is a {type(rng).__name__}, and the run to resume had a "
            f"{type(stored).__name__}; leave rng out to go on with that one"
        )
    if isinstance(rng, np.random.RandomState):
        rng.set_state(stored.get_state())
    else:
        rng.bit_generator.state = stored.bit_generator.state
    return rng


_NUMPYS = np.random.Generator, np.random.RandomState
