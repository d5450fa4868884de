import { readBaseEnv, type BaseEnv } from '@fangpin/service-kit';

const DEFAULT_PORT = 3103;

/** This service's variables; the only reader of the process's environment here. Throws naming every bad one. */
export function readEnv(): BaseEnv {
  return readBaseEnv(process.env, { port: DEFAULT_PORT });
}
