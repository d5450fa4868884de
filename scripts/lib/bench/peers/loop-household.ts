/** The body of the loop peer: one household from its exposure to its alert, its case and its event. */
import { isWithin, parseRegionCode } from '@fangpin/domain-kit';
import type { Producer } from 'kafkajs';
import type { DataSource, EntitySchema } from 'typeorm';
import { Failure } from '../../failure.ts';
import type { JudgedShock } from './judged-shock.ts';
import { alertOf, caseOf, messageOf } from './loop-rows.ts';
import { modelsOf, type AssessedHousehold, type LossModelDoor } from './loss-model.ts';
import { alertRows, caseRows, type ExposureRow } from './orm-rows.ts';

export interface LoopTools {
  shock: JudgedShock;
  door: LossModelDoor;
  source: DataSource;
  exposure: EntitySchema<ExposureRow>;
  producer: Producer;
  topic: string;
}

const TOWNSHIP_SPAN = 1_000_000;

/**
 * Answers what is done for a household: read, judge, save alert and case in one transaction, send and wait for the brokers.
 * Refuses a household that the shock does not endanger.
 */
export function oneHousehold(tools: LoopTools): (householdId: string) => Promise<void> {
  const { shock, door, source, exposure, producer, topic } = tools;
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
    const value = Buffer.from(messageOf(shock, township, model.policy.lineFen(), row, verdict));
    await producer.send({ topic, acks: -1, messages: [{ key: township, value }] });
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
