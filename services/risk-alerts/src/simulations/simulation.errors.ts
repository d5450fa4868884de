import { DomainError } from '@fangpin/domain-kit';
import { HttpRefusal } from '@fangpin/service-kit';

const RETRY_AFTER_SECONDS = 5;

/** As many simulations run here as may at once. */
export class TooManySimulations extends HttpRefusal {
  constructor(atOnce: number) {
    super(
      429,
      'SIMULATION.BUSY',
      `${atOnce} simulations are running; ask again in ${RETRY_AFTER_SECONDS} seconds`,
      { atOnce, reasons: [{ code: 'SIMULATION.BUSY', text: '正在进行的测算已满，请稍后再试' }] },
      { 'retry-after': String(RETRY_AFTER_SECONDS) },
    );
  }
}

/** It would take longer than one simulation may. */
export class SimulationTooLong extends DomainError {
  constructor(seconds: number) {
    super(
      'SIMULATION.TOO_LONG',
      'unavailable',
      `the simulation took more than ${seconds} seconds: ask for a smaller area`,
      {
        seconds,
        reasons: [{ code: 'SIMULATION.TOO_LONG', text: `测算超过${seconds}秒，请缩小区域` }],
      },
    );
  }
}

/** Nobody waits for the answer any more. */
export class SimulationAbandoned extends DomainError {
  constructor() {
    super('SIMULATION.ABANDONED', 'unavailable', 'the caller went away');
  }
}
