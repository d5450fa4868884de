/** Reads all that endangers one household, as one picture. */
import { JOINT_CAUSE, reasonsFromBits } from '@fangpin/contracts';
import { composeDerivedId, NotFound, regionOfDuty, shanghaiDay, toBeijingTime, type Clock } from '@fangpin/domain-kit';
import { arrayLiteral, Database, type Scope, type Tx } from '@fangpin/persistence';
import { underPolicy, type LineAnswer } from '@fangpin/policy';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { explainedShared, ofSeveralCauses } from '../joint/shared-text.js';
import { heldBackLosses } from '../joint/held-back.js';
import { standingParts, type AlertKey } from '../joint/joint-rows.js';
import { TakeApart } from '../joint/take-apart.js';
import { answerWords } from '../ledger/answer-words.js';
import type { LossRange } from '../loss/household.js';
import { severityPolicyOf } from '../loss/severity-policy.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { parseHouseholdId } from './episode-id.js';
import { livesOn } from './episode-lives.js';
import { SHOWN_COLUMNS, showEpisode, type ShownEpisodeRow } from './episode-rows.js';
import { passesMs } from './followed-alert.rule.js';
import { jointRisk, type JointRisk, type StandingAlert } from './joint-risk.rule.js';
import type { PictureAnswer, PictureProjection, PictureResponse, RangeFen } from './picture.responses.js';
import { pictureText } from './picture-text.js';

interface StandingKey extends AlertKey, Record<string, unknown> {
  readonly raisedMs: number;
}

interface AnswerRow extends Record<string, unknown> {
  origin: number;
  outcome: number;
  case_origin: number;
  state: string | null;
}

@Injectable()
export class ReadPicture {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyVersions,
    private readonly takeApart: TakeApart,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** 404 for a household that never had an episode in the scope. */
  async get(id: string, scope: Scope): Promise<PictureResponse> {
    const householdId = parseHouseholdId(id, 'risk picture');
    const {
      rows,
      standing,
      answers,
      joint: several,
    } = await this.database.transaction(scope, async (tx) => {
      const found = await tx.query<ShownEpisodeRow>(
        `SELECT ${SHOWN_COLUMNS} FROM risk_episodes WHERE household_id = $1 ORDER BY severity DESC, opened_at, cause, ordinal`,
        [householdId],
      );
      if (found.length === 0) throw new NotFound('risk picture', id);
      const keys = await standingAlerts(tx, householdId);
      const countsStill = this.countsStill(dutyOf(found));
      const parts =
        (await standingParts(tx, new Map([[householdId, keys.filter(countsStill)]]))).get(householdId) ?? [];
      const losses = (await heldBackLosses(tx, [householdId])).get(householdId) ?? [];
      const heldBack = losses.filter((loss) => loss.goneWhy === null && countsStill(loss)).map(({ part }) => part);
      const added = new Map([[householdId, [...parts, ...heldBack]]]);
      const alerts = (await this.takeApart.execute(tx, added)).get(householdId) ?? [];
      const together = await standingJoint(tx, householdId);
      return {
        rows: found,
        standing: alerts,
        answers: await answersTo(tx, householdId, keys),
        joint: (await answersTo(tx, householdId, together))[0] ?? null,
      };
    });
    const open = rows.filter(({ state }) => state === 'open');
    const takenBack = rows.filter(({ state, tell_from }) => state === 'ended' && tell_from !== null);
    const now = this.clock.now();
    const { current: policy } = this.policies;
    const dutyCode = dutyOf(rows);
    const township = regionOfDuty(dutyCode, 'township');
    const judgedOn = shanghaiDay(now);
    // Where no line was set the alerts are told as they stand, and not added up.
    const line = underPolicy(() => policy.line(township, judgedOn));
    const joint = line && jointRisk(standing, severityPolicyOf({ judgedOn }, policy, township));
    const worst = open.reduce((most, { severity }) => Math.max(most, severity), 0);
    return {
      householdId,
      region: regionOfDuty(dutyCode, 'village'),
      episodes: open.map(showEpisode),
      projection: joint === undefined || line === undefined ? null : projectionOf(householdId, joint, line),
      worstSeverity: worst,
      jointSeverity: Math.max(worst, joint?.jointSeverity ?? 0),
      reasons: reasonsFromBits(joint?.reasons ?? 0),
      answers,
      joint: several,
      policyVersion: policy.version,
      text: pictureText(open, takenBack, standing, joint, line),
      asOf: toBeijingTime(now),
    };
  }

  /** What an open case alone keeps is a risk still, but its loss is in the income by now. */
  private countsStill(dutyCode: number): (alert: Pick<StandingKey, 'cause' | 'raisedMs'>) => boolean {
    const now = this.clock.now();
    const lifeOf = livesOn(this.policies.current, shanghaiDay(now))(dutyCode);
    return (alert) => passesMs(alert, lifeOf(alert.cause)) > now.getTime();
  }
}

/** Where the household is: its open episodes move with it. */
function dutyOf(rows: readonly ShownEpisodeRow[]): number {
  return (rows.find(({ state }) => state === 'open') ?? (rows[0] as ShownEpisodeRow)).duty_code;
}

/** Alerts that stand: what they hold counts, and no case that has ended answers them. */
function standingAlerts(tx: Tx, householdId: number): Promise<StandingKey[]> {
  return tx.query<StandingKey>(
    `SELECT origin, revision, cause, (extract(epoch FROM raised_at) * 1000)::bigint AS "raisedMs" FROM episode_alerts
     WHERE household_id = $1 AND raised AND held > 0 AND gone_since IS NULL ORDER BY origin`,
    [householdId],
  );
}

type AlertAnswered = Pick<StandingAlert, 'origin' | 'cause'>;

/** The alert of all of them together, where it stands; at most one. */
async function standingJoint(tx: Tx, householdId: number): Promise<AlertAnswered[]> {
  const rows = await tx.query<{ origin: number }>(
    `SELECT origin FROM joint_alerts WHERE household_id = $1 AND state = 'raised'`,
    [householdId],
  );
  return rows.map(({ origin }) => ({ origin, cause: JOINT_CAUSE }));
}

async function answersTo(tx: Tx, householdId: number, alerts: readonly AlertAnswered[]): Promise<PictureAnswer[]> {
  const rows = await tx.query<AnswerRow>(
    `SELECT DISTINCT ON (t.origin) t.origin, pair.outcome, pair.case_origin, c.state
     FROM triage_answers t, unnest(t.household_ids, t.outcomes, t.case_origins) AS pair (household_id, outcome, case_origin)
       LEFT JOIN case_states c ON c.case_origin = pair.case_origin AND c.household_id = pair.household_id
     WHERE t.origin = ANY($2::bigint[]) AND t.household_ids @> ARRAY[$1::bigint] AND pair.household_id = $1
     ORDER BY t.origin, t.alert_revision DESC, t.answer_no DESC`,
    [householdId, arrayLiteral(alerts.map(({ origin }) => origin))],
  );
  const answers = new Map(rows.map((row) => [row.origin, row]));
  return alerts.map(({ origin, cause }) => {
    const answer = answers.get(origin);
    const caseId =
      answer === undefined || answer.case_origin <= 0
        ? null
        : composeDerivedId({ origin: answer.case_origin, householdId });
    return {
      alertId: composeDerivedId({ origin, householdId }),
      cause,
      outcome: answer === undefined ? 'waiting' : (answerWords[answer.outcome] ?? 'waiting'),
      caseId,
      caseState: answer?.state ?? null,
    };
  });
}

const rangeFen = ({ low, middle, high }: LossRange): RangeFen => ({ lowFen: low, middleFen: middle, highFen: high });

function projectionOf(householdId: number, joint: JointRisk, line: LineAnswer): PictureProjection {
  return {
    persons: joint.persons,
    perCapitaFen: joint.perCapitaFen,
    incomeLoss: rangeFen(joint.incomeLoss),
    bills: rangeFen(joint.bills),
    paidFen: joint.paidFen,
    spendingFen: joint.spendingFen,
    projectedPerCapita: joint.projected === null ? null : rangeFen(joint.projected),
    lineFen: line.fen,
    lineAssumed: line.assumed,
    shared: ofSeveralCauses(joint.shared).map(explainedShared),
    notAdded: joint.notAdded.map((origin) => composeDerivedId({ origin, householdId })),
  };
}
