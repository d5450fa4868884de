import { topics } from '@fangpin/contracts';
import { nextRevision, type Clock, type HouseholdId, type RegionCode } from '@fangpin/domain-kit';
import type { Outbox } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { epochOf } from '@fangpin/service-kit';
import { compositionOf, profileMessage } from '../households/household-profile.js';
import type { Household } from '../households/household.js';
import { identityMessageOf } from '../households/household-identities.js';
import { copyHouseholds } from './copy-households.js';
import { HOUSEHOLD_BATCH } from './household-batch.source.js';
import { IDENTITY_BATCH } from './identity-batch.source.js';
import type { ReadLine } from './household-line.js';

/** What the sender learns of each line, in the order of the lines. */
export interface LoadedHousehold {
  readonly sourceKey: string;
  readonly householdId: HouseholdId;
  readonly dutyCode: number;
  readonly persons: number;
}

export interface LoadedBatch {
  readonly households: readonly LoadedHousehold[];
  /** How many of them were new. */
  readonly stored: number;
}

export interface BulkLoadParts {
  /** On the writer role: COPY FROM is refused where row security applies. */
  readonly writer: Database;
  readonly outbox: Pick<Outbox, 'addReference'>;
  readonly clock: Clock;
  readonly cell: RegionCode;
  /** For the history: who loads. */
  readonly actor: string;
}

const UNIQUE_VIOLATION = '23505';
const ATTEMPTS = 3;

/**
 * Stores a batch of households and its outbox row in one transaction; those whose key is known are left as they are, so that
 * a repeated load changes nothing. Ids are given in the order of the lines.
 */
export async function loadHouseholds(parts: BulkLoadParts, lines: readonly ReadLine[]): Promise<LoadedBatch> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await parts.writer.transaction(cellScope('job:bulk-load', parts.cell), (tx) => store(tx, parts, lines));
    } catch (error) {
      // Another load stored some of these keys meanwhile: look again which are new.
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION || attempt === ATTEMPTS) throw error;
    }
  }
}

async function store(tx: Tx, parts: BulkLoadParts, lines: readonly ReadLine[]): Promise<LoadedBatch> {
  const known = await knownHouseholds(tx, lines);
  const fresh = [
    ...new Map(lines.filter((line) => !known.has(line.sourceKey)).map((line) => [line.sourceKey, line])).values(),
  ];
  const ids = await drawIds(tx, fresh.length);
  const revision = nextRevision(await epochOf(tx), undefined);
  const at = parts.clock.now();
  const households = fresh.map((line, i): Household => ({
    ...line,
    id: ids[i] as number,
    revision,
    state: 'active',
    createdAt: at,
    updatedAt: at,
  }));
  if (households.length > 0) {
    await copyHouseholds(tx, households, parts.actor);
    const ref = { from: ids[0], to: ids.at(-1) };
    await parts.outbox.addReference(tx, {
      source: HOUSEHOLD_BATCH,
      ref,
      topic: topics.household,
      messages: households.map((one) => profileMessage({ ...one, ...compositionOf(one.members) }, at)),
    });
    await parts.outbox.addReference(tx, {
      source: IDENTITY_BATCH,
      ref,
      topic: topics.identity,
      messages: households.map((one) => identityMessageOf(one, at)),
    });
  }
  for (const { sourceKey, id, dutyCode } of households) known.set(sourceKey ?? '', { id, dutyCode });
  return {
    stored: households.length,
    households: lines.map(({ sourceKey, members }) => {
      const { id, dutyCode } = known.get(sourceKey) as KnownHousehold;
      return { sourceKey, householdId: id, dutyCode, persons: members.length };
    }),
  };
}

interface KnownHousehold {
  readonly id: HouseholdId;
  readonly dutyCode: number;
}

async function knownHouseholds(tx: Tx, lines: readonly ReadLine[]): Promise<Map<string, KnownHousehold>> {
  const rows = await tx.query<{ source_key: string; household_id: number; duty_code: number }>(
    'SELECT source_key, household_id, duty_code FROM households WHERE source_key = ANY($1)',
    [lines.map((line) => line.sourceKey)],
  );
  return new Map(rows.map((row) => [row.source_key, { id: row.household_id, dutyCode: row.duty_code }]));
}

async function drawIds(tx: Tx, count: number): Promise<HouseholdId[]> {
  const rows = await tx.query<{ id: number }>("SELECT nextval('household_ids') AS id FROM generate_series(1, $1)", [
    count,
  ]);
  return rows.map((row) => row.id);
}
