/**
 * Every event is a revision: a version that only grows, with the producer's epoch in front, so that a restored database
 * cannot run backwards (architecture §2). A consumer applies a higher revision and ignores the rest.
 *
 * Both are packed in one 53-bit number, epoch in the upper 12 bits (0–4,095), version in the lower 40, so that a table
 * stores and compares one bigint.
 */
export interface Revision {
  readonly epoch: number;
  readonly version: number;
}

const VERSION_SPAN = 2 ** 40;
const MAX_EPOCH = 2 ** 12 - 1;

export function packRevision({ epoch, version }: Revision): number {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > MAX_EPOCH) throw new RangeError(`epoch ${epoch} out of range`);
  if (!Number.isInteger(version) || version < 1 || version >= VERSION_SPAN)
    throw new RangeError(`version ${version} out of range`);
  return epoch * VERSION_SPAN + version;
}

export function unpackRevision(packed: number): Revision {
  return { epoch: Math.floor(packed / VERSION_SPAN), version: packed % VERSION_SPAN };
}

/** The first revision of an aggregate under an epoch, or the next of a known one. */
export function nextRevision(epoch: number, known: number | undefined): number {
  if (known === undefined) return packRevision({ epoch, version: 1 });
  const { epoch: lastEpoch, version } = unpackRevision(known);
  return packRevision({ epoch: Math.max(epoch, lastEpoch), version: version + 1 });
}
