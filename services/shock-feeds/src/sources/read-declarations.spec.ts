import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { readDeclarations, refusalOfUrl } from './read-declarations.js';

const secrets: Readonly<Record<string, string>> = { FANGPIN_FEED_TOKEN: 'Bearer secret' };
const read = (sources: unknown) => readDeclarations(JSON.stringify({ sources }), (name) => secrets[name]);
const polled = { name: 'county', format: 'cap', url: 'https://feed.example.org/cap', everySeconds: 300 };

describe('the file of sources', () => {
  it('declares what is polled and what is pushed, off unless switched on', () => {
    const { sources, problems } = read([
      { ...polled, headers: { Authorization: { env: 'FANGPIN_FEED_TOKEN' } }, silentAfterMinutes: 60 },
      { name: 'relay', format: 'warning-snapshot', account: 'department-client/relay', enabled: true },
    ]);
    expect(problems).toEqual([]);
    expect(sources).toMatchObject([
      {
        mode: 'polled',
        enabled: false,
        channel: 'cap',
        headers: { authorization: 'Bearer secret' },
        silentAfterMinutes: 60,
      },
      { mode: 'pushed', enabled: true, account: 'department-client/relay', channel: 'warning-snapshot' },
    ]);
  });

  it('has every bad member named at once, and no secret repeated', () => {
    const { problems } = read([
      { ...polled, name: 'Bad Name', url: 'file:///etc/passwd', everySeconds: 1, enabled: 'yes', extra: 1 },
      {
        ...polled,
        enabled: true,
        headers: { authorization: 'Bearer of-mine', host: { env: 'X' }, x: { env: 'MISSING' } },
      },
      { name: 'county', format: 'cap-feed' },
      'nonsense',
    ]);
    expect(problems.map((problem) => problem.split(' ', 1)[0])).toEqual([
      'sources[0].extra',
      'sources[0].name',
      'sources[0].enabled',
      'sources[0].url',
      'sources[0].everySeconds',
      'sources[1].headers.authorization',
      'sources[1].headers.host',
      'sources[1].headers.x',
      'sources[2].format',
      'sources[2].account',
      'sources[2].name',
      'sources[3]',
    ]);
    expect(problems.join()).not.toContain('of-mine');
  });

  it('needs no secret for a source that is switched off', () => {
    const headers = { authorization: { env: 'MISSING' } };
    expect(read([{ ...polled, headers }]).problems).toEqual([]);
    expect(read([{ ...polled, headers, enabled: true }]).problems).toHaveLength(1);
  });

  it('is refused where it is no list, whatever it holds', () => {
    for (const text of ['', '[]', '{}', '{"sources": {}}', 'null'])
      expect(readDeclarations(text, () => '').problems).toHaveLength(1);
    fc.assert(fc.property(fc.jsonValue(), (value) => void read([value])));
  });

  it('has an example that can be used as it is', () => {
    const text = readFileSync(new URL('../../../../deploy/local/sources.example.json', import.meta.url), 'utf8');
    const { sources, problems } = readDeclarations(text, () => undefined);
    expect(problems).toEqual([]);
    expect(sources.map(({ enabled }) => enabled)).not.toContain(true);
  });
});

describe('an address', () => {
  it.each([
    'http://169.254.169.254/latest',
    'http://[fe80::1]/',
    'ftp://example.org/',
    'https://me:secret@example.org/',
  ])('%s is not fetched', (url) => expect(refusalOfUrl(new URL(url))).toBeDefined());

  it('of a network of one’s own may be fetched', () => {
    for (const url of ['http://127.0.0.1:8080/', 'https://10.1.2.3/feed', 'https://feed.example.org/'])
      expect(refusalOfUrl(new URL(url))).toBeUndefined();
  });
});
