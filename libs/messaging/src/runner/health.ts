import type { Log } from '../log.js';

export interface ConsumerHealth {
  /** `paused` passes by itself; `halted` needs an operator and a restart. */
  readonly state: 'running' | 'paused' | 'halted';
  readonly reason?: string;
}

/** The state of one consumer, told to the log only when it changes. */
export class HealthBoard {
  #health: ConsumerHealth = { state: 'paused', reason: 'not started' };

  constructor(
    private readonly consumer: string,
    private readonly log: Log,
  ) {}

  health(): ConsumerHealth {
    return this.#health;
  }

  get halted(): boolean {
    return this.#health.state === 'halted';
  }

  run(): void {
    if (this.halted || this.#health.state === 'running') return;
    this.#health = { state: 'running' };
    this.log.info({ consumer: this.consumer }, 'consumer runs');
  }

  pause(reason: string): void {
    if (this.halted) return;
    if (this.#health.state !== 'paused') this.log.warn({ consumer: this.consumer, reason }, 'consumer pauses');
    this.#health = { state: 'paused', reason };
  }

  halt(reason: string): void {
    if (this.halted) return;
    this.#health = { state: 'halted', reason };
    this.log.error({ consumer: this.consumer, reason }, 'consumer is halted: going on would lose or double work');
  }
}
