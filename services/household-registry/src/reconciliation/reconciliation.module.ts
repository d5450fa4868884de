import { Module } from '@nestjs/common';
import { ExposureQuestionConsumer } from './exposure-question.consumer.js';

@Module({ providers: [ExposureQuestionConsumer] })
export class ReconciliationModule {}
