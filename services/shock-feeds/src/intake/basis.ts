/**
 * What of a message the policy was applied to, kept beside its statement so that another version of the policy can derive regions,
 * degrees and hours from it again (docs/adr/0039-policy-applied-backwards-derives-again.md). What a message states itself stands in
 * its statement and is never derived.
 */
import type { RegionCode } from '@fangpin/domain-kit';
import type { CapArea } from '../cap/cap-message.js';
import type { Quake } from '../earthquakes/quake.js';
import type { Survey } from '../earthquakes/read-survey.js';
import type { AssumedEnd } from '../shocks/assumed-end.rule.js';

export interface Basis {
  /** It states no end (policy `notice-expiry-hours`). */
  readonly expiry?: AssumedEnd;
  /** All its areas, of which some are only drawn (policy `area-overlap`). */
  readonly areas?: readonly CapArea[];
  /** The figures of a catalogue (policies `quake-*`). */
  readonly quake?: Quake;
  /** Surveyed zones, with the area near which their names were looked for (policies `quake-level`, `area-overlap`). */
  readonly survey?: { readonly said: Survey; readonly near: readonly RegionCode[] };
}

/** As jsonb keeps it: instants as RFC 3339 text. */
export type StoredBasis = Stored<Basis>;

type Stored<T> = T extends Date
  ? string
  : T extends readonly (infer One)[]
    ? readonly Stored<One>[]
    : T extends RegionCode | string | number | boolean | null | undefined
      ? T
      : { readonly [K in keyof T]: Stored<T[K]> };

export function readBasis({ expiry, areas, quake, survey }: StoredBasis): Basis {
  return {
    ...(expiry === undefined
      ? {}
      : {
          expiry: {
            from: new Date(expiry.from),
            ...(expiry.after === undefined ? {} : { after: new Date(expiry.after) }),
          },
        }),
    ...(areas === undefined ? {} : { areas }),
    ...(quake === undefined
      ? {}
      : { quake: { ...(quake as unknown as Quake), time: new Date(quake.time), updated: new Date(quake.updated) } }),
    ...(survey === undefined
      ? {}
      : {
          survey: {
            near: survey.near,
            said: { ...(survey.said as unknown as Survey), surveyedAt: new Date(survey.said.surveyedAt) },
          },
        }),
  };
}
