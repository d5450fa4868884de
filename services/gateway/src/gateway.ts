import { LOGGER, type Logger, type ServiceAppOptions } from '@fangpin/service-kit';
import type { FastifyInstance } from 'fastify';
import { AppModule } from './app.module.js';
import type { GatewayEnv } from './env.js';
import { Doorkeeper } from './limits/doorkeeper.js';
import { serveDocs } from './openapi/serve-docs.js';
import { proxyPlugin } from './proxy/proxy.plugin.js';

/** What main and the specs start. */
export function gatewayOptions(env: GatewayEnv): ServiceAppOptions {
  return {
    service: 'gateway',
    title: '防贫 fangpin',
    description: 'One address for all services.',
    module: AppModule.with(env),
    env,
    openApi: false,
    configure: async (app) => {
      const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
      const { serviceUrls, bodyLimitBytes } = env;
      const doorkeeper = app.get(Doorkeeper);
      await server.register(proxyPlugin({ serviceUrls, bodyLimitBytes, doorkeeper, log: app.get<Logger>(LOGGER) }));
      serveDocs(app);
    },
  };
}
