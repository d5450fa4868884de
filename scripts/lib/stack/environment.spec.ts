import { describe, expect, it } from '@jest/globals';
import { environmentOf, launchKeyOf, urlVariable, type EnvironmentFacts } from './environment.ts';
import { serviceNames, upServicePorts } from './services.ts';

function theFacts(change: Partial<EnvironmentFacts> = {}): EnvironmentFacts {
  return {
    service: 'risk-alerts',
    port: 3104,
    database: { appUrl: 'postgresql://risk_alerts_app@db/x', writerUrl: 'postgresql://risk_alerts_writer@db/x' },
    kafkaBrokers: 'kafka:9092',
    redisUrl: 'redis://cache',
    jwksFile: '/keys/jwks.json',
    identityKey: 'ab'.repeat(32),
    serviceUrls: { 'risk-alerts': 'http://127.0.0.1:3104', gateway: 'http://127.0.0.1:3100' },
    inherited: {},
    ...change,
  };
}

describe('the environment of a service', () => {
  it('never holds the caller’s own database, nor what belongs to the tests or to npm', () => {
    const inherited = {
      DATABASE_URL: 'postgresql://postgres:secret@db/postgres',
      FANGPIN_TEST_DATABASE_URL: 'postgresql://test',
      npm_config_token: 'secret',
      FANGPIN_POLICY_SET: 'demo',
      PATH: '/bin',
    };
    const environment = environmentOf(theFacts({ inherited }));
    expect(environment['DATABASE_URL']).toBe('postgresql://risk_alerts_app@db/x');
    expect(Object.values(environment).join()).not.toContain('secret');
    expect(environment).not.toHaveProperty('FANGPIN_TEST_DATABASE_URL');
    expect(environment).toMatchObject({ FANGPIN_POLICY_SET: 'demo', PATH: '/bin', FANGPIN_CELL_REGION: '00' });
    expect(environmentOf(theFacts({ service: 'gateway', database: undefined, inherited }))).not.toHaveProperty(
      'DATABASE_URL',
    );
  });

  it('holds the key to identities only where people are matched, and the caller’s own before a made one', () => {
    const key = (service: EnvironmentFacts['service'], inherited: NodeJS.ProcessEnv = {}): string | undefined =>
      environmentOf(theFacts({ service, inherited }))['FANGPIN_IDENTITY_KEY'];
    expect(key('intake')).toBe('ab'.repeat(32));
    expect(key('household-registry', { FANGPIN_IDENTITY_KEY: 'own' })).toBe('own');
    expect(key('risk-alerts', { FANGPIN_IDENTITY_KEY: 'own' })).toBeUndefined();
  });

  it('has the bulk writer’s role only where a service writes in bulk', () => {
    expect(environmentOf(theFacts())).toHaveProperty('WRITER_DATABASE_URL');
    expect(environmentOf(theFacts({ service: 'shock-feeds' }))).not.toHaveProperty('WRITER_DATABASE_URL');
  });

  it('tells the gateway, and nobody else, where the services are', () => {
    const gateway = environmentOf(theFacts({ service: 'gateway', database: undefined }));
    expect(gateway['RISK_ALERTS_URL']).toBe('http://127.0.0.1:3104');
    expect(gateway).not.toHaveProperty('GATEWAY_URL');
    expect(environmentOf(theFacts())).not.toHaveProperty('RISK_ALERTS_URL');
  });

  it('lets a caller add variables of its own', () => {
    expect(environmentOf(theFacts({ extra: { LOG_LEVEL: 'debug' } }))['LOG_LEVEL']).toBe('debug');
  });
});

describe('what a process was launched with', () => {
  const environment = { PATH: '/bin', PORT: '3104', LOG_LEVEL: 'info' };

  it('is the same from another shell', () => {
    const elsewhere = { LOG_LEVEL: 'info', PORT: '3104', PATH: '/usr/bin', HOME: '/home/officer' };
    expect(launchKeyOf(elsewhere, 'build')).toBe(launchKeyOf(environment, 'build'));
  });

  it('differs with a setting, with the code and with the policy that it has read', () => {
    expect(launchKeyOf({ ...environment, LOG_LEVEL: 'debug' }, 'build')).not.toBe(launchKeyOf(environment, 'build'));
    expect(launchKeyOf(environment, 'next build')).not.toBe(launchKeyOf(environment, 'build'));
    expect(launchKeyOf(environment, 'build', 'next policy')).not.toBe(launchKeyOf(environment, 'build', 'policy'));
  });
});

describe('the services of a stack', () => {
  it('have a port each, and names of variables that follow from theirs', () => {
    expect(new Set(serviceNames.map((name) => upServicePorts[name])).size).toBe(serviceNames.length);
    expect(urlVariable('household-registry')).toBe('HOUSEHOLD_REGISTRY_URL');
  });
});
