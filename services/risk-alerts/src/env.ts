/** The only reader of this service's environment. */
import { baseEnvFrom, EnvReader, versionJobsEnvFrom, type BaseEnv, type VersionJobsEnv } from '@fangpin/service-kit';
import type { EpisodeSettings } from './episodes/settings.js';
import type { FanOutSettings } from './fan-out/settings.js';
import type { FindingSettings } from './findings/settings.js';
import type { LedgerSettings } from './ledger/settings.js';
import type { ReconciliationSettings } from './reconciliation/settings.js';
import type { RegionalSettings } from './regional/settings.js';
import type { SimulationSettings } from './simulations/settings.js';

export interface RiskAlertsEnv extends BaseEnv, VersionJobsEnv {
  readonly fanOut: FanOutSettings;
  readonly ledger: LedgerSettings;
  readonly findings: FindingSettings;
  readonly regional: RegionalSettings;
  readonly episodes: EpisodeSettings;
  readonly reconciliation: ReconciliationSettings;
  readonly simulations: SimulationSettings;
  /** FANGPIN_POLICY_SHADOW: a folder of policy records that are tried beside the live ones, telling nobody. */
  readonly policyShadow?: string | undefined;
}

const DEFAULT_PORT = 3104;

/** Reads and checks everything at once; throws naming every bad variable. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): RiskAlertsEnv {
  const read = new EnvReader(source);
  const env: RiskAlertsEnv = {
    ...baseEnvFrom(read, { port: DEFAULT_PORT }),
    ...versionJobsEnvFrom(read),
    fanOut: {
      sliceHouseholds: read.integer('FANGPIN_SLICE_HOUSEHOLDS', { default: 16_000, min: 1, max: 1_000_000 }),
      slicesAtOnce: read.integer('FANGPIN_SLICES_AT_ONCE', { default: 2, min: 1, max: 16 }),
      leaseSeconds: read.integer('FANGPIN_SLICE_LEASE_SECONDS', { default: 20, min: 1, max: 3_600 }),
      awaitExposureSeconds: read.integer('FANGPIN_AWAIT_EXPOSURE_SECONDS', { default: 60, min: 0, max: 86_400 }),
      consumerGroup: 'risk-alerts',
    },
    ledger: {
      listeners: read.integer('FANGPIN_LEDGER_LISTENERS', { default: 64, min: 1, max: 10_000 }),
      listenersPerAccount: read.integer('FANGPIN_LEDGER_LISTENERS_PER_ACCOUNT', { default: 8, min: 1, max: 10_000 }),
      listenSeconds: read.integer('FANGPIN_LEDGER_LISTEN_SECONDS', { default: 900, min: 1, max: 86_400 }),
      stuckAfterAttempts: read.integer('FANGPIN_SLICE_STUCK_ATTEMPTS', { default: 5, min: 1, max: 1_000 }),
      stuckAfterSeconds: read.integer('FANGPIN_SLICE_STUCK_SECONDS', { default: 300, min: 1, max: 86_400 }),
    },
    findings: {
      lookSeconds: read.integer('FANGPIN_FINDINGS_LOOK_SECONDS', { default: 30, min: 1, max: 86_400 }),
      quietSeconds: read.integer('FANGPIN_FINDINGS_QUIET_SECONDS', { default: 900, min: 1, max: 86_400 }),
    },
    regional: {
      sweepMinutes: read.integer('FANGPIN_REGIONAL_SWEEP_MINUTES', { default: 60, min: 1, max: 10_080 }),
      lookSeconds: read.integer('FANGPIN_REGIONAL_LOOK_SECONDS', { default: 2, min: 1, max: 3_600 }),
    },
    episodes: {
      lookSeconds: read.integer('FANGPIN_EPISODE_LOOK_SECONDS', { default: 1, min: 1, max: 3_600 }),
      asideSeconds: read.integer('FANGPIN_EPISODE_ASIDE_SECONDS', { default: 60, min: 0, max: 3_600 }),
      pageRows: read.integer('FANGPIN_EPISODE_PAGE_ROWS', { default: 2_000, min: 100, max: 100_000 }),
      heldBackSeconds: read.integer('FANGPIN_EPISODE_HELD_BACK_SECONDS', { default: 10, min: 1, max: 3_600 }),
    },
    reconciliation: {
      everyHours: read.integer('FANGPIN_RECONCILIATION_HOURS', { default: 24, min: 1, max: 744 }),
      days: read.integer('FANGPIN_RECONCILIATION_DAYS', { default: 90, min: 1, max: 3_660 }),
      quietSeconds: read.integer('FANGPIN_RECONCILIATION_QUIET_SECONDS', { default: 900, min: 0, max: 86_400 }),
      restSeconds: read.integer('FANGPIN_RECONCILIATION_REST_SECONDS', { default: 30, min: 0, max: 3_600 }),
      silentSeconds: read.integer('FANGPIN_RECONCILIATION_SILENT_SECONDS', { default: 300, min: 1, max: 86_400 }),
      rounds: read.integer('FANGPIN_RECONCILIATION_ROUNDS', { default: 4, min: 1, max: 100 }),
      townshipsOfShock: read.integer('FANGPIN_RECONCILIATION_SHOCK_TOWNSHIPS', { default: 10, min: 0, max: 100_000 }),
      townships: read.integer('FANGPIN_RECONCILIATION_TOWNSHIPS', { default: 200, min: 0, max: 100_000 }),
      keepDays: read.integer('FANGPIN_RECONCILIATION_KEEP_DAYS', { default: 90, min: 1, max: 3_660 }),
      lookSeconds: read.integer('FANGPIN_RECONCILIATION_LOOK_SECONDS', { default: 5, min: 1, max: 3_600 }),
    },
    simulations: {
      atOnce: read.integer('FANGPIN_SIMULATIONS_AT_ONCE', { default: 2, min: 1, max: 16 }),
      seconds: read.integer('FANGPIN_SIMULATION_SECONDS', { default: 90, min: 1, max: 3_600 }),
      backtestSeconds: read.integer('FANGPIN_BACKTEST_SECONDS', { default: 900, min: 1, max: 86_400 }),
    },
    policyShadow: read.optional('FANGPIN_POLICY_SHADOW'),
  };
  if (env.writerDatabaseUrl === undefined)
    read.complain('WRITER_DATABASE_URL', 'must be set: the fan-out writes under that role');
  read.done();
  return env;
}
