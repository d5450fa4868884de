import { describe, expect, it } from '@jest/globals';
import { missingProgramMessage } from './debian-packages.ts';
import { serverProperties } from './kafka.ts';
import { javaMajor } from './kafka-jars.ts';
import { accountIn, choosePlaces } from './postgres-places.ts';

describe('where PostgreSQL runs', () => {
  it('is the clone when the database’s user can enter it', () => {
    expect(choosePlaces({ canRunBinaries: true, canEnterData: true })).toEqual({ binaries: 'package', data: 'given' });
  });

  it('is the temporary folder, for data and programs alike, when the clone is closed to that user', () => {
    expect(choosePlaces({ canRunBinaries: false, canEnterData: false })).toEqual({ binaries: 'temp', data: 'temp' });
  });

  it('keeps data in an open folder even when only the programs have to be copied', () => {
    expect(choosePlaces({ canRunBinaries: false, canEnterData: true })).toEqual({ binaries: 'temp', data: 'given' });
  });

  it('finds the user by its whole name', () => {
    const passwd = 'root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:8::/:/bin/sh\npostgres:x:101:104:,,,:/var:/bin/sh\n';
    expect(accountIn(passwd, 'postgres')).toEqual({ uid: 101, gid: 104 });
    expect(accountIn(passwd, 'fangpin')).toBeUndefined();
  });
});

describe('Kafka', () => {
  it('is one node that listens on 127.0.0.1 only, makes no topic by itself and does not wait to rebalance', () => {
    const lines = serverProperties('/data', { broker: 1111, controller: 2222 }).trimEnd().split('\n');
    expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:1111,CONTROLLER://127.0.0.1:2222');
    expect(lines).toContain('auto.create.topics.enable=false');
    expect(lines).toContain('group.initial.rebalance.delay.ms=0');
    expect(lines).toContain('offsets.topic.replication.factor=1');
  });

  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_402"', 1],
    ['sh: java: not found', 0],
  ])('reads the Java release of %s', (text, major) => {
    expect(javaMajor(text)).toBe(major);
  });
});

describe('a missing program', () => {
  it('is named with the package that brings it and the variable that makes it needless', () => {
    const message = missingProgramMessage('redis-server', ['redis-server'], 'REDIS_URL');
    expect(message).toContain('apt-get install redis-server');
    expect(message).toContain('REDIS_URL');
  });
});
