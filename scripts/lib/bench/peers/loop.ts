/**
 * The plain peer: a loop over households, each with its exposure read, its verdict, one ORM transaction that saves alert and
 * case, and one send that waits for all replicas.
 */
import { create, toBinary } from '@bufbuild/protobuf';
import { AlertBatchSchema, AlertState, topics } from '@fangpin/contracts';
import { isWithin, parseRegionCode } from '@fangpin/domain-kit';
import { databaseName, urlFor } from '@fangpin/persistence';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { DataSource, type EntitySchema } from 'typeorm';
import { Failure } from '../../failure.ts';
import type { Servers } from '../../servers/index.ts';
import type { BenchDatabases } from '../bench-databases.ts';
import { inStep } from './in-step.ts';
import type { JudgedShock } from './judged-shock.ts';
import { modelsOf, type AssessedHousehold, type LossModelDoor, type Verdict } from './loss-model.ts';
import { alertRows, caseRows, exposureRows, type ExposureRow } from './orm-rows.ts';
import { requireSameRows } from './same-rows.ts';
import { emptyPeerTables } from './tables.ts';

export interface LoopOptions {
  servers: Servers;
  databases: BenchDatabases;
  shock: JudgedShock;
  door: LossModelDoor;
  sample: number;
  concurrencies: readonly number[];
  say: (line: string) => void;
}

export interface LoopSample {
  concurrency: number;
  sample: number;
  seconds: number;
}

const TOPIC = 'peer.loop.alert.v1';
const WARM_UP = 300;
const TOWNSHIP_SPAN = 1_000_000;
const OPENED = 1;
const CLUE = 1;
const REGIME = 2;

type OneHousehold = (householdId: string) => Promise<void>;

/** Each concurrency over the same sample, into empty tables, after a warm-up. */
export async function measureLoop(options: LoopOptions): Promise<LoopSample[]> {
  const { servers, databases, say } = options;
  const most = Math.max(...options.concurrencies);
  const exposure = exposureRows(await liveSet(databases));
  const source = new DataSource({
    type: 'postgres',
    url: urlFor(servers.databaseUrl, databaseName('risk-alerts')),
    entities: [alertRows, caseRows, exposure],
    extra: { max: most },
  });
  const kafka = new Kafka({ clientId: 'peer-loop', brokers: [servers.kafkaBrokers], logLevel: logLevel.ERROR });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  try {
    await source.initialize();
    await makeTopic(kafka);
    await producer.connect();
    const ids = await sampleOf(databases, options.sample);
    const work = oneHousehold(options, source, exposure, producer);
    const runs: LoopSample[] = [];
    for (const concurrency of options.concurrencies) {
      await emptyPeerTables(databases);
      await inStep(ids.slice(0, WARM_UP), concurrency, work);
      await emptyPeerTables(databases);
      const start = performance.now();
      await inStep(ids, concurrency, work);
      const seconds = (performance.now() - start) / 1_000;
      await requireSameRows(databases, 'loop', ids.length);
      say(`peer, loop, ${concurrency} at once: ${ids.length} households in ${seconds.toFixed(1)} s`);
      runs.push({ concurrency, sample: ids.length, seconds });
    }
    return runs;
  } finally {
    await producer.disconnect();
    if (source.isInitialized) await source.destroy();
  }
}

async function makeTopic(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.createTopics({
      topics: [{ topic: TOPIC, numPartitions: topics.alert.partitions }],
      waitForLeaders: true,
    });
  } finally {
    await admin.disconnect();
  }
}

async function liveSet({ alerts }: BenchDatabases): Promise<string> {
  const { rows } = await alerts.query<{ live: string }>('SELECT live FROM exposure_current');
  return rows[0]?.live ?? 'a';
}

/** Households of the shock, scattered over the area. */
async function sampleOf({ alerts }: BenchDatabases, sample: number): Promise<string[]> {
  const { rows } = await alerts.query<{ household_id: string }>(
    'SELECT household_id::text FROM alerts ORDER BY hashint8(household_id) LIMIT $1',
    [sample],
  );
  return rows.map(({ household_id }) => household_id);
}

/** The loop's body. */
function oneHousehold(
  { shock, door }: LoopOptions,
  source: DataSource,
  exposure: EntitySchema<ExposureRow>,
  producer: Producer,
): OneHousehold {
  const modelOf = modelsOf(door, shock.facts, shock.policy);
  const atRisk = new Set(door.productsAtRisk(shock.facts, shock.policy));
  const households = source.getRepository(exposure);
  return async (householdId) => {
    const row = await households.findOneByOrFail({ household_id: householdId });
    const household = assessedOf(row, shock, atRisk, door);
    const township = parseRegionCode(String(Math.floor(Number(row.duty_code) / TOWNSHIP_SPAN)).padStart(9, '0'));
    const model = modelOf(township);
    const verdict = model.assess(household);
    if (verdict === undefined || verdict.withheld !== undefined)
      throw new Failure(`household ${householdId} has an alert of ours and none of the peer`);
    const dueMs = shock.dueMs.get(township);
    if (dueMs === undefined) throw new Failure(`no due date for township ${township}`);
    await source.transaction(async (manager) => {
      await manager.save(alertRows, alertOf(shock, row, household, verdict));
      await manager.save(caseRows, caseOf(shock, row, verdict, new Date(dueMs)));
    });
    const value = Buffer.from(messageOf(shock, township, model.policy.lineFen, row, verdict));
    await producer.send({ topic: TOPIC, acks: -1, messages: [{ key: township, value }] });
  };
}

function assessedOf(
  row: ExposureRow,
  { facts }: JudgedShock,
  atRisk: ReadonlySet<number>,
  door: LossModelDoor,
): AssessedHousehold {
  const flat = row.livelihoods.map(Number);
  const livelihoods = [];
  for (let i = 0; i + 2 < flat.length; i += 3) {
    const [product, quantity, place] = flat.slice(i, i + 3) as [number, number, number];
    if (atRisk.has(product) && facts.ranges.some((range) => isWithin(place, range)))
      livelihoods.push({ product, quantity, place });
  }
  return {
    persons: row.persons,
    perCapitaFen: row.per_capita_fen === null ? null : Number(row.per_capita_fen),
    facts: door.householdFacts({
      labourers: row.labourers,
      severelyDisabled: row.severely_disabled,
      monitoring: row.monitoring,
      dwelling: row.dwelling,
      onlyDwelling: row.only_dwelling,
    }),
    livelihoods,
  };
}

function alertOf(shock: JudgedShock, row: ExposureRow, household: AssessedHousehold, verdict: Verdict) {
  return {
    origin: shock.origin,
    household_id: row.household_id,
    revision: shock.alertRevision,
    duty_code: row.duty_code,
    slice_no: 0,
    loss_low_fen: verdict.loss.low,
    loss_fen: verdict.loss.middle,
    loss_high_fen: verdict.loss.high,
    per_capita_fen: household.perCapitaFen,
    projected_fen: verdict.projectedFen,
    persons: household.persons,
    state: AlertState.RAISED,
    severity: verdict.severity,
    reasons: verdict.reasons,
    inputs: household.livelihoods.flatMap(({ product, quantity, place }) => [product, quantity, place]),
  };
}

function caseOf(shock: JudgedShock, row: ExposureRow, verdict: Verdict, due: Date) {
  return {
    case_origin: shock.origin,
    household_id: row.household_id,
    duty_code: row.duty_code,
    revision: shock.caseRevision,
    alert_revision: shock.alertRevision,
    opened_at: new Date(),
    due_at: due,
    persons: row.persons,
    severity: verdict.severity,
    alert_severity: verdict.severity,
    alert_outcome: OPENED,
    state: CLUE,
    regime: REGIME,
    acted: false,
  };
}

/** The alert as an event of one household. */
function messageOf(
  shock: JudgedShock,
  township: string,
  lineFen: number,
  row: ExposureRow,
  verdict: Verdict,
): Uint8Array {
  const { facts } = shock;
  return toBinary(
    AlertBatchSchema,
    create(AlertBatchSchema, {
      shockId: facts.shockId,
      origin: BigInt(shock.origin),
      cause: shock.cause,
      shockKind: facts.kind,
      revision: BigInt(shock.alertRevision),
      state: AlertState.RAISED,
      policyVersion: shock.policy.version,
      judgedOn: facts.judgedOn,
      raisedMs: BigInt(Date.now()),
      township,
      lineFen: BigInt(lineFen),
      householdIds: [BigInt(row.household_id)],
      dutyCodes: [BigInt(row.duty_code)],
      persons: [row.persons],
      severities: [verdict.severity],
      lossFen: [BigInt(verdict.loss.middle)],
      projectedFen: [BigInt(verdict.projectedFen ?? -(2 ** 50))],
      reasons: [verdict.reasons],
    }),
  );
}
