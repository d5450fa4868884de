import { Module } from '@nestjs/common';
import { AnswerTallyConsumer } from './answer-tally.consumer.js';

@Module({ providers: [AnswerTallyConsumer] })
export class ReconciliationModule {}
