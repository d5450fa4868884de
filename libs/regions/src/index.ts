export * from './county-points.js';
export type { NamedRegion } from './division-lists.js';
export * from './find-places.js';
export * from './regions.js';
export { findTownshipByName } from './township-names.js';
export * from './unit-kinds.js';
export type { PlaceNote } from './place-reader.js';
