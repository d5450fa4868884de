/** What may stand in a household. Pure: facts in, every broken rule out. Sources: rulebook §9.2 and the checks named there. */
import { findProduct } from '@fangpin/contracts';
import { CREDIT_CODE_RULE, isCreditCode, isDay, shanghaiDay, type FieldProblem } from '@fangpin/domain-kit';
import { canWork } from './codes.js';
import type { HouseholdLivelihood, Member } from './household.js';

export const MAX_MEMBERS = 50;
export const MAX_LIVELIHOODS = 60;
const OLDEST_BIRTH_YEAR = 1890;
/**
 * Monitoring began with 国务院扶贫开发领导小组关于建立防止返贫监测和帮扶机制的指导意见 of March 2020 (新华社 2020-03-27): no status is older. Old
 * lists hold months (识别监测时间, 消除监测时间; rulebook §9.2), so a month's first day stands for it.
 */
const MONITORING_BEGAN = '2020-03-01';
/** 10,000 mu or heads: more is a slip of the unit, or no household's. */
const MAX_QUANTITY = { crop: 1_000_000, animal: 100_000, job: MAX_MEMBERS } as const;

/** Rules of the composition: at least one member, exactly one head, work recorded whole and only for those who can work. */
export function memberProblems(members: readonly Member[], today: Date, at = 'members'): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (members.length < 1 || members.length > MAX_MEMBERS)
    problems.push({ field: at, value: members.length, rule: `must hold 1 to ${MAX_MEMBERS} members` });
  const heads = members.filter((member) => member.relation === 'head').length;
  if (members.length > 0 && heads !== 1)
    problems.push({ field: at, value: heads, rule: 'must hold exactly one member whose relation is head' });
  members.forEach((member, i) => {
    const say = (field: string, value: unknown, rule: string): void =>
      void problems.push({ field: `${at}[${i}].${field}`, value, rule });
    const { birthYear, disabilityGrade, workMonths, workBranch, since } = member;
    const thisYear = today.getUTCFullYear();
    if (!Number.isInteger(birthYear) || birthYear < OLDEST_BIRTH_YEAR || birthYear > thisYear)
      say('birthYear', birthYear, `must be a year from ${OLDEST_BIRTH_YEAR} to ${thisYear}`);
    if (!Number.isInteger(disabilityGrade) || disabilityGrade < 0 || disabilityGrade > 4)
      say('disabilityGrade', disabilityGrade, 'must be 0 (none) or a grade from 1 to 4');
    if (!Number.isInteger(workMonths) || workMonths < 0 || workMonths > 12)
      say('workMonths', workMonths, 'must be whole months from 0 to 12');
    if (workBranch !== 0 && findProduct(workBranch)?.kind !== 'job')
      say('workBranch', workBranch, 'must be a known branch of work');
    if (workMonths > 0 !== (workBranch !== 0))
      say('workBranch', workBranch, 'months and branch of work go together: both or neither');
    if (workMonths > 0 && !canWork(member.labour))
      say('labour', member.labour, 'a member on record as a worker must be able to work');
    if (since !== undefined && !isDayBetween(since, `${birthYear}-01-01`, shanghaiDay(today)))
      say('since', since, 'must be a day such as 2026-05-20, not in the future and not before the year of birth');
  });
  return problems;
}

function isDayBetween(day: unknown, from: string, to: string): boolean {
  return typeof day === 'string' && isDay(day) && day >= from && day <= to;
}

/** The day of a monitoring status: a day of the calendar, none that is still to come, none before there was monitoring. */
export function monitoringSinceProblems(since: unknown, now: Date, at = 'monitoringSince'): FieldProblem[] {
  if (typeof since !== 'string' || !isDay(since))
    return [{ field: at, value: since, rule: 'must be a day such as 2026-05-20' }];
  const today = shanghaiDay(now);
  if (since >= MONITORING_BEGAN && since <= today) return [];
  return [
    { field: at, value: since, rule: `must be a day from ${MONITORING_BEGAN}, when monitoring began, to ${today}` },
  ];
}

/** Rules of the livelihoods: a known product, a positive quantity of a size that a household can have, employers of jobs only. */
export function livelihoodProblems(livelihoods: readonly HouseholdLivelihood[], at = 'livelihoods'): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (livelihoods.length > MAX_LIVELIHOODS)
    problems.push({ field: at, value: livelihoods.length, rule: `must hold at most ${MAX_LIVELIHOODS} livelihoods` });
  livelihoods.forEach(({ product, quantity, employer }, i) => {
    const known = findProduct(product);
    if (known === undefined)
      return void problems.push({ field: `${at}[${i}].product`, value: product, rule: 'must be a known product' });
    const most = MAX_QUANTITY[known.kind];
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > most)
      problems.push({
        field: `${at}[${i}].quantity`,
        value: quantity,
        rule: `must be a positive quantity up to ${most}`,
      });
    if (employer !== undefined && known.kind !== 'job')
      problems.push({ field: `${at}[${i}].employer`, value: employer, rule: 'belongs to jobs' });
    else if (employer !== undefined && !isCreditCode(employer))
      problems.push({ field: `${at}[${i}].employer`, value: employer, rule: CREDIT_CODE_RULE });
  });
  return problems;
}
