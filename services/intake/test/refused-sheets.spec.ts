/** Sheets that are refused while their sender is still writing, over real connections: the sender must get the answer. */
import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@fangpin/testing';
import { IntakeWorld } from './support/intake-world.js';

let world: IntakeWorld;
let base: string;
beforeAll(async () => {
  world = await IntakeWorld.start();
  await world.app.listen(0, '127.0.0.1');
  base = await world.app.getUrl();
});
afterAll(() => world.stop());

type Sent = string | ReadableStream<Uint8Array>;

async function send(
  body: Sent,
  type: string,
  department = 'health-insurance',
): Promise<{ status: number; code: unknown }> {
  const authorization = await world.tokens.bearer({
    role: 'department-client',
    region: '532327',
    department: 'health-insurance',
  });
  const answer = await fetch(`${base}/v1/departments/${department}/batches`, {
    method: 'POST',
    headers: { authorization, 'content-type': type },
    body,
    duplex: 'half',
  } as RequestInit);
  return { status: answer.status, code: ((await answer.json()) as { code?: unknown }).code };
}

/** The same bytes without a declared length. */
const chunked = (text: string): Sent => new Blob([text]).stream();
const LONG = '{"kind":"water"}\n'.repeat(900_000);

const HEADERS = 'idNumber,kind\n';
const UNREADABLE = { status: 400, code: 'BATCH.UNREADABLE' };

describe('a sheet that is refused in the middle', () => {
  it.each([
    ['CSV with another header', `name\n${LONG}`, 'text/csv'],
    ['CSV with a broken row', `${HEADERS},water\n"\n${LONG}`, 'text/csv'],
    ['NDJSON with a line without end', `${'x'.repeat(70_000)}\n${LONG}`, 'application/x-ndjson'],
    ['NDJSON in another character set', `\ufffd\n${LONG}`, 'application/x-ndjson; charset=us-ascii7'],
  ])('tells its sender why: %s', async (_, text, type) => {
    for (const body of [text, chunked(text)]) expect(await send(body, type)).toEqual(UNREADABLE);
    expect(await world.rows('SELECT 1 FROM batches')).toEqual([]);
    await allConnectionsClose();
  });

  it('tells its sender how many rows a sheet may have', async () => {
    expect(await send(LONG, 'application/x-ndjson')).toEqual({ status: 413, code: 'BATCH.TOO_MANY_ROWS' });
    await allConnectionsClose();
  });

  it('tells another department’s account at once', async () => {
    for (const body of [LONG, chunked(LONG)])
      expect(await send(body, 'application/x-ndjson', 'water')).toEqual({ status: 403, code: 'ACCESS.DEPARTMENT' });
    await allConnectionsClose();
  });
});

/** A request that was not read to its end would hold its connection for good. */
async function allConnectionsClose(): Promise<void> {
  const { server } = world.app.getHttpAdapter().getInstance() as unknown as { server: Server };
  await eventually(() => {
    server.closeIdleConnections();
    return new Promise<void>((resolve, reject) =>
      server.getConnections((error, left) => (left === 0 ? resolve() : reject(error ?? new Error(`${left} are open`)))),
    );
  });
}
