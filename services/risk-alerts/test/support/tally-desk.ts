/** The side of assistance-cases that compares answers and checks (docs/adr/0024, docs/adr/0042), with its memory in the spec's hands. */
import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import {
  AlertState,
  AnswersTalliedSchema,
  CaseEventSchema,
  CheckResult,
  ChecksFoundSchema,
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

/** A check list's item: 0 where no check without risk answers it. */
interface Checked {
  readonly upTo: number;
  readonly revision: number;
}

interface Row extends Held {
  readonly origin: bigint;
  readonly id: number;
}

export class TallyDesk {
  /** By `origin/township`, then by household. */
  readonly held = new Map<string, Map<number, Held>>();
  /** By `origin/household`. */
  readonly checks = new Map<string, Checked>();
  /** Joint alerts that no question names: origin and household. */
  others: readonly (readonly [number, number])[] = [];
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
  private of(origin: bigint): Row[] {
    const keys = [...this.held.keys()].filter((key) => key.startsWith(`${origin}/`));
    return keys.flatMap((key) => rowsOf(origin, this.held.get(key)));
  }

  private async answer(asked: AnswerTally): Promise<void> {
    if (this.silent) return;
    const { origin, origins, township, shockId, reconciliation } = asked;
    const many = origins.length > 0;
    const rows = many
      ? origins.flatMap((one) => this.of(one).sort((a, b) => a.id - b.id))
      : rowsOf(origin, this.at(origin, township)).sort((a, b) => a.id - b.id);
    const named = (row: Row, ...rest: readonly unknown[]): string =>
      [...(many ? [row.origin] : []), row.id, ...rest].join(':');
    const hash = md5(rows.map((row) => named(row, row.revision, row.withdrawn ? 1 : 0)));
    const checked = rows.filter((row) => !row.withdrawn && (this.checkOf(row)?.upTo ?? 0) > 0);
    const checksHash = md5(checked.map((row) => named(row, this.checkOf(row)?.upTo)));
    const asks = asked.checksHash !== undefined;
    const agreed =
      hash === asked.hash &&
      rows.length === asked.households &&
      (!asks || (checksHash === asked.checksHash && checked.length === asked.checks));
    const groups = Map.groupBy(rows, (row) => row.origin);
    const bodies = agreed ? [] : [...groups].flatMap(([one, of]) => answers({ shockId, origin: one, township }, of));
    const tallied = create(AnswersTalliedSchema, {
      ...{ reconciliation, shockId, origin, township, households: rows.length, hash, agreed },
      ...(asks && { checks: checked.length, checksHash }),
      ...(asked.othersSinceMs !== undefined && {
        otherOrigins: this.others.map(([one]) => BigInt(one)),
        otherHouseholdIds: this.others.map(([, household]) => BigInt(household)),
      }),
    });
    const checks = agreed ? [] : rows.filter((row) => this.checkOf(row) !== undefined);
    await this.say([...bodies, ...this.checksSaid(checks, township), { case: 'tallied', value: tallied }], township);
  }

  private checkOf({ origin, id }: Row): Checked | undefined {
    return this.checks.get(`${origin}/${id}`);
  }

  private checksSaid(rows: readonly Row[], township: string): CaseEvent['body'][] {
    const value = create(ChecksFoundSchema, {
      township,
      result: CheckResult.UNSPECIFIED,
      origins: rows.map(({ origin }) => origin),
      householdIds: rows.map(({ id }) => BigInt(id)),
      dutyCodes: rows.map(() => BigInt(township) * 1_000_000n),
      revisions: rows.map((row) => BigInt(this.checkOf(row)?.revision ?? 0)),
      alertRevisions: rows.map(({ revision }) => revision),
      answeredUpTo: rows.map((row) => this.checkOf(row)?.upTo ?? 0),
    });
    return rows.length === 0 ? [] : [{ case: 'checked', value }];
  }

  private async say(bodies: readonly CaseEvent['body'][], township: string): Promise<void> {
    const messages = bodies.map((body) =>
      encodeEvent(topics.case, create(CaseEventSchema, { body }), { key: township }),
    );
    await this.producer.send(topics.case, messages);
  }
}

const md5 = (lines: readonly string[]): string =>
  lines.length === 0 ? '' : createHash('md5').update(lines.join(',')).digest('hex');

function rowsOf(origin: bigint, held: ReadonlyMap<number, Held> | undefined): Row[] {
  return [...(held ?? [])].map(([id, one]) => ({ origin, id, ...one }));
}

/** Rows of one origin as answers, by revision. */
function answers(
  head: { readonly shockId: string; readonly origin: bigint; readonly township: string },
  rows: readonly Row[],
): CaseEvent['body'][] {
  return [...Map.groupBy(rows, ({ revision }) => revision)].map(([alertRevision, of]) => ({
    case: 'triage',
    value: {
      $typeName: 'fangpin.cases.v1.TriageBatch',
      ...head,
      alertRevision,
      householdIds: of.map(({ id }) => BigInt(id)),
      outcomes: of.map(({ withdrawn }) => (withdrawn ? TriageOutcome.DROPPED : TriageOutcome.LISTED)),
      caseOrigins: of.map(() => 0n),
    },
  }));
}
