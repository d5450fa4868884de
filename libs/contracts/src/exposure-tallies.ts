/**
 * How risk-alerts' exposure is compared with its owners (alerts/v1/exposure_question.proto): the lines of rows, said once more
 * beside the SQL of each side, and which villages differ.
 */
import { createHash } from 'node:crypto';
import type { VillageTallies } from './gen/fangpin/alerts/v1/exposure_question_pb.js';
import type { IncomeAssessment } from './gen/fangpin/income/v1/assessment_pb.js';
import { HouseholdState, type HouseholdProfile } from './gen/fangpin/registry/v1/household_pb.js';

/** A village as one side holds it. */
export interface VillageTally {
  /** Duty code without its last three digits. */
  readonly village: number;
  readonly households: number;
  readonly digest: number;
}

/** The line of a household, from what the register said of it. */
export function householdLine(profile: HouseholdProfile): string {
  const active = profile.state === HouseholdState.ACTIVE && profile.persons > 0;
  const livelihoods = active
    ? profile.livelihoods.map((one) => [one.product, one.quantity, one.placeCode, one.employer].join(',')).join(';')
    : '';
  return [
    profile.householdId,
    profile.revision,
    profile.dutyCode,
    Number(active),
    profile.persons,
    profile.labourers,
    profile.severelyDisabled,
    profile.group,
    profile.monitoring,
    profile.dwelling,
    Number(profile.onlyDwelling),
    profile.waterScheme,
    livelihoods,
    ...(profile.monitoringSince === '' ? [] : [profile.monitoringSince]),
  ].join(':');
}

/** The line of an assessment, from what income-monitoring said; spending that it did not state is empty. */
export function assessmentLine(assessment: IncomeAssessment): string {
  const { closed, perCapitaFen, wageFen, outOfPocketFen, insurancePayoutFen = 0n } = assessment;
  const spent = outOfPocketFen === undefined ? '' : outOfPocketFen - insurancePayoutFen;
  const amounts = closed ? ['', '', ''] : [perCapitaFen, wageFen, spent === '' || spent > 0n ? spent : 0n];
  return [assessment.householdId, assessment.revision, ...amounts].join(':');
}

/** Fifty-two bits of md5: exact as a number here, in JSON and in a bigint column. */
export function lineHash(line: string): number {
  return Number.parseInt(createHash('md5').update(line).digest('hex').slice(0, 13), 16);
}

/** SQL of {@link lineHash} over an expression of type text. */
export function lineHashSql(line: string): string {
  return `('x' || left(md5(${line}), 13))::bit(52)::bigint`;
}

/**
 * SQL of rows whose duty code lies in one of the areas of a parameter (`bigint[]`: townships with a span of a million, villages with
 * one of a thousand). A range for the index and a test for each row: joined with the areas, a planner that cannot know how many
 * rows a scope lets through compared each row with each of them.
 */
export function withinAreasSql(dutyCode: string, areas: string, span: number): string {
  const bound = (edge: string): string => `(SELECT ${edge} * ${span} FROM unnest(${areas}::bigint[]) AS area)`;
  return `${dutyCode} >= ${bound('min(area)')} AND ${dutyCode} < ${bound('(max(area) + 1)')}
    AND ${dutyCode} / ${span} = ANY(${areas}::bigint[])`;
}

/**
 * Villages that the two sides hold differently, as many as hold `most` households together, at least one; and whether there are
 * more of them.
 */
export function villagesThatDiffer(
  asked: VillageTallies,
  own: readonly VillageTally[],
  most: number,
): { readonly villages: number[]; readonly more: boolean } {
  const theirs = new Map(
    asked.villages.map((village, i) => [
      Number(village),
      { households: asked.households[i] ?? 0, digest: Number(asked.digests[i] ?? 0n) },
    ]),
  );
  const ours = new Map(own.map((tally) => [tally.village, tally]));
  const differing = [...new Set([...theirs.keys(), ...ours.keys()])]
    .filter((village) => {
      const [a, b] = [theirs.get(village), ours.get(village)];
      return a?.households !== b?.households || a?.digest !== b?.digest;
    })
    .sort((a, b) => a - b);
  let listed = 0;
  const villages = differing.filter((village, i) => {
    listed += ours.get(village)?.households ?? 0;
    return i === 0 || listed <= most;
  });
  return { villages, more: villages.length < differing.length };
}
