import 'reflect-metadata';
import { runService } from '@fangpin/service-kit';
import { AppModule } from './app.module.js';
import { readEnv } from './env.js';

const env = readEnv();
await runService({
  service: 'income-monitoring',
  title: 'income-monitoring',
  description:
    'Ledger of the four incomes and production costs of households, and the rolling twelve-month per-capita figure. Facts and figures; it opens no risk.',
  module: AppModule.forRoot(env),
  env,
});
