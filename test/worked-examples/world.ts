/**
 * Three services in this process, on one bus: shock-feeds takes what was published, risk-alerts judges, assistance-cases triages. A
 * made-up county stands in the register: its profiles and figures are made by the rules of the register and of income
 * monitoring, for the twelve months before the shock.
 */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { topicCatalogue, topics } from '@fangpin/contracts';
import { COUNTRY, packRevision, type HouseholdId, type RegionCode } from '@fangpin/domain-kit';
import { createKafkaBus, messagingMigrationsDir } from '@fangpin/messaging';
import { createServiceApp, identityKeyOf, serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, eventually, testServers, testTokens, uniquePrefix } from '@fangpin/testing';
import { fileURLToPath } from 'node:url';
import { makeHouseholds, planSeed } from '../../scripts/lib/seed/generate.ts';
import { AppModule as AssistanceCases } from '../../services/assistance-cases/src/app.module.js';
import { readEnv as readCasesEnv } from '../../services/assistance-cases/src/env.js';
import { readHouseholdLine } from '../../services/household-registry/src/bulk/household-line.js';
import { compositionOf, profileMessage } from '../../services/household-registry/src/households/household-profile.js';
import { assessmentEvent } from '../../services/income-monitoring/src/assessments/assessment-row.js';
import { findFigure } from '../../services/income-monitoring/src/ledger/figure.rule.js';
import { monthOfDay } from '../../services/income-monitoring/src/ledger/month.js';
import { windowOfDay } from '../../services/income-monitoring/src/ledger/window.rule.js';
import { AppModule as RiskAlerts } from '../../services/risk-alerts/src/app.module.js';
import { readEnv as readAlertsEnv } from '../../services/risk-alerts/src/env.js';
import type { AlertPage, ExplainedAlertResponse } from '../../services/risk-alerts/src/alerts/alert.responses.js';
import type { FanOutResponse } from '../../services/risk-alerts/src/ledger/fan-out.response.js';
import { startShockApp, type ShockApp } from '../../services/shock-feeds/test/shock-app.js';

/** Last month with income of the seed; what was earned around the shock does not depend on it. */
const SEEDED_UNTIL = '2026-06';
const REVISION = packRevision({ epoch: 1, version: 1 });

export interface WorkedWorld {
  readonly feeds: ShockApp;
  /** The ledger of the shock once its fan-out is done and looks as wanted. */
  done(shockId: string, wanted?: (ledger: FanOutResponse) => boolean): Promise<FanOutResponse>;
  /** The first household of the county, by village and number, at each of these severities, explained. */
  examples(shockId: string, severities: readonly number[]): Promise<ExplainedAlertResponse[]>;
  close(): Promise<void>;
}

export interface WorkedCounty {
  readonly county: RegionCode;
  readonly households: number;
  /** YYYY-MM-DD: incomes are those of the twelve months before. */
  readonly assessedOn: string;
}

export async function startWorkedWorld(county: WorkedCounty): Promise<WorkedWorld> {
  const prefix = uniquePrefix();
  const { brokers } = testServers();
  const bus = createKafkaBus({ brokers, clientId: 'worked-example', prefix });
  await bus.ensureTopics(topicCatalogue);
  const tokens = await testTokens();
  const feeds = await startShockApp({ topicPrefix: prefix });
  const started: { app: NestFastifyApplication; drop: () => Promise<void> }[] = [];
  const start = async (
    service: string,
    module: (source: Record<string, string>) => { module: object; env: object },
  ): Promise<NestFastifyApplication> => {
    const migrations = fileURLToPath(new URL(`../../services/${service}/migrations`, import.meta.url));
    const db = await createTestDatabase(service, {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, migrations],
    });
    const parts = module({
      PORT: '0',
      DATABASE_URL: db.appUrl,
      WRITER_DATABASE_URL: db.writerUrl,
      KAFKA_BROKERS: brokers.join(','),
      FANGPIN_JWKS_FILE: tokens.jwksFile,
      FANGPIN_TOPIC_PREFIX: prefix,
      LOG_LEVEL: 'silent',
    });
    const options = { service, title: service, description: 'worked example', ...parts };
    const app = await createServiceApp(options as Parameters<typeof createServiceApp>[0]);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    started.push({ app, drop: () => db.drop() });
    return app;
  };
  const alerts = await start('risk-alerts', (source) => {
    const env = readAlertsEnv(source);
    return { module: RiskAlerts.forRoot(env), env };
  });
  await start('assistance-cases', (source) => {
    const env = readCasesEnv(source);
    return { module: AssistanceCases.forRoot(env), env };
  });
  const producer = await bus.producer();
  const { profiles, assessments } = registered(county);
  await producer.send(topics.household, profiles);
  await producer.send(topics.assessment, assessments);
  const get = async <T>(url: string): Promise<T> => {
    const authorization = await tokens.bearer({ role: 'operator', region: COUNTRY });
    return (await alerts.inject({ url, headers: { authorization } })).json();
  };
  return {
    feeds,
    done: (shockId, wanted = () => true) =>
      eventually(
        async () => {
          const ledger = await get<FanOutResponse>(`/v1/shocks/${shockId}/fan-out`);
          if (ledger.state !== 'done' || !wanted(ledger)) throw new Error(`fan-out is ${ledger.state}`);
          return ledger;
        },
        { timeoutMs: 60_000 },
      ),
    async examples(shockId, severities) {
      const all: AlertPage['items'] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page: AlertPage = await get(`/v1/alerts?shockId=${shockId}&status=raised&limit=200${from}`);
        all.push(...page.items);
        cursor = page.nextCursor;
      }
      const chosen = severities.flatMap((wanted) => all.find(({ severity }) => severity === wanted) ?? []);
      return Promise.all(chosen.map(({ id }) => get<ExplainedAlertResponse>(`/v1/alerts/${id}`)));
    },
    async close() {
      await producer.close();
      await feeds.close();
      for (const { app } of started) await app.close();
      await bus.close();
      for (const { drop } of started) await drop();
    },
  };
}

/** What the register and income monitoring would say of the made-up county. */
function registered({ county, households, assessedOn }: WorkedCounty) {
  const window = windowOfDay(assessedOn);
  const at = new Date(`${assessedOn}T00:00:00+08:00`);
  const key = identityKeyOf('0'.repeat(64));
  const made = [...makeHouseholds(planSeed({ region: county, households, asOf: SEEDED_UNTIL }))].map(
    ({ line, income }, i) => {
      const read = readHouseholdLine(JSON.stringify(line), i + 1, new Date(), key);
      const id = (i + 1) as HouseholdId;
      const composition = compositionOf(read.members);
      const profile = profileMessage({ ...read, id, revision: REVISION, state: 'active', ...composition }, at);
      const entries = income.map(({ kind, from, to, amountFen }) => ({
        kind,
        from: monthOfDay(from),
        to: monthOfDay(to),
        amountFen,
      }));
      const figure = findFigure(entries, composition.persons, window);
      const assessment =
        figure &&
        assessmentEvent({
          household_id: id,
          revision: REVISION,
          duty_code: read.dutyCode,
          window_from: figure.window.from,
          window_to: figure.window.to,
          persons: figure.persons,
          wage_fen: figure.sums.wage,
          business_fen: figure.sums.business,
          property_fen: figure.sums.property,
          transfer_fen: figure.sums.transfer,
          production_cost_fen: figure.sums.cost,
          per_capita_fen: figure.perCapitaFen,
          out_of_pocket_fen: figure.sums['out-of-pocket'],
          insurance_payout_fen: figure.sums['insurance-payout'],
          closed: false,
          assessed_at: at,
        });
      return { profile, assessment };
    },
  );
  return {
    profiles: made.map(({ profile }) => profile),
    assessments: made.flatMap(({ assessment }) => assessment ?? []),
  };
}
