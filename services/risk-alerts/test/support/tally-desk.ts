/** The side of assistance-cases that compares answers (docs/adr/0024), with its memory in the spec's hands. */
import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import {
  AlertState,
  CaseEventSchema,
  topics,
  TriageOutcome,
  type AlertBatch,
  type AnswerTally,
  type CaseEvent,
} from '@fangpin/contracts';
import { decodeEvent, encodeEvent, type Bus, type BusProducer } from '@fangpin/messaging';

interface Held {
  readonly revision: bigint;
  readonly withdrawn: boolean;
}

export class TallyDesk {
  /** By `origin/township`, then by household. */
  readonly held = new Map<string, Map<number, Held>>();
  silent = false;
  /** Alerts get lost on their way. */
  deaf = false;

  constructor(private readonly producer: BusProducer) {}

  async listen(bus: Bus): Promise<void> {
    await bus.subscribe({
      group: 'tally-desk',
      topics: [topics.alert, topics.alertBulk, topics.answerTally],
      onAssigned: () => Promise.resolve(),
      onCrash: () => undefined,
      onBatch: async ({ topic, messages }) => {
        for (const { value } of messages)
          if (topic.name === topics.answerTally.name) await this.answer(decodeEvent(topics.answerTally, value));
          else if (!this.deaf) this.note(decodeEvent(topics.alert, value));
      },
    });
  }

  at(origin: number | bigint, township: number | string): Map<number, Held> {
    const key = `${origin}/${township}`;
    const held = this.held.get(key) ?? new Map<number, Held>();
    this.held.set(key, held);
    return held;
  }

  private note(batch: AlertBatch): void {
    const held = this.at(batch.origin, batch.township);
    for (const id of batch.householdIds) {
      if ((held.get(Number(id))?.revision ?? -1n) >= batch.revision) continue;
      held.set(Number(id), { revision: batch.revision, withdrawn: batch.state === AlertState.WITHDRAWN });
    }
  }

  /** What is held under an origin, wherever the households live. */
  private of(origin: number | bigint): [number, Held][] {
    const keys = [...this.held.keys()].filter((key) => key.startsWith(`${origin}/`));
    return keys.flatMap((key) => [...(this.held.get(key) ?? [])]).sort(([a], [b]) => a - b);
  }

  private async answer(asked: AnswerTally): Promise<void> {
    if (this.silent) return;
    if (asked.origins.length > 0) return this.answerGroup(asked);
    const { origin, township, shockId, reconciliation, households, hash } = asked;
    const rows = [...this.at(origin, township)].sort(([a], [b]) => a - b);
    const lines = rows.map(([id, { revision, withdrawn }]) => `${id}:${revision}:${withdrawn ? 1 : 0}`);
    const own = lines.length === 0 ? '' : createHash('md5').update(lines.join(',')).digest('hex');
    const agreed = own === hash && rows.length === households;
    const bodies = agreed ? [] : answers({ shockId, origin, township }, rows);
    const value = { reconciliation, shockId, origin, township, households: rows.length, hash: own, agreed };
    await this.say(
      [...bodies, { case: 'tallied', value: { $typeName: 'fangpin.cases.v1.AnswersTallied', ...value } }],
      township,
    );
  }

  private async answerGroup({ origin, origins, township, shockId, reconciliation, households, hash }: AnswerTally) {
    const rows = origins.flatMap((one) => this.of(one).map(([id, held]) => ({ origin: one, id, ...held })));
    const lines = rows.map(({ origin: one, id, revision, withdrawn }) =>
      [one, id, revision, withdrawn ? 1 : 0].join(':'),
    );
    const own = lines.length === 0 ? '' : createHash('md5').update(lines.join(',')).digest('hex');
    const agreed = own === hash && rows.length === households;
    const bodies = agreed ? [] : origins.flatMap((one) => answers({ shockId, origin: one, township }, this.of(one)));
    const value = { reconciliation, shockId, origin, township, households: rows.length, hash: own, agreed };
    await this.say(
      [...bodies, { case: 'tallied', value: { $typeName: 'fangpin.cases.v1.AnswersTallied', ...value } }],
      township,
    );
  }

  private async say(bodies: readonly CaseEvent['body'][], township: string): Promise<void> {
    const messages = bodies.map((body) =>
      encodeEvent(topics.case, create(CaseEventSchema, { body }), { key: township }),
    );
    await this.producer.send(topics.case, messages);
  }
}

/** Rows of one origin as answers, by revision. */
function answers(
  head: { readonly shockId: string; readonly origin: bigint; readonly township: string },
  rows: readonly [number, Held][],
): CaseEvent['body'][] {
  return [...Map.groupBy(rows, ([, { revision }]) => revision)].map(([alertRevision, of]) => ({
    case: 'triage',
    value: {
      $typeName: 'fangpin.cases.v1.TriageBatch',
      ...head,
      alertRevision,
      householdIds: of.map(([id]) => BigInt(id)),
      outcomes: of.map(([, { withdrawn }]) => (withdrawn ? TriageOutcome.DROPPED : TriageOutcome.LISTED)),
      caseOrigins: of.map(() => 0n),
    },
  }));
}
