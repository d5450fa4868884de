/** Segments of rings: whether they cross. Plane geometry on degrees. */
import type { Position, Ring } from './region-position.js';

export interface Segment {
  readonly from: Position;
  readonly to: Position;
}

export function edgesOf(ring: Ring): Segment[] {
  return ring.slice(1).map((to, i) => ({ from: ring[i] as Position, to }));
}

/** Touching counts as crossing. */
export function crosses(a: Segment, b: Segment): boolean {
  if (Math.max(a.from[0], a.to[0]) < Math.min(b.from[0], b.to[0])) return false;
  if (Math.max(b.from[0], b.to[0]) < Math.min(a.from[0], a.to[0])) return false;
  if (Math.max(a.from[1], a.to[1]) < Math.min(b.from[1], b.to[1])) return false;
  if (Math.max(b.from[1], b.to[1]) < Math.min(a.from[1], a.to[1])) return false;
  return side(a, b.from) * side(a, b.to) <= 0 && side(b, a.from) * side(b, a.to) <= 0;
}

/** Left of the segment 1, right of it −1, on its line 0. */
function side({ from, to }: Segment, point: Position): number {
  return Math.sign((to[0] - from[0]) * (point[1] - from[1]) - (to[1] - from[1]) * (point[0] - from[0]));
}

/** Whether edges of a ring truly cross; one that merely touches itself encloses what it seems to. */
export function crossesItself(ring: Ring): boolean {
  const edges = edgesOf(ring).sort((a, b) => westOf(a) - westOf(b));
  // From west to east, an edge can only cross those that begin before it ends.
  for (const [i, edge] of edges.entries()) {
    const east = Math.max(edge.from[0], edge.to[0]);
    for (let j = i + 1; j < edges.length; j += 1) {
      const other = edges[j] as Segment;
      if (westOf(other) > east) break;
      if (crosses(edge, other) && cutsThrough(edge, other)) return true;
    }
  }
  return false;
}

function westOf({ from, to }: Segment): number {
  return Math.min(from[0], to[0]);
}

function cutsThrough(a: Segment, b: Segment): boolean {
  return side(a, b.from) * side(a, b.to) < 0 && side(b, a.from) * side(b, a.to) < 0;
}
