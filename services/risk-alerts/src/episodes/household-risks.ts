/** The risks of one household while things happen to it: its alerts and the last episode of each cause. Pure: nothing is stored here. */
import type { Cause } from '@fangpin/contracts';
import type { EpisodeLife } from '@fangpin/policy';
import { judgeEpisode, type Episode, type EpisodeStep, type FeedingAlert } from './episode.rule.js';
import {
  check,
  close,
  dueMs,
  follow,
  letPass,
  type AlertRevision,
  type CaseSaid,
  type CheckSaid,
} from './followed-alert.rule.js';

export type LifeOf = (cause: Cause) => EpisodeLife;

export interface BookedAlert extends FeedingAlert {
  readonly origin: number;
  readonly cause: Cause;
}

export interface StepTaken {
  readonly cause: Cause;
  readonly ordinal: number;
  readonly step: EpisodeStep;
  readonly atMs: number;
  readonly severity: number;
  readonly origin: number | null;
}

export interface AlertSaid extends AlertRevision {
  readonly origin: number;
  readonly cause: Cause;
}

export class HouseholdRisks {
  readonly steps: StepTaken[] = [];
  /** Causes whose episode is to be stored, and alerts by origin. */
  readonly changedCauses = new Set<Cause>();
  readonly changedAlerts = new Set<number>();
  /** Episodes after which another of their cause has opened meanwhile, as they ended. */
  readonly past: (readonly [Cause, Episode])[] = [];
  readonly #alerts: Map<number, BookedAlert>;
  readonly #stored: ReadonlyMap<Cause, Episode>;
  readonly #episodes: Map<Cause, Episode>;

  constructor(
    private readonly lifeOf: LifeOf,
    alerts: Iterable<BookedAlert> = [],
    episodes: Iterable<readonly [Cause, Episode]> = [],
  ) {
    this.#alerts = new Map([...alerts].map((alert) => [alert.origin, alert]));
    this.#stored = new Map(episodes);
    this.#episodes = new Map(this.#stored);
  }

  alerts(cause?: Cause): BookedAlert[] {
    const alerts: BookedAlert[] = [];
    for (const alert of this.#alerts.values()) if (cause === undefined || alert.cause === cause) alerts.push(alert);
    return alerts;
  }

  episode(cause: Cause): Episode | undefined {
    return this.#episodes.get(cause);
  }

  /** A revision of an alert. One known, or older than one known, changes nothing. */
  say({ origin, cause, ...said }: AlertSaid, atMs: number): void {
    const before = this.#alerts.get(origin);
    if (before !== undefined && said.revision <= before.revision) return;
    const life = this.lifeOf(cause);
    this.#passOf(cause, atMs);
    const known = this.#alerts.get(origin);
    const now = follow(known, said, atMs, life);
    this.#book({ ...now, origin, cause, ordinal: known?.ordinal ?? null });
    // What a check without risk answers is no news.
    this.#judge(cause, atMs, said.raised && now.checkedUpTo === null, origin);
  }

  /** An open case answers an alert that would pass by now: it stands. Nothing happened, so nothing is judged. */
  heldByCase(origin: number): void {
    const alert = this.#alerts.get(origin);
    if (alert !== undefined) this.#book({ ...alert, caseOpen: true });
  }

  /** The case that answers an alert has ended, or is open again. */
  close(origin: number, said: CaseSaid, atMs: number): void {
    const before = this.#alerts.get(origin);
    if (before === undefined) return;
    const { closedRevision } = said;
    if (before.closedRevision === closedRevision && before.caseOpen === (closedRevision === null)) return;
    this.#passOf(before.cause, atMs);
    const known = this.#alerts.get(origin) ?? before;
    this.#book({ ...known, ...close(known, said, atMs, this.lifeOf(before.cause)) });
    this.#judge(before.cause, atMs, false, origin);
  }

  /** What a check of the household found of an alert. */
  check(origin: number, said: CheckSaid, atMs: number): void {
    const before = this.#alerts.get(origin);
    if (before === undefined) return;
    this.#passOf(before.cause, atMs);
    const known = this.#alerts.get(origin) ?? before;
    this.#book({ ...known, ...check(known, said, atMs, this.lifeOf(before.cause)) });
    this.#judge(before.cause, atMs, false, origin);
  }

  /** Time has passed, and nothing else happened. */
  pass(nowMs: number): void {
    for (const cause of new Set(this.alerts().map((alert) => alert.cause))) this.#passOf(cause, nowMs);
  }

  /** All of a cause is to be stored anew: the household has moved, or what is reckoned from it may have changed. */
  touch(cause: Cause): void {
    for (const alert of this.alerts(cause)) this.#book(alert);
    this.changedCauses.add(cause);
  }

  #passOf(cause: Cause, nowMs: number): void {
    const life = this.lifeOf(cause);
    const due = this.alerts(cause).filter((alert) => (dueMs(alert, life) ?? Infinity) <= nowMs);
    if (due.length === 0) return;
    for (const alert of due) this.#book({ ...alert, ...letPass(alert, nowMs, life) });
    this.#judge(cause, nowMs, false, null);
  }

  #book(alert: BookedAlert): void {
    this.#alerts.set(alert.origin, alert);
    this.changedAlerts.add(alert.origin);
    this.changedCauses.add(alert.cause);
  }

  #judge(cause: Cause, atMs: number, raised: boolean, origin: number | null): void {
    const life = this.lifeOf(cause);
    const alerts = this.alerts(cause);
    const before = this.#episodes.get(cause);
    const { episode, step } = judgeEpisode(before, alerts, { atMs, raised, life });
    if (episode === undefined) return;
    if (before !== undefined && before.ordinal !== episode.ordinal && before !== this.#stored.get(cause))
      this.past.push([cause, before]);
    this.#episodes.set(cause, episode);
    const { ordinal, severity } = episode;
    for (const alert of alerts) if (alert.held > 0 && alert.ordinal !== ordinal) this.#book({ ...alert, ordinal });
    if (step !== undefined) this.steps.push({ cause, ordinal, step, atMs, severity, origin });
  }
}
