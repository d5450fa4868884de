/** Kafka in: revisions of shocks. */
import { topics, type Shock } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { TakeShock } from './take-shock.js';
import { Wakeups } from './wakeups.js';

@EventConsumer()
@Injectable()
export class ShockConsumer implements EventHandler<Shock> {
  readonly topic = topics.shock;

  constructor(
    private readonly takeShock: TakeShock,
    private readonly wakeups: Wakeups,
  ) {}

  async handle(events: readonly ConsumedEvent<Shock>[], tx: Tx): Promise<void> {
    await this.takeShock.execute(
      events.map(({ data }) => data),
      tx,
    );
    tx.afterCommit(() => this.wakeups.wake());
  }
}
