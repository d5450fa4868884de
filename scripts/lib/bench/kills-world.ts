/** The world of the bench that kills: a made-up area whose households all services know, and who sends and asks. */
import type { RegionCode } from '@fangpin/domain-kit';
import { createKafkaBus } from '@fangpin/messaging';
import { livingHouseholds } from '../client/accounts.ts';
import { HttpClient } from '../client/http-client.ts';
import { openServiceSql } from '../client/service-sql.ts';
import { lastFullMonth, loadPlan, planSeed } from '../seed/index.ts';
import type { Stack } from '../stack/index.ts';
import { openDatabases } from './bench-databases.ts';
import { exposureCaughtUp } from './catch-up.ts';
import type { RoundWorld } from './kills-round.ts';
import type { OwnServers } from './on-own-servers.ts';

export interface KillsArea {
  readonly region: RegionCode;
  readonly households: number;
  readonly overlay: string;
  readonly isAlone: boolean;
  readonly say: (line: string) => void;
}

const CATCH_UP_MS = 600_000;

/** Fills it and waits until risk-alerts knows every household. */
export async function openKillsWorld(
  { servers, stack, onEnd }: Pick<OwnServers, 'servers' | 'stack' | 'onEnd'>,
  { region, households, overlay, isAlone, say }: KillsArea,
): Promise<RoundWorld> {
  const bus = createKafkaBus({ brokers: [servers.kafkaBrokers], clientId: 'bench' });
  onEnd(() => bus.close());
  const databases = openServiceSql(servers.databaseUrl);
  onEnd(() => databases.close());

  const plan = planSeed({ region, households, asOf: lastFullMonth(new Date()) });
  say(`${plan.households.toLocaleString('en')} households in ${plan.villages.length} villages …`);
  await loadPlan(plan, stack, say);
  // These connections do not bear a restart of the server: closed before the first one.
  const exposure = await openDatabases(servers.databaseUrl);
  await exposureCaughtUp(exposure, bus, CATCH_UP_MS).finally(() => exposure.close());
  const clientOf = async (claims: Parameters<Stack['token']>[0]): Promise<HttpClient> =>
    new HttpClient(stack.gateway, await stack.token(claims));
  return {
    ...{ servers, stack, bus, sql: databases.sql, overlay, isAlone },
    area: { region, townships: [...new Set(plan.villages.map(({ village }) => village.slice(0, 9)))] },
    client: await clientOf({ role: 'operator', region: '00' }),
    department: await clientOf({ role: 'department-client', department: 'health-insurance', region }),
    households: await livingHouseholds(databases),
  };
}
