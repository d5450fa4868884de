/** Reads the ledger of a shock for those who ask, within their area. */
import { fromBinary } from '@bufbuild/protobuf';
import { levelKeys, ShockSchema } from '@fangpin/contracts';
import { toBeijingTime, type Clock } from '@fangpin/domain-kit';
import { cellScope, Database, type Scope, type Tx } from '@fangpin/persistence';
import { regionName } from '@fangpin/regions';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { WhyAsked } from '../fan-out/confirmation.rule.js';
import type { FanOut, FanOutState } from '../fan-out/fan-out.js';
import { passedUnasked, planFailuresOf } from '../fan-out/plan-failures.js';
import { FAN_OUT_SETTINGS, type FanOutSettings } from '../fan-out/settings.js';
import { asideOf, type ShockAside } from '../fan-out/shocks-aside.js';
import { townshipCode } from '../fan-out/township.js';
import { unreadExposureOf, type UnreadExposure } from '../fan-out/unread-exposure.js';
import { awaitsExposure, awaitsOfficer } from './awaits.js';
import type { FanOutResponse, LedgerFigures, StuckSliceResponse } from './fan-out.response.js';
import { notPlanned, outgrown, policyUnknown } from './fan-out-problems.js';
import { KeptLedgers } from './kept-ledgers.js';
import { noFanOut } from './no-fan-out.js';
import { LEDGER_SETTINGS, type LedgerSettings } from './settings.js';
import { stuckReason, stuckSlicesOf, type StuckSlice } from './stuck-slices.js';
import { holdsWhole } from './whole-shock.js';
import { sumOf, type LedgerCounts } from './ledger-sql.js';

const STUCK_SHOWN = 20;

interface FanOutRow {
  origin: number;
  shock_revision: number;
  direction: FanOut['direction'];
  state: FanOutState;
  received_at: Date;
  settled_at: Date | null;
  policy_version: string;
  shock: Buffer;
  candidates: number | null;
  confirmed_by: string | null;
  confirmed_revision: number | null;
  confirmed_households: number | null;
  asked_because: WhyAsked | null;
}

@Injectable()
export class ReadFanOut {
  constructor(
    private readonly database: Database,
    private readonly ledgers: KeptLedgers,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LEDGER_SETTINGS) private readonly settings: LedgerSettings,
    @Inject(FAN_OUT_SETTINGS) private readonly fanOut: FanOutSettings,
  ) {}

  /**
   * Of the area of a scope; read under the cell's, because where a household counts is seen across areas (ledger-rows.ts). What is known of the whole
   * shock only is left out where that reaches beyond the area (whole-shock.ts).
   */
  async execute(shockId: string, area: Scope): Promise<FanOutResponse> {
    return this.database.transaction(cellScope(`${area.name}:ledger`, this.env.cellRegion), async (tx) => {
      const rows = await latestFanOuts(tx, shockId);
      const aside = await asideOf(tx, shockId);
      // Of one that is known only by the revision kept aside, that revision is told of.
      const head = rows[0] ?? headOf(aside);
      if (head === undefined) throw await noFanOut(tx, shockId);
      const origins = rows.map(({ origin }) => origin);
      const townships = await this.ledgers.of(tx, shockId, origins, area);
      const slices = await sliceStates(tx, origins);
      const stuck = await stuckSlicesOf(tx, origins, this.settings, STUCK_SHOWN);
      const problems = await planFailuresOf(tx, origins);
      const unasked = await passedUnasked(tx, origins);
      const unread = await unreadExposureOf(tx, this.fanOut.consumerGroup, origins);
      const received = Math.min(...[head, ...rows].map(({ received_at }) => received_at.getTime()));
      const told = holdsWhole(area, this.env.cellRegion, rows.flatMap(regionsOf));
      const settled =
        rows.length > 0 && rows.every(({ settled_at }) => settled_at !== null)
          ? Math.max(...rows.map(({ settled_at }) => settled_at?.getTime() ?? 0))
          : null;
      return {
        shockId,
        state: stateOf(rows),
        revision: head.shock_revision,
        policyVersion: head.policy_version,
        acceptedAt: toBeijingTime(new Date(received)),
        settledAt: settled === null ? null : toBeijingTime(new Date(settled)),
        seconds: settled === null ? null : (settled - received) / 1000,
        asOf: toBeijingTime(this.clock.now()),
        candidates: told ? mostCandidates(rows) : null,
        confirmation: confirmationOf(rows, told),
        awaits: awaitsOf(rows, unread, told),
        slices,
        stuck: stuck.map(stuckResponse),
        problems: [
          ...problems.map(notPlanned),
          ...unasked.map((passed) => outgrown(passed, told)),
          ...(aside === undefined ? [] : [policyUnknown(aside, rows)]),
        ],
        ...figures(sumOf(townships)),
        townships: townships.map((counts) => {
          const region = townshipCode(counts.township);
          return { region, name: regionName(region) ?? region, ...figures(counts) };
        }),
      };
    });
  }
}

const regionsOf = ({ shock }: FanOutRow): string[] => fromBinary(ShockSchema, shock).regions;

/** Causes touch the same townships: their candidates are largely the same households. */
function mostCandidates(rows: readonly FanOutRow[]): number | null {
  const known = rows.flatMap(({ candidates }) => candidates ?? []);
  return known.length === 0 ? null : Math.max(...known);
}

function headOf(
  aside: ShockAside | undefined,
): Pick<FanOutRow, 'shock_revision' | 'policy_version' | 'received_at'> | undefined {
  if (aside === undefined) return undefined;
  return { shock_revision: aside.revision, policy_version: aside.policyVersion, received_at: aside.receivedAt };
}

/** The latest fan-out of each cause of the shock, that of the latest revision first. */
async function latestFanOuts(tx: Tx, shockId: string): Promise<FanOutRow[]> {
  return tx.query<FanOutRow & Record<string, unknown>>(
    `SELECT * FROM (
       SELECT DISTINCT ON (f.origin) f.origin, f.shock_revision, f.direction, f.state, f.received_at, f.settled_at,
         f.policy_version, f.shock, f.candidates, f.confirmed_by, coalesce(f.confirmed_revision, f.shock_revision) AS confirmed_revision,
         coalesce(f.confirmed_households, f.candidates) AS confirmed_households, f.asked_because
       FROM fan_outs f JOIN origins o USING (origin) WHERE o.shock_id = $1 ORDER BY f.origin, f.shock_revision DESC) latest
     ORDER BY shock_revision DESC, origin`,
    [shockId],
  );
}

/** A shock with several causes is as far as the one of them that is least far. */
const LEAST_FAR_FIRST: readonly FanOutState[] = [
  'awaiting-confirmation',
  'waiting',
  'running',
  'done',
  'recalled',
  'superseded',
];

function stateOf(rows: readonly FanOutRow[]): FanOutState {
  return LEAST_FAR_FIRST.find((state) => rows.some((row) => row.state === state)) ?? 'waiting';
}

/** Whose word it goes by. Causes are asked about together: the one confirmed last speaks for all. */
function confirmationOf(rows: readonly FanOutRow[], told: boolean): FanOutResponse['confirmation'] {
  const [confirmed] = rows
    .filter(({ confirmed_by }) => confirmed_by !== null)
    .sort((a, b) => (b.confirmed_revision ?? 0) - (a.confirmed_revision ?? 0));
  if (confirmed === undefined) return null;
  return {
    confirmedBy: confirmed.confirmed_by ?? '',
    revision: confirmed.confirmed_revision ?? confirmed.shock_revision,
    households: told ? (confirmed.confirmed_households ?? 0) : null,
    carriedOver: confirmed.confirmed_revision !== confirmed.shock_revision,
  };
}

/** What it waits for: first what an officer can do something about. */
function awaitsOf(
  rows: readonly FanOutRow[],
  unread: readonly UnreadExposure[],
  told: boolean,
): FanOutResponse['awaits'] {
  const asked = rows.find(({ state }) => state === 'awaiting-confirmation');
  if (asked === undefined) return awaitsExposure(unread);
  return awaitsOfficer(asked.asked_because ?? 'over-set-size', told ? (asked.candidates ?? 0) : null);
}

async function sliceStates(tx: Tx, origins: readonly number[]): Promise<FanOutResponse['slices']> {
  const rows = await tx.query<{ state: string; n: number; error: string | null; attempts: number }>(
    `SELECT state, count(*)::int AS n, max(last_error) AS error, max(attempts) AS attempts
     FROM slices WHERE origin = ANY($1::bigint[]) GROUP BY state ORDER BY state`,
    [origins],
  );
  return rows.map(({ state, n, error, attempts }) => ({ state, count: n, attempts, lastError: error }));
}

function stuckResponse(slice: StuckSlice): StuckSliceResponse {
  const { sliceNo, state, townships, attempts, ageSeconds, nextTryAt, lastError } = slice;
  return {
    sliceNo,
    state,
    townships: townships.map(townshipCode),
    attempts,
    ageSeconds,
    nextTryAt: nextTryAt === null ? null : toBeijingTime(nextTryAt),
    reason: stuckReason(slice),
    lastError,
  };
}

function figures(counts: LedgerCounts): LedgerFigures {
  const { red, orange, yellow, blue, ...rest } = counts;
  return {
    exposed: rest.exposed,
    alerted: rest.alerted,
    withheld: rest.withheld,
    published: rest.published,
    casesOpened: rest.casesOpened,
    casesAttached: rest.casesAttached,
    listed: rest.listed,
    parked: rest.parked,
    withdrawn: rest.withdrawn,
    dropped: rest.dropped,
    flagged: rest.flagged,
    severities: { [levelKeys[4]]: red, [levelKeys[3]]: orange, [levelKeys[2]]: yellow, [levelKeys[1]]: blue },
  };
}
