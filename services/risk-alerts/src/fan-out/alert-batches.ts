/**
 * Packs alerts into messages: one township, one revision and one state each, at most some hundred households. Rows come in
 * household order, townships mixed.
 */
import { create } from '@bufbuild/protobuf';
import { AlertBatchSchema, AlertState, topics, type AlertBatch } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import type { PolicySet } from '@fangpin/policy';
import { townshipCode, townshipOf } from './township.js';
import type { AlertRow } from './alert-rows.js';
import type { FanOut } from './fan-out.js';

/** Past some hundred households a message saves nothing more, and one must stay well under the broker's megabyte. */
const HOUSEHOLDS_PER_MESSAGE = 500;
/** Income that is not known travels as this value; no projected income is so low. */
export const UNKNOWN_INCOME = -(2 ** 50);

export class AlertBatches {
  readonly #open = new Map<string, AlertBatch>();
  readonly #messages: OutgoingMessage[] = [];

  constructor(
    private readonly fanOut: FanOut,
    private readonly policy: PolicySet,
    private readonly raisedAt: Date,
  ) {}

  add(row: AlertRow, revision: number, state: number): void {
    const township = townshipOf(row.dutyCode);
    const slot = `${township}/${revision}/${state}`;
    let batch = this.#open.get(slot);
    if (batch === undefined) {
      batch = this.#start(township, revision, state);
      this.#open.set(slot, batch);
    }
    batch.householdIds.push(BigInt(row.householdId));
    batch.dutyCodes.push(BigInt(row.dutyCode));
    batch.persons.push(row.persons);
    batch.severities.push(row.severity);
    batch.lossFen.push(BigInt(row.lossFen));
    batch.projectedFen.push(BigInt(row.projectedFen ?? UNKNOWN_INCOME));
    batch.reasons.push(row.reasons);
    if (batch.householdIds.length < HOUSEHOLDS_PER_MESSAGE) return;
    this.#close(batch);
    this.#open.delete(slot);
  }

  /** The messages that are full. */
  take(): OutgoingMessage[] {
    return this.#messages.splice(0);
  }

  /** The rest, full or not. */
  finish(): OutgoingMessage[] {
    for (const batch of this.#open.values()) this.#close(batch);
    this.#open.clear();
    return this.take();
  }

  #start(township: number, revision: number, state: number): AlertBatch {
    const code = townshipCode(township);
    const { shock, origin, cause } = this.fanOut;
    return create(AlertBatchSchema, {
      shockId: shock.shockId,
      origin: BigInt(origin),
      cause,
      shockKind: shock.kind,
      revision: BigInt(revision),
      state: state as AlertState,
      policyVersion: this.fanOut.policyVersion,
      judgedOn: shock.judgedOn,
      raisedMs: BigInt(this.raisedAt.getTime()),
      township: code,
      lineFen: BigInt(this.policy.line(code, shock.judgedOn).fen),
    });
  }

  #close(batch: AlertBatch): void {
    this.#messages.push(encodeEvent(topics.alert, batch, { key: batch.township, at: this.raisedAt }));
  }
}
