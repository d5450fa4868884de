/**
 * Packs alerts into messages: one township, one revision and one state each, at most some hundred households. Rows come in
 * household order, townships mixed.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { AlertBatchSchema, AlertState, PackedColumns, topics } from '@fangpin/contracts';
import { encodeBytes, type OutgoingMessage } from '@fangpin/messaging';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { shanghaiDay } from '@fangpin/domain-kit';
import { townshipCode, townshipOf } from './township.js';
import type { AlertRow } from './alert-rows.js';
import type { FanOut } from './fan-out.js';
import { shockSubject } from './shock-subject.js';

/** Past some hundred households a message saves nothing more, and one must stay well under the broker's megabyte. */
const HOUSEHOLDS_PER_MESSAGE = 500;
/** Income that is not known travels as this value; no projected income is so low. */
export const UNKNOWN_INCOME = -(2 ** 50);

const field = AlertBatchSchema.field;

/** The columns of one message that is being filled. */
class OpenBatch {
  township = 0;
  revision = 0;
  state = 0;
  #size = 0;
  readonly #householdIds = new Float64Array(HOUSEHOLDS_PER_MESSAGE);
  readonly #dutyCodes = new Float64Array(HOUSEHOLDS_PER_MESSAGE);
  readonly #persons = new Uint32Array(HOUSEHOLDS_PER_MESSAGE);
  readonly #severities = new Uint32Array(HOUSEHOLDS_PER_MESSAGE);
  readonly #lossFen = new Float64Array(HOUSEHOLDS_PER_MESSAGE);
  readonly #projectedFen = new Float64Array(HOUSEHOLDS_PER_MESSAGE);
  readonly #reasons = new Uint32Array(HOUSEHOLDS_PER_MESSAGE);

  get full(): boolean {
    return this.#size === HOUSEHOLDS_PER_MESSAGE;
  }

  /** Empty, for alerts of this township, revision and state. */
  of(township: number, revision: number, state: number): this {
    this.township = township;
    this.revision = revision;
    this.state = state;
    this.#size = 0;
    return this;
  }

  add(row: AlertRow): void {
    const at = this.#size;
    this.#householdIds[at] = row.householdId;
    this.#dutyCodes[at] = row.dutyCode;
    this.#persons[at] = row.persons;
    this.#severities[at] = row.severity;
    this.#lossFen[at] = row.lossFen;
    this.#projectedFen[at] = row.projectedFen ?? UNKNOWN_INCOME;
    this.#reasons[at] = row.reasons;
    this.#size = at + 1;
  }

  packed(columns: PackedColumns, head: Uint8Array): Uint8Array {
    const size = this.#size;
    return columns
      .column(field.householdIds.number, this.#householdIds.subarray(0, size))
      .column(field.dutyCodes.number, this.#dutyCodes.subarray(0, size))
      .column(field.persons.number, this.#persons.subarray(0, size))
      .column(field.severities.number, this.#severities.subarray(0, size))
      .column(field.lossFen.number, this.#lossFen.subarray(0, size))
      .column(field.projectedFen.number, this.#projectedFen.subarray(0, size))
      .column(field.reasons.number, this.#reasons.subarray(0, size))
      .behind(head);
  }
}

export class AlertBatches {
  readonly #open = new Map<string, OpenBatch>();
  /** Batches whose message is made, to be filled again. */
  readonly #spare: OpenBatch[] = [];
  readonly #columns = new PackedColumns();
  readonly #messages: OutgoingMessage[] = [];
  readonly #subject: number;
  #last: OpenBatch | undefined;

  constructor(
    private readonly fanOut: FanOut,
    private readonly policy: PolicySet,
    private readonly raisedAt: Date,
  ) {
    this.#subject = shockSubject(fanOut.shock);
  }

  add(row: AlertRow, revision: number, state: number): void {
    const batch = this.#batchOf(townshipOf(row.dutyCode), revision, state);
    batch.add(row);
    if (!batch.full) return;
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
    const slot = slotOf({ township, revision, state });
    const batch = this.#open.get(slot) ?? (this.#spare.pop() ?? new OpenBatch()).of(township, revision, state);
    this.#open.set(slot, batch);
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
      lineFen: BigInt(underPolicy(() => this.policy.line(code, shock.judgedOn).fen) ?? 0),
      subject: BigInt(this.#subject),
      beganOn: shock.beganOn,
      speaksUntil: shock.ended ? shock.judgedOn : shanghaiDay(this.raisedAt),
    });
    const bytes = batch.packed(this.#columns, toBinary(AlertBatchSchema, head));
    this.#messages.push(encodeBytes(topics.alert, bytes, { key: code, at: this.raisedAt }));
    this.#spare.push(batch);
  }
}

function slotOf({ township, revision, state }: Pick<OpenBatch, 'township' | 'revision' | 'state'>): string {
  return `${township}/${revision}/${state}`;
}
