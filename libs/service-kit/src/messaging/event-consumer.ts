import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';

export const EVENT_CONSUMER_METADATA = 'fangpin:event-consumer';

/**
 * Class decorator of an injectable that implements `EventHandler` (libs/messaging). It is found by itself, held against the
 * topic catalogue at boot and run by the service's one consumer runner.
 */
export function EventConsumer(): ClassDecorator {
  return applyDecorators(Injectable(), SetMetadata(EVENT_CONSUMER_METADATA, true));
}
