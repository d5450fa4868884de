/** The use case behind `PUT /v1/regions/boundaries`. */
import type { Clock, FieldProblem } from '@fangpin/domain-kit';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { assertWithin, CLOCK, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { clip } from '../intake/clip.js';
import { JudgeAgain } from '../quarantine/judge-again.js';
import { TooManyBoundaries, UnusableBoundaries } from './boundaries.errors.js';
import { readFeature, type ReadRegion } from './read-feature.js';
import { MAX_POINTS, MAX_POSITIONS, RegionPositions } from './region-positions.js';
import { knownRegions } from '../intake/known-regions.js';

export interface FeatureError extends FieldProblem {
  /** Number of the feature in the file, from 0. */
  readonly feature: number;
}

export interface StoredBoundaries {
  readonly features: number;
  readonly stored: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly errors: readonly FeatureError[];
  /** Quarantined messages that could be placed with these boundaries and were released. */
  readonly rejudged: number;
}

const NAMED_ERRORS = 200;
const MAX_FEATURES = 100_000;

@Injectable()
export class PutBoundaries {
  constructor(
    private readonly database: Database,
    private readonly positions: RegionPositions,
    private readonly quarantine: JudgeAgain,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Stores the features that can be used, in one transaction, and names the others. Refuses a body that is no GeoJSON or
   * has no usable feature (400), an area outside the caller's (403) and more than memory may hold (413); then nothing is stored.
   */
  async put(body: unknown, source: string, caller: Caller): Promise<StoredBoundaries> {
    const features = featuresOf(body);
    const { regions, errors, rejected } = readFeatures(features);
    if (regions.length === 0)
      throw new UnusableBoundaries(
        errors.map(({ feature, field, ...problem }) => ({ ...problem, field: pathOf(feature, field) })),
      );
    for (const { code } of regions) assertWithin(caller, code);
    const load = { source: clip(source, 200), at: this.clock.now(), by: `${caller.role}/${caller.subject}` };
    const changed = await this.database.transaction(cellScope('http:boundaries'), async (tx) => {
      const codes = await this.positions.put(tx, regions, load);
      await refuseTooMany(tx);
      return codes.length;
    });
    return {
      features: features.length,
      stored: changed,
      unchanged: regions.length - changed,
      rejected,
      errors,
      // Also after a file that changed nothing: a message may have come between the last load and its own judging.
      rejudged: await this.quarantine.withNewBoundaries(load.by),
    };
  }
}

function featuresOf(body: unknown): readonly unknown[] {
  const { type, features } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if (type === 'Feature') return [body];
  const problem = (field: string, rule: string) => new UnusableBoundaries([{ field, value: null, rule }]);
  if (type !== 'FeatureCollection') throw problem('type', 'must be FeatureCollection or Feature (GeoJSON, RFC 7946)');
  if (!Array.isArray(features) || features.length === 0) throw problem('features', 'must hold at least one feature');
  if (features.length > MAX_FEATURES) throw problem('features', `must hold at most ${MAX_FEATURES} features`);
  return features as unknown[];
}

function readFeatures(features: readonly unknown[]) {
  const byCode = new Map<string, { readonly region: ReadRegion; readonly feature: number }>();
  const errors: FeatureError[] = [];
  let rejected = 0;
  const reject = (feature: number, problems: readonly FieldProblem[]): void => {
    rejected += 1;
    if (errors.length < NAMED_ERRORS) errors.push(...problems.map((problem) => ({ feature, ...problem })));
  };
  features.forEach((value, feature) => {
    const reading = readFeature(value, knownRegions.has);
    if ('problems' in reading) return reject(feature, reading.problems);
    const { code } = reading.region;
    const earlier = byCode.get(code);
    if (earlier !== undefined)
      return reject(feature, [
        { field: 'id', value: code, rule: `must not name the region of features[${earlier.feature}] again` },
      ]);
    byCode.set(code, { region: reading.region, feature });
  });
  return { regions: [...byCode.values()].map(({ region }) => region), errors, rejected };
}

function pathOf(feature: number, field: string): string {
  return field === '' ? `features[${feature}]` : `features[${feature}].${field}`;
}

async function refuseTooMany(tx: Tx): Promise<void> {
  const [row] = await tx.query<{ regions: number; points: number }>(
    'SELECT count(*)::integer AS regions, coalesce(sum(points), 0)::integer AS points FROM region_positions',
  );
  if ((row?.regions ?? 0) > MAX_POSITIONS || (row?.points ?? 0) > MAX_POINTS)
    throw new TooManyBoundaries({ regions: MAX_POSITIONS, points: MAX_POINTS });
}
