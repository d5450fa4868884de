import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { checkSignature } from './check-signature.js';
import { findAlerts, readCap } from './read-cap.js';
import { publicKeysOf } from './read-cap-keys.js';
import { readXml } from './read-xml.js';

const CAP = 'urn:oasis:names:tc:emergency:cap:1.2';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const body = (headline: string): string =>
  `<identifier>i</identifier><sender>s</sender><sent>2026-07-18T02:04:17+08:00</sent><status>Actual</status>
  <msgType>Alert</msgType><scope>Public</scope><info><event>暴雨</event><urgency>Unknown</urgency>
  <severity>Extreme</severity><certainty>Unknown</certainty><headline>${headline} &amp; "more"</headline></info>`;
const alert = (headline = 'red', id = ''): string => `<alert xmlns="${CAP}"${id}>${body(headline)}</alert>`;

let own: { publicKey: string; privateKey: string };
let other: typeof own;
beforeAll(() => {
  const pair = () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
  own = pair();
  other = pair();
});

interface Signing {
  readonly key?: string;
  readonly c14n?: string;
  readonly algorithm?: string;
  readonly xpath?: string;
  readonly prefix?: string;
}

const sign = (xml: string, signing: Signing = {}): string => {
  const {
    key = own.privateKey,
    c14n = C14N,
    algorithm = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  } = signing;
  const signer = new SignedXml({
    privateKey: key,
    canonicalizationAlgorithm: c14n as never,
    signatureAlgorithm: algorithm as never,
  });
  signer.addReference({
    xpath: signing.xpath ?? '/*',
    transforms: [ENVELOPED, c14n],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    ...(signing.xpath === undefined ? { isEmptyUri: true } : {}),
  });
  signer.computeSignature(xml, signing.prefix === undefined ? {} : { prefix: signing.prefix });
  return signer.getSignedXml();
};
const check = (xml: string, keys: readonly string[] = [own.publicKey]) => {
  const [element] = findAlerts(readXml(xml)).alerts;
  return checkSignature(readCap(element as never).message, xml, keys);
};

describe('a signature', () => {
  it('of a configured key over the whole message is good, in either canonical form and with any prefix', () => {
    expect(check(sign(alert()))).toBe('good');
    expect(check(sign(alert(), { c14n: EXCLUSIVE, prefix: 'ds' }))).toBe('good');
    expect(check(sign(alert()), [other.publicKey, own.publicKey])).toBe('good');
  });

  it('of another key is bad, whatever key the message names itself', () => {
    expect(check(sign(alert(), { key: other.privateKey }))).toBe('bad');
  });

  it('over something else is bad', () => {
    expect(check(sign(alert()).replace('red', 'blue'))).toBe('bad');
    const cut = sign(alert()).replace(/<SignatureValue>.{8}/, '<SignatureValue>AAAAAAAA');
    expect(check(cut)).toBe('bad');
  });

  it('by SHA-1 is not taken', () => {
    expect(check(sign(alert(), { algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }))).toBe('bad');
  });

  it('is not taken for another part than the one that is judged', () => {
    // The signed alert is moved into an extension of a forged one, and its signature is kept.
    const signed = sign(alert('blue', ' Id="a"'), { xpath: "/*[local-name(.)='alert']", c14n: EXCLUSIVE });
    expect(check(signed)).toBe('good');
    const signature = /<Signature .*<\/Signature>/s.exec(signed)?.[0] ?? '';
    const wrapped = `<alert xmlns="${CAP}">${body('red')}<x:old xmlns:x="urn:x">${signed.replace(signature, '')}</x:old>${signature}</alert>`;
    expect(check(wrapped)).toBe('bad');
    const twice = `<alert xmlns="${CAP}">${body('red')}<x:old xmlns:x="urn:x">${signed}</x:old>${signature}</alert>`;
    expect(check(twice)).toBe('bad');
  });

  it('that stands deeper than in the alert itself is none of it', () => {
    const [element] = findAlerts(
      readXml(
        `<alert xmlns="${CAP}"><info>${'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'}</info></alert>`,
      ),
    ).alerts;
    expect(readCap(element as never).message.signed).toBe(false);
  });

  it('without a key, or of one alert among several, is not checked; a message without one has none', () => {
    expect(check(sign(alert()), [])).toBe('not-checked');
    const [element] = findAlerts(readXml(sign(alert()))).alerts;
    expect(checkSignature(readCap(element as never).message, undefined, [own.publicKey])).toBe('not-checked');
    expect(check(alert())).toBe('none');
  });

  it('that is no signature at all is bad', () => {
    const empty = `<alert xmlns="${CAP}">${body('red')}<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></alert>`;
    expect(check(empty)).toBe('bad');
  });
});

describe('the file of keys', () => {
  it('holds one or more public keys in PEM', () => {
    expect(publicKeysOf(`# ours\n${own.publicKey}\n${other.publicKey}`)).toEqual([own.publicKey, other.publicKey]);
    expect(publicKeysOf('nothing')).toEqual([]);
    expect(() => publicKeysOf('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----')).toThrow();
  });
});
