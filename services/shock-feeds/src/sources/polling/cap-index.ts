/** The links of an Atom or RSS index to CAP messages. */
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { UnreadableXml } from '../../cap/cap.errors.js';

export interface IndexEntry {
  readonly link: string;
  /** Link and time of change: an entry that was written anew is another one. */
  readonly key: string;
}

interface Reading {
  links: { href: string; type: string }[];
  updated: string;
  text: string;
}

const CAP_TYPE = /cap\+xml/i;
const MAX_ENTRIES = 5_000;

/**
 * Entries in the order of the index, each once. Of several links of an entry the one of type `application/cap+xml` counts,
 * else the first. Refuses what is not well-formed, a DTD, and a document that is no index.
 */
export function readCapIndex(text: string): IndexEntry[] {
  const parser = new SaxesParser({ xmlns: true });
  const entries = new Map<string, IndexEntry>();
  let root = '';
  let entry: Reading | undefined;
  parser.on('error', (error) => {
    throw new UnreadableXml(`must be well-formed XML (${error.message.slice(0, 200)})`);
  });
  parser.on('doctype', () => {
    throw new UnreadableXml('must have no document type declaration', 'CAP.DTD_REFUSED');
  });
  parser.on('opentag', (tag) => {
    if (root === '') root = tag.local;
    if (tag.local === 'entry' || tag.local === 'item') entry = { links: [], updated: '', text: '' };
    if (entry === undefined) return;
    entry.text = '';
    if (tag.local === 'link' && attribute(tag, 'href') !== '' && /^(|alternate|enclosure)$/.test(attribute(tag, 'rel')))
      entry.links.push({ href: attribute(tag, 'href'), type: attribute(tag, 'type') });
    if (tag.local === 'enclosure') entry.links.push({ href: attribute(tag, 'url'), type: attribute(tag, 'type') });
  });
  const onText = (chunk: string): void => {
    if (entry !== undefined && entry.text.length < 10_000) entry.text += chunk;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', (tag) => {
    if (entry === undefined) return;
    const said = entry.text.trim();
    entry.text = '';
    if (tag.local === 'link' && said !== '') entry.links.push({ href: said, type: '' });
    if (/^(updated|pubDate|date)$/.test(tag.local)) entry.updated = said;
    if (tag.local !== 'entry' && tag.local !== 'item') return;
    const link = (entry.links.find(({ type }) => CAP_TYPE.test(type)) ?? entry.links[0])?.href;
    const key = `${link ?? ''} ${entry.updated}`;
    if (link !== undefined && link !== '') entries.set(key, { link, key });
    if (entries.size > MAX_ENTRIES) throw new UnreadableXml(`must not hold more than ${MAX_ENTRIES} entries`);
    entry = undefined;
  });
  parser.write(text).close();
  if (!['feed', 'rss', 'RDF'].includes(root)) throw new UnreadableXml('must be an Atom or RSS index');
  return [...entries.values()];
}

function attribute(tag: SaxesTagNS, name: string): string {
  return tag.attributes[name]?.value ?? '';
}
