import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { letGoAfter } from './let-go.js';
import { Listeners, NoLongerTold, TooManyListeners, TooManyOfAccount } from './listeners.js';
import { Turns } from './turns.js';

const settings = {
  listeners: 3,
  listenersPerAccount: 2,
  listenSeconds: 600,
  stuckAfterAttempts: 5,
  stuckAfterSeconds: 300,
};

describe('listeners of live ledgers', () => {
  it('are as many as may be, and of one account no more than its part', () => {
    const listeners = new Listeners(settings);
    const own = [listeners.enter('a'), listeners.enter('a')];
    expect(() => listeners.enter('a')).toThrow(TooManyOfAccount);
    listeners.enter('b');
    expect(() => listeners.enter('c')).toThrow(TooManyListeners);
    own[0]?.leave();
    expect(own.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    listeners.enter('c');
  });

  it('are sent away when their time is over', async () => {
    const { signal } = new Listeners({ ...settings, listenSeconds: 0 }).enter('a');
    if (!signal.aborted) await once(signal, 'abort');
    expect(signal.aborted).toBe(true);
  });

  it('are sent away when the service stops, and not let in again while it does', () => {
    const listeners = new Listeners(settings);
    const { signal } = listeners.enter('a');
    listeners.beforeApplicationShutdown();
    expect(signal.aborted).toBe(true);
    expect(() => listeners.enter('a')).toThrow(NoLongerTold);
  });

  it('are cut off when they take nothing in', async () => {
    const leaving = new AbortController();
    const server = createServer((_, response) => {
      letGoAfter(leaving.signal, response, 1);
      response.once('close', () => server.emit('let-go'));
      response.end('x'.repeat(64 * 1_048_576));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    client.pause().write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(server, 'request');
    const letGo = once(server, 'let-go');
    leaving.abort();
    await letGo;
    client.destroy();
    server.close();
  });
});

describe('turns', () => {
  it('let so many work at once, all of them in the end, and go on after one that fails', async () => {
    const turns = new Turns(2);
    let working = 0;
    let most = 0;
    const done: number[] = [];
    const results = await Promise.allSettled(
      [0, 1, 2, 3, 4, 5].map((n) =>
        turns.take(async () => {
          most = Math.max(most, (working += 1));
          await sleep(1);
          working -= 1;
          if (n === 1) throw new Error('this one fails');
          done.push(n);
        }),
      ),
    );
    expect(most).toBe(2);
    expect(done.sort()).toEqual([0, 2, 3, 4, 5]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });
});
