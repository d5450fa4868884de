import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PolicyRecord } from '@fangpin/policy';

/** Past any ratio that a household's income has to the line; the schema takes no more. */
const ANY_RATIO = 100;
const ANY_SIZE = 100_000_000;

type Value = Pick<PolicyRecord, 'key' | 'value'>;

const values: readonly Value[] = [
  { key: 'triage', value: { alertFrom: 1, caseFrom: 1 } },
  {
    key: 'severity-bands',
    value: {
      incomeRatioBelow: { blue: ANY_RATIO, yellow: ANY_RATIO, orange: ANY_RATIO, red: ANY_RATIO },
      lossShareFrom: { blue: 1, yellow: 1, orange: 1, red: 1 },
      lossShareCountsBelowRatio: 0,
      lowProjectionUnderLine: 4,
      incomeUnknown: 4,
      materialLossShareOfLine: 0,
      lift: { noLabour: 0, severeDisability: 0, alreadyMonitored: 0, recentlyRemoved: 0, unsafeDwelling: 0 },
      maxLift: 0,
    },
  },
  {
    key: 'impact-ceiling',
    value: {
      lossFrom: { blue: 0, yellow: 0, orange: 0, red: 0 },
      billFrom: { blue: 0, yellow: 0, orange: 0, red: 0 },
      graveNeedFrom: 1,
    },
  },
  { key: 'confirm-over', value: { households: ANY_SIZE } },
];

/** The benchmark's policy: whoever is exposed is red, and red opens a case; no shock waits for an officer. */
export const everyExposedHousehold: readonly PolicyRecord[] = values.map(({ key, value }) => ({
  key,
  region: '00' as PolicyRecord['region'],
  from: '2020-01-01',
  value,
  source: { document: 'benchmark', grade: 'unsourced' },
  assumed: true,
  author: 'benchmark',
  reason: 'Every exposed household gets an alert and a case.',
}));

/** Writes the overlay into a folder, for `FANGPIN_POLICY_OVERLAY`. */
export function writeOverlay(folder: string, records: readonly PolicyRecord[] = everyExposedHousehold): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'benchmark.json'), JSON.stringify(records, null, 2));
  return folder;
}
