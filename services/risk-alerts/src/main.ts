import { runService } from '@fangpin/service-kit';
import { AppModule } from './app.module.js';
import { readEnv } from './env.js';

const env = readEnv();

await runService({
  service: 'risk-alerts',
  title: '防贫 risk-alerts',
  description: 'Exposure, loss models, alerts and the fan-out ledger: the only place that opens or closes a risk.',
  module: AppModule.forRoot(env),
  env,
});
