import { describe, expect, it } from '@jest/globals';
import { DomainError, InvalidFields, InvalidValue, NotFound, OutsideScope } from './index.js';

describe('a refusal', () => {
  it('carries a stable code, a kind and the values involved', () => {
    expect(new NotFound('check item', '7')).toMatchObject({
      code: 'CHECK_ITEM.NOT_FOUND',
      kind: 'not-found',
      details: { id: '7' },
    });
    expect(new OutsideScope('532622')).toMatchObject({ kind: 'forbidden', details: { region: '532622' } });
  });

  it('names every bad field with its rule', () => {
    const refusal = new InvalidFields([
      { field: 'rows[3].price', value: -1, rule: 'must not be negative' },
      { field: 'rows[4].date', value: 'soon', rule: 'must be a day' },
    ]);
    expect(refusal.message).toBe('rows[3].price must not be negative; rows[4].date must be a day');
    expect(refusal.details['errors']).toHaveLength(2);
  });

  it('is known by its class, also to those who only know its base', () => {
    const refusal = new InvalidValue('region', '5', 'must be a region code');
    expect([refusal instanceof InvalidFields, refusal instanceof DomainError, refusal.name]).toEqual([
      true,
      true,
      'InvalidValue',
    ]);
  });
});
