import { describe, expect, it } from '@jest/globals';
import { alertReasons, FindingKind } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { loadPolicy, PolicySet } from '@fangpin/policy';
import { found, foundHousehold } from '../../test/support/findings.js';
import { reasonText } from '../alerts/chinese-words.js';
import type { FindingFacts } from './finding-facts.js';
import { judgeFinding, type FindingOutcome } from './finding-loss.rule.js';
import { findingText } from './finding-text.js';

const YONGDING = '532327101' as RegionCode;
const loaded = loadPolicy();

/** Without days: 水量、水质、取水距离 or 保证率 is below the minimum. */
const water = (days: number): FindingFacts => found({ kind: FindingKind.WATER, department: 'water', days });
const judged = (days: number, perCapitaFen: number, policy = loaded): FindingOutcome =>
  judgeFinding(water(days), foundHousehold({ perCapitaFen }), policy, YONGDING);
const severityOf = (outcome: FindingOutcome): number => ('verdict' in outcome ? outcome.verdict.severity : -1);

describe('water that is not safe, of which no days are stated', () => {
  it('is no cut of three days: orange whatever the household earns, red under the line', () => {
    expect([14_000, 40_000, 8_000].map((yuan) => severityOf(judged(0, yuan * 100)))).toEqual([3, 3, 4]);
    expect([3, 40].map((days) => severityOf(judged(days, 1_400_000)))).toEqual([1, 4]);
  });

  it('is not priced, and told as a difficulty of water that nobody needs an income for', () => {
    const outcome = judged(0, 1_400_000);
    if (!('verdict' in outcome)) throw new Error('not judged');
    const { verdict } = outcome;
    expect(verdict.loss).toEqual({ low: 0, middle: 0, high: 0 });
    expect(verdict.reasons & alertReasons.waterGone.bit).not.toBe(0);
    const who = foundHousehold({ perCapitaFen: 1_400_000 });
    const text = findingText(water(0), who, verdict, loaded.line(YONGDING, '2025-07-31'), 0);
    expect(text).toMatch(/这户人家喝水有困难。.+不看收入多少，都要先解决喝水问题。因此提示为橙色风险/);
    expect(text).not.toMatch(/买水拉水|送水|断/);
    expect(alertReasons.waterGone.text).toBe('饮水中断或不安全');
    expect(reasonText('waterGone', null)).toBe('喝水有困难');
  });

  it('was a cut of the usual length under a policy version from before', () => {
    const before = new PolicySet(
      'before',
      loaded.records.filter(({ key, subject }) => key !== 'finding-need' || subject !== 'water'),
    );
    const then = judged(0, 1_400_000, before);
    expect(severityOf(then)).toBe(1);
    expect('verdict' in then && then.verdict.loss.middle).toBeGreaterThan(0);
  });
});
