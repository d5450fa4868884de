import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { AnswerTallySchema, topics, TriageOutcome, type AnswersTallied } from '@fangpin/contracts';
import { packRevision } from '@fangpin/domain-kit';
import { createKafkaBus, decodeEvent, encodeEvent, type Bus, type BusProducer } from '@fangpin/messaging';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAlertBatch, originOf, OTHER_TOWNSHIP, range, RED, shockIdOf, TOWNSHIP } from './harness.js';
import { runningService, type RunningService } from './service.js';

describe('a tally of the answers that risk-alerts holds', () => {
  let service: RunningService;
  let bus: Bus;
  let producer: BusProducer;
  const tallied: (AnswersTallied & { messagesBefore: number })[] = [];

  beforeAll(async () => {
    service = await runningService();
    bus = createKafkaBus({
      brokers: service.env.kafkaBrokers,
      clientId: 'spec',
      prefix: service.env.topicPrefix as string,
    });
    producer = await bus.producer();
    let triage = 0;
    await bus.subscribe({
      group: 'tally-listener',
      topics: [topics.case],
      onAssigned: () => Promise.resolve(),
      onCrash: () => undefined,
      onBatch: ({ messages }) => {
        for (const { value } of messages) {
          const { body } = decodeEvent(topics.case, value);
          if (body.case === 'triage') triage += 1;
          if (body.case === 'tallied') tallied.push({ ...body.value, messagesBefore: triage });
        }
        return Promise.resolve();
      },
    });
  }, 60_000);
  afterAll(async () => {
    await producer.close();
    await bus.close();
    await service.close();
  });

  const linesOf = (households: readonly number[], revision: number, withdrawn = 0): string[] =>
    households.map((id) => `${id}:${packRevision({ epoch: 1, version: revision })}:${withdrawn}`);
  const hashOf = (lines: readonly string[]): string =>
    lines.length === 0 ? '' : createHash('md5').update(lines.join(',')).digest('hex');

  /** Asks, and answers what came back, with how many messages of answers were said in between. */
  async function compare(township: string, households: number, hash: string, origins: readonly number[] = []) {
    const reconciliation = BigInt(tallied.length + 1);
    const before = tallied.at(-1)?.messagesBefore ?? 0;
    const asked = create(AnswerTallySchema, {
      reconciliation,
      shockId: shockIdOf(1),
      origin: BigInt(origins[0] ?? originOf(1)),
      origins: origins.map(BigInt),
      township,
      households,
      hash,
    });
    await producer.send(topics.answerTally, [encodeEvent(topics.answerTally, asked, { key: township })]);
    return eventually(() => {
      const found = tallied.find((one) => one.reconciliation === reconciliation);
      if (found === undefined) throw new Error('no answer yet');
      return {
        agreed: found.agreed,
        households: found.households,
        hash: found.hash,
        saidAgain: found.messagesBefore - before,
      };
    });
  }

  it('is confirmed where it is right, and answered with all that stands where it is not', async () => {
    const severity = (household: number): number => (household % 4 === 0 ? RED : 2);
    await service.say(anAlertBatch(range(1, 40), { severity }));
    await service.say(anAlertBatch(range(1, 3), { revision: 2, withdrawn: true }));
    await eventually(() => expect(service.answers.of(1, 1)).toBe(TriageOutcome.DROPPED));
    const right = hashOf([...linesOf(range(1, 3), 2, 1), ...linesOf(range(4, 37), 1)]);

    const lost = await compare(TOWNSHIP, 39, hashOf(linesOf(range(1, 39), 1)));
    expect(lost).toMatchObject({ agreed: false, households: 40, hash: right });
    const confirmed = await compare(TOWNSHIP, 40, right);
    expect(confirmed).toMatchObject({ agreed: true, saidAgain: 0 });
    const again = await compare(TOWNSHIP, 39, right);
    expect(again.agreed).toBe(false);
    expect(again.saidAgain).toBeGreaterThan(0);
  });

  it('of findings covers all that it names, in whatever township they live, and is answered in one partition', async () => {
    const revision = packRevision({ epoch: 1, version: 1 });
    await service.say(
      ...[21, 22, 23].map((shock) =>
        anAlertBatch([700 + shock], {
          shock,
          township: shock === 22 ? OTHER_TOWNSHIP : TOWNSHIP,
          severity: shock === 23 ? RED : 2,
        }),
      ),
    );
    await eventually(() =>
      expect([21, 22, 23].map((one) => service.answers.of(one, 700 + one))).not.toContain(undefined),
    );
    const origins = [21, 22, 23].map(originOf);
    const right = hashOf([21, 22, 23].map((shock) => `${originOf(shock)}:${700 + shock}:${revision}:0`));
    expect(await compare(TOWNSHIP, 3, right, origins)).toMatchObject({ agreed: true, households: 3, hash: right });
    const wrong = await compare(TOWNSHIP, 2, right, origins);
    // The tally is read behind all three answers.
    expect(wrong).toEqual({ agreed: false, households: 3, hash: right, saidAgain: 3 });
    expect(await compare(TOWNSHIP, 1, 'x', [originOf(23), originOf(99)])).toMatchObject({
      households: 1,
      saidAgain: 1,
    });
  });

  it('of a township that nothing is known of here is empty', async () => {
    expect(await compare(OTHER_TOWNSHIP, 0, '')).toMatchObject({ agreed: true, households: 0, hash: '' });
    expect(await compare(OTHER_TOWNSHIP, 7, 'x')).toMatchObject({ agreed: false, households: 0, saidAgain: 0 });
  });
});
