import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { PriceFallSchema, ShockSchema, type Cause } from '@fangpin/contracts';
import { describe, expect, it } from '@jest/globals';
import { shockFacts } from '../loss/shock-facts.js';
import { shockSubject } from './shock-subject.js';

const PIGS = 201;
const WALNUTS = 115;

const subjectOf = (kind: string, cause: Cause, named: MessageInitShape<typeof ShockSchema> = {}): number =>
  shockSubject(shockFacts(create(ShockSchema, { kind, regions: ['53'], judgedOn: '2026-07-20', ...named }), cause));
const priceOf = (product: number, market = '云南省'): number =>
  subjectOf('price-fall', 'price-fall', { priceFall: create(PriceFallSchema, { product, market }) });

describe('what the alerts of a shock are about', () => {
  it('is the same for storms of one kind, and not for those of another, or for what one does to houses', () => {
    expect(subjectOf('hail', 'crop-disaster')).toBe(subjectOf('hail', 'crop-disaster', { headline: '又一场' }));
    expect(subjectOf('hail', 'crop-disaster')).not.toBe(subjectOf('flood', 'crop-disaster'));
    expect(subjectOf('flood', 'dwelling')).not.toBe(subjectOf('flood', 'crop-disaster'));
  });

  it('is the goods whose price falls, in whichever market', () => {
    expect(priceOf(PIGS)).toBe(priceOf(PIGS, '临沧市'));
    expect(priceOf(PIGS)).not.toBe(priceOf(WALNUTS));
  });
});
