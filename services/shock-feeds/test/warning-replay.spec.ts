/** The 5,975 real county warnings of July 2026 through the HTTP endpoint; docs/warnings-of-july-2026.md tells the figures. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithSharedData } from '@fangpin/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  inOtherOrder,
  listsOf,
  lostRows,
  rawLists,
  seededRandom,
  shuffled,
  sizeOf,
  stateOf,
  warningRows,
  type WarningList,
} from './july-2026.js';
import { killableService } from './killed-service.js';
import { startShockApp, type ShockApp } from './shock-app.js';

const PATH = '/v1/shocks/warning-snapshots';
const SEED = 20_260_718;
const KILLS = 6;
const LAST = '2026-08-03T22:49:21Z';

interface Counts {
  readonly new: number;
  readonly kept: number;
  readonly replaced: number;
  readonly ended: number;
}

describeWithSharedData('the county warnings of Yunnan and Guizhou, July 2026', (dataDir) => {
  const rows = warningRows(dataDir);
  const lists = listsOf(rows);
  let service: ShockApp;
  let digest = '';

  beforeAll(async () => {
    service = await startShockApp();
  }, 120_000);
  afterAll(() => service.close());

  const post = async (feed: string, list: WarningList, query = ''): Promise<Counts & Record<string, unknown>> => {
    const { status, body } = await service.call('POST', `${PATH}?feed=${feed}${query}`, { body: list });
    expect({ updated: list.updated, status, body }).toMatchObject({ status: 202, body: { heldBack: false } });
    return body as unknown as Counts & Record<string, unknown>;
  };
  const totalOf = (counts: readonly Counts[]): Counts => ({
    new: counts.reduce((sum, count) => sum + count.new, 0),
    kept: counts.reduce((sum, count) => sum + count.kept, 0),
    replaced: counts.reduce((sum, count) => sum + count.replaced, 0),
    ended: counts.reduce((sum, count) => sum + count.ended, 0),
  });

  it('are 5,975 rows, and 294 lists with 36,436 members', () => {
    expect(rows).toHaveLength(5_975);
    expect(lists).toHaveLength(294);
    expect(lists.reduce((sum, list) => sum + sizeOf(list), 0)).toBe(36_436);
    expect(lists.at(-1)?.updated).toBe(LAST);
  });

  it('become 4,114 shocks that fold 1,861 reissues, each ended, none lost', async () => {
    const counts: Counts[] = [];
    for (const list of lists) counts.push(await post('july', list));
    // The one warning of the last list was still open at the end of the data.
    expect(totalOf(counts)).toEqual({ new: 4_114, kept: 30_461, replaced: 1_861, ended: 4_113 });
    const state = await stateOf(service.database, 'july', new Date());
    expect(state).toMatchObject({ shocks: 4_114, open: 0, openPastTheirEnd: 0, lifted: 1_278, expired: 2_836 });
    // One statement for each row, and one for each lift.
    expect(state.statements).toBe(5_975 + 1_278);
    digest = state.digest;
    expect(await lostRows(service.database, 'july', rows)).toEqual([]);
  }, 120_000);

  it('are all kept when they come a second time, and nothing changes', async () => {
    for (const list of lists)
      expect(await post('july', list)).toMatchObject({ new: 0, kept: sizeOf(list), replaced: 0, ended: 0 });
    const state = await stateOf(service.database, 'july', new Date());
    expect(state).toMatchObject({ statements: 5_975 + 1_278, digest });
  }, 120_000);

  it('end the same when all that was sent within a minute comes in another order, twice and at once', async () => {
    const random = seededRandom(SEED);
    const minutes = Map.groupBy([...lists, ...lists], ({ updated }) => updated.slice(0, 16));
    for (const sent of minutes.values())
      await Promise.all(shuffled(sent, random).map((list) => post('shuffled', inOtherOrder(list, random))));
    expect(await stateOf(service.database, 'shuffled', new Date())).toMatchObject({ shocks: 4_114, digest });
  }, 120_000);

  it('end the same under a replay time, but for the one that still runs', async () => {
    for (const list of lists) await post('rehearsal', list, `&asOf=${list.updated}`);
    const state = await stateOf(service.database, 'rehearsal', new Date(LAST));
    expect(state).toMatchObject({ shocks: 4_114, open: 1, openPastTheirEnd: 0, lifted: 1_278, expired: 2_835 });
    expect(await lostRows(service.database, 'rehearsal', rows)).toEqual([]);
  }, 120_000);

  it(`end the same when the service is killed ${KILLS} times at random points and the sender tries again`, async () => {
    const killable = await killableService();
    try {
      const random = seededRandom(SEED);
      const struck = new Set(shuffled([...lists.keys()], random).slice(0, KILLS));
      let lost = 0;
      await killable.start();
      for (const [i, list] of lists.entries()) {
        const send = () => killable.post(`${PATH}?feed=july`, list);
        if (struck.has(i)) {
          const first = send().catch(() => (lost += 1));
          await sleep(random() * 60);
          await killable.kill();
          await first;
          await killable.start();
        }
        expect(await send()).toMatchObject({ status: 202, body: { heldBack: false } });
      }
      expect(killable.lives).toBe(KILLS + 1);
      expect(lost).toBeGreaterThan(0);
      const state = await stateOf(killable.database, 'july', new Date());
      expect(state).toMatchObject({ shocks: 4_114, statements: 5_975 + 1_278, open: 0, digest });
      expect(await lostRows(killable.database, 'july', rows)).toEqual([]);
    } finally {
      await killable.close();
    }
  }, 180_000);

  describe('as the relay gave them on 17 and 18 July', () => {
    const raw = rawLists(dataDir);

    it('are taken whole: every member counted, the code that no list has named, what is odd kept', async () => {
      const counts: Counts[] = [];
      const named = new Map<string, Set<string>>();
      for (const [i, list] of raw.entries()) {
        const answer = await post('raw', list);
        counts.push(answer);
        expect(answer.new + answer.kept + answer.replaced).toBe(sizeOf(list));
        expect(answer.ended + answer.kept + answer.replaced).toBe(i === 0 ? 0 : sizeOf(raw[i - 1] as WarningList));
        for (const { code, text } of answer['problems'] as { code: string; text: string }[])
          named.set(code, (named.get(code) ?? new Set()).add(text));
      }
      expect(raw).toHaveLength(21);
      expect(totalOf(counts)).toEqual({ new: 612, kept: 3_116, replaced: 314, ended: 315 });
      expect([...named.keys()].sort()).toEqual(['SNAPSHOT.HISTORY', 'SNAPSHOT.UNKNOWN_CODE']);
      // 昆明阳宗海风景名胜区 bears a code of its own in the feed, which the division lists do not have.
      expect([...(named.get('SNAPSHOT.UNKNOWN_CODE') ?? [])]).toEqual(['未知的区划代码，仅作记录：530116']);
      const state = await stateOf(service.database, 'raw', new Date());
      expect(state).toMatchObject({ openPastTheirEnd: 0 });
    }, 120_000);
  });
});
