/**
 * What alerts of a household take of each field and pen: computed again from what they were judged by, since a row holds only the sum.
 * Asked for alerts that share a thing with another, which few do.
 */
import type { Cause } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import type { StandingAlert } from '../episodes/joint-risk.rule.js';
import { thingKey, type ThingLoss } from '../episodes/shared-things.rule.js';
import { livelihoodsOf } from '../fan-out/alert-rows.js';
import { shockRevisionOf } from '../fan-out/alert-revision.js';
import { findFanOuts, type FanOut } from '../fan-out/fan-out.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import type { ExposedLivelihood, LossRange } from '../loss/household.js';
import { compileLossModel, type LossModel } from '../loss/loss-model.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { worthPerUnit } from './worth-of-thing.js';

/** Causes that take something of a crop or of animals. A house, the water and work are of one cause each. */
const OF_FIELD_AND_PEN: ReadonlySet<Cause> = new Set<Cause>([
  'crop-disaster',
  'price-fall',
  'animal-disease',
  'unsold-stock',
]);

/** A standing alert with where the household was when it was raised. */
export type PlacedAlert = StandingAlert & { readonly revision: number; readonly dutyCode: number };

type Judged = (alert: PlacedAlert) => ThingLoss[] | undefined;

@Injectable()
export class TakeApart {
  constructor(private readonly policies: PolicyVersions) {}

  /** By household; the alerts in the order in which they are given. */
  async execute(
    tx: Tx,
    alertsOf: ReadonlyMap<number, readonly PlacedAlert[]>,
  ): Promise<Map<number, readonly StandingAlert[]>> {
    const sharing = new Set([...alertsOf.values()].flatMap(thoseThatShare));
    const judged = await this.judgedBy(tx, [...sharing]);
    return new Map(
      [...alertsOf].map(([household, alerts]) => [
        household,
        alerts.map((alert) => {
          const { dutyCode: _, ...standing } = alert;
          const things = sharing.has(alert) ? judged(alert) : undefined;
          return things === undefined ? standing : { ...standing, things };
        }),
      ]),
    );
  }

  private async judgedBy(tx: Tx, alerts: readonly PlacedAlert[]): Promise<Judged> {
    const keys = new Map(alerts.map((alert) => [keyOf(alert), alert]));
    if (keys.size === 0) return () => undefined;
    const fanOuts = await findFanOuts(
      tx,
      '(f.origin, f.shock_revision) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))',
      [
        arrayLiteral([...keys.values()].map(({ origin }) => origin)),
        arrayLiteral([...keys.values()].map(({ revision }) => shockRevisionOf(revision))),
      ],
    );
    const behind = new Map<string, FanOut & { readonly policy: PolicySet }>();
    for (const fanOut of fanOuts)
      behind.set(`${fanOut.origin}/${fanOut.shockRevision}`, {
        ...fanOut,
        policy: await this.policies.get(fanOut.policyVersion),
      });
    const models = new Map<string, Compiled | undefined>();
    return (alert) => {
      const key = `${keyOf(alert)}/${townshipOf(alert.dutyCode)}`;
      if (!models.has(key)) models.set(key, compile(behind.get(keyOf(alert)), townshipOf(alert.dutyCode)));
      const compiled = models.get(key);
      return compiled && thingsOf(alert, compiled);
    };
  }
}

const keyOf = ({ origin, revision }: PlacedAlert): string => `${origin}/${shockRevisionOf(revision)}`;

/** The alerts of a household that touch a field or pen which another one touches too. */
function thoseThatShare(alerts: readonly PlacedAlert[]): PlacedAlert[] {
  const touching = alerts
    .filter(({ cause }) => OF_FIELD_AND_PEN.has(cause))
    .map((alert) => ({ alert, keys: new Set(livelihoodsOf(alert.inputs).map(thingKey)) }));
  return touching
    .filter((one) => touching.some((other) => other !== one && [...other.keys].some((key) => one.keys.has(key))))
    .map(({ alert }) => alert);
}

interface Compiled {
  readonly model: LossModel;
  worthOf(product: number): LossRange;
}

/** Nothing where the alert is of no fan-out, or its policy cannot be read any more: then it counts as a whole. */
function compile(behind: (FanOut & { readonly policy: PolicySet }) | undefined, place: number): Compiled | undefined {
  if (behind === undefined) return undefined;
  const { shock, standing, policy } = behind;
  const township = townshipCode(place);
  const model = underPolicy(() => compileLossModel(shock, standing, policy, township));
  return model && { model, worthOf: (product) => worthPerUnit(shock, policy, township, product) };
}

/** What an alert takes of each of its things. */
export function thingsOf(
  { persons, perCapitaFen, inputs }: Pick<PlacedAlert, 'persons' | 'perCapitaFen' | 'inputs'>,
  { model, worthOf }: Compiled,
): ThingLoss[] {
  const livelihoods = livelihoodsOf(inputs);
  const household = { persons, perCapitaFen, facts: 0, livelihoods };
  return livelihoods.map((livelihood: ExposedLivelihood) => ({
    product: livelihood.product,
    place: livelihood.place,
    loss: times(model.unitLoss(livelihood, household), livelihood.quantity),
    worth: times(worthOf(livelihood.product), livelihood.quantity),
  }));
}

const times = ({ low, middle, high }: LossRange, quantity: number): LossRange => ({
  low: low * quantity,
  middle: middle * quantity,
  high: high * quantity,
});
