import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../intake/received.js';
import { foldChain, type Statement } from '../shocks/chain.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { parseRegionCode } from '@fangpin/domain-kit';
import fc from 'fast-check';
import { joiningStatement, latestKnown, latestSurvey, surveyKey, underSurvey } from './join-intensity.rule.js';

const yangbi = parseRegionCode('532922');
const now = new Date('2026-01-01T00:00:00Z');
const hour = (n: number): Date => new Date(Date.UTC(2021, 4, 21, 14 + n));

const content = (magnitude: number, degree: number, reported = false): ShockContent => ({
  kind: 'earthquake',
  level: degree - 5,
  observed: true,
  lane: 'alert',
  regions: [yangbi],
  onset: hour(0),
  expires: null,
  headline: `漾濞县附近发生${magnitude}级地震，震源深度8千米，估计最大烈度Ⅷ度`,
  source: reported ? `调查${degree}` : '地震目录（cc）',
  policyVersion: 'v',
  judgedOn: '2021-05-21',
  damage: [],
  facts: { intensity: { zones: [{ region: yangbi, intensity: degree }], reported, magnitude, depthKm: 8 } },
});
const revision = (n: number): Statement => ({
  key: `quake:a@${hour(n).toISOString()}`,
  identity: 'quake:a',
  type: 'update',
  sent: hour(n),
  references: [],
  content: content(5 + n / 10, 8),
  endsDueAt: null,
});
const survey = (n: number): Statement => {
  const key = surveyKey('shock', digestOf(String(n)));
  return { ...revision(n), key, identity: key, content: content(0, 6 + (n % 4), true) };
};
const cancel = (n: number): Statement => ({
  key: `quake:a@${hour(n).toISOString()}`,
  identity: 'quake:a',
  type: 'cancel',
  sent: hour(n),
  references: [],
  endsDueAt: null,
});

/** As the intakes do it: what comes is laid under, or over, what is known; then what has to be said besides is said. */
function arrive(chain: readonly Statement[], next: Statement): Statement[] {
  const known = next.key.startsWith('quake-zones:') ? latestKnown(chain) : next.content;
  const over = next.key.startsWith('quake-zones:') ? next.content : latestSurvey(chain);
  const said =
    known === undefined || over === undefined || next.type === 'cancel'
      ? next
      : { ...next, content: underSurvey(known, over) };
  const joined = joiningStatement([...chain, said], 'quake:a');
  return joined === undefined ? [...chain, said] : [...chain, said, joined];
}
const arriveAll = (statements: readonly Statement[]) => statements.reduce<Statement[]>(arrive, [revision(0)]);

describe('surveyed zones and revisions of a catalogue', () => {
  const hours = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

  it('give the same state in every order: the latest revision under the latest survey', () => {
    fc.assert(
      fc.property(hours, hours, fc.infiniteStream(fc.nat()), (revisions, surveys, weights) => {
        const all = [...revisions.map(revision), ...surveys.map(survey)];
        const shuffled = all
          .map((statement) => ({ statement, weight: Number(weights.next().value) }))
          .sort((a, b) => a.weight - b.weight)
          .map(({ statement }) => statement);
        const expected = underSurvey(
          revision(Math.max(...revisions)).content as ShockContent,
          survey(Math.max(...surveys)).content as ShockContent,
        );
        expect(foldChain(arriveAll(shuffled), now)).toMatchObject({ state: 'open', content: expected });
      }),
    );
  });

  it('need no word besides where they come in their order', () => {
    expect(arriveAll([revision(1), survey(2), revision(3), survey(4)])).toHaveLength(5);
    expect(arriveAll([survey(2), revision(1)])).toHaveLength(4);
  });

  it('end with a cancel that came after both', () => {
    for (const order of [
      [survey(2), revision(3), cancel(9)],
      [cancel(9), revision(3), survey(2)],
      [revision(3), cancel(9), survey(2)],
    ])
      expect(foldChain(arriveAll(order), now).state).toBe('cancelled');
  });

  it('without a survey leave the catalogue its word', () => {
    expect(arriveAll([revision(1), revision(2)])).toHaveLength(3);
  });
});
