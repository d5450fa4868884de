/** Which reports alert no household by themselves, so that whoever reports hears it at once. Pure. */
import { findShockKind } from '@fangpin/contracts';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import type { Problem } from '../cap/cap-message.js';
import type { ShockContent } from '../shocks/shock.js';

/**
 * A disaster of the alert lane that counts neither crops nor houses, and of whose kind no loss is estimated anywhere in its areas (policy
 * `hazard-loss`, `dwelling-hazard`): icy roads, a forest fire. Its figures, once there are some, alert by another report of it.
 */
export function alertsNobody(content: ShockContent, policy: PolicySet): Problem[] {
  const { kind, lane, regions, judgedOn, damage } = content;
  const known = findShockKind(kind);
  if (lane !== 'alert' || known?.family !== 'nature') return [];
  if (damage.some((area) => area.cropHitCentimu > 0 || area.housesCollapsed + area.housesDamaged > 0)) return [];
  const estimated = (['hazard-loss', 'dwelling-hazard'] as const).some((key) =>
    regions
      .flatMap((region) => policy.placesWithin(region, key))
      .some((place) => underPolicy(() => policy.get(key, place, judgedOn, kind)) !== undefined),
  );
  if (estimated) return [];
  const text = `没有“${known.name}”的损失估算办法，报告也没有填受灾面积或受损房屋：不会自动预警任何农户，请补报数字，或安排村级排查`;
  return [{ code: 'REPORT.ALERTS_NOBODY', text }];
}
