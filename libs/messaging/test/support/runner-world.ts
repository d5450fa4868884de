import type { Database } from '@fangpin/persistence';
import { fileURLToPath } from 'node:url';
import { topicCatalogue, topics, type ServiceName, type Topic } from '@fangpin/contracts';
import { createTestDatabase, eventually, testServers, uniquePrefix, type TestDatabase } from '@fangpin/testing';
import { expect } from '@jest/globals';
import {
  ConsumerRunner,
  createKafkaBus,
  messagingMigrationsDir,
  type Bus,
  type BusSettings,
  type ConsumerRunnerSettings,
  type EventHandler,
  type OutgoingMessage,
} from '../../src/index.js';
import { run } from './alert-batches.js';

/** Any that hears alerts. */
const SERVICE: ServiceName = 'assistance-cases';

const heardBy = (service: ServiceName): Topic[] =>
  topicCatalogue.filter(({ consumers }) => consumers.includes(service));

/** The catalogue wants a handler for each topic that names the service; these specs are about alerts. */
const deafTo = (topic: Topic): EventHandler => ({ topic, handle: () => Promise.resolve() });

/** One database a spec file, one prefix a test; everything that was opened is closed again. */
export class RunnerWorld {
  prefix = '';
  #database: TestDatabase | undefined;
  #app: Database | undefined;
  readonly #opened: (() => Promise<unknown>)[] = [];

  async begin(): Promise<void> {
    const own = fileURLToPath(new URL('../migrations', import.meta.url));
    this.#database = await createTestDatabase(SERVICE, { migrationsDirs: [messagingMigrationsDir, own] });
    this.#app = await this.#database.open();
  }

  async beginTest(): Promise<void> {
    this.prefix = uniquePrefix();
    for (const table of ['effects', 'applied', 'poisoned', 'outbox', 'consumer_progress', 'parked_letters'])
      await run(this.database, `DELETE FROM ${table}`);
    await this.bus().ensureTopics([topics.case, ...heardBy(SERVICE)]);
  }

  async endTest(): Promise<void> {
    for (const close of this.#opened.splice(0).reverse()) await close();
  }

  async end(): Promise<void> {
    await this.#database?.drop();
  }

  get testDatabase(): TestDatabase {
    if (!this.#database) throw new Error('the world has not begun');
    return this.#database;
  }

  get database(): Database {
    if (!this.#app) throw new Error('the world has not begun');
    return this.#app;
  }

  bus(more: Partial<BusSettings> = {}): Bus {
    const bus = createKafkaBus({
      brokers: testServers().brokers,
      clientId: 'runner-suite',
      prefix: this.prefix,
      ...more,
    });
    this.#opened.push(() => bus.close());
    return bus;
  }

  /** Started; its waits are short. */
  async runner(handler: EventHandler, more: Partial<ConsumerRunnerSettings> = {}): Promise<ConsumerRunner> {
    const runner = new ConsumerRunner({
      bus: more.bus ?? this.bus(),
      database: this.database,
      service: SERVICE,
      handlers: [
        handler,
        ...heardBy(SERVICE)
          .filter(({ name }) => name !== handler.topic.name)
          .map(deafTo),
      ],
      backoff: { firstMs: 20, mostMs: 200 },
      replayEveryMs: 50,
      ...more,
    });
    this.#opened.push(() => runner.stop());
    await runner.start();
    return runner;
  }

  async send(...messages: OutgoingMessage[]): Promise<void> {
    await (await this.bus().producer()).send(topics.alert, messages);
  }

  async running(runner: ConsumerRunner): Promise<void> {
    await eventually(() => expect(runner.health()).toEqual({ state: 'running' }));
  }

  onEnd(close: () => Promise<unknown>): void {
    this.#opened.push(close);
  }
}
