/**
 * The shocks that an application is about: told to followers, judged by an older version on one of its days, and lying in its
 * region as a whole. One that is only recorded, then and now, is left out: nothing follows from it, and a country issues some
 * thousand such warnings a day.
 */
import { COUNTRY } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import type { SelectQueryBuilder } from 'typeorm';
import { ShockEntity } from '../shocks/shock.entity.js';
import type { ConcernedShock, PolicyApplication } from './policy-application.js';
import { RejudgeShocks, type Rejudged } from './rejudge-shocks.js';

const AT_ONCE = 500;

const WITHIN = `NOT EXISTS (SELECT FROM unnest(shock.regions) AS area WHERE NOT starts_with(area, :region))`;
const TOUCHES = `EXISTS (SELECT FROM unnest(shock.regions) AS area
  WHERE area = :country OR starts_with(area, :region) OR starts_with(:region, area))`;

@Injectable()
export class FindConcerned {
  constructor(
    private readonly rejudge: RejudgeShocks,
    private readonly policy: PolicySet,
  ) {}

  /** In the order of their arrival. */
  async all(tx: Tx, application: PolicyApplication, at: Date): Promise<ConcernedShock[]> {
    const concerned: ConcernedShock[] = [];
    for (let after = 0; ;) {
      const select = this.#judgedBefore(tx, application).andWhere('shock.shockNo > :after', { after });
      if (application.region !== COUNTRY) select.andWhere(WITHIN, { region: application.region });
      const shocks = await select.orderBy('shock.shockNo').take(AT_ONCE).getMany();
      for (const one of await this.rejudge.judge(tx, shocks, at)) if (isConcerned(one)) concerned.push(shown(one));
      if (shocks.length < AT_ONCE) return concerned;
      after = Number(shocks.at(-1)?.shockNo);
    }
  }

  /** How many more touch the region and reach beyond it: they are for whoever answers for the whole of them. */
  async countBeyond(tx: Tx, application: PolicyApplication): Promise<number> {
    if (application.region === COUNTRY) return 0;
    return this.#judgedBefore(tx, application)
      .andWhere(`NOT (${WITHIN}) AND ${TOUCHES}`, { region: application.region, country: COUNTRY })
      .getCount();
  }

  #judgedBefore(tx: Tx, { since, until, kinds }: PolicyApplication): SelectQueryBuilder<ShockEntity> {
    const select = tx.manager
      .getRepository(ShockEntity)
      .createQueryBuilder('shock')
      .where(`shock.published AND shock.state <> 'cancelled' AND shock.mergedInto IS NULL`)
      .andWhere('shock.policyVersion NOT IN (:...under)', { under: ['', this.policy.version] })
      .andWhere('shock.judgedOn BETWEEN :since AND :until', { since, until });
    if (kinds !== null) select.andWhere('shock.kind IN (:...kinds)', { kinds });
    return select;
  }
}

export function isConcerned({ shock, draft }: Rejudged): boolean {
  return shock.lane !== 'recorded' || draft.content.lane !== 'recorded';
}

function shown({ shock, draft }: Rejudged): ConcernedShock {
  return {
    shockId: shock.shockId,
    shockNo: Number(shock.shockNo),
    kind: shock.kind,
    headline: shock.headline,
    judgedOn: shock.judgedOn,
    fromVersion: shock.policyVersion,
    fromLane: shock.lane,
    toLane: draft.content.lane,
  };
}
