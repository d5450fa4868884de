import { createHash } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  AnswerTallySchema,
  CheckResult,
  JOINT_CAUSE,
  topics,
  TriageOutcome,
  type AnswersTallied,
} from '@fangpin/contracts';
import { packRevision, shanghaiDay } from '@fangpin/domain-kit';
import { createKafkaBus, decodeEvent, encodeEvent, type Bus, type BusProducer } from '@fangpin/messaging';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAlertBatch, caseId, originOf, OTHER_TOWNSHIP, range, RED, shockIdOf, TOWNSHIP } from './harness.js';
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
  }, 120_000);
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
  async function compare(
    township: string,
    households: number,
    hash: string,
    origins: readonly number[] = [],
    more: MessageInitShape<typeof AnswerTallySchema> = {},
  ) {
    const {
      agreed,
      households: own,
      hash: ownHash,
      messagesBefore,
      before,
    } = await reply(...([township, households, hash, origins] as const), more);
    return { agreed, households: own, hash: ownHash, saidAgain: messagesBefore - before };
  }

  async function reply(
    township: string,
    households: number,
    hash: string,
    origins: readonly number[],
    more: MessageInitShape<typeof AnswerTallySchema>,
  ) {
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
      ...more,
    });
    await producer.send(topics.answerTally, [encodeEvent(topics.answerTally, asked, { key: township })]);
    return eventually(() => {
      const found = tallied.find((one) => one.reconciliation === reconciliation);
      if (found === undefined) throw new Error('no answer yet');
      return { ...found, before };
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

  describe('that asks for checks as well', () => {
    const here = range(800, 4);
    const origin = originOf(31);
    const right = hashOf(linesOf([800, 801, 802], 1).concat(linesOf([803], 2)));
    const grid = { role: 'village-monitor', region: TOWNSHIP };
    const noRisk = {
      result: 'no-risk',
      reason: '入户查看无损失',
      checkers: ['g-1', 'g-2'],
      checkedOn: shanghaiDay(new Date()),
    };
    const ask = (more: MessageInitShape<typeof AnswerTallySchema>) =>
      reply(TOWNSHIP, 4, right, [], { shockId: shockIdOf(31), origin: BigInt(origin), ...more });

    beforeAll(async () => {
      await service.say(anAlertBatch(here, { shock: 31, severity: 2 }));
      await eventually(() => expect(service.answers.of(31, 803)).toBe(TriageOutcome.LISTED));
      for (const household of [800, 801, 803])
        expect((await service.post(`/v1/check-items/${caseId(31, household)}/result`, noRisk, grid)).status).toBe(200);
      // It grows into a case, which the check does not answer for.
      await service.say(anAlertBatch([803], { shock: 31, revision: 2, severity: RED }));
      await eventually(() => expect(service.answers.of(31, 803)).toBe(TriageOutcome.OPENED));
    });

    it('is confirmed where both know the same checks, and one that does not ask is answered without them', async () => {
      const known = { checks: 2, checksHash: hashOf(['800:2', '801:2']) };
      expect(await ask(known)).toMatchObject({ ...known, agreed: true });
      const unasked = await ask({});
      expect(unasked).toMatchObject({ agreed: true, checks: 0 });
      expect(unasked.checksHash).toBeUndefined();
    });

    it('has all that stands said again where they differ, and of what no check answers that none does', async () => {
      const before = service.checks.length;
      const {
        agreed,
        checks,
        messagesBefore,
        before: answers,
      } = await ask({
        checks: 3,
        checksHash: hashOf(['800:2', '801:2', '802:2']),
      });
      expect({ agreed, checks, saidAgain: messagesBefore - answers }).toEqual({
        agreed: false,
        checks: 2,
        saidAgain: 0,
      });
      await eventually(() => expect(service.checks.length).toBe(before + 2));
      const said = service.checks.slice(before).map(({ result, origins, householdIds, answeredUpTo }) => ({
        ...{ result, answeredUpTo, households: householdIds.map(Number), origins: origins.map(Number) },
      }));
      expect(said).toEqual([
        { result: CheckResult.NO_RISK, answeredUpTo: [2, 2], households: [800, 801], origins: [origin, origin] },
        { result: CheckResult.UNSPECIFIED, answeredUpTo: [0], households: [802], origins: [origin] },
      ]);
    });
  });

  it('of joint alerts is answered with the others that are held in the township, and stand', async () => {
    const cause = JOINT_CAUSE;
    const given = { cause, shockKind: 'crop-disaster+price-fall', raisedAt: new Date() };
    await service.say(
      anAlertBatch([901], { ...given, shock: 41 }),
      anAlertBatch([902], { ...given, shock: 42, severity: RED }),
      anAlertBatch([903], { ...given, shock: 43, township: OTHER_TOWNSHIP }),
      anAlertBatch([904], { ...given, shock: 44 }),
      anAlertBatch([905], { ...given, shock: 45, raisedAt: new Date(Date.now() - 30 * 86_400_000) }),
      anAlertBatch([906], { ...given, shock: 46, cause: 'price-fall' }),
    );
    await service.say(anAlertBatch([904], { ...given, shock: 44, revision: 2, withdrawn: true }));
    await eventually(() => {
      expect(service.answers.of(44, 904)).toBe(TriageOutcome.DROPPED);
      expect([41, 42, 43, 45, 46].map((shock) => service.answers.of(shock, 860 + shock))).not.toContain(undefined);
    });
    const others = { othersSinceMs: BigInt(Date.now() - 7 * 86_400_000), othersAbove: -1n, othersUpTo: 2n ** 53n - 1n };
    const ask = (more: MessageInitShape<typeof AnswerTallySchema>) => reply(TOWNSHIP, 1, 'x', [originOf(41)], more);
    expect(await ask(others)).toMatchObject({ otherOrigins: [BigInt(originOf(42))], otherHouseholdIds: [902n] });
    expect((await ask({ ...others, othersAbove: BigInt(originOf(42)) })).otherOrigins).toEqual([]);
    expect((await ask({ ...others, othersUpTo: BigInt(originOf(41)) })).otherOrigins).toEqual([]);
    expect((await ask({})).otherOrigins).toEqual([]);
  });
});
