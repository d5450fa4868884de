/** Where the services differed: kept, and told to the log. */
import type { Tx } from '@fangpin/persistence';
import { LOGGER, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Subject } from './exposure/subjects.js';

export type FindingKind =
  | 'answers-lost'
  | 'alerts-lost'
  | 'checks-lost'
  | 'never-alerted'
  | 'exposure-lost'
  | 'exposure-differs'
  | 'unknown-to-owner'
  | 'still-differs'
  | 'no-reply'
  | 'never-judged'
  | 'not-compared';

export interface Finding {
  readonly reconciliation: number;
  readonly subject: 'answers' | 'finding-answers' | 'joint-answers' | 'judgements' | Subject;
  /** Of answers and judgements: the shock and cause; of answers to findings or joint alerts the first of those compared together. */
  readonly origin?: number;
  readonly shockId?: string;
  /** First of the township. */
  readonly dutyCode: number;
  readonly kind: FindingKind;
  readonly state: 'mended' | 'alarm';
  readonly households: number;
  readonly whose: readonly number[];
}

/** Households kept as a sample. */
export const SAMPLE = 50;

@Injectable()
export class RecordFindings {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  /** A kind is found once in a comparison of a township. */
  async add(tx: Tx, finding: Finding): Promise<void> {
    const { reconciliation, subject, origin, shockId, dutyCode, kind, state, households, whose } = finding;
    await tx.execute(
      `INSERT INTO reconciliation_findings (reconciliation_no, subject, origin, duty_code, kind, state, households, sample)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
      [reconciliation, subject, origin ?? 0, dutyCode, kind, state, households, whose.slice(0, SAMPLE)],
    );
    const told = { reconciliation, subject, shockId, dutyCode, kind, households };
    this.log[state === 'alarm' ? 'error' : 'warn'](told, 'what should be the same differs between the services');
  }
}
