import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { ShockLevel, ShockSchema } from '@fangpin/contracts';
import { dutyRange, parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import * as households from '../../../../services/risk-alerts/src/loss/household.ts';
import * as models from '../../../../services/risk-alerts/src/loss/loss-model.ts';
import * as shocks from '../../../../services/risk-alerts/src/loss/shock-facts.ts';
import type { JudgedShock } from './judged-shock.ts';
import type { LossModelDoor } from './loss-model.ts';
import { shockSheet } from './shock-sheet.ts';

const door: LossModelDoor = { ...models, ...households, ...shocks };
const lincang = parseRegionCode('5309');
const town = parseRegionCode('530902001');
const facts = shocks.shockFacts(
  create(ShockSchema, {
    shockId: '00000000-0000-4000-8000-000000000001',
    revision: 1n,
    kind: 'hail',
    level: ShockLevel.RED,
    regions: [lincang],
    judgedOn: '2026-07-18',
  }),
);
const shock: JudgedShock = {
  facts,
  policy: loadPolicy(),
  origin: '77',
  cause: 'crop-disaster',
  alertRevision: '65536',
  caseRevision: '1',
  dueMs: new Map([[town, 1_790_000_000_000]]),
};
const linesOf = (sheet: string, word: string) => sheet.split('\n').filter((line) => line.startsWith(`${word} `));

describe('the sheet of a shock', () => {
  const sheet = shockSheet('run/1', shock, door);

  it('gives each township its line and the losses per unit that the model of the services has', () => {
    const model = models.compileLossModel(facts, [], shock.policy, town);
    const [maize] = linesOf(sheet, 'unit').filter((line) => line.startsWith('unit 530902001 2 '));
    const { low, middle, high } = model.unitLoss(
      { product: 2, quantity: 1, place: dutyRange(town).lo },
      { persons: 1, perCapitaFen: 0, facts: 0, livelihoods: [] },
    );
    expect(maize?.split(' ').slice(3).map(Number)).toEqual([low, middle, high]);
    expect(middle).toBeGreaterThan(0);
    expect(linesOf(sheet, 'place')).toEqual([`place 530902001 ${model.policy.lineFen()} 1790000000000`]);
  });

  it('names the products at risk and no others', () => {
    const named = linesOf(sheet, 'unit').map((line) => Number(line.split(' ')[2]));
    expect(named).toEqual(door.productsAtRisk(facts, shock.policy));
  });

  it('has no word with a blank in it, and as many words as the reader takes', () => {
    const counts = { run: 2, shock: 9, range: 3, bands: 7, level: 4, lift: 3, place: 4, unit: 6 };
    for (const [word, count] of Object.entries(counts)) {
      const lines = linesOf(sheet, word);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line.split(' ')).toHaveLength(count);
    }
  });

  it('is refused for a shock whose loss is not one figure per unit', () => {
    const layOff = { employer: '', branches: [], persons: 3 };
    expect(() => shockSheet('run/1', { ...shock, facts: { ...facts, layOff } }, door)).toThrow(
      'not one figure per unit',
    );
  });
});
