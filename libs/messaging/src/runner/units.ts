import { toBinary, type Message } from '@bufbuild/protobuf';
import type { Topic } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler, EventPart } from '../port.js';
import type { Letter } from '../parked/parking-lot.js';
import { consumedEvent } from './consumed-event.js';

/** What is tried and parked as one: a whole event, or one part of a packed one. */
export interface Unit {
  /** What the handler is given. */
  readonly event: ConsumedEvent;
  /** The message it came in. */
  readonly origin: ConsumedEvent;
  readonly key: string;
  readonly whole: boolean;
}

export function wholeUnit(event: ConsumedEvent): Unit {
  return { event, origin: event, key: event.key, whole: true };
}

/** The parts of a whole event; the unit itself where the handler does not split or cannot. */
export function partsOf(handler: EventHandler, unit: Unit): readonly Unit[] {
  if (!unit.whole || !handler.split) return [unit];
  let parts: readonly EventPart[];
  try {
    parts = handler.split(unit.event);
  } catch {
    // An event that cannot even be taken apart parks as a whole.
    return [unit];
  }
  return parts.length === 0
    ? [unit]
    : parts.map(({ key, data }) => ({
        event: partOf(handler, unit.event, data),
        origin: unit.origin,
        key,
        whole: false,
      }));
}

function partOf(handler: EventHandler, event: ConsumedEvent, data: Message): ConsumedEvent {
  if (handler.read === undefined) return { ...event, data };
  return consumedEvent(handler, event, toBinary<Topic['schema']>(event.topic.schema, data));
}

export function isHeld(unit: Unit, held: ReadonlySet<string>): boolean {
  return held.has(unit.key) || held.has(unit.origin.key);
}

export function letterOf(unit: Unit): Letter {
  const { topic, partition, offset, headers, key: eventKey } = unit.origin;
  return {
    topic,
    partition,
    offset,
    key: unit.key,
    eventKey,
    payload: toBinary<Topic['schema']>(topic.schema, unit.event.data),
    decodable: true,
    headers,
  };
}
