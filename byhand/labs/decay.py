"""Lab ``decay`` (chapter 12): a learning rate that falls, and the ball of noise it leaves."""

from functools import cache

import numpy as np

from byhand.labs.challenges import Challenge
from byhand.labs.controls import Drawing, Scrubber, Select, Slider
from byhand.labs.lab import Lab
from byhand.labs.text import fill
from dlcore import schedules

SEED = 3
CURVATURES = np.array([0.5, 4.0])  # of the cost, J = sum(curvature w^2) / 2
LIMIT = 2 / CURVATURES.max()  # the rate from which on descent diverges
START = np.array([-5.0, 2.4])
NOISE = 10.0  # of one example's gradient, along each axis
PER_EPOCH, STEPS, LAST = 10, 400, 100
STOPS = range(0, STEPS + 1, 5)
SCHEDULES = {
    "constant": "constant",
    "inverse_time": "1 / (1 + decay · epoch)",
    "exponential": "exponential",
    "inverse_sqrt_epoch": "k / √epoch",
    "inverse_sqrt_step": "k / √step",
    "staircase": "staircase",
    "cosine": "cosine",
    "drawn": "drawn by hand",
}
LEVELS, SPACING = 20, 20  # of a drawing: its heights, and the steps between its points
DRAWN = "kkkkkkkkfca8765432211"
RATES = [0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6]
BATCHES = [2**k for k in range(10)]
WARMUPS = [0, 5, 10, 20, 30, 40, 50, 75, 100, 150, 200]
DECAYS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]
SHARES = [0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98]
KS = [0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0]
EVERY = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20]
LAWS = {
    "constant": "{rate}",
    "inverse_time": "{rate} / (1 + {decay} · {epoch})",
    "exponential": "{rate} · {share}<sup>{epoch}</sup>",
    "inverse_sqrt_epoch": "{k} · {rate} / √{passes}",
    "inverse_sqrt_step": "{k} · {rate} / √{count}",
    "staircase": "{rate} · {share}<sup>⌊{epoch} / {every}⌋</sup>",
    "cosine": "{rate} · (1 + cos(π · {step} / 400)) / 2",
    "drawn": "{rate} · {drawn:.3g}",
}
CODE = {
    "constant": "{rate}",
    "inverse_time": "inverse_time({epoch}, lr={rate}, decay_rate={decay})",
    "exponential": "exponential({epoch}, lr={rate}, decay_rate={share})",
    "inverse_sqrt_epoch": "inverse_sqrt_epoch({passes}, lr={rate}, k={k})",
    "inverse_sqrt_step": "inverse_sqrt_step({count}, lr={rate}, k={k})",
    "staircase": "staircase({epoch}, lr={rate}, every={every}, factor={share})",
    "cosine": "cosine({step}, lr={rate}, steps=400)",
    "drawn": "{rate} * np.interp({step}, steps, drawn)",
}


@cache
def noise():
    """Return the noise of one example's gradients, before it is scaled, (STEPS + 1, 2)."""
    return np.random.default_rng(SEED).standard_normal((STEPS + 1, 2)).round(3)


def height_at(step, drawing):
    """Return the height of a drawing at a step: straight lines join its points."""
    heights = [int(digit, 36) / LEVELS for digit in drawing]
    place = step // SPACING
    part = step % SPACING / SPACING
    return (1 - part) * heights[place] + part * heights[min(place + 1, len(heights) - 1)]


def rate_at(step, schedule, rate, warmup, decay, share, k, every, drawing):
    """Return the learning rate of a step, from 0."""
    epoch = step // PER_EPOCH
    lr = {
        "constant": lambda: rate,
        "inverse_time": lambda: schedules.inverse_time(epoch, rate, decay),
        "exponential": lambda: schedules.exponential(epoch, rate, share),
        "inverse_sqrt_epoch": lambda: schedules.inverse_sqrt_epoch(epoch + 1, rate, k),
        "inverse_sqrt_step": lambda: schedules.inverse_sqrt_step(step + 1, rate, k),
        "staircase": lambda: schedules.staircase(epoch, rate, every, share),
        "cosine": lambda: schedules.cosine(step, rate, STEPS),
        "drawn": lambda: rate * height_at(step, drawing),
    }[schedule]()
    return schedules.warmup(step, lr, warmup) if warmup and lr else lr


def descend(rates, deviation):
    """Return the path (len(rates), 2) of noisy gradient descent, before each step."""
    path = [START]
    for lr, shock in zip(rates[:-1], deviation * noise(), strict=False):
        path.append(path[-1] - lr * (CURVATURES * path[-1] + shock))
    return np.array(path)


def radius(path, step):
    """Return the root-mean-square distance from the minimum over the last steps."""
    last = path[max(step - LAST, 0) + 1 : step + 1] if step else path[:1]
    return float(np.sqrt((last**2).sum(axis=1).mean()))


def ball(rate, deviation):
    """Return the radius that a constant rate keeps in the long run, None where it diverges.

    Each step turns the variance s of a weight into (1 - rate curvature)^2 s + (rate deviation)^2.
    """
    if rate >= LIMIT:
        return None
    return float(np.sqrt((rate * deviation**2 / (CURVATURES * (2 - rate * CURVATURES))).sum()))


def state(schedule, rate, batch, warmup, decay, share, k, every, drawing):
    """Descend with the schedule and with the constant rate, from one start, in the same noise."""
    deviation = NOISE / np.sqrt(batch)
    constants = {
        "rate": rate, "warmup": warmup, "decay": decay, "share": share, "k": k, "every": every,
        "drawing": drawing,
    }  # fmt: skip
    rates = [rate_at(step, schedule, **constants) for step in range(STEPS + 1)]
    path, still = descend(rates, deviation), descend([rate] * (STEPS + 1), deviation)

    def stop(step):
        """Return what is said at one stop."""
        w = path[step]
        grad = CURVATURES * w + deviation * noise()[step]
        step_on = w - rates[step] * grad
        epoch = step // PER_EPOCH
        counts = {"step": step, "count": step + 1, "epoch": epoch, "passes": epoch + 1}
        counts["drawn"] = height_at(step, drawing)
        law = fill(LAWS[schedule], constants | counts)
        call = fill(CODE[schedule], constants | counts)
        if warmup:
            law = f"min(1, {step + 1} / {warmup}) · {law}"
            call = f"warmup({step}, {call}, steps={warmup})"
        return {
            "now": rates[step],
            "w1": w[0],
            "w2": w[1],
            "g1": grad[0],
            "g2": grad[1],
            "next1": step_on[0],
            "next2": step_on[1],
            "radius": radius(path, step),
            "still": radius(still, step),
            "ball": ball(rates[step], deviation),
            "total": sum(rates[:step]),
            "span": f"the last {LAST} steps" if step >= LAST else "all steps so far",
            "law": law,
            "call": call,
        }

    stops = [stop(step) for step in STOPS]
    return {
        "deviation": deviation,
        "limit": LIMIT if rate > LIMIT else None,
        "rates": rates,
        "path": path,
        "constant": still,
        "series": {name: [stop[name] for stop in stops] for name in stops[0]},
    }


def shared():
    """Return what the browser needs to descend by itself."""
    return {
        "noise": noise(),
        "scale": NOISE,
        "curvatures": CURVATURES,
        "start": START,
        "laws": LAWS,
        "code": CODE,
    }


def only(*names):
    """Return ``off`` for a constant that only these schedules use."""
    return {"schedule": [name for name in SCHEDULES if name not in names]}


def decay():
    """Return the lab of chapter 12: how a learning rate should fall."""
    return Lab(
        name="decay",
        title="How fast should the rate fall?",
        note="Noisy gradient descent on the cost J = (0.5 w₁² + 4 w₂²) / 2: each gradient is that "
        "of a batch, and off by normal noise with a deviation of 10 / √(batch size). An epoch is "
        f"{PER_EPOCH} steps. Both paths meet the same noise (seed {SEED}). Draw on the chart "
        "of the rate to make a schedule of your own.",
        controls=[
            Select(name="schedule", label="Schedule", options=SCHEDULES, value="exponential"),
            Slider(name="rate", label="First rate α₀", values=RATES, value=0.1, bounds=(1e-4, 0.6)),
            Slider(name="batch", label="Batch size", values=BATCHES, value=16, bounds=(1, 10000)),
            Slider(name="warmup", label="Warm-up, in steps", values=WARMUPS, value=0),
            Slider(
                name="decay",
                label="Decay",
                values=DECAYS,
                value=0.2,
                bounds=(1e-4, 100),
                off=only("inverse_time"),
            ),
            Slider(
                name="share",
                label="Share that stays",
                values=SHARES,
                value=0.9,
                bounds=(0.01, 1),
                off=only("exponential", "staircase"),
            ),
            Slider(
                name="k",
                label="Factor k",
                values=KS,
                value=1.0,
                bounds=(0.01, 4),
                off=only("inverse_sqrt_epoch", "inverse_sqrt_step"),
            ),
            Slider(
                name="every",
                label="Epochs a stair",
                values=EVERY,
                value=3,
                off=only("staircase"),
            ),
            Drawing(
                name="drawing",
                label="Drawn rate at this step, of α₀",
                value=DRAWN,
                levels=LEVELS,
                off=only("drawn"),
            ),
            Scrubber(name="step", label="Step", values=STOPS, value=STEPS, frame=60),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "At step {step} the rate is {now:.3g}.",
            "Over {span} the weights were {radius:.3g} from the minimum (root mean square), and "
            "{still:.3g} with the constant rate {rate}.",
            "The rates before it sum to {total:.3g}.",
            "The constant rate diverges, being above 2 / λ = {limit}.",
        ],
        equation=[
            "<i>α</i> = {law} = {now:.3g}",
            "<i>w</i> ← <i>w</i> − <i>α</i> (∂<i>J</i>/∂<i>w</i> + noise): ({w1:.3g}, {w2:.3g}) − "
            "{now:.3g} · ({g1:.3g}, {g2:.3g}) = ({next1:.3g}, {next2:.3g})",
            "a constant rate of {now:.3g} would keep a ball of radius √∑ <i>α σ</i>² / "
            "(<i>λ</i> (2 − <i>α λ</i>)) = {ball:.3g}, with <i>σ</i> = {deviation:.3g} and "
            "<i>λ</i> = 0.5, 4",
        ],
        code="lr = {call}\nw = w - lr * gradient",
        alt="Left: two paths come from the left into the minimum of an oval valley. The one with "
        "the constant rate fills a circle of radius {still:.2f}, the one whose rate falls a "
        "smaller one, {radius:.2f}. Right: the rates, constant and falling to 0, and the costs, "
        "of which the constant rate's stays above.",
        challenge=Challenge(
            text="Draw a rate that ends nearest to the minimum, with batches of 16. The score is "
            "the distance over the last 100 of the 400 steps, and less is better.",
            score="radius",
            format=".3f",
            lowest=True,
            where={"schedule": ["drawn"], "batch": [16], "step": [STEPS]},
            par={"schedule": "cosine"},
            par_words="where the cosine ends that begins at 0.1",
        ),
        question="The rate keeps 90% of itself in each epoch, and the path ends 0.15 from the "
        "minimum. Let it keep only 50%: where does the path end?",
        reveal={"share": 0.5},
        answers={
            "Nearer: less noise gets in": "No: the path stops on its way. All its steps together "
            "are too short.",
            "As near: the last rate is 0 in both": "No: the path stops on its way. Its rates sum "
            "to 2, not to 10.",
            "Farther: farther even than the constant rate": "Yes: the rates sum to 2 only, so the "
            "path stops on its way.",
        },
    )
