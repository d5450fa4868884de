/** The only reader of this service's environment. */
import { baseEnvFrom, EnvReader, identityKeyFrom, type BaseEnv, type IdentityKey } from '@fangpin/service-kit';

export interface IntakeEnv extends BaseEnv {
  /** FANGPIN_IDENTITY_KEY: the key under which ID numbers are hashed; the registry's. */
  readonly identityKey: IdentityKey;
}

const DEFAULT_PORT = 3106;

/** Reads the service's environment; throws once, naming every bad variable. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): IntakeEnv {
  const read = new EnvReader(source);
  const env: IntakeEnv = {
    ...baseEnvFrom(read, { port: DEFAULT_PORT }),
    identityKey: identityKeyFrom(read),
  };
  read.done();
  return env;
}
