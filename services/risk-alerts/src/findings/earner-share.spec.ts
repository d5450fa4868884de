import { FindingKind } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { loadPolicy, PolicySet } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { found, foundHousehold } from '../../test/support/findings.js';
import type { FindingFacts } from './finding-facts.js';
import { judgeFinding, type FindingOutcome, type FoundHousehold } from './finding-loss.rule.js';

const policy = loadPolicy();
const unlimited = new PolicySet(
  'before',
  policy.records.filter(({ key }) => key !== 'earner-share'),
);
const YONGDING = '532327101' as RegionCode;

const family = (change: Partial<FoundHousehold> = {}): FoundHousehold =>
  foundHousehold({ persons: 3, perCapitaFen: 1_400_000, ...change });
const judged = (finding: FindingFacts, who: FoundHousehold, set = policy): FindingOutcome =>
  judgeFinding(finding, who, set, YONGDING);

describe('the wages of an earner that nobody has on record', () => {
  const death = found({ kind: FindingKind.DEATH_OF_EARNER });
  const hurt = found({ kind: FindingKind.ACCIDENT, ofEarner: true });

  it('are no more than all that the household is known to earn', () => {
    expect(judged(death, family({ persons: 1, perCapitaFen: 2_000_000 }))).toMatchObject({
      verdict: { severity: 4, loss: { low: 1_500_000, middle: 2_000_000, high: 2_000_000 }, projectedFen: 0 },
    });
    expect(judged(hurt, family())).toMatchObject({ verdict: { loss: { middle: 750_000, high: 4_200_000 } } });
  });

  it('are those of policy where nobody knows what the household earns; those on record are what is lost', () => {
    expect(judged(death, family({ perCapitaFen: null }))).toMatchObject({ verdict: { loss: { high: 4_800_000 } } });
    expect(judged(death, family({ perCapitaFen: 100_000, wageFenPerWorker: 4_000_000 }))).toMatchObject({
      verdict: { loss: { high: 4_000_000 } },
    });
  });

  it('are no less where next to nothing is on record: the household is taken to earn the line', () => {
    for (const perCapitaFen of [-100_000, 0, 100, 869_900])
      expect(judged(hurt, family({ perCapitaFen }))).toMatchObject({
        verdict: { severity: 4, loss: { middle: 750_000, high: 2_610_000 } },
      });
  });

  it('are those of policy under a version that knows no limit, as what was raised by it is explained', () => {
    expect(judged(death, family({ persons: 1, perCapitaFen: 1_200_000 }), unlimited)).toMatchObject({
      verdict: { loss: { high: 4_800_000 }, projectedFen: -1_800_000 },
    });
  });

  it('make nothing milder and nothing worse by that limit', () => {
    const anyone = fc.record({
      persons: fc.integer({ min: 1, max: 9 }),
      perCapitaFen: fc.integer({ min: -500_000, max: 9_000_000 }),
      facts: fc.constantFrom(0, 8, 32),
      spendingFen: fc.option(fc.integer({ min: 1, max: 8_000_000 })),
    });
    const anyFinding = fc
      .record({
        kind: fc.constantFrom(FindingKind.DEATH_OF_EARNER, FindingKind.ACCIDENT, FindingKind.CRIME),
        spentFen: fc.bigInt({ min: 0n, max: 10_000_000n }),
      })
      .map((change) => found({ ...change, ofEarner: true }));
    const severityOf = (outcome: FindingOutcome): number => ('verdict' in outcome ? outcome.verdict.severity : 0);
    fc.assert(
      fc.property(anyFinding, anyone, (finding, change) => {
        const who = family(change);
        expect(severityOf(judged(finding, who))).toBe(severityOf(judged(finding, who, unlimited)));
      }),
      { numRuns: 1_000 },
    );
  });
});
