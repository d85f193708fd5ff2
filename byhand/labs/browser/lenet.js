// The small LeNet of the lab lenet, layer by layer, as dlcore.models.lenet_small computes it.
// tests/byhand/labs/test_lenet_lab.py compares the two.

import { activations, affineForward } from "./engine.js";
import { conv2dForward, convGeometry, convPairs, pool2d } from "./images.js";

const relu = (Z) => activations.relu.forward(Z)[0];

function maxpool(X, maps) {
  const size = X.length / maps;
  const values = (map) =>
    pool2d(X.subarray(map * size, (map + 1) * size), {
      max: true,
      size: 2,
      stride: 2,
      padding: 0,
    }).map(({ value }) => value);
  return Float64Array.from(Array.from({ length: maps }, (_, map) => values(map)).flat());
}

// A layer is the sizes of its W and b, and its function of (X, W, b).
function convolution(options) {
  const geometry = convGeometry({ stride: 1, padding: 0, ...options });
  const { F, C, kH, kW } = geometry;
  let pairs = null; // thousands: only where the lab is
  const apply = (X, W, b) => conv2dForward(X, W, b, geometry, (pairs ??= convPairs(geometry)));
  return [F * C * kH * kW, F, apply];
}

const affine = (dIn, dOut) => [dOut * dIn, dOut, (X, W, b) => affineForward(X, W, b, 1)[0]];

const LAYERS = [
  convolution({ C: 1, F: 6, H: 16, W: 16, kH: 5, kW: 5 }),
  convolution({ C: 6, F: 16, H: 6, W: 6, kH: 3, kW: 3 }),
  affine(64, 32),
  affine(32, 10),
];

// What every layer makes of one image. `sums` is what goes into the ReLUs, `output` are the scores,
// `biases` those of the four layers with weights.
export function forward(theta, X) {
  let start = 0;
  const biases = {};
  const names = ["c1", "c3", "f5", "output"];
  const [c1, c3, f5, output] = LAYERS.map(([weights, units, apply], i) => {
    const W = theta.subarray(start, start + weights);
    const b = theta.subarray(start + weights, start + weights + units);
    start += weights + units;
    biases[names[i]] = b;
    return (input) => apply(input, W, b);
  });
  const found = { sums: { c1: c1(X) }, biases };
  found.c1 = relu(found.sums.c1);
  found.s2 = maxpool(found.c1, 6);
  found.sums.c3 = c3(found.s2);
  found.c3 = relu(found.sums.c3);
  found.s4 = maxpool(found.c3, 16);
  found.sums.f5 = f5(found.s4);
  found.f5 = relu(found.sums.f5);
  found.sums.output = found.output = output(found.f5);
  return found;
}

export function softmax(scores) {
  const powers = scores.map((s) => Math.exp(s - Math.max(...scores)));
  const total = powers.reduce((sum, p) => sum + p, 0);
  return powers.map((p) => p / total);
}
