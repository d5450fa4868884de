import { toBeijingTime } from '@fangpin/domain-kit';
import type { SourceStanding } from './source-standing.js';

export type CircuitView = 'closed' | 'open' | 'half-open';

/** A source as it is told; neither its address nor its headers are. */
export function viewOf({ row, declared, ...standing }: SourceStanding) {
  const polled = row.mode === 'polled';
  return {
    name: row.name,
    mode: row.mode,
    format: declared?.mode === 'polled' ? declared.format : row.channel,
    account: row.account,
    state: standing.state,
    lastHeardAt: time(row.last_heard_at),
    usualGapMinutes: standing.usualGapMinutes === null ? null : Math.round(standing.usualGapMinutes),
    silentAfterMinutes: standing.silentAfterMinutes,
    silentSince: time(standing.silentSince),
    lastFetchedAt: time(row.fetched_at),
    lastTakenAt: time(row.taken_at),
    lastError: row.last_error === null ? null : { ...row.last_error, at: toBeijingTime(new Date(row.last_error.at)) },
    failures: row.failures ?? 0,
    circuit: polled ? circuitOf(row) : null,
    nextPollAt: standing.state === 'off' ? null : time(row.next_poll_at),
    refusals: row.refusals,
  };
}

/** Half-open: the break is over, and the next request, or the one under way, is the probe. */
function circuitOf({ circuit_open, leased, due }: SourceStanding['row']): CircuitView {
  if (circuit_open !== true) return 'closed';
  return leased || due ? 'half-open' : 'open';
}

function time(at: Date | null): string | null {
  return at === null ? null : toBeijingTime(at);
}
