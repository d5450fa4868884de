/** Judges a message with all that this service has: policy, division lists, loaded boundaries, keys. */
import { shanghaiDay } from '@fangpin/domain-kit';
import { PolicySet } from '@fangpin/policy';
import type { Tx } from '@fangpin/persistence';
import { ENV } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { BoundaryIndex } from '../boundaries/boundary-index.js';
import { overlapOn } from '../boundaries/overlap-on.js';
import { RegionPositions } from '../boundaries/region-positions.js';
import { knownRegions } from '../intake/known-regions.js';
import { judgedAt, type Received } from '../intake/received.js';
import type { CapMessage } from './cap-message.js';
import { readCapTime } from './cap-time.js';
import { checkSignature } from './check-signature.js';
import { judgeCap, type CapContext, type CapVerdict } from './judge-cap.rule.js';

export interface CapToJudge {
  readonly received: Received;
  /** The text that the message came in, alone; its signature can only be checked with it. */
  readonly document?: string;
  /** What an officer added when releasing it. */
  readonly correction?: CapContext['correction'];
  /** The transaction in hand, if any. */
  readonly tx?: Tx;
}

@Injectable()
export class CapJudge {
  constructor(
    private readonly policy: PolicySet,
    private readonly positions: RegionPositions,
    @Inject(ENV) private readonly env: { readonly capKeys?: readonly string[] },
  ) {}

  /** A message that draws nothing is judged without a look at the boundaries. */
  async judge(message: CapMessage, { received, document, correction, tx }: CapToJudge): Promise<CapVerdict> {
    const draws = message.infos.some(({ areas }) =>
      areas.some(({ polygons, circles }) => polygons.length + circles.length > 0),
    );
    const index = draws ? await this.positions.index(tx) : undefined;
    return judgeCap(message, {
      policy: this.policy,
      regions: knownRegions,
      judgedAt: judgedAt(received),
      signature: checkSignature(message, document, this.env.capKeys ?? []),
      ...(correction === undefined ? {} : { correction }),
      ...(index === undefined || index.isEmpty ? {} : { boundaries: this.#boundaries(index, message) }),
    });
  }

  #boundaries(index: BoundaryIndex, message: CapMessage): NonNullable<CapContext['boundaries']> {
    const day = shanghaiDay(readCapTime(message.sent)?.at ?? new Date(0));
    return { index, overlap: overlapOn(this.policy, day) };
  }
}
