/**
 * The whole system for the journeys: servers of its own (they are killed and restarted), every service as its own process on
 * the compiled code, a small county.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRegionCode } from '@fangpin/domain-kit';
import { createKafkaBus } from '@fangpin/messaging';
import { followFanOut, type FanOut, type FollowOptions } from '../../scripts/lib/client/fan-out.ts';
import { HttpClient } from '../../scripts/lib/client/http-client.ts';
import { untilNothingIsOnItsWay } from '../../scripts/lib/client/on-its-way.ts';
import { openServiceSql, type ServiceSql } from '../../scripts/lib/client/service-sql.ts';
import { loadPlan, planSeed, type SeedPlan } from '../../scripts/lib/seed/index.ts';
import { startServers, stopServers, type Servers } from '../../scripts/lib/servers/index.ts';
import { startStack, stopStack, type Stack } from '../../scripts/lib/stack/index.ts';

/** Yongren, seven townships and sixty-three villages. */
export const COUNTY = '532327';
const HOUSEHOLDS = 1_400;
/** Last month with income; fixed, so that every run has the same figures. */
const AS_OF = '2026-06';

/** A slice a township, so that a fan-out has a middle; a killed instance's slice is free again after a moment. */
const SMALL_SLICES = { FANGPIN_SLICE_HOUSEHOLDS: '50', FANGPIN_SLICE_LEASE_SECONDS: '3' };

/** A comparison with nothing to wait for. */
const QUICK_COMPARISONS = {
  FANGPIN_RECONCILIATION_QUIET_SECONDS: '0',
  FANGPIN_RECONCILIATION_REST_SECONDS: '1',
  FANGPIN_RECONCILIATION_LOOK_SECONDS: '1',
  FANGPIN_RECONCILIATION_SILENT_SECONDS: '15',
};

export interface World extends ServiceSql {
  readonly servers: Servers;
  readonly stack: Stack;
  /** What the county was filled by: the same households again for who asks it. */
  readonly plan: SeedPlan;
  /** May do everything, everywhere. */
  readonly operator: HttpClient;
  /** Folder of policy records laid over those of the build, of services that are started again. */
  readonly policyOverlay: string;
  clientOf(role: string, region: string): Promise<HttpClient>;
  follow(shockId: string, options?: FollowOptions): Promise<FanOut>;
  /** Waits until all services have taken, followed and answered all that was said so far. */
  nothingIsOnItsWay(): Promise<void>;
  close(): Promise<void>;
}

const silent = (): void => undefined;

/** Brings it all up and fills the county; takes it all down again when that fails half-way. */
export async function startWorld(): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'fangpin-journeys-'));
  const folders = { servers: join(dir, 'servers'), stack: join(dir, 'stack') };
  const takeDown = async (): Promise<void> => {
    await stopStack(folders.stack);
    await stopServers(folders.servers, { wipe: true });
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const servers = await startServers({ dir: folders.servers });
    const policyOverlay = join(dir, 'policy');
    await mkdir(policyOverlay);
    const overlay = { FANGPIN_POLICY_OVERLAY: policyOverlay };
    const stack = await startStack({
      dir: folders.stack,
      servers,
      extraEnvironment: {
        'risk-alerts': { ...SMALL_SLICES, ...QUICK_COMPARISONS, ...overlay },
        'shock-feeds': overlay,
      },
    });
    const plan = planSeed({ region: parseRegionCode(COUNTY), households: HOUSEHOLDS, asOf: AS_OF });
    await loadPlan(plan, stack, silent);
    return await openWorld({ servers, stack, plan, policyOverlay }, takeDown);
  } catch (error) {
    await takeDown();
    throw error;
  }
}

async function openWorld(
  parts: Pick<World, 'servers' | 'stack' | 'plan' | 'policyOverlay'>,
  takeDown: () => Promise<void>,
): Promise<World> {
  const { servers, stack } = parts;
  const databases = openServiceSql(servers.databaseUrl);
  const bus = createKafkaBus({ brokers: [servers.kafkaBrokers], clientId: 'journeys' });
  const clientOf = async (role: string, region: string): Promise<HttpClient> =>
    new HttpClient(stack.gateway, await stack.token({ role, region }));
  const operator = await clientOf('operator', '00');
  return {
    ...parts,
    operator,
    clientOf,
    sql: databases.sql,
    follow: (shockId, options) => followFanOut(operator, shockId, { pollMs: 50, timeoutMs: 120_000, ...options }),
    nothingIsOnItsWay: () => untilNothingIsOnItsWay({ sql: databases.sql, bus }, 120_000),
    async close() {
      await bus.close();
      await databases.close();
      await takeDown();
    },
  };
}
