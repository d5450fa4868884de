/** A reply as it was kept: the two owners answer in the same columns. */
import { fromBinary } from '@bufbuild/protobuf';
import { AssessmentsTalliedSchema, HouseholdsTalliedSchema } from '@fangpin/contracts';
import type { Subject } from './subjects.js';

export interface ExposureReply {
  readonly townships: readonly number[];
  readonly households: number;
  readonly villages: readonly number[];
  readonly ids: readonly number[];
  readonly hashes: readonly number[];
  readonly recent: ReadonlySet<number>;
  readonly more: boolean;
}

export function readReply(subject: Subject, bytes: Uint8Array): ExposureReply {
  const reply = fromBinary(subject === 'households' ? HouseholdsTalliedSchema : AssessmentsTalliedSchema, bytes);
  return {
    townships: reply.townships.map(Number),
    households: reply.households,
    villages: reply.villages.map(Number),
    ids: reply.householdIds.map(Number),
    hashes: reply.hashes.map(Number),
    recent: new Set(reply.recentIds.map(Number)),
    more: reply.more,
  };
}
