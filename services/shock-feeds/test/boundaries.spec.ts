import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithSharedData } from '@fangpin/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RegionPositions } from '../src/boundaries/region-positions.js';
import { startShockApp, type Call, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

const put = (body: unknown, call: Call = {}) => service.call('PUT', '/v1/regions/boundaries', { body, ...call });
const square = (id: unknown, lon: number, lat: number, side = 0.1) => ({
  type: 'Feature',
  id,
  properties: {},
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
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });

describe('boundaries', () => {
  it('are loaded for every level, and the same file again changes nothing', async () => {
    const file = collection(
      square('530381000000', 104, 26, 1),
      square(530381001, 104.1, 26.1),
      { ...square(null, 104.2, 26.2), properties: { adcode: '530381002000' } },
      { type: 'Feature', id: '530381003', geometry: { type: 'Point', coordinates: [104.55, 26.55, 1900] } },
    );
    expect(await put(file)).toMatchObject({
      status: 200,
      body: { features: 4, stored: 4, unchanged: 0, rejected: 0, errors: [], rejudged: 0 },
    });
    expect((await put(file, { type: 'application/geo+json', body: JSON.stringify(file) })).body).toMatchObject({
      stored: 0,
      unchanged: 4,
    });
    const positions = await service.app.get(RegionPositions).all();
    expect(positions.map(({ code }) => code)).toEqual(['530381', '530381001', '530381002', '530381003']);
    expect(positions[0]).toMatchObject({
      centroid: [expect.closeTo(104.5), expect.closeTo(26.5)],
      bbox: [104, 26, 105, 27],
      geometry: {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [104, 26],
              [105, 26],
              [105, 27],
              [104, 27],
              [104, 26],
            ],
          ],
        ],
      },
    });
    expect(positions[3]).toEqual({
      code: '530381003',
      centroid: [104.55, 26.55],
      bbox: [104.55, 26.55, 104.55, 26.55],
    });
    expect((await service.call('GET', '/v1/regions/boundaries?region=530381')).body).toMatchObject({
      region: '530381',
      levels: [
        { level: 'county', boundaries: 1, positionsOnly: 0, points: 5 },
        { level: 'township', boundaries: 2, positionsOnly: 1, points: 10 },
      ],
    });
  });

  it('that cannot be used are rejected by name, the others stored', async () => {
    const open = square('530302', 103, 25);
    open.geometry.coordinates[0]?.pop();
    const swapped = square('530303', 25, 103);
    const { status, body } = await put(
      collection(
        square('530304', 103, 25),
        open,
        swapped,
        square('999999', 1, 1),
        { ...square('530302', 1, 1), properties: { code: '530303' } },
        square('530304000000', 1, 1),
        { type: 'Feature', id: '530302', geometry: { type: 'LineString', coordinates: [] } },
        null,
      ),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ features: 8, stored: 1, unchanged: 0, rejected: 7 });
    expect(body['errors']).toEqual([
      { feature: 1, field: 'geometry.coordinates[0][0]', value: null, rule: expect.stringContaining('closed') },
      { feature: 2, field: 'geometry.coordinates[0][0][0]', value: null, rule: expect.stringContaining('latitude') },
      { feature: 3, field: 'id', value: '999999', rule: 'must be a known region' },
      { feature: 4, field: 'properties.code', value: '530303', rule: expect.stringContaining('same region as id') },
      { feature: 5, field: 'id', value: '530304', rule: expect.stringContaining('features[0]') },
      { feature: 6, field: 'geometry.type', value: 'LineString', rule: expect.any(String) },
      { feature: 7, field: '', value: null, rule: 'must be a GeoJSON Feature' },
    ]);
  });

  it('in a body of which nothing can be used are refused whole', async () => {
    for (const body of [{}, [], { type: 'Topology' }, collection(), collection(square('abc', 1, 1))])
      expect(await put(body)).toMatchObject({ status: 400, body: { code: 'BOUNDARIES.UNUSABLE' } });
    const twice = '{"type":"FeatureCollection","features":[],"type":"Feature"}';
    expect(await put(twice, { type: 'application/geo+json' })).toMatchObject({
      status: 400,
      body: { code: 'REQUEST.JSON_NAME_TWICE', errors: [{ field: 'type' }] },
    });
    expect(await put('{', { type: 'application/geo+json' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body' }] },
    });
    expect((await put('{')).status).toBe(400);
  });

  it('are loaded by operators, and by officers of a county for their own area', async () => {
    const officer = { role: 'county-officer', region: '532327' } as const;
    expect((await put(square('532327', 101, 26), { as: officer })).status).toBe(200);
    expect(await put(collection(square('532327', 101, 26), square('532328', 101, 25)), { as: officer })).toMatchObject({
      status: 403,
      body: { code: 'SCOPE.OUTSIDE', region: '532328' },
    });
    expect(
      (await put(square('532327', 101, 26), { as: { role: 'department-client', department: 'water' } })).status,
    ).toBe(403);
  });

  it('may hold a region of fewer points the second time', async () => {
    await put(square('530322', 103, 25));
    expect((await put(square('530322', 103, 25.5))).body).toMatchObject({ stored: 1 });
    const moved = (await service.app.get(RegionPositions).all()).find(({ code }) => code === '530322');
    expect(moved?.bbox).toEqual([103, 25.5, 103.1, 25.6]);
  });
});

describeWithSharedData('the boundaries of Yunnan and Guizhou', (dataDir) => {
  it('are loaded whole', async () => {
    const file = readFileSync(path.join(dataDir, 'boundaries', 'counties_yunnan_guizhou.geojson'), 'utf8');
    const { status, body } = await put(file, { type: 'application/json' });
    expect({ status, ...body }).toMatchObject({ status: 200, features: 217, stored: 217, rejected: 0 });
    const positions = await service.app.get(RegionPositions).all();
    const yongren = positions.find(({ code }) => code === '532327');
    expect(yongren?.centroid).toEqual([expect.closeTo(101.56, 1), expect.closeTo(26.14, 1)]);
  });
});
