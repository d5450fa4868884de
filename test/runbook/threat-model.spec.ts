/** Each guard that the threat model leans on is a file that is there, and each test that it quotes is in a file named beside it. */
import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(`${root}/docs/threat-model.md`, 'utf8');
const PATH = /`((?:libs|services|scripts|deploy|test)\/[\w./-]+)`/g;

describe('the threat model', () => {
  it('names files that exist', () => {
    const paths = [...text.matchAll(PATH)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(30);
    expect(paths.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
  });

  it('quotes tests that exist', () => {
    const missing: string[] = [];
    let quotes = 0;
    for (const line of text.split('\n')) {
      const files = [...line.matchAll(PATH)].map(([, path = '']) => `${root}/${path}`);
      const tests = files
        .filter((file) => existsSync(file) && statSync(file).isFile())
        .map((file) => readFileSync(file, 'utf8'));
      // Quotes after the name of a spec, not the words of a page.
      for (const [, quote = ''] of line.matchAll(/(?:spec\.ts`|suite\.ts`|",) "([^"]+)"/g)) {
        quotes += 1;
        if (!tests.some((source) => source.includes(quote))) missing.push(quote);
      }
    }
    expect(quotes).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });
});
