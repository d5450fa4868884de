import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { climbs, findRoute } from './find-route.js';
import { routeTable } from './route-table.js';

describe('the way of a request', () => {
  it.each([
    ['/v1/shocks', 'shock-feeds'],
    ['/v1/shocks/cap', 'shock-feeds'],
    ['/v1/policy-applications/8f14e45f-ceea-467f-a1c5-0e2b4c6d8f10', 'shock-feeds'],
    ['/v1/shocks/quarantine/7/release', 'shock-feeds'],
    ['/v1/shocks/8f14e45f-ceea-467f-a1c5-0e2b4c6d8f10', 'shock-feeds'],
    ['/v1/shocks/8f14e45f-ceea-467f-a1c5-0e2b4c6d8f10/cancel', 'shock-feeds'],
    ['/v1/shocks/8f14e45f-ceea-467f-a1c5-0e2b4c6d8f10/fan-out', 'risk-alerts'],
    ['/v1/shocks/8f14e45f-ceea-467f-a1c5-0e2b4c6d8f10/fan-out/events', 'risk-alerts'],
    ['/v1/shocks/8f14e45f-ceea-467f-a1c5-0e2b4c6d8f10/confirm', 'risk-alerts'],
    ['/v1/alerts/a', 'risk-alerts'],
    ['/v1/findings/summary', 'risk-alerts'],
    ['/v1/regional-alerts/532327101.share', 'risk-alerts'],
    ['/v1/risk-episodes/1204.price-fall.1/told', 'risk-alerts'],
    ['/v1/risk-pictures/1204', 'risk-alerts'],
    ['/v1/reconciliations', 'risk-alerts'],
    ['/v1/simulations', 'risk-alerts'],
    ['/v1/simulations/backtests', 'risk-alerts'],
    ['/v1/shadow-runs', 'risk-alerts'],
    ['/v1/cases/a/actions/verify', 'assistance-cases'],
    ['/v1/case-batches', 'assistance-cases'],
    ['/v1/check-items/a/result', 'assistance-cases'],
    ['/v1/village-questions/summary', 'assistance-cases'],
    ['/v1/worklist', 'assistance-cases'],
    ['/v1/statistics', 'assistance-cases'],
    ['/v1/households/7', 'household-registry'],
    ['/v1/household-imports/7/errors', 'household-registry'],
    ['/v1/household-exports', 'household-registry'],
    ['/v1/regions/532327/children', 'household-registry'],
    ['/v1/regions/boundaries', 'shock-feeds'],
    ['/v1/departments/water/batches/7/errors', 'intake'],
    ['/v1/income-entries', 'income-monitoring'],
    ['/v1/income-assessments/7', 'income-monitoring'],
  ])('%s leads to %s', (path, service) => {
    expect(findRoute(path)).toBe(service);
  });

  it.each([
    '/',
    '/v1',
    '/v1/',
    '/v2/shocks',
    '/v1/shock',
    '/v1/shocksx',
    '/metrics',
    '//v1/shocks',
    '/v1/self-reports',
  ])('%s leads nowhere', (path) => {
    expect(findRoute(path)).toBeUndefined();
  });

  it('of whatever lies below a path of the table is known', () => {
    fc.assert(
      fc.property(fc.constantFrom(...routeTable), fc.array(fc.stringMatching(/^[\w-]+$/)), ({ path }, below) => {
        expect(findRoute([path.replace('{id}', 'x'), ...below].join('/'))).toBeDefined();
      }),
    );
  });
});

describe('a path that climbs', () => {
  it.each([
    '/v1/shocks/../../metrics',
    '/v1/shocks/%2e%2E/x',
    '/v1/./shocks',
    '/v1/shocks/.%2e',
    '/v1/a%2f..%2fb',
    '/v1/..\\x',
  ])('such as %s is seen', (path) => {
    expect(climbs(path)).toBe(true);
  });

  it.each(['/v1/shocks', '/v1/shocks/a..b', '/v1/shocks/...', '/v1/shocks/1.5'])('is not %s', (path) => {
    expect(climbs(path)).toBe(false);
  });
});
