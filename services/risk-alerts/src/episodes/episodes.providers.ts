import type { Provider } from '@nestjs/common';
import { episodePool } from './episode-pool.js';
import { EpisodeWorker } from './episode-worker.js';
import { EpisodesController } from './episodes.controller.js';
import { FollowAlerts } from './follow-alerts.js';
import { FollowCases } from './follow-cases.js';
import { FollowChecks } from './follow-checks.js';
import { KeepBook } from './keep-book.js';
import { LetTimePass } from './let-time-pass.js';
import { PicturesController } from './pictures.controller.js';
import { ReadEpisodes } from './read-episodes.js';
import { ReadPicture } from './read-picture.js';
import { RecordTelling } from './record-telling.js';
import { EPISODE_SETTINGS, type EpisodeSettings } from './settings.js';

export const episodeControllers = [EpisodesController, PicturesController];

/** Risk episodes: following, telling and reading. */
export function episodeProviders(settings: EpisodeSettings): Provider[] {
  return [
    { provide: EPISODE_SETTINGS, useValue: settings },
    episodePool,
    FollowAlerts,
    FollowCases,
    FollowChecks,
    KeepBook,
    LetTimePass,
    EpisodeWorker,
    ReadEpisodes,
    ReadPicture,
    RecordTelling,
  ];
}
