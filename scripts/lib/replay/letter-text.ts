import { toJson, type JsonValue } from '@bufbuild/protobuf';
import { topicCatalogue } from '@fangpin/contracts';
import { decodeEvent, type ParkedLetter, type ParkedLetterDetails } from '@fangpin/messaging';

/** One letter as JSON; with its event decoded where that is at hand and can be read. */
export function letterJson(letter: ParkedLetter | ParkedLetterDetails): Record<string, unknown> {
  if (!('payload' in letter)) return { ...letter };
  const { payload, ...rest } = letter;
  return { ...rest, event: eventOf(letter), payloadBase64: Buffer.from(payload).toString('base64') };
}

/** One letter as one line of a list. */
export function letterLine(
  service: string,
  { id, status, topic, key, errorCode, parkedAt, attempts }: ParkedLetter,
): string {
  const error = errorCode === null ? '' : `  ${errorCode} after ${attempts} ${attempts === 1 ? 'try' : 'tries'}`;
  return `${service}  ${id}  ${status.padEnd(8)}  ${topic}  ${key}  ${parkedAt.toISOString()}${error}`;
}

/** One letter in full. */
export function letterText(service: string, letter: ParkedLetterDetails): string {
  const lines = [
    letterLine(service, letter),
    `partition ${letter.partition}, offset ${letter.offset}, message key ${letter.eventKey}`,
    ...(letter.errorMessage === null ? [] : [`error: ${letter.errorMessage}`]),
    ...Object.entries(letter.headers).map(([name, value]) => `${name}: ${value}`),
    letter.decodable
      ? JSON.stringify(eventOf(letter), null, 2)
      : `bytes: ${Buffer.from(letter.payload).toString('hex')}`,
  ];
  return lines.join('\n');
}

function eventOf({ topic: name, payload, decodable }: ParkedLetterDetails): JsonValue {
  const topic = topicCatalogue.find((candidate) => candidate.name === name);
  return topic && decodable ? toJson(topic.schema, decodeEvent(topic, payload)) : null;
}
