/** Foreign text as jsonb and indexes take it: no control characters, no half of a surrogate pair, at most so long. */
import { clip } from '../intake/clip.js';

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

export function cleanText(value: unknown, length: number): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return clip(String(value).replace(CONTROL, ' '), length).trim();
}
