/**
 * One field, one pen: what several alerts take of the same thing. Pure. Of alerts of one cause the largest loss counts. What one cause has
 * taken another cannot take again: it takes its share of what is left, so that all of them together never take more than the thing is
 * worth. In whatever order they came the sum is the same (docs/adr/0038).
 */
import type { Cause } from '@fangpin/contracts';
import type { LossRange } from '../loss/household.js';

/** What an alert takes of one field or pen; fen over twelve months, not rounded: the loss of the alert is the rounded sum of all. */
export interface ThingLoss {
  readonly product: number;
  /** Duty code of the field or pen. */
  readonly place: number;
  readonly loss: LossRange;
  /** What it is worth over twelve months by what the alert was judged by; zero where that is not known. */
  readonly worth: LossRange;
}

export interface TakenApart {
  readonly origin: number;
  readonly cause: Cause;
  readonly things: readonly ThingLoss[];
}

/** A thing of which more than one alert takes something. */
export interface SharedThing {
  readonly product: number;
  readonly place: number;
  readonly worth: LossRange;
  /** By cause, in order of the alphabet: the largest loss of its alerts. */
  readonly causes: readonly { readonly cause: Cause; readonly loss: LossRange }[];
  /** What all of them take together. */
  readonly together: LossRange;
  /** What the alerts say too much when they are added up. */
  readonly tooMuch: LossRange;
}

type Step = keyof LossRange;
type Part = Pick<TakenApart, 'origin' | 'cause'> & ThingLoss;

export const thingKey = ({ product, place }: Pick<ThingLoss, 'product' | 'place'>): string => `${product}/${place}`;

/** In order of product and place. */
export function sharedThings(alerts: readonly TakenApart[]): SharedThing[] {
  return [...partsByThing(alerts).values()]
    .filter((parts) => new Set(parts.map(({ origin }) => origin)).size > 1)
    .map(sharedThing)
    .sort((a, b) => a.product - b.product || a.place - b.place);
}

/**
 * Alerts of whose every thing another alert of the same cause takes as much or more: they add nothing. Of two that take as much, one of
 * `first` holds it: those that count for something else anyway.
 */
export function heldByOthers(alerts: readonly TakenApart[], first: ReadonlySet<number> = new Set()): number[] {
  const order = (origin: number): number => (first.has(origin) ? 0 : 1);
  const holders = new Set<number>();
  for (const parts of partsByThing(alerts).values())
    for (const ofCause of Map.groupBy(parts, ({ cause }) => cause).values()) {
      const byAlert = [...Map.groupBy(ofCause, ({ origin }) => origin)].map(([origin, own]) => ({
        origin,
        middle: own.reduce((sum, { loss }) => sum + loss.middle, 0),
      }));
      const [largest] = byAlert.sort(
        (a, b) => b.middle - a.middle || order(a.origin) - order(b.origin) || a.origin - b.origin,
      );
      if (largest !== undefined) holders.add(largest.origin);
    }
  return alerts.filter(({ origin }) => !holders.has(origin)).map(({ origin }) => origin);
}

/**
 * What losses of a thing of some worth are together: each takes its share of what the others leave. At least the largest of them, at most
 * their sum and the worth. Where the worth is not known, or below a loss, only the largest counts.
 */
export function takenTogether(losses: readonly number[], worth: number): number {
  const largest = Math.max(0, ...losses);
  const whole = Math.max(worth, largest);
  if (whole === 0) return 0;
  // Sorted, so that the same losses are the same number to the last bit.
  const left = losses.toSorted((a, b) => a - b).reduce((share, loss) => share * (1 - loss / whole), 1);
  return Math.min(whole, Math.max(largest, whole * (1 - left)));
}

function partsByThing(alerts: readonly TakenApart[]): Map<string, Part[]> {
  const parts = alerts.flatMap(({ origin, cause, things }) =>
    things.filter(({ loss }) => loss.high > 0).map((thing) => ({ ...thing, origin, cause })),
  );
  return Map.groupBy(parts, thingKey);
}

function sharedThing(parts: readonly Part[]): SharedThing {
  const { product, place } = parts[0] as Part;
  // A household may have two lines of one crop in one village: an alert takes of both.
  const alerts = [...Map.groupBy(parts, ({ origin }) => origin).values()];
  const worth = rangeOf((step) => Math.max(...alerts.map((own) => sum(own.map((part) => part.worth[step])))));
  const causes = [...Map.groupBy(alerts, ([part]) => (part as Part).cause)]
    .map(([cause, ofCause]) => ({
      cause,
      loss: rangeOf((step) => Math.max(...ofCause.map((own) => sum(own.map(({ loss }) => loss[step]))))),
    }))
    .sort((a, b) => (a.cause < b.cause ? -1 : 1));
  const together = rangeOf((step) =>
    takenTogether(
      causes.map(({ loss }) => loss[step]),
      worth[step],
    ),
  );
  const tooMuch = rangeOf((step) => Math.max(0, sum(parts.map(({ loss }) => loss[step])) - together[step]));
  return { product, place, worth, causes, together, tooMuch };
}

const rangeOf = (of: (step: Step) => number): LossRange => ({ low: of('low'), middle: of('middle'), high: of('high') });

/** From the least on, so that the order in which they are given changes nothing. */
const sum = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b).reduce((all, one) => all + one, 0);
