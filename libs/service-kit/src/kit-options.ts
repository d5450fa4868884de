import type { ServiceName } from '@fangpin/contracts';
import type { DataSourceSettings } from '@fangpin/persistence';
import type { BaseEnv, CoreEnv } from './env/base-env.js';

export type ProcessName = ServiceName | 'gateway';

interface CommonOptions {
  /** TypeORM entities of the service; the schema comes from SQL migrations, never from them. */
  readonly entities?: DataSourceSettings['entities'];
  /** Whether /metrics is open to whoever reaches the port (the default), or only to operators and auditors. */
  readonly openMetrics?: boolean;
}

/** A process with a database. Without `bus` there is no outbox and no consumer either (for tests of reads alone). */
export interface ServiceOptions extends CommonOptions {
  readonly service: ServiceName;
  readonly env: BaseEnv;
  readonly database?: true;
  readonly bus?: boolean;
}

/** A process that keeps nothing: the gateway, or a test of HTTP alone. */
export interface EdgeOptions extends CommonOptions {
  readonly service: ProcessName;
  readonly env: CoreEnv;
  readonly database: false;
  readonly bus: false;
}

export type KitOptions = ServiceOptions | EdgeOptions;
