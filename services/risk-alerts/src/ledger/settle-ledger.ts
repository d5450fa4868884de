/** Closes fan-outs whose ledger adds up: as done, or as recalled. */
import { cellScope, Database, joiningSets, type Tx } from '@fangpin/persistence';
import { CLOCK, ENV, type BaseEnv } from '@fangpin/service-kit';
import type { Clock } from '@fangpin/domain-kit';
import { Inject, Injectable } from '@nestjs/common';
import { lowestRevision } from '../fan-out/alert-revision.js';
import { askForThoseWithIncome } from '../fan-out/relook-requests.js';
import { askForLooksAfter } from '../regional/ask-for-looks.js';
import { GIVEN_UP } from './given-up-slices.js';
import { addsUp, ledgerOf, sumOf } from './ledger-sql.js';

interface RunningFanOut {
  readonly origin: number;
  readonly shock_revision: number;
  readonly direction: 'raise' | 'withdraw';
  readonly unfinished: boolean;
}

/** Of the fan-outs `f`. */
const UNFINISHED_SLICE = `SELECT FROM slices s WHERE s.origin = f.origin AND s.state IN ('waiting', 'claimed', 'stored')`;

const GIVEN_UP_SLICE = `SELECT FROM slices s
  WHERE s.origin = f.origin AND s.shock_revision = f.shock_revision AND s.direction = f.direction AND ${GIVEN_UP}`;

/**
 * Which fan-outs: of live shocks, those that somebody waits for; those that were settled and opened again by a household that is looked at
 * again (a sweep opens all of them, again and again); and those of the bulk lane.
 */
export type Unsettled = 'live' | 'reopened' | 'bulk';

const WHICH: Readonly<Record<Unsettled, string>> = {
  live: `f.lane = 'live' AND f.settled_at IS NULL`,
  reopened: `f.lane = 'live' AND f.settled_at IS NOT NULL`,
  bulk: `f.lane = 'bulk'`,
};

/** How far a fan-out has come, in numbers that cost little. */
interface Progress {
  /** Alerts stored under its revision, and answers to that or a later one; repeats may make these more. */
  readonly stored: number;
  readonly answered: number;
  /** Whether its households may have alerts of other revisions too: answers to those look like answers to these. */
  readonly mixed: boolean;
  /** Changes with whatever the ledger is counted from. */
  readonly mark: string;
}

@Injectable()
export class SettleLedger {
  /** Marks of fan-outs that were counted and did not add up: until one has come farther, it need not be counted again. */
  readonly #counted: Readonly<Record<Unsettled, Map<string, string>>> = {
    live: new Map(),
    reopened: new Map(),
    bulk: new Map(),
  };

  constructor(
    private readonly database: Database,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Settles what can be settled; `before` is awaited before each is counted. Answers how many are still on their way. */
  async execute(which: Unsettled, before: () => Promise<void> = async () => undefined): Promise<number> {
    const scope = cellScope('job:settle', this.env.cellRegion);
    const running = await this.database.transaction(scope, (tx) =>
      tx.query<RunningFanOut & Record<string, unknown>>(
        `SELECT f.origin, f.shock_revision, f.direction, f.behind OR EXISTS (${UNFINISHED_SLICE}) AS unfinished
         FROM fan_outs f WHERE f.state = 'running' AND ${WHICH[which]} ORDER BY f.received_at, f.origin`,
      ),
    );
    const counted = this.#counted[which];
    const keys = new Set(running.map(keyOf));
    for (const key of counted.keys()) if (!keys.has(key)) counted.delete(key);
    let open = 0;
    // A transaction each: hundreds come at once in the bulk lane, and a revision that supersedes one waits for its row.
    for (const fanOut of running) {
      if (!fanOut.unfinished) {
        await before();
        if (await this.database.transaction(scope, (tx) => this.settle(tx, fanOut, counted))) continue;
      }
      open += 1;
    }
    return open;
  }

  private async settle(tx: Tx, fanOut: RunningFanOut, counted: Map<string, string>): Promise<boolean> {
    const [held] = await tx.query(
      `SELECT 1 FROM fan_outs f WHERE f.origin = $1 AND f.shock_revision = $2 AND f.state = 'running'
         AND NOT EXISTS (${UNFINISHED_SLICE}) AND NOT EXISTS (${GIVEN_UP_SLICE}) FOR UPDATE OF f SKIP LOCKED`,
      [fanOut.origin, fanOut.shock_revision],
    );
    if (held === undefined) return false;
    // Cheap questions first: the ids are only counted when they could add up.
    const { stored, answered, mixed, mark } = await progressOf(tx, fanOut);
    if (answered < stored || counted.get(keyOf(fanOut)) === mark) return false;
    if ((mixed && (await lacksAnswer(tx, fanOut.origin))) || !addsUp(sumOf(await ledgerOf(tx, fanOut.origin)))) {
      counted.set(keyOf(fanOut), mark);
      return false;
    }
    const [settled] = await tx.query<{ first: boolean }>(
      `UPDATE fan_outs SET state = $3, settled_at = coalesce(settled_at, $4) WHERE origin = $1 AND shock_revision = $2
       RETURNING old.settled_at IS NULL AS first`,
      [fanOut.origin, fanOut.shock_revision, fanOut.direction === 'raise' ? 'done' : 'recalled', this.clock.now()],
    );
    if (settled?.first === true) await askForThoseWithIncome(tx, fanOut.origin);
    await askForLooksAfter(tx, fanOut.origin);
    return true;
  }
}

function keyOf({ origin, shock_revision }: RunningFanOut): string {
  return `${origin}/${shock_revision}`;
}

/** Every alert of a fan-out asks for an answer under its revision (or a later one). While there are fewer, nothing can add up. */
async function progressOf(tx: Tx, fanOut: RunningFanOut): Promise<Progress> {
  const [row] = await tx.query<Progress & Record<string, unknown>>(
    `SELECT (SELECT coalesce(sum(alerted), 0)::int FROM slices
             WHERE origin = $1 AND shock_revision = $2 AND direction <> 'relook' AND state = 'published') AS stored,
            (SELECT coalesce(sum(cardinality(household_ids)), 0)::int FROM triage_answers
             WHERE origin = $1 AND alert_revision >= $3) AS answered,
            EXISTS (SELECT FROM slices WHERE origin = $1 AND state = 'published'
                      AND (shock_revision < $2 OR direction = 'relook')) AS mixed,
            (SELECT concat_ws(':', count(*), max(answer_no)) FROM triage_answers WHERE origin = $1) || '/' ||
              (SELECT count(*) FROM slices WHERE origin = $1 AND state = 'published') AS mark`,
    [fanOut.origin, fanOut.shock_revision, lowestRevision(fanOut.shock_revision)],
  );
  if (row === undefined) throw new Error(`no progress of ${keyOf(fanOut)}`);
  return row;
}

/** Whether the last alert of some household is not answered yet, whatever was answered to those before. */
async function lacksAnswer(tx: Tx, origin: number): Promise<boolean> {
  const rows = await joiningSets(tx, () =>
    tx.query(
      `SELECT 1 FROM (
         SELECT household_id, max(revision) AS revision FROM alerts WHERE origin = $1 GROUP BY household_id) AS last
       LEFT JOIN (
         SELECT id AS household_id, max(alert_revision) AS revision FROM triage_answers, unnest(household_ids) AS id
         WHERE origin = $1 GROUP BY id) AS answered USING (household_id)
       WHERE answered.revision IS NULL OR answered.revision < last.revision LIMIT 1`,
      [origin],
    ),
  );
  return rows.length > 0;
}
