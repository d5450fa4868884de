import { routeTable, type Route, type Upstream } from './route-table.js';

interface CompiledRoute extends Route {
  readonly segments: readonly string[];
}

const longestFirst: readonly CompiledRoute[] = routeTable
  .map((route) => ({ ...route, segments: segmentsOf(route.path) }))
  .toSorted((a, b) => b.segments.length - a.segments.length);

/** The service that answers a path (without query), or undefined. */
export function findRoute(path: string): Upstream | undefined {
  const segments = segmentsOf(path);
  return longestFirst.find((route) => matches(route.segments, segments))?.service;
}

/**
 * Whether a path has `.` or `..` segments, plain or percent-encoded. A URL library would resolve them after routing and so
 * reach paths that no route names.
 */
export function climbs(path: string): boolean {
  return path.split(/[/\\]|%2f|%5c/i).some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    segments.length >= pattern.length &&
    pattern.every((part, i) => (part.startsWith('{') ? segments[i] !== '' : part === segments[i]))
  );
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}
