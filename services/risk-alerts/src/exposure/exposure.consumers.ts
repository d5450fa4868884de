/** Kafka in: profiles and assessments into the live exposure set. */
import { topics, type HouseholdProfile, type IncomeAssessment } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { askForRelooks } from '../fan-out/relook-requests.js';
import { Wakeups } from '../fan-out/wakeups.js';
import { WaitingFindings } from '../findings/waiting-findings.js';
import { liveExposure } from './exposure-sets.js';
import { applyAssessments, applyProfiles } from './exposure-store.js';

@EventConsumer()
@Injectable()
export class HouseholdProfileConsumer implements EventHandler<HouseholdProfile> {
  readonly topic = topics.household;

  constructor(
    private readonly wakeups: Wakeups,
    private readonly waitingFindings: WaitingFindings,
  ) {}

  async handle(events: readonly ConsumedEvent<HouseholdProfile>[], tx: Tx): Promise<void> {
    const applied = await applyProfiles(
      tx,
      await liveExposure(tx, 'write'),
      events.map((event) => event.data),
    );
    await askForRelooks(tx, applied);
    await this.waitingFindings.householdsChanged(tx, applied.householdIds);
    // A slice may be waiting for just these offsets.
    tx.afterCommit(() => this.wakeups.wake());
  }
}

@EventConsumer()
@Injectable()
export class IncomeAssessmentConsumer implements EventHandler<IncomeAssessment> {
  readonly topic = topics.assessment;

  constructor(
    private readonly wakeups: Wakeups,
    private readonly waitingFindings: WaitingFindings,
  ) {}

  async handle(events: readonly ConsumedEvent<IncomeAssessment>[], tx: Tx): Promise<void> {
    const applied = await applyAssessments(
      tx,
      await liveExposure(tx, 'write'),
      events.map((event) => event.data),
    );
    await askForRelooks(tx, applied);
    await this.waitingFindings.householdsChanged(tx, applied.householdIds);
    tx.afterCommit(() => this.wakeups.wake());
  }
}
