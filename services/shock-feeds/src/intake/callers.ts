/** Who may post, and what a request tells about its receipt. */
import { DomainError, InvalidValue, type Clock } from '@fangpin/domain-kit';
import { roles, type Caller } from '@fangpin/service-kit';
import { readCapTime } from '../cap/cap-time.js';
import type { Received } from './received.js';

/** These may post shocks for any area (surface.md). */
export const posters = ['operator', 'county-officer', 'department-client'] as const;
/** Warnings and prices are public facts: everybody who is signed in reads them. */
export const readers = roles;

export class ReplayTimeRefused extends DomainError {
  constructor(role: string) {
    super('ACCESS.REPLAY_TIME', 'forbidden', 'only an operator may give a replay time', { role });
  }
}

/** `asOf` is the replay time of query or header: RFC 3339, for operators only, not in the future. */
export function receivedFrom(caller: Caller, clock: Clock, asOf?: string): Received {
  const received = { at: clock.now(), by: `${caller.role}/${caller.subject}` };
  if (asOf === undefined || asOf === '') return received;
  if (caller.role !== 'operator') throw new ReplayTimeRefused(caller.role);
  const time = readCapTime(asOf);
  if (time === undefined || time.offsetAssumed || time.at > received.at)
    throw new InvalidValue('asOf', asOf, 'must be a time in RFC 3339 with offset that is not in the future');
  return { ...received, asOf: time.at };
}
