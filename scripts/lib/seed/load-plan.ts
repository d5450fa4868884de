/** Puts the households of a plan into a running stack: into the register first, then their income under the ids it gave. */
import { inRepository } from '../paths.ts';
import type { ServiceName } from '../stack/services.ts';
import { makeHouseholds, type SeedHousehold, type SeedPlan } from './generate.ts';
import { startLineProcess, type LineProcess } from './line-process.ts';

export interface SeedTotals {
  readonly households: number;
  readonly persons: number;
  readonly villages: number;
}

/** The part of a stack that a seed uses. */
export interface SeedTarget {
  /** Variables for a one-off job of a service, with the bulk writer's role. */
  jobEnvironment(service: ServiceName): Record<string, string>;
}

interface RegistryAnswer {
  readonly sourceKey: string;
  readonly householdId: number;
  readonly dutyCode: number;
  readonly persons: number;
}

const PROGRESS_EVERY = 20_000;

/**
 * Loads registry and income by the services' own bulk jobs, both at once, a household at a time through pipes: memory does not
 * grow with the plan. Resolves when all is stored and published; a repeat changes nothing.
 */
export async function loadPlan(plan: SeedPlan, target: SeedTarget, say: (line: string) => void): Promise<SeedTotals> {
  const registry = startJob('household-registry', target);
  const income = startJob('income-monitoring', target);
  // Households whose id has not come back yet, in order: the registry answers in the order of the lines.
  const waiting: SeedHousehold[] = [];
  const forward = async (): Promise<number> => {
    let persons = 0;
    let households = 0;
    for await (const text of registry.lines) {
      const answer = JSON.parse(text) as Partial<RegistryAnswer>;
      if (answer.sourceKey === undefined) continue;
      const household = waiting.shift();
      if (household?.line.sourceKey !== answer.sourceKey)
        throw new Error(`the registry answered ${answer.sourceKey} out of order`);
      persons += answer.persons ?? 0;
      households += 1;
      await income.write(JSON.stringify({ ...answer, entries: household.income }));
      if (households % PROGRESS_EVERY === 0) say(`${households.toLocaleString('en')} households`);
    }
    income.end();
    return persons;
  };
  const feed = async (): Promise<void> => {
    for (const household of makeHouseholds(plan)) {
      waiting.push(household);
      await registry.write(JSON.stringify(household.line));
    }
    registry.end();
  };
  const drain = async (): Promise<void> => {
    for await (const _ of income.lines);
  };
  const [, persons] = await allOrFirstFailure([feed(), forward(), drain(), registry.ended, income.ended], () => {
    registry.end();
    income.end();
  });
  return { households: plan.households, persons, villages: plan.villages.filter((v) => v.households > 0).length };
}

function startJob(service: ServiceName, target: SeedTarget): LineProcess {
  const file = inRepository('services', service, 'dist', 'bulk-load.js');
  return startLineProcess(`the bulk load of ${service}`, file, target.jobEnvironment(service));
}

/** Like Promise.all, but lets the others come to their end before it rejects with the first failure. */
async function allOrFirstFailure<T extends readonly Promise<unknown>[]>(
  work: readonly [...T],
  onFailure: () => void,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return (await Promise.all(work)) as { -readonly [K in keyof T]: Awaited<T[K]> };
  } catch (error) {
    onFailure();
    await Promise.allSettled(work);
    throw error;
  }
}
