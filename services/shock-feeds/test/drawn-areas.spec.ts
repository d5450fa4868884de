import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithSharedData } from '@fangpin/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { capXml, startShockApp, type Answer, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

const codesOf = ({ body }: Answer): string[] => (body['problems'] as { code: string }[]).map(({ code }) => code);
const drawn = (shape: string, over: Parameters<typeof capXml>[0] = {}): string =>
  capXml({ geocode: '', ...over }).replace('</info>', `<area><areaDesc>x</areaDesc>${shape}</area></info>`);
const boundary = (id: string, lon: number, lat: number, side: number) => ({
  type: 'Feature',
  id,
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [lon, lat],
        [lon + side, lat],
        [lon + side, lat + side],
        [lon, lat + side],
        [lon, lat],
      ],
    ],
  },
});
const load = (body: unknown) => service.call('PUT', '/v1/regions/boundaries', { body });
const shockOf = async (xml: string) => {
  const again = await service.cap(xml);
  const { body } = await service.call('GET', `/v1/shocks/${String(again.body['shockId'])}`);
  return { again: again.body, shock: body };
};

describe('an area that is only drawn', () => {
  it('waits until boundaries come, and then goes out by itself', async () => {
    const inYongren = drawn('<polygon>26.0,101.5 26.2,101.5 26.2,101.7 26.0,101.7 26.0,101.5</polygon>');
    const elsewhere = drawn('<circle>44,126 5</circle>');
    for (const xml of [inYongren, elsewhere]) {
      const answer = await service.cap(xml);
      expect(answer).toMatchObject({ status: 202, body: { outcome: 'quarantined', shockId: null } });
      expect(codesOf(answer)).toContain('AREA.POLYGON_WITHOUT_BOUNDARIES');
    }
    expect((await load(boundary('532327000000', 101, 25.5, 1))).body).toMatchObject({ stored: 1, rejudged: 1 });
    const { again, shock } = await shockOf(inYongren);
    expect(again).toMatchObject({ outcome: 'duplicate', lane: 'notice' });
    expect(shock).toMatchObject({ state: 'open', regions: ['532327'] });
    expect(await service.eventsOf(String(again['shockId']))).toHaveLength(1);
    expect((await service.cap(elsewhere)).body).toMatchObject({ outcome: 'duplicate', shockId: null });
    expect((await load(boundary('532327000000', 101, 25.5, 1))).body).toMatchObject({ unchanged: 1, rejudged: 0 });
  });

  it('is placed at once where boundaries stand, with what was mended and left out', async () => {
    await load(boundary('532301', 101, 24, 1));
    const open = drawn('<polygon>24.2,101.2 24.2,101.5 24.4,101.5</polygon>');
    const answer = await service.cap(open);
    expect(answer.body).toMatchObject({ outcome: 'accepted', lane: 'notice' });
    expect(codesOf(answer)).toEqual(['AREA.RING_CLOSED', 'AREA.FROM_SHAPE']);
    expect((await shockOf(open)).shock).toMatchObject({ regions: ['532301'] });
    const both = await service.cap(
      capXml().replace('</areaDesc>', '</areaDesc><polygon>24.2,101.2 24.2,101.5 24.4,101.5 24.2,101.2</polygon>'),
    );
    const { body } = await service.call('GET', `/v1/shocks/${String(both.body['shockId'])}`);
    expect(body).toMatchObject({ regions: ['532327'] });
  });

  it('is judged again by the time at which boundaries come: what has run out is history', async () => {
    const soon = new Date(Date.now() + 1_000).toISOString().replace('Z', '+00:00');
    const xml = drawn('<circle>40.5,116.5 1</circle>', { expires: soon });
    expect((await service.cap(xml)).body).toMatchObject({ outcome: 'quarantined' });
    while (new Date(soon) > new Date()) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await load(boundary('110000', 116, 40, 1))).body).toMatchObject({ rejudged: 1 });
    const { again, shock } = await shockOf(xml);
    expect(again).toMatchObject({ lane: 'recorded' });
    expect(shock).toMatchObject({ regions: ['11'] });
    expect(await service.eventsOf(String(again['shockId']))).toEqual([]);
  });

  it('can still be given by an officer', async () => {
    const answer = await service.cap(drawn('<circle>44.5,126.5 5</circle>'));
    const released = await service.call(
      'POST',
      `/v1/shocks/quarantine/${String(answer.body['quarantineId'])}/release`,
      { body: { regions: ['220100'] } },
    );
    expect(released).toMatchObject({ status: 202, body: { outcome: 'accepted', lane: 'notice' } });
  });
});

describe('a Cancel or an all-clear', () => {
  const first = '2026-all-clear';
  it('that is only drawn ends what it refers to all the same', async () => {
    const alert = await service.cap(capXml({ identifier: first }));
    const over = drawn('<circle>44,126 5</circle>', { msgType: 'Update', references: first }).replace(
      '<urgency>',
      '<responseType>AllClear</responseType><urgency>',
    );
    const answer = await service.cap(over);
    expect(answer.body).toMatchObject({ shockId: alert.body['shockId'], outcome: 'updated' });
    expect(codesOf(answer)).toContain('CAP.LIFTED');
    const { body } = await service.call('GET', `/v1/shocks/${String(alert.body['shockId'])}`);
    expect(body).toMatchObject({ state: 'ended', regions: ['532327'] });
  });
});

describeWithSharedData('real boundaries', (dataDir) => {
  it('place a warning that is drawn over two counties in both', async () => {
    // From the south-west of 永仁 into 大姚, its neighbour.
    const xml = drawn('<polygon>25.95,101.25 26.15,101.25 26.15,101.6 25.95,101.6 25.95,101.25</polygon>');
    const other = await startShockApp();
    try {
      expect((await other.cap(xml)).body).toMatchObject({ outcome: 'quarantined' });
      const file = readFileSync(path.join(dataDir, 'boundaries', 'counties_yunnan_guizhou.geojson'), 'utf8');
      const put = await other.call('PUT', '/v1/regions/boundaries?source=test', {
        body: file,
        type: 'application/json',
      });
      expect(put.body).toMatchObject({ stored: 217, rejudged: 1 });
      const again = await other.cap(xml);
      const { body } = await other.call('GET', `/v1/shocks/${String(again.body['shockId'])}`);
      expect(body['regions']).toContain('532327');
      expect(body['regions']).toContain('532326');
    } finally {
      await other.close();
    }
  });
});
