/**
 * The XML signature of an alert (CAP 1.2 §3.3.4.1, W3C XML Signature), checked with the configured keys alone: what a
 * message says about its own key counts for nothing. Against wrapping, the message is read once more out of the very
 * octets that were signed, and has to be the one that is judged.
 */
import { SignedXml } from 'xml-crypto';
import type { CapMessage } from './cap-message.js';
import { findAlerts, readCap } from './read-cap.js';
import { readXml } from './read-xml.js';
import { findSignature } from './signature-element.js';

export type SignatureState = 'none' | 'not-checked' | 'good' | 'bad';

/** SHA-1 can be made to collide and is not taken. */
const ALGORITHMS = new Set([
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
]);
/** Longer documents would hold the process up; the warnings that are signed have some kilobytes. */
const MAX_CHARACTERS = 2_000_000;

/** `document` is the whole text that the message came in; absent where it came among others in one file. */
export function checkSignature(
  message: CapMessage,
  document: string | undefined,
  keys: readonly string[],
): SignatureState {
  if (!message.signed) return 'none';
  if (keys.length === 0 || document === undefined || document.length > MAX_CHARACTERS) return 'not-checked';
  const { count, xml } = findSignature(document);
  if (count !== 1 || xml === '') return 'bad';
  return keys.some((key) => signs(key, xml, document, message)) ? 'good' : 'bad';
}

function signs(key: string, signature: string, document: string, message: CapMessage): boolean {
  try {
    const signed = new SignedXml({ publicCert: key, getCertFromKeyInfo: () => null });
    signed.loadSignature(signature);
    if (!ALGORITHMS.has(signed.signatureAlgorithm ?? '') || !signed.checkSignature(document)) return false;
    return signed.getSignedReferences().some((octets) => says(octets, message));
  } catch {
    // Another key, other octets or a signature that is none: xml-crypto throws for each.
    return false;
  }
}

function says(octets: string, message: CapMessage): boolean {
  const root = readXml(octets);
  if (root.name !== 'alert') return false;
  const [alert] = findAlerts(root).alerts;
  if (alert === undefined) return false;
  const { message: read } = readCap(alert);
  return JSON.stringify({ ...read, signed: true }) === JSON.stringify(message);
}
