/**
 * The shocks that an application is about: told to followers, judged by an older version on one of its days, and lying in its
 * region as a whole, before and after. One that is only recorded, then and now, is left out: nothing follows from it, and a country
 * issues some thousand such warnings a day. An earthquake in or near it that shook no place by the older version was told to nobody; it is looked
 * at too.
 */
import { COUNTRY } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { CHINA } from '../cap/read-shape.js';
import { ShockEntity } from '../shocks/shock.entity.js';
import { concernOf, type ConcernedShock, type PolicyApplication } from './policy-application.js';
import { RejudgeShocks, type NotJudged, type Rejudged } from './rejudge-shocks.js';

const AT_ONCE = 500;

const WITHIN = `NOT EXISTS (SELECT FROM unnest(shock.regions) AS area WHERE NOT starts_with(area, :region))`;
const TOUCHES = `EXISTS (SELECT FROM unnest(shock.regions) AS area
  WHERE area = :country OR starts_with(area, :region) OR starts_with(:region, area))`;

const [WEST, SOUTH, EAST, NORTH] = CHINA;
/** Catalogues of the world tell of thousands that are felt nowhere here, by any figures. */
const MAY_BE_FELT = `shock.origin = 'quake'
  AND (shock.facts -> 'intensity' ->> 'longitude')::float8 BETWEEN ${WEST} AND ${EAST}
  AND (shock.facts -> 'intensity' ->> 'latitude')::float8 BETWEEN ${SOUTH} AND ${NORTH}`;

export interface Concerned {
  /** In the order of their arrival. */
  readonly shocks: readonly ConcernedShock[];
  /** How many more touch the region and reach beyond it: they are for whoever answers for the whole of them. */
  readonly beyondRegion: number;
  /** How many are only recorded, by the version that judged them and by the present one. */
  readonly onlyRecorded: number;
}

@Injectable()
export class FindConcerned {
  constructor(
    private readonly rejudge: RejudgeShocks,
    private readonly policy: PolicySet,
  ) {}

  async find(tx: Tx, application: PolicyApplication, at: Date): Promise<Concerned> {
    const { region } = application;
    const found: ConcernedShock[] = [];
    let beyondRegion = await this.#countBeyond(tx, application);
    let onlyRecorded = 0;
    for (let after = 0; ;) {
      const select = this.#judgedBefore(tx, application).andWhere('shock.shockNo > :after', { after });
      if (region !== COUNTRY) select.andWhere(WITHIN, { region });
      const shocks = await select.orderBy('shock.shockNo').take(AT_ONCE).getMany();
      for (const one of await this.rejudge.judge(tx, shocks, at)) {
        const concern = concernOf(one, region);
        if (concern === 'concerned') found.push(shown(one));
        if (concern === 'beyond') beyondRegion += 1;
        if (concern === 'not') onlyRecorded += 1;
      }
      if (shocks.length < AT_ONCE) return { shocks: found, beyondRegion, onlyRecorded };
      after = Number(shocks.at(-1)?.shockNo);
    }
  }

  async #countBeyond(tx: Tx, application: PolicyApplication): Promise<number> {
    if (application.region === COUNTRY) return 0;
    return this.#judgedBefore(tx, application)
      .andWhere(`NOT (${WITHIN}) AND ${TOUCHES}`, { region: application.region, country: COUNTRY })
      .getCount();
  }

  /** Shocks of its days and kinds that touch the region and were judged by the version that is loaded now. */
  countPresent(tx: Tx, application: PolicyApplication): Promise<number> {
    return this.#standing(tx, application)
      .andWhere('shock.policyVersion = :present', { present: this.policy.version })
      .andWhere(TOUCHES, { region: application.region === COUNTRY ? '' : application.region, country: COUNTRY })
      .getCount();
  }

  #judgedBefore(tx: Tx, application: PolicyApplication): SelectQueryBuilder<ShockEntity> {
    return this.#standing(tx, application).andWhere('shock.policyVersion NOT IN (:...under)', {
      under: ['', this.policy.version],
    });
  }

  #standing(tx: Tx, { since, until, kinds }: PolicyApplication): SelectQueryBuilder<ShockEntity> {
    const select = tx.manager
      .getRepository(ShockEntity)
      .createQueryBuilder('shock')
      .where(`(shock.published OR (${MAY_BE_FELT})) AND shock.state <> 'cancelled' AND shock.mergedInto IS NULL`)
      .andWhere('shock.judgedOn BETWEEN :since AND :until', { since, until });
    if (kinds !== null) select.andWhere('shock.kind IN (:...kinds)', { kinds });
    return select;
  }
}

function shown(judged: Rejudged | NotJudged): ConcernedShock {
  const { shock } = judged;
  return {
    shockId: shock.shockId,
    shockNo: Number(shock.shockNo),
    kind: shock.kind,
    headline: shock.headline,
    judgedOn: shock.judgedOn,
    fromVersion: shock.policyVersion,
    fromLane: shock.lane,
    ...('error' in judged
      ? { toLane: shock.lane, changes: [], notDerived: [], error: judged.error }
      : { toLane: judged.draft.content.lane, changes: judged.changes, notDerived: judged.notDerived }),
  };
}
