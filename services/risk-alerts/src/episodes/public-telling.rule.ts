/** What a household may be told of where everybody reads it. Pure. */
import type { Cause } from '@fangpin/contracts';
import { DomainError } from '@fangpin/domain-kit';
import { causeWord } from './cause-words.js';
import type { TellingWay } from './telling.request.js';

/** Causes that show the health of a member by their name alone. */
const OF_HEALTH: ReadonlySet<string> = new Set<Cause>(['illness', 'accident', 'disability']);

export class HealthInPublic extends DomainError {
  constructor(how: TellingWay, causes: readonly Cause[]) {
    const rule = `must not be ${how} for what shows the health of a member (${causes.join(', ')})`;
    const named = causes.map(causeWord).join('、');
    super('EPISODE.HEALTH_IN_PUBLIC', 'invalid', `how ${rule}`, {
      errors: [{ field: 'how', value: how, rule }],
      reasons: [
        {
          code: 'EPISODE.HEALTH_IN_PUBLIC',
          text: `“${named}”涉及家庭成员的健康状况，不能在村务公示栏公开，请上门、打电话或者发信息告知；其他风险可以逐项登记`,
        },
      ],
    });
  }
}

/**
 * Refuses the village board for what shows health: what is public in a village must not (rulebook §4.3, after the rules of counties on
 * publicity: qinan.gov.cn). `causes`: of all that was told, and of what a risk of several causes adds up.
 */
export function refuseHealthInPublic(how: TellingWay, causes: readonly Cause[]): void {
  if (how !== 'village-board') return;
  const ofHealth = [...new Set(causes)].filter((cause) => OF_HEALTH.has(cause)).sort();
  if (ofHealth.length > 0) throw new HealthInPublic(how, ofHealth);
}
