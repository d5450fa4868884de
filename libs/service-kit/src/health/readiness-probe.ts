import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';

export const READINESS_METADATA = 'fangpin:readiness-probe';

export interface ProbeResult {
  readonly status: 'up' | 'down' | 'degraded';
  readonly [detail: string]: unknown;
}

/** Something that must be well for the process to take requests. `degraded` is told but does not take it out of service. */
export interface ReadinessProbe {
  /** One result by part; a rejection counts as down. Must come back within a few seconds. */
  probe(): Promise<Readonly<Record<string, ProbeResult>>>;
}

/** Class decorator: makes an injectable {@link ReadinessProbe} part of `GET /health/ready`. */
export function ReadinessCheck(): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(READINESS_METADATA, true));
}
