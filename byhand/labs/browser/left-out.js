// What Plot needs for maps, scattered rasters, dates, legends, color schemes, diverging scales,
// markers and tips. The labs draw none of these, so build.mjs puts this file in their place, which
// makes the bundle a quarter smaller.

export { geoPath, geoStream, geoTransform } from "../../../node_modules/d3-geo/dist/d3-geo.mjs";

export const geoAlbers = null;
export const geoAlbersUsa = null;
export const geoAzimuthalEqualArea = null;
export const geoAzimuthalEquidistant = null;
export const geoCentroid = null;
export const geoClipRectangle = null;
export const geoConicConformal = null;
export const geoConicEqualArea = null;
export const geoConicEquidistant = null;
export const geoEqualEarth = null;
export const geoEquirectangular = null;
export const geoGnomonic = null;
export const geoGraticule10 = null;
export const geoMercator = null;
export const geoOrthographic = null;
export const geoStereographic = null;
export const geoTransverseMercator = null;
export const Delaunay = null;

// d3-random and d3-time-format
export const randomLcg = null;
export const timeFormat = null;
export const utcFormat = null;
export const timeFormatDefaultLocale = null;

// Plot's legends.js and scales/schemes.js
export const legend = null;
export const createLegends = () => [];
export const exposeLegends = () => null;
export const isCategoricalScheme = () => false;
export const isDivergingScheme = () => false;
export const ordinalScheme = null;
export const ordinalRange = null;
export const maybeBooleanRange = null;
export const quantitativeScheme = null;

// Plot's scales/diverging.js and scales/temporal.js
export const createScaleDiverging = null;
export const createScaleDivergingSqrt = null;
export const createScaleDivergingPow = null;
export const createScaleDivergingLog = null;
export const createScaleDivergingSymlog = null;
export const createScaleTime = null;
export const createScaleUtc = null;

// Plot's marks/tip.js, interactions/pointer.js and marker.js
export const Tip = null;
export const tip = null;
export const pointer = null;
export const pointerX = null;
export const pointerY = null;
export const markers = () => {};
export const applyMarkers = () => {};
export const applyGroupedMarkers = () => {};
