/** Whether a list is believed (policy `snapshot-hold`): a relay that fails answers with an old list, or with next to nothing. */
import { toBeijingTime } from '@fangpin/domain-kit';
import type { SnapshotHold } from '@fangpin/policy';
import type { Problem } from '../cap/cap-message.js';

export interface ListFacts {
  readonly updated: Date;
  readonly members: number;
}

export interface HoldVerdict {
  readonly heldBack?: 'older' | 'smaller';
  readonly problems: readonly Problem[];
}

const HOUR_MS = 3_600_000;

/**
 * `smallSince` is the time of the first list held back as too small since the last one believed. Without a policy for the
 * day (before the first record) no size is too small.
 */
export function holdBack(
  list: ListFacts,
  last: ListFacts | undefined,
  smallSince: Date | undefined,
  policy: Pick<SnapshotHold, 'smallerShare' | 'believedAfterHours'> | undefined,
): HoldVerdict {
  if (last === undefined) return { problems: [] };
  if (list.updated < last.updated) {
    const text = `更新时间早于已采信的清单（${toBeijingTime(last.updated)}），未采信`;
    return { heldBack: 'older', problems: [{ code: 'SNAPSHOT.OLDER', text }] };
  }
  if (policy === undefined || !smallerBy(policy.smallerShare, last.members, list.members)) return { problems: [] };
  const { believedAfterHours: hours } = policy;
  const numbers = `上次${last.members}条，本次${list.members}条`;
  if (smallSince !== undefined && list.updated.getTime() - smallSince.getTime() >= hours * HOUR_MS)
    return {
      problems: [{ code: 'SNAPSHOT.SMALL_BUT_LASTING', text: `${numbers}，骤减已持续${hours}小时以上，予以采信` }],
    };
  return { heldBack: 'smaller', problems: [{ code: 'SNAPSHOT.SMALLER', text: `${numbers}，骤减，未采信` }] };
}

/** In thousandths, so that nine tenths of two hundred are exactly that. */
function smallerBy(share: number, last: number, now: number): boolean {
  return last > now && (last - now) * 1_000 >= Math.round(share * 1_000) * last;
}
