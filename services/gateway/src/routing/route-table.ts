/** Which service answers which path: the whole map of the outside surface in one place. */
export const upstreams = [
  'household-registry',
  'income-monitoring',
  'shock-feeds',
  'risk-alerts',
  'assistance-cases',
  'intake',
] as const;

export type Upstream = (typeof upstreams)[number];

/** `risk-alerts` → `RISK_ALERTS_URL`. */
export function urlVariableOf(service: Upstream): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_URL`;
}

export interface Route {
  /** A path and everything below it; `{id}` stands for any one segment. */
  readonly path: string;
  readonly service: Upstream;
}

/** The longest path that matches decides, so the order here is for readers. */
export const routeTable: readonly Route[] = [
  { path: '/v1/households', service: 'household-registry' },
  { path: '/v1/household-imports', service: 'household-registry' },
  { path: '/v1/household-exports', service: 'household-registry' },
  { path: '/v1/regions', service: 'household-registry' },

  { path: '/v1/income-entries', service: 'income-monitoring' },
  { path: '/v1/income-assessments', service: 'income-monitoring' },

  { path: '/v1/shocks', service: 'shock-feeds' },
  { path: '/v1/policy-applications', service: 'shock-feeds' },
  // Where regions lie is asked only where areas of warnings are resolved (docs/adr/0014).
  { path: '/v1/regions/boundaries', service: 'shock-feeds' },
  // What a shock did to households, and whether it may open cases, is known where the households are looked at.
  { path: '/v1/shocks/{id}/fan-out', service: 'risk-alerts' },
  { path: '/v1/shocks/{id}/confirm', service: 'risk-alerts' },
  { path: '/v1/alerts', service: 'risk-alerts' },
  { path: '/v1/findings', service: 'risk-alerts' },
  { path: '/v1/regional-alerts', service: 'risk-alerts' },
  { path: '/v1/risk-episodes', service: 'risk-alerts' },
  { path: '/v1/risk-pictures', service: 'risk-alerts' },
  { path: '/v1/reconciliations', service: 'risk-alerts' },
  { path: '/v1/simulations', service: 'risk-alerts' },
  { path: '/v1/shadow-runs', service: 'risk-alerts' },
  { path: '/v1/exposure', service: 'risk-alerts' },

  { path: '/v1/cases', service: 'assistance-cases' },
  { path: '/v1/case-batches', service: 'assistance-cases' },
  { path: '/v1/check-items', service: 'assistance-cases' },
  { path: '/v1/village-questions', service: 'assistance-cases' },
  { path: '/v1/worklist', service: 'assistance-cases' },
  { path: '/v1/statistics', service: 'assistance-cases' },

  { path: '/v1/departments', service: 'intake' },
];
