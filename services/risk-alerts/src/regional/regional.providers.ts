import type { Provider } from '@nestjs/common';
import { LookAtArea } from './look-at-area.js';
import { ReadRegionalAlerts } from './read-regional-alerts.js';
import { RegionalWorker } from './regional-worker.js';
import { REGIONAL_SETTINGS, type RegionalSettings } from './settings.js';

/** Early warning for areas: judging and reading. */
export function regionalProviders(settings: RegionalSettings): Provider[] {
  return [{ provide: REGIONAL_SETTINGS, useValue: settings }, LookAtArea, RegionalWorker, ReadRegionalAlerts];
}
