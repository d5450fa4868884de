import { backoffMs, rest, type BackoffSettings } from '../backoff.js';
import { describeFailure } from './failures.js';
import type { GatheredBatch } from './gathering.js';
import type { HealthBoard } from './health.js';

/** Waits after failures that pass by themselves, for as long as the group lets this member wait. */
export class Patience {
  constructor(
    private readonly backoff: BackoffSettings,
    private readonly board: HealthBoard,
    private readonly stopping: AbortSignal,
  ) {}

  /** False when there is nothing to wait for any more: the consumer stops, or the group wants the member back. */
  async wait(error: unknown, attempt: number, held: readonly GatheredBatch[] = []): Promise<boolean> {
    this.board.pause(describeFailure(error).code);
    if (this.stopping.aborted) return false;
    await rest(backoffMs(attempt, this.backoff), this.stopping);
    if (this.stopping.aborted) return false;
    try {
      for (const { heartbeat } of held) await heartbeat();
      return true;
    } catch {
      return false;
    }
  }
}
