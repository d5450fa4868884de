import { describe, expect, it } from '@jest/globals';
import { InvalidFields, type RegionCode } from '@fangpin/domain-kit';
import { madeUpShock } from './made-up-shock.js';

const context = { area: '532327' as RegionCode, now: new Date('2026-07-18T08:00:00Z'), policyVersion: 'any' };
const hailAt = (onset: string) => madeUpShock({ kind: 'hail', onset }, context);

describe('the onset of a made-up shock', () => {
  it('decides the day in Beijing that it is judged on', () => {
    expect(hailAt('2026-07-18T23:30:00Z').judgedOn).toBe('2026-07-19');
    expect(hailAt('2026-07-18T23:30+08:00').judgedOn).toBe('2026-07-18');
    expect(hailAt('2026-07-18').judgedOn).toBe('2026-07-18');
    expect(madeUpShock({ kind: 'hail' }, context).judgedOn).toBe('2026-07-18');
  });

  it.each(['2026-W29-3', '2026-199', '2026', '2026-07-18T16:00:00', '2026-13-40T00:00:00Z'])(
    'is refused where it is no instant: %s',
    (onset) => {
      const refused = (): unknown => {
        try {
          return hailAt(onset);
        } catch (error) {
          return error instanceof InvalidFields && error.details['errors'];
        }
      };
      expect(refused()).toMatchObject([{ field: 'shock.onset', value: onset }]);
    },
  );
});
