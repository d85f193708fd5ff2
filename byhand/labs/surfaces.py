"""The surfaces of lab ``race``, and what momentum does near the lowest point of each."""

import math

import numpy as np

from byhand.labs.formula import parse, written

X1, X2 = (-2.0, 2.0), (-1.5, 1.5)  # the map
SURFACES = {
    "ravine": "ravine",
    "turned": "ravine, turned",
    "rosenbrock": "Rosenbrock's valley",
    "saddle": "saddle between two basins",
    "own": "a formula of your own",
}
AXES = {  # the direction of u; w is at a right angle
    "ravine": (1.0, 0.0),
    "turned": (0.6, -0.8),
    "rosenbrock": (1.0, 0.0),
    "saddle": (0.6, 0.8),
}
FORMULAS = {
    "ravine": "½ (<i>x</i>₁² + <i>κ x</i>₂²)",
    "turned": "½ (<i>u</i>² + <i>κ w</i>²), <i>u</i> = 0.6 <i>x</i>₁ − 0.8 <i>x</i>₂, "
    "<i>w</i> = 0.8 <i>x</i>₁ + 0.6 <i>x</i>₂",
    "rosenbrock": "(1 − <i>x</i>₁)² / 10 + (<i>x</i>₂ − <i>x</i>₁²)²",
    "saddle": "¼ (<i>u</i>² − 1)² + ½ <i>w</i>², <i>u</i> = 0.6 <i>x</i>₁ + 0.8 <i>x</i>₂, "
    "<i>w</i> = 0.6 <i>x</i>₂ − 0.8 <i>x</i>₁",
}
EXAMPLES = [  # of a formula of one's own; the first is the start
    "x^2/4 + 4y^2 - cos(4x)/3",
    "(x^2 + y - 1)^2/4 + (x + y^2 - 1)^2/4",
    "1 - exp(-(x^2 + 9y^2)/4)",
    "sqrt(1 + x^2 + 40y^2) - 1",
    "x^2/4 + y^2 + sin(4x) sin(4y)/3",
    "x^3/3 - x + 2y^2",
]
LOWEST = {  # in x1 and x2
    "ravine": [(0.0, 0.0)],
    "turned": [(0.0, 0.0)],
    "rosenbrock": [(1.0, 1.0)],
    "saddle": [(0.6, 0.8), (-0.6, -0.8)],
}
SPREAD = math.sqrt(25.61)
CURVATURES = {  # least and greatest at the lowest point, where they are not 1 and kappa
    "rosenbrock": (5.1 - SPREAD, 5.1 + SPREAD),  # of the Hessian [[8.2, -4], [-4, 2]]
    "saddle": (1.0, 2.0),
}


def cost_and_gradient(surface, kappa, theta, own=EXAMPLES[0]):
    """Return the cost at ``theta`` (2,) and its gradient (2,).

    The surface is written in coordinates u and w, of which u runs along its axis.
    """
    if surface == "own":
        cost, *gradient = parse(own)(*theta)[:3]
        return cost, np.array(gradient)
    c, s = AXES[surface]
    x1, x2 = theta
    u, w = c * x1 + s * x2, c * x2 - s * x1
    if surface == "rosenbrock":
        b = w - u * u
        cost, du, dw = (1 - u) * (1 - u) / 10 + b * b, (u - 1) / 5 - 4 * u * b, 2 * b
    elif surface == "saddle":
        q = u * u - 1
        cost, du, dw = q * q / 4 + w * w / 2, u * q, w
    else:
        cost, du, dw = (u * u + kappa * w * w) / 2, u, kappa * w
    return cost, np.array([c * du - s * dw, s * du + c * dw])


def formula(surface, own):
    """Return how a surface's formula is read."""
    return written(own) if surface == "own" else FORMULAS[surface]


def curvatures(surface, kappa, own):
    """Return the least and the greatest curvature at the lowest point; None where it has none."""
    if surface == "own":
        _, found = valley(own)
        return found
    return CURVATURES.get(surface, (1.0, float(kappa)))


def valley(own):
    """Return the lowest point of a formula on the map, and its curvatures there.

    Newton's method goes on from the lowest point of a grid. Both are None where it arrives at no
    point of the map that is the bottom of a bowl.
    """
    jet = parse(own)
    x1, x2 = np.meshgrid(np.arange(-20, 21) / 10, np.arange(-15, 16) / 10)
    cost = np.broadcast_to(jet(x1, x2)[0], x1.shape).ravel()
    best, found = None, math.inf
    for i, value in enumerate(cost):
        if value < found - 1e-9:
            best, found = i, value
    if best is None:
        return None, None
    x, y = x1.ravel()[best], x2.ravel()[best]
    for _ in range(20):
        _, fx, fy, fxx, fxy, fyy = map(float, jet(x, y))
        volume = fxx * fyy - fxy * fxy
        if not (fxx > 0 and volume > 1e-9):
            break
        dx, dy = (fyy * fx - fxy * fy) / volume, (fxx * fy - fxy * fx) / volume
        x, y = x - dx, y - dy
        if not (X1[0] <= x <= X1[1] and X2[0] <= y <= X2[1]):
            break
        if abs(dx) + abs(dy) < 1e-9:
            middle, half = (fxx + fyy) / 2, math.hypot((fxx - fyy) / 2, fxy)
            return (float(x), float(y)), (middle - half, middle + half)
    return None, None


# --- momentum in one direction ---


def regime(product, beta):
    """Return what momentum does where α (1 − β) λ is ``product``, and its factor a step."""
    total = 1 + beta - product  # of the two roots; their product is beta
    inside = total * total - 4 * beta
    factor = math.sqrt(beta) if inside < 0 else (abs(total) + math.sqrt(inside)) / 2
    if inside < 0:
        return "swings", factor
    if total >= 0:
        return "creeps", factor
    return ("flips" if product < 2 * (1 + beta) else "diverges"), factor


def momentum_on(curvatures, rate, beta):
    """Return what momentum does along the flattest and the steepest direction, and its factor."""
    (flat, slow), (steep, fast) = (regime(rate * (1 - beta) * c, beta) for c in curvatures)
    if flat == steep:
        does = f"{flat} along every direction"
    else:
        does = f"{steep} along the steepest direction and {flat} along the flattest"
    return does, max(slow, fast)


def best_pair(flattest, sharpest):
    """Return the rate and beta at which momentum's larger factor is least."""
    root = math.sqrt(sharpest / flattest)
    share = (root - 1) / (root + 1)
    beta = share * share
    return (2 / (math.sqrt(sharpest) + math.sqrt(flattest))) ** 2 / (1 - beta), beta


def limits(sharpest, beta):
    """Return the greatest stable rates near the lowest point.

    RMSprop and Adam have none: their steps are bounded, whatever the gradient.
    """
    gd = 2 / sharpest
    momentum = gd * (1 + beta) / (1 - beta)
    return {"gd": gd, "momentum": momentum, "nesterov": momentum / (1 + 2 * beta)}
