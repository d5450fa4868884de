/** The policy that runs beside the live one without telling anyone: the live data with the folder FANGPIN_POLICY_SHADOW over them. */
import { cellScope, Database } from '@fangpin/persistence';
import { loadPolicy, type PolicySet } from '@fangpin/policy';
import { ENV, LOGGER, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';

export const SHADOW_OVERLAY = Symbol('SHADOW_OVERLAY');

@Injectable()
export class ShadowPolicy implements OnModuleInit {
  /** Undefined where none is set, or where it is the live one again (it was rolled out). */
  readonly policy: PolicySet | undefined;

  constructor(
    live: PolicyVersions,
    private readonly database: Database,
    @Inject(SHADOW_OVERLAY) overlay: string | undefined,
    @Inject(ENV) env: BaseEnv,
    @Inject(LOGGER) log: Logger,
  ) {
    if (overlay === undefined) return;
    const below = env.policyOverlay === undefined ? [] : [env.policyOverlay];
    const policy = loadPolicy({ overlayDirs: [...below, overlay] });
    if (policy.version === live.current.version) log.warn('the shadow policy is the live one: it does not run');
    else this.policy = policy;
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
