import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import {
  Lane,
  ShockState,
  topics,
  VillageAnswerSchema,
  VillageAnswerState,
  type VillageAnswer,
} from '@fangpin/contracts';
import { packRevision } from '@fangpin/domain-kit';
import { encodeEvent, listParked, type BusProducer } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { randomUUID } from 'node:crypto';
import { shockIdOf } from '../src/shocks/shock-id.js';
import { capXml, startShockApp, type ShockApp } from './shock-app.js';

let service: ShockApp;
let producer: BusProducer;
beforeAll(async () => {
  service = await startShockApp();
  producer = await service.bus.producer();
}, 120_000);
afterAll(() => service.close());

const VILLAGE = '532327101001';

/** A red warning of rain that is in force, taken as a notice; answers its id. */
async function aNotice(): Promise<string> {
  const { body } = await service.cap(capXml());
  expect(body).toMatchObject({ outcome: 'accepted', lane: 'notice' });
  return String(body['shockId']);
}

interface Given {
  readonly shockId: string;
  readonly revision?: number;
  readonly state?: VillageAnswerState;
  readonly village?: string;
  readonly cropHitCentimu?: bigint;
  readonly principalShockId?: string;
}

const answer = ({ revision = 1, state = VillageAnswerState.HIT, village = VILLAGE, ...given }: Given): VillageAnswer =>
  create(VillageAnswerSchema, {
    ...given,
    village,
    revision: BigInt(packRevision({ epoch: 1, version: revision })),
    state,
    answeredMs: BigInt(Date.now() + revision),
  });

const say = (...answers: VillageAnswer[]): Promise<void> =>
  producer.send(
    topics.villageAnswer,
    answers.map((one) => encodeEvent(topics.villageAnswer, one, { key: `${one.village}/${one.shockId}` })),
  );

const rowsOf = (shockId: string) =>
  service.database.transaction(cellScope('spec'), (tx) =>
    tx.query<{ village: string; state: string; observed_shock_id: string | null; revision: number }>(
      'SELECT village, state, observed_shock_id, revision FROM village_answers WHERE shock_id = $1 ORDER BY village',
      [shockId],
    ),
  );

const harmOf = (shockId: string, village = VILLAGE): string => shockIdOf(`village-answer:${shockId}:${village}`);
const shockOf = async (shockId: string) => (await service.call('GET', `/v1/shocks/${shockId}`)).body;

describe('answers of villages', () => {
  it('that were not hit are kept, and are no shock', async () => {
    const shockId = await aNotice();
    const none = { shockId, state: VillageAnswerState.NOT_HIT };
    await say(answer(none), answer({ ...none, village: '532327101002' }));
    await eventually(async () =>
      expect((await rowsOf(shockId)).map(({ state }) => state)).toEqual(['not-hit', 'not-hit']),
    );
    expect((await service.call('GET', `/v1/shocks/${harmOf(shockId)}`)).status).toBe(404);
  });

  it('that were hit are observed shocks of their village, told to those who look at households', async () => {
    const shockId = await aNotice();
    await say(answer({ shockId, cropHitCentimu: 4_000n }));
    const harm = harmOf(shockId);
    await eventually(async () => expect((await rowsOf(shockId))[0]?.observed_shock_id).toBe(harm));
    const events = await service.eventsOf(harm);
    expect(events).toMatchObject([
      {
        kind: 'rainstorm',
        level: 4,
        observed: true,
        lane: Lane.ALERT,
        state: ShockState.OPEN,
        regions: [VILLAGE],
        source: '村级灾情答复',
        forecastShockId: shockId,
        damage: [{ region: VILLAGE, cropHitCentimu: 4_000n }],
      },
    ]);
  });

  it('change nothing when they are repeated or come late', async () => {
    const shockId = await aNotice();
    await say(answer({ shockId, revision: 2, cropHitCentimu: 100n }));
    await eventually(async () => expect(await rowsOf(shockId)).toHaveLength(1));
    await say(
      answer({ shockId, revision: 1, cropHitCentimu: 900n }),
      answer({ shockId, revision: 2, cropHitCentimu: 100n }),
      answer({ shockId, village: '532327101009', state: VillageAnswerState.NOT_HIT }),
    );
    await eventually(async () => expect(await rowsOf(shockId)).toHaveLength(2));
    const events = await service.eventsOf(harmOf(shockId));
    expect(events.map(({ damage }) => damage[0]?.cropHitCentimu)).toEqual([100n]);
  });

  it('with other figures revise the shock, put right they recall it, and hit again it stands', async () => {
    const shockId = await aNotice();
    const harm = harmOf(shockId);
    const told = async (n: number) => {
      await eventually(async () => expect(await service.eventsOf(harm)).toHaveLength(n));
      return (await service.eventsOf(harm)).at(-1);
    };
    await say(answer({ shockId, cropHitCentimu: 100n }));
    await told(1);
    await say(answer({ shockId, revision: 2, cropHitCentimu: 700n }));
    expect((await told(2))?.damage[0]?.cropHitCentimu).toBe(700n);
    await say(answer({ shockId, revision: 3, state: VillageAnswerState.NOT_HIT }));
    expect((await told(3))?.state).toBe(ShockState.CANCELLED);
    await say(answer({ shockId, revision: 4 }));
    expect((await told(4))?.state).toBe(ShockState.OPEN);
    expect((await rowsOf(shockId))[0]).toMatchObject({ state: 'hit', observed_shock_id: harm });
  });

  it('about several notices are one shock', async () => {
    const [grave, other] = [await aNotice(), await aNotice()];
    await say(answer({ shockId: other, principalShockId: grave }), answer({ shockId: grave, principalShockId: grave }));
    await eventually(async () => {
      expect((await rowsOf(grave))[0]?.observed_shock_id).toBe(harmOf(grave));
      expect((await rowsOf(other))[0]).toMatchObject({ state: 'hit', observed_shock_id: null });
    });
    expect(await shockOf(harmOf(grave))).toMatchObject({ state: 'open', observed: true });
    expect((await service.call('GET', `/v1/shocks/${harmOf(other)}`)).status).toBe(404);
  });

  it('to a notice that nobody knows here wait as parked letters', async () => {
    const shockId = randomUUID();
    await say(answer({ shockId }));
    await eventually(async () => {
      const letters = await listParked(service.database);
      expect(letters.map(({ key }) => key)).toEqual([`${VILLAGE}/${shockId}`]);
    });
    expect(await rowsOf(shockId)).toEqual([]);
  });
});
