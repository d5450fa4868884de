import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { capXml, startShockApp, type Answer, type ShockApp } from './shock-app.js';

const pairOf = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const relay = pairOf();
let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp({ capKeys: [relay.publicKey] });
});
afterAll(() => service.close());

const sign = (xml: string, privateKey = relay.privateKey): string => {
  const c14n = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
  const signer = new SignedXml({
    privateKey,
    canonicalizationAlgorithm: c14n,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  });
  signer.addReference({
    xpath: '/*',
    isEmptyUri: true,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', c14n],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  signer.computeSignature(xml);
  return signer.getSignedXml();
};
const codesOf = ({ body }: Answer): string[] => (body['problems'] as { code: string }[]).map(({ code }) => code);

describe('a signed message, where keys are configured', () => {
  it('of a known key is taken, and says so', async () => {
    const answer = await service.cap(sign(capXml()));
    expect(answer.body).toMatchObject({ outcome: 'accepted', lane: 'notice' });
    expect(codesOf(answer)).toEqual(['CAP.SIGNATURE_GOOD']);
  });

  it('of another key waits for an officer, who may let it out', async () => {
    const answer = await service.cap(sign(capXml(), pairOf().privateKey));
    expect(answer.body).toMatchObject({ outcome: 'quarantined', shockId: null });
    expect(codesOf(answer)).toEqual(['CAP.SIGNATURE_BAD']);
    const id = String(answer.body['quarantineId']);
    const released = await service.call('POST', `/v1/shocks/quarantine/${id}/release`, {
      body: { regions: ['532327'] },
    });
    expect(released).toMatchObject({ status: 202, body: { outcome: 'accepted' } });
  });

  it('that is forged does not take the name of the true one', async () => {
    const xml = capXml({ identifier: randomUUID() });
    const forged = sign(xml).replace('暴雨红色', '暴雨蓝色');
    expect(codesOf(await service.cap(forged))).toEqual(['CAP.SIGNATURE_BAD']);
    expect((await service.cap(forged)).body).toMatchObject({ outcome: 'duplicate', shockId: null });
    expect((await service.cap(sign(xml))).body).toMatchObject({ outcome: 'accepted', lane: 'notice' });
  });

  it('is not needed: one without a signature is taken as before', async () => {
    expect(codesOf(await service.cap(capXml()))).toEqual([]);
  });
});
