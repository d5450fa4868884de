/** What people do on a database without a bus: results of checks and steps of cases, as one township's caseworker. */
import { createKafkaBus, Outbox, type Bus } from '@fangpin/messaging';
import { regionScope } from '@fangpin/persistence';
import { loadPolicy, type PolicySet } from '@fangpin/policy';
import type { Caller } from '@fangpin/service-kit';
import { testServers } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { CaseStepEntity } from '../src/cases/case-step.entity.js';
import { CaseEntity } from '../src/cases/case.entity.js';
import { TakeStep } from '../src/cases/commands/take-step.js';
import { CheckItemEntity } from '../src/check-items/check-item.entity.js';
import { RecordResult } from '../src/check-items/record-result.js';
import { DueDates } from '../src/triage/due-dates.js';
import { TOWNSHIP, triageOnDatabase, type TriageOnDatabase } from './harness.js';

export const caseworker: Caller = {
  subject: 'g-1',
  role: 'township-caseworker',
  region: TOWNSHIP,
  scope: regionScope(TOWNSHIP),
};

export interface People {
  /** Records the result of a check. */
  answer(itemId: string, body: unknown): Promise<void>;
  /** Takes a step of a case. */
  step(caseId: string, action: string, body: unknown): Promise<void>;
}

/** Works by the clock of the triage given. */
export async function peopleOn(service: TriageOnDatabase, policy: PolicySet = loadPolicy()): Promise<People> {
  const database = await service.db.open({ entities: [CaseEntity, CaseStepEntity, CheckItemEntity] });
  // Events of people's steps stay in the outbox: nobody is listening here.
  const bus: Bus = {
    ...createKafkaBus({ brokers: testServers().brokers, clientId: 'spec' }),
    producer: () => Promise.reject(new Error('nobody is listening')),
  };
  const needs = [database, new Outbox(bus, database), new DueDates(policy), policy, service.clock] as const;
  const recordResult = new RecordResult(...needs);
  const takeStep = new TakeStep(...needs);
  const said = { caller: caseworker, ifMatch: undefined, idempotencyKey: undefined };
  return {
    async answer(id, body) {
      await recordResult.execute({ id, body, ...said });
    },
    async step(id, action, body) {
      await takeStep.execute({ id, action, body, ...said });
    },
  };
}

export interface Desk {
  readonly service: TriageOnDatabase;
  readonly people: People;
}

/** For the head of a spec: triage and people on a database of its own; each test begins with it empty, on one morning in July 2026. */
export function triageWithPeople(): Desk {
  let desk: Desk | undefined;
  const open = (): Desk => {
    if (desk === undefined) throw new Error('the spec has not begun');
    return desk;
  };
  beforeAll(async () => {
    const service = await triageOnDatabase();
    desk = { service, people: await peopleOn(service) };
  });
  beforeEach(() => {
    open().service.clock.set('2026-07-20T09:00:00+08:00');
    return open().service.clear();
  });
  afterAll(() => open().service.db.drop());
  return {
    get service() {
      return open().service;
    },
    get people() {
      return open().people;
    },
  };
}
