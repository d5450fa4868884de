import { Injectable } from '@nestjs/common';

/** Lets consumers wake the fan-out worker at once instead of at its next look. */
@Injectable()
export class Wakeups {
  #pending = false;
  #waiter: (() => void) | undefined;

  wake(): void {
    this.#pending = true;
    this.#waiter?.();
  }

  /** Resolves at the next wake-up, or after `ms`. */
  async next(ms: number): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#waiter = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#waiter = undefined;
    }
    this.#pending = false;
  }
}
