/** `due=` of lists: what is overdue, due today, or due until the end of a day. */
import { InvalidValue, isDay, shanghaiDay } from '@fangpin/domain-kit';

/** The moment before which a row must be due. */
export function dueBefore(text: string, now: Date): Date {
  if (text === 'overdue') return now;
  const day = text === 'today' ? shanghaiDay(now) : text;
  if (!isDay(day)) throw new InvalidValue('due', text, 'must be overdue, today or a day such as 2026-07-20');
  return new Date(`${day}T24:00:00+08:00`);
}
