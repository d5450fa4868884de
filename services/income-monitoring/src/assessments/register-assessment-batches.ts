import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Outbox } from '@fangpin/messaging';
import { assessmentBatchSource } from './assessment-batch.source.js';

/** Tells the outbox's relay how to render a batch, before the relay starts. */
@Injectable()
export class RegisterAssessmentBatches implements OnModuleInit {
  constructor(private readonly outbox: Outbox) {}

  onModuleInit(): void {
    this.outbox.registerSource(assessmentBatchSource);
  }
}
