/** Connections of shadow runs alone: one that holds the run and stores its counts, one that reads. */
import { createDataSource, Database } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Injectable, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { ReadingPool } from '../simulations/reading-pool.js';

/** A shadow run that takes longer is of more households than this is made for. */
const STATEMENT_SECONDS = 1_800;

@Injectable()
export class ShadowPool implements OnApplicationShutdown {
  constructor(
    readonly writing: Database,
    readonly reading: ReadingPool,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.writing.close();
    await this.reading.close();
  }
}

export const shadowPool: Provider = {
  provide: ShadowPool,
  // The service's own database is asked for first: it waits for a server that is still starting.
  inject: [ENV, Database],
  useFactory: async (env: BaseEnv) => {
    const source = createDataSource({ url: env.databaseUrl, applicationName: 'risk-alerts-shadow', poolSize: 1 });
    const settings = { name: 'risk-alerts-shadow-reads', connections: 1, statementSeconds: STATEMENT_SECONDS };
    return new ShadowPool(
      new Database(await source.initialize()),
      await ReadingPool.open({ url: env.databaseUrl, ...settings }),
    );
  },
};
