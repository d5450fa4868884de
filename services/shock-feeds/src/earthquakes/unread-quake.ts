/** A feature of a collection that cannot be read, as the quarantine shows it: by its name and what is wrong with it. */
import type { CapMessage, Problem } from '../cap/cap-message.js';
import { clip } from '../intake/clip.js';
import type { Quake } from './quake.js';
import type { ReadQuake } from './read-quakes.js';

const NAMED_IN_A_PROBLEM = 10;
const MAX_RAW = 20_000;

export function unreadQuake({ feature, id, problems }: Exclude<ReadQuake, { readonly quake: Quake }>): {
  readonly said: CapMessage;
  readonly problems: readonly Problem[];
  readonly raw: Buffer;
} {
  const named = problems
    .slice(0, NAMED_IN_A_PROBLEM)
    .map(({ field, rule }) => `${field.replace(/^features\[\d+\]\./, '')} ${rule}`);
  return {
    // The quarantine keeps messages in one shape; of this one only the name is known.
    said: {
      dialect: 'unknown',
      namespace: 'GeoJSON',
      identifier: id,
      sender: '',
      sent: '',
      status: '',
      msgType: '',
      references: [],
      infos: [],
      signed: false,
    },
    problems: [{ code: 'QUAKE.UNREADABLE', text: `地震记录的字段有误：${named.join('；')}` }],
    raw: Buffer.from(textOf(feature, id)),
  };
}

/** A feature that is nested without end has no text. */
function textOf(feature: unknown, id: string): string {
  try {
    return clip(JSON.stringify(feature), MAX_RAW);
  } catch {
    return id;
  }
}
