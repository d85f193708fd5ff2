// dlcore's arithmetic, for the labs that train in the browser. tests/byhand/labs/test_engine.py holds it
// against dlcore's numbers. Arrays are Float64Array, matrices row by row; a batch is rows.

// --- layers: forward returns [out, cache]; backward(dout, cache) returns the gradients ---

// Z = X W^T + b, X (N, dIn), W (dOut, dIn), b (dOut). N must be said where dIn or dOut is 0.
export function affineForward(X, W, b, N = (X.length * b.length) / W.length) {
  const dOut = b.length;
  const dIn = X.length / N;
  const Z = new Float64Array(N * dOut);
  for (let n = 0; n < N; n++) {
    for (let i = 0; i < dOut; i++) {
      let z = b[i];
      for (let j = 0; j < dIn; j++) z += X[n * dIn + j] * W[i * dIn + j];
      Z[n * dOut + i] = z;
    }
  }
  return [Z, { X, W, dOut, N }];
}

export function affineBackward(dZ, { X, W, dOut, N }) {
  const dIn = X.length / N;
  const dX = new Float64Array(X.length);
  const dW = new Float64Array(W.length);
  const db = new Float64Array(dOut);
  for (let n = 0; n < N; n++) {
    for (let i = 0; i < dOut; i++) {
      const d = dZ[n * dOut + i];
      db[i] += d;
      for (let j = 0; j < dIn; j++) {
        dX[n * dIn + j] += d * W[i * dIn + j];
        dW[i * dIn + j] += d * X[n * dIn + j];
      }
    }
  }
  return { dX, dW, db };
}

// Keep each number with this probability; `random()` is uniform in [0, 1). The cache is the mask.
export function dropoutForward(X, keepProb, random) {
  const mask = X.map(() => (random() < keepProb ? 1 : 0) / keepProb);
  return [X.map((x, i) => x * mask[i]), mask];
}

export const dropoutBackward = (dA, mask) => dA.map((d, i) => d * mask[i]);

// One feature: Z = gamma x_hat + beta, X (N). The cache begins with the batch's mean and variance.
export function batchnormForward(X, gamma, beta, eps) {
  const average = (values) => values.reduce((sum, value) => sum + value, 0) / X.length;
  const mean = average(X);
  const variance = average(X.map((x) => (x - mean) ** 2));
  const normal = X.map((x) => (x - mean) / Math.sqrt(variance + eps));
  return [normal.map((x) => gamma * x + beta), { mean, variance, normal }];
}

// The gradients of gamma and beta; nothing lies below the layer.
export function batchnormBackward(dZ, { normal }) {
  const gradient = new Float64Array(2);
  dZ.forEach((d, i) => {
    gradient[0] += d * normal[i];
    gradient[1] += d;
  });
  return gradient;
}

export const sigmoid = (z) => {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
};

// Each activation is a function and its derivative, written in terms of its output a, as in dlcore.
const elementwise = (f, derivative) => ({
  forward(Z) {
    const A = Z.map(f);
    return [A, A];
  },
  backward: (dA, A) => dA.map((d, i) => d * derivative(A[i])),
});

export const activations = {
  none: { forward: (Z) => [Z, null], backward: (dA) => dA },
  sigmoid: elementwise(sigmoid, (a) => a * (1 - a)),
  tanh: elementwise(Math.tanh, (a) => 1 - a * a),
  relu: elementwise(
    (z) => Math.max(z, 0),
    (a) => (a > 0 ? 1 : 0),
  ),
};

// The same and more as curves: (z, alpha) -> [value, slope].
export const curves = {
  sigmoid(z) {
    const a = sigmoid(z);
    return [a, a * (1 - a)];
  },
  tanh: (z) => curves.scaled_tanh(z, 1, 1, 1),
  scaled_tanh(z, _, A = 1.7159, S = 2 / 3) {
    const t = Math.tanh(S * z);
    return [A * t, A * S * (1 - t * t)];
  },
  relu: (z) => curves.leaky_relu(z, 0),
  leaky_relu: (z, alpha) => (z > 0 ? [z, 1] : [alpha * z, alpha]),
  elu: (z, alpha) => (z > 0 ? [z, 1] : [alpha * Math.expm1(z), alpha * Math.exp(z)]),
  silu(z) {
    const gate = sigmoid(z);
    return [z * gate, gate * (1 + z * (1 - gate))];
  },
  gelu(z) {
    const c = 2 * Math.sqrt(2 / Math.PI); // (1 + tanh u) / 2 = sigmoid(2u)
    const gate = sigmoid(c * z * (1 + 0.044715 * z * z));
    return [z * gate, gate + z * gate * (1 - gate) * c * (1 + 3 * 0.044715 * z * z)];
  },
};

// --- losses, penalty and metric: scores (N), targets (N), in {0, 1} where they are labels ---

export function squaredError(scores, targets) {
  const N = scores.length;
  const errors = scores.map((s, n) => s - targets[n]);
  return [errors.reduce((sum, e) => sum + e * e, 0) / N, errors.map((e) => (2 * e) / N)];
}

export function logistic(scores, targets) {
  const N = scores.length;
  let value = 0;
  const dscores = new Float64Array(N);
  for (let n = 0; n < N; n++) {
    const s = scores[n];
    value += Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))) - targets[n] * s;
    dscores[n] = (sigmoid(s) - targets[n]) / N;
  }
  return [value / N, dscores];
}

export function l2(W, lam, n) {
  const square = W.reduce((sum, w) => sum + w * w, 0);
  return [(lam / (2 * n)) * square, W.map((w) => (lam / n) * w)];
}

export function quadratic(scores, targets) {
  const N = scores.length;
  const dscores = scores.map((s, n) => (s - targets[n]) / N);
  return [(N / 2) * dscores.reduce((sum, d) => sum + d * d, 0), dscores];
}

export function binaryAccuracy(scores, targets) {
  let right = 0;
  for (let n = 0; n < scores.length; n++) right += scores[n] > 0 === targets[n] > 0;
  return right / scores.length;
}

// --- optimizers: theta and its gradient, (P) ---

export function gradientDescent(theta, grad, lr) {
  return theta.map((t, i) => t - lr * grad[i]);
}

// Each returns the new theta and its average, which starts as zeros.
export function momentum(theta, grad, v, lr, beta) {
  v = v.map((a, i) => beta * a + (1 - beta) * grad[i]);
  return [gradientDescent(theta, v, lr), v];
}

export function nesterov(theta, grad, v, lr, beta) {
  v = v.map((a, i) => beta * a + grad[i]);
  return [
    gradientDescent(
      theta,
      grad.map((g, i) => g + beta * v[i]),
      lr,
    ),
    v,
  ];
}

export function rmsprop(theta, grad, s, lr, beta, eps = 1e-8) {
  s = s.map((a, i) => beta * a + (1 - beta) * grad[i] ** 2);
  return [theta.map((t, i) => t - (lr * grad[i]) / (Math.sqrt(s[i]) + eps)), s];
}

// Returns the new theta and state; the first state is { v, s, t: 0 } with zeros.
export function adam(theta, grad, { v, s, t }, lr, beta1 = 0.9, beta2 = 0.999, eps = 1e-8) {
  t += 1;
  v = v.map((a, i) => beta1 * a + (1 - beta1) * grad[i]);
  s = s.map((a, i) => beta2 * a + (1 - beta2) * grad[i] ** 2);
  const [ofV, ofS] = [1 - beta1 ** t, 1 - beta2 ** t];
  const step = (i) => (lr * (v[i] / ofV)) / (Math.sqrt(s[i] / ofS) + eps);
  return [theta.map((a, i) => a - step(i)), { v, s, t }];
}

// The path from theta on the surface sum(curvature theta^2 / 2), one rate a step; noise (steps, P) is
// added to the gradients.
export function noisyDescent(theta, curvatures, noise, rates) {
  const path = [theta];
  rates.forEach((lr, step) => {
    const grad = theta.map((t, i) => curvatures[i] * t + noise[step][i]);
    path.push((theta = gradientDescent(theta, grad, lr)));
  });
  return path;
}

// --- averages and schedules ---

// The exponentially weighted average after each value.
export function ewa(values, beta, { biasCorrection = false } = {}) {
  let v = 0;
  return values.map((value, i) => {
    v = beta * v + (1 - beta) * value;
    return biasCorrection ? v / (1 - beta ** (i + 1)) : v;
  });
}

// The rate of a step, from 0, in a run of 400: one of dlcore's schedules; an epoch has 10 steps.
export function rateAt(step, { schedule, rate, warmup, decay, share, k, every }) {
  const epoch = Math.floor(step / 10);
  const factors = {
    constant: () => 1,
    inverse_time: () => 1 / (1 + decay * epoch),
    exponential: () => share ** epoch,
    inverse_sqrt_epoch: () => k / Math.sqrt(epoch + 1),
    inverse_sqrt_step: () => k / Math.sqrt(step + 1),
    staircase: () => share ** Math.floor(epoch / every),
    cosine: () => (1 + Math.cos((Math.PI * step) / 400)) / 2,
  };
  return rate * factors[schedule]() * (warmup ? Math.min(1, (step + 1) / warmup) : 1);
}

// --- a network on one vector theta: fc1.W, fc1.b, fc2.W, fc2.b ---

export function shallowNetwork(dIn, units, activation) {
  const { forward: actForward, backward: actBackward } = activations[activation];
  const split = (theta) => {
    const ends = [units * dIn, units, units, 1].map((size, i, all) =>
      all.slice(0, i + 1).reduce((a, b) => a + b),
    );
    return ends.map((end, i) => theta.subarray(i ? ends[i - 1] : 0, end));
  };
  return {
    split,
    // With `dropout` = { keepProb, random }, in training, behind the hidden layer.
    forward(theta, X, dropout = null) {
      const [W1, b1, W2, b2] = split(theta);
      const N = X.length / dIn;
      const [Z1, cache1] = affineForward(X, W1, b1, N); // (N, units)
      const [A1, cacheAct] = actForward(Z1);
      const [kept, mask] = dropout ? dropoutForward(A1, dropout.keepProb, dropout.random) : [A1];
      const [scores, cache2] = affineForward(kept, W2, b2, N); // (N, 1)
      return [scores, { cache1, cacheAct, mask, cache2 }];
    },
    // The gradient, in theta's layout.
    backward(dscores, { cache1, cacheAct, mask, cache2 }) {
      const { dX, dW: dW2, db: db2 } = affineBackward(dscores, cache2);
      const dA1 = mask ? dropoutBackward(dX, mask) : dX;
      const { dW: dW1, db: db1 } = affineBackward(actBackward(dA1, cacheAct), cache1);
      return Float64Array.of(...dW1, ...db1, ...dW2, ...db2);
    },
  };
}
