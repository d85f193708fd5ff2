"""What a lab says of a training that is chaotic, and what then can still be compared."""

TWINS = ("twin", "other_twin")


def chaotic(state):
    """Return whether a lab says that its training is."""
    return any(state.get(twin) is not None for twin in TWINS)


def start_of(state):
    """Return what a state holds before the first step: later numbers are rounding's."""
    start = {name: value for name, value in state.items() if name not in TWINS}
    return start | {"series": {name: stops[:1] for name, stops in state["series"].items()}}
