import { runService } from '@fangpin/service-kit';
import { AppModule } from './app.module.js';
import { readEnv } from './env.js';

const env = readEnv();
await runService({
  service: 'household-registry',
  title: '户籍登记 Household registry',
  description: 'Every rural household: where it is, who belongs to it, what it lives on.',
  module: AppModule.forRoot(env),
  env,
});
