import { Outbox } from '@fangpin/messaging';
import { ServiceKitModule } from '@fangpin/service-kit';
import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { AlertEntity } from './alerts/alert.entity.js';
import { AlertsController } from './alerts/alerts.controller.js';
import { ReadAlerts } from './alerts/read-alerts.js';
import type { RiskAlertsEnv } from './env.js';
import { episodeControllers, episodeProviders } from './episodes/episodes.providers.js';
import { HouseholdProfileConsumer, IncomeAssessmentConsumer } from './exposure/exposure.consumers.js';
import { ExposureController } from './exposure/exposure.controller.js';
import { RebuildExposure } from './exposure/rebuild-exposure.js';
import { CatchUp } from './fan-out/catch-up.js';
import { AwaitPolicies } from './fan-out/await-policies.js';
import { FanOutWorker } from './fan-out/fan-out-worker.js';
import { PlanFanOuts } from './fan-out/plan-fan-outs.js';
import { JudgeLateIncomes } from './fan-out/judge-late-incomes.js';
import { Relook } from './fan-out/relook.js';
import { RelookWorker } from './fan-out/relook-worker.js';
import { RunSlice } from './fan-out/run-slice.js';
import { FAN_OUT_SETTINGS } from './fan-out/settings.js';
import { ShockConsumer } from './fan-out/shock.consumer.js';
import { TakeShock } from './fan-out/take-shock.js';
import { SliceLeases } from './fan-out/slice-leases.js';
import { SliceOutboxSource } from './fan-out/slice-outbox-source.js';
import { StoreLooks } from './fan-out/store-looks.js';
import { Wakeups } from './fan-out/wakeups.js';
import { FindingApplicationsController } from './finding-applications/finding-applications.controller.js';
import { findingApplicationProviders } from './finding-applications/finding-applications.providers.js';
import { findingProviders } from './findings/findings.providers.js';
import { FindingsController } from './findings/reading/findings.controller.js';
import { jointProviders } from './joint/joint.providers.js';
import { CaseEventConsumer } from './ledger/case-event.consumer.js';
import { ConfirmFanOut } from './ledger/confirm-fan-out.js';
import { FanOutController } from './ledger/fan-out.controller.js';
import { LedgerReadings } from './ledger/live/ledger-readings.js';
import { Listeners } from './ledger/live/listeners.js';
import { LiveLedgerController } from './ledger/live/live-ledger.controller.js';
import { KeptLedgers } from './ledger/kept-ledgers.js';
import { ReadFanOut } from './ledger/read-fan-out.js';
import { LEDGER_SETTINGS } from './ledger/settings.js';
import { SettleLedger } from './ledger/settle-ledger.js';
import { SettleWorker } from './ledger/settle-worker.js';
import { WatchStuckSlices } from './ledger/watch-stuck-slices.js';
import { PolicyVersions } from './policy/policy-versions.js';
import { reconciliationProviders } from './reconciliation/reconciliation.providers.js';
import { ReconciliationsController } from './reconciliation/reconciliations.controller.js';
import { RegionalAlertsController } from './regional/regional-alerts.controller.js';
import { regionalProviders } from './regional/regional.providers.js';
import { shadowProviders } from './shadow/shadow.providers.js';
import { ShadowRunsController } from './shadow/shadow-runs.controller.js';
import { BacktestsController } from './simulations/backtests.controller.js';
import { simulationProviders } from './simulations/simulation.providers.js';
import { SimulationsController } from './simulations/simulations.controller.js';

@Module({})
export class AppModule implements OnModuleInit {
  constructor(
    private readonly outbox: Outbox,
    private readonly slices: SliceOutboxSource,
  ) {}

  static forRoot(env: RiskAlertsEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceKitModule.forRoot({ service: 'risk-alerts', env, entities: [AlertEntity] })],
      controllers: [
        AlertsController,
        FanOutController,
        LiveLedgerController,
        RegionalAlertsController,
        ReconciliationsController,
        ...episodeControllers,
        FindingApplicationsController,
        FindingsController,
        ExposureController,
        SimulationsController,
        BacktestsController,
        ShadowRunsController,
      ],
      providers: [
        { provide: FAN_OUT_SETTINGS, useValue: env.fanOut },
        { provide: LEDGER_SETTINGS, useValue: env.ledger },
        ...regionalProviders(env.regional),
        ...episodeProviders(env.episodes),
        ...jointProviders,
        ...reconciliationProviders(env.reconciliation),
        ...findingApplicationProviders,
        ...findingProviders(env.findings),
        PolicyVersions,
        Wakeups,
        HouseholdProfileConsumer,
        IncomeAssessmentConsumer,
        TakeShock,
        AwaitPolicies,
        ShockConsumer,
        CaseEventConsumer,
        RebuildExposure,
        PlanFanOuts,
        CatchUp,
        RunSlice,
        SliceLeases,
        JudgeLateIncomes,
        Relook,
        StoreLooks,
        RelookWorker,
        SettleLedger,
        SettleWorker,
        SliceOutboxSource,
        FanOutWorker,
        WatchStuckSlices,
        KeptLedgers,
        ReadFanOut,
        LedgerReadings,
        Listeners,
        ConfirmFanOut,
        ReadAlerts,
        ...simulationProviders(env.simulations),
        ...shadowProviders(env.policyShadow),
      ],
    };
  }

  onModuleInit(): void {
    this.outbox.registerSource(this.slices);
  }
}
