import { describe, expect, it } from '@jest/globals';
import { parseCommandLine, usageOf, UsageError, type CommandSpec } from './command.ts';

const spec = {
  name: 'seed',
  does: 'Fills the register.',
  options: { county: { type: 'string' }, dry: { type: 'boolean' } },
  help: { county: 'its code', dry: 'write nothing' },
} as const satisfies CommandSpec<{ county: { type: 'string' }; dry: { type: 'boolean' } }>;

describe('a command line', () => {
  it('gives the values of its options', () => {
    const { values, json, help } = parseCommandLine(spec, ['--county', '532327', '--json']);
    expect(values.county).toBe('532327');
    expect(values.dry).toBeUndefined();
    expect({ json, help }).toEqual({ json: true, help: false });
  });

  it.each([['--bogus'], ['stray'], ['--county']])('refuses %s', (argument) => {
    expect(() => parseCommandLine(spec, [argument])).toThrow(UsageError);
  });

  it('takes positional arguments where the command names them', () => {
    expect(parseCommandLine({ ...spec, positionals: 'NAME' }, ['fanout']).positionals).toEqual(['fanout']);
  });

  it('is explained option by option', () => {
    const usage = usageOf({ ...spec, positionals: 'NAME' });
    expect(usage).toContain('npm run seed -- NAME');
    expect(usage).toContain('--county COUNTY');
    expect(usage).toContain('--json');
  });
});
