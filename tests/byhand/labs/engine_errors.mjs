// node engine_errors.mjs FOLDER engine.json: print the worst error for every fixture.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, fixtureFile] = process.argv.slice(2);
const load = (/** @type {string} */ name) => import(pathToFileURL(join(folder, name)).href);

/** @type {typeof import("../../../byhand/labs/browser/engine.js")} */
const engine = await load("engine.js");
/** @type {typeof import("../../../byhand/labs/browser/optimizers.js")} */
const { adam, adamInit, gradientDescent } = await load("optimizers.js");
/** @type {typeof import("../../../byhand/labs/browser/network.js")} */
const { shallowNetwork } = await load("network.js");
/** @type {typeof import("../../../byhand/labs/browser/curves.js")} */
const { curves } = await load("curves.js");
/** @type {typeof import("../../../byhand/labs/browser/gates.js")} */
const gates = await load("gates.js");
/** @type {typeof import("../../../byhand/labs/browser/images.js")} */
const images = await load("images.js");
/** @type {typeof import("../../../byhand/labs/browser/random.js")} */
const { randomState } = await load("random.js");

const fixtures = JSON.parse(readFileSync(fixtureFile, "utf8"));
const array = (/** @type {ArrayLike<number>} */ values) => Float64Array.from(values);

/** @type {{ [name: string]: number }} */
const errors = {};

/**
 * @param {string} name
 * @param {ArrayLike<number>} got
 * @param {number[]} expected
 */
function compare(name, got, expected) {
  if (got.length !== expected.length) {
    throw new Error(`${name}: ${got.length} numbers, expected ${expected.length}`);
  }
  const distances = expected.map((e, i) => Math.abs(got[i] - e) / Math.max(1, Math.abs(e)));
  errors[name] = Math.max(...distances);
}

const { affine, activations, loss, quadratic, batchnorm } = fixtures;

const [Z, cache] = engine.affineForward(array(affine.X), array(affine.W), array(affine.b));
compare("affine Z", Z, affine.Z);
const grads = engine.affineBackward(array(affine.dZ), cache);
for (const [name, grad] of Object.entries(grads)) compare(`affine ${name}`, grad, affine[name]);

for (const [name, { forward, backward }] of Object.entries(engine.activations)) {
  const [A, cache] = forward(array(activations.Z));
  compare(`${name} A`, A, activations[name].A);
  compare(`${name} dZ`, backward(array(activations.dA), cache), activations[name].dZ);
}

const [value, dscores] = engine.logistic(array(loss.scores), loss.targets);
compare("logistic value", [value], [loss.value]);
compare("logistic dscores", dscores, loss.dscores);
compare("accuracy", [engine.binaryAccuracy(loss.scores, loss.targets)], [loss.accuracy]);

const [half, dhalf] = engine.quadratic(array(quadratic.scores), quadratic.targets);
compare("quadratic value", [half], [quadratic.value]);
compare("quadratic dscores", dhalf, quadratic.dscores);

{
  const { scores, classes, values, errors, P } = fixtures.softmax;
  const size = scores.length / classes.length;
  const rows = classes.map((/** @type {number} */ y, /** @type {number} */ n) => {
    const row = array(scores.slice(n * size, (n + 1) * size));
    return { P: engine.softmax(row), found: engine.softmaxCrossEntropy(row, y) };
  });
  /** @typedef {(typeof rows)[number]} Row */
  compare(
    "softmax P",
    rows.flatMap((/** @type {Row} */ { P }) => [...P]),
    P,
  );
  compare(
    "softmax values",
    rows.map((/** @type {Row} */ { found }) => found[0]),
    values,
  );
  compare(
    "softmax errors",
    rows.flatMap((/** @type {Row} */ { found }) => [...found[1]]),
    errors,
  );
}

const { X: inputs, gamma, beta, eps } = batchnorm;
const [normalized, moments] = engine.batchnormForward(array(inputs), gamma, beta, eps);
compare("batchnorm Z", normalized, batchnorm.Z);
compare("batchnorm moments", [moments.mean, moments.variance], batchnorm.moments);
compare(
  "batchnorm gradient",
  engine.batchnormBackward(array(batchnorm.dZ), moments),
  batchnorm.gradient,
);

// The lab's own loop over the engine's functions, for each of its losses.
const { sigmoid } = engine.activations;
for (const name of ["quadratic", "entropy"]) {
  const rows = [];
  let theta = array([2, 2]);
  for (let epoch = 0; epoch <= 300; epoch++) {
    const [Z, cache] = engine.affineForward([1], theta.subarray(0, 1), theta.subarray(1));
    const [A, cacheSigmoid] = sigmoid.forward(Z);
    let [cost, dZ] = name === "entropy" ? engine.logistic(Z, [0]) : engine.quadratic(A, [0]);
    if (name === "quadratic") dZ = sigmoid.backward(dZ, cacheSigmoid);
    if (epoch % 30 === 0) rows.push(Z[0], A[0], A[0] * (1 - A[0]), cost, dZ[0]);
    const { dW, db } = engine.affineBackward(dZ, cache);
    theta = gradientDescent(theta, array([dW[0], db[0]]), 0.15);
  }
  compare(`slow start ${name}`, rows, fixtures.slow_start[name]);
}

const { training } = fixtures;
const X = array(training.X);
for (const name of Object.keys(engine.activations)) {
  const net = shallowNetwork(2, training.units, name);
  let theta = array(training[name].start);
  for (let step = 0; step < training.steps; step++) {
    const [scores, cache] = net.forward(theta, X);
    const [cost, dscores] = engine.logistic(scores, training.y);
    const gradient = net.backward(dscores, cache);
    if (step === 0) {
      compare(`training ${name} cost`, [cost], [training[name].cost]);
      compare(`training ${name} gradient`, gradient, training[name].gradient);
    }
    theta = gradientDescent(theta, gradient, training.rate);
  }
  compare(`training ${name} end`, theta, training[name].end);
}

for (const [run, { inputs, eps, ...expected }] of Object.entries(fixtures.graph)) {
  const values = gates.graphForward(inputs);
  const found = {
    values,
    gradients: gates.graphBackward(values),
    numerical: gates.graphNumerical(inputs, values, eps),
  };
  for (const [what, nodes] of Object.entries(found)) {
    const names = Object.keys(expected[what]);
    compare(
      `graph ${run} ${what}`,
      names.map((name) => nodes[name]),
      names.map((name) => expected[what][name]),
    );
  }
}

const { z, ...settings } = fixtures.curves;
for (const [setting, { value, slope }] of Object.entries(settings)) {
  const [name, alpha] = setting.split(" ");
  const pairs = Array.from(array(z), (number) => curves[name](number, Number(alpha)));
  compare(
    `${setting} value`,
    pairs.map(([a]) => a),
    value,
  );
  compare(
    `${setting} slope`,
    pairs.map(([, b]) => b),
    slope,
  );
}

const { regression } = fixtures;
for (const units of [5, 0]) {
  const { start, cost, gradient, end } = regression[`${units} units`];
  const net = shallowNetwork(1, units, "sigmoid");
  let theta = array(start);
  let state = adamInit(theta);
  for (let step = 0; step < regression.steps; step++) {
    const [scores, cache] = net.forward(theta, array(regression.X));
    const [value, dscores] = engine.squaredError(scores, regression.y);
    const grad = net.backward(dscores, cache);
    if (step === 0) {
      compare(`regression ${units} cost`, [value], [cost]);
      compare(`regression ${units} gradient`, grad, gradient);
    }
    [theta, state] = adam(theta, grad, state, regression.rate);
  }
  compare(`regression ${units} end`, theta, end);
}

for (const [name, { X, dA, A, dX, ...options }] of Object.entries(fixtures.pooling)) {
  const windows = images.pool2d(X, options);
  const got = new Float64Array(X.length);
  windows.forEach(({ to, share }, n) => {
    for (const cell of to) got[cell] += share * dA[n];
  });
  compare(
    `${name} A`,
    windows.map(({ value }) => value),
    A,
  );
  compare(`${name} dX`, got, dX);
}

const { values: numbers, ...averaged } = fixtures.averages;
for (const [beta, { plain, corrected }] of Object.entries(averaged)) {
  compare(`average ${beta} plain`, engine.ewa(numbers, Number(beta)), plain);
  compare(
    `average ${beta} corrected`,
    engine.ewa(numbers, Number(beta), { biasCorrection: true }),
    corrected,
  );
}

for (const [name, run] of Object.entries(fixtures.convolution)) {
  const geometry = images.convGeometry(run.geometry);
  const [X, weights, b, dZ] = [run.X, run.weights, run.b, run.dZ].map(array);
  compare(`convolution ${name} Z`, images.conv2dForward(X, weights, b, geometry), run.Z);
  const grads = images.conv2dBackward(dZ, X, weights, geometry);
  for (const [of, grad] of Object.entries(grads)) {
    compare(`convolution ${name} ${of}`, grad, run[of]);
  }
}

for (const [name, expected] of Object.entries(fixtures.random_state)) {
  const random = randomState(Number(name.slice(5)));
  for (let i = 0; i < 1000; i++) random();
  compare(`random ${name}`, Array.from(expected, random), expected);
}

{
  const { dropout } = fixtures;
  const { X, y, start, cost, gradient, end, decayed, lam, keepProb, rate, units, steps } = dropout;
  const net = shallowNetwork(2, units, "tanh");
  const random = randomState(3);
  let theta = array(start);
  let state = adamInit(theta);
  for (let step = 0; step < steps; step++) {
    const [scores, cache] = net.forward(theta, array(X), { keepProb, random });
    const [value, dscores] = engine.logistic(scores, y);
    const [penalty, decay] = engine.l2(
      theta.map((w, i) => w * decayed[i]),
      lam,
      y.length,
    );
    const grad = net.backward(dscores, cache).map((g, i) => g + decay[i]);
    if (step === 0) {
      compare("dropout cost", [value + penalty], [cost]);
      compare("dropout gradient", grad, gradient);
    }
    [theta, state] = adam(theta, grad, state, rate);
  }
  compare("dropout end", theta, end);
}

console.log(JSON.stringify(errors));
