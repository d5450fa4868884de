/**
 * The signature of a document, cut out of it as a document of its own. It is written anew from what the strict reader of
 * this service saw, with the prefixes that its surroundings declare, so that no second, laxer reader decides what it is.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes';

const SIGNATURES = 'http://www.w3.org/2000/09/xmldsig#';

export interface SignatureFound {
  /** Elements named Signature anywhere; more than one is a way to have another part judged than was signed. */
  readonly count: number;
  /** Of the first that is a child of the root; empty where there is none. */
  readonly xml: string;
}

/** `text` is well-formed and has no DTD: {@link readXml} took it before. */
export function findSignature(text: string): SignatureFound {
  const parser = new SaxesParser({ xmlns: true });
  const scopes: Record<string, string>[] = [];
  const written: string[] = [];
  let [count, from] = [0, 0];
  const open = (): boolean => from > 0;
  parser.on('opentag', (tag) => {
    scopes.push(tag.ns);
    const signature = tag.local === 'Signature' && tag.uri === SIGNATURES;
    if (signature) count += 1;
    const first = signature && scopes.length === 2 && written.length === 0;
    if (first) from = scopes.length;
    if (open()) written.push(startTag(tag, first ? scopes : [tag.ns]));
  });
  const characters = (chunk: string): void => void (open() && written.push(escaped(chunk)));
  parser.on('text', characters);
  parser.on('cdata', characters);
  parser.on('closetag', (tag) => {
    if (open()) written.push(`</${tag.name}>`);
    if (scopes.length === from) from = 0;
    scopes.pop();
  });
  parser.write(text).close();
  return { count, xml: written.join('') };
}

function startTag(tag: SaxesTagNS, scopes: readonly Record<string, string>[]): string {
  const declared = Object.entries(Object.assign({}, ...scopes) as Record<string, string>).map(
    ([prefix, uri]): [string, string] => [prefix === '' ? 'xmlns' : `xmlns:${prefix}`, uri],
  );
  const own = Object.values(tag.attributes)
    .filter(({ name }) => name !== 'xmlns' && !name.startsWith('xmlns:'))
    .map(({ name, value }): [string, string] => [name, value]);
  const attributes = [...declared, ...own].map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  return `<${tag.name}${attributes}>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"\t\n\r]/g, (character) =>
    character === '\n' || character === '\t' ? character : `&#${character.charCodeAt(0)};`,
  );
}
