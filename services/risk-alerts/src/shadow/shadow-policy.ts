/**
 * The policy that runs beside the live one without telling anyone: the live data with the folder FANGPIN_POLICY_SHADOW over them. A trial must not
 * keep the live one from running: a folder with faults is off, and the list of shadow runs says why.
 */
import { basename } from 'node:path';
import { cellScope, Database } from '@fangpin/persistence';
import { InvalidPolicy, loadPolicy, type PolicySet } from '@fangpin/policy';
import { isListed } from '@fangpin/regions';
import { ENV, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';

export interface ShadowProblem {
  readonly code: 'SHADOW.UNUSABLE' | 'SHADOW.IS_LIVE';
  readonly text: string;
  /** Faults, for whoever mends the records. */
  readonly error: string | null;
}

const UNUSABLE = {
  code: 'SHADOW.UNUSABLE',
  text: '试行的政策记录有误或读不到，没有试行；现行政策照常运行。改正后重新启动风险预警服务即可',
} as const;
const IS_LIVE = { code: 'SHADOW.IS_LIVE', text: '试行的政策与现行政策相同（已经发布），不再另行试算' } as const;

export const SHADOW_OVERLAY = Symbol('SHADOW_OVERLAY');

@Injectable()
export class ShadowPolicy implements OnModuleInit {
  /** Undefined where none is set, or where it is the live one again (it was rolled out). */
  readonly policy: PolicySet | undefined;
  /** Why none runs although a folder is set. */
  readonly problems: readonly ShadowProblem[] = [];

  constructor(
    live: PolicyVersions,
    private readonly database: Database,
    @Inject(SHADOW_OVERLAY) overlay: string | undefined,
    @Inject(ENV) env: BaseEnv,
    @Inject(LOGGER) log: Logger,
  ) {
    if (overlay === undefined) return;
    const below = env.policyOverlay === undefined ? [] : [env.policyOverlay];
    const overlayDirs = [...below, overlay];
    try {
      const policy = loadPolicy({ overlayDirs, isPlace: isListed });
      if (policy.version !== live.current.version) this.policy = policy;
      else this.problems = [{ ...IS_LIVE, error: null }];
    } catch (error) {
      this.problems = [{ ...UNUSABLE, error: faultOf(error) }];
      log.error({ err: error }, 'the shadow policy cannot be loaded: it does not run, the live one does');
      return;
    }
    if (this.policy === undefined) log.warn('the shadow policy is the live one: it does not run');
  }

  /** Kept beside the live versions, so that a run can be read when the folder is gone; from now on it has shocks to judge. */
  async onModuleInit(): Promise<void> {
    const { policy } = this;
    if (policy === undefined) return;
    await this.database.transaction(cellScope('job:policy'), (tx) =>
      tx.execute('INSERT INTO policy_versions (version, records) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        policy.version,
        JSON.stringify(policy.records),
      ]),
    );
  }
}

/** Every fault with file and record; of a folder that cannot be read the system's own code. Files by name alone: where they lie is nobody's business. */
function faultOf(error: unknown): string {
  if (error instanceof InvalidPolicy)
    return error.problems
      .map(({ file, index, rule }) => `${basename(file)}${index === undefined ? '' : `[${index}]`}: ${rule}`)
      .join('; ');
  return `the folder cannot be read: ${(error as { code?: unknown }).code ?? 'unknown error'}`;
}
