/** Policy records of a spec, in folders that are gone after each test. */
import { afterEach } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidPolicy } from '../../src/index.js';

const dirs: string[] = [];
afterEach(() => dirs.splice(0).forEach((dir) => rmSync(dir, { recursive: true })));

/** A folder with these files: a text as it stands, anything else as JSON. */
export function policyFolder(files: Readonly<Record<string, unknown>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'policy-'));
  dirs.push(dir);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
  return dir;
}

/** What a record says beside its value, as a county would; `record` goes before it. */
export const byNotice = <Value extends object>(record: Value) => ({
  source: { document: 'a county notice', grade: 'G' },
  author: 'an officer',
  reason: 'a spec',
  ...record,
});

/** What loading is refused for, each with its place in the file; empty where it is not. */
export function refusalsOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof InvalidPolicy) return error.problems.map(({ index, rule }) => `${index ?? 'file'}: ${rule}`);
    throw error;
  }
  return [];
}
