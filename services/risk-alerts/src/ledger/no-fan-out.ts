/** Why a shock has no ledger: nobody has heard of it here, or it alerts nobody, which is said in words. */
import { findShockKind, Lane, ShockState } from '@fangpin/contracts';
import { DomainError, NotFound } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';

interface ShockRow {
  kind: string;
  lane: Lane;
  state: ShockState;
  [column: string]: unknown;
}

/** A shock that is known here and has opened no fan-out: nobody is exposed to it, and nobody was alerted. */
export class AlertsNobody extends DomainError {
  constructor(shockId: string, reason: { readonly code: string; readonly text: string }) {
    super('FAN_OUT.ALERTS_NOBODY', 'not-found', `shock ${shockId} alerts nobody`, { id: shockId, reasons: [reason] });
  }
}

/** What to refuse with where a shock has no fan-out. */
export async function noFanOut(tx: Tx, shockId: string): Promise<DomainError> {
  const [shock] = await tx.query<ShockRow>('SELECT kind, lane, state FROM shocks WHERE shock_id = $1', [shockId]);
  return shock === undefined ? new NotFound('fan-out', shockId) : new AlertsNobody(shockId, whyNobody(shock));
}

function whyNobody({ kind, lane, state }: ShockRow): { code: string; text: string } {
  if (state === ShockState.CANCELLED)
    return { code: 'FAN_OUT.CALLED_OFF', text: '这次灾害或冲击已经撤销，没有向任何农户预警' };
  if (lane === Lane.NOTICE)
    return {
      code: 'FAN_OUT.NOTICE',
      text: '这是预报或预警信息，只作提示，不向农户发出风险预警；灾害发生后，由灾情报告或村级答复触发',
    };
  if (lane !== Lane.ALERT)
    return { code: 'FAN_OUT.RECORDED', text: '这次灾害或冲击按规则只作记录，不向农户发出风险预警' };
  const known = findShockKind(kind);
  const figures =
    known?.family === 'nature'
      ? '，报告也没有填受灾面积或受损房屋：不会自动预警任何农户，请补报数字，或安排村级排查'
      : '：不会自动预警任何农户，请安排村级排查';
  return { code: 'FAN_OUT.NO_LOSS_MODEL', text: `没有“${known?.name ?? kind}”的损失估算办法${figures}` };
}
