/**
 * Jobs of an officer that only a process of one policy version may carry on (policy applied backwards). Where the last one was rolled on to
 * another version before the job was done, it would run for ever: processes of a version say now and then that they are there, and where none
 * has for a while, those of another version let it lapse.
 */
import type { Tx } from '@fangpin/persistence';
import type { EnvReader } from '../env/env-reader.js';

/** What a service with such jobs needs beside the rest of its environment. */
export interface VersionJobsEnv {
  /**
   * FANGPIN_POLICY_AWAY_MINUTES: so long no process of a policy version may be there before what an officer has asked of it lapses: longer than
   * a restart of all of them takes.
   */
  readonly policyAwayMinutes: number;
}

/** Reads {@link VersionJobsEnv} by a reader whose `done` the caller calls. */
export function versionJobsEnvFrom(read: EnvReader): VersionJobsEnv {
  return { policyAwayMinutes: read.integer('FANGPIN_POLICY_AWAY_MINUTES', { default: 10, min: 2, max: 10_080 }) };
}

/** Often enough to tell that somebody is there, and no write for each set of what it judges. */
const SAY_EVERY_SECONDS = 30;

/**
 * That a process of the version is there, to all of its jobs that are not done. `table` is the service's own, with the columns
 * `application_id`, `state`, `to_version`, `carried_at` and `ended_at`.
 */
export async function sayThatVersionIsHere(tx: Tx, table: string, version: string): Promise<void> {
  await tx.execute(
    `UPDATE ${table} SET carried_at = clock_timestamp() WHERE application_id IN (
       SELECT application_id FROM ${table}
       WHERE state = 'running' AND to_version = $1
         AND carried_at < clock_timestamp() - make_interval(secs => ${SAY_EVERY_SECONDS})
       FOR UPDATE SKIP LOCKED)`,
    [version],
  );
}

/** This process: its policy version, its clock, and for how many minutes another version may be away ({@link VersionJobsEnv}). */
export interface VersionHere {
  readonly version: string;
  readonly now: Date;
  readonly awayMinutes: number;
}

/** Ends jobs of versions that have been away; what they have not done stays as it was. Answers which. */
export async function letJobsLapse(tx: Tx, table: string, here: VersionHere): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `UPDATE ${table} SET state = 'lapsed', ended_at = $2 WHERE application_id IN (
       SELECT application_id FROM ${table}
       WHERE state = 'running' AND to_version <> $1
         AND carried_at < clock_timestamp() - make_interval(mins => $3)
       FOR UPDATE SKIP LOCKED)
     RETURNING application_id AS id`,
    [here.version, here.now, here.awayMinutes],
  );
  return rows.map(({ id }) => id);
}
