import type { Topic } from '@fangpin/contracts';

/** Topic and group names as the brokers have them: a prefix lets tests share a broker. */
export class TopicNames {
  readonly #byName = new Map<string, Topic>();

  constructor(readonly prefix: string) {}

  of(topic: Topic): string {
    const name = `${this.prefix}${topic.name}`;
    this.#byName.set(name, topic);
    return name;
  }

  group(group: string): string {
    return `${this.prefix}${group}`;
  }

  /** The topic that was named before by {@link of}. */
  topic(name: string): Topic {
    const topic = this.#byName.get(name);
    if (!topic) throw new RangeError(`topic ${name} was not asked for`);
    return topic;
  }
}
