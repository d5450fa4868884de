import type { Provider } from '@nestjs/common';
import { PublishAgain } from './publish-again.js';
import { ReadReconciliations } from './read-reconciliations.js';
import { ReconciliationWorker } from './reconciliation-worker.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';
import { SettleTallies } from './settle-tallies.js';
import { StartReconciliation } from './start-reconciliation.js';

/** The comparison of alerts and answers with assistance-cases. */
export function reconciliationProviders(settings: ReconciliationSettings): Provider[] {
  return [
    { provide: RECONCILIATION_SETTINGS, useValue: settings },
    PublishAgain,
    StartReconciliation,
    SettleTallies,
    ReconciliationWorker,
    ReadReconciliations,
  ];
}
