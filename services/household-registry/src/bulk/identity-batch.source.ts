import { topics } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import type { Outbox, OutboxRef, OutboxSource, OutgoingMessage } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { householdStates } from '../households/codes.js';
import { identityMessage } from '../households/household-identities.js';

/** Name of the outbox rows that stand for the identities of a range of households; kept in the table, so it never changes. */
export const IDENTITY_BATCH = 'identity-batch';

const PAGE = 2_000;

interface IdentityRow {
  readonly household_id: number;
  readonly revision: number;
  readonly duty_code: number;
  readonly state: number;
  readonly updated_at: Date;
  readonly identities: readonly (readonly [memberNo: number, idHash: string, since: string | null])[] | null;
}

type ChangedRow = Pick<IdentityRow, 'household_id'>;

const IDENTITIES = `
  SELECT h.household_id, h.revision, h.duty_code, h.state, h.updated_at,
         (SELECT jsonb_agg(jsonb_build_array(member_no, encode(id_hash, 'hex'), since) ORDER BY member_no)
            FROM household_members WHERE household_id = h.household_id AND id_hash IS NOT NULL) AS identities
    FROM households h WHERE h.household_id`;
const OF_RANGE = `${IDENTITIES} BETWEEN $1 AND $2 ORDER BY h.household_id LIMIT ${PAGE}`;
const OF_HOUSEHOLDS = `${IDENTITIES} = ANY($1::bigint[]) ORDER BY h.household_id`;
/** Of a revision behind the first (docs/adr/0001: the version is the lower 40 bits), held against change until the transaction ends. */
const HOLD_CHANGED = `
  SELECT household_id FROM households WHERE household_id BETWEEN $1 AND $2 AND revision % (1::bigint << 40) > 1
   ORDER BY household_id LIMIT ${PAGE} FOR SHARE`;

/**
 * Renders the identities of a range of households: of a batch whose publisher died, and of those that were registered before
 * identities were published. It reads what the households are now: a later revision replaces an earlier one.
 *
 * A compacted topic, though, keeps what was sent last. A household that is changed between rendering (or the commit of its batch)
 * and sending would stand there as it was before, for every follower that is built anew. So when a range has been sent, those of it
 * that have been changed since they were registered are said once more, behind it, and held against change until they are stored.
 */
export class IdentityBatchSource implements OutboxSource {
  readonly name = IDENTITY_BATCH;

  constructor(
    private readonly cell: RegionCode,
    private readonly outbox: Pick<Outbox, 'add'>,
  ) {}

  async *render(ref: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
    const { from, to } = ref as { from: number; to: number };
    for (let next: number | undefined = from; next !== undefined && next <= to;) {
      const first: number = next;
      const rows = await this.#inTransaction(database, (tx) => tx.query<IdentityRow>(OF_RANGE, [first, to]));
      for (const row of rows) yield messageOf(row);
      next = nextOf(rows);
    }
  }

  async published(refs: readonly OutboxRef[], tx: Tx): Promise<void> {
    for (const ref of refs) {
      const { from, to } = ref as { from: number; to: number };
      for (let next: number | undefined = from; next !== undefined && next <= to;) {
        const changed: readonly ChangedRow[] = await tx.query<ChangedRow>(HOLD_CHANGED, [next, to]);
        if (changed.length > 0) await this.#sayAgain(tx, changed);
        next = nextOf(changed);
      }
    }
  }

  async #sayAgain(tx: Tx, households: readonly ChangedRow[]): Promise<void> {
    const ids = households.map((row) => row.household_id);
    const rows = await tx.query<IdentityRow>(OF_HOUSEHOLDS, [ids]);
    await this.outbox.add(tx, topics.identity, rows.map(messageOf));
  }

  #inTransaction<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
    return database.transaction(cellScope('outbox:identity-batch', this.cell), work);
  }
}

/** Where the page behind these rows begins; undefined where they were the last. */
function nextOf(rows: readonly ChangedRow[]): number | undefined {
  const last = rows.at(-1);
  return rows.length < PAGE || last === undefined ? undefined : last.household_id + 1;
}

function messageOf(row: IdentityRow): OutgoingMessage {
  const identities = (row.identities ?? []).map(([memberNo, idHash, since]) => ({
    memberNo,
    idHash,
    since: since ?? undefined,
  }));
  return identityMessage(
    {
      id: row.household_id,
      revision: row.revision,
      dutyCode: row.duty_code,
      state: householdStates.toWord(row.state),
      identities,
    },
    row.updated_at,
  );
}
