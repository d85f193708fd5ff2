// What Plot needs for maps, scattered rasters, dates, legends and color schemes. The labs draw none
// of these, so build.mjs puts this file in their place, which makes the bundle a fifth smaller.

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
