import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Outbox } from '@fangpin/messaging';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { HouseholdBatchSource } from './household-batch.source.js';
import { IdentityBatchSource } from './identity-batch.source.js';

/** Lets the service's relay publish what a bulk load stored and could not publish itself. */
@Module({})
export class BulkModule implements OnModuleInit {
  constructor(
    private readonly outbox: Outbox,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  onModuleInit(): void {
    this.outbox.registerSource(new HouseholdBatchSource(this.env.cellRegion));
    this.outbox.registerSource(new IdentityBatchSource(this.env.cellRegion, this.outbox));
  }
}
