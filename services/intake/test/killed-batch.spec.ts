import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@fangpin/testing';
import { idCheckCharacter } from '@fangpin/domain-kit';
import { IntakeWorld } from './support/intake-world.js';
import { killableService, type KillableService } from './support/killed-service.js';

const ROWS = 12_000;
const KILLS = 4;
const HOUSEHOLD = 500;

let world: IntakeWorld;
let service: KillableService;
beforeAll(async () => {
  world = await IntakeWorld.start();
  await world.known({ householdId: HOUSEHOLD });
  await world.stopService();
  service = await killableService(world);
});
afterAll(async () => {
  await service.kill();
  await world.stop();
});

/** A third are of one known household, each of another period; the others of people whom nobody knows. */
const line = (n: number, more = 0): string => {
  const seventeen = `99000019800${1 + (n % 9)}${String(1 + (n % 28)).padStart(2, '0')}${String(n % 1_000).padStart(3, '0')}`;
  const who = n % 3 === 0 ? { householdId: HOUSEHOLD } : { idNumber: seventeen + idCheckCharacter(seventeen) };
  const dayAt = (days: number): string => new Date(Date.UTC(2024, 0, 1) + days * 86_400_000).toISOString().slice(0, 10);
  return JSON.stringify({
    ...who,
    kind: 'medical-spending',
    since: dayAt(n % 900),
    // Amounts are of a year at most.
    occurredOn: dayAt((n % 900) + 130),
    spentFen: 100 + n + more,
  });
};

const authorization = (): Promise<string> =>
  world.tokens.bearer({ role: 'department-client', region: '532327', department: 'health-insurance' });
const PATH = '/v1/departments/health-insurance/batches';

async function post(url: string, body: string, type: string): Promise<Record<string, unknown>> {
  const headers = { authorization: await authorization(), 'content-type': type };
  const answer = await fetch(`${service.base}${url}`, { method: 'POST', headers, body });
  return (await answer.json()) as Record<string, unknown>;
}

const batchRow = async (): Promise<{
  state: string;
  rows: number;
  matched: number;
  unmatched: number;
  done_to: number;
}> => {
  const [row] = await world.rows(
    'SELECT state, rows, matched, unmatched, done_to FROM batches ORDER BY arrival DESC LIMIT 1',
  );
  return row as { state: string; rows: number; matched: number; unmatched: number; done_to: number };
};

const untilLast = (state: string): Promise<void> =>
  eventually(
    async () => {
      if ((await batchRow()).state !== state) throw new Error('still at work');
    },
    { timeoutMs: 120_000 },
  );

/** The last batch, with a kill somewhere in its sets. */
async function takeBackKilled(batchId: unknown): Promise<void> {
  await post(`${PATH}/${String(batchId)}/withdraw`, JSON.stringify({ reason: '整批撤回' }), 'application/json');
  await sleep(150);
  await service.kill();
  expect((await batchRow()).state).toBe('withdrawing');
  await service.start();
  await untilLast('withdrawn');
}

const standing = (): Promise<unknown[]> =>
  world.rows('SELECT finding_id, state, spent_fen::int8, stated_in_batch FROM findings ORDER BY finding_id');

describe('a service that is killed', () => {
  it('while it works a batch off or takes it back goes on where it was, and neither loses a row nor takes one twice', async () => {
    const lines = Array.from({ length: ROWS }, (_, n) => line(n));
    await service.start();
    const { batchId } = await post(PATH, lines.join('\n'), 'application/x-ndjson');
    const seen = new Set<string>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const doneBefore = (await batchRow()).done_to;
      await eventually(
        async () => {
          if ((await batchRow()).done_to === doneBefore) throw new Error('no set is done in this life yet');
        },
        { timeoutMs: 60_000 },
      );
      // Somewhere within the sets that follow.
      await sleep(7 * kill);
      await service.kill();
      seen.add((await batchRow()).state);
      await service.start();
    }
    expect([...seen]).toEqual(['working']);
    await untilLast('done');
    const { matched, unmatched, rows } = await batchRow();
    expect([rows, matched, unmatched]).toEqual([ROWS, ROWS / 3, (ROWS * 2) / 3]);
    const stored = await world.rows('SELECT finding_id, revision::int8 AS revision, household_id FROM findings');
    const matchedFindings = stored.filter(({ household_id: id }) => id !== null);
    await eventually(
      () => {
        for (const { finding_id: id, revision } of matchedFindings) {
          const said = world.heard.filter((one) => one.findingId === id).map((one) => Number(one.revision));
          if (Math.max(0, ...said) !== Number(revision)) throw new Error(`${String(id)} is not said as it is`);
        }
      },
      { timeoutMs: 60_000 },
    );

    const asFirstSaid = await standing();
    const { batchId: second } = await post(PATH, lines.map((_, n) => line(n, 50)).join('\n'), 'application/x-ndjson');
    await untilLast('done');
    expect(await standing()).not.toEqual(asFirstSaid);
    await takeBackKilled(second);
    expect(await standing()).toEqual(asFirstSaid);
    expect(await world.rows('SELECT 1 FROM earlier_statements')).toEqual([]);

    await world.rows("DELETE FROM batches WHERE batch_id = $1 AND state = 'withdrawn'", [second]);
    await takeBackKilled(batchId);
    expect(await world.rows('SELECT count(*)::int AS n FROM findings WHERE state = 1')).toEqual([{ n: 0 }]);
  }, 240_000);

  it('while a sheet is coming in leaves no batch of it', async () => {
    const before = await world.rows("SELECT count(*)::int AS n FROM batches WHERE state <> 'receiving'");
    const lines = Array.from({ length: 5 * ROWS }, (_, n) => line(n + 50_000)).join('\n');
    const upload = post(PATH, lines, 'application/x-ndjson').then(
      () => 'answered',
      () => 'cut',
    );
    await eventually(async () => {
      const rows = await world.rows('SELECT 1 FROM batch_rows LIMIT 1');
      if (rows.length === 0) throw new Error('nothing is stored yet');
    });
    await service.kill();
    expect(await upload).toBe('cut');
    await service.start();
    expect(await world.rows("SELECT count(*)::int AS n FROM batches WHERE state <> 'receiving'")).toEqual(before);
  }, 120_000);
});
