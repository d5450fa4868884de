/**
 * Judges findings again that somebody else's work depends on: a household's exposure, or the round for all that wait. What can be read and judged
 * is, together; one that cannot stays as it was, is put off, and holds up nobody.
 */
import { inSavepoint, isTransient } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { LOGGER, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { failNoLonger, putOffFinding } from './failing-findings.js';
import { readHeld, type HeldRow, type OpenFinding } from './finding-rows.js';
import { JudgeFindings } from './judge-findings.js';

/** Judges findings that the transaction holds, and stores what follows. */
export type Judging = (tx: Tx, findings: readonly OpenFinding[]) => Promise<unknown>;

@Injectable()
export class JudgeEach {
  constructor(
    private readonly judge: JudgeFindings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Judges those of the held findings that are to be, by `judging` where it is given; throws only what passes by itself (a database that is away).
   */
  async execute(
    tx: Tx,
    rows: readonly HeldRow[],
    isToBe: (finding: OpenFinding) => boolean = () => true,
    judging: Judging = (part, findings) => this.judge.execute(part, findings),
  ): Promise<void> {
    const findings: OpenFinding[] = [];
    const leftOut: string[] = [];
    for (const row of rows)
      try {
        const finding = readHeld(row);
        if (isToBe(finding)) findings.push(finding);
        else leftOut.push(row.findingId);
      } catch (error) {
        await this.putOff(tx, row.findingId, error);
      }
    if (leftOut.length > 0) await failNoLonger(tx, leftOut);
    await this.together(tx, findings, judging);
  }

  /** In halves where they cannot be judged together, until the one stands alone that fails. */
  private async together(tx: Tx, findings: readonly OpenFinding[], judging: Judging): Promise<void> {
    const [first] = findings;
    if (first === undefined) return;
    try {
      await inSavepoint(tx, async (part) => void (await judging(part, findings)));
    } catch (error) {
      if (isTransient(error)) throw error;
      if (findings.length === 1) return this.putOff(tx, first.facts.findingId, error);
      const middle = findings.length >> 1;
      await this.together(tx, findings.slice(0, middle), judging);
      return this.together(tx, findings.slice(middle), judging);
    }
    await failNoLonger(
      tx,
      findings.map(({ facts }) => facts.findingId),
    );
  }

  private async putOff(tx: Tx, findingId: string, error: unknown): Promise<void> {
    this.log.error(
      { err: error, findingId },
      'a finding cannot be judged again; it stays as it was and is tried later',
    );
    await putOffFinding(tx, findingId, error);
  }
}
