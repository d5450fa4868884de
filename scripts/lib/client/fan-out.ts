import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import type { HttpClient } from './http-client.ts';

/** The figures of the ledger, in households; see `GET /v1/shocks/{id}/fan-out`. */
export interface LedgerFigures {
  exposed: number;
  alerted: number;
  withheld: number;
  published: number;
  casesOpened: number;
  casesAttached: number;
  listed: number;
  parked: number;
  withdrawn: number;
  dropped: number;
  flagged: number;
  severities: { red: number; orange: number; yellow: number; blue: number };
}

export interface FanOut extends LedgerFigures {
  shockId: string;
  state: 'waiting' | 'awaiting-confirmation' | 'running' | 'done' | 'recalled' | 'superseded';
  revision: number;
  acceptedAt: string;
  settledAt: string | null;
  /** From acceptance to settlement; null while it has not settled. */
  seconds: number | null;
  townships: (LedgerFigures & { region: string; name: string })[];
}

const FINAL_STATES = ['done', 'recalled'];
const POLL_MS = 250;

export interface FollowOptions {
  timeoutMs?: number;
  pollMs?: number;
  /** Told of every change. */
  onChange?: (fanOut: FanOut) => void;
  /** Whether this is what was waited for; by default any final state. */
  until?: (fanOut: FanOut) => boolean;
}

/**
 * Reads a shock's ledger again and again until it has settled. A shock that risk-alerts has not heard of yet, and a
 * service that is away for a moment, are waited for too. Gives up after the time given and shows the ledger's last state.
 */
export async function followFanOut(client: HttpClient, shockId: string, options: FollowOptions = {}): Promise<FanOut> {
  const { timeoutMs = 180_000, pollMs = POLL_MS, until = isFinal, onChange } = options;
  const path = `/v1/shocks/${shockId}/fan-out`;
  const deadline = Date.now() + timeoutMs;
  let last = 'no answer yet';
  for (;;) {
    const answer = await client
      .request<FanOut>('GET', path)
      .catch((error: unknown) => ({ status: 0, body: String(error) }));
    if (answer.status === 200) {
      const fanOut = answer.body as FanOut;
      const now = JSON.stringify({ ...fanOut, asOf: undefined });
      if (now !== last) onChange?.(fanOut);
      last = now;
      if (until(fanOut)) return fanOut;
    } else if (answer.status !== 404 && answer.status !== 0 && answer.status < 500) {
      throw new Failure(`GET ${path} was answered by ${answer.status}: ${JSON.stringify(answer.body)}`);
    } else last = JSON.stringify(answer.body);
    if (Date.now() > deadline)
      throw new Failure(
        `the fan-out of ${shockId} has not settled after ${timeoutMs / 1_000} s: ${last.slice(0, 2_000)}`,
      );
    await sleep(pollMs);
  }
}

export function isFinal({ state }: FanOut): boolean {
  return FINAL_STATES.includes(state);
}

/**
 * What is wrong with a ledger's sums, empty when it adds up: exposed = alerted + withheld; alerted = published = opened +
 * attached + listed + parked; the townships add up to the whole.
 */
export function ledgerFaults(fanOut: FanOut): string[] {
  const { exposed, alerted, withheld, published, casesOpened, casesAttached, listed, parked } = fanOut;
  const answered = casesOpened + casesAttached + listed + parked;
  const faults: string[] = [];
  if (exposed !== alerted + withheld) faults.push(`exposed ${exposed} ≠ alerted ${alerted} + withheld ${withheld}`);
  if (alerted !== published) faults.push(`alerted ${alerted} ≠ published ${published}`);
  if (published !== answered) faults.push(`published ${published} ≠ opened + attached + listed + parked ${answered}`);
  for (const name of ['exposed', 'alerted', 'casesOpened', 'casesAttached', 'listed', 'parked'] as const) {
    const sum = fanOut.townships.reduce((total, township) => total + township[name], 0);
    if (sum !== fanOut[name]) faults.push(`${name} of the townships ${sum} ≠ ${fanOut[name]}`);
  }
  return faults;
}
