export * from './county-points.js';
export type { NamedRegion } from './division-lists.js';
export * from './regions.js';
export * from './township-names.js';
export * from './unit-kinds.js';
