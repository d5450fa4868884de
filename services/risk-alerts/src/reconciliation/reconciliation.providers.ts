import type { Provider } from '@nestjs/common';
import { AskExposure } from './exposure/ask-exposure.js';
import { SettleExposure } from './exposure/settle-exposure.js';
import { AssessmentsTalliedConsumer, HouseholdsTalliedConsumer } from './exposure/tallied.consumers.js';
import { BeginReconciliation } from './begin-reconciliation.js';
import { ClearReconciliations } from './clear-reconciliations.js';
import { CompareJudgements } from './judgements/compare-judgements.js';
import { PublishAgain } from './publish-again.js';
import { PublishFindingsAgain } from './publish-findings-again.js';
import { PublishJointAgain } from './publish-joint-again.js';
import { RecordFindings } from './record-findings.js';
import { ReadReconciliations } from './read-reconciliations.js';
import { ReconciliationWorker } from './reconciliation-worker.js';
import { RECONCILIATION_SETTINGS, type ReconciliationSettings } from './settings.js';
import { SettleTallies } from './settle-tallies.js';
import { StartReconciliation } from './start-reconciliation.js';
import { WorkOnRow } from './work-on-row.js';

/** The comparison of alerts and answers with assistance-cases, of exposure with its owners, and of whom shocks touch with who was judged. */
export function reconciliationProviders(settings: ReconciliationSettings): Provider[] {
  return [
    { provide: RECONCILIATION_SETTINGS, useValue: settings },
    PublishAgain,
    PublishFindingsAgain,
    PublishJointAgain,
    StartReconciliation,
    BeginReconciliation,
    ClearReconciliations,
    SettleTallies,
    RecordFindings,
    WorkOnRow,
    AskExposure,
    SettleExposure,
    CompareJudgements,
    HouseholdsTalliedConsumer,
    AssessmentsTalliedConsumer,
    ReconciliationWorker,
    ReadReconciliations,
  ];
}
