import { cellScope, Database } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { describeWithSharedData } from '@fangpin/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { RejudgeShocks } from '../src/policy-applications/rejudge-shocks.js';
import { ShockEntity } from '../src/shocks/shock.entity.js';
import { listsOf, warningRows } from './july-2026.js';
import { minutes, post, shockIdOf, survey, yangbi } from './quakes.js';
import { capXml, startShockApp, type ShockApp } from './shock-app.js';

const LISTS = 40;

describeWithSharedData('a version of the policy with the same values', (dataDir) => {
  let service: ShockApp;
  beforeAll(async () => {
    service = await startShockApp();
  }, 120_000);
  afterAll(() => service.close());

  const ownTime = (bytes: Buffer): string =>
    (/<(?:\w+:)?(?:sent|sendTime)>([^<]+)</.exec(bytes.toString('latin1'))?.[1] ?? '').trim().replace(' ', 'T');

  it('derives of everything that was said what had been derived of it', async () => {
    const square = {
      type: 'Polygon',
      coordinates: [
        [
          [97, 21],
          [107, 21],
          [107, 30],
          [97, 30],
          [97, 21],
        ],
      ],
    };
    await service.call('PUT', '/v1/regions/boundaries', { body: { type: 'Feature', id: '53', geometry: square } });
    // No real message draws an area in the country and leaves out its codes.
    const drawn = '<area><areaDesc>x</areaDesc><polygon>26,101 26,102 27,102 27,101 26,101</polygon></area></info>';
    await service.cap(capXml({ geocode: '' }).replace('</info>', drawn));
    const folder = path.join(dataDir, 'cap', 'messages');
    for (const file of readdirSync(folder)) {
      const bytes = readFileSync(path.join(folder, file));
      await service.cap(bytes, { asOf: ownTime(bytes) });
      // Once more at its own hour and day: a warning that states no end.
      await service.cap(
        bytes
          .toString('utf8')
          .replace(/<(\w+:)?expires>[^<]*<\/(\w+:)?expires>/g, '')
          .replace(/<(\w+:)?identifier>/, '<$1identifier>x'),
        { asOf: ownTime(bytes) },
      );
    }
    for (const list of listsOf(warningRows(dataDir)).slice(0, LISTS))
      await service.call('POST', `/v1/shocks/warning-snapshots?feed=all&asOf=${list.updated}`, { body: list });
    const id = 'same-values';
    const quake = shockIdOf(await post(service, yangbi({ id })));
    await survey(service, quake);
    await survey(service, quake, {
      surveyedAt: '2021-05-24T18:00:00+08:00',
      source: '初报',
      zones: [{ intensity: 7, geometry: square }],
    });
    await post(service, yangbi({ id, updated: minutes(30), mag: 6.3, magType: 'Mw' }));
    await post(service, yangbi({ coordinates: [101.7, 26.1, null], mag: 5.9 }));
    for (const observed of [true, false])
      await service.call('POST', '/v1/shocks', {
        body: {
          kind: 'hail',
          level: 'red',
          observed,
          regions: ['532327'],
          onset: '2026-07-18T02:00:00+08:00',
          headline: 'x',
          source: 'y',
        },
      });

    await service.app.get(Database).transaction(cellScope('spec'), async (tx) => {
      const all = await tx.manager.getRepository(ShockEntity).find({ order: { shockNo: 'ASC' } });
      const standing = all.filter(
        ({ state, mergedInto, policyVersion }) => state !== 'cancelled' && mergedInto === null && policyVersion !== '',
      );
      expect(standing.length).toBeGreaterThan(200);
      const kept = await tx.query<{ part: string }>(
        'SELECT DISTINCT jsonb_object_keys(basis) AS part FROM shock_messages WHERE basis IS NOT NULL ORDER BY part',
      );
      expect(kept.map(({ part }) => part)).toEqual(['areas', 'expiry', 'quake', 'survey']);
      Object.assign(service.app.get(PolicySet), { version: 'same-values' });
      const judged = await service.app.get(RejudgeShocks).judge(tx, standing, new Date());
      const other = judged.flatMap((one) =>
        'error' in one
          ? [[one.shock.origin, one.shock.headline, one.error]]
          : one.changes.length + one.notDerived.length > 0
            ? [[one.shock.origin, one.shock.headline, one.changes, one.notDerived, one.shock, one.draft]]
            : [],
      );
      expect(other).toEqual([]);
      expect(judged).toHaveLength(standing.length);
    });
  }, 240_000);
});
