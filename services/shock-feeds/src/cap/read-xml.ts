/**
 * Strict XML into a small tree. Nothing outside the document is ever read: a DTD is refused whole, so there are no
 * entities but XML's own five; depth and number of elements are bounded.
 */
import { SaxesParser } from 'saxes';
import { UnreadableXml } from './cap.errors.js';

export interface XmlElement {
  /** Name without its prefix. */
  readonly name: string;
  /** Namespace; empty where there is none. */
  readonly namespace: string;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children, trimmed. */
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly namespace: string;
  readonly children: XmlElement[];
  readonly text: string[];
}

const MAX_DEPTH = 64;
const MAX_ELEMENTS = 500_000;

/** The root of a well-formed document. Refuses anything else, saying where it breaks. */
export function readXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  parser.on('error', (error) => {
    throw new UnreadableXml(`must be well-formed XML (${error.message.slice(0, 200)})`);
  });
  parser.on('doctype', () => {
    throw new UnreadableXml('must have no document type declaration', 'CAP.DTD_REFUSED');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    if (open.length >= MAX_DEPTH) throw new UnreadableXml(`must not nest deeper than ${MAX_DEPTH} elements`);
    if (elements > MAX_ELEMENTS) throw new UnreadableXml(`must not hold more than ${MAX_ELEMENTS} elements`);
    open.push({ name: tag.local, namespace: tag.uri, children: [], text: [] });
  });
  parser.on('text', (chunk) => void open.at(-1)?.text.push(chunk));
  parser.on('cdata', (chunk) => void open.at(-1)?.text.push(chunk));
  parser.on('closetag', () => {
    const done = open.pop();
    if (done === undefined) return;
    const element: XmlElement = { ...done, text: done.text.join('').trim() };
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  parser.write(text).close();
  if (root === undefined) throw new UnreadableXml('must be well-formed XML (it holds no element)');
  return root;
}
