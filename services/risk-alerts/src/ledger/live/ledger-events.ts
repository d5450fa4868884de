/** A ledger as server-sent events (HTML standard §9.2): one at once, one on each change, the last when it has settled. */
import { createHash } from 'node:crypto';
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
}

const TIMES: LedgerEventTimes = { lookMs: 500, heartbeatMs: 15_000 };
const HEARTBEAT = ': \n\n';
/** How long a client waits before it comes again, in milliseconds. */
const RETRY_MS = 2_000;
const FIGURES_DIGITS = 16;
const SETTLED: ReadonlySet<string> = new Set(['done', 'recalled', 'superseded']);

/**
 * The id of a settled ledger's event: a client that comes again with it has seen the end. It stands for the figures too: a household
 * that is looked at again opens a settled ledger, which then settles in the same state with others.
 */
export function settledEventId(ledger: FanOutResponse): string {
  const figures = createHash('sha256').update(bare(ledger)).digest('hex').slice(0, FIGURES_DIGITS);
  return `${ledger.revision}-${ledger.state}-${figures}`;
}

export function isSettled({ state }: Pick<FanOutResponse, 'state'>): boolean {
  return SETTLED.has(state);
}

/**
 * The text of the stream, until the ledger has settled or the signal aborts. The first and the last event carry all townships
 * (`townshipsAre: all`), those between only the ones whose figures changed (`changed`), unless one is no longer there. A
 * failed reading is skipped: the next one tells all that was missed.
 */
export async function* ledgerEvents(first: FanOutResponse, options: LedgerEventOptions): AsyncGenerator<string> {
  const { read, signal, times = TIMES } = options;
  yield `retry: ${RETRY_MS}\n\n`;
  let sent = first;
  let number = 1;
  let spokenAt = performance.now();
  yield textOf(first, first.townships, 'all', number);
  while (!isSettled(sent)) {
    await sleep(times.lookMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const reading = read().then(
      (ledger) => ({ ledger }),
      () => ({ ledger: undefined }),
    );
    // Where the database is slow or away a reading lasts longer than the silence that proxies bear.
    let come = await within(times.heartbeatMs, signal, reading);
    for (; come === undefined && !signal.aborted; come = await within(times.heartbeatMs, signal, reading)) {
      yield HEARTBEAT;
      spokenAt = performance.now();
    }
    if (signal.aborted) return;
    const now = come?.ledger;
    if (now === undefined || sameLedger(sent, now)) {
      if (performance.now() - spokenAt < times.heartbeatMs) continue;
      yield HEARTBEAT;
    } else {
      number += 1;
      const all = isSettled(now) || lacksOneOf(sent, now);
      yield textOf(now, all ? now.townships : changedTownships(sent, now), all ? 'all' : 'changed', number);
      sent = now;
    }
    spokenAt = performance.now();
  }
}

/** What a promise comes to; undefined where that takes longer than `ms`, or the signal aborts before. */
async function within<T>(ms: number, signal: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)]);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Whether a township that was told is there no more: its last household moved away, and no figure of it would say so. */
function lacksOneOf(before: FanOutResponse, now: FanOutResponse): boolean {
  const there = new Set(now.townships.map(({ region }) => region));
  return before.townships.some(({ region }) => !there.has(region));
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
