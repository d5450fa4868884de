import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fixedClock, isDay, shanghaiDay, systemClock, toBeijingTime } from './index.js';

describe('time', () => {
  it('is read in Beijing, where the day turns eight hours before Greenwich', () => {
    const warning = new Date('2026-07-17T18:04:17Z');
    expect(shanghaiDay(warning)).toBe('2026-07-18');
    expect(toBeijingTime(warning)).toBe('2026-07-18T02:04:17+08:00');
    expect(shanghaiDay(new Date('2026-07-17T15:59:59.999Z'))).toBe('2026-07-17');
    expect(shanghaiDay(new Date('2026-07-17T16:00:00Z'))).toBe('2026-07-18');
  });

  it('knows the days of the calendar', () => {
    expect(['2026-02-28', '2024-02-29'].filter(isDay)).toHaveLength(2);
    expect(
      ['2026-02-29', '2026-13-01', '2026-2-3', '2026-02', '', '+02026-02-03', '2026-02-03T00'].filter(isDay),
    ).toEqual([]);
  });

  it('comes back from Beijing time to the same second', () => {
    const moments = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moments, (at) => {
        const text = toBeijingTime(at);
        expect(Math.floor(at.getTime() / 1000)).toBe(new Date(text).getTime() / 1000);
        expect(text.startsWith(shanghaiDay(at))).toBe(true);
      }),
    );
  });

  it('stands still under a fixed clock until it is moved', () => {
    const clock = fixedClock('2026-07-18T00:00:00+08:00');
    expect(clock.now()).toEqual(clock.now());
    clock.advance(90_000);
    expect(toBeijingTime(clock.now())).toBe('2026-07-18T00:01:30+08:00');
    clock.set('2026-01-01T00:00:00Z');
    expect(clock.now().toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('of a fixed clock is not changed by those who read it', () => {
    const clock = fixedClock('2026-07-18T00:00:00Z');
    clock.now().setFullYear(1999);
    expect(clock.now().getUTCFullYear()).toBe(2026);
  });

  it('of the system is now', () => {
    expect(Number.isNaN(systemClock.now().getTime())).toBe(false);
  });
});
