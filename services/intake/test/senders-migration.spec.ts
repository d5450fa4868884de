import { describe, expect, it } from '@jest/globals';
import { findingKinds } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { databaseBefore } from '@fangpin/testing';
import type { Named } from '../src/findings/finding.js';
import { identityOf } from '../src/findings/finding-id.js';
import { MIGRATIONS, VILLAGE } from './support/intake-world.js';

const AREA = { lo: 532_327_000_000_000, hi: 532_328_000_000_000 };
const FACTS = { occurredOn: '2026-10-31', spentFen: 0, refundedFen: 0, ofEarner: false, days: 0, houseGrade: 0 };

describe('the migration that tells senders apart', () => {
  it('leaves every finding its id, and knows it by what is reckoned when it comes again', async () => {
    const { database, migrate, drop } = await databaseBefore('intake', { migrationsDirs: MIGRATIONS }, '0006');
    try {
      const stored = findingKinds.flatMap(({ code }): [number, Named][] => [
        [code, { idHash: `${code}`.repeat(64) }],
        [code, { householdId: 4_711 }],
      ]);
      const ids = await database.transaction(cellScope('test'), async (tx) => {
        const all: string[] = [];
        for (const [kind, named] of stored) {
          const [row] = await tx.query<{ finding_id: string }>(
            `INSERT INTO findings (finding_id, revision, department, kind, period, state, household_id, duty_code, id_hash, named_household,
               area_lo, area_hi, occurred_on, spent_fen, refunded_fen, of_earner, days, house_grade, stated_at, stated_by, created_at, updated_at)
             VALUES (gen_random_uuid(), 1, 'health-insurance', $1, '2026-01-09', 1, 7, $2, $3, $4, $5, $6, '2026-10-31', 0, 0, false, 0, 0,
                     now(), 'test', now(), now()) RETURNING finding_id`,
            [
              kind,
              VILLAGE,
              'idHash' in named ? Buffer.from(named.idHash, 'hex') : null,
              'idHash' in named ? null : named.householdId,
              AREA.lo,
              AREA.hi,
            ],
          );
          all.push(row?.finding_id ?? '');
        }
        return all;
      });
      await migrate();
      const rows = await database.transaction(cellScope('test'), (tx) =>
        tx.query<{ finding_id: string; identity: string }>('SELECT finding_id, identity FROM findings'),
      );
      const identities = new Map(rows.map((row) => [row.finding_id, row.identity]));
      const expected = stored.map(([kind, named]) =>
        identityOf(
          { department: 'health-insurance', area: AREA },
          { named, facts: { ...FACTS, kind, period: '2026-01-09' } },
        ),
      );
      expect(ids.map((id) => identities.get(id))).toEqual(expected);
    } finally {
      await drop();
    }
  });
});
