import { eventually } from '@fangpin/testing';
import { describe, expect, it } from '@jest/globals';
import { ledgerFaults, type FanOut } from '../../scripts/lib/client/fan-out.ts';
import { hailOn, recall, strike } from './shocks.ts';
import { halfway, withSlowWrites } from './slow-writes.ts';
import { COUNTY, type World } from './world.ts';

interface LiveLedger extends FanOut {
  readonly townshipsAre: 'all' | 'changed';
}

interface LedgerEvent {
  readonly event: string;
  readonly id: string;
  readonly data: LiveLedger;
}

export function liveLedger(world: () => World): void {
  describe('the ledger of a shock, live through the gateway', () => {
    async function listen(role: string, region: string, shockId: string, lastEventId = ''): Promise<Response> {
      const token = await world().stack.token({ role, region });
      return fetch(`${world().stack.gateway}/v1/shocks/${shockId}/fan-out/events`, {
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'text/event-stream',
          ...(lastEventId !== '' && { 'last-event-id': lastEventId }),
        },
        signal: AbortSignal.timeout(60_000),
      });
    }

    it('tells the figures while they grow, then the settled ones, and ends', async () => {
      let shockId = '';
      let events: LedgerEvent[] = [];
      await withSlowWrites(world(), { service: 'risk-alerts', table: 'alerts', seconds: 0.3 }, async (speedUp) => {
        shockId = await strike(world());
        await halfway(world(), shockId);
        const answer = await listen('county-officer', COUNTY, shockId);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-type')).toContain('text/event-stream');
        const told = eventsOf(answer);
        const first = await told.next();
        // What is written is told while the rest still runs: nothing on the way gathers the answer.
        await speedUp();
        events = first.done === true ? [] : [first.value, ...(await all(told))];
      });
      const { data: begun } = events[0] as LedgerEvent;
      expect(begun).toMatchObject({ shockId, state: 'running', townshipsAre: 'all' });
      expect(events.slice(0, -1).map(({ event }) => event)).toEqual(Array(events.length - 1).fill('ledger'));
      const { event, id, data: settled } = events.at(-1) as LedgerEvent;
      expect([event, settled.state, settled.townshipsAre]).toEqual(['settled', 'done', 'all']);
      expect(ledgerFaults(settled)).toEqual([]);
      expect(settled.alerted).toBeGreaterThan(begun.alerted);
      const { asOf: _, ...figures } = await world().operator.get<FanOut & { asOf: string }>(
        `/v1/shocks/${shockId}/fan-out`,
      );
      expect(settled).toMatchObject(figures);
      // Who comes again and says that it has heard the end is told that there is no more.
      expect((await listen('county-officer', COUNTY, shockId, id)).status).toBe(204);
      await recall(world(), shockId);
    }, 120_000);

    it('tells a township of its own households only', async () => {
      const township = `${COUNTY}101`;
      const shockId = await strike(world(), hailOn(COUNTY));
      const answer = await eventually(async () => {
        const response = await listen('township-caseworker', township, shockId);
        expect(response.status).toBe(200);
        return response;
      });
      const events = await all(eventsOf(answer));
      const { event, data } = events.at(-1) as LedgerEvent;
      expect(event).toBe('settled');
      expect(data.townships.map(({ region }) => region)).toEqual([township]);
      expect(data.exposed).toBe(data.townships[0]?.exposed);
      const whole = await world().follow(shockId);
      expect(data.exposed).toBe(whole.townships.find(({ region }) => region === township)?.exposed);
      await recall(world(), shockId);
    }, 120_000);
  });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

/** The events of a stream as they arrive; comments and the retry line are no events. */
async function* eventsOf(answer: Response): AsyncGenerator<LedgerEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
      );
      const data = fields.get('data');
      if (data === undefined) continue;
      yield { event: fields.get('event') ?? '', id: fields.get('id') ?? '', data: JSON.parse(data) as LiveLedger };
    }
  }
}
