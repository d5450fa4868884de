import { Module } from '@nestjs/common';
import { CapModule } from '../cap/cap.module.js';
import { ShocksModule } from '../shocks/shocks.module.js';
import { QuarantineController } from './quarantine.controller.js';
import { JudgeAgain } from './judge-again.js';
import { PlaceReleased } from './place-released.js';
import { Quarantine } from './quarantine.js';
import { ReleaseMessage } from './release-message.js';

@Module({
  imports: [CapModule, ShocksModule],
  controllers: [QuarantineController],
  providers: [Quarantine, ReleaseMessage, PlaceReleased, JudgeAgain],
  exports: [JudgeAgain],
})
export class QuarantineModule {}
