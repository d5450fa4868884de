import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { AlertBatchSchema, AlertState, type AlertBatch } from '@fangpin/contracts';
import fc from 'fast-check';
import { IncomingAlerts } from './incoming-alerts.js';

const anyMessage = fc.record({
  origin: fc.integer({ min: 1, max: 3 }),
  revision: fc.integer({ min: 1, max: 4 }),
  households: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }),
  sorted: fc.boolean(),
});
type AnyMessage = typeof anyMessage extends fc.Arbitrary<infer T> ? T : never;

const inOrder = (a: number, b: number): number => a - b;

function batchOf({ origin, revision, households, sorted }: AnyMessage): AlertBatch {
  const ids = sorted ? [...households].sort(inOrder) : households;
  return create(AlertBatchSchema, {
    shockId: '00000000-0000-4000-8000-000000000001',
    origin: BigInt(origin),
    cause: 'crop-disaster',
    shockKind: 'hail',
    revision: BigInt(revision),
    state: AlertState.RAISED,
    judgedOn: '2026-07-20',
    raisedMs: 1_784_500_000_000n,
    township: '532327101',
    householdIds: ids.map(BigInt),
    dutyCodes: ids.map((id) => 532_327_101_200_000n + BigInt(id)),
    persons: ids.map((id) => id),
    severities: ids.map(() => revision),
  });
}

describe('the alerts of an origin', () => {
  it('are each household once with its highest revision, however messages bring them', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 8 }), (messages) => {
        const highest = new Map<string, number>();
        for (const { origin, revision, households } of messages)
          for (const household of households) {
            const key = `${origin}/${household}`;
            highest.set(key, Math.max(revision, highest.get(key) ?? 0));
          }
        const incoming = new IncomingAlerts(messages.map(batchOf));
        const taken = incoming.household.map((household, alert) => {
          const { origin, revision } = incoming.headOf(alert);
          expect(incoming.persons[alert]).toBe(household);
          expect(incoming.duty[alert]).toBe(532_327_101_200_000 + household);
          expect(incoming.severity[alert]).toBe(revision);
          expect(incoming.byOrigin.get(origin)?.positionOf(household)).toBe(alert);
          return [`${origin}/${household}`, revision] as const;
        });
        expect(taken).toHaveLength(highest.size);
        expect(new Map(taken)).toEqual(highest);
      }),
    );
  });

  it('are told in order of household, each once', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 8 }), (messages) => {
        const incoming = new IncomingAlerts(messages.map(batchOf));
        for (const [origin, alerts] of incoming.byOrigin) {
          const households = messages.filter((message) => message.origin === origin).flatMap((m) => m.households);
          expect([...alerts.sorted]).toEqual([...new Set(households)].sort(inOrder));
          expect(alerts.areDistinct).toBe(true);
          expect(alerts.positionOf(41)).toBeUndefined();
        }
      }),
    );
  });
});
