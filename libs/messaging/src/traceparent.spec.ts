import { describe, expect, it } from '@jest/globals';
import { nextTraceparent } from './traceparent.js';

const INCOMING = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

describe('the traceparent of the next hop', () => {
  it('continues a trace under a span of its own and keeps its flags', () => {
    const next = nextTraceparent(INCOMING);
    expect(next).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/);
    expect(next).not.toBe(INCOMING);
  });

  it.each([undefined, '', 'nonsense', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, INCOMING.toUpperCase()])(
    'begins a new trace after %j',
    (incoming) => {
      expect(nextTraceparent(incoming)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    },
  );
});
