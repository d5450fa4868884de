/** How the polling of each source stands, and the lease by which one process at a time polls it. Times are the database's. */
import type { Tx } from '@fangpin/persistence';
import { digestOf } from '../../intake/received.js';
import type { PolledDeclaration } from '../source-declaration.js';
import type { Validators } from './fetch-document.js';

/** A killed process is replaced after this; a living one renews long before. */
export const LEASE_SECONDS = 60;

export interface LeasedPoll {
  readonly sourceId: number;
  readonly name: string;
  readonly lease: string;
  readonly validators: Validators;
  readonly contentDigest: Buffer | null;
  readonly failures: number;
  readonly circuit: object | null;
}

export interface PollError {
  readonly code: string;
  /** For officers. */
  readonly text: string;
}

export interface PollResult {
  readonly nextInSeconds: number;
  readonly failures: number;
  readonly circuit: object;
  readonly circuitOpen: boolean;
  readonly error: PollError | null;
  /** The other side answered. */
  readonly fetched: boolean;
  /** Of content that has been taken; absent where the old ones stay. */
  readonly taken?: Validators & { readonly digest: Buffer };
}

/** A row for each source to be polled; one whose URL changed forgets its validators and is asked at once. */
export async function declarePolls(tx: Tx, polled: readonly PolledDeclaration[]): Promise<void> {
  for (const { name, format, url, everySeconds } of [...polled].sort((a, b) => (a.name < b.name ? -1 : 1)))
    await tx.execute(
      `INSERT INTO source_polls AS p (source_id, target, next_poll_at)
       SELECT source_id, $2, clock_timestamp() FROM sources WHERE name = $1
       ON CONFLICT (source_id) DO UPDATE SET target = excluded.target,
         etag = CASE WHEN p.target = excluded.target THEN p.etag END,
         last_modified = CASE WHEN p.target = excluded.target THEN p.last_modified END,
         content_digest = CASE WHEN p.target = excluded.target THEN p.content_digest END,
         next_poll_at = CASE WHEN p.target = excluded.target
           THEN least(p.next_poll_at, clock_timestamp() + make_interval(secs => $3)) ELSE excluded.next_poll_at END`,
      [name, digestOf(`${format} ${url.href}`), everySeconds],
    );
}

/** The next source of these that is due and that nobody polls, now leased. */
export function leaseDue(tx: Tx, names: readonly string[], lease: string): Promise<LeasedPoll | undefined> {
  return leaseOne(tx, 'next_poll_at <= clock_timestamp() AND', names, lease);
}

/** This source, due or not; undefined while another process polls it. */
export function leaseNow(tx: Tx, name: string, lease: string): Promise<LeasedPoll | undefined> {
  return leaseOne(tx, '', [name], lease);
}

async function leaseOne(tx: Tx, due: string, names: readonly string[], lease: string): Promise<LeasedPoll | undefined> {
  const [row] = await tx.query<PollRow>(
    `UPDATE source_polls p SET lease = $2, leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
     FROM (SELECT q.source_id, s.name FROM source_polls q JOIN sources s USING (source_id)
           WHERE ${due} s.name = ANY($1) AND (q.leased_until IS NULL OR q.leased_until <= clock_timestamp())
           ORDER BY q.next_poll_at LIMIT 1 FOR UPDATE OF q SKIP LOCKED) free
     WHERE p.source_id = free.source_id
     RETURNING p.source_id, free.name, p.etag, p.last_modified, p.content_digest, p.failures, p.circuit`,
    [names, lease],
  );
  if (row === undefined) return undefined;
  const validators = { etag: row.etag ?? undefined, lastModified: row.last_modified ?? undefined };
  const { source_id: sourceId, name, content_digest: contentDigest, failures, circuit } = row;
  return { sourceId, name, lease, validators, contentDigest, failures, circuit };
}

interface PollRow {
  source_id: number;
  name: string;
  etag: string | null;
  last_modified: string | null;
  content_digest: Buffer | null;
  failures: number;
  circuit: object | null;
}

/** False where the lease has run out and another process may have it. */
export async function renewLease(tx: Tx, { sourceId, lease }: LeasedPoll): Promise<boolean> {
  const renewed = await tx.execute(
    `UPDATE source_polls SET leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
     WHERE source_id = $1 AND lease = $2 AND leased_until > clock_timestamp()`,
    [sourceId, lease],
  );
  return renewed > 0;
}

/** Gives the source back unasked, due at once: the process is stopping. */
export async function giveBack(tx: Tx, { sourceId, lease }: LeasedPoll): Promise<void> {
  await tx.execute('UPDATE source_polls SET lease = NULL, leased_until = NULL WHERE source_id = $1 AND lease = $2', [
    sourceId,
    lease,
  ]);
}

/** Writes the result and gives the source back. False, and nothing written, where the lease was lost meanwhile. */
export async function finishPoll(tx: Tx, { sourceId, lease }: LeasedPoll, result: PollResult): Promise<boolean> {
  const { taken } = result;
  const written = await tx.execute(
    `UPDATE source_polls SET lease = NULL, leased_until = NULL,
       next_poll_at = clock_timestamp() + make_interval(secs => $3), failures = $4, circuit = $5, circuit_open = $6,
       last_error = CASE WHEN $7::jsonb IS NULL THEN NULL ELSE $7::jsonb || jsonb_build_object('at', clock_timestamp()) END,
       fetched_at = CASE WHEN $8 THEN clock_timestamp() ELSE fetched_at END,
       taken_at = CASE WHEN $9 THEN clock_timestamp() ELSE taken_at END,
       etag = CASE WHEN $9 THEN $10 ELSE etag END,
       last_modified = CASE WHEN $9 THEN $11 ELSE last_modified END,
       content_digest = CASE WHEN $9 THEN $12 ELSE content_digest END
     WHERE source_id = $1 AND lease = $2`,
    [
      sourceId,
      lease,
      result.nextInSeconds,
      result.failures,
      JSON.stringify(result.circuit),
      result.circuitOpen,
      result.error === null ? null : JSON.stringify(result.error),
      result.fetched,
      taken !== undefined,
      taken?.etag ?? null,
      taken?.lastModified ?? null,
      taken?.digest ?? null,
    ],
  );
  return written > 0;
}
