/** Goes into the replies of assistance-cases, asks again where it must, and closes what is done. */
import { topics } from '@fangpin/contracts';
import { Outbox } from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { liveWork } from '../simulations/simulation-gate.js';
import { tallyMessages, type AskedOthers } from './ask-tallies.js';
import { takeDueTallies, type TallyRow } from './due-tallies.js';
import { judgeTally } from './judge-tally.rule.js';
import { groupTallyOf, type GroupTally } from './finding-tallies.js';
import { PublishAgain } from './publish-again.js';
import { PublishFindingsAgain } from './publish-findings-again.js';
import { PublishJointAgain } from './publish-joint-again.js';
import { RecordFindings, type FindingKind } from './record-findings.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';
import { alertedIn, talliesOf, type Tally } from './tally-sql.js';
import { WorkOnRow, type RowWorkedOn } from './work-on-row.js';

type OwnTally = Tally & Pick<GroupTally, 'unansweredOrigins'>;
type ReadOwn = () => Promise<OwnTally>;

const nothing = (origin: number, township: number): Tally => ({
  ...{ origin, township, households: 0, hash: '' },
  ...{ unanswered: [], strangers: [], checks: 0, checksHash: '' },
});

@Injectable()
export class SettleTallies {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly publishAgain: PublishAgain,
    private readonly publishFindingsAgain: PublishFindingsAgain,
    private readonly publishJointAgain: PublishJointAgain,
    private readonly findings: RecordFindings,
    private readonly rows: WorkOnRow,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(RECONCILIATION_SETTINGS) private readonly settings: ReconciliationSettings,
  ) {}

  /**
   * Takes what is due of one shock and cause, or one group of findings; answers whether there was any. None while slices of live shocks are to be
   * run: it reads all alerts and answers of the shock.
   */
  async execute(): Promise<boolean> {
    if (await liveWork(this.database)) return false;
    return this.database.transaction(cellScope('job:reconciliation', this.env.cellRegion), async (tx) => {
      const rows = await takeDueTallies(tx, this.settings);
      let read: Promise<ReadonlyMap<number, OwnTally>> | undefined;
      for (const row of rows) {
        const own: ReadOwn = async () => {
          const { origin, duty_code } = row;
          const tallies = await (read ??= this.read(tx, rows));
          const township = duty_code / TOWNSHIP_SPAN;
          return tallies.get(township) ?? { ...nothing(origin, township), unansweredOrigins: [] };
        };
        await this.rows.execute(tx, workOn(row), (within) => this.settle(within, row, own));
      }
      return rows.length > 0;
    });
  }

  private async settle(tx: Tx, row: TallyRow, own: ReadOwn): Promise<void> {
    if (row.state === 'resting') return this.ask(tx, row, own);
    if (row.their_hash === null) return this.silence(tx, row, own);
    return this.judge(tx, row, own, { households: row.their_households ?? 0, hash: row.their_hash });
  }

  private async judge(
    tx: Tx,
    row: TallyRow,
    readOwn: ReadOwn,
    theirs: { households: number; hash: string },
  ): Promise<void> {
    const own = await readOwn();
    const strangers = [...own.strangers, ...(row.others ?? [])];
    const verdict = judgeTally({
      own,
      theirs,
      checksAgree: checksAgree(own, row),
      unanswered: own.unanswered.length,
      strangers: strangers.length,
      untouched: row.agreed_at_once === true && row.published_again === 0,
      round: row.round,
      rounds: this.settings.rounds,
    });
    await this.findFetched(tx, row, own);
    if (verdict.kind === 'again') {
      const published = await this.publishLost(tx, row, own, theirs);
      await this.change(tx, row, 'resting', row.published_again + published);
    } else if (verdict.kind === 'alarm') {
      const whose = verdict.because === 'never-alerted' ? strangers : own.unanswered;
      await this.find(tx, row, verdict.because, 'alarm', whose.length, whose);
      await this.change(tx, row, 'alarm', row.published_again);
    } else await this.change(tx, row, verdict.kind, row.published_again);
  }

  /** Answers and checks came before their reply and changed what is held here. */
  private async findFetched(tx: Tx, row: TallyRow, own: OwnTally): Promise<void> {
    if (row.agreed_at_once !== false) return;
    if (own.hash !== row.hash)
      await this.find(tx, row, 'answers-lost', 'mended', Math.max(1, Math.abs(own.households - row.households)), []);
    if (row.checks !== null && own.checksHash !== row.checks_hash)
      await this.find(tx, row, 'checks-lost', 'mended', Math.max(1, Math.abs(own.checks - row.checks)), []);
  }

  /**
   * Alerts without an answer; where all have one and the other side still holds less for the second time, it has lost what it
   * had answered, and all alerts of the township are published again. Nothing where only checks differ: they have been said again.
   */
  private async publishLost(
    tx: Tx,
    row: TallyRow,
    own: OwnTally,
    theirs: { households: number; hash: string },
  ): Promise<number> {
    const { unanswered } = own;
    const all = unanswered.length === 0 && own.hash !== theirs.hash && row.round > 1;
    const published = await this.publish(tx, row, own, all);
    const lost = all ? Math.max(1, Math.abs(own.households - theirs.households)) : published;
    if (published > 0) await this.find(tx, row, 'alerts-lost', 'mended', lost, unanswered);
    return published;
  }

  private async publish(tx: Tx, row: TallyRow, own: OwnTally, all: boolean): Promise<number> {
    const { origin, origins, joint, duty_code } = row;
    if (origins === null)
      return this.publishAgain.execute(tx, origin, all ? await alertedIn(tx, origin, duty_code) : own.unanswered);
    const these = all ? origins : own.unansweredOrigins;
    return joint ? this.publishJointAgain.execute(tx, these) : this.publishFindingsAgain.execute(tx, these);
  }

  private async silence(tx: Tx, row: TallyRow, own: ReadOwn): Promise<void> {
    if (row.round < this.settings.rounds) return this.ask(tx, row, own);
    await this.find(tx, row, 'no-reply', 'alarm', row.households, []);
    await this.change(tx, row, 'alarm', row.published_again);
  }

  private async ask(tx: Tx, row: TallyRow, readOwn: ReadOwn): Promise<void> {
    const own = await readOwn();
    await tx.execute(
      `UPDATE reconciliation_tallies SET state = 'asked', round = round + 1, households = $4, hash = $5, checks = $6, checks_hash = $7,
         asked_at = clock_timestamp(), their_households = NULL, their_hash = NULL, their_checks = NULL, their_checks_hash = NULL,
         others = NULL
       WHERE reconciliation_no = $1 AND origin = $2 AND duty_code = $3`,
      [
        ...[row.reconciliation_no, row.origin, row.duty_code, own.households, own.hash],
        // What a check found of a joint alert is said, and noted, of its parts.
        ...(row.joint ? [null, null] : [own.checks, own.checksHash]),
      ],
    );
    const shockIds = new Map([[row.origin, row.shock_id ?? '']]);
    const asked = { ...own, origins: row.origins, others: othersOf(row), checked: row.joint ? null : own };
    await this.outbox.add(tx, topics.answerTally, tallyMessages(row.reconciliation_no, [asked], shockIds));
  }

  /** What is held here, by township: of rows of one shock and cause at once, or of the one group. */
  private async read(tx: Tx, rows: readonly TallyRow[]): Promise<ReadonlyMap<number, OwnTally>> {
    const [{ origin, origins, duty_code }] = rows as readonly [TallyRow, ...TallyRow[]];
    const { quietSeconds } = this.settings;
    if (origins !== null) {
      const township = duty_code / TOWNSHIP_SPAN;
      return new Map([[township, { origin, township, ...(await groupTallyOf(tx, origins, quietSeconds)) }]]);
    }
    const townships = rows.map((row) => row.duty_code / TOWNSHIP_SPAN);
    const tallies = await talliesOf(tx, [origin], quietSeconds, townships);
    return new Map(tallies.map((tally) => [tally.township, { ...tally, unansweredOrigins: [] }]));
  }

  private async change(tx: Tx, row: TallyRow, state: string, publishedAgain: number): Promise<void> {
    await tx.execute(
      `UPDATE reconciliation_tallies SET state = $4, published_again = $5, asked_at = clock_timestamp()
       WHERE reconciliation_no = $1 AND origin = $2 AND duty_code = $3`,
      [row.reconciliation_no, row.origin, row.duty_code, state, publishedAgain],
    );
  }

  private async find(
    tx: Tx,
    row: TallyRow,
    kind: FindingKind,
    state: 'mended' | 'alarm',
    households: number,
    whose: readonly number[],
  ): Promise<void> {
    await this.findings.add(tx, { ...workOn(row).of, kind, state, households, whose });
  }
}

function workOn(row: TallyRow): RowWorkedOn {
  return {
    table: 'reconciliation_tallies',
    key: { column: 'origin', value: row.origin },
    failures: row.failures,
    of: {
      reconciliation: row.reconciliation_no,
      subject: row.origins === null ? 'answers' : row.joint ? 'joint-answers' : 'finding-answers',
      origin: row.origin,
      ...(row.shock_id === null ? {} : { shockId: row.shock_id }),
      dutyCode: row.duty_code,
    },
  };
}

/** True where they are not compared. */
function checksAgree(own: OwnTally, { checks, their_checks, their_checks_hash }: TallyRow): boolean {
  if (checks === null || their_checks_hash === null) return true;
  return own.checks === their_checks && own.checksHash === their_checks_hash;
}

function othersOf({ others_since, others_above, others_up_to }: TallyRow): AskedOthers | null {
  if (others_since === null || others_above === null || others_up_to === null) return null;
  return { sinceMs: others_since.getTime(), above: others_above, upTo: others_up_to };
}
