// Formulas in the captions of new figures: a bundle of its own, loaded when a caption has one.

import katex from "katex";

/**
 * A formula as HTML; what is no formula comes back as it was, in red.
 *
 * @param {string} formula
 */
export const render = (formula) => katex.renderToString(formula, { throwOnError: false });
