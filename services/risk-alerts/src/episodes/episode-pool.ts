/** Connections of episodes alone: one holds the lead among instances, one does the work. */
import { createDataSource, Database } from '@fangpin/persistence';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { Injectable, type OnApplicationShutdown, type Provider } from '@nestjs/common';

@Injectable()
export class EpisodePool implements OnApplicationShutdown {
  constructor(readonly database: Database) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

export const episodePool: Provider = {
  provide: EpisodePool,
  // The service's own database is asked for first: it waits for a server that is still starting.
  inject: [ENV, Database],
  useFactory: async (env: BaseEnv) => {
    const source = createDataSource({ url: env.databaseUrl, applicationName: 'risk-alerts-episodes', poolSize: 2 });
    return new EpisodePool(new Database(await source.initialize()));
  },
};
