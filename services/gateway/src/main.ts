import { runService } from '@fangpin/service-kit';
import { readGatewayEnv } from './env.js';
import { gatewayOptions } from './gateway.js';

await runService(() => gatewayOptions(readGatewayEnv()));
