/** What must have become of the findings of a round: each that was acknowledged is an alert, or held back with its reason. */
import { differences } from '../client/accounts.ts';
import type { ServiceSql } from '../client/service-sql.ts';
import { alertFaults, lastAlerts, named } from './kills-alert-checks.ts';
import type { SentFindings } from './kills-findings.ts';

interface Stored {
  readonly id: string;
  readonly household: string | null;
  readonly revision: string;
  readonly state: number;
  readonly batch: string | null;
}

interface Judged {
  readonly id: string;
  readonly revision: string;
  readonly origin: string;
  readonly outcome: string;
  readonly reason: string | null;
}

export interface JudgedFindings {
  readonly faults: readonly string[];
  /** How many ended in each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Under which their alerts stand. */
  readonly origins: readonly string[];
}

const WITHDRAWN = 2;
/** Rows of a sheet beside those of households: one refused, one of nobody known. */
const STRANGERS = 1;
const REFUSED = 1;

/** Whether all of them ended as they must; to be asked again until they have had the time. */
export async function judgedFindings(world: ServiceSql, sent: SentFindings): Promise<JudgedFindings> {
  const stored = await world.sql<Stored & Record<string, unknown>>(
    'intake',
    `SELECT finding_id AS id, household_id::text AS household, revision::text, state, stated_in_batch AS batch
     FROM findings WHERE period = $1 AND named_household IS NOT NULL`,
    [sent.plan.since],
  );
  const found = stored.filter(({ household }) => household !== null);
  const judged = await world.sql<Judged & Record<string, unknown>>(
    'risk-alerts',
    'SELECT finding_id AS id, revision::text, origin::text, outcome, reason FROM findings WHERE finding_id = ANY($1::uuid[])',
    [found.map(({ id }) => id)],
  );
  const origins = judged.map(({ origin }) => origin);
  const alerts = await lastAlerts(world, origins);
  const outcomes: Record<string, number> = {};
  for (const { outcome } of judged) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const faults = [
    ...storedFaults(sent, stored),
    ...batchFaults(sent),
    ...judgedFaults(found, judged),
    ...saidFaults(sent, judged, alerts),
    ...(await alertFaults('alerts of findings', world, alerts, origins)),
  ];
  return { faults, outcomes, origins };
}

/** What intake keeps is what it has acknowledged, each finding once. */
function storedFaults({ plan, singles, sheet }: SentFindings, stored: readonly Stored[]): string[] {
  const byId = new Map(stored.map((row) => [row.id, row]));
  const lost = singles.filter(({ findingId, revision, withdrawn }) => {
    const row = byId.get(findingId);
    return row === undefined || Number(row.revision) !== revision || (row.state === WITHDRAWN) !== withdrawn;
  });
  const households = stored.flatMap(({ household }) => (household === null ? [] : [Number(household)]));
  const ofSheet = stored.filter(({ batch, household }) => batch === sheet.batchId && household !== null);
  const alone = singles.map(({ householdId }) => householdId);
  // A sheet that is taken back on the way has not been read to its end.
  const inSheet = sheet.withdrawn
    ? ofSheet.map(({ household }) => Number(household))
    : plan.sheet.rows.map(({ householdId }) => householdId);
  const otherwise = ofSheet.filter(({ state }) => (state === WITHDRAWN) !== sheet.withdrawn);
  return [
    ...named(
      'acknowledged findings that intake does not keep so',
      lost.map(({ findingId }) => findingId),
    ),
    ...named(
      'findings of the sheet in another state',
      otherwise.map(({ id }) => id),
    ),
    ...differences(
      'findings that intake keeps',
      households,
      [...alone, ...inSheet].sort((a, b) => a - b),
    ),
  ];
}

function batchFaults({ plan, sheet: { batch, withdrawn } }: SentFindings): string[] {
  const rows = plan.sheet.rows.length + STRANGERS + REFUSED;
  const adds = batch.matched + batch.unmatched + batch.rejected === rows && batch.matched === plan.sheet.rows.length;
  const isWhole = batch.rows === rows && batch.rejected === REFUSED && (withdrawn || adds);
  return isWhole ? [] : [`the batch of ${rows} rows does not add up: ${JSON.stringify(batch)}`];
}

/** risk-alerts has judged the revision that intake has said, and tells a reason where it raised nothing. */
function judgedFaults(found: readonly Stored[], judged: readonly Judged[]): string[] {
  const byId = new Map(judged.map((row) => [row.id, row]));
  const wrong = (is: (row: Judged | undefined, stored: Stored) => boolean): string[] =>
    found.filter((stored) => is(byId.get(stored.id), stored)).map(({ id }) => `${id} (${byId.get(id)?.outcome})`);
  return [
    ...named(
      'findings that were not judged as they are',
      wrong((row, { revision }) => row?.revision !== revision),
    ),
    ...named(
      'findings whose withdrawal is not what became of them',
      wrong((row, { state }) => row !== undefined && (row.outcome === 'withdrawn') !== (state === WITHDRAWN)),
    ),
    ...named(
      'findings without an outcome that explains itself',
      wrong((row) => row?.outcome === 'waiting' || (row?.outcome === 'withheld' && row.reason === null)),
    ),
  ];
}

/** An alert stands where the outcome says so, and nobody was told more often than something new was stated. */
function saidFaults(
  { singles, sheet }: SentFindings,
  judged: readonly Judged[],
  alerts: Awaited<ReturnType<typeof lastAlerts>>,
): string[] {
  const byOrigin = new Map(alerts.map((alert) => [alert.origin, alert]));
  const statedOf = new Map(singles.map(({ findingId, stated }) => [findingId, stated]));
  const ofSheet = sheet.withdrawn ? 2 : 1;
  const otherwise = judged.filter(
    ({ outcome, origin }) => (outcome === 'alerted') !== (byOrigin.get(origin)?.raised === true),
  );
  const often = judged.filter(
    ({ id, origin }) => (byOrigin.get(origin)?.revisions ?? 0) > (statedOf.get(id) ?? ofSheet),
  );
  return [
    ...named(
      'findings whose alert is not what the outcome says',
      otherwise.map(({ id, outcome }) => `${id} (${outcome})`),
    ),
    ...named(
      'findings alerted more often than they were stated',
      often.map(({ id }) => id),
    ),
  ];
}
