/** What must hold of a round once nothing is killed any more: of its shock, of its findings, and of what was made of both. */
import { accountFaults, recallFaults } from '../client/accounts.ts';
import { followFanOut, isFinal, type FanOut } from '../client/fan-out.ts';
import type { HttpClient } from '../client/http-client.ts';
import { Failure } from '../failure.ts';
import type { Applied } from './kills-application.ts';
import { applicationFaults, type Concerned } from './kills-application-checks.ts';
import { explanationFaults } from './kills-alert-checks.ts';
import type { CheckedSystem } from './kills-checks.ts';
import { comparisonFaults } from './kills-comparison.ts';
import { judgedFindings, type JudgedFindings } from './kills-findings-checks.ts';
import { takeFindingsBack, type SentFindings } from './kills-findings.ts';
import type { RoundPlan } from './kills-plan.ts';
import { riskFaults } from './kills-risk-checks.ts';
import { cancelOf, sendUntilTaken, type RoundShock, type SeededArea } from './kills-shocks.ts';
import { faultsThatStay, waitFor } from './wait.ts';

export interface KillsWorld extends CheckedSystem {
  readonly client: HttpClient;
  /** Of the department whose findings are sent. */
  readonly department: HttpClient;
  readonly area: SeededArea;
  /** In order of id. */
  readonly households: readonly number[];
}

/** What a round has sent, as far as it was acknowledged. */
export interface SentRound {
  readonly plan: RoundPlan;
  readonly shock: RoundShock;
  readonly shockId: string;
  readonly findings: SentFindings;
  readonly since: Date;
  /** Where the round applies a policy backwards: to what, and what the services say of it. */
  readonly concerned?: Concerned | undefined;
  readonly applied?: Applied | undefined;
}

const SETTLE_MS = 180_000;
const POLL_MS = 150;
const HEARING = { everyMs: POLL_MS, timeoutMs: SETTLE_MS };
const PATIENCE = { everyMs: 400, timeoutMs: 120_000 };
const EXPLAINED = 3;

export interface CheckedRound {
  readonly faults: readonly string[];
  /** Findings by what became of them, before they were called off. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Waits for all that is to come of it. Calls shock and findings off where the plan says so, and looks again. */
export async function checkRound(world: KillsWorld, round: SentRound): Promise<CheckedRound> {
  const { plan, findings, shockId } = round;
  const faults = await shockFaults(world, round);
  faults.push(...(await appliedFaults(world, round)));
  const judged = await findingFaults(world, findings);
  const standing = findings.singles.filter(({ withdrawn }) => !withdrawn).slice(0, EXPLAINED);
  faults.push(
    ...judged.faults,
    ...(await explanationFaults(
      world.client,
      standing.map(({ findingId }) => findingId),
    )),
  );
  faults.push(...(await risks(world, round, judged)));
  if (plan.recallAfter) {
    const calledOff = plan.then?.what === 'cancel' ? undefined : sendUntilTaken(world.client, cancelOf(shockId));
    await Promise.all([takeFindingsBack(world.department, findings), calledOff]);
    if (calledOff !== undefined) faults.push(...afterRecall(await recallFaults(world, await settled(world, shockId))));
    const back = await findingFaults(world, findings);
    faults.push(...afterRecall(back.faults), ...afterRecall(await risks(world, round, back)));
  }
  if (plan.compares) faults.push(...(await comparisonFaults(world, world.client)));
  return { faults, outcomes: judged.outcomes };
}

async function appliedFaults(world: KillsWorld, { plan, concerned, applied }: SentRound): Promise<readonly string[]> {
  const alertFrom = plan.applies?.alertFrom;
  if (alertFrom === undefined || concerned === undefined || applied === undefined) return [];
  const ledgerOf = (shockId: string): Promise<FanOut> => settled(world, shockId);
  return faultsThatStay(PATIENCE, () => applicationFaults(world, concerned, applied, alertFrom, ledgerOf));
}

const afterRecall = (faults: readonly string[]): string[] => faults.map((fault) => `after the recall: ${fault}`);

async function shockFaults(world: KillsWorld, { plan, shock, shockId }: SentRound): Promise<string[]> {
  const faults: string[] = [];
  const { text, values } = shock.storedSql;
  const [stored] = await world.sql<{ n: number }>('shock-feeds', text, [...values]);
  if (stored?.n !== 1) faults.push(`the shock is stored ${stored?.n} times`);
  const fanOut = await settled(world, shockId);
  if (plan.then?.what === 'cancel') return [...faults, ...(await recallFaults(world, fanOut))];
  const mustFind = await shock.mustFind(world);
  if (mustFind.length === 0) faults.push('the shock must find nobody: the round shows nothing');
  const revised = plan.then?.what === 'correction';
  return [...faults, ...(await accountFaults(world, fanOut, mustFind, { revised }))];
}

async function findingFaults(world: KillsWorld, findings: SentFindings): Promise<JudgedFindings> {
  let judged: JudgedFindings = { faults: [], outcomes: {}, origins: [] };
  const faults = await faultsThatStay(PATIENCE, async () => (judged = await judgedFindings(world, findings)).faults);
  return { ...judged, faults };
}

/** Episodes follow beside the shocks, so they are given their time. */
async function risks(world: KillsWorld, { shockId, since }: SentRound, judged: JudgedFindings): Promise<string[]> {
  const ofShock = await world.sql<{ origin: string }>(
    'risk-alerts',
    'SELECT origin::text FROM origins WHERE shock_id = $1',
    [shockId],
  );
  const origins = [...ofShock.map(({ origin }) => origin), ...judged.origins];
  return [...(await faultsThatStay(PATIENCE, () => riskFaults(world, origins, since)))];
}

/**
 * The ledger when risk-alerts has heard the last revision that shock-feeds has said, and is done or recalled. A revision that says
 * that the shock is over opens no fan-out: the ledger stays that of the revision before.
 */
export async function settled(world: KillsWorld, shockId: string): Promise<FanOut> {
  const [last] = await world.sql<{ revision: string }>(
    'shock-feeds',
    'SELECT revision FROM shocks WHERE shock_id = $1',
    [shockId],
  );
  if (last === undefined) throw new Failure(`shock ${shockId} was answered by 202 and is not stored`);
  await waitFor({ what: `risk-alerts has heard revision ${last.revision}`, ...HEARING }, async () => {
    const heard = 'SELECT 1 FROM shocks WHERE shock_id = $1 AND revision >= $2';
    return (await world.sql('risk-alerts', heard, [shockId, last.revision]))[0];
  });
  return followFanOut(world.client, shockId, { pollMs: POLL_MS, timeoutMs: SETTLE_MS, until: isFinal });
}
