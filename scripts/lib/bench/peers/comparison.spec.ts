import { describe, expect, it } from '@jest/globals';
import { loopPeer, loopRun, streamsPeer, streamsRun, textOfPeers } from './comparison.ts';

const all = { households: 99_749, ours: 1.25 };

describe('the loop', () => {
  it('is scaled from its sample to all households', () => {
    expect(loopRun({ concurrency: 1, sample: 1_000, seconds: 2 }, all)).toEqual({
      concurrency: 1,
      sample: 1_000,
      seconds: 2,
      scaledSeconds: 199.498,
      timesSlower: 159.6,
    });
  });

  it('is compared by its faster way, and tells both', () => {
    const runs = [
      loopRun({ concurrency: 1, sample: 1_000, seconds: 2 }, all),
      loopRun({ concurrency: 16, sample: 1_000, seconds: 1 }, all),
    ];
    expect(loopPeer(runs)).toMatchObject({ concurrency: 16, timesSlower: 79.8, runs });
  });

  it('says nothing of no household', () => {
    expect(() => loopRun({ concurrency: 1, sample: 0, seconds: 0 }, all)).toThrow(RangeError);
  });
});

describe('the Streams program', () => {
  const timed = (...seconds: number[]) => seconds.map((one) => ({ seconds: one, committedSeconds: one - 0.1 }));
  const once = streamsRun('at_least_once', timed(3, 2, 2.5), { ours: 1.25, peakRssMb: 900 });
  const exactly = streamsRun('exactly_once_v2', timed(3), { ours: 1.25, peakRssMb: 950 });

  it('is timed by the median of its runs', () => {
    expect(once).toMatchObject({ seconds: 2.5, committedSeconds: 2.4, timesSlower: 2, runs: [3, 2, 2.5] });
  });

  it('is compared by its faster guarantee, which is named', () => {
    const peer = streamsPeer([exactly, once]);
    expect(peer).toMatchObject({ guarantee: 'at_least_once', seconds: 2.5, guarantees: [exactly, once] });
    expect(peer).not.toHaveProperty('runs');
  });

  it('stands in the text beside a peer that could not be had', () => {
    expect(textOfPeers({ loop: null, streams: streamsPeer([once]) }).split('\n')).toEqual([
      'peer, loop with an ORM: could not be measured',
      'peer, Kafka Streams, at_least_once: 2.5 s, 2 times ours',
    ]);
  });
});
