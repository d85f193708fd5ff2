// The convolution that two labs show: picture, weights and output at some settings.

import { conv2dForward, convGeometry } from "./images.js";
import { range } from "./numbers.js";

/**
 * @typedef {object} Settings lists hold text
 * @property {number} H
 * @property {number} W
 * @property {string} kh
 * @property {string} kw
 * @property {string} channels
 * @property {string} filters
 * @property {string} stride
 * @property {string} padding
 * @property {string} numbers
 */

/**
 * @typedef {object} Shared
 * @property {number} size of the pictures
 * @property {number} most channels, and filters
 * @property {{ [numbers: string]: number[] }} pictures
 * @property {{ [numbers: string]: number[][][] }} kernels for each height and width
 */

/**
 * The numbers at these settings. The picture is the corner of a larger one.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 */
export function convolutionOf(settings, { size, most, pictures, kernels }) {
  const { H, W, numbers } = settings;
  const [kH, kW] = [Number(settings.kh), Number(settings.kw)];
  const [C, F] = [Number(settings.channels), Number(settings.filters)];
  const [stride, padding] = [Number(settings.stride), Number(settings.padding)];
  const geometry = convGeometry({ C, F, H, W, kH, kW, stride, padding });
  const X = range(C * H * W).map((k) => {
    const [c, y, x] = [Math.floor(k / (H * W)), Math.floor(k / W) % H, k % W];
    return pictures[numbers][(c * size + y) * size + x];
  });
  const area = kH * kW;
  const all = kernels[numbers][kH - 1][kW - 1];
  const weights = range(F).flatMap((f) => all.slice(f * most * area, (f * most + C) * area));
  return { geometry, X, weights, Z: [...conv2dForward(X, weights, new Float64Array(F), geometry)] };
}
