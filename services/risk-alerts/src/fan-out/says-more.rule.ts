/**
 * Whether the last word on a shock that is over endangers more than what its households were judged by (docs/adr/0057). Pure. Only what the
 * loss models read counts, each cause by its own: more houses are nothing new to a field. A figure that is lower, an area that is no longer
 * named and a count that is left out are how things end, and ask for nothing.
 */
import type { DutyRange } from '@fangpin/domain-kit';
import { rangesOf } from '../exposure/touched.js';
import type { IntensityArea, ShockFacts } from '../loss/shock-facts.js';

/** Something counted or measured, by what it is of. */
type Figures = ReadonlyMap<string, number>;

export function saysMore(said: ShockFacts, now: ShockFacts): boolean {
  return (
    now.kind !== said.kind ||
    now.level > said.level ||
    anyGreater(said, now) ||
    namesMore(said.waterCut?.schemes, now.waterCut?.schemes) ||
    namesMore(said.layOff?.branches, now.layOff?.branches) ||
    reachesMore(said, now)
  );
}

function anyGreater(said: ShockFacts, now: ShockFacts): boolean {
  const before = ofShock(said);
  return [...ofShock(now)].some(([what, figure]) => figure > (before.get(what) ?? -Infinity));
}

/** What is not of an area. An offer counts the more the lower it is. */
function ofShock({ priceFall, unsoldStock, layOff, waterCut }: ShockFacts): Figures {
  const figures = new Map<string, number>();
  if (priceFall !== undefined)
    figures.set(`price of ${priceFall.product}`, priceFall.referenceFenPerKg - priceFall.latestFenPerKg);
  for (const { product, quantityKg, offeredFenPerKg } of unsoldStock ?? []) {
    figures.set(`stock of ${product}`, quantityKg);
    figures.set(`offer for ${product}`, -offeredFenPerKg);
  }
  // Where nobody has counted, all who work there count.
  if (layOff !== undefined) figures.set('let go', layOff.persons > 0 ? layOff.persons : Infinity);
  if (waterCut !== undefined) figures.set('days', waterCut.days);
  return figures;
}

/** Of lists in which none named means all. */
function namesMore<T>(said: readonly T[] = [], now: readonly T[] = []): boolean {
  if (said.length === 0) return false;
  return now.length === 0 || now.some((one) => !said.includes(one));
}

function reachesMore(said: ShockFacts, now: ShockFacts): boolean {
  const employer = now.layOff?.employer ?? '';
  if (employer !== (said.layOff?.employer ?? '')) return true;
  // The people of a firm are found by the firm, wherever the areas end.
  if (employer !== '') return false;
  const [before, after] = [ofAreas(said), ofAreas(now)];
  if (after.size > 0) return [...after].some(([what, figure]) => figure > (before.get(what) ?? 0));
  // One that counts no more seems to reach farther: all of its areas again.
  if (before.size > 0) return false;
  const [zonesBefore, zones] = [zonesOf(said), zonesOf(now)];
  return zones.length > 0 ? addsZone(zonesBefore, zones) : zonesBefore.length === 0 && addsArea(said, now);
}

/**
 * What a report counts in areas, of the cause that is judged. Each by its own area, not by a wider one that had as much: the loss models take
 * the share of what stands there, and a hundred houses of one township are more to its people than a hundred of the county were.
 */
function ofAreas({ cause, damage, animals }: ShockFacts): Figures {
  const figures = new Map<string, number>();
  const count = (figure: number, ...of: readonly (string | number)[]): void => {
    if (figure > 0) figures.set(of.join(' '), figure + (figures.get(of.join(' ')) ?? 0));
  };
  if (cause === 'animal-disease')
    for (const { region, product, deadHeads, culledHeads } of animals) {
      count(deadHeads, region, product, 'dead');
      count(culledHeads, region, product, 'culled');
    }
  if (cause === 'crop-disaster')
    for (const { region, products, hit, damaged, lost } of damage) {
      const crops = products.toSorted((a, b) => a - b).join('+');
      count(hit, region, crops, 'hit');
      count(damaged, region, crops, 'damaged');
      count(lost, region, crops, 'lost');
    }
  if (cause === 'dwelling')
    for (const { region, housesCollapsed, housesDamaged } of damage) {
      count(housesCollapsed, region, 'collapsed');
      count(housesDamaged, region, 'damaged');
    }
  return figures;
}

const zonesOf = ({ cause, intensity }: ShockFacts): readonly IntensityArea[] => (cause === 'dwelling' ? intensity : []);

/** An intensity is of every place in its area: a zone within one that is as strong says nothing new. */
function addsZone(said: readonly IntensityArea[], now: readonly IntensityArea[]): boolean {
  return now.some((zone) => !said.some((held) => held.intensity >= zone.intensity && holds(held.range, zone.range)));
}

function addsArea(said: ShockFacts, now: ShockFacts): boolean {
  const before = rangesOf(said);
  return rangesOf(now).some((range) => !before.some((held) => holds(held, range)));
}

const holds = (wide: DutyRange, narrow: DutyRange): boolean => narrow.lo >= wide.lo && narrow.hi <= wide.hi;
