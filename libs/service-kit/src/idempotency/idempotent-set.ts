/** Requests with an `Idempotency-Key` that share a transaction: as many statements for a hundred as for one. */
import { DomainError } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { canonicalHash } from './canonical-hash.js';
import {
  checkIdempotencyKey,
  IdempotencyKeyReused,
  KeyInUse,
  type Answer,
  type IdempotentRequest,
} from './idempotent.js';

interface Keyed {
  readonly subject: string;
  readonly route: string;
  readonly key: string;
}

interface Claim extends Keyed {
  readonly name: string;
  readonly hash: Buffer;
}

interface EarlierRow extends Keyed {
  readonly request_hash: Buffer;
  readonly status: number | null;
  readonly answer: unknown;
}

/**
 * Does once what each request asks for, and answers each in the order given: what the work answers, what was answered to its key
 * before, or why it is refused (a key with another body). `work` gets the places of those to be done, those without a key among
 * them, and answers each. To be called before the work takes locks of its own: keys that others use are waited for here.
 */
export async function idempotentSet<T>(
  tx: Tx,
  requests: readonly IdempotentRequest[],
  work: (places: readonly number[]) => Promise<readonly Answer<T>[]>,
): Promise<(Answer<T> | DomainError)[]> {
  const claims = requests.map(claimOf);
  const first = new Map<string, number>();
  claims.forEach((claim, i) => claim && !first.has(claim.name) && first.set(claim.name, i));
  const wanted = [...first.values()].map((i) => claims[i] as Claim);
  const claimed = await claim(tx, wanted);
  const earlier = await earlierAnswers(
    tx,
    wanted.filter(({ name }) => !claimed.has(name)),
  );
  const places = claims.flatMap((one, i) =>
    one === undefined || (claimed.has(one.name) && first.get(one.name) === i) ? [i] : [],
  );
  const answers = new Map<number, Answer<T>>();
  (await work(places)).forEach((answer, at) => answers.set(places[at] as number, answer));
  await keep(
    tx,
    places.flatMap((i) => (claims[i] === undefined ? [] : [{ claim: claims[i], answer: answers.get(i) as Answer<T> }])),
  );
  return claims.map((one, i) => {
    const own = answers.get(i);
    if (own !== undefined || one === undefined) return own as Answer<T>;
    const known = earlier.get(one.name);
    const before = first.get(one.name) as number;
    const hash = claimed.has(one.name) ? claims[before]?.hash : known?.request_hash;
    // No row: it was purged between the two statements.
    if (hash === undefined) return new KeyInUse();
    if (!hash.equals(one.hash)) return new IdempotencyKeyReused();
    if (claimed.has(one.name)) return answers.get(before) as Answer<T>;
    return typeof known?.status === 'number' ? { status: known.status, body: known.answer as T } : new KeyInUse();
  });
}

function claimOf({ key, route, caller: { subject }, body }: IdempotentRequest): Claim | undefined {
  if (key === undefined) return undefined;
  checkIdempotencyKey(key);
  return { subject, route, key, name: nameOf({ subject, route, key }), hash: canonicalHash(body) };
}

const nameOf = ({ subject, route, key }: Keyed): string => JSON.stringify([subject, route, key]);

const columns = (keys: readonly Keyed[]): string[][] => [
  keys.map(({ subject }) => subject),
  keys.map(({ route }) => route),
  keys.map(({ key }) => key),
];

/** Names of those that nobody had; in one order for all, so that two sets wait for each other at most one way. */
async function claim(tx: Tx, claims: readonly Claim[]): Promise<Set<string>> {
  if (claims.length === 0) return new Set();
  const rows = await tx.query<Keyed & Record<string, unknown>>(
    `INSERT INTO idempotency_keys (subject, route, key, request_hash)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) AS claim (subject, route, key, hash)
      ORDER BY subject, route, key
     ON CONFLICT (subject, route, key) DO NOTHING RETURNING subject, route, key`,
    [...columns(claims), claims.map(({ hash }) => hash)],
  );
  return new Set(rows.map(nameOf));
}

async function earlierAnswers(tx: Tx, claims: readonly Claim[]): Promise<Map<string, EarlierRow>> {
  if (claims.length === 0) return new Map();
  const rows = await tx.query<EarlierRow & Record<string, unknown>>(
    `SELECT subject, route, key, request_hash, status, answer FROM idempotency_keys
      WHERE (subject, route, key) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))`,
    columns(claims),
  );
  return new Map(rows.map((row) => [nameOf(row), row]));
}

async function keep(
  tx: Tx,
  answered: readonly { readonly claim: Claim; readonly answer: Answer<unknown> }[],
): Promise<void> {
  if (answered.length === 0) return;
  await tx.execute(
    `UPDATE idempotency_keys k SET status = a.status, answer = a.answer
       FROM unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::jsonb[]) AS a (subject, route, key, status, answer)
      WHERE (k.subject, k.route, k.key) = (a.subject, a.route, a.key)`,
    [
      ...columns(answered.map(({ claim: one }) => one)),
      answered.map(({ answer }) => answer.status),
      answered.map(({ answer }) => JSON.stringify(answer.body ?? null)),
    ],
  );
}
