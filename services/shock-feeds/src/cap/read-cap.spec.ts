import { describe, expect, it } from '@jest/globals';
import { readReferences } from './cap-references.js';
import { readCapTime } from './cap-time.js';
import { findAlerts, readCap } from './read-cap.js';
import { readXml } from './read-xml.js';

const CAP = 'urn:oasis:names:tc:emergency:cap:1.2';
const head =
  '<identifier>i</identifier><sender>s</sender><sent>2026-07-18T02:04:17+08:00</sent><status>Actual</status><msgType>Alert</msgType>';
const read = (xml: string) => readCap(findAlerts(readXml(xml)).alerts[0] as never);

describe('a CAP message', () => {
  it('is read with a prefix as without one', () => {
    const plain = read(`<alert xmlns="${CAP}">${head}<scope>Public</scope></alert>`);
    const prefixed = read(
      `<c:alert xmlns:c="${CAP}">${`${head}<scope>Public</scope>`.replaceAll(/<(\/?)/g, '<$1c:')}</c:alert>`,
    );
    expect(prefixed).toEqual(plain);
    expect(plain.missing).toEqual([]);
  });

  it('names every required element that it lacks', () => {
    const { missing } = read(`<alert xmlns="${CAP}"><sender>s</sender><info><event>e</event><area/></info></alert>`);
    expect(missing.map(({ field }) => field)).toEqual([
      'alert.identifier',
      'alert.sent',
      'alert.status',
      'alert.msgType',
      'alert.scope',
      'alert.info[0].urgency',
      'alert.info[0].severity',
      'alert.info[0].area[0].areaDesc',
    ]);
  });

  it('of another namespace is not asked for anything', () => {
    expect(read('<alert xmlns="urn:other"/>')).toMatchObject({ message: { dialect: 'unknown' }, missing: [] });
  });

  it('of the national system is read natively: its own names, codes without a scheme', () => {
    const { message, missing } = read(
      '<alert xmlns="http://com.icss.amp"><identifier>i</identifier><sender>s</sender><sendTime>2012-10-25 09:15:58+08:00</sendTime>' +
        '<status>Actual</status><msgType>Alert</msgType><info><eventType>11B01</eventType><urgency>Unknown</urgency>' +
        '<severity>Blue</severity><area><areaDesc>a</areaDesc><geocode>330205004001,330205004002</geocode></area></info></alert>',
    );
    expect(missing).toEqual([]);
    expect(message).toMatchObject({
      dialect: 'cn-12379',
      sent: '2012-10-25 09:15:58+08:00',
      infos: [
        {
          eventCodes: [{ name: 'eventType', value: '11B01' }],
          areas: [{ geocodes: [{ name: '', value: '330205004001,330205004002' }] }],
        },
      ],
    });
  });

  it('is found in a bundle and in a feed', () => {
    const alert = `<alert xmlns="${CAP}">${head}</alert>`;
    expect(findAlerts(readXml(`<alerts>${alert}${alert}</alerts>`))).toMatchObject({
      bundle: true,
      alerts: { length: 2 },
    });
    expect(findAlerts(readXml(`<feed><entry><content>${alert}</content></entry></feed>`)).alerts).toHaveLength(1);
    expect(() => findAlerts(readXml('<feed/>'))).toThrow('must hold an alert element');
  });
});

describe('references', () => {
  it('are triples, with Chinese senders and with the times of the national format', () => {
    expect(readReferences('a@b,id-1,2012-05-02T21:45:05-00:00 c@d,id-2,2012-05-02T21:55:21-00:00', 's')).toEqual([
      { sender: 'a@b', identifier: 'id-1', sent: '2012-05-02T21:45:05-00:00' },
      { sender: 'c@d', identifier: 'id-2', sent: '2012-05-02T21:55:21-00:00' },
    ]);
    expect(
      readReferences('浙江省气象局,330_1,2012-10-25 09:15:58+08:00 永仁县 气象台,532_2,2012-10-25 10:00:00+08:00', 's'),
    ).toEqual([
      { sender: '浙江省气象局', identifier: '330_1', sent: '2012-10-25 09:15:58+08:00' },
      { sender: '永仁县 气象台', identifier: '532_2', sent: '2012-10-25 10:00:00+08:00' },
    ]);
  });

  it('that are bare identifiers are of the same sender', () => {
    expect(readReferences(' id-1\n id-2 ', 's')).toEqual([
      { sender: 's', identifier: 'id-1', sent: '' },
      { sender: 's', identifier: 'id-2', sent: '' },
    ]);
    expect(readReferences('', 's')).toEqual([]);
  });
});

describe('a time', () => {
  it('is read with its offset, in either dialect', () => {
    const instant = new Date('2026-07-17T18:04:17Z');
    for (const text of [
      '2026-07-18T02:04:17+08:00',
      '2026-07-18 02:04:17+08:00',
      '2026-07-18 02:04:17 08:00',
      '2026-07-17T18:04:17.5Z',
      '2026-07-17T18:04:17-00:00',
    ])
      expect(readCapTime(text)).toEqual({ at: instant, offsetAssumed: false });
    expect(readCapTime('2026-07-18 02:04:17')).toEqual({ at: instant, offsetAssumed: true });
  });

  it('that the calendar does not have is none', () => {
    for (const text of [
      '',
      'soon',
      '2026-02-30T00:00:00Z',
      '2026-07-18T25:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-07-18',
      '2026-07-18T00:00:00+99:00',
    ])
      expect(readCapTime(text)).toBeUndefined();
  });
});
