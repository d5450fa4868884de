import { describe, expect, it } from '@jest/globals';
import { topics } from '@fangpin/contracts';
import { OffsetMirror, type MirroredOffset } from './offset-mirror.js';

describe('the mirror of offsets', () => {
  it('tells the latest of each partition when it is closed, once', async () => {
    const told: (readonly MirroredOffset[])[] = [];
    const mirror = new OffsetMirror((offsets) => Promise.resolve(void told.push(offsets)));
    mirror.note(topics.alert, 0, 5n);
    mirror.note(topics.alert, 0, 7n);
    mirror.note(topics.alert, 1, 2n);
    await mirror.close();
    await mirror.close();
    expect(told.map((offsets) => offsets.map(({ partition, nextOffset }) => [partition, nextOffset]))).toEqual([
      [
        [0, 7n],
        [1, 2n],
      ],
    ]);
  });

  it('tells nothing of partitions that may be another member’s by now', async () => {
    const told: unknown[] = [];
    const mirror = new OffsetMirror((offsets) => Promise.resolve(void told.push(offsets)));
    mirror.note(topics.alert, 0, 5n);
    mirror.forget();
    await mirror.close();
    expect(told).toEqual([]);
  });

  it('does not mind that Kafka does not listen', async () => {
    const mirror = new OffsetMirror(() => Promise.reject(new Error('illegal generation')));
    mirror.note(topics.alert, 0, 5n);
    await expect(mirror.close()).resolves.toBeUndefined();
  });
});
