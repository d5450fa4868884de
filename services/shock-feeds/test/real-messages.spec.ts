import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithSharedData } from '@fangpin/testing';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { malformed, messages, type CapFile, type Expected } from './cap-outcomes.js';
import { startShockApp, type Answer, type ShockApp } from './shock-app.js';

/** As the table has them: codes of a 202, fields of a 400. */
function seen({ status, body }: Answer): Expected {
  if (status !== 202) {
    const errors = (body['errors'] ?? []) as { field: string }[];
    return { status: status as 400, problems: errors.map(({ field }) => field) };
  }
  const { outcome, lane, problems } = body as Pick<Expected, 'outcome' | 'lane'> & { problems: { code: string }[] };
  return { status, outcome, lane, problems: problems.map(({ code }) => code) } as Expected;
}

/** `sent` of the message, as the replay time of its own day. */
function ownTime(bytes: Buffer): string {
  const [, sent = ''] = /<(?:\w+:)?(?:sent|sendTime)>([^<]+)</.exec(bytes.toString('latin1')) ?? [];
  return sent.trim().replace(' ', 'T');
}

describeWithSharedData('every real message', (dataDir) => {
  const folder = (name: string): string => path.join(dataDir, 'cap', name);
  const bytesOf = (name: string, file: string): Buffer => readFileSync(path.join(folder(name), file));
  const tables = { messages, malformed };

  it.each(Object.entries(tables))('of the folder %s has its line in the table', (name, table) => {
    expect(readdirSync(folder(name)).sort()).toEqual(Object.keys(table).sort());
  });

  const columns: [string, keyof typeof tables, (file: CapFile, bytes: Buffer) => [Expected, string?]][] = [
    ['posted today', 'messages', ({ today }) => [today]],
    ['posted at its own time', 'messages', ({ today, then }, bytes) => [then ?? today, ownTime(bytes)]],
    ['that is malformed, posted today', 'malformed', ({ today }) => [today]],
  ];
  describe.each(columns)('%s', (_, name, column) => {
    let service: ShockApp;
    const accepted: unknown[] = [];
    beforeAll(async () => {
      service = await startShockApp();
    });
    afterAll(() => service.close());

    it.each(Object.keys(tables[name]).sort())('%s is answered as the table says, then as a duplicate', async (file) => {
      const bytes = bytesOf(name, file);
      const [expected, asOf] = column(tables[name][file] as CapFile, bytes);
      const call = asOf === undefined ? {} : { asOf };
      const first = await service.cap(bytes, call);
      expect(seen(first)).toEqual(expected);
      if (first.body['outcome'] === 'accepted') accepted.push(first.body['shockId']);
      const second = await service.cap(bytes, { ...call, type: 'text/xml' });
      expect(second).toMatchObject(
        expected.status === 400
          ? { status: 400 }
          : { status: 202, body: { outcome: 'duplicate', shockId: first.body['shockId'] } },
      );
    });

    it('is published where it was accepted, and nowhere else', async () => {
      expect((await service.events()).map(({ shockId }) => shockId)).toEqual(accepted);
    });

    it('is refused when it is cut short', async () => {
      for (const file of Object.keys(tables[name])) {
        const bytes = bytesOf(name, file);
        const answer = await service.cap(bytes.subarray(0, Math.floor(bytes.length * 0.7)));
        expect({ file, status: answer.status }).toEqual({ file, status: 400 });
      }
    });
  });
});
