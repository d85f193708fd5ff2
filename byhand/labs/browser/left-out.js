// What Plot's maps and scattered rasters need of D3. The labs draw neither, so build.mjs puts this
// file in the place of d3-geo and d3-delaunay, which makes it a tenth smaller.

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
