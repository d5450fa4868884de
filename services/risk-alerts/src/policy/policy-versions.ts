/**
 * The policies of this service, by version: the one it was started with and, kept in its database, every one before. A
 * shock, an alert and an explanation name the version that they were judged by.
 */
import { DomainError } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { loadPolicy, PolicySet, type PolicyRecord } from '@fangpin/policy';
import { isListed } from '@fangpin/regions';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

export class PolicyVersionMissing extends DomainError {
  constructor(version: string, have: string) {
    super('POLICY.VERSION_MISSING', 'unavailable', `policy ${version} is not known here, which runs ${have}`, {
      version,
    });
  }
}

@Injectable()
export class PolicyVersions implements OnModuleInit {
  readonly current: PolicySet;
  private readonly known = new Map<string, PolicySet>();

  constructor(
    @Inject(ENV) env: BaseEnv,
    private readonly database: Database,
  ) {
    const overlayDirs = env.policyOverlay === undefined ? [] : [env.policyOverlay];
    this.current = loadPolicy({ overlayDirs, isPlace: isListed });
    this.known.set(this.current.version, this.current);
  }

  async onModuleInit(): Promise<void> {
    await this.database.transaction(cellScope('job:policy'), (tx) =>
      tx.execute('INSERT INTO policy_versions (version, records) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        this.current.version,
        JSON.stringify(this.current.records),
      ]),
    );
  }

  /** The set of that version. Refuses one never loaded here, as something that passes once it is rolled out. */
  async get(version: string): Promise<PolicySet> {
    const set = await this.find(version);
    if (set === undefined) throw new PolicyVersionMissing(version, this.current.version);
    return set;
  }

  /** The set of that version; undefined where no process of this service has loaded it yet. */
  async find(version: string): Promise<PolicySet | undefined> {
    const held = this.known.get(version);
    if (held !== undefined) return held;
    const [row] = await this.database.transaction(cellScope('job:policy'), (tx) =>
      tx.query<{ records: PolicyRecord[] }>('SELECT records FROM policy_versions WHERE version = $1', [version]),
    );
    if (row === undefined) return undefined;
    const set = new PolicySet(version, row.records);
    this.known.set(version, set);
    return set;
  }
}
