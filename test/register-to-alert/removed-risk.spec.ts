/** The register and risk-alerts in this process, on one bus: what an officer writes into the register stands in the alert. */
import { randomUUID } from 'node:crypto';
import { topics, type HouseholdProfile } from '@fangpin/contracts';
import { encodeEvent, type BusProducer } from '@fangpin/messaging';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aHousehold, startRegistry, type RegistryApp } from '../../services/household-registry/test/registry-app.js';
import type { AlertPage, ExplainedAlertResponse } from '../../services/risk-alerts/src/alerts/alert.responses.js';
import { startWorld, type World } from '../../services/risk-alerts/test/support/risk-alerts-world.js';
import { assessment, hail } from '../../services/risk-alerts/test/support/world.js';

describe('the removal of a risk on the register', () => {
  let registry: RegistryApp;
  let alerts: World;
  let producer: BusProducer;
  let household: HouseholdProfile;
  beforeAll(async () => {
    registry = await startRegistry();
    alerts = await startWorld({ env: { FANGPIN_TOPIC_PREFIX: registry.prefix } });
    producer = await registry.bus.producer();
    const livelihoods = [{ product: 'maize', mu: 10 }];
    const members = [{ birthYear: 1980, sex: 'male', relation: 'head', labour: 'ordinary' }];
    const body = aHousehold({ monitoring: 'monitored', monitoringSince: '2021-03-01', members, livelihoods });
    const registered = await registry.request('POST', '/v1/households', { body });
    expect(registered.status).toBe(201);
    household = await registry.profileOf(Number(registered.body['id']));
    const income = assessment({ id: Number(household.householdId), persons: 1, perCapitaYuan: 15_000 });
    const shock = hail({ id: randomUUID(), policyVersion: alerts.policyVersion });
    const key = String(household.householdId);
    await producer.send(topics.assessment, [encodeEvent(topics.assessment, income, { key })]);
    await producer.send(topics.shock, [encodeEvent(topics.shock, shock, { key: shock.shockId })]);
  }, 60_000);
  afterAll(async () => {
    await producer.close();
    await alerts.stop();
    await registry.close();
  });

  async function write(body: object): Promise<void> {
    const url = `/v1/households/${household.householdId}`;
    const { headers } = await registry.request('GET', url);
    const answer = await registry.request('PATCH', url, { body, headers: { 'if-match': String(headers['etag']) } });
    expect(answer).toMatchObject({ status: 200, body });
  }

  const told = (text: RegExp): Promise<ExplainedAlertResponse> =>
    eventually(async () => {
      const get = async <T>(url: string): Promise<T> => {
        const headers = { authorization: `Bearer ${await alerts.token()}` };
        return (await alerts.app.inject({ url, headers })).json<T>();
      };
      const { items } = await get<AlertPage>(`/v1/alerts?householdId=${household.householdId}`);
      const alert = await get<ExplainedAlertResponse>(`/v1/alerts/${items[0]?.id}`);
      expect(alert.explanation.text).toMatch(text);
      expect(alert.explanation.recomputed).toBe(true);
      return alert;
    });

  it('is told in the alert with its day, lifts while it is recent, and no longer once it is long ago', async () => {
    const monitored = await told(/已经是监测户，所以提高一级看待/);
    await write({ monitoring: 'removed', monitoringSince: '2026-05-20' });
    const lately = await told(/于2026年5月20日才消除风险，所以提高一级看待/);
    expect(lately).toMatchObject({ id: monitored.id, severity: monitored.severity });
    await write({ monitoringSince: '2022-05-20' });
    const longAgo = await told(/^(?!.*消除风险)/);
    expect(longAgo.severity).toBe(lately.severity - 1);
    expect(longAgo.explanation.inputs).toMatchObject({ removedOn: '2022-05-20', facts: [] });
  });
});
