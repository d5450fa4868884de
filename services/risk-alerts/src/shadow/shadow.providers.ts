/** What shadow runs are made of; named by the app module. Without a folder they only answer reads. */
import type { Provider } from '@nestjs/common';
import { JudgeShocks } from './judge-shocks.js';
import { OnlyShadow } from './only-shadow.js';
import { ReadShadowRuns } from './read-shadow-runs.js';
import { RunShadow } from './run-shadow.js';
import { SHADOW_OVERLAY, ShadowPolicy } from './shadow-policy.js';
import { shadowPool } from './shadow-pool.js';
import { ShadowWorker } from './shadow-worker.js';

export function shadowProviders(overlay: string | undefined): Provider[] {
  const reading: Provider[] = [
    { provide: SHADOW_OVERLAY, useValue: overlay },
    ShadowPolicy,
    ReadShadowRuns,
    OnlyShadow,
  ];
  return overlay === undefined ? reading : [...reading, shadowPool, RunShadow, JudgeShocks, ShadowWorker];
}
