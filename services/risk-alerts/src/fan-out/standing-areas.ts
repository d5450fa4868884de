/** What stands where a shock is said to have taken a share of it: counted once, when it is planned. */
import type { Tx } from '@fangpin/persistence';
import type { ExposureTables } from '../exposure/exposure-sets.js';
import { standingAnimals } from '../exposure/standing-animals.js';
import { touchedQuantitiesSql } from '../exposure/touched.js';
import { reportedFields } from '../loss/reported-fields.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import { HOUSE_GRADES } from '../loss/things.js';

/**
 * What the figures of a report are a share of: crop area in the field of each damaged region (hundredths of a mu), its houses by
 * grade, or heads of its animals; what grows or is kept in its area of each product that finds no buyer; who works where people were let go.
 */
export async function standingAreas(
  tx: Tx,
  tables: ExposureTables,
  shock: ShockFacts,
  products: readonly number[],
): Promise<number[]> {
  if (shock.cause === 'dwelling') return standingHouses(tx, tables, shock);
  if (shock.cause === 'animal-disease') return standingAnimals(tx, tables, shock);
  // Where nobody has counted whom they let go, all who work there count, however many they are.
  if (shock.layOff?.persons === 0) return [];
  if (shock.unsoldStock !== undefined || shock.layOff !== undefined)
    return standingTouched(tx, tables, shock, products);
  const areas: number[] = [];
  for (const area of reportedFields(shock)) {
    const standing = area.products.length === 0 ? products : products.filter((p) => area.products.includes(p));
    const [row] = await tx.query<{ area: number }>(
      `SELECT coalesce(sum(l.quantity), 0)::bigint AS area
       FROM ${tables.livelihoods} l
       WHERE l.place_code >= $1 AND l.place_code < $2 AND l.product = ANY($3::smallint[])`,
      [area.range.lo, area.range.hi, standing],
    );
    areas.push(row?.area ?? 0);
  }
  return areas;
}

/** Of a lay-off the members of all branches together; of unsold stock each product by its position in the report. */
async function standingTouched(
  tx: Tx,
  tables: ExposureTables,
  shock: ShockFacts,
  products: readonly number[],
): Promise<number[]> {
  const rows = await tx.query<{ product: number; quantity: number }>(touchedQuantitiesSql(tables, shock, products));
  if (shock.unsoldStock === undefined) return [rows.reduce((sum, { quantity }) => sum + quantity, 0)];
  return shock.unsoldStock.map(({ product }) => rows.find((row) => row.product === product)?.quantity ?? 0);
}

/** Households count as houses: the register knows one dwelling of each. */
async function standingHouses(tx: Tx, tables: ExposureTables, shock: ShockFacts): Promise<number[]> {
  const houses: number[] = [];
  for (const { range } of shock.damage) {
    const rows = await tx.query<{ grade: number; houses: number }>(
      `SELECT dwelling AS grade, count(*)::int AS houses FROM ${tables.households}
       WHERE active AND duty_code >= $1 AND duty_code < $2 GROUP BY dwelling`,
      [range.lo, range.hi],
    );
    houses.push(...HOUSE_GRADES.map((_, grade) => rows.find((row) => row.grade === grade)?.houses ?? 0));
  }
  return houses;
}
