import 'reflect-metadata';
import { runService } from '@fangpin/service-kit';
import { AppModule, description } from './app.module.js';
import { readEnv } from './env.js';

const env = readEnv();
await runService({
  service: 'assistance-cases',
  title: '帮扶案件 Assistance cases',
  description,
  module: AppModule.forRoot(env),
  env,
});
