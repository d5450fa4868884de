import { describe, expect, it } from '@jest/globals';
import { readReplayArguments } from './replay-arguments.ts';

describe('the arguments of replay', () => {
  it('lists the letters of every service that has a database', () => {
    const { action, services, filter } = readReplayArguments(['list'], {});
    expect(action).toBe('list');
    expect(services).toContain('risk-alerts');
    expect(services).not.toContain('gateway');
    expect(filter).toEqual({});
  });

  it('marks the letters of a key in one service', () => {
    expect(readReplayArguments(['replay'], { service: 'assistance-cases', key: '532327101/4711' })).toEqual({
      action: 'replay',
      services: ['assistance-cases'],
      filter: { key: '532327101/4711' },
    });
  });

  it.each([
    [[], {}, /say one of/],
    [['mend'], {}, /say one of/],
    [['list', 'all'], {}, /say one of/],
    [['list'], { service: 'gateway' }, /--service takes one of/],
    [['show'], { service: 'risk-alerts' }, /show needs --id/],
    [['show'], { id: '1; DROP' }, /--id takes/],
    [['drop'], { id: '3' }, /drop needs --service/],
    [['replay'], { service: 'risk-alerts' }, /needs --id, --key or --all/],
  ])('refuses %j %j', (positionals, values, reason) => {
    expect(() => readReplayArguments(positionals, values)).toThrow(reason);
  });
});
