/**
 * `references`: `sender,identifier,sent` triples, separated by white space. Senders of the national dialect are Chinese
 * names and its times hold a blank, so the triples are read from comma to comma and not from blank to blank.
 */
import type { CapReference } from './cap-message.js';

const TIME_THEN_REST = /^\s*(\d{4}-\d\d-\d\d(?:T| (?=\d))\S+|\S*)\s*([\s\S]*)$/;

/** The messages that a text refers to; bare identifiers are taken as of the same sender. */
export function readReferences(text: string, sender: string): CapReference[] {
  const parts = text.split(',');
  if (parts.length < 3) {
    const bare = text.split(/[\s,]+/).filter((identifier) => identifier !== '');
    return bare.map((identifier) => ({ sender, identifier, sent: '' }));
  }
  const references: CapReference[] = [];
  let from = parts[0] as string;
  for (let i = 1; i < parts.length; i += 2) {
    const identifier = (parts[i] as string).trim();
    const [, sent = '', next = ''] = TIME_THEN_REST.exec(parts[i + 1] ?? '') ?? [];
    if (from.trim() !== '' && identifier !== '') references.push({ sender: from.trim(), identifier, sent });
    from = next;
  }
  return references;
}
