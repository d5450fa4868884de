import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { testTokens } from '@fangpin/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Public } from '../src/index.js';
import { startApp } from './support/things.js';

// That the end comes within the time of a test is what is shown: Fastify keeps a connection for 72 s.
describe('a service that is told to stop', () => {
  let app: NestFastifyApplication;
  let port: number;
  let asked: PromiseWithResolvers<void>;
  let answer: PromiseWithResolvers<string>;

  beforeEach(async () => {
    asked = Promise.withResolvers();
    answer = Promise.withResolvers();
    @Public()
    @Controller('v1/slow')
    class SlowController {
      @Get()
      read(): Promise<string> {
        asked.resolve();
        return answer.promise;
      }
    }
    const { jwksFile } = await testTokens();
    app = await startApp({ port: 0, host: '127.0.0.1', jwksFile, logLevel: 'silent' }, [SlowController]);
    await app.listen(0, '127.0.0.1');
    port = Number(new URL(await app.getUrl()).port);
  });
  afterEach(() => app.close());

  async function connected() {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }
  const REQUEST = 'GET /v1/slow HTTP/1.1\r\nhost: x\r\n\r\n';

  it('waits for no connection over which nothing was asked yet', async () => {
    const silent = await connected();
    const ended = once(silent, 'close');
    // The server has accepted it for certain once it has answered one that came later.
    answer.resolve('done');
    await (await fetch(`http://127.0.0.1:${port}/v1/slow`)).text();
    await app.close();
    await ended;
  });

  it('gives the answer that is under way, and keeps its connection no longer', async () => {
    const client = await connected();
    client.write(REQUEST);
    await asked.promise;
    const all = text(client);
    const closed = app.close();
    setTimeout(() => answer.resolve('done'), 50);
    expect(await all).toMatch(/^HTTP\/1\.1 200 [^]*done/);
    await closed;
  });
});
