import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countyDraft } from './support/county-drafts.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YONGDING, type HouseholdSpec } from './support/world.js';

const family: HouseholdSpec = { id: 1, township: YONGDING, maize: 600, perCapitaYuan: 9_000 };

describe('a shadow policy with a slip', () => {
  let world: World;
  const overlay = mkdtempSync(join(tmpdir(), 'shadow-'));
  beforeAll(async () => {
    writeFileSync(
      join(overlay, 'triage.json'),
      JSON.stringify([
        countyDraft({
          key: 'triage',
          value: { alertFrom: 3, caseFrom: 2 },
          reason: 'Whether orange may open cases.',
        }),
      ]),
    );
    world = await startWorld({ env: { FANGPIN_POLICY_SHADOW: overlay } });
    await world.households([profile(family)], [assessment(family)]);
  });
  afterAll(async () => {
    await world.stop();
    rmSync(overlay, { recursive: true });
  });

  it('does not run and says why, and the live one does', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: 1, alerted: 1 });
    const answer = await world.app.inject({
      method: 'GET',
      url: '/v1/shadow-runs',
      headers: { authorization: `Bearer ${await world.token('county-officer', '532327')}` },
    });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        problems: [
          {
            code: 'SHADOW.UNUSABLE',
            text: expect.stringContaining('现行政策照常运行'),
            error: 'triage.json[0]: value.caseFrom must not be below value.alertFrom',
          },
        ],
        onlyShadow: null,
        items: [],
        nextCursor: null,
      },
    ]);
  });
});
