import type { Message } from '@bufbuild/protobuf';
import type { Topic } from '@fangpin/contracts';
import { decodeEvent } from '../envelope.js';
import type { ConsumedEvent, EventHandler, FetchedMessage } from '../port.js';

type Place = Omit<FetchedMessage, 'value'> & { readonly partition: number };

/** The event in a message, read as its handler wants it. Throws where the bytes are none of the topic's. */
export function consumedEvent(handler: EventHandler, place: Place, value: Uint8Array): ConsumedEvent {
  const { topic } = handler;
  const { partition, offset, key, headers } = place;
  if (handler.read === undefined)
    return { topic, partition, offset, key, headers, data: decodeEvent(topic, value), read: undefined };
  return new ReadEvent(topic, { partition, offset, key, headers }, value, handler.read(value));
}

class ReadEvent implements ConsumedEvent {
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  #data: Message | undefined;

  constructor(
    readonly topic: Topic,
    place: Place,
    private readonly value: Uint8Array,
    readonly read: unknown,
  ) {
    this.partition = place.partition;
    this.offset = place.offset;
    this.key = place.key;
    this.headers = place.headers;
  }

  get data(): Message {
    return (this.#data ??= decodeEvent(this.topic, this.value));
  }
}
