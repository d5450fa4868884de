/** `due=` of lists: what is overdue, due today, or due until the end of a day. */
import { InvalidValue, shanghaiDay } from '@fangpin/domain-kit';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The moment before which a row must be due. */
export function dueBefore(text: string, now: Date): Date {
  if (text === 'overdue') return now;
  const day = text === 'today' ? shanghaiDay(now) : text;
  const end = new Date(`${day}T24:00:00+08:00`);
  if (!DAY.test(day) || Number.isNaN(end.getTime()))
    throw new InvalidValue('due', text, 'must be overdue, today or a day such as 2026-07-20');
  return end;
}
