/** Who asks for a simulation, of which area, and whether they still wait. */
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { assertWithin, type Caller, type Role } from '@fangpin/service-kit';
import type { FastifyReply } from 'fastify';
import { SimulationAbandoned } from './simulation.errors.js';

/** Those who answer for an area and plan for it. */
export const SIMULATES: readonly Role[] = ['township-caseworker', 'county-officer', 'prefecture-analyst', 'operator'];

/** The area that is counted, the caller's own where none is named. Refuses one outside it (403). */
export function areaOf({ region }: { readonly region?: string }, caller: Caller): RegionCode {
  const area = region === undefined ? caller.region : parseRegionCode(region);
  assertWithin(caller, area);
  return area;
}

/** Aborts when the connection closes before the answer has been sent. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (reply.raw.destroyed) gone.abort(new SimulationAbandoned());
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new SimulationAbandoned());
  });
  return gone.signal;
}
