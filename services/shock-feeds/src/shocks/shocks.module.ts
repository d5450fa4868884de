import { Module } from '@nestjs/common';
import { MessageStore } from '../intake/message-store.js';
import { TakeStatements } from '../intake/take-statements.js';
import { CancelShock } from './cancel-shock.js';
import { EndShock } from './end-shock.js';
import { EndOverdueShocks } from './end-overdue-shocks.js';
import { SayForOfficer } from './officers-word.js';
import { ShocksOfArea } from './shocks-of-area.js';
import { ShockStore } from './shock-store.js';

/** What all intakes share; the controller of reads stands in ShockReadsModule, after the paths that it would shadow. */
@Module({
  providers: [
    SayForOfficer,
    ShockStore,
    MessageStore,
    TakeStatements,
    ShocksOfArea,
    CancelShock,
    EndShock,
    EndOverdueShocks,
  ],
  exports: [ShockStore, MessageStore, TakeStatements, ShocksOfArea, CancelShock, EndShock, EndOverdueShocks],
})
export class ShocksModule {}
