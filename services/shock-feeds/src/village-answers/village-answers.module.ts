import { Module } from '@nestjs/common';
import { ShocksModule } from '../shocks/shocks.module.js';
import { TakeVillageAnswers } from './take-village-answers.js';
import { VillageAnswerConsumer } from './village-answer.consumer.js';

@Module({ imports: [ShocksModule], providers: [TakeVillageAnswers, VillageAnswerConsumer] })
export class VillageAnswersModule {}
