/** Whom a shock can touch, asked in SQL for planning and for streaming, against the plain words of the rule. */
import { create } from '@bufbuild/protobuf';
import {
  HouseholdProfileSchema,
  HouseholdState,
  LivelihoodKind,
  ShockSchema,
  type Cause,
  type HouseholdProfile,
} from '@fangpin/contracts';
import { checkCharacter, dutyRange, isWithin, parseRegionCode } from '@fangpin/domain-kit';
import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fileURLToPath } from 'node:url';
import { liveExposure } from '../src/exposure/exposure-sets.js';
import { applyProfiles } from '../src/exposure/exposure-store.js';
import { streamExposed } from '../src/exposure/exposure-stream.js';
import { candidatesSql, townshipSizesSql } from '../src/exposure/touched.js';
import { shockFacts } from '../src/loss/shock-facts.js';
import { HOUSE_CODES, WATER } from '../src/loss/things.js';
import { townshipOf } from '../src/fan-out/township.js';
import { revision } from './support/world.js';

const CROPS = [1, 2, 5];
const PIG = 100;
const BRANCHES = [200, 201];
const FIRMS = ['91532327MA6K1ABC0', '91530103MA6K2DEF1'].map((body) => body + checkCharacter(body));
const SCHEMES = ['W1', 'W2'];

/** Neighbours at each level, so that ranges begin and end among them; groups 001 and 002 of two villages each. */
const TOWNSHIPS = [532326109, 532327101, 532327102, 532328100, 530103001, 520102001];
const homes = TOWNSHIPS.flatMap((township) => [201_001, 201_002, 202_000].map((rest) => township * 1_000_000 + rest));
const areas = [
  '00',
  ...new Set(homes.flatMap((home) => [2, 4, 6, 9, 12, 15].map((digits) => String(home).slice(0, digits)))),
].map((code) => parseRegionCode(code.length === 15 && code.endsWith('000') ? code.slice(0, 12) : code));
/** Where work may be: also known by its county or township alone. */
const workplaces = [...homes, 532327101000000, 532327000000000, 530103000000000];

const anyHome = fc.constantFrom(...homes);
const anyLivelihood = fc.oneof(
  fc.record({
    kind: fc.constant(LivelihoodKind.CROP),
    product: fc.constantFrom(...CROPS),
    place: anyHome,
    employer: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant(LivelihoodKind.ANIMAL),
    product: fc.constant(PIG),
    place: anyHome,
    employer: fc.constant(''),
  }),
  fc.record({
    kind: fc.constant(LivelihoodKind.JOB),
    product: fc.constantFrom(...BRANCHES),
    place: fc.constantFrom(...workplaces),
    employer: fc.constantFrom('', ...FIRMS),
  }),
);
const anyHousehold = fc.record({
  home: anyHome,
  active: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  scheme: fc.constantFrom('', ...SCHEMES),
  /** With whether what is no job lies at home. */
  livelihoods: fc.array(fc.tuple(anyLivelihood, fc.boolean()), { maxLength: 3 }),
});
const anyShock = fc.record({
  regions: fc.uniqueArray(fc.constantFrom(...areas), { minLength: 1, maxLength: 3 }),
  about: fc.constantFrom('crops', 'report', 'prices', 'work', 'firm', 'quake', 'water', 'scheme', 'disease', 'heads'),
  firm: fc.constantFrom(...FIRMS),
  schemes: fc.uniqueArray(fc.constantFrom(...SCHEMES), { minLength: 1 }),
});
type Given = typeof anyShock extends fc.Arbitrary<infer T> ? T : never;

const CAUSES: Readonly<Record<Given['about'], Cause>> = {
  crops: 'crop-disaster',
  report: 'crop-disaster',
  prices: 'price-fall',
  work: 'job-loss',
  firm: 'job-loss',
  quake: 'dwelling',
  water: 'water',
  scheme: 'water',
  disease: 'animal-disease',
  heads: 'animal-disease',
};

function shockOf({ about, regions, firm, schemes }: Given) {
  const each = <T>(of: (region: string) => T): T[] => regions.map(of);
  const shock = create(ShockSchema, {
    shockId: '00000000-0000-4000-8000-000000000001',
    revision: BigInt(revision(1)),
    kind: CAUSES[about] === 'animal-disease' ? 'african-swine-fever' : 'hail',
    // A report names its areas, within a shock of the whole country.
    regions: about === 'report' || about === 'heads' || about === 'quake' ? ['00'] : [...regions],
    judgedOn: '2026-07-18',
    damage: about === 'report' ? each((region) => ({ region, cropHitCentimu: 100n })) : [],
    intensity: about === 'quake' ? each((region) => ({ region, intensity: 8 })) : [],
    animalDisease: about === 'heads' ? each((region) => ({ region, product: PIG, deadHeads: 1 })) : [],
  });
  if (about === 'prices')
    Object.assign(shock, { priceFall: { product: PIG, referenceFenPerKg: 0n, latestFenPerKg: 0n } });
  if (about === 'work' || about === 'firm')
    Object.assign(shock, { layOff: { employer: about === 'firm' ? firm : '', branches: [], persons: 0 } });
  if (CAUSES[about] === 'water')
    Object.assign(shock, { waterCut: { schemes: about === 'scheme' ? schemes : [], days: 9 } });
  return shockFacts(shock, CAUSES[about]);
}

function productsOf(about: Given['about']): readonly number[] {
  if (about === 'quake') return HOUSE_CODES;
  if (about === 'water' || about === 'scheme') return [WATER];
  if (about === 'work' || about === 'firm') return BRANCHES;
  return about === 'crops' || about === 'report' ? [1, 2] : [PIG];
}

/** The rule in plain words. */
function isTouched(household: HouseholdProfile, { about, regions, firm, schemes }: Given): boolean {
  const lies = (place: bigint, codes: readonly string[] = regions): boolean =>
    codes.some((code) => isWithin(Number(place), dutyRange(parseRegionCode(code))));
  if (household.state !== HouseholdState.ACTIVE) return false;
  if (about === 'quake' || about === 'water') return lies(household.dutyCode);
  if (about === 'scheme') {
    const counties = regions.map((code) => code.slice(0, 6));
    return schemes.includes(household.waterScheme) && lies(household.dutyCode, counties);
  }
  return household.livelihoods.some(({ product, placeCode, employer }) => {
    if (about === 'firm') return employer === firm;
    return productsOf(about).includes(product) && lies(placeCode);
  });
}

describe('whom a shock can touch', () => {
  let db: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [
        messagingMigrationsDir,
        serviceKitMigrationsDir,
        fileURLToPath(new URL('../migrations', import.meta.url)),
      ],
    });
    database = await db.open({ poolSize: 1 });
  });
  afterAll(() => db.drop());

  async function settle(tx: Tx, households: readonly HouseholdProfile[]): Promise<void> {
    const tables = await liveExposure(tx, 'write');
    await tx.execute(`DELETE FROM ${tables.livelihoods}`);
    await tx.execute(`DELETE FROM ${tables.households}`);
    await applyProfiles(tx, tables, households);
  }

  async function asked(tx: Tx, given: Given) {
    const tables = await liveExposure(tx, 'read');
    const shock = shockOf(given);
    const products = productsOf(given.about);
    const streamed: number[] = [];
    await streamExposed(tx, tables, { shock, products }, {}, ({ householdId }) => void streamed.push(householdId));
    const planned = await tx.query<{ township: number; households: number }>(townshipSizesSql(tables, shock, products));
    const [counted] = await tx.query<{ households: number }>(candidatesSql(tables, shock, products));
    return { streamed, planned, counted: counted?.households };
  }

  it('is streamed, counted and planned for as the rule says, wherever they live and work', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyHousehold, { minLength: 1, maxLength: 25 }),
        fc.array(anyShock, { minLength: 4, maxLength: 8 }),
        (given, shocks) =>
          database.transaction(cellScope('spec'), async (tx) => {
            const households = given.map(({ home, active, scheme, livelihoods }, i) =>
              create(HouseholdProfileSchema, {
                householdId: BigInt(i + 1),
                revision: BigInt(revision(1)),
                dutyCode: BigInt(home),
                state: active ? HouseholdState.ACTIVE : HouseholdState.MOVED_OUT,
                persons: 3,
                waterScheme: scheme,
                livelihoods: livelihoods.map(([{ kind, product, place, employer }, atHome]) => ({
                  kind,
                  product,
                  employer,
                  placeCode: BigInt(atHome && kind !== LivelihoodKind.JOB ? home : place),
                  quantity: 1,
                })),
              }),
            );
            await settle(tx, households);
            for (const shock of shocks) {
              const touched = households.filter((household) => isTouched(household, shock));
              const { streamed, planned, counted } = await asked(tx, shock);
              const ids = touched.map(({ householdId }) => Number(householdId));
              expect({ ...shock, streamed, counted }).toEqual({ ...shock, streamed: ids, counted: ids.length });
              const slots = new Map(planned.map(({ township, households: n }) => [township, n]));
              for (const [township, those] of Map.groupBy(touched, (one) => townshipOf(Number(one.dutyCode))))
                expect(slots.get(township) ?? 0).toBeGreaterThanOrEqual(those.length);
            }
          }),
      ),
      { numRuns: 60 },
    );
  });
});
