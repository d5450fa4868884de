import { DomainError } from '@fangpin/domain-kit';
import { HttpRefusal } from '@fangpin/service-kit';
import type { Upstream } from '../routing/route-table.js';

export class UpstreamUnavailable extends HttpRefusal {
  constructor(service: Upstream) {
    const code = 'GATEWAY.SERVICE_UNAVAILABLE';
    super(503, code, `${service} cannot be reached now; try again`, { service }, {}, 'unavailable');
  }
}

export class UpstreamTimeout extends HttpRefusal {
  constructor(service: Upstream) {
    const code = 'GATEWAY.SERVICE_TIMEOUT';
    super(504, code, `${service} did not answer in time; what was asked may still be done`, { service });
  }
}

/** The refusal for a call that failed: a body that was too large stays that, a silent service is 504, the rest 503. */
export function refusalOfCall(error: Error & { statusCode?: number }, service: Upstream): DomainError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof DomainError) return cause;
  return error.statusCode === 504 ? new UpstreamTimeout(service) : new UpstreamUnavailable(service);
}
