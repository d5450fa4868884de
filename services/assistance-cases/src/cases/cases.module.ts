import { Module } from '@nestjs/common';
import { CasesController } from './cases.controller.js';
import { TakeStep } from './commands/take-step.js';

@Module({ controllers: [CasesController], providers: [TakeStep] })
export class CasesModule {}
