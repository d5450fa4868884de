import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { findingKinds, FindingKind, FindingSchema } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { extentOf, type FindingExtent } from './finding-extent.rule.js';
import { findingFacts } from './finding-facts.js';

const policy = loadPolicy();
const YONGDING = '532327101' as RegionCode;

const extent = (change: MessageInitShape<typeof FindingSchema>): FindingExtent =>
  extentOf(findingFacts(create(FindingSchema, { occurredOn: '2026-07-31', ...change })), policy, YONGDING);
const paid = (yuan: number, kind: FindingKind, refundedYuan = 0): FindingExtent =>
  extent({ kind, spentFen: BigInt((yuan + refundedYuan) * 100), refundedFen: BigInt(refundedYuan * 100) });

describe('how much a finding tells of', () => {
  it('is what was paid after refunds, to be looked at again once it has grown by the share of policy', () => {
    expect(paid(6_000, FindingKind.MEDICAL_SPENDING)).toEqual({ extent: 600_000, asksAgainFrom: 900_000 });
    expect(paid(6_000, FindingKind.MEDICAL_SPENDING, 50_000)).toEqual({ extent: 600_000, asksAgainFrom: 900_000 });
  });

  it('of an accident without a sum is looked at again once a bill is known that counts', () => {
    const { watchedFromFen } = policy.get('finding-spending', YONGDING, '2026-07-31', 'medical-spending').value;
    expect(paid(0, FindingKind.ACCIDENT)).toEqual({ extent: 0, asksAgainFrom: watchedFromFen });
    expect(paid(80_000, FindingKind.ACCIDENT).extent).toBeGreaterThanOrEqual(watchedFromFen);
  });

  it('of a house of grade D is more than of grade C, and so are a child that dropped out and water gone for long', () => {
    const house = (houseGrade: number): FindingExtent => extent({ kind: FindingKind.UNSAFE_HOUSE, houseGrade });
    expect(house(4).extent).toBeGreaterThanOrEqual(house(3).asksAgainFrom);
    const child = (days: number): FindingExtent => extent({ kind: FindingKind.DROP_OUT, days });
    expect(child(40).extent).toBeGreaterThanOrEqual(child(10).asksAgainFrom);
    const water = (days: number): FindingExtent => extent({ kind: FindingKind.WATER, days });
    expect(water(90).extent).toBeGreaterThanOrEqual(water(3).asksAgainFrom);
  });

  it('never asks again for the very same, nor for less', () => {
    const sum = fc.bigInt({ min: 0n, max: 50_000_000n });
    const anyFinding = fc.record({
      kind: fc.constantFrom(...findingKinds.map(({ code }) => code)),
      ...{ spentFen: sum, refundedFen: sum, days: fc.integer({ min: 0, max: 90 }) },
      ...{ houseGrade: fc.integer({ min: 0, max: 4 }), ofEarner: fc.boolean() },
    });
    fc.assert(
      fc.property(anyFinding, (finding) => {
        const said = extent(finding);
        expect(said.asksAgainFrom).toBeGreaterThan(said.extent);
        const more = extent({ ...finding, spentFen: finding.spentFen + 1n });
        expect(more.extent).toBeGreaterThanOrEqual(said.extent);
        expect(more.asksAgainFrom).toBeGreaterThanOrEqual(said.asksAgainFrom);
      }),
    );
  });

  it('is not stated where no policy holds on its day', () => {
    expect(extent({ kind: FindingKind.MEDICAL_SPENDING, spentFen: 9n, occurredOn: '1999-01-01' })).toEqual({
      extent: 0,
      asksAgainFrom: 0,
    });
  });
});
