/** A ledger as server-sent events (HTML standard §9.2): one at once, one on each change, the last when it has settled. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FanOutResponse, TownshipFigures } from '../fan-out.response.js';

export interface LedgerEventOptions {
  readonly read: () => Promise<FanOutResponse>;
  readonly signal: AbortSignal;
  readonly times?: LedgerEventTimes;
}

export interface LedgerEventTimes {
  /** Between two looks at the ledger. */
  readonly lookMs: number;
  /** A comment after so long a silence, so that no proxy takes the connection for dead. */
  readonly heartbeatMs: number;
  /** The connection ends then and the client comes again, with a token that may have expired meanwhile. */
  readonly lastsMs: number;
}

const TIMES: LedgerEventTimes = { lookMs: 500, heartbeatMs: 15_000, lastsMs: 15 * 60_000 };
/** How long a client waits before it comes again, in milliseconds. */
const RETRY_MS = 2_000;
const SETTLED: ReadonlySet<string> = new Set(['done', 'recalled', 'superseded']);

/** The id of a settled ledger's event: a client that comes again with it has seen the end. */
export function settledEventId({ revision, state }: Pick<FanOutResponse, 'revision' | 'state'>): string {
  return `${revision}-${state}`;
}

export function isSettled({ state }: Pick<FanOutResponse, 'state'>): boolean {
  return SETTLED.has(state);
}

/**
 * The text of the stream. The first and the last event carry all townships (`townshipsAre: all`), those between only the
 * ones whose figures changed (`changed`). A failed reading is skipped: the next one tells all that was missed.
 */
export async function* ledgerEvents(first: FanOutResponse, options: LedgerEventOptions): AsyncGenerator<string> {
  const { read, signal, times = TIMES } = options;
  const began = performance.now();
  yield `retry: ${RETRY_MS}\n\n`;
  let sent = first;
  let number = 1;
  let spokenAt = performance.now();
  yield textOf(first, first.townships, 'all', number);
  while (!isSettled(sent) && performance.now() - began < times.lastsMs) {
    await sleep(times.lookMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const now = await read().catch(() => undefined);
    if (signal.aborted) return;
    if (now === undefined || sameLedger(sent, now)) {
      if (performance.now() - spokenAt < times.heartbeatMs) continue;
      yield ': \n\n';
    } else {
      number += 1;
      const all = isSettled(now);
      yield textOf(now, all ? now.townships : changedTownships(sent, now), all ? 'all' : 'changed', number);
      sent = now;
    }
    spokenAt = performance.now();
  }
}

/** Townships whose figures differ from those sent before, or that were not there. */
export function changedTownships(before: FanOutResponse, now: FanOutResponse): TownshipFigures[] {
  const known = new Map(before.townships.map((township) => [township.region, JSON.stringify(township)]));
  return now.townships.filter((township) => known.get(township.region) !== JSON.stringify(township));
}

function sameLedger(one: FanOutResponse, other: FanOutResponse): boolean {
  return one === other || bare(one) === bare(other);
}

/** Without the moments that move by themselves. */
function bare(ledger: FanOutResponse): string {
  return JSON.stringify(ledger, (key, value: unknown) => (key === 'asOf' || key === 'ageSeconds' ? undefined : value));
}

function textOf(
  ledger: FanOutResponse,
  townships: readonly TownshipFigures[],
  townshipsAre: 'all' | 'changed',
  number: number,
): string {
  const settled = isSettled(ledger);
  const id = settled ? settledEventId(ledger) : `${ledger.revision}-${number}`;
  const data = JSON.stringify({ ...ledger, townshipsAre, townships });
  return `event: ${settled ? 'settled' : 'ledger'}\nid: ${id}\ndata: ${data}\n\n`;
}
