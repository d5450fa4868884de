/** Looks every minute which source fell silent or speaks again; says each change once, and both in figures. */
import type { Clock } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK, createGauge, LOGGER, METRICS, Rounds, type Logger, type Registry } from '@fangpin/service-kit';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SourceLog } from './source-log.js';
import { SourceStandings, type SourceStanding } from './source-standing.js';

const EVERY_MS = 60_000;

@Injectable()
export class WatchSilence implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds(
    EVERY_MS,
    () => this.sweep(),
    (error) => this.log.warn({ err: error }, 'silence could not be looked for; the next minute tries again'),
  );
  #seen: readonly SourceStanding[] = [];

  constructor(
    private readonly database: Database,
    private readonly standings: SourceStandings,
    private readonly sources: SourceLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    createGauge(
      metrics,
      'fangpin_source_silent',
      'Whether a source is silent beyond its habit',
      ['source'],
      (gauge) => {
        for (const { row, state } of this.#figured()) gauge.set({ source: row.name }, state === 'silent' ? 1 : 0);
      },
    );
    createGauge(
      metrics,
      'fangpin_source_last_heard_seconds',
      'Seconds since a source was heard',
      ['source'],
      (gauge) => {
        const now = this.clock.now().getTime();
        for (const { row } of this.#figured())
          if (row.last_heard_at !== null)
            gauge.set({ source: row.name }, Math.max(0, (now - row.last_heard_at.getTime()) / 1_000));
      },
    );
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Judges all sources at a moment. Of several instances the one that writes a change also says it. */
  async sweep(at: Date = this.clock.now()): Promise<readonly SourceStanding[]> {
    await this.sources.flush();
    const { seen, changed } = await this.database.transaction(cellScope('job:sources'), async (tx) => {
      const judged = await this.standings.at(tx, at);
      const news: SourceStanding[] = [];
      for (const standing of judged) {
        const { row, silentSince } = standing;
        if ((row.silent_since === null) === (silentSince === null)) continue;
        const mine = await tx.execute(
          `UPDATE sources SET silent_since = $2 WHERE source_id = $1 AND (silent_since IS NULL) = ($2::timestamptz IS NOT NULL)`,
          [row.source_id, silentSince],
        );
        if (mine > 0) news.push(standing);
      }
      return { seen: judged, changed: news };
    });
    this.#seen = seen;
    for (const { row, silentSince, silentAfterMinutes, state } of changed)
      this.log.warn(
        {
          source: row.name,
          channel: row.channel,
          lastHeardAt: row.last_heard_at,
          silentSince,
          silentAfterMinutes,
          state,
        },
        silentSince === null ? 'a source is no longer silent' : 'a source is silent beyond its habit',
      );
    return seen;
  }

  /** Figures are open to whoever reaches the port: sources that the operator named, and machines, but no person's account. */
  #figured(): readonly SourceStanding[] {
    return this.#seen.filter(({ expected, state }) => expected && state !== 'off');
  }
}
