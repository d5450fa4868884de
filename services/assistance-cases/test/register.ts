/** What the register says of households, as its consumer hears it, on a database without a bus. */
import { packRevision } from '@fangpin/domain-kit';
import { topics, type AlertBatch } from '@fangpin/contracts';
import type { OutgoingMessage } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { loadPolicy, type PolicySet } from '@fangpin/policy';
import { FollowRegister, type ToldHousehold } from '../src/register/follow-register.js';
import type { Leaving } from '../src/register/left-states.js';
import { DueDates } from '../src/triage/due-dates.js';
import { TriageAlerts } from '../src/triage/triage-alerts.js';
import { dutyOf, TOWNSHIP, type TriageOnDatabase } from './harness.js';

/** The n-th revision of a household's profile. */
export const told = (householdId: number, version: number, leaving: Leaving | null): ToldHousehold => ({
  householdId,
  dutyCode: dutyOf(TOWNSHIP, householdId),
  revision: packRevision({ epoch: 1, version }),
  leaving,
});

export interface Register {
  /** One call of the consumer in one transaction. */
  say(...households: ToldHousehold[]): Promise<void>;
  /** The same, and something else before it commits. */
  sayAnd(households: readonly ToldHousehold[], before: () => Promise<void>): Promise<void>;
  /** Alerts that triage takes in, and something else before it commits. */
  triageAnd(batches: readonly AlertBatch[], before: () => Promise<void>): Promise<void>;
  /** Forgets who has left. */
  clear(): Promise<void>;
}

/** Works by the clock of the triage given; what is said is heard with its answers. */
export async function registerOn(service: TriageOnDatabase, policy: PolicySet = loadPolicy()): Promise<Register> {
  const admin = await service.db.open({ url: service.db.adminUrl });
  const outbox = {
    add: (_tx: unknown, topic: unknown, messages: readonly OutgoingMessage[]): Promise<void> => {
      if (topic !== topics.case) throw new Error('the register makes cases speak only');
      return Promise.resolve(service.answers.take(messages));
    },
  };
  const follow = new FollowRegister(policy, new DueDates(policy), outbox, service.clock);
  const sayAnd: Register['sayAnd'] = (households, before) =>
    service.writer.transaction(cellScope('consumer:test'), async (tx) => {
      await follow.execute(households, tx);
      await before();
    });
  const triage = new TriageAlerts(policy, { ...outbox, addReference: () => Promise.resolve() }, service.clock);
  return {
    sayAnd,
    triageAnd: (batches, before) =>
      service.writer.transaction(cellScope('consumer:test'), async (tx) => {
        await triage.execute(batches, tx);
        await before();
      }),
    say: (...households) => sayAnd(households, () => Promise.resolve()),
    clear: async () => void (await admin.dataSource.query('TRUNCATE left_households')),
  };
}
