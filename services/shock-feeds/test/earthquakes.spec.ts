import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Lane, ShockState } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import { isSpecialUnit, townshipsOf } from '@fangpin/regions';
import { describeWithSharedData } from '@fangpin/testing';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as quakes from './quakes.js';
import { codesOf, COUNTIES, minutes, onset, shockIdOf, yangbi, YANGBI } from './quakes.js';
import { startShockApp, type Answer, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

const post = (body: unknown, call: object = {}): Promise<Answer> => quakes.post(service, body, call);
const look = (shockId: string): Promise<Record<string, unknown>> => quakes.look(service, shockId);

describe('an earthquake', () => {
  it('is an observed shock in the alert lane, over the counties that it damages', async () => {
    const answer = await post(yangbi());
    expect(answer).toMatchObject({ status: 202, body: { outcome: 'accepted', lane: 'alert' } });
    expect(codesOf(answer)).toEqual(['QUAKE.COMPUTED']);
    const [event] = await service.eventsOf(shockIdOf(answer));
    expect(event).toMatchObject({
      kind: 'earthquake',
      level: 3,
      observed: true,
      lane: Lane.ALERT,
      state: ShockState.OPEN,
      judgedOn: '2021-05-21',
      expiresMs: 0n,
      intensityReported: false,
    });
    expect(event?.regions).toEqual(expect.arrayContaining(COUNTIES));
    expect(event?.intensity.find(({ region }) => region === YANGBI)?.intensity).toBe(8);
    expect(await look(shockIdOf(answer))).toMatchObject({ level: 'orange', intensity: { magnitude: 6.4, depthKm: 8 } });
  });

  it('sent again is a duplicate; sent three times at once it is one shock', async () => {
    const body = yangbi();
    const answers = await Promise.all([post(body), post(body), post(body, { type: 'application/geo+json' })]);
    expect(answers.map((answer) => answer.body['outcome']).sort()).toEqual(['accepted', 'duplicate', 'duplicate']);
    expect(new Set(answers.map(shockIdOf)).size).toBe(1);
    expect(await service.eventsOf(shockIdOf(answers[0] as Answer))).toHaveLength(1);
  });

  it('revised by its catalogue is revised; what was stated later counts, whatever comes first', async () => {
    const id = randomUUID();
    const first = await post(yangbi({ id, mag: 5.6, updated: minutes(5) }));
    const third = await post(yangbi({ id, mag: 6.4, updated: minutes(30) }));
    const second = await post(yangbi({ id, mag: 7, updated: minutes(20) }));
    expect(third).toMatchObject({ status: 202, body: { outcome: 'updated', shockId: shockIdOf(first) } });
    expect(second).toMatchObject({ status: 202, body: { shockId: shockIdOf(first) } });
    const state = await look(shockIdOf(first));
    expect(state).toMatchObject({ level: 'orange', intensity: { magnitude: 6.4 } });
    expect((state['revisions'] as { cause: string }[]).map(({ cause }) => cause)).toEqual(['accepted', 'escalated']);
  });

  it('deleted by its catalogue is called off, and stated anew it stands again', async () => {
    const id = randomUUID();
    const first = await post(yangbi({ id }));
    const deleted = { ...yangbi({ id, status: 'deleted', mag: null, updated: minutes(40) }), geometry: null };
    expect((await post(deleted)).body).toMatchObject({ shockId: shockIdOf(first), outcome: 'cancelled' });
    expect(await look(shockIdOf(first))).toMatchObject({ state: 'cancelled', endedBy: 'cancelled' });
    await post(yangbi({ id, updated: minutes(50) }));
    expect(await look(shockIdOf(first))).toMatchObject({ state: 'open' });
  });

  it('deleted before it came stays called off', async () => {
    const id = randomUUID();
    const deleted = await post(yangbi({ id, status: 'deleted', updated: minutes(40) }));
    expect(deleted.body).toMatchObject({ outcome: 'cancelled', lane: 'recorded' });
    expect((await post(yangbi({ id }))).body).toMatchObject({ shockId: shockIdOf(deleted), outcome: 'cancelled' });
    expect(await service.eventsOf(shockIdOf(deleted))).not.toContainEqual(
      expect.objectContaining({ state: ShockState.OPEN }),
    );
  });

  it('that turns out to be a blast is called off; a blast from the first is recorded', async () => {
    const id = randomUUID();
    const first = await post(yangbi({ id }));
    const blast = await post(yangbi({ id, type: 'quarry blast', updated: minutes(40) }));
    expect(blast.body).toMatchObject({ shockId: shockIdOf(first), outcome: 'cancelled' });
    const other = await post(yangbi({ type: 'explosion' }));
    expect(other.body).toMatchObject({ outcome: 'recorded', lane: 'recorded' });
    expect(codesOf(other)).toEqual(['QUAKE.NOT_EARTHQUAKE']);
    expect(await service.eventsOf(shockIdOf(other))).toEqual([]);
  });

  it('under another name of its catalogue is the same one; dropping a name does not call it off', async () => {
    const [us, at] = [`us${randomUUID()}`, `at${randomUUID()}`];
    const first = await post(yangbi({ id: at }));
    const second = await post(yangbi({ id: us, ids: `,${us},${at},`, updated: minutes(20) }));
    expect(second.body).toMatchObject({ shockId: shockIdOf(first), outcome: 'updated' });
    const dropped = await post(yangbi({ id: at, status: 'deleted', updated: minutes(30) }));
    expect(dropped.body).toMatchObject({ shockId: shockIdOf(first), outcome: 'recorded' });
    expect(await look(shockIdOf(first))).toMatchObject({ state: 'open' });
  });

  it('in two catalogues is one shock, until both have deleted it', async () => {
    const [cc, us] = [`cc${randomUUID()}`, `us${randomUUID()}`];
    const time = Date.parse('2022-09-05T12:52:18+08:00');
    const chinese = yangbi({ id: cc, time, updated: time + 600_000 });
    const american = yangbi({
      id: us,
      net: 'us',
      mag: 6.1,
      magType: 'mww',
      time: time + 4_000,
      updated: time + 900_000,
      coordinates: [100.01, 25.77, 9],
    });
    const answers = await Promise.all([post(chinese), post(american)]);
    expect(answers.map((answer) => answer.body['outcome']).sort()).toEqual(['accepted', 'updated']);
    const [shockId, ...others] = [...new Set(answers.map(shockIdOf))];
    expect(others).toEqual([]);
    const deleted = (id: string, net: string) =>
      yangbi({ id, net, time, status: 'deleted', updated: time + 1_800_000 });
    expect((await post(deleted(us, 'us'))).body).toMatchObject({ shockId, outcome: 'recorded' });
    expect(await look(String(shockId))).toMatchObject({ state: 'open' });
    expect((await post(deleted(cc, 'cc'))).body).toMatchObject({ shockId, outcome: 'cancelled' });
    expect(await look(String(shockId))).toMatchObject({ state: 'cancelled' });
  });

  it('and its aftershock are two shocks, in one catalogue or in two', async () => {
    const time = Date.parse('2022-09-06T12:00:00+08:00');
    const main = yangbi({ time, mag: 6.6, updated: time + 600_000 });
    const after = yangbi({ time: time + 20_000, mag: 6.2, updated: time + 600_000 });
    const late = yangbi({ time: time + 240_000, mag: 6.5, net: 'us', updated: time + 600_000 });
    const ids = [];
    for (const quake of [main, after, late]) ids.push(shockIdOf(await post(quake)));
    expect(new Set(ids).size).toBe(3);
  });

  it('abroad, or too weak to damage, is recorded and nobody is told', async () => {
    const abroad = await post(yangbi({ mag: 6.2, place: '菲律宾群岛地区', coordinates: [126.95, 7.45, 10] }));
    const weak = await post(yangbi({ mag: 4.3, coordinates: [104.236, 25.659, 6] }));
    expect([codesOf(abroad), codesOf(weak)]).toEqual([['QUAKE.NO_AREA_REACHED'], ['QUAKE.TOO_WEAK']]);
    for (const answer of [abroad, weak]) {
      expect(answer).toMatchObject({ status: 202, body: { outcome: 'recorded', lane: 'recorded' } });
      expect(await service.eventsOf(shockIdOf(answer))).toEqual([]);
    }
  });

  it('revised to be too weak gives its areas back, so that followers let go', async () => {
    const id = randomUUID();
    const first = await post(yangbi({ id }));
    const weak = await post(yangbi({ id, mag: 4.1, updated: minutes(60) }));
    expect(weak.body).toMatchObject({ shockId: shockIdOf(first), outcome: 'recorded' });
    expect((await service.eventsOf(shockIdOf(first))).at(-1)).toMatchObject({ regions: [], intensity: [], level: 0 });
  });

  it('in a collection is answered on its own; what cannot be read waits, and can be dropped', async () => {
    const id = randomUUID();
    const collection = {
      type: 'FeatureCollection',
      features: [yangbi({ id, updated: minutes(20) }), yangbi({ mag: null }), yangbi({ id })],
    };
    const answer = await post(collection);
    expect(answer.status).toBe(202);
    const alerts = answer.body['alerts'] as Record<string, unknown>[];
    expect(alerts.map(({ outcome }) => outcome)).toEqual(['accepted', 'quarantined', 'updated']);
    expect(alerts[2]?.['shockId']).toBe(alerts[0]?.['shockId']);
    expect(alerts[1]).toMatchObject({ problems: [{ code: 'QUAKE.UNREADABLE', text: expect.stringContaining('mag') }] });
    const again = (await post(collection)).body['alerts'] as Record<string, unknown>[];
    expect(again.map(({ outcome }) => outcome)).toEqual(['duplicate', 'duplicate', 'duplicate']);
    const release = await service.call('POST', `/v1/shocks/quarantine/${String(alerts[1]?.['quarantineId'])}/release`, {
      body: { drop: true },
    });
    expect(release.body).toMatchObject({ outcome: 'dropped' });
    expect((await post({ type: 'FeatureCollection', features: [] })).body).toEqual({ alerts: [] });
  });
});

describe('what is no earthquake', () => {
  it('is refused with every bad field named', async () => {
    const bad = {
      ...yangbi({ id: '', mag: '6.4', time: 'yesterday', place: 7, updated: Date.now() + 86_400_000 }),
      geometry: { type: 'Polygon', coordinates: [200, 25] },
    };
    const { status, body } = await post(bad);
    expect([status, body['code']]).toEqual([400, 'REQUEST.INVALID_FIELDS']);
    expect((body['errors'] as { field: string }[]).map(({ field }) => field)).toEqual([
      'id',
      'properties.mag',
      'properties.time',
      'properties.updated',
      'properties.place',
      'geometry.type',
      'geometry.coordinates',
    ]);
  });

  it('is refused as a whole where no feature of a collection can be read', async () => {
    const { status, body } = await post({ type: 'FeatureCollection', features: [7, { type: 'Feature' }] });
    expect([status, (body['errors'] as { field: string }[])[0]?.field]).toEqual([400, 'features[0]']);
  });

  it('is refused in another content type, and from who may not post', async () => {
    expect((await post('<alert/>', { type: 'application/xml' })).status).toBe(415);
    expect((await post(yangbi(), { as: { role: 'village-monitor' } })).status).toBe(403);
  });

  it('is never an error of ours, whatever the body', async () => {
    const texts = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.jsonValue());
    const feature = fc.record(
      {
        type: fc.oneof({ weight: 9, arbitrary: fc.constant('Feature') }, { weight: 1, arbitrary: texts }),
        id: fc.oneof(fc.uuid(), texts),
        properties: fc.record(
          {
            mag: fc.oneof(fc.double({ min: 3, max: 9, noNaN: true }), texts),
            magType: fc.oneof(fc.constantFrom('Ms', 'mww', 'mb', 'ml'), texts),
            place: texts,
            time: fc.oneof(fc.integer({ min: -30_000_000_000_000, max: onset }), texts),
            updated: fc.oneof(fc.integer({ min: 0, max: onset }), texts),
            status: fc.oneof(fc.constantFrom('automatic', 'reviewed', 'deleted'), texts),
            type: fc.oneof(fc.constantFrom('earthquake', 'quarry blast'), texts),
            ids: texts,
            net: texts,
          },
          { requiredKeys: ['mag', 'time'] },
        ),
        geometry: fc.oneof(
          fc.record({
            type: fc.constant('Point'),
            coordinates: fc.tuple(
              fc.double({ min: 97, max: 107, noNaN: true }),
              fc.double({ min: 21, max: 29, noNaN: true }),
              fc.oneof(fc.double({ min: -5, max: 700, noNaN: true }), texts),
            ),
          }),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: ['type', 'id', 'properties', 'geometry'] },
    );
    const bodies = fc.oneof(
      feature,
      fc.record({
        type: fc.constant('FeatureCollection'),
        features: fc.array(fc.oneof(feature, texts), { maxLength: 4 }),
      }),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const answer = await post(JSON.stringify(body), { type: 'application/json' });
        expect(answer.status).toBeLessThan(500);
        if (answer.status === 400) expect(answer.body['errors']).not.toHaveLength(0);
      }),
      { numRuns: 400 },
    );
  });
});

describe('townships whose positions are loaded', () => {
  it('are the areas in the place of their county, as soon as all of them are there', async () => {
    const townships = townshipsOf(parseRegionCode(YANGBI)).filter(({ code }) => !isSpecialUnit(code));
    // One in five lies at the epicentre, the others far off.
    const features = townships.map(({ code }, i) => ({
      type: 'Feature',
      id: code,
      geometry: { type: 'Point', coordinates: [i % 5 === 0 ? 99.87 : 98, 25.67] },
    }));
    const loaded = await service.call('PUT', '/v1/regions/boundaries', {
      body: { type: 'FeatureCollection', features },
    });
    expect(loaded.status).toBe(200);
    const state = await look(shockIdOf(await post(yangbi())));
    const own = (state['regions'] as string[]).filter((region) => region.startsWith(YANGBI));
    const near = townships.filter((_, i) => i % 5 === 0).map(({ code }) => code);
    expect(own.filter((region) => !isSpecialUnit(parseRegionCode(region)))).toEqual(near);
    expect(own).not.toContain(YANGBI);
  });
});

describeWithSharedData('significant earthquakes of south-west China', (dataDir) => {
  it('are all taken, none twice, each with an outcome', async () => {
    const [header = '', ...lines] = readFileSync(
      join(dataDir, 'earthquakes', 'noaa_significant_sw_china_to_2014.csv'),
      'utf8',
    )
      .trim()
      .split('\n');
    const names = header.split(',');
    // Locations hold commas only within quotes, after all the columns that are read here.
    const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? i, cell])));
    const features = rows.map((row) => {
      const tail = /,(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)(?:,[^,]*){5}$/.exec(lines[rows.indexOf(row)] ?? '');
      const part = (name: string, otherwise: number): number => Number(row[name] || otherwise);
      return {
        type: 'Feature',
        id: `noaa${row['noaa_id']}`,
        properties: {
          mag: row['magnitude'] === '' ? null : Number(row['magnitude']),
          time: Date.UTC(
            part('year', 0),
            part('month', 1) - 1,
            part('day', 1),
            part('hour_utc', 0),
            part('minute_utc', 0),
          ),
          type: 'earthquake',
        },
        geometry: {
          type: 'Point',
          coordinates: [
            Number(tail?.[2]),
            Number(tail?.[1]),
            ...(row['depth_km'] === '' ? [] : [Number(row['depth_km'])]),
          ],
        },
      };
    });
    const body = { type: 'FeatureCollection', features };
    const outcomes = async (): Promise<Record<string, number>> => {
      const alerts = (await post(body)).body['alerts'] as { readonly outcome: string }[];
      const counts: Record<string, number> = {};
      for (const { outcome } of alerts) counts[outcome] = (counts[outcome] ?? 0) + 1;
      return counts;
    };
    // Quarantined: no magnitude. Recorded: from before 1970, or with no known place in reach.
    expect(await outcomes()).toEqual({ accepted: 32, recorded: 142, quarantined: 4 });
    expect(await outcomes()).toEqual({ duplicate: features.length });
  });
});
