import { Module } from '@nestjs/common';
import { ShocksModule } from '../shocks/shocks.module.js';
import { BelieveSnapshot } from './believe-snapshot.js';
import { SnapshotStore } from './snapshot-store.js';
import { TakeSnapshot } from './take-snapshot.js';
import { WarningSnapshotsController } from './warning-snapshots.controller.js';
import { WarningsInForce } from './warnings-in-force.js';

@Module({
  imports: [ShocksModule],
  controllers: [WarningSnapshotsController],
  providers: [TakeSnapshot, BelieveSnapshot, SnapshotStore, WarningsInForce],
  exports: [TakeSnapshot],
})
export class WarningSnapshotsModule {}
