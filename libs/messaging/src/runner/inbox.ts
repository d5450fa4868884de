import type { Letter } from '../parked/parking-lot.js';
import type { ConsumedEvent, EventHandler, FetchedBatch } from '../port.js';
import { consumedEvent } from './consumed-event.js';

/** Events in order, up to a message whose bytes are no event. */
export interface Run {
  readonly events: readonly ConsumedEvent[];
  readonly undecodable?: { readonly letter: Letter; readonly error: unknown };
}

/** What was fetched of one topic, decoded, in partition order; nearly always one run. */
export interface TopicInbox {
  readonly handler: EventHandler;
  readonly runs: readonly Run[];
}

/** Sorts fetched batches by handler, in the handlers' order. */
export function sortIntoInboxes(handlers: readonly EventHandler[], batches: readonly FetchedBatch[]): TopicInbox[] {
  return handlers.flatMap((handler) => {
    const own = batches
      .filter((batch) => batch.topic.name === handler.topic.name)
      .sort((a, b) => a.partition - b.partition);
    return own.length === 0 ? [] : [{ handler, runs: decodeAll(handler, own) }];
  });
}

function decodeAll(handler: EventHandler, batches: readonly FetchedBatch[]): Run[] {
  const runs: Run[] = [];
  let events: ConsumedEvent[] = [];
  for (const { partition, messages } of batches)
    for (const { offset, key, value, headers } of messages)
      try {
        events.push(consumedEvent(handler, { partition, offset, key, headers }, value));
      } catch (error) {
        const { topic } = handler;
        const letter = { topic, partition, offset, key, eventKey: key, payload: value, decodable: false, headers };
        runs.push({ events, undecodable: { letter, error } });
        events = [];
      }
  if (events.length > 0) runs.push({ events });
  return runs;
}
