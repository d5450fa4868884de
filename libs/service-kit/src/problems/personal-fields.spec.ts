import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { IsNoIdNumber, IsPlainText } from './field-rules.js';
import { fieldProblemsOf } from './validation.js';

class Report {
  @IsPlainText()
  reason!: string;

  @IsNoIdNumber({ each: true })
  checkers!: string[];
}

describe('a free text', () => {
  it('that names somebody is refused by field and rule, without its value', () => {
    const report = { reason: '户主电话13800138000', checkers: ['village-17', '11010519491231002X'] };
    expect(fieldProblemsOf(validateSync(Object.assign(new Report(), report)))).toEqual([
      { field: 'reason', value: null, rule: 'must hold no ID number and no phone number' },
      { field: 'checkers', value: null, rule: 'must hold no ID number' },
    ]);
    expect(validateSync(Object.assign(new Report(), { reason: '已返校', checkers: ['village-17'] }))).toEqual([]);
  });
});

describe('a problem', () => {
  it('tells what was sent, and never an ID number, however deep', () => {
    const members = [{ sex: 'male', idNumber: '11010519491231002X' }];
    expect(
      fieldProblemsOf([
        { property: 'members', value: members, constraints: { isArray: 'members must be a list' } },
        { property: 'idNumber', value: 11010519491231002, constraints: { isString: 'idNumber must be a string' } },
        {
          property: 'idNo',
          value: ' 11010519491231002x',
          constraints: { whitelistValidation: 'idNo should not exist' },
        },
        { property: 'villageCode', value: '532327100001000', constraints: { length: 'villageCode must be shorter' } },
        { property: 'days', value: 'x', constraints: { isInt: 'days must be an integer' } },
      ]),
    ).toEqual([
      { field: 'members', value: [{ sex: 'male', idNumber: null }], rule: 'must be a list' },
      { field: 'idNumber', value: null, rule: 'must be a string' },
      { field: 'idNo', value: null, rule: 'should not exist' },
      { field: 'villageCode', value: '532327100001000', rule: 'must be shorter' },
      { field: 'days', value: 'x', rule: 'must be an integer' },
    ]);
  });
});
