// Names that the type checker cannot find by itself.

// What build.mjs makes of the files in labs/, and a file within a package: see left-out.js.
declare module "every-lab" {
  const every: { [name: string]: import("./types.ts").Lab };
  export default every;
}
declare module "*/d3-geo.mjs" {
  export const geoPath: unknown;
  export const geoStream: unknown;
  export const geoTransform: unknown;
}

// Sphinx's settings of its search, for book/static/book.js.
declare const DOCUMENTATION_OPTIONS: { SHOW_SEARCH_SUMMARY: boolean };
