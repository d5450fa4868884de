import { Outbox, type Bus } from '@fangpin/messaging';
import { Database } from '@fangpin/persistence';
import { Inject, Injectable, Optional, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BUS, WRITER } from './tokens.js';

/**
 * What a process holds open, in the order it must be let go. Consumers and jobs end in `beforeApplicationShutdown`, HTTP after
 * that; so by now nothing adds work: the outbox sends what is in flight, then the bus and the databases are left.
 */
@Injectable()
export class ServiceResources implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Optional() private readonly outbox?: Outbox,
    @Optional() @Inject(BUS) private readonly bus?: Bus,
    @Optional() private readonly database?: Database,
    @Optional() @Inject(WRITER) private readonly writer?: Database,
  ) {}

  onApplicationBootstrap(): void {
    this.outbox?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.outbox?.close();
    await this.bus?.close();
    await this.writer?.close();
    await this.database?.close();
  }
}
