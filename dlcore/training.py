"""The training loop."""

from dataclasses import dataclass, field, replace

import numpy as np
from tqdm import tqdm

from dlcore.errors import ShapeError
from dlcore.optimizers import clip_by_norm


@dataclass
class History:
    """What ``fit`` saw, one entry an epoch.

    Parameters
    ----------
    cost : list of float
        Mean cost over the epoch's batches, each before its step, weighted by size.
    validation : list of float
        Cost on the validation set after the epoch; empty without one.
    rate : list of float
        The learning rate, of the epoch's last step.
    """

    cost: list = field(default_factory=list)
    validation: list = field(default_factory=list)
    rate: list = field(default_factory=list)


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
):
    """Train ``net`` by taking one optimizer step a minibatch.

    Ctrl-C ends the training early and returns what was learned so far.

    Parameters
    ----------
    net : Sequential
    params : Parameters
        Start values; not changed.
    X : array, shape (N, ...)
    y : array, shape (N, ...)
    loss : callable
        ``(scores, targets) -> value, dscores``, such as ``losses.logistic``.
    optimizer : object
        With ``lr``, ``init(theta)`` and ``update(theta, grad, state)``.
    epochs : int
        Passes over the data.
    batch_size : int, optional
        Examples a step; the last batch of an epoch may be smaller. All of them by default.
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

    Returns
    -------
    params : Parameters
    history : History

    Raises
    ------
    ShapeError
        When ``X`` and ``y`` differ in length, or are empty.
    ValueError
        When ``batch_size``, ``epochs`` or ``patience`` is not positive, ``patience`` comes
        without validation, or both schedules are given.
    """
    N = len(X)
    if N != len(y) or N == 0:
        raise ShapeError(f"fit: X has {N} examples and y {len(y)}, expected the same number, > 0")
    batch_size = N if batch_size is None else batch_size
    if batch_size < 1 or epochs < 1:
        raise ValueError(f"fit: epochs is {epochs} and batch_size {batch_size}, expected >= 1")
    if patience is not None and patience < 1:
        raise ValueError(f"fit: patience is {patience}, expected at least one epoch")
    if patience is not None and validation is None:
        raise ValueError("fit: patience needs validation=(X, y) to watch; there is none")
    if schedule and step_schedule:
        raise ValueError("fit: schedule and step_schedule both set the rate, expected one of them")

    theta, state = params.theta, optimizer.init(params.theta)
    decayed = params.decayed if penalty else None
    history, best_cost, best_epoch, best = History(), np.inf, -1, params
    step = 0
    shown = {} if progress is None else {"disable": not progress}
    bar = tqdm(
        range(epochs), desc="fit", unit="epoch", leave=False, delay=0 if progress else 5, **shown
    )
    try:
        for epoch in bar:
            if schedule:
                optimizer = replace(optimizer, lr=schedule(epoch))
            if order:
                indices = order(epoch)
            else:
                indices = rng.permutation(N) if rng is not None and batch_size < N else None
            total = 0.0
            for start in range(0, N, batch_size):
                rows = slice(start, start + batch_size)
                batch = rows if indices is None else indices[rows]
                if step_schedule:
                    optimizer = replace(optimizer, lr=step_schedule(step))
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
                total = total + cost * len(scores)
            history.cost.append(float(total) / N)
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
        tqdm.write(f"fit: stopped by Ctrl-C after {len(history.cost)} of {epochs} epochs")
    if patience is not None and best_epoch >= 0:
        return best, history
    return params.like(theta), history
