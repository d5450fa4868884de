import type { ServiceAppOptions } from '@fangpin/service-kit';
import type { Clock } from '@fangpin/domain-kit';
import { sheetTypes } from './batches/batches.controller.js';
import { AppModule } from './app.module.js';
import type { IntakeEnv } from './env.js';

/** A hundred thousand rows of usual length; the gateway passes on no more. */
const SHEET_LIMIT_BYTES = 16 * 1_048_576;

/** The one way this service is put together, for its process and for its tests (which turn the clock). */
export function serviceOptions(env: IntakeEnv, clock?: Clock): ServiceAppOptions {
  return {
    service: 'intake',
    title: '部门线索接收 Intake',
    description:
      'What departments find, singly and in batches: checked, matched to households by keyed hashes, said on the bus.',
    module: AppModule.forRoot(env, clock),
    env,
    streamedBodies: Object.keys(sheetTypes),
    bodyLimitBytes: SHEET_LIMIT_BYTES,
  };
}
