import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithSharedData } from '@fangpin/testing';
import fc from 'fast-check';
import { cellScope } from '@fangpin/persistence';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { capXml, startShockApp, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

/** Outcome by file where it is not `recorded`, with the reason. All of them are years old, or over. */
const OTHERWISE: Readonly<Record<string, string>> = {
  // No area of any kind, and no expiry that would tell that it is over.
  'oasis_cap12_A1_homeland_security.xml': 'quarantined',
  // Polygons within the box around China and no expiry; boundaries are not loaded yet.
  'macao_monsoon_update_3lang_2025-04-13.xml': 'quarantined',
  // A Cancel without an info block: kept for an alert that may still come.
  'ipaws_5e6dd9de.xml': 'cancelled',
  // The same message as the CAP 1.0 file before it: sender, identifier and time are equal.
  'oasis_cap11_A3_earthquake.xml': 'duplicate',
};

describeWithSharedData('every real message', (dataDir) => {
  const files = readdirSync(path.join(dataDir, 'cap', 'messages')).sort();

  it.each(files)('%s is answered 202, the second time as a duplicate', async (file) => {
    const bytes = readFileSync(path.join(dataDir, 'cap', 'messages', file));
    const outcome = OTHERWISE[file] ?? 'recorded';
    const first = await service.cap(bytes);
    expect(first).toMatchObject({
      status: 202,
      body: { outcome, lane: outcome === 'quarantined' ? null : 'recorded' },
    });
    const second = await service.cap(bytes, { type: 'text/xml' });
    expect(second).toMatchObject({ status: 202, body: { outcome: 'duplicate', shockId: first.body['shockId'] } });
  });

  it('publishes none of them', async () => {
    expect(await service.events()).toEqual([]);
  });

  it('that is malformed is refused for what it lacks, or read where the standard allows it', async () => {
    const post = (file: string) => service.cap(readFileSync(path.join(dataDir, 'cap', 'malformed', file)));
    expect(await post('missing_required_elements.xml')).toMatchObject({
      status: 400,
      body: { code: 'CAP.REQUIRED_ELEMENTS_MISSING', errors: [{ field: 'alert.scope' }] },
    });
    // Info blocks are optional in the standard; this one names a message that came whole before.
    const bare = await post('usgs_no_info_block.xml');
    expect(bare).toMatchObject({ status: 202, body: { outcome: 'duplicate' } });
    expect(bare.body['problems']).toContainEqual(expect.objectContaining({ code: 'MESSAGE.SAME_ID_OTHER_CONTENT' }));
    // Latin-1 and saying so: well-formed.
    expect(await post('usgs_iso8859-1_encoding.xml')).toMatchObject({ status: 202, body: { outcome: 'recorded' } });
    // An Update with an empty list of references, of 2012; the real one of the same name came before.
    expect(await post('canada_truncated_fields.xml')).toMatchObject({ status: 202 });
  });

  it('cut short is refused', async () => {
    for (const file of files) {
      const bytes = readFileSync(path.join(dataDir, 'cap', 'messages', file));
      const answer = await service.cap(bytes.subarray(0, Math.floor(bytes.length * 0.7)));
      expect({ file, status: answer.status }).toEqual({ file, status: 400 });
    }
  });
});

describe('a damaged message', () => {
  it('is answered without a fault of ours and never half stored', async () => {
    const valid = Buffer.from(capXml({ identifier: 'fuzz' }));
    const cut = fc
      .tuple(fc.nat(valid.length), fc.nat(40))
      .map(([at, length]) => Buffer.concat([valid.subarray(0, at), valid.subarray(at + length)]));
    const struck = fc
      .array(fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 })
      .map((blows) => {
        const bytes = Buffer.from(valid);
        for (const [at, value] of blows) bytes[at] = value;
        return bytes;
      });
    const junk = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    const strange = fc
      .string({ unit: 'binary', maxLength: 80 })
      .map((text) => Buffer.from(capXml({ identifier: text, sent: text, references: text })));
    await fc.assert(
      fc.asyncProperty(fc.oneof(cut, struck, junk, strange), async (bytes) => {
        const { status } = await service.cap(bytes);
        expect([202, 400]).toContain(status);
      }),
      { numRuns: 300 },
    );
    const [row] = await service.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ n: number }>(
        `SELECT count(*) AS n FROM shocks s WHERE NOT EXISTS (SELECT FROM shock_messages m WHERE m.shock_id = s.shock_id)
           AND merged_into IS NULL OR NOT EXISTS (SELECT FROM shock_revisions r WHERE r.shock_id = s.shock_id AND r.revision = s.revision)`,
      ),
    );
    expect(Number(row?.n)).toBe(0);
  });
});
