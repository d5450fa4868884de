/** The door from what was fetched to the use cases behind the POST endpoints. */
import { Inject, Injectable } from '@nestjs/common';
import type { Received } from '../../intake/received.js';
import type { PolledFormat } from '../channels.js';

export interface FeedDocument {
  /** Name of the source it came from. */
  readonly source: string;
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
  readonly received: Received;
}

/** `held-back`: stored and not yet believed, so that it must be shown again. */
export type FeedOutcome = 'taken' | 'held-back';

export interface FeedIntake {
  /** What it reads. An index (`cap-feed`) is read by the poller; its documents are `cap`. */
  readonly format: Exclude<PolledFormat, 'cap-feed'>;
  /** Takes a document as its POST endpoint would; throws that endpoint's refusals. */
  take(document: FeedDocument): Promise<FeedOutcome>;
}

export const FEED_INTAKES = Symbol('shock-feeds:feed-intakes');

@Injectable()
export class FeedIntakes {
  constructor(@Inject(FEED_INTAKES) private readonly intakes: readonly FeedIntake[]) {}

  find(format: PolledFormat): FeedIntake | undefined {
    const wanted = format === 'cap-feed' ? 'cap' : format;
    return this.intakes.find((intake) => intake.format === wanted);
  }
}
