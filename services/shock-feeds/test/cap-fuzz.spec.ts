/**
 * Ten thousand damaged, odd and hostile messages through the endpoint: none may bring an answer of 5xx, and none may leave
 * half a shock behind. A run is drawn from Jest's seed: `--seed=<number>` gives it again, `--showSeed` tells it.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cellScope } from '@fangpin/persistence';
import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { capXml, startShockApp, type ShockApp } from './shock-app.js';

const AT_ONCE = 16;
const TIMEOUT_MS = 300_000;
const realMessages = new URL('../../../../shared/data/cap/messages/', import.meta.url);

let service: ShockApp;
const statuses = new Map<number, number>();
const load = (...regions: [string, number, number, number][]) =>
  service.call('PUT', '/v1/regions/boundaries', {
    body: {
      type: 'FeatureCollection',
      features: regions.map(([id, lon, lat, side]) => ({
        type: 'Feature',
        id,
        geometry: { type: 'Polygon', coordinates: [ringOf(lon, lat, side)] },
      })),
    },
  });
beforeAll(async () => {
  service = await startShockApp();
  await load(['532327', 101, 25, 1], ['532327101', 101, 25, 0.5]);
});
afterAll(() => service.close());

/** Posts so many samples of the arbitrary, some at once, and expects an answer that blames the message or takes it. */
async function post(arbitrary: fc.Arbitrary<Buffer | string>, runs: number) {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitrary, { minLength: AT_ONCE, maxLength: AT_ONCE, size: 'max' }), async (bodies) => {
      const answers = await Promise.all(bodies.map((body) => service.cap(body)));
      for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect(
        answers.filter(({ status }) => status !== 202 && status !== 400).map(({ status, body }) => ({ status, body })),
      ).toEqual([]);
    }),
    { seed: jest.getSeed(), numRuns: Math.ceil(runs / AT_ONCE), endOnFailure: true },
  );
}

/** A valid message, its parts as fast-check likes them. */
const identifiers = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.uuid());
const built = fc
  .record({
    identifier: identifiers,
    msgType: fc.constantFrom('Alert', 'Update', 'Cancel', 'Ack', 'Error', 'cancle'),
    status: fc.constantFrom('Actual', 'Actual', 'Test', 'Exercise', 'Draft', 'System'),
    references: fc.option(identifiers, { nil: undefined }),
    geocode: fc.constantFrom('532327000000', '532327101', '53', '999999', '', '110000,532327'),
    headline: fc.constantFrom('永仁县气象台发布暴雨红色预警', '永仁县气象台解除暴雨红色预警', 'x', ''),
    info: fc.boolean(),
  })
  .map(({ references, ...rest }) => capXml({ ...rest, ...(references === undefined ? {} : { references }) }));

describe('CAP messages', () => {
  it(
    'damaged in their bytes are taken or refused',
    async () => {
      const files = existsSync(realMessages) ? readdirSync(realMessages).sort() : [];
      const real = files
        .map((file) => readFileSync(new URL(file, realMessages)))
        .filter(({ length }) => length < 8_000);
      const originals = fc.oneof(
        fc.constantFrom(...real, Buffer.from(capXml({ identifier: 'fuzz' }))),
        built.map((xml) => Buffer.from(xml)),
      );
      const position = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
      const cut = fc.tuple(originals, position, fc.nat(60)).map(([bytes, share, length]) => {
        const at = Math.floor(share * bytes.length);
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
      });
      const struck = fc
        .tuple(originals, fc.array(fc.tuple(position, fc.nat(255)), { minLength: 1, maxLength: 6 }))
        .map(([original, blows]) => {
          const bytes = Buffer.from(original);
          for (const [share, value] of blows) bytes[Math.floor(share * bytes.length)] = value;
          return bytes;
        });
      const spliced = fc.tuple(originals, originals, position).map(([a, b, share]) => {
        const at = Math.floor(share * Math.min(a.length, b.length));
        return Buffer.concat([a.subarray(0, at), b.subarray(at)]);
      });
      const labels = ['utf-16le', 'latin1', 'utf-8'] as const;
      const encoded = fc
        .tuple(
          built,
          fc.constantFrom(...labels),
          fc.constantFrom('UTF-8', 'UTF-16', 'GB18030', 'ISO-8859-1', 'klingon', 'ebcdic'),
        )
        .map(([xml, encoding, declared]) =>
          Buffer.from(xml.replace('encoding="UTF-8"', `encoding="${declared}"`), encoding),
        );
      const junk = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
      await post(fc.oneof(cut, struck, struck, spliced, encoded, junk), 3_500);
    },
    TIMEOUT_MS,
  );

  it(
    'odd in their structure are taken or refused',
    async () => {
      const text = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom(
          '',
          ' ',
          'constructor',
          '__proto__',
          '暴雨',
          '𝟘',
          '\u0085',
          '</alert>',
          ']]>',
          '<![CDATA[x]]>',
          '&#0;',
          '&amp;',
          '&x;',
        ),
        fc.nat(3).map((n) => 'x'.repeat(10 ** n * 40)),
      );
      const names = fc.constantFrom(
        ...[
          'identifier',
          'sender',
          'sent',
          'status',
          'msgType',
          'scope',
          'references',
          'info',
          'area',
          'polygon',
          'circle',
        ],
        ...[
          'geocode',
          'value',
          'valueName',
          'event',
          'eventCode',
          'expires',
          'headline',
          'severity',
          'language',
          'alert',
          'Signature',
        ],
      );
      const namespaces = fc.constantFrom(
        ...['urn:oasis:names:tc:emergency:cap:1.2', 'urn:oasis:names:tc:emergency:cap:1.1', 'http://com.icss.amp'],
        ...['http://www.w3.org/2000/09/xmldsig#', 'urn:x', ''],
      );
      const element = fc.letrec<{ element: string }>((tie) => ({
        element: fc
          .tuple(
            names,
            fc.option(namespaces, { nil: undefined }),
            fc.array(fc.oneof({ maxDepth: 4 }, text, tie('element')), { maxLength: 3 }),
          )
          .map(
            ([name, uri, inside]) =>
              `<${name}${uri === undefined ? '' : ` xmlns="${uri}"`}>${inside.join('')}</${name}>`,
          ),
      })).element;
      const inserted = fc.tuple(built, fc.nat(30), element).map(([xml, at, more]) => insertAfterTag(xml, at, more));
      const dropped = fc
        .tuple(built, names)
        .map(([xml, name]) => xml.replaceAll(new RegExp(`<${name}>.*?</${name}>`, 'gs'), ''));
      const emptied = fc
        .tuple(built, names, text)
        .map(([xml, name, value]) =>
          xml.replace(new RegExp(`(<${name}>).*?(</${name}>)`, 's'), (_, a: string, b: string) => `${a}${value}${b}`),
        );
      const doubled = fc
        .tuple(built, names)
        .map(([xml, name]) => xml.replace(new RegExp(`<${name}>.*?</${name}>`, 's'), (found) => found + found));
      const bundled = fc
        .array(built, { maxLength: 4 })
        .map((all) => `<alerts>${all.map((xml) => xml.replace(/<\?xml.*?\?>/, '')).join('')}</alerts>`);
      const deep = fc
        .tuple(names, fc.nat(200))
        .map(([name, depth]) => `<${name}>`.repeat(depth) + `</${name}>`.repeat(depth));
      const wide = fc
        .tuple(built, fc.nat(60_000))
        .map(([xml, length]) => xml.replace('<alert ', `<alert a="${'y'.repeat(length)}" `));
      const prefixed = built.map((xml) => xml.replaceAll(/<(\/?)(?=[a-z])/gi, '<$1c:').replace('xmlns=', 'xmlns:c='));
      const entity = built.map((xml) => xml.replace(/<\?xml.*?\?>/, '<!DOCTYPE a [<!ENTITY b "c">]>'));
      await post(
        fc.oneof(inserted, inserted, dropped, emptied, emptied, doubled, bundled, deep, wide, prefixed, entity),
        3_500,
      );
    },
    TIMEOUT_MS,
  );

  it(
    'odd in their times and areas are taken or refused',
    async () => {
      const number = fc.oneof(fc.integer({ min: -1, max: 100 }), fc.constantFrom(0, 1, 59, 60, 61, 99));
      const two = number.map((n) => String(n).padStart(2, '0'));
      const year = fc.constantFrom(
        '0000',
        '0001',
        '1582',
        '1969',
        '1970',
        '2026',
        '2038',
        '9999',
        '10000',
        '-2026',
        '+002026',
      );
      const zone = fc.oneof(
        fc.constantFrom('', 'Z', 'z', '+08:00', '-00:00', '+0800', ' 08:00', '+14:00', '+99:99', '−08:00', ' CST'),
        two.map((n) => `+${n}:00`),
      );
      const stamp = fc
        .tuple(
          year,
          two,
          two,
          fc.constantFrom('T', ' ', 't', '  ', ''),
          two,
          two,
          two,
          fc.constantFrom('', '.5', '.123456789', ',5'),
          zone,
        )
        .map(([y, m, d, t, h, min, s, f, z]) => `${y}-${m}-${d}${t}${h}:${min}:${s}${f}${z}`);
      const near = fc
        .integer({ min: -40_000_000, max: 40_000_000 })
        .map((s) => new Date(Date.now() + s * 1_000).toISOString().replace('Z', '+00:00'));
      const time = fc.oneof(
        stamp,
        near,
        near,
        fc.string({ unit: 'binary', maxLength: 30 }).map(escaped),
        fc.constantFrom('', 'now', '2026年7月18日', '1784311457', '2026-07-18'),
      );
      const degrees = fc.oneof(
        fc.double({ min: -400, max: 400, noNaN: true }),
        fc.double({ min: 20, max: 120, noNaN: true }),
        fc.constantFrom(0, 90, 180, -180, 1e-30, 1e30, NaN, Infinity),
      );
      const pairs = fc
        .array(fc.tuple(degrees, degrees), { maxLength: 12 })
        .map((all) => all.map((pair) => pair.join(',')).join(' '));
      const shape = fc.oneof(
        pairs,
        fc.tuple(degrees, degrees, degrees).map(([a, b, r]) => `${a},${b} ${r}`),
        fc.string({ unit: 'binary', maxLength: 40 }).map(escaped),
      );
      const blob = fc
        .tuple(
          fc.double({ min: 18, max: 52, noNaN: true }),
          fc.double({ min: 74, max: 134, noNaN: true }),
          fc.array(fc.double({ min: 0.01, max: 4, noNaN: true }), { minLength: 3, maxLength: 12 }),
        )
        .map(([lat, lon, radii]) =>
          radii.map((radius, i) => {
            const angle = (2 * Math.PI * i) / radii.length;
            return `${(lat + radius * Math.sin(angle)).toFixed(4)},${(lon + radius * Math.cos(angle)).toFixed(4)}`;
          }),
        );
      const drawn = blob.map((points) => [...points, points[0]].join(' '));
      const round = fc.tuple(blob, fc.integer({ min: 0, max: 900 })).map(([[centre], km]) => `${centre} ${km}`);
      const message = fc.record({
        identifier: identifiers,
        sent: time,
        expires: time,
        onset: time,
        reference: time,
        polygons: fc.array(fc.oneof(shape, drawn), { maxLength: 3 }),
        circle: fc.oneof(shape, round),
      });
      const timed = message.map(({ identifier, sent, expires, onset, reference, polygons, circle }) =>
        capXml({ identifier, sent, expires, references: 'a' })
          .replace('2026-01-01T00:00:00+08:00</references>', `${reference}</references>`)
          .replace('<expires>', `<onset>${onset}</onset><expires>`)
          .replace(
            '</areaDesc>',
            `</areaDesc>${polygons.map((text) => `<polygon>${text}</polygon>`).join('')}<circle>${circle}</circle>`,
          ),
      );
      const uncoded = timed.map((xml) => xml.replace(/<geocode>.*?<\/geocode>/s, ''));
      await post(fc.oneof(timed, uncoded), 3_000);
    },
    TIMEOUT_MS,
  );

  it('came to ten thousand, were taken and refused, and left no shock half stored', async () => {
    expect([...statuses.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(10_000);
    expect(statuses.get(202)).toBeGreaterThan(1_000);
    expect(statuses.get(400)).toBeGreaterThan(1_000);
    // What was drawn and could not be placed goes out when boundaries come.
    const { status, body } = await load(['53', 97, 20, 9], ['52', 106, 20, 5], ['11', 111, 36, 10], ['65', 73, 34, 20]);
    expect({ status, rejudged: Number(body['rejudged']) > 0 }).toEqual({ status: 200, rejudged: true });
    const faults = await service.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ fault: string; n: number }>(FAULTS),
    );
    expect(faults.map(({ fault, n }) => `${fault}: ${n}`)).toEqual([]);
    // Every event has a published revision behind it, and each published state was said.
    const said = new Set((await service.events()).map(({ shockId }) => shockId));
    const published = await service.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ shock_id: string }>('SELECT DISTINCT shock_id::text FROM shock_revisions WHERE published'),
    );
    expect(published.map(({ shock_id }) => shock_id).filter((id) => !said.has(id))).toEqual([]);
    expect(said.size).toBe(published.length);
    expect(said.size).toBeGreaterThan(30);
  });
});

const FAULTS = `
  SELECT fault, count(*)::integer AS n FROM (
    SELECT 'shock without message' AS fault FROM shocks s WHERE merged_into IS NULL
      AND NOT EXISTS (SELECT FROM shock_messages m WHERE m.shock_id = s.shock_id)
    UNION ALL
    SELECT 'shock without its revision' FROM shocks s
      WHERE NOT EXISTS (SELECT FROM shock_revisions r WHERE r.shock_id = s.shock_id AND r.revision = s.revision)
    UNION ALL
    SELECT 'shock without identity' FROM shocks s WHERE merged_into IS NULL
      AND NOT EXISTS (SELECT FROM shock_identities i WHERE i.shock_id = s.shock_id)
    UNION ALL
    SELECT 'taken message without shock or statement' FROM shock_messages
      WHERE outcome NOT IN ('quarantined', 'dropped') AND (shock_id IS NULL OR statement IS NULL)
    UNION ALL
    SELECT 'quarantined message that cannot be judged again' FROM shock_messages
      WHERE outcome = 'quarantined' AND (said IS NULL OR shock_id IS NOT NULL OR jsonb_array_length(problems) = 0)
  ) AS faults GROUP BY fault`;

function ringOf(lon: number, lat: number, side: number): number[][] {
  const [east, north] = [lon + side, lat + side];
  return [
    [lon, lat],
    [east, lat],
    [east, north],
    [lon, north],
    [lon, lat],
  ];
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, '');
}

function insertAfterTag(xml: string, nth: number, more: string): string {
  const ends = [...xml.matchAll(/<\/\w+>/g)].map(({ index, 0: tag }) => index + tag.length);
  const at = ends[nth % ends.length] ?? xml.length;
  return xml.slice(0, at) + more + xml.slice(at);
}
