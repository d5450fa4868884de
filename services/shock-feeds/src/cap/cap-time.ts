/** Times of CAP (RFC 3339 with an offset) and of the national dialect (a blank for the T, the offset without its plus). */
const TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?\s?(Z|[+-]?\d\d:?\d\d)?$/i;

export interface ReadTime {
  readonly at: Date;
  /** The text had no offset; Beijing time was taken. */
  readonly offsetAssumed: boolean;
}

/** The instant a text names, or `undefined` when it names none (30 February, hour 25, free text). */
export function readCapTime(text: string): ReadTime | undefined {
  const match = TIME.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, zone] = match;
  const offsetMinutes = readOffset(zone ?? '+08:00');
  if (offsetMinutes === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const local = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // A day past the end of its month would silently become one of the next.
  if (Number.isNaN(local.getTime()) || local.toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return undefined;
  const ms = local.getTime() + (Number(hour) * 60 + Number(minute) - offsetMinutes) * 60_000 + Number(second) * 1_000;
  return { at: new Date(ms), offsetAssumed: zone === undefined };
}

function readOffset(zone: string): number | undefined {
  if (/^z$/i.test(zone)) return 0;
  const digits = zone.replace(/[^\d]/g, '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
