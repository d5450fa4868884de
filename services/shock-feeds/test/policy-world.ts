/** The service as a release with another policy finds it: its shocks were judged by the base, and now hail is only recorded. */
import { cellScope } from '@fangpin/persistence';
import { loadPolicy, PolicySet, type PolicyRecord } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CarryOutApplications } from '../src/policy-applications/carry-out-applications.js';
import { startShockApp, type Answer, type ShockApp } from './shock-app.js';

export const base = loadPolicy();
const demo = JSON.parse(
  readFileSync(new URL('../../../scripts/lib/demo/data/damage-report.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;

export const order = {
  since: '2026-07-01',
  until: '2026-07-31',
  reason: '冰雹改由保险公司报送',
  document: '永乡振组〔2026〕14号',
};

export class PolicyWorld {
  private constructor(
    readonly service: ShockApp,
    private readonly overlay: string,
  ) {}

  static async start(): Promise<PolicyWorld> {
    const overlay = mkdtempSync(join(tmpdir(), 'policy-'));
    const hail = base.records.find(({ key, subject }) => key === 'lane' && subject === 'hail') as PolicyRecord;
    const record = {
      key: 'lane',
      subject: 'hail',
      region: '00',
      from: '2020-01-01',
      value: { ...(hail.value as object), observed: 'recorded' },
      source: { document: 'a county draft', grade: 'unsourced' },
      assumed: true,
      author: 'a county officer',
      reason: 'Hail is reported by the insurer.',
    };
    writeFileSync(join(overlay, 'lanes.json'), JSON.stringify([record]));
    return new PolicyWorld(await startShockApp({ policyOverlay: overlay }), overlay);
  }

  async stop(): Promise<void> {
    await this.service.close();
    rmSync(this.overlay, { recursive: true });
  }

  now(): PolicySet {
    return this.service.app.get(PolicySet);
  }

  sql<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.service.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  }

  /** A report of today's service, made one of the release before: version and lane as that would have judged it. */
  async reported(over: Record<string, unknown> = {}, lane = 'alert'): Promise<string> {
    const body = { ...demo, kind: 'hail', headline: randomUUID(), ...over };
    const answer = await this.service.call('POST', '/v1/shocks', { body });
    expect(answer.status).toBe(202);
    const id = answer.body['shockId'] as string;
    await this.sql('UPDATE shocks SET policy_version = $2, lane = $3 WHERE shock_id = $1', [id, base.version, lane]);
    return id;
  }

  apply(
    over: object = {},
    as: object = { role: 'county-officer', region: '532327', subject: 'officer-1' },
  ): Promise<Answer> {
    return this.service.call('POST', '/v1/policy-applications', { body: { ...order, ...over }, as });
  }

  /** Carries on, and waits for what the service's own round has taken up at that moment. */
  async carriedOut(): Promise<void> {
    await this.service.app.get(CarryOutApplications).carryOn();
    await eventually(async () => expect(await this.underWay()).toEqual([]));
  }

  /** Shocks of this version's applications that could be judged now. */
  private underWay(): Promise<unknown[]> {
    return this.sql(
      `SELECT s.shock_id FROM policy_application_shocks s JOIN policy_applications a USING (application_id)
       WHERE a.to_version = $1 AND a.state = 'running' AND s.state = 'waiting' AND s.retry_at IS NULL`,
      [this.now().version],
    );
  }

  async shockOf(id: string): Promise<Record<string, unknown>> {
    return (await this.service.call('GET', `/v1/shocks/${id}`)).body;
  }

  async applicationOf(id: unknown): Promise<Record<string, unknown>> {
    return (await this.service.call('GET', `/v1/policy-applications/${String(id)}`)).body;
  }
}
