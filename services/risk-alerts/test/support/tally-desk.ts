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

  constructor(private readonly producer: BusProducer) {}

  async listen(bus: Bus): Promise<void> {
    await bus.subscribe({
      group: 'tally-desk',
      topics: [topics.alert, topics.alertBulk, topics.answerTally],
      onAssigned: () => Promise.resolve(),
      onCrash: () => undefined,
      onBatch: async ({ topic, messages }) => {
        for (const { value } of messages)
          if (topic.name !== topics.answerTally.name) this.note(decodeEvent(topics.alert, value));
          else await this.answer(decodeEvent(topics.answerTally, value));
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

  private async answer({ origin, township, shockId, reconciliation, households, hash }: AnswerTally): Promise<void> {
    if (this.silent) return;
    const rows = [...this.at(origin, township)].sort(([a], [b]) => a - b);
    const lines = rows.map(([id, { revision, withdrawn }]) => `${id}:${revision}:${withdrawn ? 1 : 0}`);
    const own = lines.length === 0 ? '' : createHash('md5').update(lines.join(',')).digest('hex');
    const agreed = own === hash && rows.length === households;
    const bodies: CaseEvent['body'][] = agreed
      ? []
      : [...Map.groupBy(rows, ([, { revision }]) => revision)].map(([alertRevision, of]) => ({
          case: 'triage',
          value: {
            $typeName: 'fangpin.cases.v1.TriageBatch',
            shockId,
            origin,
            alertRevision,
            township,
            householdIds: of.map(([id]) => BigInt(id)),
            outcomes: of.map(([, { withdrawn }]) => (withdrawn ? TriageOutcome.DROPPED : TriageOutcome.LISTED)),
            caseOrigins: of.map(() => 0n),
          },
        }));
    const value = { reconciliation, shockId, origin, township, households: rows.length, hash: own, agreed };
    bodies.push({ case: 'tallied', value: { $typeName: 'fangpin.cases.v1.AnswersTallied', ...value } });
    const messages = bodies.map((body) =>
      encodeEvent(topics.case, create(CaseEventSchema, { body }), { key: township }),
    );
    await this.producer.send(topics.case, messages);
  }
}
