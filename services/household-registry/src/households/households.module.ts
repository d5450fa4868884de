import { Module } from '@nestjs/common';
import { ChangeHousehold } from './commands/change-household.js';
import { RegisterHousehold } from './commands/register-household.js';
import { HouseholdRepository } from './household.repository.js';
import { HouseholdsController } from './households.controller.js';
import { HouseholdsOfArea } from './queries/households-of-area.js';

@Module({
  controllers: [HouseholdsController],
  providers: [HouseholdRepository, RegisterHousehold, ChangeHousehold, HouseholdsOfArea],
})
export class HouseholdsModule {}
