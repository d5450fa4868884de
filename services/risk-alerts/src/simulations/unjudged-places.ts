/** Where households could not be judged, and what the policy lacks there: told of beside the counts of all others. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { NoPolicy } from '@fangpin/policy';
import { regionName } from '@fangpin/regions';
import { townshipCode, townshipOf } from '../fan-out/township.js';

/** What one policy version lacks in one township, and how many households wait for it. */
export interface Lack {
  readonly township: number;
  readonly policyVersion: string;
  /** Key and subject of the record that is missing. */
  readonly key: string;
  readonly subject: string | null;
  /** The day judged, `YYYY-MM-DD`. */
  readonly day: string;
  households: number;
}

export interface UnjudgedPlace {
  readonly region: RegionCode;
  readonly name: string;
  readonly households: number;
  readonly policyVersion: string;
  readonly key: string;
  readonly subject: string | null;
  readonly code: string;
  readonly text: string;
}

/** Of one shock under one cause; a household counts once for each policy that cannot judge it. */
export class Lacks {
  readonly #known = new Map<string, Lack>();

  add(dutyCode: number, policyVersion: string, { details }: NoPolicy): void {
    const township = townshipOf(dutyCode);
    const key = String(details['key']);
    const subject = details['subject'] === undefined ? null : String(details['subject']);
    const slot = [township, policyVersion, key, subject].join('/');
    let lack = this.#known.get(slot);
    if (lack === undefined) {
      lack = { township, policyVersion, key, subject, day: String(details['day']), households: 0 };
      this.#known.set(slot, lack);
    }
    lack.households += 1;
  }

  /** In order of township. */
  all(): Lack[] {
    return [...this.#known.values()].sort((a, b) => a.township - b.township);
  }
}

/** For those who read the counts: the code is the one under which the records themselves are refused. */
export function placeOfLack({ township, policyVersion, key, subject, day, households }: Lack): UnjudgedPlace {
  const region = townshipCode(township);
  const what =
    key === 'monitoring-line'
      ? `当地${day}的监测线还没有定，收入这一项无法比较`
      : `规则版本中没有当地${day}研判所需的参数（${subject === null ? key : `${key}：${subject}`}）`;
  const text = `${what}，这些户没有测算`;
  return {
    region,
    name: regionName(region) ?? region,
    households,
    policyVersion,
    key,
    subject,
    code: 'POLICY.NONE',
    text,
  };
}
