import { runService } from '@fangpin/service-kit';
import { readEnv } from './env.js';
import { serviceOptions } from './service-options.js';

await runService(() => serviceOptions(readEnv()));
