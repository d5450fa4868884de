import { Module, type DynamicModule } from '@nestjs/common';
import type { Clock } from '@fangpin/domain-kit';
import { CLOCK, ServiceKitModule } from '@fangpin/service-kit';
import { BatchesController } from './batches/batches.controller.js';
import { ReadBatches } from './batches/read-batches.js';
import { ReceiveBatch } from './batches/receive-batch.js';
import { StoreSheet } from './batches/store-sheet.js';
import { TakeBackBatch } from './batches/take-back-batch.js';
import { WithdrawBatch } from './batches/withdraw-batch.js';
import { WorkBatches } from './batches/work-batches.js';
import { Departments } from './departments/departments.js';
import type { IntakeEnv } from './env.js';
import { FindingsController } from './findings/findings.controller.js';
import { MatchWaiting } from './findings/match-waiting.js';
import { ReadFindings } from './findings/read-one.js';
import { ReceiveFinding } from './findings/receive-finding.js';
import { TakeFindings } from './findings/take-findings.js';
import { WithdrawFinding } from './findings/withdraw-finding.js';
import { FollowIdentities } from './people/follow-identities.js';
import { IdentitiesConsumer } from './people/identities.consumer.js';
import { PolicyModule } from './policy.module.js';

@Module({})
export class AppModule {
  /** With a clock of its own, for tests that let days pass. */
  static forRoot(env: IntakeEnv, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceKitModule.forRoot({ service: 'intake', env }), PolicyModule.forRoot(env.policyOverlay)],
      controllers: [BatchesController, FindingsController],
      providers: [
        ...(clock === undefined ? [] : [{ provide: CLOCK, useValue: clock }]),
        Departments,
        FollowIdentities,
        IdentitiesConsumer,
        MatchWaiting,
        ReadBatches,
        ReadFindings,
        ReceiveBatch,
        ReceiveFinding,
        StoreSheet,
        TakeBackBatch,
        TakeFindings,
        WithdrawBatch,
        WithdrawFinding,
        WorkBatches,
      ],
    };
  }
}
