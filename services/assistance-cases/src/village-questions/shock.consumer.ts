import { topics, type Shock } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { TakeShocks } from './take-shocks.js';

/** Hears how shocks go on. As triage it runs as the writer (consume-as-writer.ts), within the cell that the runner names. */
@EventConsumer()
export class ShockConsumer implements EventHandler<Shock> {
  readonly topic = topics.shock;

  constructor(private readonly takeShocks: TakeShocks) {}

  handle(events: readonly ConsumedEvent<Shock>[], tx: Tx): Promise<void> {
    return this.takeShocks.execute(
      events.map(({ data, headers }) => ({ shock: data, at: saidAt(headers) })),
      tx,
    );
  }
}

/** When the shock's service wrote the revision, by its clock: a replayed notice ends now, whatever its own times say. */
function saidAt(headers: Readonly<Record<string, string>>): Date | undefined {
  const at = new Date(headers['ce_time'] ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
