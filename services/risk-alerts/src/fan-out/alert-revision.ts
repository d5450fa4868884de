/**
 * An alert's revision: that of what raised it (the shock's, the finding's), then this service's own epoch, then its looks at the
 * one household. It grows with each. The epoch stands before the looks, so that what a restored database says overtakes what
 * was said from it after the copy was made (docs/adr/0001-every-event-is-a-revision.md).
 */
import { packRevision, unpackRevision } from '@fangpin/domain-kit';

const LOOKS = 2 ** 12;
/** Restores that find room, each with an epoch one higher. */
const EPOCHS = 2 ** 4;
const FIRST_EPOCH = 1;

/** The lowest that any alert under a shock's (or finding's) revision has. */
export function lowestRevision(ofShock: number): number {
  const { epoch, version } = unpackRevision(ofShock);
  return packRevision({ epoch, version: version * EPOCHS * LOOKS });
}

/** The one under which a slice raises, or a finding is judged first; `ownEpoch` is that of this service's database. */
export function alertRevision(ofShock: number, ownEpoch: number, look = 0): number {
  const restores = ownEpoch - FIRST_EPOCH;
  if (restores < 0 || restores >= EPOCHS)
    throw new RangeError(`epoch ${ownEpoch} of this service has no room in an alert's revision: 1 to ${EPOCHS} have`);
  if (look < 0 || look >= LOOKS) throw new RangeError(`look ${look} out of range`);
  return lowestRevision(ofShock) + restores * LOOKS + look;
}

/** The next look at a household whose last alert revision is known, or not. */
export function nextLook(ofShock: number, ownEpoch: number, last: number | undefined): number {
  const first = alertRevision(ofShock, ownEpoch, 1);
  return last !== undefined && last >= first ? last + 1 : first;
}

/** The shock's revision under which an alert revision was raised. */
export function shockRevisionOf(revision: number): number {
  const { epoch, version } = unpackRevision(revision);
  return packRevision({ epoch, version: Math.floor(version / (EPOCHS * LOOKS)) });
}
