import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository } from '../paths.ts';
import { policyReadBy, policyReaders } from './policy-read.ts';
import { serviceNames, type ServiceName } from './services.ts';

const dirs: string[] = [];
afterEach(() => dirs.splice(0).forEach((dir) => rmSync(dir, { recursive: true, force: true })));
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'policy-'));
  dirs.push(dir);
  return dir;
}

describe('the policy that a process has read', () => {
  it('is another one as soon as a record of an overlay is, for those who read it and for nobody else', () => {
    const [cwd, overlay, shadow] = [folder(), folder(), folder()];
    const environment = { FANGPIN_POLICY_OVERLAY: overlay, FANGPIN_POLICY_SHADOW: shadow };
    const now = (): Record<string, string> =>
      Object.fromEntries(serviceNames.map((service) => [service, policyReadBy({ service, environment, cwd })]));
    const changedBy = (act: () => void): string[] => {
      const before = now();
      act();
      return Object.entries(now()).flatMap(([name, read]) => (read === before[name] ? [] : [name]));
    };
    expect(changedBy(() => undefined)).toEqual([]);
    expect(changedBy(() => writeFileSync(join(overlay, 'a.json'), '[]'))).toEqual(policyReaders);
    expect(changedBy(() => writeFileSync(join(overlay, 'a.json'), '[ ]'))).toEqual(policyReaders);
    expect(changedBy(() => writeFileSync(join(overlay, 'notes.md'), 'x'))).toEqual([]);
    expect(changedBy(() => writeFileSync(join(shadow, 'a.json'), '[]'))).toEqual(['risk-alerts']);
    expect(changedBy(() => rmSync(overlay, { recursive: true }))).toEqual(policyReaders);
  });

  it('is another one when the data of the library are, and may be named from where the process runs', () => {
    const [cwd, data] = [folder(), folder()];
    const read = (overlay?: string): string =>
      policyReadBy({
        service: 'intake',
        environment: overlay === undefined ? {} : { FANGPIN_POLICY_OVERLAY: overlay },
        cwd,
        data,
      });
    const plain = read();
    writeFileSync(join(data, 'lines.json'), '[]');
    expect(read()).not.toBe(plain);
    expect(read('.')).toBe(read(cwd));
  });

  it('is read by the services that load it', () => {
    const loads = (service: ServiceName): boolean => {
      const src = inRepository('services', service, 'src');
      return readdirSync(src, { recursive: true, encoding: 'utf8' }).some(
        (file) => file.endsWith('.ts') && readFileSync(join(src, file), 'utf8').includes('loadPolicy('),
      );
    };
    expect(serviceNames.filter(loads)).toEqual(policyReaders);
  });
});
