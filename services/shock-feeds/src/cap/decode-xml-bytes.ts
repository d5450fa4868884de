/** From bytes to text, as XML 1.0 (appendix F) and RFC 7303 say: byte order mark, then charset, then the declaration. */
import { UnreadableXml } from './cap.errors.js';

const DECLARATION = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/;

/** The text of an XML document. Refuses encodings that nobody knows and bytes that are not of the stated encoding. */
export function decodeXmlBytes(bytes: Uint8Array, charset?: string): string {
  const label = byOrderMark(bytes) ?? charset ?? declared(bytes) ?? 'utf-8';
  const decoder = decoderOf(label);
  try {
    return decoder.decode(bytes);
  } catch {
    throw new UnreadableXml(`the bytes are not ${decoder.encoding}`);
  }
}

function decoderOf(label: string) {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new UnreadableXml(`encoding ${label} is not known`);
  }
}

function byOrderMark(bytes: Uint8Array): string | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0xff && b === 0xfe ? 'utf-16le' : undefined;
}

function declared(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 300)).toString('latin1');
  return DECLARATION.exec(head)?.[1];
}
