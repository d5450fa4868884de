/**
 * Keyset cursors: the key of the last row seen, opaque to the caller. The check sum refuses cursors that were cut or made up, and those of another list,
 * whose keys mean something else: behind them a list would seem to be at its end.
 * It is no secret and need not be one: a cursor only says where to go on within what the caller's scope shows anyway.
 */
import { createHash } from 'node:crypto';
import { InvalidValue } from '@fangpin/domain-kit';

export type CursorKey = readonly (string | number)[];

const SUM_CHARS = 8;
const MAX_CHARS = 2_048;

/** `list` tells one list from all others, such as the path that it is asked at. */
export function encodeCursor(key: CursorKey, list: string): string {
  const body = Buffer.from(JSON.stringify(key)).toString('base64url');
  return `${sumOf(body, list)}${body}`;
}

/** Reads a cursor given out by {@link encodeCursor} for this list; refuses any other text. */
export function decodeCursor(text: string, list: string): CursorKey {
  const body = text.slice(SUM_CHARS);
  if (text.length > MAX_CHARS || body === '' || sumOf(body, list) !== text.slice(0, SUM_CHARS)) throw forged(text);
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(body, 'base64url').toString());
  } catch {
    throw forged(text);
  }
  if (!isCursorKey(key)) throw forged(text);
  return key;
}

function isCursorKey(key: unknown): key is CursorKey {
  return (
    Array.isArray(key) &&
    key.length > 0 &&
    key.every((part) => typeof part === 'number' || (typeof part === 'string' && !part.includes('\0')))
  );
}

function sumOf(body: string, list: string): string {
  return createHash('sha256')
    .update(`fangpin cursor 2\n${list}\n`)
    .update(body)
    .digest('base64url')
    .slice(0, SUM_CHARS);
}

function forged(text: string): InvalidValue {
  return new InvalidValue('cursor', text, 'must be the nextCursor of an earlier page of this list');
}
