/** What a message draws on the map: an outline without holes, or a single point. */
import type { BoundingBox, Position, Ring } from './region-position.js';

export type Shape =
  | { readonly kind: 'outline'; readonly ring: Ring; readonly bbox: BoundingBox }
  | { readonly kind: 'point'; readonly position: Position; readonly bbox: BoundingBox };
