// dlcore's optimizers. Each takes theta and its gradient, (P), and returns the new theta; those
// with a state take it too, and return both.

/** @import { Numbers, Vector } from "./types.ts" */

/**
 * @template {Vector} V
 * @param {V} theta
 * @param {Numbers} grad
 * @param {number} lr
 */
export function gradientDescent(theta, grad, lr) {
  return theta.map((t, i) => t - lr * grad[i]);
}

/**
 * The state is the average v, which starts as zeros.
 *
 * @template {Vector} V
 * @param {V} theta
 * @param {Numbers} grad
 * @param {V} v
 * @param {number} lr
 * @param {number} beta
 * @returns {[V, V]}
 */
export function momentum(theta, grad, v, lr, beta) {
  v = v.map((a, i) => beta * a + (1 - beta) * grad[i]);
  return [gradientDescent(theta, v, lr), v];
}

/**
 * The state is as in `momentum`.
 *
 * @template {Vector} V
 * @param {V} theta
 * @param {V} grad
 * @param {V} v
 * @param {number} lr
 * @param {number} beta
 * @returns {[V, V]}
 */
export function nesterov(theta, grad, v, lr, beta) {
  v = v.map((a, i) => beta * a + grad[i]);
  const ahead = grad.map((g, i) => g + beta * v[i]);
  return [gradientDescent(theta, ahead, lr), v];
}

/**
 * The state is the average s of the squares, which starts as zeros.
 *
 * @template {Vector} V
 * @param {V} theta
 * @param {Numbers} grad
 * @param {V} s
 * @param {number} lr
 * @param {number} beta
 * @returns {[V, V]}
 */
export function rmsprop(theta, grad, s, lr, beta, eps = 1e-8) {
  s = s.map((a, i) => beta * a + (1 - beta) * grad[i] ** 2);
  return [theta.map((t, i) => t - (lr * grad[i]) / (Math.sqrt(s[i]) + eps)), s];
}

/**
 * @template {Vector} V
 * @typedef {{ v: V, s: V, t: number }} AdamState both averages, and the steps so far
 */

/**
 * @template {Vector} V
 * @param {V} theta
 * @returns {AdamState<V>}
 */
export const adamInit = (theta) => ({ v: theta.map(() => 0), s: theta.map(() => 0), t: 0 });

/**
 * @template {Vector} V
 * @param {V} theta
 * @param {Numbers} grad
 * @param {AdamState<V>} state
 * @param {number} lr
 * @returns {[V, AdamState<V>]}
 */
export function adam(theta, grad, { v, s, t }, lr, beta1 = 0.9, beta2 = 0.999, eps = 1e-8) {
  t += 1;
  v = v.map((a, i) => beta1 * a + (1 - beta1) * grad[i]);
  s = s.map((a, i) => beta2 * a + (1 - beta2) * grad[i] ** 2);
  const [ofV, ofS] = [1 - beta1 ** t, 1 - beta2 ** t];
  /** @param {number} i */
  const step = (i) => (lr * (v[i] / ofV)) / (Math.sqrt(s[i] / ofS) + eps);
  return [theta.map((a, i) => a - step(i)), { v, s, t }];
}
