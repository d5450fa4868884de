import { baseEnvFrom, EnvReader, type BaseEnv } from '@fangpin/service-kit';

const DEFAULT_PORT = 3105;

/** This service's variables; the only reader of the process's environment here. Throws naming every bad one. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): BaseEnv {
  const read = new EnvReader(source);
  const env = baseEnvFrom(read, { port: DEFAULT_PORT });
  if (env.writerDatabaseUrl === undefined)
    read.complain('WRITER_DATABASE_URL', 'must be set: alerts are taken in under the writer role');
  read.done();
  return env;
}
