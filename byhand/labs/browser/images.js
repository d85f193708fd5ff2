// dlcore's arithmetic on images: pooling and convolution, as engine.js has the rest.

// --- pooling: the windows of a square image, row by row ---

// For each output its value, the cells of the image in its window (`places` has null where the window
// lies on padding), and the cells that its gradient goes to, `share` of it to each.
export function pool2d(X, { max, size, stride, padding }) {
  const side = Math.sqrt(X.length);
  const out = Math.floor((side + 2 * padding - size) / stride) + 1;
  return Array.from({ length: out * out }, (_, n) => {
    const places = Array.from({ length: size * size }, (_, i) => {
      const row = Math.floor(n / out) * stride + Math.floor(i / size) - padding;
      const column = (n % out) * stride + (i % size) - padding;
      const inside = row >= 0 && column >= 0 && row < side && column < side;
      return inside ? row * side + column : null;
    });
    const cells = places.filter((cell) => cell !== null);
    const largest = cells.reduce((best, cell) => (X[cell] > X[best] ? cell : best)); // of equals, the first
    const share = max ? 1 : 1 / size ** 2;
    const value = max ? X[largest] : cells.reduce((sum, cell) => sum + X[cell], 0) * share;
    return { places, cells, value, to: max ? [largest] : cells, share };
  });
}

// --- convolution of one image: X (C, H, W), weights (F, C, kH, kW), b (F), flat ---

export function convGeometry({ C = 1, F = 1, H, W, kH, kW, stride, padding }) {
  const [oH, oW] = [H - kH, W - kW].map((room) => Math.floor((room + 2 * padding) / stride) + 1);
  return { C, F, H, W, kH, kW, stride, padding, oH, oW };
}

// Every product of the sum: [index into Z, into the weights, into X]. All passes go through these.
export function convPairs({ C, F, H, W, kH, kW, stride, padding, oH, oW }) {
  const pairs = [];
  for (let o = 0; o < F * oH * oW; o++) {
    const [f, u, v] = [Math.floor(o / (oH * oW)), Math.floor(o / oW) % oH, o % oW];
    for (let k = 0; k < C * kH * kW; k++) {
      const c = Math.floor(k / (kH * kW));
      const y = u * stride + (Math.floor(k / kW) % kH) - padding;
      const x = v * stride + (k % kW) - padding;
      if (y >= 0 && y < H && x >= 0 && x < W)
        pairs.push([o, f * C * kH * kW + k, (c * H + y) * W + x]);
    }
  }
  return pairs;
}

export function conv2dForward(X, weights, b, geometry, pairs = convPairs(geometry)) {
  const { F, oH, oW } = geometry;
  const Z = Float64Array.from({ length: F * oH * oW }, (_, o) => b[Math.floor(o / (oH * oW))]);
  for (const [o, w, x] of pairs) Z[o] += weights[w] * X[x];
  return Z;
}

export function conv2dBackward(dZ, X, weights, geometry, pairs = convPairs(geometry)) {
  const { F, oH, oW } = geometry;
  const dX = new Float64Array(X.length);
  const dW = new Float64Array(weights.length);
  const db = new Float64Array(F);
  for (const [o, w, x] of pairs) {
    dX[x] += weights[w] * dZ[o];
    dW[w] += dZ[o] * X[x];
  }
  dZ.forEach((d, o) => (db[Math.floor(o / (oH * oW))] += d));
  return { dX, dW, db };
}
