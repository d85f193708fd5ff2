"""Lab ``ewa`` (chapter 12): an average that forgets, the weights it gives, and its start."""

from functools import cache

import numpy as np

from byhand.labs.controls import Drawing, Scrubber, Select, Slider
from byhand.labs.lab import Lab
from dlcore.averages import ewa as average

SEED = 0
DAYS = np.arange(1, 366)
COLDEST = 182  # day of the season's lowest temperature, or the next
BETAS = [
    0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97,
    0.975, 0.98, 0.985, 0.99, 0.992, 0.995,
]  # fmt: skip
SPIKES = {60: 28.0, 130: 28.0, 133: 28.0, 136: 28.0, 139: 28.0}
BLOCK = slice(219, 259)  # days 220 to 259
DRAWING = Drawing(
    name="drawing",
    label="Value of day t",
    value="jnkpmqonrlpmkojlhm4igkehcfadb9c",
    levels=30,
    off={"series": ["temperature", "spikes"]},
)
SERIES = {
    "temperature": "a year's temperatures",
    "spikes": "spikes and a block",
    "drawn": "your own 31 points",
}


@cache
def recorded(series):
    """Return one value a day: a season with weather on it, or a flat line with spikes."""
    if series == "temperature":
        season = 15 + 9 * np.cos(2 * np.pi * DAYS / 365)
        weather = 2.5 * np.random.default_rng(SEED).standard_normal(DAYS.size)
        return (season + weather).round(1)
    values = np.full(DAYS.size, 10.0)
    values[BLOCK] = 20.0
    for day, value in SPIKES.items():
        values[day - 1] = value
    return values


def values_of(series, drawing):
    """Return the series that is chosen, one value a day."""
    if series == "drawn":
        return np.rint(DRAWING.levels * np.array(DRAWING.heights(drawing)))
    return recorded(series)


def state(series, drawing, beta, correction):
    """Average the series with and without the correction of its start."""
    values = values_of(series, drawing)
    days = DAYS[: values.size]
    plain, corrected = average(values, beta), average(values, beta, bias_correction=True)
    shown = corrected if correction == "on" else plain
    window = int(1 / (1 - beta) + 0.5)  # in whole days
    weight = 1 - beta**days
    coldest = corrected.argmin() + 1 if series == "temperature" else None
    return {
        "window": window,
        "rest": round(1 - beta, 6),
        "second": round(beta * (1 - beta), 6),
        "one": values[0],
        "two": values[1],
        "v1": plain[0],
        "v2": plain[1],
        "share1": beta / (1 + beta),
        "share2": 1 / (1 + beta),
        "fair2": corrected[1] if correction == "on" else None,
        "coldest": coldest,
        "flag": str(correction == "on"),
        "series": {
            "index": days - 1,
            "value": values,
            "average": shown,
            "before": np.concatenate([[0.0], plain[:-1]]),
            "plain": plain,
            "corrected": corrected,
            "weight": weight,
            "inside": (1 - beta ** np.minimum(window, days)) / weight,
            "uncorrected": plain if correction == "off" else [None] * days.size,
            "short": weight if correction == "off" else [None] * days.size,
            "divided": weight if correction == "on" else [None] * days.size,
        },
    }


def shared():
    """Return the series that are not drawn."""
    return {"recorded": {name: recorded(name) for name in ("temperature", "spikes")}}


def ewa():
    """Return the lab of chapter 12: what an average remembers."""
    step = (
        "<i>V<sub>t</sub></i> = <i>β V</i><sub><i>t</i>−1</sub> + (1 − <i>β</i>) "
        "<i>θ<sub>t</sub></i> = {beta} · {before:.2f} + {rest} · {value:.1f}"
    )
    return Lab(
        name="ewa",
        title="What does the average remember?",
        note="The temperatures are made, not measured: on day t of a year that begins in summer, "
        f"15 + 9 cos(2πt/365) °C, and normal noise with a standard deviation of 2.5 (seed {SEED}). "
        "Drag in the picture to move day t; with your own points, dragging draws them.",
        controls=[
            Select(name="series", label="Series", options=SERIES, value="temperature"),
            Slider(name="beta", label="β", values=BETAS, value=0.98, bounds=(0, 0.999)),
            Select(
                name="correction",
                label="Bias correction",
                options={"off": "off", "on": "on: divided by 1 − βᵗ"},
                value="off",
            ),
            DRAWING,
            Scrubber(name="day", label="Day t", values=DAYS.tolist(), value=100, frame=40),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "With β = {beta} the average of day {day} is {average:.1f}; the day itself has "
            "{value:.1f}.",
            "It looks back about {window:d day}, 1/(1 − β): they hold {inside:.0%} of the weight.",
            "The weights sum to {short:.3f}.",
            "The weights sum to 1, because they are divided by {divided:.3f}.",
            f"The season is coldest on day {COLDEST}, the average on day {{coldest}}.",
        ],
        equation=[
            f"{step} = {{uncorrected:.2f}}",
            f"{step} = {{plain:.2f}}; &ensp; <i>V<sub>t</sub></i> / (1 − <i>β<sup>t</sup></i>) = "
            "{plain:.2f} / {divided:.3f} = {corrected:.2f}",
            "<i>V</i><sub>1</sub> = {rest} · {one:.1f} = {v1:.3f}; &ensp; <i>V</i><sub>2</sub> = "
            "{second} · {one:.1f} + {rest} · {two:.1f} = {v2:.3f}",
            "corrected: <i>V</i><sub>1</sub> / (1 − <i>β</i>) = {one:.1f}; &ensp; "
            "<i>V</i><sub>2</sub> / (1 − <i>β</i>²) = {share1:.3f} · {one:.1f} + {share2:.3f} · "
            "{two:.1f} = {fair2:.2f}",
        ],
        code="ewa(values, beta={beta}, bias_correction={flag})[{index}]",
        alt="Above: 365 scattered temperatures, warm at both ends, and their average: it starts "
        "near 0, meets the temperatures after some 100 days and then runs behind them. Below: the "
        "weights of the days before day {day}, growing towards it; a band marks the last {window}.",
        question="At β = 0.98 the average looks back about 50 days, and it starts at 0. For how "
        "long is it more than 5% too low because of that start?",
        reveal={"day": 150},
        answers={
            "About 10 days": "No: after 10 days the weights sum to 0.18. It takes until day 149.",
            "About 50 days, one window": "No: after one window the weights sum to 0.64 only. It "
            "takes until day 149, three windows.",
            "About 150 days, three windows": "Yes: 0.98ᵗ falls below 0.05 after 149 days, three "
            "windows, and the weights then sum to 0.95.",
        },
    )
