import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AnswerTallySchema, topics, type AnswerTally, type CaseEvent } from '@fangpin/contracts';
import { regionOfDuty, type RegionCode } from '@fangpin/domain-kit';
import { decodeEvent, type ConsumedEvent, type Outbox, type OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { loadPolicy } from '@fangpin/policy';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnswerTallyConsumer } from '../src/reconciliation/answer-tally.consumer.js';
import {
  anAlertBatch,
  caseId,
  dutyOf,
  everything,
  originOf,
  range,
  RED,
  shockIdOf,
  triageOnDatabase,
} from './harness.js';
import type { TriageOnDatabase } from './harness.js';
import { peopleOn } from './people.js';

const YELLOW = 2;
const townships = range(532327101, 6).map(String) as RegionCode[];
const noRisk = { result: 'no-risk', reason: '入户查看无损失', checkers: ['g-1', 'g-2'] };

describe('questions about several townships of one shock', () => {
  let service: TriageOnDatabase;

  beforeAll(async () => {
    service = await triageOnDatabase();
    const people = await peopleOn(service);
    for (const [i, township] of townships.entries())
      await service.triage(
        anAlertBatch(range(i * 100 + 1, 30), { township, severity: (id) => (id % 3 === 0 ? RED : YELLOW) }),
      );
    await people.answer(caseId(1, 2), noRisk);
    await people.answer(caseId(1, 4), noRisk);
    // It moves while its alert grows: the case stands in the last township, and the item that it was stays in the first.
    await service.triage(anAlertBatch([1], { township: townships[5] as RegionCode, revision: 2, severity: RED }));
  });
  afterAll(() => service.db.drop());

  const question = (township: string, more: MessageInitShape<typeof AnswerTallySchema> = {}): AnswerTally =>
    create(AnswerTallySchema, {
      ...{ reconciliation: 1n, shockId: shockIdOf(1), origin: BigInt(originOf(1)), township, households: 0, hash: 'x' },
      ...{ checks: 0, checksHash: 'x', ...more },
    });

  /** What is said, message by message, and how often the cases of the shock were read. */
  async function ask(asked: readonly AnswerTally[]): Promise<{ said: CaseEvent[]; reads: number }> {
    const said: CaseEvent[] = [];
    let reads = 0;
    const add: Outbox['add'] = (_tx, _topic, messages: readonly OutgoingMessage[]) => {
      said.push(...messages.map(({ value }) => decodeEvent(topics.case, value)));
      return Promise.resolve();
    };
    const consumer = new AnswerTallyConsumer({ add } as Outbox, loadPolicy());
    await service.writer.transaction(everything, async (tx) => {
      const query: Tx['query'] = (sql, values) => {
        if (/FROM cases WHERE case_origin = ANY/.test(String(sql))) reads += 1;
        return tx.query(sql, values);
      };
      const counting = new Proxy(tx, { get: (of, name) => (name === 'query' ? query : Reflect.get(of, name, of)) });
      await consumer.handle(
        asked.map((data) => ({ data }) as ConsumedEvent<AnswerTally>),
        counting,
      );
    });
    return { said, reads };
  }
  const tallied = (said: readonly CaseEvent[]) =>
    said.flatMap(({ body }) => (body.case === 'tallied' ? [body.value] : []));

  it('are answered as each by itself is, and say the same again', async () => {
    const together = await ask(townships.map((township) => question(township)));
    const alone = [];
    for (const township of townships) alone.push(...(await ask([question(township)])).said);
    expect(together.said).toEqual(alone);
    expect(tallied(together.said).map(({ households }) => households)).toEqual([29, 30, 30, 30, 30, 31]);
    expect(tallied(together.said).map(({ checks }) => checks)).toEqual([2, 0, 0, 0, 0, 0]);
  });

  it('cost one reading of its alerts where both sides agree, and another for all that is said again', async () => {
    const known = tallied((await ask(townships.map((township) => question(township)))).said);
    const agreeing = known.map(({ township, households, hash, checks, checksHash = '' }) =>
      question(township, { households, hash, checks, checksHash }),
    );
    const { said, reads } = await ask(agreeing);
    expect([said.length, reads]).toEqual([townships.length, 1]);
    expect(tallied(said).every(({ agreed }) => agreed)).toBe(true);
    expect((await ask(townships.map((township) => question(township)))).reads).toBe(2);
  });

  it('count a household that has moved in the township of its last alert alone', async () => {
    const { said } = await ask([question(townships[0] as string), question(townships[5] as string)]);
    const where = said.flatMap(({ body }) =>
      body.case === 'triage' && body.value.householdIds.includes(1n) ? [body.value.township] : [],
    );
    expect(where).toEqual([regionOfDuty(dutyOf(townships[5] as RegionCode, 1), 'township')]);
  });
});
