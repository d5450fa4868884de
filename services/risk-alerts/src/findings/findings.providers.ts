import type { Provider } from '@nestjs/common';
import { FindingConsumer } from './finding.consumer.js';
import { FindingOutboxSource } from './finding-outbox-source.js';
import { JudgeEach } from './judge-each.js';
import { JudgeFindings } from './judge-findings.js';
import { LookAtStanding } from './look-at-standing.js';
import { ReadFindings } from './reading/read-findings.js';
import { FINDING_SETTINGS, type FindingSettings } from './settings.js';
import { StandingWorker } from './standing-worker.js';
import { StoreFindingAlerts } from './store-finding-alerts.js';
import { UnansweredFindings } from './unanswered-findings.js';
import { WaitingFindings } from './waiting-findings.js';

/** Findings of departments: taken in, judged, waited for and read. */
export function findingProviders(settings: FindingSettings): Provider[] {
  return [
    { provide: FINDING_SETTINGS, useValue: settings },
    FindingConsumer,
    JudgeFindings,
    JudgeEach,
    StoreFindingAlerts,
    FindingOutboxSource,
    WaitingFindings,
    LookAtStanding,
    StandingWorker,
    UnansweredFindings,
    ReadFindings,
  ];
}
