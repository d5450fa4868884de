/**
 * Counts again whom an open shock touches in a township, by the stream and the loss model of the slices, and compares that with who was
 * alerted or withheld. Whoever was missed is looked at; who is missed all the same is an alarm (docs/adr/0051).
 */
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { liveExposure } from '../../exposure/exposure-sets.js';
import { streamExposed } from '../../exposure/exposure-stream.js';
import { findFanOuts, type FanOut } from '../../fan-out/fan-out.js';
import { townshipOf } from '../../fan-out/township.js';
import { TownshipModels } from '../../fan-out/township-models.js';
import { productsAtRisk } from '../../loss/loss-model.js';
import { PolicyVersions } from '../../policy/policy-versions.js';
import { givingWay, liveWork } from '../../simulations/simulation-gate.js';
import { RecordFindings, SAMPLE } from '../record-findings.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from '../settings.js';
import { WorkOnRow } from '../work-on-row.js';
import { judgeMissed } from './judge-missed.rule.js';
import { addTownships, unplannedTownships } from './unplanned-townships.js';
import { claimJudgement, haveLookedAt, missedOf, noteJudgement, type JudgementRow } from './judgement-rows.js';

@Injectable()
export class CompareJudgements {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    private readonly findings: RecordFindings,
    private readonly rows: WorkOnRow,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
  ) {}

  /** Takes one township; answers whether there was one. None while slices of live shocks are to be run: it has the whole day. */
  async execute(signal: AbortSignal): Promise<boolean> {
    if (await liveWork(this.database)) return false;
    return this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), async (tx) => {
      const row = await claimJudgement(tx, this.settings.restSeconds);
      if (row === undefined) return false;
      const of = { ...findingOf(row), table: 'reconciliation_judgements' } as const;
      await this.rows.execute(tx, of, (within) => this.compare(within, row, signal), signal);
      return true;
    });
  }

  private async compare(tx: Tx, row: JudgementRow, signal: AbortSignal): Promise<void> {
    const [fanOut] = await findFanOuts(
      tx,
      `f.origin = $1 AND f.shock_revision = $2 AND f.state IN ('running', 'done')
         AND NOT EXISTS (SELECT FROM fan_outs later WHERE later.origin = f.origin AND later.shock_revision > f.shock_revision)`,
      [row.origin, row.shock_revision],
    );
    const { missed: found, missed_ids: foundIds } = row;
    if (fanOut === undefined) return noteJudgement(tx, row, { state: 'left', missed: found, missedIds: foundIds });
    if (row.census) return this.countTownships(tx, row, fanOut);
    const touched = await this.touched(fanOut, townshipOf(row.duty_code), signal);
    const missed = await missedOf(tx, fanOut, row.duty_code, touched);
    const unexplained = missed.filter(({ queued }) => !queued).map(({ id }) => id);
    const round = row.round + 1;
    const state = judgeMissed({
      unexplained: unexplained.length,
      queued: missed.length - unexplained.length,
      ...{ found, round, rounds: this.settings.rounds },
    });
    const most = unexplained.length > found;
    const seen = {
      missed: most ? unexplained.length : found,
      missedIds: most ? unexplained.slice(0, SAMPLE) : foundIds,
    };
    if (state === 'again') await haveLookedAt(tx, row.duty_code, unexplained);
    if (state === 'mended') await this.find(tx, row, fanOut, 'mended', seen.missed, seen.missedIds);
    if (state === 'alarm') await this.find(tx, row, fanOut, 'alarm', unexplained.length, unexplained);
    const households = touched.length;
    await noteJudgement(tx, row, { ...seen, households, state: state === 'again' ? 'resting' : state });
  }

  /** Townships that are touched and that nobody was judged in are compared in this comparison, too: they find who was missed. */
  private async countTownships(tx: Tx, row: JudgementRow, fanOut: FanOut): Promise<void> {
    const policy = await this.policies.get(fanOut.policyVersion);
    const unplanned = await unplannedTownships(tx, fanOut, productsAtRisk(fanOut.shock, policy));
    await addTownships(tx, row, unplanned.slice(0, this.settings.townshipsOfShock));
    await noteJudgement(tx, row, { state: 'agreed', missed: 0, missedIds: [] });
  }

  /** Households of a township that the loss model finds a loss for, alerted by it or not. Their ids are all that is kept of them. */
  private async touched(fanOut: FanOut, township: number, signal: AbortSignal): Promise<number[]> {
    const policy = await this.policies.get(fanOut.policyVersion);
    const models = new TownshipModels(fanOut, policy);
    const products = productsAtRisk(fanOut.shock, policy);
    const ids: number[] = [];
    await this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), async (reading) => {
      await streamExposed(
        reading,
        await liveExposure(reading, 'read'),
        { shock: fanOut.shock, products },
        { townships: [township] },
        (household) => {
          if (models.of(household.dutyCode).assess(household) !== undefined) ids.push(household.householdId);
        },
        givingWay(this.database, signal),
      );
    });
    return ids;
  }

  private find(
    tx: Tx,
    row: JudgementRow,
    { shockId }: FanOut,
    state: 'mended' | 'alarm',
    households: number,
    whose: readonly number[],
  ): Promise<void> {
    const { of } = findingOf(row);
    return this.findings.add(tx, { ...of, shockId, kind: 'never-judged', state, households, whose });
  }
}

function findingOf({ reconciliation_no: reconciliation, origin, duty_code: dutyCode, failures }: JudgementRow) {
  return {
    key: { column: 'origin', value: origin },
    failures,
    of: { reconciliation, subject: 'judgements', origin, dutyCode },
  } as const;
}
