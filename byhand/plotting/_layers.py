"""The layers of a network, as the drawings need them: in a row."""

from dlcore.composite import Composite
from dlcore.network import Sequential


def in_a_row(function, net):
    """Return a network's layers by name, those of networks inside it too; refuse branches."""
    found = {}
    for name, layer in net.layers.items():
        if isinstance(layer, Sequential):
            inner = in_a_row(function, layer)
            found |= {f"{name}.{each}": inner[each] for each in inner}
        elif isinstance(layer, Composite):
            raise TypeError(
                f"{function}: {name} is a {type(layer).__name__}, expected layers one after the "
                "other; draw its body alone?"
            )
        else:
            found[name] = layer
    return found
