"""The look of every picture: two colors, two color maps, one style."""

from dlcore.errors import needs_extra

with needs_extra("byhand.plotting", "book"):
    import matplotlib.pyplot as plt
    from matplotlib.colors import LinearSegmentedColormap

BLUE, ORANGE = "#0072b2", "#d55e00"  # Okabe and Ito's pair: told apart by color-blind readers
COLORS = (BLUE, ORANGE, "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#4d4d4d")  # the others, too
MARKERS = {0: ("o", BLUE), 1: ("^", ORANGE)}  # classes are told apart by shape as well
SHADE = "#fbd5b5"  # a light orange, behind black numbers

# Blue below zero, white at zero, orange above: its limits are -a and a.
DIVERGING = LinearSegmentedColormap.from_list("diverging", [BLUE, "white", ORANGE])
# From little to much, and darker all the way, so that it reads on gray paper, too. It does not
# start at white: lines at the lowest level are seen.
SEQUENTIAL = LinearSegmentedColormap.from_list("sequential", ["#d6e6f0", BLUE, "#001f33"])


def style():
    """Set the book's look for every figure that follows."""
    plt.rcParams.update(
        {
            "figure.dpi": 110,
            "figure.figsize": (6.4, 3.6),
            "figure.constrained_layout.use": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.prop_cycle": plt.cycler(color=COLORS),
            "grid.alpha": 0.25,
            "font.size": 10,
            "image.cmap": "gray_r",
            "legend.frameon": False,
            "lines.linewidth": 2,
        }
    )
