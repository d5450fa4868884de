import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UnreadableXml } from '../../cap/cap.errors.js';
import { readCapIndex } from './cap-index.js';

const linksOf = (xml: string): string[] => readCapIndex(xml).map(({ link }) => link);

describe('an index of CAP messages', () => {
  it('in Atom gives the link of type CAP, else the first that is no link to itself', () => {
    expect(
      linksOf(`<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:link href="/index"/>
        <a:entry><a:link rel="self" href="/self"/><a:link href="/page.html"/><a:link type="application/cap+xml" href="/1.xml"/></a:entry>
        <a:entry><a:link href="/2.xml"/><a:updated>2026-07-18T00:00:00Z</a:updated></a:entry></a:feed>`),
    ).toEqual(['/1.xml', '/2.xml']);
  });

  it('in RSS gives the link of an item, or its enclosure of type CAP', () => {
    expect(
      linksOf(`<rss version="2.0"><channel><link>https://example.org</link>
        <item><title>大风</title><link>https://example.org/1</link></item>
        <item><link>https://example.org/2</link><enclosure url="https://example.org/2.cap" type="application/cap+xml"/></item>
        <item><title>no link</title></item></channel></rss>`),
    ).toEqual(['https://example.org/1', 'https://example.org/2.cap']);
  });

  it('names an entry anew when it has been written anew, and once when it is repeated', () => {
    const entry = (at: string): string => `<entry><link href="/1"/><updated>${at}</updated></entry>`;
    const keys = readCapIndex(`<feed>${entry('1')}${entry('1')}${entry('2')}</feed>`).map(({ key }) => key);
    expect(keys).toEqual(['/1 1', '/1 2']);
  });

  it('is refused with a DTD, broken, or as another document', () => {
    for (const xml of ['<!DOCTYPE feed><feed/>', '<feed><entry></feed>', '<alert/>', ''])
      expect(() => readCapIndex(xml)).toThrow(UnreadableXml);
  });

  it('is read or refused, whatever it is', () => {
    const piece = fc.constantFrom(
      '<feed>',
      '</feed>',
      '<entry>',
      '</entry>',
      '<link href="/1"/>',
      '<link>',
      '</link>',
      'x',
      '&amp;',
      '<item/>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          readCapIndex(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableXml);
        }
      }),
    );
  });
});
