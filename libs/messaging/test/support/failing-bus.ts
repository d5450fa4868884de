import { BusUnavailable, type Bus, type BusProducer, type OutgoingMessage } from '../../src/index.js';

/** A bus that can be away, or keep its acknowledgement to itself, for one process; the broker behind it is real. */
export class FailingBus {
  away = false;
  /** Sent and stored, but the sender never hears of it: what a kill in that moment leaves. */
  dieAfterAcknowledgement = false;
  sends = 0;

  constructor(private readonly inner: Bus) {}

  get bus(): Bus {
    return { ...this.inner, producer: () => this.#producer() };
  }

  async #producer(): Promise<BusProducer> {
    const producer = await this.inner.producer();
    return {
      send: async (topic, messages: readonly OutgoingMessage[]) => {
        this.sends += 1;
        if (this.away) throw new BusUnavailable('a test', new Error('away'));
        await producer.send(topic, messages);
        if (this.dieAfterAcknowledgement) await new Promise(() => undefined);
      },
      close: () => producer.close(),
    };
  }
}
