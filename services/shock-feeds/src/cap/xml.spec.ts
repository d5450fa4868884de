import { describe, expect, it } from '@jest/globals';
import { decodeXmlBytes } from './decode-xml-bytes.js';
import { readXml } from './read-xml.js';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

describe('XML', () => {
  it('is read with namespaces, whatever the prefix', () => {
    const root = readXml('<c:alert xmlns:c="urn:x"><c:a>1 &lt; 2</c:a><b xmlns=""><![CDATA[<raw>]]></b></c:alert>');
    expect(root).toMatchObject({
      name: 'alert',
      namespace: 'urn:x',
      children: [
        { name: 'a', namespace: 'urn:x', text: '1 < 2' },
        { name: 'b', namespace: '', text: '<raw>' },
      ],
    });
  });

  it('is refused where it is not well-formed', () => {
    for (const text of [
      '',
      'plain',
      '<a>',
      '<a></b>',
      '<a/><b/>',
      '<x:a/>',
      '<a b=1/>',
      '<a>&unknown;</a>',
      '<a>\u0000</a>',
    ])
      expect(codeOf(() => readXml(text))).toBe('CAP.NOT_WELL_FORMED');
  });

  it('may have no DTD: neither entities of its own nor anything from outside', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>';
    const outside = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>';
    for (const text of [bomb, outside]) expect(codeOf(() => readXml(text))).toBe('CAP.DTD_REFUSED');
  });

  it('may not nest without end', () => {
    expect(codeOf(() => readXml('<a>'.repeat(100_000)))).toBe('CAP.NOT_WELL_FORMED');
  });
});

describe('the bytes of a message', () => {
  it('are read in the encoding that they declare', () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>Usulután</a>', 'latin1');
    expect(decodeXmlBytes(latin)).toContain('Usulután');
    const gbk = Buffer.concat([
      Buffer.from('<?xml version="1.0" encoding="GB18030"?><a>'),
      Buffer.from([0xb1, 0xa9, 0xd3, 0xea]),
      Buffer.from('</a>'),
    ]);
    expect(decodeXmlBytes(gbk)).toContain('暴雨');
  });

  it('obey their byte order mark before anything else', () => {
    expect(decodeXmlBytes(Buffer.from('\ufeff<a/>', 'utf16le'), 'utf-8')).toBe('<a/>');
    expect(decodeXmlBytes(Buffer.from('\ufeff<a/>'))).toBe('<a/>');
  });

  it('are refused in an encoding that nobody knows, or that they are not in', () => {
    expect(codeOf(() => decodeXmlBytes(Buffer.from('<?xml version="1.0" encoding="klingon"?><a/>')))).toBe(
      'CAP.NOT_WELL_FORMED',
    );
    expect(codeOf(() => decodeXmlBytes(Buffer.from([0x3c, 0xff, 0x3e])))).toBe('CAP.NOT_WELL_FORMED');
  });
});
