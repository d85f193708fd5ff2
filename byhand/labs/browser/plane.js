// A network whose hidden layers have two units each, as maps of the plane. dlcore's parameters lie
// in `theta`: W and b of each layer (4 and 2 numbers), then w and c of the line behind the last.

import { activations, affineForward } from "./engine.js";
import { clamp } from "./numbers.js";

/**
 * Points X (N, 2) part of the way through the layers, as byhand/labs/untangle.py carries them: in
 * the first unit of `way` a layer stretches, turns and shifts, in the second it bends.
 *
 * @param {Float64Array} theta
 * @param {string} activation
 * @param {Float64Array} X
 * @param {number} way
 */
export function through(theta, activation, X, way) {
  for (let k = 0; 2 * k < way; k++) {
    const [a, b, c, d, ...shift] = theta.slice(6 * k, 6 * k + 6);
    const affine = Math.min(way - 2 * k, 1);
    const bend = clamp(way - 2 * k - 1, [0, 1]);
    const turn = Math.atan2(c - b, a + d); // W is S, which is symmetric, and then this turn
    const S = product(rotation(-turn), [a, b, c, d]);
    const part = S.map((s, i) => affine * s + (1 - affine) * Number(i % 3 === 0));
    const W = product(rotation(affine * turn), part);
    const [Z] = affineForward(
      X,
      W,
      shift.map((s) => affine * s),
    );
    const [A] = activations[activation].forward(Z);
    X = Z.map((z, i) => (1 - bend) * z + bend * A[i]);
  }
  return X;
}

/** @param {ArrayLike<number>} theta */
export const layersOf = (theta) => (theta.length - 3) / 6;

/**
 * @param {Float64Array} theta
 * @param {string} activation
 * @param {Float64Array} X
 */
export function scores(theta, activation, X) {
  const last = through(theta, activation, X, 2 * layersOf(theta));
  return affineForward(last, theta.slice(-3, -1), theta.slice(-1))[0];
}

/** @param {number} angle */
function rotation(angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c, -s, s, c];
}

/**
 * @param {number[]} left
 * @param {number[]} right
 */
function product([a, b, c, d], [e, f, g, h]) {
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}
