import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { AlertBatchSchema, AlertState, type AlertBatch } from '@fangpin/contracts';
import { IncomingAlerts, PoisonedAlert } from './incoming-alerts.js';

const aBatch = (changes: Partial<AlertBatch> = {}): AlertBatch => ({
  ...create(AlertBatchSchema, {
    shockId: '00000000-0000-4000-8000-000000000001',
    origin: 77n,
    cause: 'crop-disaster',
    shockKind: 'hail',
    revision: 3n,
    state: AlertState.RAISED,
    policyVersion: 'p',
    judgedOn: '2026-07-20',
    raisedMs: 1_784_500_000_000n,
    township: '532327101',
    householdIds: [1n, 2n],
    dutyCodes: [532_327_101_200_000n, 532_327_101_201_000n],
    persons: [3, 4],
    severities: [4, 2],
  }),
  ...changes,
});

describe('alerts of one call', () => {
  it('are laid out in columns, households of each origin apart', () => {
    const incoming = new IncomingAlerts([aBatch(), aBatch({ origin: 78n, cause: 'price-fall' })]);
    expect(incoming.household).toEqual([1, 2, 1, 2]);
    expect(incoming.severity).toEqual([4, 2, 4, 2]);
    expect([...incoming.byOrigin.keys()]).toEqual([77, 78]);
    expect(incoming.headOf(3)).toMatchObject({ origin: 78, cause: 'price-fall', withdrawn: false });
  });

  it('keep the highest revision of each household, wherever it stands', () => {
    const newer = aBatch({ revision: 9n, severities: [1, 1], state: AlertState.WITHDRAWN });
    for (const batches of [
      [aBatch(), newer],
      [newer, aBatch()],
    ]) {
      const incoming = new IncomingAlerts(batches);
      expect(incoming.size).toBe(2);
      expect([0, 1].map((alert) => incoming.headOf(alert).revision)).toEqual([9, 9]);
    }
  });

  it('that are withdrawn need neither persons nor severity', () => {
    const incoming = new IncomingAlerts([aBatch({ state: AlertState.WITHDRAWN, persons: [], severities: [] })]);
    expect(incoming.size).toBe(2);
  });

  it.each<[string, Partial<AlertBatch>]>([
    ['persons', { persons: [3, 0] }],
    ['persons', { persons: [3, 100] }],
    ['persons', { persons: [3] }],
    ['severity', { severities: [4, 5] }],
    ['duty code', { dutyCodes: [532_327_101_200_000n] }],
    ['duty code', { dutyCodes: [532_327_101_200_000n, 532_327_102_200_000n] }],
    ['household id', { householdIds: [1n, 0n] }],
    ['origin', { origin: 2n ** 52n }],
    ['revision', { revision: 0n }],
    ['shock id', { shockId: 'x' }],
    ['township', { township: '' }],
    ['judged_on', { judgedOn: '' }],
    ['raised_ms', { raisedMs: 0n }],
    ['state', { state: AlertState.UNSPECIFIED }],
  ])('are refused, naming the rule, where %s cannot be: %j', (rule, changes) => {
    expect(() => new IncomingAlerts([aBatch(changes)])).toThrow(PoisonedAlert);
    expect(() => new IncomingAlerts([aBatch(changes)])).toThrow(rule);
  });
});
