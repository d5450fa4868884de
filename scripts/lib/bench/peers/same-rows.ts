/** Whether a peer has done the same job: the very rows of alerts that the services have, and a case for each. */
import { Failure } from '../../failure.ts';
import type { BenchDatabases } from '../bench-databases.ts';
import { alertColumns, PEER_SCHEMA } from './tables.ts';

/** Unlike from run to run of the services themselves. */
const OWN_COLUMNS: readonly string[] = ['slice_no'];

/** Refuses a peer whose rows differ from the services', or are not `households` many. */
export async function requireSameRows({ alerts }: BenchDatabases, peer: string, households: number): Promise<void> {
  const compared = alertColumns.filter((column) => !OWN_COLUMNS.includes(column));
  const of = (table: string): string => compared.map((column) => `${table}.${column}`).join(', ');
  const { rows } = await alerts.query<{ alerts: number; unlike: number; cases: number }>(
    `SELECT (SELECT count(*)::int FROM ${PEER_SCHEMA}.alerts) AS alerts,
       (SELECT count(*)::int FROM ${PEER_SCHEMA}.alerts AS theirs LEFT JOIN public.alerts AS ours USING (household_id, origin)
        WHERE (${of('theirs')}) IS DISTINCT FROM (${of('ours')})) AS unlike,
       (SELECT count(*)::int FROM ${PEER_SCHEMA}.cases AS c JOIN ${PEER_SCHEMA}.alerts AS a
          ON a.household_id = c.household_id AND a.origin = c.case_origin AND a.severity = c.severity) AS cases`,
  );
  const [found] = rows;
  if (found?.alerts !== households || found.cases !== households || found.unlike > 0)
    throw new Failure(
      `the ${peer} peer made ${found?.alerts} alerts (${found?.unlike} unlike ours) and ${found?.cases} cases of ${households}`,
    );
}
