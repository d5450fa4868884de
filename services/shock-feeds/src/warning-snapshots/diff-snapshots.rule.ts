/**
 * What has changed between two lists of all warnings in force. A warning is named by county code and type (`identity`); it
 * is *kept* with the same colour and time of issue (`token`), *replaced* otherwise; *new* is in this list alone, *ended* in the
 * last alone. Lists may hold several warnings of one identity: then as many as have an equal are kept, as many as have
 * another to stand against are replaced, so that new + kept + replaced is this list and ended + kept + replaced the last.
 */
export interface Counted {
  readonly identity: string;
  readonly token: string;
}

export interface SnapshotCounts {
  readonly new: number;
  readonly kept: number;
  readonly replaced: number;
  readonly ended: number;
}

export interface SnapshotDiff extends SnapshotCounts {
  /** Identities of this list that the last one did not have, in the order of this list. */
  readonly appeared: readonly string[];
  /** Identities of both. */
  readonly stayed: readonly string[];
  /** Identities of the last list that this one does not have, in the order of the last. */
  readonly gone: readonly string[];
}

export function diffSnapshots(last: readonly Counted[], next: readonly Counted[]): SnapshotDiff {
  const before = tokensByIdentity(last);
  const after = tokensByIdentity(next);
  const counts = { new: 0, kept: 0, replaced: 0, ended: 0 };
  for (const identity of new Set([...before.keys(), ...after.keys()])) {
    const had = before.get(identity) ?? [];
    const has = after.get(identity) ?? [];
    const kept = equals(had, has);
    const replaced = Math.min(had.length, has.length) - kept;
    counts.kept += kept;
    counts.replaced += replaced;
    counts.new += has.length - kept - replaced;
    counts.ended += had.length - kept - replaced;
  }
  return {
    ...counts,
    appeared: [...after.keys()].filter((identity) => !before.has(identity)),
    stayed: [...after.keys()].filter((identity) => before.has(identity)),
    gone: [...before.keys()].filter((identity) => !after.has(identity)),
  };
}

function tokensByIdentity(list: readonly Counted[]): Map<string, string[]> {
  const tokens = new Map<string, string[]>();
  for (const { identity, token } of list) {
    const known = tokens.get(identity);
    if (known === undefined) tokens.set(identity, [token]);
    else known.push(token);
  }
  return tokens;
}

/** How many of one bag have an equal of their own in the other. */
function equals(one: readonly string[], other: readonly string[]): number {
  const left = new Map<string, number>();
  for (const token of one) left.set(token, (left.get(token) ?? 0) + 1);
  return other.filter((token) => {
    const count = left.get(token) ?? 0;
    left.set(token, count - 1);
    return count > 0;
  }).length;
}
