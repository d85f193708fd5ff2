// The colors of labs.css in a drawing that stands alone, where no style sheet is: every name, and
// every mixture of two, becomes the color that a page shows in the light theme.

import { formatHex, formatHex8, interpolate } from "culori";

const STRANGE = /(?:fill|stroke)(?:="|: )((?!url|rgb)[\w-]+\([^"]*)/;
const OKLCH = /oklch\([^()]*\)/g;
const NAME = /var\((--lab-[\w-]+)\)/g;
const MIX = /color-mix\(in oklab, (#\w+)(?: ([\d.]+)%)?, (#\w+)(?: ([\d.]+)%)?\)/g;

/**
 * The names of the light theme, each with its color.
 *
 * @param {string} css what labs.css says
 */
export function paletteOf(css) {
  const block = /^\.lab \{([^}]*)\}/m.exec(css)?.[1] ?? "";
  return new Map(
    Array.from(block.matchAll(/(--lab-[\w-]+): ([^;]+);/g), ([, name, color]) => [name, color]),
  );
}

/**
 * Write colors in the place of their names.
 *
 * @param {string} svg
 * @param {Map<string, string>} palette
 */
export function painted(svg, palette) {
  const named = svg.replaceAll("currentColor", "var(--lab-ink)").replace(NAME, (_, name) => {
    const color = palette.get(name);
    if (color === undefined) throw new Error(`painted: labs.css has no ${name}`);
    return color;
  });
  const mixed = named.replace(MIX, (_, a, some, b, rest) => {
    const share = rest === undefined ? 1 - Number(some ?? 50) / 100 : Number(rest) / 100;
    return formatHex(interpolate([a, b], "oklab")(share));
  });
  const plain = mixed.replace(OKLCH, (color) => formatHex8(color) ?? color);
  const [, strange] = STRANGE.exec(plain) ?? [];
  if (strange) throw new Error(`painted: not every picture knows the color ${strange}`);
  return plain;
}
