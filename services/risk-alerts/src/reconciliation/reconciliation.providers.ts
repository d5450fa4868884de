import type { Provider } from '@nestjs/common';
import { AskExposure } from './exposure/ask-exposure.js';
import { SettleExposure } from './exposure/settle-exposure.js';
import { AssessmentsTalliedConsumer, HouseholdsTalliedConsumer } from './exposure/tallied.consumers.js';
import { PublishAgain } from './publish-again.js';
import { PublishFindingsAgain } from './publish-findings-again.js';
import { PublishJointAgain } from './publish-joint-again.js';
import { RecordFindings } from './record-findings.js';
import { ReadReconciliations } from './read-reconciliations.js';
import { ReconciliationWorker } from './reconciliation-worker.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';
import { SettleTallies } from './settle-tallies.js';
import { StartReconciliation } from './start-reconciliation.js';

/** The comparison of alerts and answers with assistance-cases, and of exposure with its owners. */
export function reconciliationProviders(settings: ReconciliationSettings): Provider[] {
  return [
    { provide: RECONCILIATION_SETTINGS, useValue: settings },
    PublishAgain,
    PublishFindingsAgain,
    PublishJointAgain,
    StartReconciliation,
    SettleTallies,
    RecordFindings,
    AskExposure,
    SettleExposure,
    HouseholdsTalliedConsumer,
    AssessmentsTalliedConsumer,
    ReconciliationWorker,
    ReadReconciliations,
  ];
}
