// What models.summary counts, from the layers that byhand/labs/architectures.py describes.

// The rows of a network on images of this side, up to the first layer whose window does not fit.
export function count({ layers, channels, home }, side = home) {
  const rows = [];
  for (const { name, window, dense, trained, channels: to, weights, keeps } of layers) {
    const [k, s, p] = window ?? [null, null, null];
    const out = window ? Math.floor((side + 2 * p - k) / s) + 1 : dense ? 1 : side;
    if (window && out < 1) return { rows, failed: name, gap: k };
    const read = channels * side * side;
    const uses = dense ? read * to : weights;
    rows.push({
      name,
      k,
      s,
      p,
      frame: side,
      out,
      shape: dense ? `${to}` : `${to}×${out}×${out}`,
      places: out * out,
      weights: uses,
      biases: to,
      holds: trained ? uses + to : 0,
      does: uses * out * out,
      kept: keeps[0] * read + keeps[1] * to * out * out,
    });
    [channels, side] = [to, out];
  }
  return { rows, failed: null, gap: null };
}
