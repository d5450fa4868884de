/**
 * Packs alerts into messages: one township, one revision and one state each, at most some hundred households. Rows come in
 * household order, townships mixed.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { AlertBatchSchema, AlertState, PackedColumns, topics } from '@fangpin/contracts';
import { encodeBytes, type OutgoingMessage } from '@fangpin/messaging';
import type { PolicySet } from '@fangpin/policy';
import { townshipCode, townshipOf } from './township.js';
import type { AlertRow } from './alert-rows.js';
import type { FanOut } from './fan-out.js';

/** Past some hundred households a message saves nothing more, and one must stay well under the broker's megabyte. */
const HOUSEHOLDS_PER_MESSAGE = 500;
/** Income that is not known travels as this value; no projected income is so low. */
export const UNKNOWN_INCOME = -(2 ** 50);

const field = AlertBatchSchema.field;

/** The columns of one message that is being filled. */
class OpenBatch {
  readonly householdIds: number[] = [];
  readonly dutyCodes: number[] = [];
  readonly persons: number[] = [];
  readonly severities: number[] = [];
  readonly lossFen: number[] = [];
  readonly projectedFen: number[] = [];
  readonly reasons: number[] = [];

  constructor(
    readonly township: number,
    readonly revision: number,
    readonly state: number,
  ) {}

  add(row: AlertRow): void {
    this.householdIds.push(row.householdId);
    this.dutyCodes.push(row.dutyCode);
    this.persons.push(row.persons);
    this.severities.push(row.severity);
    this.lossFen.push(row.lossFen);
    this.projectedFen.push(row.projectedFen ?? UNKNOWN_INCOME);
    this.reasons.push(row.reasons);
  }

  packed(head: Uint8Array): Uint8Array {
    return new PackedColumns()
      .column(field.householdIds.number, this.householdIds)
      .column(field.dutyCodes.number, this.dutyCodes)
      .column(field.persons.number, this.persons)
      .column(field.severities.number, this.severities)
      .column(field.lossFen.number, this.lossFen)
      .column(field.projectedFen.number, this.projectedFen)
      .column(field.reasons.number, this.reasons)
      .behind(head);
  }
}

export class AlertBatches {
  readonly #open = new Map<string, OpenBatch>();
  readonly #messages: OutgoingMessage[] = [];
  #last: OpenBatch | undefined;

  constructor(
    private readonly fanOut: FanOut,
    private readonly policy: PolicySet,
    private readonly raisedAt: Date,
  ) {}

  add(row: AlertRow, revision: number, state: number): void {
    const batch = this.#batchOf(townshipOf(row.dutyCode), revision, state);
    batch.add(row);
    if (batch.householdIds.length < HOUSEHOLDS_PER_MESSAGE) return;
    this.#close(batch);
    this.#open.delete(slotOf(batch));
    this.#last = undefined;
  }

  /** The messages that are full. */
  take(): OutgoingMessage[] {
    return this.#messages.splice(0);
  }

  /** The rest, full or not. */
  finish(): OutgoingMessage[] {
    for (const batch of this.#open.values()) this.#close(batch);
    this.#open.clear();
    this.#last = undefined;
    return this.take();
  }

  #batchOf(township: number, revision: number, state: number): OpenBatch {
    const last = this.#last;
    // Neighbours come one after the other: most rows go where the row before went.
    if (last?.township === township && last.revision === revision && last.state === state) return last;
    const fresh = new OpenBatch(township, revision, state);
    const batch = this.#open.get(slotOf(fresh)) ?? fresh;
    this.#open.set(slotOf(batch), batch);
    this.#last = batch;
    return batch;
  }

  #close(batch: OpenBatch): void {
    const code = townshipCode(batch.township);
    const { shock, origin, cause } = this.fanOut;
    const head = create(AlertBatchSchema, {
      shockId: shock.shockId,
      origin: BigInt(origin),
      cause,
      shockKind: shock.kind,
      revision: BigInt(batch.revision),
      state: batch.state as AlertState,
      policyVersion: this.fanOut.policyVersion,
      judgedOn: shock.judgedOn,
      raisedMs: BigInt(this.raisedAt.getTime()),
      township: code,
      lineFen: BigInt(this.policy.line(code, shock.judgedOn).fen),
    });
    const bytes = batch.packed(toBinary(AlertBatchSchema, head));
    this.#messages.push(encodeBytes(topics.alert, bytes, { key: code, at: this.raisedAt }));
  }
}

function slotOf({ township, revision, state }: OpenBatch): string {
  return `${township}/${revision}/${state}`;
}
