import { describe, expect, it } from '@jest/globals';
import { readBaseEnv } from './base-env.js';
import { EnvironmentInvalid } from './env-reader.js';

const usable = {
  DATABASE_URL: 'postgresql://app:secret@127.0.0.1/fangpin',
  KAFKA_BROKERS: '127.0.0.1:9092, 127.0.0.2:9092',
  FANGPIN_JWKS_FILE: '/keys/jwks.json',
};

function complaintsOf(source: NodeJS.ProcessEnv): readonly string[] {
  try {
    readBaseEnv(source);
  } catch (error) {
    if (error instanceof EnvironmentInvalid) return error.problems;
    throw error;
  }
  return [];
}

describe('the environment of a service', () => {
  it('needs a database, the bus and a way to check tokens; the rest has defaults', () => {
    expect(readBaseEnv(usable, { port: 3102 })).toEqual({
      port: 3102,
      host: '127.0.0.1',
      logLevel: 'info',
      databaseUrl: usable.DATABASE_URL,
      kafkaBrokers: ['127.0.0.1:9092', '127.0.0.2:9092'],
      jwksFile: '/keys/jwks.json',
      cellRegion: '00',
      topicPrefix: '',
    });
  });

  it('names everything that is missing at once', () => {
    expect(complaintsOf({})).toEqual([
      'FANGPIN_JWKS_FILE or OIDC_ISSUER must be set: without keys nobody can sign in',
      'DATABASE_URL must be set',
      'KAFKA_BROKERS must be set',
    ]);
  });

  it('names every bad variable and its rule, and does not repeat a secret', () => {
    const complaints = complaintsOf({
      ...usable,
      DATABASE_URL: 'mysql://app:secret@127.0.0.1/fangpin',
      PORT: '80x',
      LOG_LEVEL: 'loud',
      FANGPIN_CELL_REGION: '5323270',
      REDIS_URL: 'nonsense',
    });
    expect(complaints.map((complaint) => complaint.split(' ', 1)[0])).toEqual([
      'PORT',
      'REDIS_URL',
      'LOG_LEVEL',
      'DATABASE_URL',
      'FANGPIN_CELL_REGION',
    ]);
    expect(complaints.join()).not.toContain('secret');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readBaseEnv({ ...usable, PORT: '', REDIS_URL: ' ' })).toMatchObject({ port: 3000, redisUrl: undefined });
  });
});
