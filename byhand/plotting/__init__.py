"""The book's pictures: charts, drawings, and how a page shows them."""

from byhand.plotting.architecture import volumes
from byhand.plotting.charts import (
    arrow,
    band,
    bent_plane,
    boundary,
    chain,
    curves,
    descent,
    difference_table,
    graph,
    half_plane,
    images,
    matrix,
    numbers,
    points,
    segments,
    shared_cells,
    step_errors,
    strips,
)
from byhand.plotting.columns import im2col
from byhand.plotting.distances import line_distance
from byhand.plotting.fields import receptive_field
from byhand.plotting.grids import filter_grid
from byhand.plotting.indices import one_axis, six_indices
from byhand.plotting.kernel import kernel_on_image
from byhand.plotting.look import BLUE, COLORS, DIVERGING, MARKERS, ORANGE, SEQUENTIAL, style
from byhand.plotting.nets import network
from byhand.plotting.paths import path
from byhand.plotting.regions import regions
from byhand.plotting.roles import index_roles
from byhand.plotting.show import show
from byhand.plotting.slopes import jacobians, layer_jacobians, slope_graph
from byhand.plotting.squares import svd_squares
from byhand.plotting.turning import backward_steps, turned
from byhand.plotting.units import unit_lines, unit_shares

__all__ = [
    "BLUE",
    "COLORS",
    "DIVERGING",
    "MARKERS",
    "ORANGE",
    "SEQUENTIAL",
    "arrow",
    "backward_steps",
    "band",
    "bent_plane",
    "boundary",
    "chain",
    "curves",
    "descent",
    "difference_table",
    "filter_grid",
    "graph",
    "half_plane",
    "im2col",
    "images",
    "index_roles",
    "jacobians",
    "kernel_on_image",
    "layer_jacobians",
    "line_distance",
    "matrix",
    "network",
    "numbers",
    "one_axis",
    "path",
    "points",
    "receptive_field",
    "regions",
    "segments",
    "shared_cells",
    "show",
    "six_indices",
    "slope_graph",
    "step_errors",
    "strips",
    "style",
    "svd_squares",
    "turned",
    "unit_lines",
    "unit_shares",
    "volumes",
]
