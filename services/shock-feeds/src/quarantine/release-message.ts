/** Lets a message out of quarantine with what an officer adds to it, or drops it. */
import { DomainError, findRegionCode, InvalidFields, NotFound, type Clock, type RegionCode } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { assertWithin, CLOCK, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { outermost } from '../cap/cap-area.rule.js';
import type { Problem } from '../cap/cap-message.js';
import { knownRegions } from '../intake/known-regions.js';
import { ShockMessageEntity, type StoredOutcome } from '../shocks/shock-message.entity.js';
import { PlaceReleased } from './place-released.js';
import type { ReleaseRequest } from './quarantine.dto.js';

export interface ReleaseAnswer {
  readonly shockId: string | null;
  readonly outcome: StoredOutcome;
  readonly lane: string | null;
  readonly problems: readonly Problem[];
}

@Injectable()
export class ReleaseMessage {
  constructor(
    private readonly database: Database,
    private readonly released: PlaceReleased,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Refuses a message that does not wait (404), a request without regions or drop (400), regions outside the caller's area (403), one
   * that still cannot stand (409).
   */
  async release(id: string, request: ReleaseRequest, caller: Caller): Promise<ReleaseAnswer> {
    const regions = readRegions(request);
    for (const region of regions ?? []) assertWithin(caller, region);
    return this.database.transaction(cellScope('http:shocks'), async (tx) => {
      const repository = tx.manager.getRepository(ShockMessageEntity);
      const message = await repository.findOne({
        where: { messageId: readId(id), outcome: 'quarantined' },
        lock: { mode: 'pessimistic_write' },
      });
      if (message === null || message.said === null) throw new NotFound('quarantined message', id);
      const settled = {
        settledAt: this.clock.now(),
        settledBy: `${caller.role}/${caller.subject}`,
        settlement: { ...request },
      };
      if (regions === undefined) {
        await repository.update({ messageId: message.messageId }, { ...settled, outcome: 'dropped', raw: null });
        return { shockId: null, outcome: 'dropped', lane: null, problems: message.problems };
      }
      // Judged as of now: what has run out while it waited is only recorded.
      const placing = await this.released.place(tx, message, settled, { regions });
      if (placing.placed === undefined)
        throw new DomainError(
          'QUARANTINE.NOT_RELEASABLE',
          'conflict',
          'the message cannot be used even with an area; drop it',
          { reasons: placing.verdict?.problems ?? message.problems },
        );
      const { shockId, outcome, lane, problems } = placing.placed;
      return { shockId, outcome, lane, problems };
    });
  }
}

/** The regions of a release; `undefined` for a drop. */
function readRegions({ regions, drop }: ReleaseRequest): readonly RegionCode[] | undefined {
  if (drop === true) {
    if (regions !== undefined)
      throw new InvalidFields([{ field: 'regions', value: regions, rule: 'cannot stand beside drop' }]);
    return undefined;
  }
  if (regions === undefined)
    throw new InvalidFields([{ field: 'regions', value: null, rule: 'must be given, or drop: true' }]);
  const codes = regions.map((text) => findRegionCode(text));
  const bad = regions.flatMap((value, i) => {
    const code = codes[i];
    return code !== undefined && knownRegions.has(code)
      ? []
      : [{ field: `regions[${i}]`, value, rule: 'must be a known region' }];
  });
  if (bad.length > 0) throw new InvalidFields(bad);
  return outermost(codes as RegionCode[]);
}

function readId(id: string): number {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new NotFound('quarantined message', id);
  return Number(id);
}
