import type { OutboxSource, OutgoingMessage } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import type { RegionCode } from '@fangpin/domain-kit';
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
  readonly identities: readonly (readonly [memberNo: number, idHash: string])[] | null;
}

const IDENTITIES = `
  SELECT h.household_id, h.revision, h.duty_code, h.state, h.updated_at,
         (SELECT jsonb_agg(jsonb_build_array(member_no, encode(id_hash, 'hex')) ORDER BY member_no)
            FROM household_members WHERE household_id = h.household_id AND id_hash IS NOT NULL) AS identities
    FROM households h WHERE h.household_id BETWEEN $1 AND $2
   ORDER BY h.household_id LIMIT ${PAGE}`;

/**
 * Renders the identities of a range of households: of a batch whose publisher died, and of those that were registered before
 * identities were published. It reads what the households are now; a later revision replaces an earlier one anyway.
 */
export class IdentityBatchSource implements OutboxSource {
  readonly name = IDENTITY_BATCH;

  constructor(private readonly cell: RegionCode) {}

  async *render(ref: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
    const { from, to } = ref as { from: number; to: number };
    for (let next: number | undefined = from; next !== undefined && next <= to;) {
      const first: number = next;
      const rows = await database.transaction(cellScope('outbox:identity-batch', this.cell), (tx: Tx) =>
        tx.query<IdentityRow>(IDENTITIES, [first, to]),
      );
      for (const row of rows) yield identityMessage(fromRow(row), row.updated_at);
      const last = rows.at(-1);
      next = rows.length < PAGE || last === undefined ? undefined : last.household_id + 1;
    }
  }
}

function fromRow(row: IdentityRow): Parameters<typeof identityMessage>[0] {
  return {
    id: row.household_id,
    revision: row.revision,
    dutyCode: row.duty_code,
    state: householdStates.toWord(row.state),
    identities: (row.identities ?? []).map(([memberNo, idHash]) => ({ memberNo, idHash })),
  };
}
