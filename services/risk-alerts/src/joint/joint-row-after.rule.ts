/** How a joint alert stands after a move. Pure. */
import { nextRevision } from '@fangpin/domain-kit';
import type { JointMove } from './joint-alert.rule.js';
import type { Looked, MemberRevision } from './joint-parts.js';
import { jointOrigin, type JointRow } from './joint-rows.js';
import { causesOf, type JointVerdict } from './joint-verdict.rule.js';

/** A household with what of it may be a joint risk now. */
export interface JointBefore extends Pick<Looked, 'last' | 'standing'> {
  readonly household: Pick<Looked['household'], 'householdId' | 'dutyCode'>;
}

/** Undefined where there was none and there is none. */
export function jointRowAfter(
  { household, last, standing }: JointBefore,
  kept: readonly MemberRevision[],
  move: JointMove,
  judged: JointVerdict | undefined,
  epoch: number,
): Omit<JointRow, 'dueMs'> | undefined {
  const { householdId, dutyCode } = household;
  const members = [...standing, ...kept].sort((a, b) => a.origin - b.origin);
  const now = {
    severity: judged?.verdict.severity ?? 0,
    causes: causesOf(standing),
    members: members.map(({ origin }) => origin),
    memberRevisions: members.map(({ revision }) => revision),
    toldAdding: judged?.risk.adding.length ?? null,
  };
  if (move.kind === 'raise') {
    const ordinal = (last?.ordinal ?? 0) + 1;
    const origin = jointOrigin(householdId, ordinal);
    const key = { householdId, ordinal, origin, dutyCode, stands: true, state: 'raised' } as const;
    return { ...key, ...now, revision: nextRevision(epoch, undefined), lowerSinceMs: null };
  }
  if (last === undefined || !last.stands) return undefined;
  const { memberRevisions } = now;
  switch (move.kind) {
    case 'none':
      return undefined;
    case 'keep': {
      const { lowerSinceMs } = move;
      // Of before this was kept all of its alerts were told, and those alone: what comes in unheard is none of them.
      const toldAdding = last.toldAdding ?? last.members.length;
      return { ...last, dutyCode, state: 'raised', members: now.members, memberRevisions, toldAdding, lowerSinceMs };
    }
    case 'revise':
      return {
        ...last,
        ...now,
        dutyCode,
        state: 'raised',
        revision: nextRevision(epoch, last.revision),
        lowerSinceMs: null,
      };
    case 'withdraw':
      return { ...last, dutyCode, stands: false, state: 'withdrawn', revision: nextRevision(epoch, last.revision) };
    case 'end':
      return { ...last, dutyCode, stands: false, state: 'over' };
  }
}
